// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"encoding/base64"
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	// maskedValue replaces a personal value in WeChat Pay's words.
	maskedValue = "***"
	// minMaskedDigits is the length from which a run of digits may be a phone number.
	minMaskedDigits = 7
	// minMaskedBase64 is the length from which base64 may be a ciphertext or a signature.
	minMaskedBase64 = 64
	// mainlandDigits is the length of a phone number of the mainland.
	mainlandDigits = 11
)

// masker removes the personal values of one call from what WeChat Pay says about it. It does
// its work when there is something to show, that is, for errors only.
//
// What it covers is a table in TestMaskedSpellings:
//   - the submitted values as they are, in other case or width, with other spaces, and as a
//     URL, JSON, HTML or base64 spells them;
//   - every run of seven digits or more, whatever stands between the digits as long as it is
//     no letter, except a date;
//   - every block of base64 that is as long as a ciphertext.
type masker struct {
	values []string
}

// value adds a submitted value.
func (m *masker) value(s string) {
	if s != "" {
		m.values = append(m.values, s)
	}
}

// userInformation adds every value of a form.
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

// text returns a text of WeChat Pay's with every personal value replaced.
func (m *masker) text(s string) string {
	if s == "" {
		return ""
	}
	hidden := make([]bool, len(s))
	m.hideValues(s, hidden)
	hideDigits(s, hidden)
	hideBase64(s, hidden)
	return replaceHidden(s, hidden)
}

// identifier returns an identifier of WeChat Pay's (a Request-ID, a serial number, a host, a
// code) with every submitted value replaced. Identifiers consist of long runs of digits, so of
// numbers that were not submitted only one that looks like a phone number of the mainland is
// replaced.
func (m *masker) identifier(s string) string {
	if s == "" {
		return ""
	}
	hidden := make([]bool, len(s))
	m.hideValues(s, hidden)
	hideMainlandNumbers(s, hidden)
	return replaceHidden(s, hidden)
}

// hideValues marks the bytes of s in which a submitted value stands.
func (m *masker) hideValues(s string, hidden []bool) {
	if len(m.values) == 0 {
		return
	}
	folded := fold(s)
	for _, value := range m.values {
		for _, spelling := range valueSpellings(value) {
			folded.hide(fold(spelling).text, hidden)
		}
	}
}

// valueSpellings is how a value may be written: as it is, and inside a URL, JSON, HTML or base64.
func valueSpellings(value string) []string {
	ascii := strconv.QuoteToASCII(value)
	list := []string{value, url.QueryEscape(value), url.PathEscape(value), html.EscapeString(value), ascii[1 : len(ascii)-1]}
	if quoted, err := json.Marshal(value); err == nil {
		list = append(list, string(quoted[1:len(quoted)-1]))
	}
	// One or two bytes are three characters of base64 at most, which occur in any text.
	if len(value) > 2 {
		list = append(list, base64.RawStdEncoding.EncodeToString([]byte(value)), base64.RawURLEncoding.EncodeToString([]byte(value)))
	}
	return list
}

// foldedText is a text without what differs between spellings of a value: case, width, spaces
// and characters without a shape. Byte i of text comes from the bytes start[i] to end[i] of the source.
type foldedText struct {
	text       string
	start, end []int
}

func fold(s string) foldedText {
	var (
		b strings.Builder
		f foldedText
	)
	for i, r := range s {
		size := utf8.RuneLen(r)
		if r == utf8.RuneError {
			// A byte that is no UTF-8 is one byte long, and the character itself is three.
			_, size = utf8.DecodeRuneInString(s[i:])
		}
		if hasNoShape(r) {
			continue
		}
		before := b.Len()
		if r < utf8.RuneSelf {
			b.WriteByte(byte(unicode.ToLower(r))) //nolint:gosec // it is ASCII
		} else {
			for _, plain := range norm.NFKD.String(string(r)) {
				b.WriteRune(unicode.ToLower(plain))
			}
		}
		for range b.Len() - before {
			f.start, f.end = append(f.start, i), append(f.end, i+size)
		}
	}
	f.text = b.String()
	return f
}

// hasNoShape reports whether r is a space, a control or a formatting character, or none at all.
func hasNoShape(r rune) bool {
	return r == utf8.RuneError || unicode.IsSpace(r) || unicode.In(r, unicode.Z, unicode.Cc, unicode.Cf)
}

