// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"crypto/rsa"
	"errors"
	"strings"
	"time"
)

// ConfigError names a part of Config that is required and missing. New joins all of them.
type ConfigError struct {
	// Field is the Config field's name.
	Field string
}

// Error implements error.
func (e *ConfigError) Error() string { return e.Field + " is missing" }

// complete returns the configuration with its defaults, or an error for what is missing.
// Whether the values are right is checked before, where they can be named to the user:
// package provider does that for every value, and nobody else makes a Config.
func (cfg Config) complete() (Config, error) {
	var missing []error
	require := func(field string, given bool) {
		if !given {
			missing = append(missing, &ConfigError{Field: field})
		}
	}
	require("MchID", cfg.Mode == ModeBrand || cfg.MchID != "")
	require("BrandID", cfg.Mode != ModeBrand || cfg.BrandID != "")
	require("CertificateSerialNo", cfg.CertificateSerialNo != "")
	require("PrivateKey", cfg.PrivateKey != nil)
	if cfg.Mode == ModeBrand {
		cfg.PlatformCertificate = nil
	}
	require("PublicKey", cfg.PublicKey != nil || cfg.PlatformCertificate != nil)
	require("PublicKeyID", cfg.PublicKey == nil || cfg.PublicKeyID != "")
	if cfg.PlatformCertificate != nil {
		_, isRSA := cfg.PlatformCertificate.PublicKey.(*rsa.PublicKey)
		require("PlatformCertificate", isRSA)
	}
	require("UserAgent", cfg.UserAgent != "")

	cfg.CertificateSerialNo = strings.ToUpper(cfg.CertificateSerialNo)
	if cfg.Endpoint == "" {
		cfg.Endpoint = MainEndpoint
	}
	if cfg.RequestsPerSecond == 0 {
		cfg.RequestsPerSecond = DefaultRequestsPerSecond
	}
	if cfg.RetryWait == 0 {
		cfg.RetryWait = DefaultRetryWait
	}
	if cfg.RequestTimeout == 0 {
		cfg.RequestTimeout = DefaultRequestTimeout
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return cfg, errors.Join(missing...)
}
