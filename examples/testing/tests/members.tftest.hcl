# No credentials and no network: nothing of this reaches WeChat Pay.
mock_provider "wechatpay" {}

run "each_line_is_a_member" {
  assert {
    condition     = keys(wechatpay_member_card_import.member) == ["VIP-0001", "VIP-0002"]
    error_message = "The members are not those of the roster."
  }
  assert {
    condition     = length(output.unverified) == 0
    error_message = "A member has no openid."
  }
}

run "a_level_can_change" {
  command = plan

  variables {
    roster = "user_card_code,openid,level\nVIP-0001,oUpF8uMuAJO_M2pxb1Q9zNjWeS6o,金卡会员"
  }

  assert {
    condition     = wechatpay_member_card_import.member["VIP-0001"].level == "金卡会员"
    error_message = "The level of the roster is not planned."
  }
}
