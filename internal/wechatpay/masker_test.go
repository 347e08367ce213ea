// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// digitsWith is the sample phone number with each digit in a format, and something between them.
func digitsWith(format, between string) string {
	var digits []string
	for _, r := range testPhone {
		digits = append(digits, fmt.Sprintf(format, r))
	}
	return strings.Join(digits, between)
}

// The one table of what the masker covers, and what it does not.
func TestMaskedSpellings(t *testing.T) {
	t.Parallel()
	const (
		name    = "张三丰"
		email   = "san.zhang@example.com"
		address = `No. 1 "Main" Street & <Park>, 长安街`
	)
	jsonAddress, err := json.Marshal(address)
	if err != nil {
		t.Fatal(err)
	}
	block := strings.Repeat("Ab+/", 86)
	for _, tc := range []struct {
		what, text string
		covered    bool
	}{
		// A value that was submitted.
		{"a value", name, true},
		{"a value within words", "姓名" + name + "不对", true},
		{"a value that begins like another", name + "的家", true},
		{"a value in upper case", strings.ToUpper(email), true},
		{"a value with spaces between its characters", "张 三\u3000丰", true},
		{"a value with characters of no width", "张\u200b三\u2060丰", true},
		{"a value with bytes that are no UTF-8", "张\xff三丰", true},
		{"a value in full width", "ｓａｎ．ｚｈａｎｇ＠ｅｘａｍｐｌｅ．ｃｏｍ", true},
		{"a value with other spaces", strings.ReplaceAll(address, " ", "\u3000\n"), true},
		{"a value without its spaces", strings.ReplaceAll(address, " ", ""), true},
		{"a value in a query", url.QueryEscape(address), true},
		{"a value in a path", url.PathEscape(address), true},
		{"a value in a path, lower case", strings.ToLower(url.PathEscape(address)), true},
		{"a value in JSON", string(jsonAddress[1 : len(jsonAddress)-1]), true},
		{"a value in ASCII JSON", strings.Trim(strconv.QuoteToASCII(address), `"`), true},
		{"a value in HTML", html.EscapeString(address), true},
		{"a value in base64", base64.StdEncoding.EncodeToString([]byte(address)), true},
		{"a value in base64 for URLs", base64.RawURLEncoding.EncodeToString([]byte(address)), true},

		// Seven digits or more, whether or not they were submitted.
		{"a phone number", "13800138999", true},
		{"a phone number with its country code", "+86 138-0013-8999", true},
		{"a phone number of another country", "+852 9123 4567", true},
		{"seven digits", "8765432", true},
		{"six digits", "876543", false},
		{"digits in groups", "138.0013.8999", true},
		{"digits in other groups", "(138)00138999", true},
		{"digits one by one", digitsWith("%c", " "), true},
		{"digits with symbols between", digitsWith("%c", "|="), true},
		{"digits with many spaces between", digitsWith("%c", "     "), true},
		{"digits with characters of no width between", digitsWith("%c", "\u200b\u200b"), true},
		{"digits with bytes between that are no UTF-8", "138\xff0013\xff8999", true},
		{"digits on key caps", digitsWith("%c", "\ufe0f\u20e3"), true},
		{"digits as escapes of a URL", digitsWith("%%%02X", ""), true},
		{"full-width digits", "１３８００１３８９９９", true},
		{"superscript digits", "¹³⁸⁰⁰¹³⁸⁹⁹⁹", true},
		{"digits in circles", "①③⑧⓪⓪①③⑧⑨⑨⑨", true},
		{"Arabic digits", "١٣٨٠٠١٣٨٩٩٩", true},
		{"the submitted number in base64", base64.StdEncoding.EncodeToString([]byte(testPhone)), true},

		// Base64 as long as a ciphertext, and parts of it.
		{"a ciphertext", block, true},
		{"a part of a ciphertext", block[:minMaskedBase64], true},
		{"a smaller part", block[:minMaskedBase64-1], false},
		{"a ciphertext in a query", url.QueryEscape(block), true},
		{"a ciphertext in JSON", strings.ReplaceAll(block, "/", `\/`), true},

		// What people need in order to understand the message.
		{"a date", "2020-05-20", false},
		{"a time", "2020-05-20T13:29:35.120+08:00", false},
		{"two dates", "有效期2020-05-20至2021-05-20", false},
		{"a time with a space", "2020-05-20 13:29:35", false},
		{"a date with more digits", "2020-05-2013", true},
		{"words", "100% 的会员", false},
		{"a code", "PARAM_ERROR", false},
		{"an id of a template", "pbLatjvWOibDc5-TBnbUk1pD12o0", false},
		{"a field", "/body/user_information/common_field_list/0/value", false},

		// No answer of WeChat Pay's is known to have these.
		{"digits as escapes of JSON", digitsWith(`\u%04x`, ""), false},
		{"a value in base64 with other text", base64.StdEncoding.EncodeToString([]byte("n:" + name)), false},
		{"a value in hexadecimal", fmt.Sprintf("%X", name), false},
	} {
		var m masker
		for _, value := range []string{testPhone, "张三", name, name + "的家", email, address} {
			m.value(value)
		}
		got := clean(m.text("值"+tc.text+"不对"), 4*maxMessageRunes)
		if !tc.covered {
			if want := clean("值"+tc.text+"不对", 4*maxMessageRunes); got != want {
				t.Errorf("%s: %q became %q", tc.what, tc.text, got)
			}
			continue
		}
		// Of a covered spelling at most punctuation around it is left.
		rest := strings.NewReplacer("值", "", "不对", "", "姓名", "", maskedValue, "").Replace(got)
		if !strings.Contains(got, maskedValue) || strings.ContainsFunc(rest, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }) {
			t.Errorf("%s: %q became %q", tc.what, tc.text, got)
		}
	}
}

