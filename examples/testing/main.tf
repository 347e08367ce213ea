terraform {
  required_version = ">= 1.11"
  required_providers {
    wechatpay = {
      source = "wechatpay-iac/wechatpay"
    }
  }
}

variable "card_id" {
  description = "The card template that the members are imported into."
  type        = string
  default     = "pbLatjvWOibDc5-TBnbUk1pD12o0"
}

variable "roster" {
  description = "The roster as CSV text."
  type        = string
  default     = <<-CSV
    user_card_code,openid,level
    VIP-0001,oUpF8uMuAJO_M2pxb1Q9zNjWeS6o,钻石会员
    VIP-0002,oUpF8uMuAJO_M2pxb1Q9zNjWeS6p,金卡会员
  CSV
}

resource "wechatpay_member_card_import" "member" {
  for_each = provider::wechatpay::decode_roster(var.roster, {})

  brand_id       = "1004"
  card_id        = var.card_id
  user_card_code = each.key
  openid         = each.value.openid
  phone_number   = each.value.phone_number
  level          = each.value.level
}

output "unverified" {
  description = "Members whose card nobody has checked: ask for their openid and set it."
  value       = sort([for code, member in wechatpay_member_card_import.member : code if member.openid == null])
}
