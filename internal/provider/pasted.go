// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"regexp"
	"strings"
	"unicode"
)

// quotes are pairs that people copy along with a value.
var quotes = []string{`""`, `''`, "``", "“”", "‘’", "「」", "『』", "«»"}

// shellExpression matches a value that a shell or a CI system should have replaced.
var shellExpression = regexp.MustCompile(`^(?:\$\{?[A-Za-z_][A-Za-z0-9_.]*\}?|\$\(.*\)|\$\{\{.*\}\}|%[A-Za-z_][A-Za-z0-9_]*%)$`)

// pathVariable matches a path of which one part is the name of a shell's variable: $HOME/key.pem.
var pathVariable = regexp.MustCompile(`(?:^|[/\\])(?:\$(?i:env:)?\{?[A-Za-z_][A-Za-z0-9_]*\}?|%[A-Za-z_][A-Za-z0-9_()]*%)(?:[/\\]|$)`)

// cleanValue removes what copying leaves around a value: blanks, line ends, invisible
// characters, and a pair of quotation marks. None of these can be a part of any value of
// the provider block.
func cleanValue(text string) string {
	for {
		text = strings.TrimFunc(text, isInvisible)
		inner, ok := unquote(text)
		if !ok {
			return text
		}
		text = inner
	}
}

func unquote(text string) (string, bool) {
	for _, pair := range quotes {
		runes := []rune(pair)
		opening, closing := string(runes[0]), string(runes[1])
		if len(text) >= len(opening)+len(closing) && strings.HasPrefix(text, opening) && strings.HasSuffix(text, closing) {
			return text[len(opening) : len(text)-len(closing)], true
		}
	}
	return text, false
}

// isInvisible reports whether nobody sees r: blanks, controls, byte-order marks, zero-width characters.
func isInvisible(r rune) bool {
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
}
