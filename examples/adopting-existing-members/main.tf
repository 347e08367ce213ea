terraform {
  required_version = ">= 1.11"
  required_providers {
    wechatpay = {
      source = "wechatpay-iac/wechatpay"
    }
  }
}

# Credentials come from the environment: WECHATPAY_MCHID and its companions.
provider "wechatpay" {
  brand_id = var.brand_id
}

variable "brand_id" {
  description = "The brand that the members belong to."
  type        = string
  default     = "1004"
}

variable "card_id" {
  description = "The card template that the members are under."
  type        = string
  default     = "pbLatjvWOibDc5-TBnbUk1pD12o0"
}

locals {
  members = provider::wechatpay::decode_roster(file("${path.module}/members.csv"), {})
}

# Members whose openid is in the roster have a card already. They are imported into the state; only
# their cards are read. After the apply this block may stay or be removed.
import {
  for_each = { for code, member in local.members : code => member if member.openid != null }

  to = wechatpay_member_card_import.member[each.key]
  id = "${var.brand_id}/${var.card_id}/${each.key}/${each.value.openid}"
}

# The others are new, and are imported by phone number.
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

output "adopted" {
  description = "Who was there already."
  value       = [for code, member in wechatpay_member_card_import.member : code if member.adopted]
}

output "unverified" {
  description = "Members whose card nobody has checked: ask for their openid and set it."
  value       = sort([for code, member in wechatpay_member_card_import.member : code if member.openid == null])
}
