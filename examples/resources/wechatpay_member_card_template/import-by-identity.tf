import {
  to = wechatpay_member_card_template.vip
  identity = {
    brand_id = "1004"
    card_id  = "pbLatjvWOibDc5-TBnbUk1pD12o0"
  }
}
