// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

func FuzzValidator(f *testing.F) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	header, body := http.Header{}, `{"openid":"`+testOpenID+`"}`
	sign(header, body, nil, "", now)
	h := header.Get
	f.Add(h("Wechatpay-Timestamp"), h("Wechatpay-Nonce"), h("Wechatpay-Signature"), h("Wechatpay-Serial"), body)
	f.Add(h("Wechatpay-Timestamp"), h("Wechatpay-Nonce"), h("Wechatpay-Signature"), "0a1b2c3d4e", body)
	f.Add("-1", "n", probePrefix+"x", testKeyID, "")
	f.Add("9223372036854775807", "n", "AAAA", "\x1b[0m", "\xff")
	f.Add("", "", "", "", "")
	v := &validator{
		keys: []key{newKey(testKeyID, false, &wechatKey().PublicKey), newKey("0A1B2C3D4E", true, &otherKey().PublicKey)},
		now:  func() time.Time { return now },
	}
	f.Fuzz(func(t *testing.T, timestamp, nonce, signature, serial, text string) {
		given := http.Header{"Wechatpay-Timestamp": {timestamp}, "Wechatpay-Nonce": {nonce}, "Wechatpay-Signature": {signature}, "Wechatpay-Serial": {serial}}
		err := v.check(t.Context(), given, []byte(text))
		if err == nil {
			// Nobody can forge a signature: only the signed answer itself passes, spaces
			// around its headers and line ends in its base64 aside.
			if text != body || strings.TrimSpace(nonce) != h("Wechatpay-Nonce") || strings.TrimSpace(serial) != testKeyID {
				t.Fatalf("believed %q %q %q", timestamp, nonce, text)
			}
			return
		}
		var invalid *ValidationError
		if !errors.As(err, &invalid) || invalid.Reason == "" {
			t.Fatalf("got %T", err)
		}
		checkPrintable(t, invalid.Error())
	})
}

func FuzzErrorBody(f *testing.F) {
	f.Add(400, []byte(`{"code":"PARAM_ERROR","message":"参数错误","detail":{"field":"/body/level","value":"v","issue":"i","location":"body"}}`))
	f.Add(400, []byte(`{"code":"INVALID_REQUEST","message":"该手机号已被导入过"}`))
	f.Add(403, []byte(`{"statusCode":204,"Header":{"Request-Id":["x"]}}`))
	f.Add(500, []byte(`<html>`))
	f.Add(400, []byte(`{"code":null,"message":["13800138000"],"detail":[{"field":1}]}`))
	f.Add(429, []byte("{\"message\":\"138\u200b0013 8000\x1b[0m\u202e\"}"))
	cl := &call{operation: OperationImport, method: http.MethodPost}
	cl.masker.value(testPhone)
	cl.masker.value("张三丰")
	c := &Client{cfg: Config{Now: time.Now}}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		if status < 400 || status > 599 {
			t.Skip()
		}
		v := c.classify(t.Context(), cl, &attempt{started: true, write: true, status: status, header: http.Header{}, answer: body}, nil)
		if v.err == nil || v.err.Kind == "" || v.err.StatusCode != status || v.outcome == outcomeDone {
			t.Fatalf("got %+v", v)
		}
		if retryable := status == 429 || status >= 500; v.retryable != retryable || (v.outcome == outcomeUnknown) != (status >= 500) {
			t.Fatalf("%d: got %+v", status, v)
		}
		for _, text := range []string{v.err.Code, v.err.Message, v.err.Issue, v.err.Field} {
			checkPrintable(t, text)
			if strings.Contains(text, testPhone) || strings.Contains(text, "张三丰") {
				t.Fatalf("a personal value came out in %q", text)
			}
		}
	})
}

func FuzzCard(f *testing.F) {
	f.Add([]byte(cardJSON(nil)))
	f.Add([]byte(cardJSON(map[string]any{"user_information": map[string]any{"common_field_list": []any{map[string]any{"name": "N", "value": "?"}}}})))
	f.Add([]byte(cardJSON(map[string]any{"valid_date_information": []any{1}, "level": 1.5, "attach": nil})))
	f.Add([]byte(cardsList(1, 0, "a")))
	f.Add([]byte(`null`))
	f.Add([]byte(`{"card_id":"c","brand_id":"b","user_information":{"common_field_list":["N",{"name":"M"},3],"custom_field_list":[null]}}`))
	c := &Client{cipher: newFieldCipher(testKeyID, &wechatKey().PublicKey, merchantKey()), routes: serviceProviderRoutes()}
	f.Fuzz(func(t *testing.T, body []byte) {
		card, bad := c.readCard(t.Context(), body, CardRef{BrandID: testBrand, UserCardCode: testCode})
		if (card == nil) == (bad == nil) {
			t.Fatal("neither a card nor an error, or both")
		}
		if card != nil && (card.BrandID != testBrand || card.UserCardCode != testCode || !keyPattern.MatchString(card.CardID) || !keyPattern.MatchString(card.OpenID)) {
			t.Fatalf("believed %+v", card)
		}
		if bad != nil {
			checkPrintable(t, bad.err.Error())
		}
		template, bad := c.readTemplate(body, CardRef{BrandID: testBrand})
		if (template == nil) == (bad == nil) {
			t.Fatal("neither a template nor an error, or both")
		}
		if template != nil && (template.BrandID != testBrand || !keyPattern.MatchString(template.CardID)) {
			t.Fatalf("believed %+v", template)
		}
		_, data, err := parseList(body)
		if err == nil {
			for _, raw := range data {
				if !json.Valid(raw) {
					t.Fatal("a card that is no JSON")
				}
			}
		}
	})
}

func checkPrintable(t *testing.T, text string) {
	t.Helper()
	if utf8.RuneCountInString(text) > maxMessageRunes+200 || !utf8.ValidString(text) ||
		strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) }) {
		t.Fatalf("got %q", text)
	}
}
