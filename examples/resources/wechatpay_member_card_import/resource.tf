# One member. The phone number comes from a variable: when an attribute has an error, Terraform
# prints its line of the configuration, with a phone number that is written there.
resource "wechatpay_member_card_import" "vip" {
  card_id        = var.card_id
  user_card_code = "VIP-0001"
  phone_number   = var.phone_number
  level          = "钻石会员"

  valid_date_information = {
    type = "PERMANENT"
  }
}

# A card that is valid for a number of days after its receipt, and that ends when this resource is
# destroyed. The phone number is in neither state nor plan.
resource "wechatpay_member_card_import" "staff" {
  card_id        = var.staff_card_id
  user_card_code = "STAFF-0001"

  phone_number_wo         = var.staff_phone_number
  phone_number_wo_version = 1

  card_color  = "#10AD61"
  level       = "店长"
  attach      = "store=nanshan"
  pickup_time = "2026-01-05T09:00:00+08:00"

  valid_date_information = {
    type                        = "FIX_TERM"
    available_day_after_receive = 3650
  }

  user_information = {
    common_fields = {
      USER_FORM_FLAG_CITY = "深圳"
    }
  }

  on_existing       = "verify"
  deletion_policy   = "invalidate"
  invalidate_reason = "离职"
}

variable "card_id" {
  description = "The card template of VIP members, whose validity is PERMANENT."
  type        = string
}

variable "staff_card_id" {
  description = "The card template of staff, whose validity is FIX_TERM and whose form asks for the city."
  type        = string
}

variable "phone_number" {
  description = "The VIP member's phone number."
  type        = string
  sensitive   = true
}

variable "staff_phone_number" {
  description = "The employee's phone number."
  type        = string
  sensitive   = true
  ephemeral   = true
}
