// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"encoding/json"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// echoed answers what the request says, after change.
func echoed(t *testing.T, change func(fields map[string]any, plain string)) func(int, *received) reply {
	return func(_ int, r *received) reply {
		ciphertext, _ := r.fields["encrypted_echo_message"].(string)
		fields := map[string]any{"echo_message": r.fields["echo_message"]}
		change(fields, decrypted(t, wechatKey(), ciphertext))
		text, err := json.Marshal(fields)
		if err != nil {
			panic(err)
		}
		return reply{body: string(text)}
	}
}

// The shape of the answer is not documented: whatever verifies is accepted.
func TestEchoTellsWhatAnAnswerProves(t *testing.T) {
	t.Parallel()
	testKeys()
	again := func(plain string) string { return encryptFor(&merchantKey().PublicKey, plain) }
	for name, tc := range map[string]struct {
		respond   func(int, *received) reply
		encrypted bool
		offset    time.Duration
	}{
		"encrypted again": {echoed(t, func(f map[string]any, plain string) { f["encrypted_echo_message"] = again(plain) }), true, 0},
		"in the clear":    {echoed(t, func(f map[string]any, plain string) { f["decrypted_echo_message"] = plain }), true, 0},
		"not at all":      {echoed(t, func(map[string]any, string) {}), false, 0},
		"another text":    {echoed(t, func(f map[string]any, _ string) { f["encrypted_echo_message"] = again("x") }), false, 0},
		"for another key": {echoed(t, func(f map[string]any, plain string) {
			f["encrypted_echo_message"] = encryptFor(&otherKey().PublicKey, plain)
		}), false, 0},
		"other types":     {replies(reply{body: `{"a":1,"b":null,"c":[]}`}), false, 0},
		"empty object":    {replies(reply{body: `{}`}), false, 0},
		"no body":         {replies(reply{}), false, 0},
		"204":             {replies(reply{status: http.StatusNoContent}), false, 0},
		"clock is ahead":  {replies(reply{body: `{}`, skew: 299 * time.Second}), false, 299 * time.Second},
		"clock is behind": {replies(reply{body: `{}`, skew: -42 * time.Second}), false, -42 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newService(t, tc.respond)
				got, err := newTestClient(t, s).Echo(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				want := EchoResult{
					Host: "api.mch.weixin.qq.com", KeyID: testKeyID, EncryptionVerified: &tc.encrypted, ClockOffset: tc.offset,
					RequestID: "08F78BB3AF0610D302187F20A9B5A4E03",
				}
				if diff := cmp.Diff(want, *got); diff != "" {
					t.Error(diff)
				}
				r := s.all()[0]
				if _, notify := r.fields["notify_url"]; r.method != "POST" || r.uri != "/v3/security/echo" || !r.signedOK || notify || r.header.Get("Wechatpay-Serial") != testKeyID {
					t.Errorf("got %s %s (signed %t) with %s", r.method, r.uri, r.signedOK, r.body)
				}
			})
		})
	}
}

func TestEchoNamesTheKeyThatSigned(t *testing.T) {
	t.Parallel()
	s := newService(t, replies(reply{body: `{}`, key: otherKey(), serial: CertificateSerial(platform())}))
	got, err := newTestClient(t, s, func(c *Config) { c.PlatformCertificate = platform() }).Echo(t.Context())
	if err != nil || got.KeyID != CertificateSerial(platform()) {
		t.Errorf("got %+v and %v", got, err)
	}
}

func TestEchoFailsWhereNothingIsProven(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		reply   reply
		kind    Kind
		unknown bool
	}{
		"another's message": {reply{body: `{"echo_message":"another"}`}, KindAnswer, true},
		"unsigned":          {reply{body: `{}`, unsigned: true}, KindSignature, true},
		"unknown key":       {reply{body: `{}`, serial: "PUB_KEY_ID_0"}, KindSignature, true},
		"clock":             {reply{body: `{}`, skew: time.Hour}, KindSignature, true},
		"key not accepted":  {refused(401, "SIGN_ERROR", "验证不通过"), KindSign, false},
		"not decrypted":     {refused(400, "PARAM_ERROR", "解密失败"), KindParameter, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newService(t, replies(tc.reply))
			_, err := newTestClient(t, s, func(c *Config) { c.MaxRetries = 0 }).Echo(t.Context())
			wantError(t, err, tc.kind, tc.unknown)
		})
	}
}

func TestBrandModeReadsATemplateInThePlaceOfAnEcho(t *testing.T) {
	t.Parallel()
	s := newService(t, replies(reply{body: `{"total_count":0}`}))
	c := newTestClient(t, s)
	c.routes = brandRoutes()
	got, err := c.Echo(t.Context())
	if err != nil || got.KeyID != testKeyID || got.Host != "api.mch.weixin.qq.com" || got.EncryptionVerified != nil {
		t.Errorf("got %+v and %v", got, err)
	}
	if r := s.all()[0]; r.method != "GET" || r.uri != "/brand/card-member/cards?limit=1&offset=0" {
		t.Errorf("got %s %s", r.method, r.uri)
	}
}
