// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import "strings"

// MerchantMode is the kind of merchant that calls.
type MerchantMode string

// The kinds of merchants.
const (
	// ModeServiceProvider is a service provider that calls for brands: the default.
	ModeServiceProvider MerchantMode = "service_provider"
	// ModeBrand is a brand that calls for itself, with its own brand API certificate.
	// Official page: https://pay.weixin.qq.com/doc/brand/4015407523
	ModeBrand MerchantMode = "brand"
)

// sdkAuthorization is how the SDK begins every Authorization.
const sdkAuthorization = `WECHATPAY2-SHA256-RSA2048 mchid="`

// mode is everything in which the requests of one kind of merchant differ from those of the
// other. Config chooses it once; no call asks which mode it is in.
type mode struct {
	// scheme is the scheme of Authorization, and identity the name of id in it.
	scheme, identity string
	// id says who calls: the merchant number, or the id of the brand.
	id string
	// brand is the only brand that the requests can be about; empty where they name one.
	brand string
	// routes are the calls, and where their keys go.
	routes routes
	// rateKey names that for which WeChat Pay counts requests.
	rateKey string
}

func (cfg Config) mode() mode {
	if cfg.Mode == ModeBrand {
		return mode{scheme: "WECHATPAY-BRAND-SHA256-RSA2048", identity: "brand_id", id: cfg.BrandID, brand: cfg.BrandID, routes: brandRoutes(), rateKey: "brand-" + cfg.BrandID}
	}
	return mode{scheme: "WECHATPAY2-SHA256-RSA2048", identity: "mchid", id: cfg.MchID, routes: serviceProviderRoutes(), rateKey: "mchid-" + cfg.MchID}
}

// authorization is the SDK's Authorization with this mode's scheme and identity. The SDK knows
// service providers only; what it signs has neither of the two in it.
func (m mode) authorization(header string) string {
	rest, ok := strings.CutPrefix(header, sdkAuthorization)
	if !ok {
		return header
	}
	return m.scheme + " " + m.identity + `="` + rest
}
