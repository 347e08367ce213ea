// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// bareCrypto is what one import cannot do without: encrypt the phone number, sign the
// request, verify the answer, decrypt its phone number.
func bareCrypto(tb testing.TB) func() {
	tb.Helper()
	message := []byte(strings.Repeat("x", 700))
	digest := sha256.Sum256(message)
	answerSignature, err := rsa.SignPKCS1v15(nil, wechatKey(), crypto.SHA256, digest[:])
	if err != nil {
		tb.Fatal(err)
	}
	answerPhone, err := rsa.EncryptOAEP(sha1.New(), rand.Reader, &merchantKey().PublicKey, []byte(testPhone), nil)
	if err != nil {
		tb.Fatal(err)
	}
	return func() {
		if _, err := rsa.EncryptOAEP(sha1.New(), rand.Reader, &wechatKey().PublicKey, []byte(testPhone), nil); err != nil {
			tb.Fatal(err)
		}
		digest := sha256.Sum256(message)
		if _, err := rsa.SignPKCS1v15(nil, merchantKey(), crypto.SHA256, digest[:]); err != nil {
			tb.Fatal(err)
		}
		digest = sha256.Sum256(message)
		if err := rsa.VerifyPKCS1v15(&wechatKey().PublicKey, crypto.SHA256, digest[:], answerSignature); err != nil {
			tb.Fatal(err)
		}
		if _, err := rsa.DecryptOAEP(sha1.New(), nil, merchantKey(), answerPhone, nil); err != nil {
			tb.Fatal(err)
		}
	}
}

// cannedAnswer answers every request with one card that was signed before, with the headers
// that WeChat Pay sends: what the server costs is the same for every way of calling it.
func cannedAnswer(tb testing.TB) *httptest.Server {
	tb.Helper()
	body := []byte(cardJSON(nil))
	header := http.Header{}
	sign(header, string(body), nil, "", time.Now())
	for name, value := range map[string]string{
		"Server": "nginx", "Content-Type": "application/json; charset=utf-8", "Keep-Alive": "timeout=8",
		"Cache-Control": "no-cache, must-revalidate", "X-Content-Type-Options": "nosniff", "Content-Language": "zh-CN",
		"Request-ID": "08E7A8ABC60610F5021883BCCC5620D8A70128AF8901-186739452-01",
	} {
		header.Set(name, value)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		_, _ = io.Copy(io.Discard, req.Body)
		maps.Copy(w.Header(), header)
		_, _ = w.Write(body)
	}))
	tb.Cleanup(server.Close)
	return server
}

// plainRoundTrip is the same request and answer without any cryptography of ours, by net/http.
func plainRoundTrip(tb testing.TB, endpoint string) func() {
	tb.Helper()
	body, err := json.Marshal(map[string]string{
		"brand_id": testBrand, "card_id": testCard, "user_card_code": testCode,
		"phone_number": encryptFor(&wechatKey().PublicKey, testPhone),
	})
	if err != nil {
		tb.Fatal(err)
	}
	authorization := "WECHATPAY2-SHA256-RSA2048 " + strings.Repeat("x", 500)
	client := &http.Client{Transport: &http.Transport{}}
	tb.Cleanup(client.CloseIdleConnections)
	return func() {
		req, err := http.NewRequestWithContext(tb.Context(), http.MethodPost, endpoint+serviceProviderRoutes()[OperationImport].path, bytes.NewReader(body))
		if err != nil {
			tb.Fatal(err)
		}
		req.Header.Set("Authorization", authorization)
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set("Accept", "application/json")
		req.Header.Set("Wechatpay-Serial", testKeyID)
		resp, err := client.Do(req)
		if err != nil {
			tb.Fatal(err)
		}
		defer func() { _ = resp.Body.Close() }()
		if _, err := io.ReadAll(resp.Body); err != nil {
			tb.Fatal(err)
		}
	}
}

// BenchmarkImport reports what an import through a real loopback connection costs, beside its
// bare cryptography and one plain HTTP round trip. The three alternate, so that a machine that
// is busy for a while is busy for all of them.
func BenchmarkImport(b *testing.B) {
	server := cannedAnswer(b)
	client := newTestClient(b, nil, func(c *Config) { c.Endpoint, c.RequestsPerSecond = server.URL, 1e9 })
	bare, plain := bareCrypto(b), plainRoundTrip(b, server.URL)
	req := importRequest()
	var inCrypto, inHTTP time.Duration
	for b.Loop() {
		b.StopTimer()
		begun := time.Now()
		bare()
		inCrypto += time.Since(begun)
		begun = time.Now()
		plain()
		inHTTP += time.Since(begun)
		b.StartTimer()
		if _, err := client.ImportByPhone(b.Context(), req); err != nil {
			b.Fatal(err)
		}
	}
	perImport := func(d time.Duration) float64 { return float64(d.Microseconds()) / float64(b.N) }
	b.ReportMetric(float64(b.Elapsed())/float64(inCrypto+inHTTP), "×(crypto+HTTP)")
	b.ReportMetric(perImport(inCrypto), "µs-crypto")
	b.ReportMetric(perImport(inHTTP), "µs-HTTP")
}

// BenchmarkBareCrypto is only that cryptography, on the same keys.
func BenchmarkBareCrypto(b *testing.B) {
	bare := bareCrypto(b)
	for b.Loop() {
		bare()
	}
}

// BenchmarkPlainHTTP is only that round trip.
func BenchmarkPlainHTTP(b *testing.B) {
	plain := plainRoundTrip(b, cannedAnswer(b).URL)
	for b.Loop() {
		plain()
	}
}
