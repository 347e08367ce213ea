# terraform apply -invoke=action.wechatpay_member_card_invalidate.leaver
action "wechatpay_member_card_invalidate" "leaver" {
  config {
    card_id        = "pbLatjvWOibDc5-TBnbUk1pD12o0"
    user_card_code = "VIP-0001"
    openid         = "oGckw19OzKOAgx_cDYJ3fkI_8nO_"
    invalid_reason = "客户要求注销"
  }
}
