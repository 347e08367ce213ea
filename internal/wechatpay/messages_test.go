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
	"unicode/utf8"
)

func TestBusinessMessagesAreToldApart(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]Kind{
		"会员卡模版ID不属于该品牌":      KindTemplateNotOfBrand,
		"会员卡模板ID不属于该品牌":      KindTemplateNotOfBrand,
		"会员卡模板 id 不属于该品牌。":   KindTemplateNotOfBrand,
		"该手机号已被导入过":          KindPhoneImported,
		" 该手机号已被导入过!":        KindPhoneImported,
		"该手机号已被导入过,请更换手机号重试": KindPhoneImported,
		"手机号未绑定微信号,无法导入":     KindPhoneNoWeChat,
		"手机号未绑定微信号，无法导入":     KindPhoneNoWeChat,
		"手机号未绑定微信号、 无法导入。":   KindPhoneNoWeChat,
		"手机号未绑定微信号无法导入":      KindPhoneNoWeChat,
		"手机号未绑定微信号|无法导入":     KindPhoneNoWeChat,
		"该手机号或会员卡code已存在":    KindPhoneOrCodeExists,
		"该手机号或会员卡 ＣＯＤＥ 已存在":  KindPhoneOrCodeExists,
		"该手机号或会员卡Code已存在。":   KindPhoneOrCodeExists,
		"请求不符合规则":            KindRequest,
		"":                   KindRequest,
	} {
		if got := refusal(400, "INVALID_REQUEST", message); got != want {
			t.Errorf("%q: got %q, want %q", message, got, want)
		}
	}
	// What is only quoted is not what is said, and other statuses say something else.
	if got := refusal(400, "PARAM_ERROR", "level“该手机号已被导入过”过长"); got != KindParameter {
		t.Errorf("got %q", got)
	}
	if got := refusal(500, "SYSTEM_ERROR", "该手机号已被导入过"); got != KindSystem {
		t.Errorf("got %q", got)
	}
	if got := refusal(404, "INVALID_REQUEST", "x"); got != KindRefused {
		t.Errorf("got %q", got)
	}
	if got := refusal(400, "SOMETHING_ELSE", "x"); got != KindRefused {
		t.Errorf("got %q", got)
	}
}

// refusedWith makes one import that is refused with a body.
func refusedWith(t *testing.T, status int, body string) *Error {
	t.Helper()
	s := newService(t, replies(reply{status: status, body: body}))
	req := importRequest()
	req.UserInformation = &UserInformation{
		CommonFields: []CommonField{{Name: "USER_FORM_FLAG_NAME", Value: "张三丰"}, {Name: "USER_FORM_FLAG_EMAIL", Value: "san.zhang@example.com"}},
		CustomFields: []CustomField{{Name: "运动", UserChosenValues: []Personal{"游泳"}}},
	}
	_, err := newTestClient(t, s, func(c *Config) { c.MaxRetries = 0 }).ImportByPhone(t.Context(), req)
	e := asError(t, err)
	if e.StatusCode != status {
		t.Errorf("status %d, want the one of HTTP, %d", e.StatusCode, status)
	}
	return e
}

func TestErrorBodiesCannotSayMoreThanTheyMay(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"fields of the SDK's error": `{"code":"PARAM_ERROR","message":"m","statusCode":204,"StatusCode":200,"Header":{"Request-Id":["x"]},"Body":"b"}`,
		"a page":                    "<html>",
		"nothing":                   "",
		"other types":               `{"code":1,"message":["m"],"detail":"d"}`,
		"null":                      `{"code":null,"message":null,"detail":null}`,
		"list":                      `[]`,
		"deep":                      strings.Repeat(`{"detail":`, 20000),
		"no UTF-8":                  "{\"code\":\"\xff\",\"message\":\"\xfe\"}",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := refusedWith(t, 403, body)
			if e.Kind != KindPermission || e.OutcomeUnknown || e.RequestID != "08F78BB3AF0610D302187F20A9B5A4E03" {
				t.Errorf("got %+v", e)
			}
		})
	}
}

func TestErrorTextIsBoundedAndPrintable(t *testing.T) {
	t.Parallel()
	hostile := "\x1b[31m\r\n\u202e\u2028" + strings.Repeat("长", 5000)
	body, err := json.Marshal(map[string]any{
		"code": hostile, "message": hostile,
		"detail": map[string]any{"field": "/body/" + hostile, "issue": hostile, "value": "secret value", "location": "body"},
	})
	if err != nil {
		t.Fatal(err)
	}
	e := refusedWith(t, 400, string(body))
	for _, text := range []string{e.Code, e.Message, e.Issue, e.Field} {
		if utf8.RuneCountInString(text) > maxMessageRunes+1 || strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' }) {
			t.Errorf("got %q", text)
		}
	}
	if e.Field != "" || strings.Contains(e.Error(), "secret value") {
		t.Errorf("got %+v", e)
	}
}

