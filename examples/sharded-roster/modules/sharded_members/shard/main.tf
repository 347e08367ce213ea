terraform {
  required_version = ">= 1.11"
  required_providers {
    wechatpay = {
      source = "wechatpay-iac/wechatpay"
    }
  }
}

variable "members" {
  description = "The members of this shard by card code."
  type = map(object({
    phone_number = string
    openid       = optional(string)
    level        = optional(string)
    card_color   = optional(string)
    attach       = optional(string)
  }))
}

variable "card_id" {
  description = "The card template that the members are imported into."
  type        = string
}

resource "wechatpay_member_card_import" "member" {
  for_each = var.members

  card_id        = var.card_id
  user_card_code = each.key
  phone_number   = each.value.phone_number
  openid         = each.value.openid
  level          = each.value.level
  card_color     = each.value.card_color
  attach         = each.value.attach

  valid_date_information = {
    type = "PERMANENT"
  }
}

output "members" {
  description = "Who is a member, by card code, without personal data."
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
