// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// The lengths, in characters, at which unauthenticated text is cut.
const (
	maxSerialRunes  = 64
	maxCodeRunes    = 64
	maxMessageRunes = 512
	maxFieldRunes   = 128
	maxHostRunes    = 255
)

// clean makes text from outside fit to print: control and formatting characters (which could
// rewrite a terminal's line or a log's) become spaces, and it is cut at limit characters.
func clean(s string, limit int) string {
	// Cutting by bytes first keeps the work small; a character has at most four.
	if len(s) > 4*limit {
		s = s[:4*limit]
	}
	s = strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) {
			return ' '
		}
		return r
	}, s)
	s = strings.TrimSpace(s)
	n := 0
	for i := range s {
		if n == limit {
			return s[:i] + "…"
		}
		n++
	}
	return s
}
