// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"crypto/ecdsa"
	"crypto/x509"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestConfigMustBeWhole(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change  func(*Config)
		missing string
	}{
		"whole":                       {func(*Config) {}, ""},
		"zero value":                  {func(c *Config) { *c = Config{} }, "MchID CertificateSerialNo PrivateKey PublicKey UserAgent"},
		"public key without its ID":   {func(c *Config) { c.PublicKeyID = "" }, "PublicKeyID"},
		"no WeChat Pay key":           {func(c *Config) { c.PublicKey, c.PublicKeyID = nil, "" }, "PublicKey"},
		"only a certificate":          {func(c *Config) { c.PublicKey, c.PublicKeyID, c.PlatformCertificate = nil, "", platform() }, ""},
		"certificate of another kind": {func(c *Config) { c.PlatformCertificate = &x509.Certificate{PublicKey: &ecdsa.PublicKey{}} }, "PlatformCertificate"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := testConfig(nil)
			tc.change(&cfg)
			client, err := New(cfg)
			var fields []string
			if joined, ok := err.(interface{ Unwrap() []error }); ok {
				for _, e := range joined.Unwrap() {
					var missing *ConfigError
					if !errors.As(e, &missing) {
						t.Fatalf("got %T", e)
					}
					fields = append(fields, missing.Field)
				}
			}
			if got := strings.Join(fields, " "); got != tc.missing || (err == nil) != (tc.missing == "") || (client == nil) != (err != nil) {
				t.Errorf("got %q (%v), want %q", got, err, tc.missing)
			}
		})
	}
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	cfg := testConfig(nil)
	cfg.RequestsPerSecond, cfg.CertificateSerialNo = 0, strings.ToLower(testMchSerial)
	client, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if c := client.cfg; c.Endpoint != MainEndpoint || c.BackupEndpoint != "" || c.RequestsPerSecond != 5 || c.RequestTimeout != 30*time.Second || c.RetryWait != time.Second || c.CertificateSerialNo != testMchSerial || c.Now == nil {
		t.Errorf("got %+v", c)
	}
}
