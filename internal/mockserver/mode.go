// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"crypto/rsa"
	"strings"
)

// mode is one of the two ways to call the product: as a service provider for a
// brand, or as a brand for itself (official pages 4015407523 and 4015407568). It
// is chosen by the path of a request, and has everything in which the two differ.
type mode struct {
	// prefix is the path before /cards and /user-cards.
	prefix string
	// scheme is the scheme of Authorization, and the signature type of answers.
	scheme string
	// identityName and identity are the parameter of Authorization that says who
	// calls, and the value that it must have.
	identityName, identity string
	// serialNo and callerKey are the certificate that the caller signs with. Its
	// key also encrypts the sensitive fields of answers.
	serialNo  string
	callerKey *rsa.PublicKey
	// decryptionKeys decrypt the sensitive fields of requests, by the value of
	// Wechatpay-Serial.
	decryptionKeys map[string]*rsa.PrivateKey
	// answerKey signs answers; otherKey is a key that the caller may not know.
	answerKey, otherKey answerKey
	// serialRequired says that every request must have Wechatpay-Serial, not only
	// one with encrypted fields.
	serialRequired bool
	// brandID is the brand of every call; "" when the call has brand_id itself.
	brandID string
	// modifyKeys and invalidateKeys say where these calls have their ids.
	modifyKeys, invalidateKeys KeyPlace
	// importByPhone says that the mode has this call.
	importByPhone bool
	// rate limits the requests of this caller.
	rate *rateLimit
}

// modes are the two modes that a server has at the same time.
type modes struct{ serviceProvider, brand *mode }

func (s *Server) newModes() modes {
	k := s.keys
	platformSerial := SerialNumber(k.PlatformCertificate)
	public := answerKey{k.WeChatPayKey, k.PublicKeyID}
	platform := answerKey{k.PlatformKey, platformSerial}
	provider := &mode{
		prefix: "/v3/brand/partner/card-member", scheme: "WECHATPAY2-SHA256-RSA2048",
		identityName: "mchid", identity: mchID,
		serialNo: SerialNumber(k.MerchantCertificate), callerKey: &k.MerchantKey.PublicKey,
		decryptionKeys: map[string]*rsa.PrivateKey{k.PublicKeyID: k.WeChatPayKey, platformSerial: k.PlatformKey},
		answerKey:      public, otherKey: platform,
		modifyKeys:     s.options.ModifyKeys.or(KeysInQuery),
		invalidateKeys: s.options.InvalidateKeys.or(KeysInQuery),
		importByPhone:  true,
		rate:           newRateLimit(s.options.RequestsPerSecond),
	}
	if s.options.SignWithPlatformCertificate {
		provider.answerKey, provider.otherKey = platform, public
	}
	brand := &mode{
		prefix: "/brand/card-member", scheme: "WECHATPAY-BRAND-SHA256-RSA2048",
		identityName: "brand_id", identity: s.options.BrandID, brandID: s.options.BrandID,
		serialNo: SerialNumber(k.BrandCertificate), callerKey: &k.BrandKey.PublicKey,
		decryptionKeys: map[string]*rsa.PrivateKey{k.BrandPublicKeyID: k.BrandWeChatPayKey},
		answerKey:      answerKey{k.BrandWeChatPayKey, k.BrandPublicKeyID}, otherKey: public,
		serialRequired: true,
		modifyKeys:     s.options.ModifyKeys.or(KeysInBody),
		invalidateKeys: s.options.InvalidateKeys.or(KeysInBody),
		rate:           newRateLimit(s.options.RequestsPerSecond),
	}
	return modes{provider, brand}
}

// of returns the mode of a path, also of one that does not exist.
func (m modes) of(path string) *mode {
	if strings.HasPrefix(path, "/brand/") {
		return m.brand
	}
	return m.serviceProvider
}