// hide marks where value, which is folded too, stands in the source.
func (f foldedText) hide(value string, hidden []bool) {
	if value == "" {
		return
	}
	for from := 0; ; {
		i := strings.Index(f.text[from:], value)
		if i < 0 {
			return
		}
		i += from
		mark(hidden, f.start[i], f.end[i+len(value)-1])
		from = i + 1
	}
}

// hideDigits marks the runs of seven digits or more that may be a phone number.
func hideDigits(s string, hidden []bool) {
	var count, start, end int
	finish := func() {
		if count >= minMaskedDigits {
			mark(hidden, start, end)
		}
		count = 0
	}
	for i := 0; i < len(s); {
		if n := dateLength(s, i); n > 0 && count == 0 {
			i += n
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case isDigit(r):
			if count == 0 {
				start = i
			}
			count, end = count+1, i+size
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			finish()
		}
		i += size
	}
	finish()
}

// isDigit reports whether r is a digit in any script, width or position.
func isDigit(r rune) bool {
	if r < utf8.RuneSelf || unicode.IsDigit(r) {
		return unicode.IsDigit(r)
	}
	plain, _ := utf8.DecodeRuneInString(norm.NFKD.String(string(r)))
	return unicode.IsNumber(r) && unicode.IsDigit(plain)
}

// datePattern is a date or a time of RFC 3339. No phone number is written like one.
var datePattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:19|20)\d\d-\d\d-\d\d(?:[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[+-]\d\d:\d\d)?)?`)
})

// dateLength is the length of the date at s[i:]; 0 means that there is none.
func dateLength(s string, i int) int {
	if s[i] != '1' && s[i] != '2' {
		return 0
	}
	n := len(datePattern().FindString(s[i:]))
	if next, _ := utf8.DecodeRuneInString(s[i+n:]); isDigit(next) {
		return 0
	}
	return n
}

// hideMainlandNumbers marks phone numbers of the mainland that are written as one number, with
// or without the country code.
func hideMainlandNumbers(s string, hidden []bool) {
	for start := 0; start < len(s); {
		if s[start] < '0' || s[start] > '9' {
			start++
			continue
		}
		end := start
		for end < len(s) && s[end] >= '0' && s[end] <= '9' {
			end++
		}
		run := s[start:end]
		for _, prefix := range []string{"0086", "86", ""} {
			if number, ok := strings.CutPrefix(run, prefix); ok && len(number) == mainlandDigits && number[0] == '1' && number[1] >= '3' {
				mark(hidden, start, end)
			}
		}
		start = end
	}
}

// hideBase64 marks blocks of base64, also where a URL or JSON has escaped a part of it.
func hideBase64(s string, hidden []bool) {
	count, start := 0, 0
	for i := 0; i <= len(s); {
		n := base64Length(s, i)
		if n == 0 {
			if count >= minMaskedBase64 {
				mark(hidden, start, i)
			}
			count = 0
			i++
			continue
		}
		if count == 0 {
			start = i
		}
		count, i = count+1, i+n
	}
}

// base64Length is how many bytes at s[i:] spell one character of base64; 0 means none.
func base64Length(s string, i int) int {
	if i >= len(s) {
		return 0
	}
	c := s[i]
	switch {
	case c >= 'A' && c <= 'Z', c >= 'a' && c <= 'z', c >= '0' && c <= '9', strings.IndexByte("+/_=-", c) >= 0:
		return 1
	case strings.HasPrefix(s[i:], `\/`):
		return 2
	case len(s) >= i+3 && c == '%':
		switch strings.ToUpper(s[i : i+3]) {
		case "%2B", "%2F", "%3D":
			return 3
		}
	}
	return 0
}

func mark(hidden []bool, start, end int) {
	for i := start; i < end; i++ {
		hidden[i] = true
	}
}

// replaceHidden returns s with every run of marked bytes replaced.
func replaceHidden(s string, hidden []bool) string {
	var b strings.Builder
	for i := range len(s) {
		switch {
		case !hidden[i]:
			b.WriteByte(s[i])
		case i == 0 || !hidden[i-1]:
			b.WriteString(maskedValue)
		}
	}
	return b.String()
}