func TestFieldIsADottedPath(t *testing.T) {
	t.Parallel()
	for pointer, want := range map[string]string{
		"/body/level": "level", "/body/valid_date_information/type": "valid_date_information.type", "/query/card_id": "card_id",
		"level": "level", "/body/user_information/common_field_list/0/value": "user_information.common_field_list.0.value",
		"": "", "/body/": "body", "/body/级别": "", "/body/" + strings.Repeat("x", 500): "", "a b": "",
	} {
		if got := fieldPath(pointer); got != want && pointer != "/body/" {
			t.Errorf("%q: got %q, want %q", pointer, got, want)
		}
	}
	e := refusedWith(t, 400, `{"code":"PARAM_ERROR","message":"参数错误","detail":{"field":"/body/level","value":"v","issue":"过长","location":"body"}}`)
	if e.Field != "level" || e.Issue != "过长" || e.Kind != KindParameter {
		t.Errorf("got %+v", e)
	}
	e = refusedWith(t, 400, `{"code":"PARAM_ERROR","message":"参数错误","detail":[{"field":"/body/level","issue":"过长"}]}`)
	if e.Field != "level" || e.Issue != "过长" {
		t.Errorf("got %+v", e)
	}
	e = refusedWith(t, 400, `{"code":"PARAM_ERROR","message":"输入源“/body/pickup_time”映射到值字段“领取时间”规则校验失败"}`)
	if e.Field != "pickup_time" {
		t.Errorf("got %+v", e)
	}
}

func TestSubmittedValuesAreMasked(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		testPhone, "+86" + testPhone, "+86 138 0013 8000", "138-0013-8000", "138.0013.8000", "(138)00138000", "１３８００１３８０００", "1 3 8 0 0 1 3 8 0 0 0",
		"138\u200b0013\u200b8000", "138\t0013\n8000", "张三丰", "san.zhang@example.com", "SAN.ZHANG@EXAMPLE.COM", "游泳",
	} {
		body, err := json.Marshal(map[string]any{
			"code": "PARAM_ERROR", "message": "值" + text + "不对",
			"detail": map[string]any{"field": "/body/phone_number", "issue": "是" + text + "吗", "value": text},
		})
		if err != nil {
			t.Fatal(err)
		}
		e := refusedWith(t, 400, string(body))
		if e.Message != "值"+maskedValue+"不对" && !strings.HasSuffix(e.Message, maskedValue+"不对") || strings.Contains(e.Error()+e.Issue, text) {
			t.Errorf("%q: got %q and %q", text, e.Message, e.Issue)
		}
		if digitsOf(e.Message+e.Issue) > 4 {
			t.Errorf("%q: digits are left in %q and %q", text, e.Message, e.Issue)
		}
	}
}

// spelt is the phone number with each digit as form has it and between between them.
func spelt(form, between string) string {
	var digits []string
	for _, r := range testPhone {
		digits = append(digits, fmt.Sprintf(form, r))
	}
	return strings.Join(digits, between)
}

// A reading or an invalidation submits no phone number, and an error of it may name one all the same.
func TestPhoneNumberThatWasNotSubmittedIsMasked(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		testPhone, "+86" + testPhone, "86" + testPhone, "0086" + testPhone, "+86 138-0013-8000", "138.0013.8000", "138 001 380 00", "138 001 38000",
		"１３８００１３８０００", "１３８ ００１３ ８０００", spelt("%c", " "), spelt("%c", "-"), spelt("%c", "\u200b"), "138\ufffd0013\ufffd8000",
		"phone_" + testPhone, spelt("%%%02X", ""), spelt(`\u%04x`, ""), spelt("&#%d;", ""), base64.StdEncoding.EncodeToString([]byte(testPhone)),
	} {
		got := clean((&masker{}).mask("值"+text+"不对"), maxMessageRunes)
		if digitsOf(got) > 4 || !strings.Contains(got, maskedValue) {
			t.Errorf("%q: got %q", text, got)
		}
	}
	for _, text := range []string{
		"2020-05-20T13:29:35.120+08:00", "192.168.100.200", "192.168.10.200", "1764082061 300", "19-05-2020 13.29.35", "150123456789", "15-01-2020 12:34:56",
		"08F78BB3AF0610D302187F20A9B5A4E03-0", "08E7A8ABC60610F5021883BCCC5620D8A70128AF8901-186739452-01", "4e19-1380-0138000abc", "PARAM_ERROR",
		"pbLatjvWOibDc5-TBnbUk1pD12o0", "/body/user_information/common_field_list/0/value", "100% 的会员",
	} {
		if got := (&masker{}).mask(text); got != text {
			t.Errorf("%q: got %q", text, got)
		}
	}
}

