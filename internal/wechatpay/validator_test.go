// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestOnlyVerifiedAnswersAreUsed(t *testing.T) {
	t.Parallel()
	testKeys()
	without := func(name string) func(http.Header, *string) {
		return func(h http.Header, _ *string) { h.Del(name) }
	}
	set := func(name, value string) func(http.Header, *string) {
		return func(h http.Header, _ *string) { h.Set(name, value) }
	}
	body := cardJSON(nil)
	for name, tc := range map[string]struct {
		reply  reply
		reason ValidationReason
	}{
		"good":                      {reply{}, ""},
		"four minutes old":          {reply{skew: -4 * time.Minute}, ""},
		"four minutes ahead":        {reply{skew: 4 * time.Minute}, ""},
		"exactly five minutes":      {reply{skew: -5 * time.Minute}, ""},
		"old":                       {reply{skew: -5*time.Minute - time.Second}, ReasonClock},
		"future":                    {reply{skew: 5*time.Minute + time.Second}, ReasonClock},
		"absurd time":               {reply{tamper: set("Wechatpay-Timestamp", "9223372036854775807")}, ReasonClock},
		"time is no number":         {reply{tamper: set("Wechatpay-Timestamp", "yesterday")}, ReasonMissingHeader},
		"no timestamp":              {reply{tamper: without("Wechatpay-Timestamp")}, ReasonMissingHeader},
		"no nonce":                  {reply{tamper: without("Wechatpay-Nonce")}, ReasonMissingHeader},
		"no signature":              {reply{tamper: without("Wechatpay-Signature")}, ReasonMissingHeader},
		"no serial":                 {reply{tamper: without("Wechatpay-Serial")}, ReasonMissingHeader},
		"blank serial":              {reply{tamper: set("Wechatpay-Serial", "  ")}, ReasonMissingHeader},
		"unsigned":                  {reply{unsigned: true}, ReasonMissingHeader},
		"unknown serial":            {reply{serial: "PUB_KEY_ID_0000"}, ReasonUnknownSerial},
		"the key's id in lower":     {reply{serial: strings.ToLower(testKeyID)}, ReasonUnknownSerial},
		"forged":                    {reply{key: merchantKey()}, ReasonBadSignature},
		"no base64":                 {reply{tamper: set("Wechatpay-Signature", "!!!")}, ReasonBadSignature},
		"another nonce":             {reply{tamper: set("Wechatpay-Nonce", "n")}, ReasonBadSignature},
		"body changed":              {reply{tamper: func(_ http.Header, b *string) { *b = strings.Replace(*b, testOpenID, "oAnother", 1) }}, ReasonBadSignature},
		"probe":                     {reply{tamper: probe}, ReasonSignatureProbe},
		"certificate":               {reply{key: otherKey(), serial: "0A1B2C3D4E"}, ""},
		"certificate in lower case": {reply{key: otherKey(), serial: "0a1b2c3d4e"}, ""},
		"certificate, no zero":      {reply{key: otherKey(), serial: "A1b2C3D4E"}, ""},
		"the wrong one of two keys": {reply{key: otherKey()}, ReasonBadSignature},
		"the other wrong one":       {reply{serial: "0A1B2C3D4E"}, ReasonBadSignature},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				tc.reply.body = body
				s := newService(t, replies(tc.reply))
				client := newTestClient(t, s, func(c *Config) { c.PlatformCertificate, c.MaxRetries = platform(), 0 })
				card, err := client.ImportByPhone(t.Context(), importRequest())
				if tc.reason == "" {
					if err != nil {
						t.Error(err)
					}
					return
				}
				wantError(t, err, KindSignature, true)
				var invalid *ValidationError
				if !errors.As(err, &invalid) || invalid.Reason != tc.reason || card != nil {
					t.Errorf("got %v (%v), want %q", err, invalid, tc.reason)
				}
				if (tc.reason == ReasonMissingHeader) != (invalid.Header != "") || (tc.reason == ReasonClock) != (invalid.Skew != 0) {
					t.Errorf("the reason's particulars: %+v", invalid)
				}
			})
		})
	}
}

