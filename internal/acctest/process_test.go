// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package acctest_test

import (
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

func TestMain(m *testing.M) { acctest.Main(m) }

func member(code, phone string) map[string]any {
	return map[string]any{"card_id": mockserver.TemplatePermanent, "user_card_code": code, "phone_number": phone}
}

// The tests of package tfdriver use a scripted provider. This one uses the real one.
func TestProcessDrivesTheProvider(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{})
	p := acctest.NewProcess(t, m, nil)
	cards := p.Resource("wechatpay_member_card_import")

	state := cards.MustRun(tfdriver.State{}, member("1001", "13800138000"))
	if len(m.Cards()) != 1 || state.Get("user_card_state") != "EFFECTIVE" {
		t.Fatalf("%v", state.Values())
	}
	if plan := cards.Plan(state, member("1001", "13800138000")); plan.Action != tfdriver.NoOp || len(plan.Diagnostics) > 0 {
		t.Errorf("the next plan is to %s: %s", plan.Action, plan.Diagnostics)
	}
	if plan := cards.Plan(state, member("1002", "13800138000")); plan.Action != tfdriver.Replace || len(plan.RequiresReplace) != 1 || plan.RequiresReplace[0] != "user_card_code" {
		t.Errorf("another code is to %s because of %v: %s", plan.Action, plan.RequiresReplace, plan.Diagnostics)
	}

	byID, diags := cards.Import("1004/" + mockserver.TemplatePermanent + "/1001/" + m.OpenID("13800138000"))
	if diags.HasErrors() || byID.Get("phone_number") != "13800138000" {
		t.Errorf("import by id: %v %s", byID.Values(), diags)
	}
	byIdentity, diags := cards.ImportByIdentity(state.Identity())
	if diags.HasErrors() || byIdentity.Get("id") != byID.Get("id") {
		t.Errorf("import by identity: %v %s", byIdentity.Values(), diags)
	}

	read, diags := p.DataSource("wechatpay_member_card", map[string]any{
		"card_id": mockserver.TemplatePermanent, "user_card_code": "1001", "openid": state.Get("openid"),
	})
	if diags.HasErrors() || read["phone_number"] != "13800138000" {
		t.Errorf("data source: %v %s", read, diags)
	}

	if state = cards.MustRun(state, nil); state.Exists() {
		t.Errorf("after destroying: %v", state.Values())
	}
}

func TestValidateFindsMistakes(t *testing.T) {
	t.Parallel()
	cards := acctest.NewProcess(t, acctest.StartMock(t, mockserver.Options{}), nil).Resource("wechatpay_member_card_import")
	if diags := cards.Validate(member("1001", "13800138000")); len(diags) > 0 {
		t.Errorf("%s", diags)
	}
	if diags := cards.Validate(member("1001", "12")); len(diags) != 1 || len(diags.Errors().At("phone_number")) != 1 {
		t.Errorf("%s", diags)
	}
	unknown := member("1001", "")
	unknown["phone_number"] = tfdriver.Unknown
	if diags := cards.Validate(unknown); len(diags) > 0 {
		t.Errorf("%s", diags)
	}
}

func TestFunction(t *testing.T) {
	t.Parallel()
	p := acctest.NewProcess(t, acctest.StartMock(t, mockserver.Options{}), nil)
	if got, message, _ := p.Function("mask_phone", "13800138000"); got != "138****8000" || message != "" {
		t.Errorf("%v %s", got, message)
	}
	if _, message, argument := p.Function("normalize_phone", "nobody's"); message == "" || argument != 0 {
		t.Errorf("a phone number that is none: %q on argument %d", message, argument)
	}
}
