// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"net/http"
	"time"
)

// The documented hosts. Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336982
const (
	// MainEndpoint reaches the nearest access point.
	MainEndpoint = "https://api.mch.weixin.qq.com"
	// BackupEndpoint reaches an access point in another city.
	BackupEndpoint = "https://api2.mch.weixin.qq.com"
)

// The defaults of Config.
const (
	DefaultRequestsPerSecond = 5.0
	DefaultMaxRetries        = 4
	DefaultRequestTimeout    = 30 * time.Second
	DefaultRetryWait         = time.Second
)

// Config is all that a Client needs.
type Config struct {
	// Mode is the kind of merchant; default ModeServiceProvider.
	Mode MerchantMode
	// MchID is the service provider's merchant number, digits; not used by a brand.
	MchID string
	// BrandID is the id of the brand that calls for itself; not used by a service provider, whose
	// requests name their brands.
	BrandID string
	// CertificateSerialNo is the serial number of the API certificate (the merchant's, or the
	// brand's own), hexadecimal.
	CertificateSerialNo string
	// PrivateKey is that certificate's key, 2048 bits or more.
	PrivateKey *rsa.PrivateKey

	// PublicKeyID (PUB_KEY_ID_…) and PublicKey are the WeChat Pay public key.
	// It encrypts when it is given; PlatformCertificate does otherwise.
	// At least one of the two must be given; either verifies, by the serial that an answer names.
	PublicKeyID string
	PublicKey   *rsa.PublicKey
	// PlatformCertificate is for merchants that are still on platform certificates; a brand has none.
	PlatformCertificate *x509.Certificate

	// Endpoint is scheme and host; default MainEndpoint.
	Endpoint string
	// BackupEndpoint is tried when no connection to Endpoint can be made; empty means none.
	BackupEndpoint string

	// RequestsPerSecond counts every attempt of this client; default DefaultRequestsPerSecond.
	RequestsPerSecond float64
	// RateFolder is a folder of this user in which the processes of this machine that call for one
	// merchant number (or brand) take turns within RequestsPerSecond. It is made when it is needed.
	// Empty, or where it cannot be written, this client does not look at other processes.
	RateFolder string
	// MaxRetries is how often a call is tried again after its first attempt; 0 means never.
	MaxRetries int
	// RetryWait is what the wait before the first retry is at most: anything up to it, by
	// chance. Each following wait may be twice as long, up to thirty times RetryWait.
	// Default DefaultRetryWait.
	RetryWait time.Duration
	// RequestTimeout bounds one attempt; default DefaultRequestTimeout.
	RequestTimeout time.Duration

	// UserAgent is sent with every request; required.
	UserAgent string
	// Log receives events without personal data; nil means none. It must be safe for concurrent use.
	Log LogFunc

	// Transport sends the requests; nil means a clone of the default one, proxies from the environment.
	Transport http.RoundTripper
	// Now is the clock; nil means time.Now.
	Now func() time.Time
}

// LogFunc receives one event of the client: a message and fields, none of which is personal or secret.
type LogFunc func(ctx context.Context, message string, fields map[string]any)
