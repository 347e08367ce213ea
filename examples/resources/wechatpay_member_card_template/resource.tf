# The least that a template needs.
resource "wechatpay_member_card_template" "vip" {
  appid            = "wxd678efh567hg6787"
  card_title       = "黑金会员卡"
  card_color       = "#1F1B16"
  card_picture_url = wechatpay_image.card.url
  code_mode        = "MERCHANT_ALLOCATE"
  code_type        = "QR_CODE"
  benefits         = "全场九折"
  notify_url       = "https://www.example.com/wechatpay/member-events"

  valid_date_information = {
    type = "PERMANENT"
  }
}

resource "wechatpay_image" "card" {
  source = "${path.module}/card.png"
}

# A template whose cards last for a year, show a level, and ask a new member for something.
resource "wechatpay_member_card_template" "staff" {
  out_request_no   = "1004-staff-2026"
  appid            = "wxd678efh567hg6787"
  card_title       = "员工卡"
  card_color       = "#10AD61"
  card_picture_url = wechatpay_image.card.url
  code_mode        = "MERCHANT_ALLOCATE"
  code_type        = "BAR_CODE_AND_QR_CODE"
  benefits         = "员工内购价"
  notify_url       = "https://www.example.com/wechatpay/member-events"
  service_phone    = "400-000-0000"

  need_display_level = true
  init_level         = "店员"

  valid_date_information = {
    type                        = "FIX_TERM"
    available_day_after_receive = 365
  }

  member_information = {
    jump_appid = "wxd678efh567hg6787"
    jump_path  = "pages/member"
  }

  user_information = {
    common_field_list = ["USER_FORM_FLAG_NAME", "USER_FORM_FLAG_CITY"]
    custom_field_list = [{
      type   = "RADIO"
      name   = "所在门店"
      values = ["南山店", "福田店"]
    }]
  }

  # Destroying invalidates the template, permanently.
  deletion_policy = "invalidate"
}
