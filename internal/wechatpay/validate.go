// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"crypto/rsa"
	"errors"
	"fmt"
	"math"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// ConfigError says what is wrong with one field of a Config. New returns all of them, joined.
// Its text never repeats the field's value.
type ConfigError struct {
	// Field is the Config field's name.
	Field string
	// Problem says what is wrong and what is expected.
	Problem string
}

// Error implements error.
func (e *ConfigError) Error() string { return e.Field + ": " + e.Problem }

var (
	digits      = regexp.MustCompile(`^[0-9]{1,32}$`)
	hexadecimal = regexp.MustCompile(`^[0-9A-Fa-f]{1,64}$`)
	token       = regexp.MustCompile(`^[!-~]{1,128}$`)
	printable   = regexp.MustCompile(`^[ -~]{1,512}$`)
)

// complete returns the configuration with its defaults, or an error that joins a *ConfigError per mistake.
func (cfg Config) complete() (Config, error) {
	var problems []error
	bad := func(field, format string, args ...any) {
		problems = append(problems, &ConfigError{Field: field, Problem: fmt.Sprintf(format, args...)})
	}

	if !digits.MatchString(cfg.MchID) {
		bad("MchID", "must be the merchant number, digits only")
	}
	if !hexadecimal.MatchString(cfg.CertificateSerialNo) {
		bad("CertificateSerialNo", "must be the serial number of the merchant API certificate, hexadecimal without separators")
	}
	cfg.CertificateSerialNo = strings.ToUpper(cfg.CertificateSerialNo)

	switch {
	case cfg.PrivateKey == nil || cfg.PrivateKey.N == nil || cfg.PrivateKey.D == nil:
		bad("PrivateKey", "is required")
		cfg.PrivateKey = nil
	case cfg.PrivateKey.N.BitLen() < minKeyBits:
		bad("PrivateKey", "has %d bits; %d or more are needed", cfg.PrivateKey.N.BitLen(), minKeyBits)
	case cfg.PrivateKey.Validate() != nil:
		bad("PrivateKey", "is not a consistent RSA key")
	}

	if cfg.PublicKey == nil && cfg.PublicKeyID == "" && cfg.PlatformCertificate == nil {
		bad("PublicKey", "the WeChat Pay public key with its id, or a platform certificate, is required")
	}
	if (cfg.PublicKey == nil) != (cfg.PublicKeyID == "") {
		bad("PublicKeyID", "the WeChat Pay public key and its id must be given together")
	}
	if cfg.PublicKeyID != "" && !token.MatchString(cfg.PublicKeyID) {
		bad("PublicKeyID", "must be the id that WeChat Pay shows beside its public key (PUB_KEY_ID_…)")
	}
	if cfg.PublicKey != nil {
		checkPublic(bad, "PublicKey", cfg.PublicKey, cfg.PrivateKey)
	}
	if cfg.PlatformCertificate != nil {
		public, ok := cfg.PlatformCertificate.PublicKey.(*rsa.PublicKey)
		if !ok || public == nil || cfg.PlatformCertificate.SerialNumber == nil {
			bad("PlatformCertificate", "must carry an RSA key and a serial number")
		} else {
			checkPublic(bad, "PlatformCertificate", public, cfg.PrivateKey)
		}
	}

	if cfg.Endpoint == "" {
		cfg.Endpoint = MainEndpoint
	}
	endpoint, problem := parseEndpoint(cfg.Endpoint)
	if problem != "" {
		bad("Endpoint", "%s", problem)
	}
	cfg.Endpoint = endpoint
	if cfg.BackupEndpoint != "" {
		if endpoint, problem = parseEndpoint(cfg.BackupEndpoint); problem != "" {
			bad("BackupEndpoint", "%s", problem)
		}
		cfg.BackupEndpoint = endpoint
	}

	if cfg.RequestsPerSecond == 0 {
		cfg.RequestsPerSecond = DefaultRequestsPerSecond
	}
	if !(cfg.RequestsPerSecond > 0) || math.IsInf(cfg.RequestsPerSecond, 0) {
		bad("RequestsPerSecond", "must be greater than 0")
	}
	if cfg.MaxRetries < 0 {
		bad("MaxRetries", "must be 0 or more")
	}
	if cfg.RetryWait == 0 {
		cfg.RetryWait = DefaultRetryWait
	}
	if cfg.RetryWait < 0 {
		bad("RetryWait", "must be greater than 0")
	}
	if cfg.RequestTimeout == 0 {
		cfg.RequestTimeout = DefaultRequestTimeout
	}
	if cfg.RequestTimeout < 0 {
		bad("RequestTimeout", "must be greater than 0")
	}
	if !printable.MatchString(cfg.UserAgent) {
		bad("UserAgent", "is required, in printable ASCII")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return cfg, errors.Join(problems...)
}

func checkPublic(bad func(field, format string, args ...any), field string, public *rsa.PublicKey, private *rsa.PrivateKey) {
	switch {
	case public.N == nil || public.E < 2:
		bad(field, "is not an RSA key")
	case public.N.BitLen() < minKeyBits:
		bad(field, "has %d bits; %d or more are needed", public.N.BitLen(), minKeyBits)
	case private != nil && public.Equal(&private.PublicKey):
		bad(field, "is the merchant's own key; WeChat Pay's is needed")
	}
}

// parseEndpoint returns scheme and host, or a text that says what is wrong. Plain HTTP is allowed
// for loopback addresses only, because requests carry openids in the clear.
func parseEndpoint(endpoint string) (string, string) {
	u, err := url.Parse(endpoint)
	switch {
	case err != nil, u.Host == "" || u.Hostname() == "", u.Opaque != "":
		return "", "must be a scheme and a host, for instance " + MainEndpoint
	case u.User != nil, u.RawQuery != "" || u.ForceQuery, u.Fragment != "", u.Path != "" && u.Path != "/":
		return "", "must be only a scheme and a host, without user, path, query or fragment"
	case u.Scheme == "https":
	case u.Scheme == "http":
		if !isLoopback(u.Hostname()) {
			return "", "must be https; http is allowed for loopback addresses only"
		}
	default:
		return "", "must be https"
	}
	return u.Scheme + "://" + u.Host, ""
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	address, err := netip.ParseAddr(host)
	return err == nil && address.Unmap().IsLoopback()
}
