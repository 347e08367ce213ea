// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package phonenumber

import (
	"regexp"
	"strings"

	"golang.org/x/text/width"
)

// mainlandInside is a mobile number of mainland China within a longer text, perhaps with its
// country code and in groups of three, four and four digits. No further digit stands beside it:
// a card number of sixteen digits is no phone number.
var mainlandInside = regexp.MustCompile(`(?:^|[^0-9])(?:(?:00)?86[-. ]?)?1[3-9][0-9][-. ]?[0-9]{4}[-. ]?[0-9]{4}(?:[^0-9]|$)`)

// LooksLike reports whether text is a phone number, in any spelling that Normalize accepts, or
// contains a mobile number of mainland China. It is for text that others will see, such as a card
// code. It says true of some texts that are no phone number (a serial number of eleven digits
// that begins with 13 to 19), so use it for warnings only.
func LooksLike(text string) bool {
	if _, err := Normalize(text); err == nil {
		return true
	}
	folded := strings.Map(func(r rune) rune {
		switch {
		case isIgnorable(r):
			return -1
		case isSeparator(r) && r != '.' && r != '(' && r != ')':
			return '-'
		}
		return r
	}, width.Fold.String(text))
	return mainlandInside.MatchString(folded)
}

const (
	// minContained is how many digits in a row tell a person's number from an accident.
	minContained = 7
	// maxCountryCode is how many digits a country code has.
	maxCountryCode = 3
)

// Contains reports whether the digits of text, in a row whatever stands between them, have those
// of the phone number in them. The number may be in any spelling; its country code may be missing
// in text. Like LooksLike it is for warnings.
func Contains(text, number string) bool {
	if normalized, err := Normalize(number); err == nil {
		number = normalized
	}
	plus, digits := plusAndDigits(number)
	if plus != "" {
		// Where the country code ends does not matter: what follows is the end of the number.
		digits = digits[min(maxCountryCode, max(len(digits)-minContained, 0)):]
	}
	_, all := plusAndDigits(text)
	return len(digits) >= minContained && strings.Contains(all, digits)
}
