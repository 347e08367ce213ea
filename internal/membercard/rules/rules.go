// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Package rules says what WeChat Pay accepts as the values of a member: as its own package, so
// that a roster is checked by the same rules as the resource, line by line. It knows no resource.
//
// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336982
package rules

import (
	"fmt"
	"regexp"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
)

// The documented lengths, in characters.
const (
	maxUserCardCode   = 32
	maxCardPictureURL = 256
	maxLevel          = 10
	maxAttach         = 256
)

var codePattern = regexp.MustCompile(`^[!-~]+$`)

// UserCardCode is the rule for a member's code. "." and ".." are no segments of a URL's path.
func UserCardCode() framework.Rule {
	return framework.TextRule(
		fmt.Sprintf("1 to %d digits, English letters and half-width punctuation, without spaces, and not only one or two dots", maxUserCardCode),
		func(value string) string {
			if mistake := framework.LengthMistake(value, maxUserCardCode); mistake != "" {
				return mistake
			}
			if !IsUserCardCode(value) {
				return "The value is not a card code that WeChat Pay takes."
			}
			return ""
		}).Showing()
}

// IsUserCardCode reports whether value has only characters that a code can have.
func IsUserCardCode(value string) bool {
	return codePattern.MatchString(value) && value != "." && value != ".."
}

// CardColor is the rule for the background colour of a card.
func CardColor() framework.Rule { return framework.Color() }

// CardPictureURL is the rule for the background picture of a card.
func CardPictureURL() framework.Rule {
	return framework.WebURL("the URL that WeChat Pay's picture upload returned", maxCardPictureURL)
}

// Level is the rule for a member's level.
func Level() framework.Rule { return framework.FreeText(maxLevel) }

// Attach is the rule for the merchant's own data.
func Attach() framework.Rule { return framework.MultilineText(maxAttach) }
