// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package phonenumber

import (
	"regexp"

	"github.com/nyaruka/phonenumbers"
)

const (
	// maxE164 is the length of the longest number of E.164, with its plus. The library
	// takes longer ones for some countries.
	maxE164 = 1 + 15
	// noRegion is what the library calls the region of a number that names its own.
	noRegion = "ZZ"
)

// northAmerican is a number of country code 1 in full. Neither the area code nor the
// exchange code begins with 0 or 1 (https://www.nanpa.com). The library checks only the
// length, so a mainland number with a stray plus would pass.
var northAmerican = regexp.MustCompile(`^\+1[2-9][0-9]{2}[2-9][0-9]{6}$`)

// foreign returns number, a plus and digits, in E.164 if it is possible in its country.
// text is what the caller was given, for the error.
func foreign(text, number string) (string, error) {
	parsed, err := phonenumbers.Parse(number, noRegion)
	if err != nil {
		// The library's error is not passed on: it may repeat the input.
		return "", newError(KindNotPossible, text, "does not begin with the country code of any country, or is too short or too long")
	}
	if phonenumbers.IsPossibleNumberWithReason(parsed) != phonenumbers.IS_POSSIBLE {
		// Unlike IsPossibleNumber, this refuses numbers without an area
		// code, which can only be dialled locally.
		return "", newError(KindNotPossible, text, "is not possible in its country: digits are missing or too many")
	}
	normalized := phonenumbers.Format(parsed, phonenumbers.E164)
	switch {
	case len(normalized) > maxE164:
		return "", newError(KindNotPossible, text, "is longer than any phone number can be")
	case parsed.GetCountryCode() == 1 && !northAmerican.MatchString(normalized):
		return "", newError(KindNotPossible, text, "is not possible in its country: +1 is North America; a number of mainland China begins with +86 or has no plus")
	case normalized != number && !stable(normalized):
		return "", newError(KindNotPossible, text, "can be read in more than one way: write + and country code and the number without a trunk prefix")
	}
	return normalized, nil
}

// stable reports whether the library reads normalized as itself and as possible. It
// drops one trunk prefix at a time, so that of a number with two it makes one that is
// still not E.164.
func stable(normalized string) bool {
	parsed, err := phonenumbers.Parse(normalized, noRegion)
	return err == nil &&
		phonenumbers.IsPossibleNumberWithReason(parsed) == phonenumbers.IS_POSSIBLE &&
		phonenumbers.Format(parsed, phonenumbers.E164) == normalized
}
