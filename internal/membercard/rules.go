// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/phonenumber"
)

// The documented lengths, in characters, of what package rules does not have.
// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336982
const (
	maxBrandID       = 32
	maxCardID        = 32
	maxOpenID        = 128
	maxInvalidReason = 32
)

// phoneNumber is the rule for a phone number.
func phoneNumber() validator.String {
	return framework.TextRule(
		"the phone number as WeChat Pay takes it: eleven digits of mainland China, or + and country code for others; provider::wechatpay::normalize_phone makes that of what people type",
		func(value string) string {
			if err := phonenumber.Validate(value); err != nil {
				return framework.Capitalize(err.Error()) + "."
			}
			return ""
		})
}
