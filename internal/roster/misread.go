// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// This file finds text that was written in one encoding and read in another before it came into
// the roster: 金卡 is then 閲戝崱, é‡‘å\u008d¡ or ½ð¿¨.

// replacement is what a program writes for a character that it could not read.
const replacement = "\uFFFD"

const (
	lostCharacters = `characters were lost when the roster was converted: save it as "CSV UTF-8" from the spreadsheet itself`
	wrongEncoding  = `it was written in one encoding and read in another: save the roster as .xlsx or "CSV UTF-8" where it is still right`
)

// damage says how a conversion damaged text, "" when nothing shows that one did.
func damage(text string) string {
	switch {
	case hasLostCharacters(text):
		return lostCharacters
	case isASCII(text):
		return ""
	case isUTF8ReadAsGBK(text), isReadAsLatin(text):
		return wrongEncoding
	}
	return ""
}

// hasLostCharacters reports whether text is what a conversion leaves of other text: the mark of
// a character that could not be read, that mark read in GBK, characters of GBK's user-defined areas,
// or nothing but question marks.
func hasLostCharacters(text string) bool {
	const firstUserDefined, lastUserDefined = 0xE000, 0xE765
	return strings.Contains(text, replacement) || strings.Contains(text, "锟斤拷") || text != "" && strings.Trim(text, "?") == "" ||
		strings.ContainsFunc(text, func(r rune) bool { return r >= firstUserDefined && r <= lastUserDefined })
}

func isASCII(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

// isUTF8ReadAsGBK reports whether the bytes of text in GBK are Chinese in UTF-8. Two characters of
// three bytes do not come about by accident. Some bytes may be lost: those of characters that GBK
// does not have.
func isUTF8ReadAsGBK(text string) bool {
	encoder := simplifiedchinese.GBK.NewEncoder()
	content, err := encoder.String(text)
	if err != nil {
		var each strings.Builder
		for _, r := range text {
			encoded, err := encoder.String(string(r))
			if err != nil {
				encoded = "\xFF"
			}
			each.WriteString(encoded)
		}
		content = each.String()
	}
	characters, others := chineseOf(content)
	return characters >= 2 && others <= characters
}

// isReadAsLatin reports whether text is Chinese in UTF-8 or GBK that was read in an encoding of one
// byte for a character, Windows-1252 or Latin-1.
func isReadAsLatin(text string) bool {
	content := make([]byte, 0, len(text))
	for _, r := range text {
		b, isLatin := charmap.ISO8859_1.EncodeRune(r)
		if !isLatin {
			b, isLatin = charmap.Windows1252.EncodeRune(r)
		}
		if !isLatin {
			return false
		}
		content = append(content, b)
	}
	if characters, others := chineseOf(string(content)); characters >= 1 && others == 0 {
		return true
	}
	// The last byte may have passed for space, and be gone.
	high := 0
	for _, b := range content {
		if b >= utf8.RuneSelf {
			high++
		}
	}
	if high%2 != 0 && content[len(content)-1] >= utf8.RuneSelf {
		content = content[:len(content)-1]
	}
	// One pair may be an accident: créée.
	return high >= 4 && isGBK(content)
}

// chineseOf returns how many Chinese characters UTF-8 has, and how much it has beside them, ASCII and
// punctuation: other characters, and bytes that are not UTF-8. Its last character may be cut off,
// perhaps with a question mark in place of the rest.
func chineseOf(content string) (characters, others int) {
	for content != "" {
		r, size := utf8.DecodeRuneInString(content)
		switch {
		case r == utf8.RuneError && size <= 1:
			if rest := strings.TrimSuffix(content, "?"); len(rest) < 3 && !utf8.FullRuneInString(rest) {
				return characters, others
			}
			others++
		case unicode.Is(unicode.Han, r):
			characters++
		case r >= utf8.RuneSelf && (r < 0x3000 || r > 0x303F) && (r < 0xFF00 || r > 0xFFEF):
			others++
		}
		content = content[size:]
	}
	return characters, others
}
