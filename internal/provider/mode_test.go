// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// brandEnv has all that a brand needs, and what another alias, a service provider's, needs.
func brandEnv() testEnv {
	e := completeEnv()
	e.vars["WECHATPAY_MERCHANT_MODE"] = "brand"
	e.vars["WECHATPAY_BRAND_ID"] = "1004"
	e.vars["WECHATPAY_PLATFORM_CERTIFICATE"] = "!/ nonsense"
	e.vars["WECHATPAY_PLATFORM_CERTIFICATE_PATH"] = "!/ nonsense"
	e.vars["WECHATPAY_MCHID"] = "!/ nonsense"
	return e
}

func TestBrandModeIgnoresTheEnvironmentOfAServiceProvider(t *testing.T) {
	t.Parallel()
	s, diags := resolve(model{}, brandEnv().sources(t))
	if len(diags) > 0 || !s.complete {
		t.Fatal(diags)
	}
	if s.client.Mode != wechatpay.ModeBrand || s.client.BrandID != "1004" || s.client.MchID != "" || s.client.PlatformCertificate != nil || s.brandID != "1004" || s.maxPlaintextBytes != 214 {
		t.Errorf("%+v", s)
	}
}

func TestModesAreNotMixedUp(t *testing.T) {
	t.Parallel()
	p := testPEMs()
	for _, c := range []struct {
		name   string
		brand  bool
		change func(m *model, e testEnv)
		want   []expectation
		// static: `terraform validate` refuses it, too.
		static bool
	}{
		{"no such mode", false, func(m *model, _ testEnv) { m.MerchantMode = str("partner") },
			[]expectation{at("merchant_mode", "service_provider", "brand", "WECHATPAY_MERCHANT_MODE")}, true},
		{"no merchant number", false, func(_ *model, e testEnv) { delete(e.vars, "WECHATPAY_MCHID") },
			[]expectation{at("mchid", `merchant_mode = "brand"`)}, false},
		{"no brand", true, func(_ *model, e testEnv) { delete(e.vars, "WECHATPAY_BRAND_ID") },
			[]expectation{at("brand_id", "WECHATPAY_BRAND_ID", "brand mode requires")}, false},
		{"merchant number of a brand", true, func(m *model, _ testEnv) { m.MerchantMode, m.MchID = str("brand"), str("1900000109") },
			[]expectation{at("mchid", "identified by brand_id", "remove merchant_mode")}, true},
		{"platform certificate of a brand", true, func(m *model, _ testEnv) {
			m.MerchantMode, m.PlatformCertificate = str("brand"), str(p.certificate)
		}, []expectation{at("platform_certificate", "public key")}, true},
		{"path of a platform certificate of a brand", true, func(m *model, _ testEnv) {
			m.MerchantMode, m.PlatformCertificatePath = str("brand"), str("cert.pem")
		}, []expectation{at("platform_certificate_path", "public key")}, true},
		{"nothing of a brand", true, func(_ *model, e testEnv) {
			clear(e.vars)
			e.vars["WECHATPAY_MERCHANT_MODE"] = "brand"
		}, []expectation{
			at("brand_id"), at("certificate_serial_no", "brand API certificate", "品牌经营平台"), at("private_key", "brand API certificate"), at("public_key", "品牌经营平台"),
		}, false},
		{"a certificate for a brand's public key", true, func(_ *model, e testEnv) { e.vars["WECHATPAY_PUBLIC_KEY"] = p.certificate },
			[]expectation{at("public_key", "It is a certificate", "品牌经营平台")}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := completeEnv()
			if c.brand {
				e = brandEnv()
			}
			var m model
			c.change(&m, e)
			s, diags := resolve(m, e.sources(t))
			expect(t, diags, nil, c.want...)
			if s.complete {
				t.Error("the client would be built")
			}
			if c.static {
				_, diags = resolve(m, sources{now: testNow})
				expect(t, diags, nil, c.want...)
			}
		})
	}
}

// While the mode is unknown, nothing is missing and nothing belongs to another mode.
func TestUnknownModePostpones(t *testing.T) {
	t.Parallel()
	m := model{MerchantMode: types.StringUnknown(), MchID: str("1900000109"), PlatformCertificate: str(testPEMs().certificate)}
	e := completeEnv()
	clear(e.vars)
	s, diags := resolve(m, e.sources(t))
	if len(diags) > 0 || s.complete {
		t.Errorf("complete %v, %v", s.complete, diags)
	}
	m.MchID = str("x")
	_, diags = resolve(m, e.sources(t))
	expect(t, diags, nil, at("mchid"))
}
