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
  members = provider::wechatpay::decode_roster(file("${path.module}/members.csv"), {
    "备注" = "" # not needed
  })
}

resource "wechatpay_member_card_import" "member" {
  for_each = local.members

  card_id        = var.card_id
  user_card_code = each.key
  # Where there is an openid, the import is by openid and the phone number, if there is one,
  # goes along. Without it the import is by phone number, and its answer has the openid.
  openid       = each.value.openid
  phone_number = each.value.phone_number
  level        = each.value.level

  valid_date_information = {
    type = "PERMANENT"
  }

  lifecycle {
    precondition {
      condition     = each.value.openid != null || each.value.phone_number != null
      error_message = "Line ${each.value.line} of members.csv: ${each.key} has neither an openid nor a phone number."
    }
  }
}

output "by_openid" {
  description = "The members that the roster has an openid of."
  value       = [for code, member in local.members : code if member.openid != null]
}

output "by_phone_number" {
  description = "The members that are imported by phone number."
  value       = [for code, member in local.members : code if member.openid == null]
}

output "unverified" {
  description = "Members whose card nobody has checked: ask for their openid and set it."
  value       = sort([for code, member in wechatpay_member_card_import.member : code if member.openid == null])
}
