// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package phonenumber

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

var (
	// mainland is a mobile number of mainland China as WeChat Pay takes it. It does not list
	// the prefixes in use, because new ones appear.
	mainland = regexp.MustCompile(`^1[3-9][0-9]{9}$`)
	// quantity is a number as spreadsheets write large ones, with a decimal point or comma.
	quantity = regexp.MustCompile(`^[+-]?[0-9]+(?:[.,][0-9]*)?[Ee][+-]?[0-9]+$`)
	// shortQuantity is one with at most the six digits that spreadsheets show by default.
	shortQuantity = regexp.MustCompile(`^[+-]?[0-9](?:[.,][0-9]{0,5})?[Ee][+-]?[0-9]{1,3}$`)
	// decimals is a number with decimal places. One or two digits after the only dot are taken for
	// them: dropping the dot would add digits.
	decimals = regexp.MustCompile(`^\+?[0-9]+\.[0-9]{1,2}$`)
)

// maxText is the longest text, in bytes, that is looked at. A phone number written in
// full-width digits with a separator after each takes less than a hundred.
const maxText = 250

// Normalize returns a phone number that people typed in the form that WeChat Pay takes:
// eleven digits for a mobile number of mainland China, E.164 (a plus, the country code
// and the number, fifteen digits at most) for that of another country.
//
// Accepted are full-width digits, a full-width plus, spaces of any width, hyphens,
// dashes, dots and parentheses anywhere, and before a mainland number +86, 0086 or 86.
// A number of another country must begin with + or 00 and its country code.
//
// Invisible characters that leave the order of the digits as it is (zero width, soft
// hyphen, byte-order mark, marks of left to right and the end of a direction) are
// dropped; those of right to left are refused, because digits may be seen in another
// order than they are stored.
//
// Everything else is an error of type *Error: landlines of the mainland, a trunk zero
// (0138…, 086…), extensions, letters, two numbers in one text, a number that a
// spreadsheet wrote as 1.38E+10 or with decimal places, a number that is not possible
// in its country.
func Normalize(text string) (string, error) {
	plain, err := visible(text)
	if err != nil {
		return "", err
	}
	if unspaced := strings.ReplaceAll(plain, " ", ""); quantity.MatchString(unspaced) || decimals.MatchString(unspaced) {
		return "", newError(KindSpreadsheet, text, "was written as a quantity by a spreadsheet and may have lost digits: format the cell as text and enter the phone number again")
	}
	number, err := strip(text, plain)
	if err != nil {
		return "", err
	}
	if rest, ok := strings.CutPrefix(number, "00"); ok {
		number = "+" + rest
	}
	if mainland.MatchString(number) {
		return number, nil
	}
	if rest, ok := strings.CutPrefix(strings.TrimPrefix(number, "+"), "86"); ok && mainland.MatchString(rest) {
		return rest, nil
	}
	if strings.HasPrefix(number, "+86") {
		return "", newError(KindNotPhoneNumber, text, "is not a mobile number of mainland China: after the country code 86 come eleven digits that begin with 13 to 19")
	}
	if !strings.HasPrefix(number, "+") {
		return "", newError(KindNotPhoneNumber, text, "is not a mobile number of mainland China, eleven digits that begin with 13 to 19, "+
			"and does not begin with + and the country code of another country")
	}
	return foreign(text, number)
}

// IsShortQuantity reports whether text is a number as a spreadsheet shows a large one, with so
// few digits (1.38E+10, 1.38001E+10) that it identifies nobody and may be shown as it stands.
func IsShortQuantity(text string) bool { return shortQuantity.MatchString(text) }

// Validate returns an error unless text is in the form that WeChat Pay takes: 1[3-9] and nine more
// digits, or a number of another country in E.164 that is possible there. A text that
// Normalize would change is an error that matches ErrNotNormalized; "+86…" is one of
// them, because a mainland number goes without its country code. Every other error is
// that of Normalize.
func Validate(text string) error {
	normalized, err := Normalize(text)
	if err != nil {
		return err
	}
	if normalized != text {
		return newError(KindNotNormalized, text, "is not written as WeChat Pay takes it")
	}
	return nil
}

// visible returns text with full-width characters folded to ASCII, without invisible
// characters and without space at either end.
func visible(text string) (string, error) {
	notNumber := func(detail string) error { return newError(KindNotPhoneNumber, text, detail) }
	switch {
	case len(text) > maxText:
		return "", notNumber("is too long for a phone number")
	case !utf8.ValidString(text):
		return "", notNumber("is not UTF-8 text")
	case strings.ContainsFunc(text, isRightToLeft):
		return "", notNumber("contains an invisible mark for text from right to left, after which digits may be seen in another order than they are stored: type the number again")
	}
	shown := strings.Map(func(r rune) rune {
		if isIgnorable(r) {
			return -1
		}
		return r
	}, width.Fold.String(text))
	shown = strings.TrimFunc(shown, unicode.IsSpace)
	if shown == "" {
		return "", &Error{Kind: KindEmpty}
	}
	return shown, nil
}

// strip returns the digits of plain, with a plus before them if it begins with one.
// text is what the caller was given, for the error.
func strip(text, plain string) (string, error) {
	var b strings.Builder
	open := false
	for _, r := range plain {
		switch {
		case isDigit(r), r == '+' && b.Len() == 0:
			b.WriteRune(r)
		case r == '(' && !open, r == ')' && open:
			open = !open
		case r == '(' || r == ')':
			return "", newError(KindNotPhoneNumber, text, "has parentheses that do not pair up")
		case !isSeparator(r):
			return "", newError(KindNotPhoneNumber, text, "contains something other than digits, a leading +, spaces, hyphens, dots and parentheses: "+
				"an extension, a letter or a second number cannot be part of it")
		}
	}
	if open {
		return "", newError(KindNotPhoneNumber, text, "has parentheses that do not pair up")
	}
	if strings.Trim(b.String(), "+") == "" {
		return "", newError(KindNotPhoneNumber, text, "has no digits")
	}
	return b.String(), nil
}
