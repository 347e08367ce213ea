resource "wechatpay_image" "card" {
  source = "${path.module}/card.png"
}

# The bytes of a file that is not one of this configuration's.
resource "wechatpay_image" "generated" {
  content_base64 = var.picture
  filename       = "vip.png"
}

variable "picture" {
  description = "A PNG of 716×320 pixels in base64."
  type        = string
}
