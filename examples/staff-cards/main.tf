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
  description = "The card template of staff cards. Its validity is of type FIX_TERM."
  type        = string
  default     = "pbLatjvWOibDc5-TBnbUk1pFIXTERM"
}

variable "days" {
  description = "How many days a card lasts, counted from the day of joining."
  type        = number
  default     = 3650
}

locals {
  # The headers of the personnel department, and what each means.
  staff = provider::wechatpay::decode_roster(file("${path.module}/staff.csv"), {
    "工号"   = "user_card_code"
    "手机号"  = "phone_number"
    "职级"   = "level"
    "入职时间" = "pickup_time"
    "门店"   = "attach"
  })
}

resource "wechatpay_member_card_import" "staff" {
  for_each = local.staff

  card_id        = var.card_id
  user_card_code = each.key
  phone_number   = each.value.phone_number
  level          = each.value.level
  attach         = each.value.attach

  # The days of a FIX_TERM card count from here.
  pickup_time = each.value.pickup_time
  valid_date_information = {
    type                        = "FIX_TERM"
    available_day_after_receive = var.days
  }

  # Someone who leaves is taken out of the file, which ends the card. That cannot be undone, and
  # the plan warns of it.
  deletion_policy   = "invalidate"
  invalidate_reason = "离职"
}

output "staff" {
  description = "Whose card is in what state, without personal data."
  value = {
    for code, card in wechatpay_member_card_import.staff : code => "${card.level} ${card.phone_number_masked} ${coalesce(card.user_card_state, "unverified")}"
  }
}

output "unverified" {
  description = "Members whose card nobody has checked: ask for their openid and set it."
  value       = sort([for code, card in wechatpay_member_card_import.staff : code if card.openid == null])
}
