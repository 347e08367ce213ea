# terraform query -generate-config-out=templates.tf
list "wechatpay_member_card_template" "effective" {
  provider = wechatpay

  config {
    state = "CARD_EFFECTIVE"
  }
}
