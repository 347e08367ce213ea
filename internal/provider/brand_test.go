// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

const memberType = "wechatpay_member_card_import"

// A brand signs with its own certificate and calls its own paths.
func TestBrandCallsForItself(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{})
	p := acctest.NewProcess(t, m, acctest.BrandConfig(m), noEnvironment())
	connection, diags := p.DataSource("wechatpay_connection", nil)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	if connection["mchid"] != nil || connection["encryption_verified"] != nil || connection["public_key_id"] != m.BrandCredentials().PublicKeyID || connection["host"] != "127.0.0.1" {
		t.Errorf("connection %v", connection)
	}
	state := p.Resource(memberType).MustRun(tfdriver.State{}, map[string]any{
		"card_id": mockserver.TemplatePermanent, "user_card_code": "1001", "openid": m.OpenID("13800138000"),
	})
	if state.Get("user_card_state") != "EFFECTIVE" || state.Get("brand_id") != mockserver.DefaultBrandID {
		t.Errorf("state %v", state.Values())
	}
	for _, r := range m.Requests() {
		if !strings.HasPrefix(r.Header.Get("Authorization"), `WECHATPAY-BRAND-SHA256-RSA2048 brand_id="`) || r.Header.Get("Wechatpay-Serial") != m.BrandCredentials().PublicKeyID {
			t.Errorf("%s %s is not signed as a brand: %v", r.Method, r.Operation, r.Header)
		}
	}
}

func TestBrandModeRefusesWhileItPlans(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{})
	p := acctest.NewProcess(t, m, acctest.BrandConfig(m), noEnvironment())
	member := map[string]any{"card_id": mockserver.TemplatePermanent, "user_card_code": "1001", "openid": m.OpenID("13800138000")}
	for name, c := range map[string]struct {
		changes   map[string]any
		attribute string
		says      string
	}{
		"no openid":     {map[string]any{"openid": nil, "phone_number": "13800138000"}, "openid", "no import by phone number"},
		"another brand": {map[string]any{"brand_id": "1005"}, "brand_id", `calls as the brand "1004"`},
	} {
		config := maps.Clone(member)
		maps.Copy(config, c.changes)
		errs := p.Resource(memberType).Plan(tfdriver.State{}, config).Diagnostics.Errors()
		if len(errs) != 1 || len(errs.At(c.attribute)) != 1 || !errs.Contains(c.says) || errs.Contains("13800138000") {
			t.Errorf("%s: %s", name, errs)
		}
	}
	if i := slices.IndexFunc(m.Requests(), func(r mockserver.Request) bool { return r.Method != "GET" }); i >= 0 {
		t.Error("a member was imported")
	}
}

// The credentials of one mode do not work in the other, and the error says so.
func TestCredentialsOfTheOtherMode(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{})
	asServiceProvider := acctest.BrandConfig(m)
	asServiceProvider["merchant_mode"], asServiceProvider["mchid"] = nil, m.Credentials().MchID
	asBrand := map[string]any{"merchant_mode": "brand", "mchid": nil, "brand_id": mockserver.DefaultBrandID}
	for name, c := range map[string]struct {
		config map[string]any
		says   string
	}{
		"a brand's for a service provider": {asServiceProvider, "mchid, certificate_serial_no or private_key is wrong"},
		"a service provider's for a brand": {asBrand, "brand_id, certificate_serial_no or private_key is wrong"},
	} {
		_, diags := acctest.NewProcess(t, m, c.config, noEnvironment()).DataSource("wechatpay_connection", nil)
		if len(diags.Errors()) != 1 || !diags.Contains(c.says) || !diags.Contains("merchant_mode") {
			t.Errorf("%s: %s", name, diags)
		}
	}
}
