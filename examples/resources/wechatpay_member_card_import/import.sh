# brand_id/card_id/user_card_code/openid: without the openid WeChat Pay lets no card be read.
terraform import wechatpay_member_card_import.vip '1004/pbLatjvWOibDc5-TBnbUk1pD12o0/VIP-0001/oGckw19OzKOAgx_cDYJ3fkI_8nO_'
