// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// merchantMode says which credentials belong to a mode and where a person finds them. The
// zero mode is the one that is not known yet: nothing is missing then, and nothing is refused
// for belonging to another mode.
type merchantMode struct {
	client wechatpay.MerchantMode
	// certificate is the one that signs requests.
	certificate string
	// certificatePlace and publicKeyPlace are menus of the merchant's platform.
	certificatePlace string
	publicKeyPlace   string
	// limited is what WeChat Pay counts requests for.
	limited string
}

var merchantModes = map[wechatpay.MerchantMode]merchantMode{
	wechatpay.ModeServiceProvider: {
		client:           wechatpay.ModeServiceProvider,
		certificate:      "merchant API certificate",
		certificatePlace: "merchant platform (pay.weixin.qq.com), 账户中心 → API安全 → 管理证书",
		publicKeyPlace:   "merchant platform (pay.weixin.qq.com), 账户中心 → API安全 → 微信支付公钥",
		limited:          "merchant number",
	},
	wechatpay.ModeBrand: {
		client:           wechatpay.ModeBrand,
		certificate:      "brand API certificate",
		certificatePlace: "brand platform (品牌经营平台), 账号管理 → 安全中心",
		publicKeyPlace:   "brand platform (品牌经营平台), 账号管理 → 安全中心",
		limited:          "brand",
	},
}

// unknownMode describes credentials as a service provider has them.
func unknownMode() merchantMode {
	m := merchantModes[wechatpay.ModeServiceProvider]
	m.client = ""
	return m
}

func (m merchantMode) isUnknown() bool { return m.client == "" }

func (m merchantMode) isBrand() bool { return m.client == wechatpay.ModeBrand }

func checkMode(text string) (merchantMode, string) {
	m, ok := merchantModes[wechatpay.MerchantMode(text)]
	if !ok {
		return unknownMode(), "It must be service_provider, for a service provider (服务商) that calls for its brands, or brand, for a brand that calls for itself."
	}
	return m, ""
}

// onlyServiceProvider refuses an attribute of the provider block that a brand does not have.
// Its environment variable is ignored: another alias of the provider may need it.
func (r *reader) onlyServiceProvider(attribute string, configured attr.Value, why string) state {
	if configured.IsNull() || configured.IsUnknown() {
		return absent
	}
	r.error(attribute, "Not in brand mode: "+attribute, fmt.Sprintf("%s Remove %s from this provider block. "+
		"If a service provider's credentials are used here, remove merchant_mode (environment variable %s) instead.",
		why, attribute, variable("merchant_mode")))
	return refused
}
