terraform {
  required_version = ">= 1.11"
  required_providers {
    wechatpay = {
      source = "wechatpay-iac/wechatpay"
    }
  }
}

# Credentials and the brand come from the environment: WECHATPAY_MCHID and its companions.
provider "wechatpay" {}

variable "card_id" {
  description = "The card template that the members are imported into."
  type        = string
  default     = "pbLatjvWOibDc5-TBnbUk1pD12o0"
}

locals {
  # Keyed by card code: a code may be seen by everybody, and a line that moves in the file
  # is no change. Headers of your own are mapped: { "编号" = "user_card_code" }.
  members = provider::wechatpay::decode_roster(file("${path.module}/members.csv"), {})
}

resource "wechatpay_member_card_import" "member" {
  for_each = local.members

  card_id        = var.card_id
  user_card_code = each.key
  phone_number   = each.value.phone_number
  level          = each.value.level

  valid_date_information = {
    type = "PERMANENT"
  }
}

output "members" {
  description = "Who is a member, without personal data."
  value = {
    for code, member in wechatpay_member_card_import.member : code => {
      phone_number_masked = member.phone_number_masked
      level               = member.level
      user_card_state     = member.user_card_state
    }
  }
}

output "unverified" {
  description = "Members whose card nobody has checked: ask for their openid and set it."
  value       = sort([for code, member in wechatpay_member_card_import.member : code if member.openid == null])
}
