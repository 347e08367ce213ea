data "wechatpay_member_card_template" "vip" {
  card_id = "pbLatjvWOibDc5-TBnbUk1pD12o0"
}

# The member gets the validity of the template.
resource "wechatpay_member_card_import" "vip" {
  card_id        = data.wechatpay_member_card_template.vip.card_id
  user_card_code = "VIP-0001"
  phone_number   = var.phone_number

  valid_date_information = data.wechatpay_member_card_template.vip.valid_date_information
}

variable "phone_number" {
  description = "The member's phone number."
  type        = string
  sensitive   = true
}