func TestSerialOfAnAnswerCannotWriteOnATerminal(t *testing.T) {
	t.Parallel()
	testKeys()
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, replies(reply{body: cardJSON(nil), serial: "\x1b[2J\u202e" + strings.Repeat("x", 5000)}))
		_, err := newTestClient(t, s, func(c *Config) { c.MaxRetries = 0 }).ImportByPhone(t.Context(), importRequest())
		var invalid *ValidationError
		if !errors.As(err, &invalid) || len(invalid.Serial) > 70 || strings.ContainsAny(invalid.Serial, "\x1b\u202e") {
			t.Errorf("got %q", invalid)
		}
	})
}

func TestClockIsTheConfiguredOne(t *testing.T) {
	t.Parallel()
	s := newService(t, replies(done()))
	client := newTestClient(t, s, func(c *Config) {
		c.MaxRetries, c.Now = 0, func() time.Time { return time.Now().Add(time.Hour) }
	})
	_, err := client.GetUserCard(t.Context(), cardRef())
	var invalid *ValidationError
	if !errors.As(err, &invalid) || invalid.Reason != ReasonClock || invalid.Skew.Round(time.Minute) != time.Hour {
		t.Errorf("got %v", err)
	}
}

// What the answer's header says is whole seconds, whenever in a second it arrives here.
func TestClockCountsWholeSeconds(t *testing.T) {
	t.Parallel()
	testKeys()
	for skew, want := range map[time.Duration]string{
		-300 * time.Second: "",
		300 * time.Second:  "",
		-301 * time.Second: "5m1s behind",
		301 * time.Second:  "5m1s ahead of",
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newService(t, replies(reply{body: cardJSON(nil), skew: skew}))
			client := newTestClient(t, s, func(c *Config) {
				c.MaxRetries, c.Now = 0, func() time.Time { return time.Now().Truncate(time.Second).Add(999 * time.Millisecond) }
			})
			_, err := client.GetUserCard(t.Context(), cardRef())
			if want == "" && err != nil || want != "" && !strings.Contains(fmt.Sprint(err), want) {
				t.Errorf("%s: got %v, want %q", skew, err, want)
			}
		})
	}
}

func TestAbsurdTimeIsDescribed(t *testing.T) {
	t.Parallel()
	s := newService(t, replies(reply{body: cardJSON(nil), tamper: func(h http.Header, _ *string) { h.Set("Wechatpay-Timestamp", "4611686018427387904") }}))
	_, err := newTestClient(t, s, func(c *Config) { c.MaxRetries = 0 }).GetUserCard(t.Context(), cardRef())
	if text := fmt.Sprint(err); strings.Contains(text, "is -") || !strings.Contains(text, "ahead of") {
		t.Errorf("got %s", text)
	}
}

func TestWhichKeyEncrypts(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change func(*Config)
		serial string
	}{
		"public key":  {func(*Config) {}, testKeyID},
		"both":        {func(c *Config) { c.PlatformCertificate = platform() }, testKeyID},
		"certificate": {func(c *Config) { c.PublicKey, c.PublicKeyID, c.PlatformCertificate = nil, "", platform() }, "0A1B2C3D4E"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			key, answer := wechatKey(), done()
			if tc.serial != testKeyID {
				key = otherKey()
				answer.key, answer.serial = key, tc.serial
			}
			s := newService(t, replies(answer))
			client := newTestClient(t, s, tc.change)
			if _, err := client.ImportByPhone(t.Context(), importRequest()); err != nil {
				t.Fatal(err)
			}
			r := s.all()[0]
			if got := r.header.Get("Wechatpay-Serial"); got != tc.serial {
				t.Errorf("Wechatpay-Serial %q, want %q", got, tc.serial)
			}
			if got := decrypted(t, key, r.phone()); got != testPhone {
				t.Error("encrypted with another key than the one that is named")
			}
		})
	}
}
