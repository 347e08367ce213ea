import {
  to = wechatpay_member_card_import.vip
  id = "1004/pbLatjvWOibDc5-TBnbUk1pD12o0/VIP-0001/oGckw19OzKOAgx_cDYJ3fkI_8nO_"
}
