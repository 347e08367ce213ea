// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"encoding/base64"
	"encoding/hex"
	"html"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxLayers is how many spellings may lie over one another: JSON in JSON in a URL, say.
const maxLayers = 3

var (
	escapedRune = regexp.MustCompile(`\\+(?:u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2})`)
	escapedByte = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)
	// encodedBlock is a word that may be base64 or hexadecimal.
	encodedBlock = regexp.MustCompile(`[A-Za-z0-9+/_-]{8,}`)
)

// otherSpellings is what a reader could make of a text: its escapes resolved, its look-alikes
// of letters and digits made plain, its encoded blocks decoded. The text itself is not in it.
func otherSpellings(s string) []string {
	var list []string
	for range maxLayers {
		for _, block := range encodedBlock.FindAllString(s, -1) {
			list = append(list, decoded(block)...)
		}
		plainer := unescape(s)
		if plainer == s {
			break
		}
		list, s = append(list, plainer), plainer
	}
	return list
}

// unescape takes one layer of JSON's, a URL's and a page's escapes away, and the shapes in which
// Unicode has letters and digits once more.
func unescape(s string) string {
	s = escapedRune.ReplaceAllStringFunc(s, func(escape string) string {
		code, err := strconv.ParseInt(strings.TrimLeft(escape, `\`)[1:], 16, 32)
		if err != nil {
			return escape
		}
		return string(rune(code))
	})
	s = escapedByte.ReplaceAllStringFunc(s, func(escape string) string {
		code, err := hex.DecodeString(escape[1:])
		if err != nil {
			return escape
		}
		return string(code)
	})
	return norm.NFKC.String(html.UnescapeString(s))
}

// decoded is what a block says as base64 and as hexadecimal, where that is text.
func decoded(block string) []string {
	var list []string
	for _, decode := range []func(string) ([]byte, error){
		base64.RawStdEncoding.DecodeString, base64.RawURLEncoding.DecodeString, hex.DecodeString,
	} {
		if text, err := decode(block); err == nil && utf8.Valid(text) {
			list = append(list, string(text))
		}
	}
	return list
}
