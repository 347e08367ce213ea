terraform {
  required_version = ">= 1.11"
  required_providers {
    wechatpay = {
      source = "wechatpay-iac/wechatpay"
    }
  }
}

# A brand that calls WeChat Pay for itself. WECHATPAY_BRAND_ID, WECHATPAY_CERTIFICATE_SERIAL_NO,
# WECHATPAY_PRIVATE_KEY_PATH, WECHATPAY_PUBLIC_KEY_ID and WECHATPAY_PUBLIC_KEY_PATH are those of
# the brand platform. WECHATPAY_MCHID is ignored.
provider "wechatpay" {
  merchant_mode = "brand"
}

variable "card_id" {
  description = "The card template that the members are imported into."
  type        = string
  default     = "pbLatjvWOibDc5-TBnbUk1pD12o0"
}

locals {
  # WeChat Pay offers brands no import by phone number: every line has an openid.
  members = provider::wechatpay::decode_roster(file("${path.module}/members.csv"), {})
}

resource "wechatpay_member_card_import" "member" {
  for_each = local.members

  card_id        = var.card_id
  user_card_code = each.key
  openid         = each.value.openid
  level          = each.value.level
}
