terraform {
  required_version = ">= 1.11"
  required_providers {
    wechatpay = {
      source = "wechatpay-iac/wechatpay"
    }
  }
}

# Credentials and the brand come from the environment: WECHATPAY_MCHID and its companions.
provider "wechatpay" {}

variable "appid" {
  description = "The AppID under which the members' openids are. It is bound to the brand."
  type        = string
  default     = "wxd678efh567hg6787"
}

# The picture of the card, 716×320. The same bytes are uploaded once.
resource "wechatpay_image" "card" {
  source = "${path.module}/card.png"
}

# What a member's card looks like, and what a new member fills in. It is protected from being
# destroyed and replaced: its members would stay behind (deletion_policy = "prevent", the default).
resource "wechatpay_member_card_template" "vip" {
  appid            = var.appid
  card_title       = "黑金会员卡"
  card_color       = "#1F1B16"
  card_picture_url = wechatpay_image.card.url
  code_mode        = "MERCHANT_ALLOCATE"
  code_type        = "QR_CODE"
  benefits         = "全场九折，生日双倍积分"
  notify_url       = "https://www.example.com/wechatpay/member-events"
  service_phone    = "400-000-0000"

  need_display_level = true
  init_level         = "普通会员"

  valid_date_information = {
    type = "PERMANENT"
  }

  user_information = {
    common_field_list = ["USER_FORM_FLAG_CITY"]
    custom_field_list = [{
      type   = "RADIO"
      name   = "常去门店"
      values = ["南山店", "福田店", "罗湖店"]
    }]
  }
}

locals {
  # Keyed by card code. The column 门店 is none of a member's own attributes, so it is left out
  # here; stores has it.
  members = provider::wechatpay::decode_roster(file("${path.module}/members.csv"), { "门店" = "" })
  stores  = { for row in csvdecode(file("${path.module}/members.csv")) : row["会员卡号"] => row["门店"] }
}

# The members fill in the form of the template that the same apply makes.
resource "wechatpay_member_card_import" "member" {
  for_each = local.members

  card_id        = wechatpay_member_card_template.vip.card_id
  user_card_code = each.key
  # Where the roster has an openid, the import is by openid; without one it is by phone number.
  openid       = each.value.openid
  phone_number = each.value.phone_number
  level        = each.value.level

  valid_date_information = wechatpay_member_card_template.vip.valid_date_information

  user_information = {
    custom_fields = { "常去门店" = [local.stores[each.key]] }
  }
}

output "template" {
  description = "The template at WeChat Pay."
  value = {
    card_id = wechatpay_member_card_template.vip.card_id
    state   = wechatpay_member_card_template.vip.state
    picture = wechatpay_image.card.url
  }
}

output "members" {
  description = "Who is a member, without personal data."
  value = {
    for code, member in wechatpay_member_card_import.member : code => {
      phone_number_masked = member.phone_number_masked
      level               = member.level
      user_card_state     = member.user_card_state
    }
  }
}

output "unverified" {
  description = "Members whose card nobody has checked: ask for their openid and set it."
  value       = sort([for code, member in wechatpay_member_card_import.member : code if member.openid == null])
}
