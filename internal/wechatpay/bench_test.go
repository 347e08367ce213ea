// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"io"
	"net/http"
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

// cannedService always gives one answer, signed before: it costs next to nothing.
func cannedService() http.RoundTripper {
	body, header := cardJSON(nil), http.Header{}
	sign(header, body, nil, "", time.Now())
	return transportFunc(func(req *http.Request) (*http.Response, error) {
		if _, err := io.Copy(io.Discard, req.Body); err != nil {
			return nil, err
		}
		return &http.Response{StatusCode: http.StatusOK, Header: header, Body: io.NopCloser(strings.NewReader(body)), Request: req}, nil
	})
}

// BenchmarkImport reports what a whole import costs as a multiple of its bare cryptography.
func BenchmarkImport(b *testing.B) {
	client := newTestClient(b, cannedService(), func(c *Config) { c.RequestsPerSecond = 1e9 })
	bare := bareCrypto(b)
	req := importRequest()
	var inCrypto time.Duration
	for b.Loop() {
		b.StopTimer()
		begun := time.Now()
		bare()
		inCrypto += time.Since(begun)
		b.StartTimer()
		if _, err := client.ImportByPhone(b.Context(), req); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed())/float64(inCrypto), "×bare-crypto")
}

// BenchmarkBareCrypto is only that cryptography, on the same keys.
func BenchmarkBareCrypto(b *testing.B) {
	bare := bareCrypto(b)
	for b.Loop() {
		bare()
	}
}
