import {
  to = wechatpay_member_card_template.vip
  id = "1004/pbLatjvWOibDc5-TBnbUk1pD12o0"
}
