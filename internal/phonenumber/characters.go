// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package phonenumber

import "unicode"

// isDigit reports whether r is an ASCII digit. Full-width digits are folded before;
// digits of other scripts are no part of a phone number here.
func isDigit(r rune) bool { return r >= '0' && r <= '9' }

// isSeparator reports whether r is what people put between the groups of a number:
// a space of any width, a hyphen or dash, a dot, a parenthesis. Line breaks and tabs
// inside a text are none: they separate two entries rather than two groups.
func isSeparator(r rune) bool {
	switch r {
	case '-', '.', '(', ')',
		'\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2015', // hyphens and dashes
		'\u2212', '\uFE58', '\uFE63': // minus, small em dash, small hyphen
		return true
	}
	return unicode.Is(unicode.Zs, r)
}

// isIgnorable reports whether r is an invisible character that address books and
// spreadsheets paste along with a number (Windows wraps numbers that are copied from
// a certificate or a contact in U+202D and U+202C, Excel leaves U+FEFF and U+200B) and
// that does not change the order in which digits are seen. Such characters are dropped.
func isIgnorable(r rune) bool {
	switch r {
	case '\u00AD', // soft hyphen
		'\u200B', '\u200C', '\u200D', '\u2060', '\uFEFF', // of no width
		'\u200E', '\u202A', '\u202C', '\u202D', // left to right, end of direction
		'\u2066', '\u2068', '\u2069': // isolates
		return true
	}
	return false
}

// isRightToLeft reports whether r is an invisible character after which digits, or
// groups of them, may be seen in another order than they are stored. What a reviewer
// sees would not be what is sent, so such characters are refused, not dropped.
func isRightToLeft(r rune) bool {
	switch r {
	case '\u061C', '\u200F', '\u202B', '\u202E', '\u2067':
		return true
	}
	return false
}
