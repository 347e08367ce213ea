# members.xlsx, as the shops keep it:
#
#   会员卡号   手机号        会员等级   部门
#   VIP-0001  13800138000  钻石会员   南山店
#   VIP-0002  13800138001  黄金会员   福田店
#
# 会员卡号, 手机号 and 会员等级 are usual headers, which need no entry; 部门 is not needed.

resource "wechatpay_member_card_import" "vip" {
  for_each = provider::wechatpay::decode_roster_file(filebase64("${path.module}/members.xlsx"), {
    "部门" = ""
  })

  card_id        = var.card_id
  user_card_code = each.key
  phone_number   = each.value.phone_number
  level          = each.value.level
}

variable "card_id" {
  description = "The card template under which the members are imported."
  type        = string
}
