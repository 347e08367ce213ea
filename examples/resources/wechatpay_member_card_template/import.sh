# brand_id/card_id
terraform import wechatpay_member_card_template.vip '1004/pbLatjvWOibDc5-TBnbUk1pD12o0'
