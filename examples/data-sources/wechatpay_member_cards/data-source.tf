data "wechatpay_member_cards" "of_a_user" {
  openid          = "oGckw19OzKOAgx_cDYJ3fkI_8nO_"
  user_card_state = "EFFECTIVE"
}

# What an import block takes, for each of the user's cards.
output "import_ids" {
  value = [
    for card in data.wechatpay_member_cards.of_a_user.cards :
    join("/", [card.brand_id, card.card_id, card.user_card_code, card.openid])
  ]
}
