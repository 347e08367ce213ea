# "13800138000"
output "mainland" {
  value = provider::wechatpay::normalize_phone("+86 138-0013-8000")
}

# "+85291234567"
output "hong_kong" {
  value = provider::wechatpay::normalize_phone("00852 9123 4567")
}
