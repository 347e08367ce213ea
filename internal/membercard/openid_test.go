// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"fmt"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// A configured openid imports by openid, and the phone number goes along; where the openid is
// not configured, the phone number imports. What the configuration does not have is not sent.
func TestWhatImportsTheMember(t *testing.T) {
	t.Parallel()
	ids := []string{"brand_id", "card_id", "user_card_code"}
	writeOnly := map[string]any{"phone_number": nil, "phone_number_wo": samplePhone, "phone_number_wo_version": 1}
	openID := map[string]any{"openid": openIDStandIn}
	for name, c := range map[string]struct {
		changes []map[string]any
		call    mockserver.Operation
		sends   []string
		masked  any
	}{
		"a phone number":                          {nil, importCall, []string{"phone_number"}, "138****8000"},
		"a write-only phone number":               {[]map[string]any{writeOnly}, importCall, []string{"phone_number"}, "138****8000"},
		"an openid":                               {[]map[string]any{openID, {"phone_number": nil}}, openIDCall, []string{"openid"}, nil},
		"an openid and a phone number":            {[]map[string]any{openID}, openIDCall, []string{"openid", "phone_number"}, "138****8000"},
		"an openid and a write-only phone number": {[]map[string]any{openID, writeOnly}, openIDCall, []string{"openid", "phone_number"}, "138****8000"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, mockserver.Options{}, nil)
			config := plain(nil)
			for _, changes := range c.changes {
				config = with(config, changes)
			}
			if config["openid"] == openIDStandIn {
				config["openid"] = e.m.OpenID(samplePhone)
			}
			plan := e.r.Plan(tfdriver.State{}, config)
			if plan.Action != tfdriver.Create || plan.Get("phone_number_masked") != c.masked {
				t.Fatalf("the plan is %q, masked %v:\n%s", plan.Action, plan.Get("phone_number_masked"), plan.Diagnostics)
			}
			state, diags := e.r.Apply(plan)
			if len(diags) > 0 || state.Get("openid") != e.m.OpenID(samplePhone) || state.Get("adopted") != false {
				t.Fatalf("openid %v, adopted %v:\n%s", state.Get("openid"), state.Get("adopted"), diags)
			}
			requests := e.m.Requests()
			if err := carries(requests[0], append(c.sends, ids...)...); err != nil || len(requests) != 1 {
				t.Errorf("%d requests: %v", len(requests), err)
			}
			e.requests(calls(c.call))
			e.p.NewRun()
			state, _ = e.r.Read(state)
			if next := e.r.Plan(state, config); next.Action != tfdriver.NoOp {
				t.Errorf("the next plan is %q: %v", next.Action, next.Planned())
			}
		})
	}
}

// One roster may have members with and without an openid, and openids that are known only
// when they are applied.
func TestRosterWithAndWithoutOpenIDs(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	var plans []tfdriver.Plan
	var configs []map[string]any
	for i := range 6 {
		config := numbered(i, nil)
		planned := numbered(i, nil)
		switch i % 3 {
		case 1:
			config["openid"] = e.m.OpenID(fmt.Sprint(config["phone_number"]))
			planned["openid"] = config["openid"]
		case 2:
			config["openid"] = e.m.OpenID(fmt.Sprint(config["phone_number"]))
			planned["openid"] = tfdriver.Unknown
		}
		configs = append(configs, config)
		plan := e.r.Plan(tfdriver.State{}, planned)
		if len(plan.Diagnostics) > 0 {
			t.Fatalf("member %d:\n%s", i, plan.Diagnostics)
		}
		plans = append(plans, plan)
	}
	for i, plan := range plans {
		if state, diags := e.r.ApplyConfig(plan, configs[i]); len(diags) > 0 || state.Get("openid") == nil || state.Get("adopted") != false {
			t.Errorf("member %d: openid %v, adopted %v:\n%s", i, state.Get("openid"), state.Get("adopted"), diags)
		}
	}
	e.requests(map[mockserver.Operation]int{importCall: 2, openIDCall: 4})
	if n := len(e.m.Cards()); n != 6 {
		t.Errorf("%d cards", n)
	}
}

// Neither is refused while planning; an openid that may become null is not.
func TestMemberNeedsOpenIDOrPhoneNumber(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	e.refused(e.r.Plan(tfdriver.State{}, plain(map[string]any{"phone_number": nil})), "", "neither openid nor phone number")
	for _, attribute := range []string{"openid", "phone_number"} {
		e.p.NewRun()
		e.planned(attribute+" unknown", tfdriver.State{}, with(plain(map[string]any{"phone_number": nil}), map[string]any{attribute: tfdriver.Unknown}), tfdriver.Create)
	}
}

// After an invalidation WeChat Pay imports the user again, under the same code or another one.
func TestImportAgainAfterAnInvalidation(t *testing.T) {
	t.Parallel()
	for name, code := range map[string]string{"the same code": sampleCode, "another code": "VIP-0002"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, mockserver.Options{}, nil)
			config := plain(map[string]any{"openid": e.m.OpenID(samplePhone), "deletion_policy": "invalidate"})
			state := e.r.MustRun(tfdriver.State{}, config)
			if state, diags := e.r.Run(state, nil); diags.HasErrors() || state.Exists() {
				t.Fatal(diags)
			}
			e.p.NewRun()
			config["user_card_code"] = code
			again, diags := e.r.Run(tfdriver.State{}, config)
			if len(diags) > 0 || again.Get("user_card_state") != "EFFECTIVE" || again.Get("adopted") != false {
				t.Errorf("state %v, adopted %v:\n%s", again.Get("user_card_state"), again.Get("adopted"), diags)
			}
		})
	}
}