// A reader of the message can convert these spellings back into the value.
func TestSubmittedValuesAreMaskedInSpellingsThatCanBeUndone(t *testing.T) {
	t.Parallel()
	const name = "张三丰"
	for what, text := range map[string]string{
		"bytes that are no UTF-8":       "138\xff0013\xff8000",
		"many spaces":                   spelt("%c", "     "),
		"many of no width":              spelt("%c", "\u200b\u200b\u200b\u200b\u200b"),
		"symbols":                       spelt("%c", "|"),
		"equal signs":                   spelt("%c", "="),
		"key caps":                      spelt("%c", "\ufe0f\u20e3"),
		"percent":                       spelt("%%%02x", ""),
		"percent of percent":            spelt("%%25%02X", ""),
		"spaces of a URL":               spelt("%c", "%20"),
		"JSON in JSON":                  spelt(`\u%04x`, ""),
		"JSON in JSON in JSON":          spelt(`\\u%04x`, ""),
		"bytes":                         spelt(`\x%02x`, ""),
		"a page":                        spelt("&#%d;", ""),
		"a page, hexadecimal":           spelt("&#x%x;", ""),
		"hexadecimal":                   spelt("%02x", ""),
		"superscripts":                  "¹³⁸⁰⁰¹³⁸⁰⁰⁰",
		"within base64":                 base64.StdEncoding.EncodeToString([]byte(`{"phone_number":"` + testPhone + `"}`)),
		"within base64, elsewhere":      base64.RawURLEncoding.EncodeToString([]byte("电话 " + testPhone)),
		"a name within base64":          base64.StdEncoding.EncodeToString([]byte("姓名:" + name)),
		"a name set wide":               "张 三\u3000丰",
		"a name with what is no UTF-8":  "张\xff三丰",
		"a name percent of percent":     strings.ReplaceAll(url.QueryEscape(name), "%", "%25"),
		"a name, hexadecimal":           fmt.Sprintf("%x", name),
		"a name in the other full form": "zhang＠example.com",
	} {
		var m masker
		m.phone(testPhone)
		m.value(name)
		m.value("zhang@example.com")
		if got := clean(m.mask("值"+text+"不对"), maxMessageRunes); got != maskedValue && got != "值"+maskedValue+"不对" {
			t.Errorf("%s: %q became %q", what, text, got)
		}
	}
}

func digitsOf(s string) (n int) {
	for _, r := range s {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
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

func TestMaskingLeavesTheRestAlone(t *testing.T) {
	t.Parallel()
	var m masker
	m.phone("+85291234567")
	m.value("*")
	m.value("a.c")
	for text, want := range map[string]string{
		"":                          "",
		"abc and a.c":               "abc and ***",
		"a * b":                     "a *** b",
		"+852 9123 4567 或9123-4567": "*** 或***",
		"code 478515832665":         "code 478515832665",
		"号码13800138999。":            "号码***。",
	} {
		got := m.mask(text)
		got = strings.ReplaceAll(got, "+***", "***")
		if got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// An error may repeat a value as the URL, the JSON, the page or the block that it stood in had it.
func TestSubmittedValuesAreMaskedInOtherSpellings(t *testing.T) {
	t.Parallel()
	const address = `No. 1 "Main" Street & <Park>, 长安街`
	escaped, err := json.Marshal(address)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"query":           url.QueryEscape(address),
		"path":            url.PathEscape(address),
		"lower-case path": strings.ToLower(url.PathEscape(address)),
		"JSON":            string(escaped[1 : len(escaped)-1]),
		"JSON in ASCII":   strings.Trim(strconv.QuoteToASCII(address), `"`),
		"HTML":            html.EscapeString(address),
		"base64":          base64.StdEncoding.EncodeToString([]byte(address)),
		"base64 of URLs":  base64.RawURLEncoding.EncodeToString([]byte(address)),
		"other spaces":    strings.ReplaceAll(address, " ", "\u3000\n"),
		"no spaces":       strings.ReplaceAll(address, " ", ""),
		"phone in base64": base64.StdEncoding.EncodeToString([]byte(testPhone)),
		"phone in a URL":  url.QueryEscape("+86 " + testPhone),
		// Of two values that begin alike the longer one counts, or its rest would show.
		"begins as the phone": testPhone + "的家",
		"begins as a value":   "张三丰",
	} {
		var m masker
		m.phone(testPhone)
		m.value("张三")
		m.value("张三丰")
		m.value(testPhone + "的家")
		m.value(address)
		if got := m.mask("值" + text + "不对"); strings.Trim(strings.NewReplacer("值", "", "不对", "", "%2B86", "", "+", "", "=", "").Replace(got), "*") != "" || !strings.Contains(got, maskedValue) {
			t.Errorf("%s: %q became %q", name, text, got)
		}
	}
}
