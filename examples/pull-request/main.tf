terraform {
  required_version = ">= 1.11"
  required_providers {
    wechatpay = {
      source = "wechatpay-iac/wechatpay"
    }
  }

  # Your own backend goes here: one that encrypts what it stores, and that few may read.
}

# Credentials and the brand come from the pipeline's secrets: WECHATPAY_MCHID and its companions.
provider "wechatpay" {}

variable "card_id" {
  description = "The card template that the members are imported into."
  type        = string
  default     = "pbLatjvWOibDc5-TBnbUk1pD12o0"
}

resource "wechatpay_member_card_import" "member" {
  for_each = provider::wechatpay::decode_roster(file("${path.module}/members.csv"), {})

  card_id        = var.card_id
  user_card_code = each.key
  phone_number   = each.value.phone_number
  level          = each.value.level

  valid_date_information = {
    type = "PERMANENT"
  }
}

output "unverified" {
  description = "Members whose card nobody has checked: ask for their openid and set it."
  value       = sort([for code, member in wechatpay_member_card_import.member : code if member.openid == null])
}
