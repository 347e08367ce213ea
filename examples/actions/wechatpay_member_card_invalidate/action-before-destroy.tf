# Terraform 1.16 and later: the card is invalidated before Terraform destroys the member.
action "wechatpay_member_card_invalidate" "destroyed" {
  config {
    card_id        = caller.card_id
    user_card_code = caller.user_card_code
    openid         = caller.openid
    invalid_reason = "客户要求注销"
  }
}

resource "wechatpay_member_card_import" "member" {
  card_id        = "pbLatjvWOibDc5-TBnbUk1pD12o0"
  user_card_code = "VIP-0001"
  openid         = "oGckw19OzKOAgx_cDYJ3fkI_8nO_"

  lifecycle {
    action_trigger {
      events  = [before_destroy]
      actions = [action.wechatpay_member_card_invalidate.destroyed]
    }
  }
}
