// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"
)

var (
	smallKey = sync.OnceValue(func() *rsa.PrivateKey {
		key, err := rsa.GenerateKey(rand.Reader, 1024)
		if err != nil {
			panic(err)
		}
		return key
	})
	curveKey = sync.OnceValue(func() *ecdsa.PrivateKey {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			panic(err)
		}
		return key
	})
)

func block(kind string, der []byte, err ...error) string {
	if errors.Join(err...) != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func pkcs8PEM(key any) string {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	return block("PRIVATE KEY", der, err)
}

func pkcs1PEM(key *rsa.PrivateKey) string {
	return block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key))
}

func pkixPEM(key any) string {
	der, err := x509.MarshalPKIXPublicKey(key)
	return block("PUBLIC KEY", der, err)
}

func certificatePEM() string { return block("CERTIFICATE", platform().Raw) }

// spellings are the ways in which a good PEM text reaches a configuration.
func spellings(text string) map[string]string {
	return map[string]string{
		"as it is": text, "CRLF": strings.ReplaceAll(text, "\n", "\r\n"), "CR": strings.ReplaceAll(text, "\n", "\r"),
		"spaces around": "\n\n  " + text + " \t\n", "no last line end": strings.TrimSuffix(text, "\n"), "byte-order mark": "\ufeff" + text,
		"text before":   "Bag Attributes\n    friendlyName: mch\nKey Attributes: <No Attributes>\n" + text,
		"indented":      "    " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n    "),
		"another first": block("SOMETHING ELSE", []byte("x")) + text,
	}
}

func wantProblem(t *testing.T, what string, err error, problem KeyProblem) {
	t.Helper()
	var bad *KeyError
	if !errors.As(err, &bad) || bad.Problem != problem {
		t.Errorf("%s: got %v, want %q", what, err, problem)
	}
}