func TestMaskedIdentifiers(t *testing.T) {
	t.Parallel()
	var m masker
	m.value("+85291234567")
	m.value("张三丰")
	for text, want := range map[string]string{
		"08F78BB3AF0610D302187F20A9B5A4E03-0":                       "",
		"08E7A8ABC60610F5021883BCCC5620D8A70128AF8901-186739452-01": "",
		"PUB_KEY_ID_0119000000012024010100000000000001":             "",
		"5157F09EFDC096DE15EBE81A47057A7232F1B8E1":                  "",
		"192.168.100.200:8443":                                      "",
		"PARAM_ERROR":                                               "",
		"478515832665":                                              "",
		"id-13800138999-x":                                          "id-***-x",
		"id-8613800138999":                                          "id-***",
		"+85291234567":                                              "***",
		"id_张三丰_x":                                                  "id_***_x",
	} {
		if want == "" {
			want = text
		}
		if got := m.identifier(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestMaskingKeepsOtherText(t *testing.T) {
	t.Parallel()
	var m masker
	m.value("*")
	m.value("a.c")
	m.value(" ")
	m.value("")
	for text, want := range map[string]string{
		"":                      "",
		"abc and a.c":           "abc and ***",
		"a * b":                 "a *** b",
		"a b":                   "a b",
		"号码13800138999。不是第 3 个": "号码***。不是第 3 个",
	} {
		if got := m.text(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestCiphertextIsMasked(t *testing.T) {
	t.Parallel()
	s := newService(t, func(_ int, r *received) reply {
		ciphertext := r.phone()
		return refused(400, "PARAM_ERROR", "密文"+ciphertext+"或"+ciphertext[:100]+"不对")
	})
	_, err := newTestClient(t, s).ImportByPhone(t.Context(), importRequest())
	if e := wantError(t, err, KindParameter, false); e.Message != "密文***或***不对" {
		t.Errorf("got %q", e.Message)
	}
}
