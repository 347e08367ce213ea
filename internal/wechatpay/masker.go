// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"encoding/base64"
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const (
	// maskedValue stands for a personal value in WeChat Pay's words.
	maskedValue = "***"
	// separators is what may stand between the digits of a phone number that somebody spelt out.
	separators = `[^\pL\pN]*`
	// spaces is what may have become of a space inside a value, or have come between its letters.
	// What is no character (U+FFFD) becomes a space when a text is cleaned.
	spaces = `[\s\p{Z}\p{Cf}\p{Cc}\x{FFFD}]*`
	// unnamedBlock is base64 of the length of ciphertexts and signatures.
	unnamedBlock = `[A-Za-z0-9+/_=-]{64,}`
)

// unnamedSecrets are those that can be told by their looks, whoever's they are.
var unnamedSecrets = strings.Join([]string{
	unnamedBlock,
	mainlandPhone(`(?:\b|_)(?:(?:00)?86[^\pL\pN]{0,3})?1`, `[3-9]`, `[0-9]`, `(?:\b|_)`),
	mainlandPhone(`１`, `[３-９]`, `[０-９]`, ``),
}, "|")

// mainlandPhone matches the mainland's phone numbers as people group them: as one, 3-4-4, 3-3-3-2,
// 3-3-5, or digit by digit. Any other groups would take dates, times and request ids for phone numbers.
func mainlandPhone(first, second, digit, end string) string {
	const (
		mark  = `[^\pL\pN]{1,3}`
		space = `[\s\p{Z}\p{Pd}]{1,3}`
	)
	one, eight := first+second+digit, digit+"{4}(?:"+mark+")?"+digit+"{4}"
	return "(?:" + strings.Join([]string{
		one + "(?:" + mark + ")?" + eight,
		one + space + digit + "{3}" + space + digit + "{3}(?:" + space + ")?" + digit + "{2}",
		first + mark + second + "(?:" + mark + digit + "){9}",
	}, "|") + ")" + end
}

// masker takes the personal values of one call out of what WeChat Pay says about it.
type masker struct {
	phones, values []string
}

func (m *masker) phone(p Personal) {
	if p != "" {
		m.phones = append(m.phones, p.Reveal())
	}
}

func (m *masker) value(s string) {
	if s = strings.TrimSpace(s); s != "" {
		m.values = append(m.values, s)
	}
}

// userInformation takes every value of a form, which may itself be a phone number.
func (m *masker) userInformation(u *UserInformation) {
	if u == nil {
		return
	}
	for _, f := range u.CommonFields {
		m.value(f.Value.Reveal())
	}
	for _, f := range u.CustomFields {
		for _, v := range f.UserChosenValues {
			m.value(v.Reveal())
		}
	}
}

// mask returns s with every personal value replaced. It looks at all of them in one pass,
// the longest first, so that one value's replacement is never taken for another value, and
// of two that begin alike no rest is left. What then still has one in some other spelling is
// not shown at all.
func (m *masker) mask(s string) string {
	if s == "" {
		return ""
	}
	patterns := []string{unnamedSecrets}
	for _, p := range m.phones {
		patterns = append(patterns, phonePatterns(p)...)
		patterns = append(patterns, valuePatterns(p)...)
	}
	for _, v := range m.values {
		patterns = append(patterns, valuePatterns(v)...)
	}
	re, err := regexp.Compile(`(?i)` + strings.Join(patterns, "|"))
	if err != nil {
		// Values that make no pattern cannot be looked for: nothing is shown.
		return maskedValue
	}
	re.Longest()
	rest := re.ReplaceAllLiteralString(s, "\x00")
	if slices.ContainsFunc(otherSpellings(rest), re.MatchString) {
		// Where in s it stands cannot be told: nothing is shown.
		return maskedValue
	}
	return re.ReplaceAllLiteralString(s, maskedValue)
}

// valuePatterns matches a value as it is, whatever its spaces have become or come between its
// letters, and as it looks inside a URL, JSON, a page or base64.
func valuePatterns(value string) []string {
	var letters []string
	for _, r := range strings.Join(strings.Fields(value), "") {
		letters = append(letters, regexp.QuoteMeta(string(r)))
	}
	patterns := []string{strings.Join(letters, spaces)}
	others := []string{url.QueryEscape(value), url.PathEscape(value), html.EscapeString(value)}
	ascii := strconv.QuoteToASCII(value)
	others = append(others, ascii[1:len(ascii)-1])
	if quoted, err := json.Marshal(value); err == nil {
		others = append(others, string(quoted[1:len(quoted)-1]))
	}
	// In base64 one or two letters look like any others.
	if len(value) > 2 {
		others = append(others, base64.RawStdEncoding.EncodeToString([]byte(value)), base64.RawURLEncoding.EncodeToString([]byte(value)))
	}
	for _, other := range others {
		if other != value {
			patterns = append(patterns, regexp.QuoteMeta(other))
		}
	}
	return patterns
}

// phonePatterns matches a phone number however it is spelt: with separators, in full-width
// digits, and without its country code.
func phonePatterns(phone string) []string {
	var digits []rune
	for _, r := range phone {
		if r >= '0' && r <= '9' {
			digits = append(digits, r)
		}
	}
	starts := []int{0}
	if strings.HasPrefix(phone, "+") {
		starts = []int{0, 1, 2, 3}
	}
	var patterns []string
	for _, start := range starts {
		// Fewer than six digits are no phone number that anybody could be called at.
		if len(digits)-start < 6 && start > 0 || len(digits) == 0 {
			continue
		}
		var b strings.Builder
		for i, d := range digits[start:] {
			if i > 0 {
				b.WriteString(separators)
			}
			b.WriteString("[" + string(d) + string(d-'0'+'\uff10') + "]")
		}
		patterns = append(patterns, b.String())
	}
	return patterns
}
