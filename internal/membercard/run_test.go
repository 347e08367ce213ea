// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// Two members of one run never adopt one another, also where planning could not know that they are
// one. (TestDuplicatesOfARun has what planning refuses.)
func TestTwoMembersOfOneRun(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		second   map[string]any
		at, says string
	}{
		"one code":         {map[string]any{"phone_number": otherPhone}, "user_card_code", "one code"},
		"one phone number": {map[string]any{"user_card_code": "VIP-0002"}, "phone_number", sampleID},
		"one openid":       {map[string]any{"user_card_code": "VIP-0002", "phone_number": otherPhone, "openid": "oUser"}, "openid", sampleID},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, mockserver.Options{}, nil)
			unknown := plain(c.second)
			unknown["user_card_code"], unknown["phone_number"] = tfdriver.Unknown, tfdriver.Unknown
			call := importCall
			if c.second["openid"] != nil {
				unknown["openid"], call = tfdriver.Unknown, openIDCall
			}
			first, second := e.r.Plan(tfdriver.State{}, plain(map[string]any{"openid": c.second["openid"]})), e.r.Plan(tfdriver.State{}, unknown)
			if second.Diagnostics.HasErrors() {
				t.Fatal(second.Diagnostics)
			}
			if _, diags := e.r.Apply(first); diags.HasErrors() {
				t.Fatal(diags)
			}
			state, diags := e.r.ApplyConfig(second, plain(c.second))
			if !diags.Errors().At(c.at).Contains(c.says) || state.Exists() {
				t.Errorf("exists %t:\n%s", state.Exists(), diags)
			}
			e.requests(calls(call))
		})
	}
}

// A replacement that keeps the phone number is warned of while planning, and never ends in
// adopting the old card under the new code.
func TestReplacementKeepsPhoneNumber(t *testing.T) {
	t.Parallel()
	writeOnly := map[string]any{"phone_number": nil, "phone_number_wo": samplePhone, "phone_number_wo_version": 1}
	for name, changes := range map[string]map[string]any{"phone number in the state": {}, "write-only phone number": writeOnly} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, mockserver.Options{}, nil)
			config := plain(changes)
			state := e.r.MustRun(tfdriver.State{}, config)
			config["user_card_code"] = "VIP-0002"
			e.p.NewRun()
			plan := e.r.Plan(state, config)
			if plan.Action != tfdriver.Replace || !plan.Diagnostics.Warnings().Contains("may refuse the phone number") {
				t.Fatalf("the plan is %q:\n%s", plan.Action, plan.Diagnostics)
			}
			after, diags := e.r.Apply(plan)
			if after.Exists() || !diags.Errors().Contains("has just released") {
				t.Errorf("exists %t:\n%s", after.Exists(), diags)
			}
			// The openid left the state with the old card, and WeChat Pay does not tell it again.
			again := "1004/" + mockserver.TemplatePermanent + "/" + sampleCode + "/" + e.m.OpenID(samplePhone)
			if !diags.Errors().Contains("terraform import ADDRESS '" + again + "'") {
				t.Errorf("want the import of %s, got:\n%s", again, diags)
			}
		})
	}
}

// The card that a replacement has invalidated does not come back: the error does not advise it.
func TestReplacementOfAnInvalidatedCard(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	config := plain(map[string]any{"deletion_policy": "invalidate"})
	state := e.r.MustRun(tfdriver.State{}, config)
	config["user_card_code"] = "VIP-0002"
	e.p.NewRun()
	plan := e.r.Plan(state, config)
	e.m.Inject(mockserver.Fault{Operation: importCall, Status: 400, Code: "INVALID_REQUEST", Message: "该手机号已被导入过"})
	after, diags := e.r.Apply(plan)
	if after.Exists() || !diags.Errors().At("phone_number").Contains("That card is invalid now") {
		t.Errorf("exists %t:\n%s", after.Exists(), diags)
	}
	for _, untrue := range []string{"still exists", "terraform import", "Go back to the old code"} {
		if diags.Contains(untrue) {
			t.Errorf("%q, although the card is invalid:\n%s", untrue, diags)
		}
	}
}

// The brand is the provider's where the resource names none, and another one replaces.
func TestBrandOfTheProvider(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, map[string]any{"brand_id": nil})
	e.refused(e.r.Plan(tfdriver.State{}, plain(nil)), "brand_id", "WECHATPAY_BRAND_ID")
	state := e.r.MustRun(tfdriver.State{}, plain(map[string]any{"brand_id": "1004"}))
	if plan := e.r.Plan(state, plain(nil)); plan.Action != tfdriver.NoOp {
		t.Errorf("without any brand configured the plan is %q:\n%s", plan.Action, plan.Diagnostics)
	}
	other := acctest.NewProcess(t, e.m, map[string]any{"brand_id": "2008", "check_templates": false}).Resource(resourceType)
	if plan := other.Plan(state, plain(nil)); plan.Action != tfdriver.Replace {
		t.Errorf("under another provider's brand the plan is %q:\n%s", plan.Action, plan.Diagnostics)
	}
}
