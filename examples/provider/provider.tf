terraform {
  required_version = ">= 1.11"
  required_providers {
    wechatpay = {
      source = "wechatpay-iac/wechatpay"
    }
  }
}

# Secrets are best left out of files: every attribute may come from an environment variable
# instead, WECHATPAY_PRIVATE_KEY for instance, and the block may then be empty.
provider "wechatpay" {
  mchid                 = "1900000109"
  certificate_serial_no = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1"
  private_key_path      = "apiclient_key.pem"
  public_key_id         = "PUB_KEY_ID_0119000001092025010100000000000001"
  public_key_path       = "pub_key.pem"
  brand_id              = "1004"
}
