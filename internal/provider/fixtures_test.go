// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io/fs"
	"math/big"
	"sync"
	"testing"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/journal"
)

// testNow is the clock of these tests.
func testNow() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

// pems are the keys and certificates of these tests, as text.
type pems struct {
	private, privatePKCS1, privateOther, privateShort, privateEC, privateEncrypted string
	// public belongs to nobody here; publicOwn to private.
	public, publicShort, publicEC, publicOwn, publicPKCS1 string
	certificate, expired, early, own                      string
	// renewed is the merchant's next certificate, with another key.
	renewed, authority, certificateEC, certificateShort string
	certificateSerial, ownSerial                        string
}

var testPEMs = sync.OnceValue(func() pems {
	merchant, wechatPay, platform := newRSA(2048), newRSA(2048), newRSA(2048)
	short := newRSA(1024)
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(err)
	day := 24 * time.Hour
	p := pems{
		private:      pkcs8(merchant),
		privatePKCS1: text("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(merchant)),
		privateOther: pkcs8(platform),
		privateShort: pkcs8(short),
		privateEC:    pkcs8(ec),
		// Only the block's type is looked at.
		privateEncrypted: text("ENCRYPTED PRIVATE KEY", []byte("encrypted")),
		public:           pkix8(wechatPay.Public()),
		publicShort:      pkix8(short.Public()),
		publicEC:         pkix8(ec.Public()),
		publicOwn:        pkix8(merchant.Public()),
		publicPKCS1:      text("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(&wechatPay.PublicKey)),
	}
	p.certificate, p.certificateSerial = selfSigned(platform, testNow().Add(-day), testNow().Add(day))
	p.expired, _ = selfSigned(platform, testNow().Add(-2*day), testNow().Add(-day))
	p.early, _ = selfSigned(platform, testNow().Add(day), testNow().Add(2*day))
	p.own, p.ownSerial = selfSigned(merchant, testNow().Add(-day), testNow().Add(day))
	p.renewed = certificateOf(wechatPay, &x509.Certificate{Subject: pkix.Name{CommonName: "1900000109"}})
	p.authority = certificateOf(platform, &x509.Certificate{IsCA: true, BasicConstraintsValid: true})
	p.certificateEC = certificateOf(ec, &x509.Certificate{})
	p.certificateShort = certificateOf(short, &x509.Certificate{})
	return p
})

func newRSA(bits int) *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, bits)
	check(err)
	return key
}

func pkcs8(key any) string {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	check(err)
	return text("PRIVATE KEY", der)
}

func pkix8(key any) string {
	der, err := x509.MarshalPKIXPublicKey(key)
	check(err)
	return text("PUBLIC KEY", der)
}

func selfSigned(key *rsa.PrivateKey, from, to time.Time) (certificate, serial string) {
	number, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 150))
	check(err)
	template := &x509.Certificate{SerialNumber: number, Subject: pkix.Name{CommonName: "test"}, NotBefore: from, NotAfter: to}
	return certificateOf(key, template), number.Text(16)
}

// certificateOf is valid now unless the template says otherwise.
func certificateOf(key crypto.Signer, template *x509.Certificate) string {
	if template.NotAfter.IsZero() {
		template.SerialNumber = big.NewInt(1)
		template.NotBefore, template.NotAfter = testNow().Add(-time.Hour), testNow().Add(time.Hour)
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	check(err)
	return text("CERTIFICATE", der)
}

func text(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

// testPublicKeyID is a WeChat Pay public key's ID as WeChat Pay makes them.
const testPublicKeyID = "PUB_KEY_ID_0114232134912410000000000000"

// testEnv has the environment variables and files of one case.
type testEnv struct {
	vars  map[string]string
	files map[string]string
}

// completeEnv has a complete environment with keys inline and no file.
func completeEnv() testEnv {
	return testEnv{
		vars: map[string]string{
			"WECHATPAY_MCHID":                 "1900000109",
			"WECHATPAY_CERTIFICATE_SERIAL_NO": "5157F09EFDC096DE15EBE81A47057A7232F1B8E1",
			"WECHATPAY_PRIVATE_KEY":           testPEMs().private,
			"WECHATPAY_PUBLIC_KEY_ID":         testPublicKeyID,
			"WECHATPAY_PUBLIC_KEY":            testPEMs().public,
		},
		files: map[string]string{},
	}
}

func (e testEnv) sources(t *testing.T) sources {
	t.Helper()
	return sources{
		getenv: func(name string) string { return e.vars[name] },
		readFile: func(name string) ([]byte, error) {
			content, ok := e.files[name]
			if !ok {
				return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
			}
			return []byte(content), nil
		},
		openJournal: journal.Open,
		now:         testNow,
	}
}
