import {
  to = wechatpay_member_card_import.vip
  identity = {
    brand_id       = "1004"
    card_id        = "pbLatjvWOibDc5-TBnbUk1pD12o0"
    user_card_code = "VIP-0001"
    openid         = "oGckw19OzKOAgx_cDYJ3fkI_8nO_"
  }
}
