data "wechatpay_member_card" "vip" {
  card_id        = "pbLatjvWOibDc5-TBnbUk1pD12o0"
  user_card_code = "VIP-0001"
  openid         = "oGckw19OzKOAgx_cDYJ3fkI_8nO_"
}

output "vip" {
  value = {
    level               = data.wechatpay_member_card.vip.level
    phone_number_masked = data.wechatpay_member_card.vip.phone_number_masked
    user_card_state     = data.wechatpay_member_card.vip.user_card_state
  }
}
