# terraform query -generate-config-out=members.tf
list "wechatpay_member_card_import" "effective" {
  provider = wechatpay

  config {
    card_id         = "pbLatjvWOibDc5-TBnbUk1pD12o0"
    openids         = ["oGckw19OzKOAgx_cDYJ3fkI_8nO_", "o5gx3Qnb3b9ZXA-Cig2HxtLtlimr"]
    user_card_state = "EFFECTIVE"
  }
}
