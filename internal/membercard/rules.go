// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/phonenumber"
)

// The documented lengths, in characters.
// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336982
const (
	maxBrandID        = 32
	maxCardID         = 32
	maxUserCardCode   = 32
	maxOpenID         = 128
	maxCardPictureURL = 256
	maxLevel          = 10
	maxAttach         = 256
	maxInvalidReason  = 32
)

var codePattern = regexp.MustCompile(`^[!-~]+$`)

// userCardCode is the rule for a member's code. "." and ".." are no segments of a URL's path.
func userCardCode() validator.String {
	return framework.TextRule(
		fmt.Sprintf("1 to %d digits, English letters and half-width punctuation, without spaces, and not only one or two dots", maxUserCardCode),
		func(value string) string {
			if mistake := framework.LengthMistake(value, maxUserCardCode); mistake != "" {
				return mistake
			}
			if !isUserCardCode(value) {
				return "The value has a character that WeChat Pay refuses in a card code, for instance a space, a Chinese character or full-width punctuation; or it is \".\" or \"..\", which no request can carry."
			}
			return ""
		})
}

func isUserCardCode(value string) bool {
	return codePattern.MatchString(value) && value != "." && value != ".."
}

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
