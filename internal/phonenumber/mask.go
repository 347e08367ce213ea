// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package phonenumber

import (
	"strings"

	"golang.org/x/text/width"
)

// hidden stands for whatever Mask does not show. Its length is fixed, so that not even
// the number of hidden digits can be told.
const hidden = "****"

const (
	// fullMaskDigits is the least number of digits of which head and tail are shown.
	fullMaskDigits = 11
	// shortMaskDigits is the least number of digits of which anything is shown.
	shortMaskDigits = 3
)

// Mask returns what may be shown of a phone number: 138****8000.
//
// A leading plus stays; then of eleven or more digits the first three and the last
// four are shown, of three to ten the last two, of two or one none. Full-width digits
// count and are shown as ASCII; everything else in text counts for nothing and is not
// shown, so that any text whatever is safe to mask. What is hidden is always four
// asterisks, however many digits there were. The empty text stays empty.
//
// Mask does not normalise: of "+86 138-0013-8000" it makes +861****8000. Mask what
// Normalize returned where both spellings should look alike.
func Mask(text string) string {
	if text == "" {
		return ""
	}
	plus, digits := plusAndDigits(text)
	head, tail := "", ""
	switch {
	case len(digits) >= fullMaskDigits:
		head, tail = digits[:3], digits[len(digits)-4:]
	case len(digits) >= shortMaskDigits:
		tail = digits[len(digits)-2:]
	}
	return plus + head + hidden + tail
}

// plusAndDigits returns all ASCII digits of text, full-width ones folded, and "+" when
// nothing but separators, spaces and invisible characters comes before it.
func plusAndDigits(text string) (plus, digits string) {
	var b strings.Builder
	leading := true
	for _, r := range width.Fold.String(text) {
		switch {
		case isDigit(r):
			b.WriteRune(r)
			leading = false
		case r == '+' && leading:
			plus, leading = "+", false
		case !isSeparator(r) && !isIgnorable(r):
			leading = false
		}
	}
	return plus, b.String()
}
