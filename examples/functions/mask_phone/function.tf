# "138****8000"
output "mainland" {
  value = provider::wechatpay::mask_phone("13800138000")
}

# "+852****4567"
output "hong_kong" {
  value = provider::wechatpay::mask_phone("+85291234567")
}
