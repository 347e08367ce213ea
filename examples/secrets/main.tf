terraform {
  required_version = ">= 1.11"
  required_providers {
    wechatpay = {
      source = "wechatpay-iac/wechatpay"
    }
  }
}

# The provider's own secrets come from the environment, where the run's surroundings put them.
# A variable would do as well, if it is ephemeral: then no plan file holds it.
provider "wechatpay" {
  private_key = var.private_key
}

variable "private_key" {
  description = "The private key of the merchant API certificate, PEM; by default WECHATPAY_PRIVATE_KEY or WECHATPAY_PRIVATE_KEY_PATH."
  type        = string
  default     = null
  sensitive   = true
  ephemeral   = true
}

variable "phone_numbers" {
  description = "Phone numbers by card code, from a vault: a JSON object in TF_VAR_phone_numbers."
  type        = map(string)
  sensitive   = true
  ephemeral   = true
}

variable "card_id" {
  description = "The card template that the members are imported into."
  type        = string
  default     = "pbLatjvWOibDc5-TBnbUk1pD12o0"
}

locals {
  # What is in git: codes, levels, and a version that goes up when the phone number changes.
  members = jsondecode(file("${path.module}/members.json"))
}

resource "wechatpay_member_card_import" "member" {
  for_each = local.members

  card_id        = var.card_id
  user_card_code = each.key
  level          = each.value.level

  # In no state, in no plan, and in no file of this configuration.
  phone_number_wo         = var.phone_numbers[each.key]
  phone_number_wo_version = each.value.phone_version

  valid_date_information = {
    type = "PERMANENT"
  }
}

output "unverified" {
  description = "Members whose card nobody has checked: ask for their openid and set it."
  value       = sort([for code, member in wechatpay_member_card_import.member : code if member.openid == null])
}
