terraform {
  required_version = ">= 1.11"
  required_providers {
    wechatpay = {
      source = "wechatpay-iac/wechatpay"
    }
  }
}

# Everything comes from the environment, which keeps secrets out of files: WECHATPAY_MCHID,
# WECHATPAY_CERTIFICATE_SERIAL_NO, WECHATPAY_PRIVATE_KEY_PATH, WECHATPAY_PUBLIC_KEY_ID,
# WECHATPAY_PUBLIC_KEY_PATH and WECHATPAY_BRAND_ID.
provider "wechatpay" {}

# Or from attributes, here for a second merchant number.
provider "wechatpay" {
  alias = "second"

  mchid                 = "1900000109"
  certificate_serial_no = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1"
  private_key_path      = "apiclient_key.pem"
  public_key_id         = "PUB_KEY_ID_0119000001092025010100000000000001"
  public_key_path       = "pub_key.pem"
  brand_id              = "1004"

  # Other processes share the five requests per second of this number.
  requests_per_second = 3
  # A card that was read less than fifteen minutes ago is not read again.
  refresh_interval = "15m"
}

# A brand that calls WeChat Pay for itself, with the credentials of the brand platform.
provider "wechatpay" {
  alias = "brand"

  merchant_mode         = "brand"
  brand_id              = "1004"
  certificate_serial_no = "5157F09EFDC096DE15EBE81A47057A7232F1B8E2"
  private_key_path      = "brand/apiclient_key.pem"
  public_key_id         = "PUB_KEY_ID_0119000001092025010100000000000002"
  public_key_path       = "brand/pub_key.pem"
}
