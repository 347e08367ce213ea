// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"bytes"
	"fmt"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// textOf returns the text of a file in UTF-8, UTF-16, GBK or GB18030, or says what is wrong
// with it. GBK is what spreadsheets of a Chinese Windows write as plain CSV, UTF-16 what Excel
// calls "Unicode Text".
func textOf(content []byte) (text, fault string) {
	if fault := binaryFault(content); fault != "" {
		return "", fault
	}
	var known encoding.Encoding
	switch {
	case bytes.HasPrefix(content, []byte("\xFF\xFE\x00\x00")), bytes.HasPrefix(content, []byte("\x00\x00\xFE\xFF")):
		return "", `the file is in UTF-32: save it as "CSV UTF-8"`
	case bytes.HasPrefix(content, []byte("\xFF\xFE")), bytes.HasPrefix(content, []byte("\xFE\xFF")):
		known = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM)
	case bytes.IndexByte(content, 0) >= 0:
		order, isUTF16 := byteOrder(content)
		if !isUTF16 {
			return "", "the file is no roster: it is neither text nor an .xlsx workbook. A company's document protection may have encrypted it: save it as \"CSV UTF-8\" from the program that can open it, outside of the protected folders"
		}
		known = unicode.UTF16(order, unicode.IgnoreBOM)
	case utf8.Valid(content):
		text = string(content)
		return text, textFault(text)
	default:
		if line := brokenUTF8(content); line > 0 {
			return "", fmt.Sprintf(`the file is UTF-8 with bytes on line %d that are not: save it again as "CSV UTF-8" from the spreadsheet itself`, line)
		}
		if !isGBK(content) {
			return "", `the file is in none of UTF-8, UTF-16, GBK and GB18030, as far as its bytes tell (Big5 is not read): save it as "CSV UTF-8"`
		}
		known = simplifiedchinese.GB18030
	}
	decoded, err := known.NewDecoder().Bytes(content)
	if err != nil {
		return "", `the file cannot be read as text: save it as "CSV UTF-8"`
	}
	text = string(decoded)
	return text, textFault(text)
}

// byteOrder returns the byte order of UTF-16 without a mark: separators, digits and line ends
// have a zero byte, always on the same side. A Chinese character such as 一 (U+4E00) has one on the
// other side, so the more frequent side counts.
func byteOrder(content []byte) (order unicode.Endianness, isUTF16 bool) {
	if len(content)%2 != 0 {
		return order, false
	}
	little, big := 0, 0
	for i := 0; i < len(content); i += 2 {
		switch low, high := content[i], content[i+1]; {
		case low == 0 && high == 0:
			return order, false
		case high == 0 && low < 0x80:
			little++
		case low == 0 && high < 0x80:
			big++
		}
	}
	if big > little {
		return unicode.BigEndian, true
	}
	return unicode.LittleEndian, little > big
}

// brokenUTF8 returns the line of the first byte that is not UTF-8 in a text that otherwise is,
// 0 for a text in another encoding, in which characters of three bytes come about by accident.
func brokenUTF8(content []byte) (line int) {
	valid, invalid, current := 0, 0, 1
	for len(content) > 0 {
		r, size := utf8.DecodeRune(content)
		switch {
		case r == '\n':
			current++
		case r == utf8.RuneError && size == 1:
			if invalid++; line == 0 {
				line = current
			}
		case size >= 3:
			valid++
		}
		content = content[size:]
	}
	if valid <= invalid {
		return 0
	}
	return line
}

// isGBK reports whether content is most likely GBK or GB18030: it decodes without a fault, and
// most characters are the Chinese ones and the punctuation of GB2312, which has all that are
// common. Big5 decodes as GBK, too, but to rare characters and to kana. EUC-KR cannot be told from
// GBK by its bytes: Korean text is read as Chinese characters without a meaning.
func isGBK(content []byte) bool {
	common, rare := 0, 0
	for i := 0; i < len(content); {
		lead := content[i]
		switch {
		case lead < 0x80:
			i++
			continue
		case i+1 >= len(content):
			return false
		}
		trail := content[i+1]
		switch {
		case trail >= '0' && trail <= '9': // GB18030 in four bytes
			if i+3 >= len(content) {
				return false
			}
			rare++
			i += 4
			continue
		case trail >= 0xA1 && (lead >= 0xB0 && lead <= 0xF7 || lead >= 0xA1 && lead <= 0xA3): // characters and punctuation
			common++
		default:
			rare++
		}
		i += 2
	}
	if common <= 2*rare {
		return false
	}
	decoded, err := simplifiedchinese.GB18030.NewDecoder().Bytes(content)
	return err == nil && !bytes.Contains(decoded, []byte(replacement))
}
