terraform {
  required_version = ">= 1.11"
  required_providers {
    wechatpay = {
      source = "wechatpay-iac/wechatpay"
    }
  }
}

# Credentials come from the environment: WECHATPAY_MCHID and its companions.
provider "wechatpay" {}

data "wechatpay_connection" "this" {}

# Not request_id and clock_offset: an output that differs in every plan is a change in every plan.
output "connection" {
  value = {
    host                = data.wechatpay_connection.this.host
    mchid               = data.wechatpay_connection.this.mchid
    public_key_id       = data.wechatpay_connection.this.public_key_id
    encryption_verified = data.wechatpay_connection.this.encryption_verified
  }
}

# Warns in every plan when this machine's clock drifts.
check "clock" {
  assert {
    condition     = abs(data.wechatpay_connection.this.clock_offset) < 60
    error_message = "The clock of this machine is more than a minute off."
  }
}
