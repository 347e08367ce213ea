// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver_test

import (
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

var strangersKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

func TestAuthorizationIsRefused(t *testing.T) {
	stranger, err := strangersKey()
	if err != nil {
		t.Fatal(err)
	}
	m := start(t, mockserver.Options{})
	at := func(d time.Duration) string { return strconv.FormatInt(noon().Add(d).Unix(), 10) }
	for name, corrupt := range map[string]func(*signed){
		"another key":           func(id *signed) { id.key = stranger },
		"another mchid":         func(id *signed) { id.mchID = "1900000110" },
		"another serial":        func(id *signed) { id.serial = "1DDE55AD98ED71D6EDD4A4A16996DE7B47773A8C" },
		"lower-case serial":     func(id *signed) { id.serial = strings.ToLower(id.serial) },
		"timestamp too old":     func(id *signed) { id.timestamp = at(-5*time.Minute - time.Second) },
		"timestamp too far on":  func(id *signed) { id.timestamp = at(5*time.Minute + time.Second) },
		"timestamp in words":    func(id *signed) { id.timestamp = "now" },
		"timestamp with zeroes": func(id *signed) { id.timestamp = "0" + id.timestamp },
		"nonce too long":        func(id *signed) { id.nonce = strings.Repeat("n", 129) },
	} {
		t.Run(name, func(t *testing.T) {
			target := cardTarget("1001", "oSample")
			id := m.identity()
			corrupt(&id)
			r := m.request(http.MethodGet, target, nil)
			r.Header.Set("Authorization", m.authorization(id, http.MethodGet, target, nil))
			wantRefused(t, m.do(r), http.StatusUnauthorized, "SIGN_ERROR", "验证不通过")
		})
	}
}

func TestTimestampWithinFiveMinutesIsAccepted(t *testing.T) {
	m := start(t, mockserver.Options{})
	for _, off := range []time.Duration{-5 * time.Minute, 5 * time.Minute} {
		target := cardTarget("1001", "oSample")
		id := m.identity()
		id.timestamp = strconv.FormatInt(noon().Add(off).Unix(), 10)
		r := m.request(http.MethodGet, target, nil)
		r.Header.Set("Authorization", m.authorization(id, http.MethodGet, target, nil))
		wantRefused(t, m.do(r), http.StatusNotFound, "RESOURCE_NOT_EXISTS", "")
	}
}

func TestMalformedAuthorizationIsRefused(t *testing.T) {
	m := start(t, mockserver.Options{})
	target := cardTarget("1001", "oSample")
	good := m.authorization(m.identity(), http.MethodGet, target, nil)
	for name, header := range map[string]string{
		"missing":            "",
		"another scheme":     strings.Replace(good, m.scheme, "WECHATPAY2-SM2-WITH-SM3", 1),
		"no scheme":          strings.TrimPrefix(good, m.scheme+" "),
		"no quotes":          strings.ReplaceAll(good, `"`, ""),
		"a parameter less":   good[:strings.LastIndex(good, ",")],
		"a parameter twice":  good + `,mchid="1900000109"`,
		"a parameter more":   good + `,appid="wx8888888888888888"`,
		"an empty parameter": strings.Replace(good, `mchid="1900000109"`, `mchid=""`, 1),
		"not base64":         strings.Replace(good, `signature="`, `signature="*`, 1),
	} {
		t.Run(name, func(t *testing.T) {
			r := m.request(http.MethodGet, target, nil)
			r.Header.Set("Authorization", header)
			if header == "" {
				r.Header.Del("Authorization")
			}
			wantRefused(t, m.do(r), http.StatusUnauthorized, "SIGN_ERROR", "验证不通过")
		})
	}
}

func TestSignatureCoversEveryByte(t *testing.T) {
	m := start(t, mockserver.Options{})
	payload := m.encode(m.importBody("1001", phone))
	changed := []byte(strings.Replace(string(payload), "1001", "1002", 1))
	for name, tc := range map[string]struct {
		signedMethod, signedTarget string
		signedBody                 []byte
	}{
		"body":            {http.MethodPost, byPhone, changed},
		"space in body":   {http.MethodPost, byPhone, append([]byte(" "), payload...)},
		"no body":         {http.MethodPost, byPhone, nil},
		"method":          {http.MethodPatch, byPhone, payload},
		"path":            {http.MethodPost, userCards + "/import-by-openid", payload},
		"query":           {http.MethodPost, byPhone + "?a=b", payload},
		"escapes in path": {http.MethodPost, strings.Replace(byPhone, "-", "%2D", 1), payload},
	} {
		t.Run(name, func(t *testing.T) {
			r := m.request(http.MethodPost, byPhone, payload)
			r.Header.Set("Authorization", m.authorization(m.identity(), tc.signedMethod, tc.signedTarget, tc.signedBody))
			wantRefused(t, m.do(r), http.StatusUnauthorized, "SIGN_ERROR", "验证不通过")
		})
	}
	if cards := m.server.Cards(); len(cards) != 0 {
		t.Errorf("a refused request made %d cards", len(cards))
	}
}

func TestNonceIsUsedOnce(t *testing.T) {
	m := start(t, mockserver.Options{})
	target := cardTarget("1001", "oSample")
	id := m.identity()
	send := func() reply {
		r := m.request(http.MethodGet, target, nil)
		r.Header.Set("Authorization", m.authorization(id, http.MethodGet, target, nil))
		return m.do(r)
	}
	wantRefused(t, send(), http.StatusNotFound, "RESOURCE_NOT_EXISTS", "")
	wantRefused(t, send(), http.StatusUnauthorized, "SIGN_ERROR", "验证不通过")
	m.clock.add(9 * time.Minute)
	id.timestamp = strconv.FormatInt(m.clock.Now().Unix(), 10)
	wantRefused(t, send(), http.StatusUnauthorized, "SIGN_ERROR", "验证不通过")
	// Much later it is forgotten, because the memory is bounded.
	m.clock.add(time.Hour)
	id.timestamp = strconv.FormatInt(m.clock.Now().Unix(), 10)
	wantRefused(t, send(), http.StatusNotFound, "RESOURCE_NOT_EXISTS", "")
}

func TestNonceIsRememberedWhenOlderOnesAreDropped(t *testing.T) {
	m := start(t, mockserver.Options{})
	target := cardTarget("1001", "oSample")
	id := m.identity()
	send := func(id signed) reply {
		id.timestamp = strconv.FormatInt(m.clock.Now().Unix(), 10)
		r := m.request(http.MethodGet, target, nil)
		r.Header.Set("Authorization", m.authorization(id, http.MethodGet, target, nil))
		return m.do(r)
	}
	send(m.identity()) // The first nonce begins the ten minutes.
	m.clock.add(9 * time.Minute)
	wantRefused(t, send(id), http.StatusNotFound, "RESOURCE_NOT_EXISTS", "")
	m.clock.add(2 * time.Minute)
	send(m.identity())
	wantRefused(t, send(id), http.StatusUnauthorized, "SIGN_ERROR", "")
}

// A timestamp may be five minutes ahead, and is then accepted for ten minutes.
func TestNonceIsRememberedAsLongAsItsTimestampIsAccepted(t *testing.T) {
	m := start(t, mockserver.Options{})
	target := cardTarget("1001", "oSample")
	id := m.identity()
	id.timestamp = strconv.FormatInt(noon().Add(9*time.Minute).Unix(), 10)
	send := func(id signed) reply {
		r := m.request(http.MethodGet, target, nil)
		r.Header.Set("Authorization", m.authorization(id, http.MethodGet, target, nil))
		return m.do(r)
	}
	send(m.identity())
	m.clock.add(4 * time.Minute)
	wantRefused(t, send(id), http.StatusNotFound, "RESOURCE_NOT_EXISTS", "")
	for _, later := range []time.Duration{2 * time.Minute, 6 * time.Minute} { // This may drop others.
		m.clock.add(later)
		send(m.identity())
	}
	m.clock.add(2 * time.Minute)
	wantRefused(t, send(id), http.StatusUnauthorized, "SIGN_ERROR", "")
}

func TestForgedRequestDoesNotUseUpANonce(t *testing.T) {
	stranger, err := strangersKey()
	if err != nil {
		t.Fatal(err)
	}
	m := start(t, mockserver.Options{})
	target := cardTarget("1001", "oSample")
	id := m.identity()
	forged := id
	forged.key = stranger
	for _, tc := range []struct {
		id     signed
		status int
		code   string
	}{{forged, http.StatusUnauthorized, "SIGN_ERROR"}, {id, http.StatusNotFound, "RESOURCE_NOT_EXISTS"}} {
		r := m.request(http.MethodGet, target, nil)
		r.Header.Set("Authorization", m.authorization(tc.id, http.MethodGet, target, nil))
		wantRefused(t, m.do(r), tc.status, tc.code, "")
	}
}

func TestHeadersAreRequired(t *testing.T) {
	m := start(t, mockserver.Options{})
	for name, tc := range map[string]struct {
		header, value string
	}{
		"no User-Agent":            {"User-Agent", ""},
		"blank User-Agent":         {"User-Agent", " "},
		"no Accept":                {"Accept", ""},
		"Accept of something else": {"Accept", "text/html"},
		"Accept that excludes it":  {"Accept", "application/json;q=0"},
		"no Content-Type":          {"Content-Type", ""},
		"form Content-Type":        {"Content-Type", "application/x-www-form-urlencoded"},
		"another charset":          {"Content-Type", "application/json; charset=gbk"},
		"no Wechatpay-Serial":      {"Wechatpay-Serial", ""},
		"unknown Wechatpay-Serial": {"Wechatpay-Serial", "PUB_KEY_ID_0000000000000000000000000000"},
	} {
		t.Run(name, func(t *testing.T) {
			r := m.request(http.MethodPost, byPhone, m.encode(m.importBody("1001", phone)))
			r.Header.Set(tc.header, tc.value)
			if tc.value == "" && tc.header != "User-Agent" { // An empty User-Agent is not sent; a deleted one is Go's own.
				r.Header.Del(tc.header)
			}
			wantRefused(t, m.do(r), http.StatusBadRequest, "INVALID_REQUEST", "")
		})
	}
	for _, accept := range []string{"*/*", "application/*", "text/html, application/json;q=0.9"} {
		r := m.request(http.MethodGet, cardTarget("1001", "oSample"), nil)
		r.Header.Set("Accept", accept)
		wantRefused(t, m.do(r), http.StatusNotFound, "RESOURCE_NOT_EXISTS", "")
	}
}

func TestUnknownPathAnswersNotFound(t *testing.T) {
	m := start(t, mockserver.Options{})
	for _, target := range []string{"/", "/v3/pay/transactions/jsapi", userCards + "/", userCards + "/1001/activate", templates + "/pb1/activate", "/v3/brand/partner/card-member/cardsets"} {
		wantRefused(t, m.call(http.MethodGet, target, nil), http.StatusNotFound, "NOT_FOUND", "")
	}
	wantRefused(t, m.call(http.MethodDelete, cardTarget("1001", "o"), nil), http.StatusNotFound, "NOT_FOUND", "")
}

func TestRateLimitAppliesToEveryWindow(t *testing.T) {
	m := start(t, mockserver.Options{RequestsPerSecond: 5, RateCode: mockserver.FrequencyLimited})
	get := func() int {
		got := m.get("1001", "oSample")
		if got.status == http.StatusTooManyRequests {
			wantRefused(t, got, http.StatusTooManyRequests, "FREQUENCY_LIMITED", "")
		}
		return got.status
	}
	var statuses []int
	for range 3 {
		statuses = append(statuses, get())
	}
	m.clock.add(900 * time.Millisecond)
	for range 4 { // The window has room for two; a token bucket would have refilled.
		statuses = append(statuses, get())
	}
	m.clock.add(100 * time.Millisecond) // The first three have left the window.
	for range 4 {
		statuses = append(statuses, get())
	}
	want := []int{404, 404, 404, 404, 404, 429, 429, 404, 404, 404, 429}
	for i := range want {
		if statuses[i] != want[i] {
			t.Fatalf("statuses %v, want %v", statuses, want)
		}
	}
}

func TestUnsignedRequestDoesNotCountTowardsTheRate(t *testing.T) {
	m := start(t, mockserver.Options{RequestsPerSecond: 1})
	for range 3 {
		r := m.request(http.MethodGet, cardTarget("1001", "oSample"), nil)
		r.Header.Del("Authorization")
		wantRefused(t, m.do(r), http.StatusUnauthorized, "SIGN_ERROR", "")
	}
	wantRefused(t, m.get("1001", "oSample"), http.StatusNotFound, "RESOURCE_NOT_EXISTS", "")
	wantRefused(t, m.get("1001", "oSample"), http.StatusTooManyRequests, "RATELIMIT_EXCEEDED", "")
}

func TestRateBelowOnePerSecond(t *testing.T) {
	m := start(t, mockserver.Options{RequestsPerSecond: 0.5})
	if got := m.get("1001", "oSample").status; got != http.StatusNotFound {
		t.Fatal(got)
	}
	m.clock.add(1999 * time.Millisecond)
	wantRefused(t, m.get("1001", "oSample"), http.StatusTooManyRequests, "RATELIMIT_EXCEEDED", "")
	m.clock.add(time.Millisecond)
	if got := m.get("1001", "oSample").status; got != http.StatusNotFound {
		t.Fatal(got)
	}
}

func TestPlatformCertificateSignsAndDecrypts(t *testing.T) {
	m := start(t, mockserver.Options{SignWithPlatformCertificate: true})
	b := m.importBody("1001", phone)
	b["phone_number"] = m.encryptWith(&m.keys.PlatformKey.PublicKey, phone)
	r := m.request(http.MethodPost, byPhone, m.encode(b))
	serial := m.server.Credentials().PlatformCertificateSerialNo
	r.Header.Set("Wechatpay-Serial", serial)
	got := m.do(r)
	if got.status != http.StatusOK || got.header.Get("Wechatpay-Serial") != serial {
		t.Errorf("%d %s, signed by %s", got.status, got.raw, got.header.Get("Wechatpay-Serial"))
	}
}
