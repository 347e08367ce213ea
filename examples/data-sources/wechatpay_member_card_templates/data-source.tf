data "wechatpay_member_card_templates" "effective" {
  state = "CARD_EFFECTIVE"
}

output "templates" {
  description = "The brand's templates that can be used, by title."
  value       = { for t in data.wechatpay_member_card_templates.effective.templates : t.card_title => t.card_id... }
}