func TestPrivateKey(t *testing.T) {
	t.Parallel()
	for _, text := range []string{pkcs8PEM(merchantKey()), pkcs1PEM(merchantKey())} {
		for name, spelling := range spellings(text) {
			key, err := ParsePrivateKey([]byte(spelling))
			if err != nil || !key.Equal(merchantKey()) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	curve, err := x509.MarshalECPrivateKey(curveKey())
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		text    string
		problem KeyProblem
	}{
		"nothing":            {"", KeyNoPEM},
		"a path":             {"/etc/wechatpay/apiclient_key.pem", KeyNoPEM},
		"escaped line ends":  {strings.ReplaceAll(pkcs8PEM(merchantKey()), "\n", `\n`), KeyEscapedNewlines},
		"escaped CRLF":       {strings.ReplaceAll(pkcs8PEM(merchantKey()), "\n", `\r\n`), KeyEscapedNewlines},
		"one line":           {strings.ReplaceAll(pkcs8PEM(merchantKey()), "\n", " "), KeyMalformed},
		"cut":                {pkcs8PEM(merchantKey())[:400], KeyMalformed},
		"cut inside":         {block("PRIVATE KEY", []byte("abc")), KeyMalformed},
		"cut inside, PKCS#1": {block("RSA PRIVATE KEY", []byte("abc")), KeyMalformed},
		"public key":         {pkixPEM(&wechatKey().PublicKey), KeyWrongKind},
		"certificate":        {certificatePEM(), KeyWrongKind},
		"encrypted PKCS#8":   {block("ENCRYPTED PRIVATE KEY", []byte("abc")), KeyEncrypted},
		"encrypted PKCS#1":   {"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nYWJj\n-----END RSA PRIVATE KEY-----\n", KeyEncrypted},
		"EC":                 {block("EC PRIVATE KEY", curve), KeyNotRSA},
		"EC in PKCS#8":       {pkcs8PEM(curveKey()), KeyNotRSA},
		"too short":          {pkcs8PEM(smallKey()), KeyTooShort},
		"too short, PKCS#1":  {pkcs1PEM(smallKey()), KeyTooShort},
		"OpenSSH":            {block("OPENSSH PRIVATE KEY", []byte("abc")), KeyWrongKind},
	} {
		_, err := ParsePrivateKey([]byte(tc.text))
		wantProblem(t, name, err, tc.problem)
	}
	// A file with both is common.
	if _, err := ParsePrivateKey([]byte(certificatePEM() + pkcs8PEM(merchantKey()))); err != nil {
		t.Error(err)
	}
}

func TestPublicKey(t *testing.T) {
	t.Parallel()
	for _, text := range []string{pkixPEM(&wechatKey().PublicKey), block("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(&wechatKey().PublicKey))} {
		for name, spelling := range spellings(text) {
			key, err := ParsePublicKey([]byte(spelling))
			if err != nil || !key.Equal(&wechatKey().PublicKey) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	for name, tc := range map[string]struct {
		text    string
		problem KeyProblem
		words   string
	}{
		"nothing":           {"", KeyNoPEM, "no PEM block"},
		"escaped line ends": {strings.ReplaceAll(pkixPEM(&wechatKey().PublicKey), "\n", `\n`), KeyEscapedNewlines, `\ and n`},
		"private key":       {pkcs8PEM(merchantKey()), KeyWrongKind, "a private key was given"},
		"PKCS#1":            {pkcs1PEM(merchantKey()), KeyWrongKind, "a private key was given"},
		"certificate":       {certificatePEM(), KeyWrongKind, "a certificate was given"},
		"EC":                {pkixPEM(&curveKey().PublicKey), KeyNotRSA, "not an RSA key"},
		"too short":         {pkixPEM(&smallKey().PublicKey), KeyTooShort, "1024 bits"},
		"cut inside":        {block("PUBLIC KEY", []byte("abc")), KeyMalformed, "cannot be read"},
	} {
		_, err := ParsePublicKey([]byte(tc.text))
		wantProblem(t, name, err, tc.problem)
		if !strings.Contains(err.Error(), tc.words) {
			t.Errorf("%s: %q does not say %q", name, err, tc.words)
		}
	}
}

func TestPlatformCertificate(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for name, spelling := range spellings(certificatePEM()) {
		certificate, err := ParsePlatformCertificate([]byte(spelling), now)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := CertificateSerial(certificate); got != "0A1B2C3D4E" {
			t.Errorf("serial %s", got)
		}
	}
	_, err := ParsePlatformCertificate([]byte(certificatePEM()), now.AddDate(100, 0, 0))
	wantProblem(t, "expired", err, CertificateExpired)
	if !strings.Contains(err.Error(), "2099-01-01") {
		t.Errorf("%q does not say when", err)
	}
	_, err = ParsePlatformCertificate([]byte(certificatePEM()), now.AddDate(-50, 0, 0))
	wantProblem(t, "not yet valid", err, CertificateNotYetValid)
	_, err = ParsePlatformCertificate([]byte(pkcs8PEM(merchantKey())), now)
	wantProblem(t, "private key", err, KeyWrongKind)
	_, err = ParsePlatformCertificate([]byte(pkixPEM(&wechatKey().PublicKey)), now)
	wantProblem(t, "public key", err, KeyWrongKind)
	_, err = ParsePlatformCertificate([]byte(block("CERTIFICATE", newTestCertificate(smallKey(), 1).Raw)), now)
	wantProblem(t, "too short", err, KeyTooShort)
	_, err = ParsePlatformCertificate([]byte(block("CERTIFICATE", []byte("abc"))), now)
	wantProblem(t, "cut", err, KeyMalformed)
}

func FuzzKeys(f *testing.F) {
	for _, text := range []string{pkcs8PEM(merchantKey()), pkcs1PEM(merchantKey()), pkixPEM(&wechatKey().PublicKey), certificatePEM(), pkcs8PEM(curveKey()), "", `-----BEGIN PRIVATE KEY-----\nMII`} {
		f.Add([]byte(text))
	}
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text []byte) {
		private, err := ParsePrivateKey(text)
		checkKeyError(t, text, err)
		if err == nil && private.N.BitLen() < minKeyBits {
			t.Error("a short key was taken")
		}
		_, err = ParsePublicKey(text)
		checkKeyError(t, text, err)
		_, err = ParsePlatformCertificate(text, now)
		checkKeyError(t, text, err)
	})
}

// checkKeyError makes sure that no line of what was given is repeated.
func checkKeyError(t *testing.T, text []byte, err error) {
	t.Helper()
	if err == nil {
		return
	}
	if _, ok := errors.AsType[*KeyError](err); !ok {
		t.Fatalf("got %T", err)
	}
	for line := range bytes.SplitSeq(text, []byte("\n")) {
		if line = bytes.TrimSpace(line); len(line) > 30 && !bytes.HasPrefix(line, []byte("-----")) && strings.Contains(err.Error(), string(line)) {
			t.Errorf("%q repeats what was given", err)
		}
	}
}
