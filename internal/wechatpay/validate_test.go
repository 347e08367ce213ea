// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"
	"time"
)

func TestConfigIsChecked(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change func(*Config)
		fields string
	}{
		"good":                        {func(*Config) {}, ""},
		"zero value":                  {func(c *Config) { *c = Config{} }, "MchID CertificateSerialNo PrivateKey PublicKey UserAgent"},
		"merchant number":             {func(c *Config) { c.MchID = "19x" }, "MchID"},
		"serial":                      {func(c *Config) { c.CertificateSerialNo = "51:57" }, "CertificateSerialNo"},
		"quote in the serial":         {func(c *Config) { c.CertificateSerialNo = `51"` }, "CertificateSerialNo"},
		"serial in lower case":        {func(c *Config) { c.CertificateSerialNo = strings.ToLower(testMchSerial) }, ""},
		"no private key":              {func(c *Config) { c.PrivateKey = nil }, "PrivateKey"},
		"empty private key":           {func(c *Config) { c.PrivateKey = &rsa.PrivateKey{} }, "PrivateKey"},
		"short private key":           {func(c *Config) { c.PrivateKey = smallKey() }, "PrivateKey"},
		"broken private key":          {func(c *Config) { k := *merchantKey(); k.D = big.NewInt(3); c.PrivateKey = &k }, "PrivateKey"},
		"no WeChat Pay key":           {func(c *Config) { c.PublicKey, c.PublicKeyID = nil, "" }, "PublicKey"},
		"key without id":              {func(c *Config) { c.PublicKeyID = "" }, "PublicKeyID"},
		"id without key":              {func(c *Config) { c.PublicKey = nil }, "PublicKeyID"},
		"id with a line end":          {func(c *Config) { c.PublicKeyID = "a\r\nb" }, "PublicKeyID"},
		"short public key":            {func(c *Config) { c.PublicKey = &smallKey().PublicKey }, "PublicKey"},
		"empty public key":            {func(c *Config) { c.PublicKey = &rsa.PublicKey{} }, "PublicKey"},
		"one's own public key":        {func(c *Config) { c.PublicKey = &merchantKey().PublicKey }, "PublicKey"},
		"only a certificate":          {func(c *Config) { c.PublicKey, c.PublicKeyID, c.PlatformCertificate = nil, "", platform() }, ""},
		"certificate of another kind": {func(c *Config) { c.PlatformCertificate = &x509.Certificate{PublicKey: &ecdsa.PublicKey{}} }, "PlatformCertificate"},
		"short certificate":           {func(c *Config) { c.PlatformCertificate = newTestCertificate(smallKey(), 1) }, "PlatformCertificate"},
		"one's own certificate":       {func(c *Config) { c.PlatformCertificate = newTestCertificate(merchantKey(), 1) }, "PlatformCertificate"},
		"plain HTTP":                  {func(c *Config) { c.Endpoint = "http://api.mch.weixin.qq.com" }, "Endpoint"},
		"plain HTTP to a name of it":  {func(c *Config) { c.Endpoint = "http://127.0.0.1.example" }, "Endpoint"},
		"loopback":                    {func(c *Config) { c.Endpoint = "http://127.0.0.1:8080/" }, ""},
		"loopback, another":           {func(c *Config) { c.Endpoint = "http://127.8.9.1:8080" }, ""},
		"loopback, IPv6":              {func(c *Config) { c.Endpoint = "http://[::1]:8080" }, ""},
		"loopback, by name":           {func(c *Config) { c.Endpoint = "http://localhost:8080" }, ""},
		"path":                        {func(c *Config) { c.Endpoint = "https://a/v3" }, "Endpoint"},
		"query":                       {func(c *Config) { c.Endpoint = "https://a?b" }, "Endpoint"},
		"user":                        {func(c *Config) { c.Endpoint = "https://secret:pw@a" }, "Endpoint"},
		"fragment":                    {func(c *Config) { c.Endpoint = "https://a#secret" }, "Endpoint"},
		"no scheme":                   {func(c *Config) { c.Endpoint = "api.mch.weixin.qq.com" }, "Endpoint"},
		"other scheme":                {func(c *Config) { c.Endpoint = "ftp://a" }, "Endpoint"},
		"no URL":                      {func(c *Config) { c.Endpoint = "https://a b\x00secret" }, "Endpoint"},
		"backup":                      {func(c *Config) { c.BackupEndpoint = "http://a" }, "BackupEndpoint"},
		"rate":                        {func(c *Config) { c.RequestsPerSecond = -1 }, "RequestsPerSecond"},
		"no rate":                     {func(c *Config) { c.RequestsPerSecond = math.NaN() }, "RequestsPerSecond"},
		"endless rate":                {func(c *Config) { c.RequestsPerSecond = math.Inf(1) }, "RequestsPerSecond"},
		"retries":                     {func(c *Config) { c.MaxRetries = -1 }, "MaxRetries"},
		"time":                        {func(c *Config) { c.RequestTimeout = -time.Second }, "RequestTimeout"},
		"retry wait":                  {func(c *Config) { c.RetryWait = -1 }, "RetryWait"},
		"no agent":                    {func(c *Config) { c.UserAgent = "" }, "UserAgent"},
		"agent with a line end":       {func(c *Config) { c.UserAgent = "a\r\nb" }, "UserAgent"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := testConfig(nil)
			tc.change(&cfg)
			client, err := New(cfg)
			var fields []string
			if joined, ok := err.(interface{ Unwrap() []error }); ok {
				for _, e := range joined.Unwrap() {
					var bad *ConfigError
					if !errors.As(e, &bad) || bad.Problem == "" {
						t.Fatalf("got %T", e)
					}
					fields = append(fields, bad.Field)
				}
			}
			if got := strings.Join(fields, " "); got != tc.fields || (err == nil) != (tc.fields == "") || (client == nil) != (err != nil) {
				t.Errorf("got %q (%v), want %q", got, err, tc.fields)
			}
			if err != nil && (strings.Contains(err.Error(), "secret") || strings.Contains(err.Error(), merchantKey().N.String())) {
				t.Errorf("%q repeats what was given", err)
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
