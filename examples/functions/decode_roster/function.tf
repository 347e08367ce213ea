# roster.csv, saved from a spreadsheet as "CSV UTF-8":
#
#   编号,手机号,会员等级,姓名
#   VIP-0001,13800138000,钻石会员,
#   VIP-0002,+86 138-0013-8001,黄金会员,

resource "wechatpay_member_card_import" "vip" {
  for_each = provider::wechatpay::decode_roster(file("${path.module}/roster.csv"), {
    "编号" = "user_card_code"
    "姓名" = ""
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
