// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package cardtemplate_test

import (
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// everything is a configuration with every attribute.
func everything() map[string]any {
	return sample(map[string]any{
		"out_request_no":         "brand-2026-01",
		"card_type":              "NORMAL",
		"code_type":              "JUMP_MINI_PROGRAM",
		"code_jump_information":  map[string]any{"jump_appid": "wxd678efh567hg6787", "jump_path": "pages/code"},
		"need_pinned":            true,
		"need_display_level":     true,
		"init_level":             "普通会员",
		"service_phone":          "0755-86013388",
		"legal_agreement":        "第一条\n第二条",
		"valid_date_information": map[string]any{"type": "FIX_TERM", "available_day_after_receive": 365},
		"member_information":     map[string]any{"jump_appid": "wxd678efh567hg6787", "jump_path": "pages/member"},
		"points_information":     map[string]any{"jump_appid": "wxd678efh567hg6787", "jump_path": "pages/points"},
		"balance_information":    map[string]any{"jump_appid": "wxd678efh567hg6787", "jump_path": "pages/balance"},
		"purchase_information":   map[string]any{"price": 9900, "jump_appid": "wxd678efh567hg6787", "jump_path": "pages/buy"},
		"user_information": map[string]any{
			"common_field_list": []any{"USER_FORM_FLAG_NAME", "USER_FORM_FLAG_CITY"},
			"custom_field_list": []any{map[string]any{"type": "RADIO", "name": "常去门店", "values": []any{"南山店", "福田店"}}},
		},
		"deletion_policy": "invalidate",
	})
}

// Whatever is configured, the second plan is empty, and an import leads to the same state.
func TestCreateReadImport(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]map[string]any{"the least": sample(nil), "everything": everything()} {
		for edition, options := range map[string]mockserver.Options{"as documented": {}, "false left out": {OmitFalse: true}, "lists reversed": {ReverseLists: true}, "surplus validity": {SurplusValidDate: true}} {
			t.Run(name+", "+edition, func(t *testing.T) {
				t.Parallel()
				e := newEnv(t, options, nil)
				state := e.r.MustRun(tfdriver.State{}, config)
				e.templates(1)
				if state.Get("card_id") == nil || state.Get("state") != "CARD_EFFECTIVE" || state.Get("out_request_no") == nil {
					t.Errorf("the state is %v", state.Values())
				}
				e.p.NewRun()
				state, diags := e.r.Read(state)
				if plan := e.r.Plan(state, config); plan.Action != tfdriver.NoOp || len(diags) > 0 {
					t.Errorf("the second plan is %q: %v\n%s", plan.Action, plan.Planned(), diags)
				}
				imported, diags := e.r.Import(state.Get("id").(string))
				if diags.HasErrors() {
					t.Fatal(diags)
				}
				if plan := e.r.Plan(imported, config); plan.Action != tfdriver.NoOp && config["deletion_policy"] == nil {
					t.Errorf("the plan after an import is %q: %v", plan.Action, plan.Planned())
				}
			})
		}
	}
}

// A change is sent in place, and carries only what changed.
func TestUpdateInPlace(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	state := e.r.MustRun(tfdriver.State{}, sample(nil))
	before := state.Get("card_id")
	state = e.r.MustRun(state, sample(map[string]any{"card_title": "金卡", "need_pinned": true}))
	if state.Get("card_id") != before || state.Get("card_title") != "金卡" {
		t.Errorf("the state is %v", state.Values())
	}
	for _, tpl := range e.m.Templates() {
		if tpl.CardTitle != "金卡" {
			t.Errorf("WeChat Pay has the title %q", tpl.CardTitle)
		}
	}
}

// A replacement and a destruction are refused unless the state allows them.
func TestPreventIsTheDefault(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	state := e.r.MustRun(tfdriver.State{}, sample(nil))
	for name, value := range map[string]any{"appid": "wx0000000000000001", "code_mode": "SYSTEM_ALLOCATE", "code_type": "BAR_CODE", "out_request_no": "another", "legal_agreement": "另一份", "init_level": "金卡", "brand_id": "1005"} {
		e.p.NewRun()
		plan := e.r.Plan(state, sample(map[string]any{name: value}))
		if !plan.Diagnostics.Errors().At(name).Contains("needs another card template") {
			t.Errorf("%s: %s", name, plan.Diagnostics)
		}
	}
	e.p.NewRun()
	if plan := e.r.Plan(state, nil); !plan.Diagnostics.Errors().Contains("protected from being destroyed") {
		t.Errorf("destroy: %s", plan.Diagnostics)
	}
	e.templates(1)
}

// A run that was killed after the template was created finds it again.
func TestNeverASecondTemplate(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	e.r.MustRun(tfdriver.State{}, sample(nil)) // its state is lost
	e.p.NewRun()
	state, diags := e.r.Run(tfdriver.State{}, sample(nil))
	if diags.HasErrors() || !diags.Warnings().Contains("existed already") || state.Get("card_id") == nil {
		t.Errorf("%v\n%s", state.Values(), diags)
	}
	e.templates(1)
	e.p.NewRun()
	if _, diags = e.r.Run(tfdriver.State{}, sample(map[string]any{"benefits": "别的"})); !diags.Errors().Contains("Another card template has this out_request_no") {
		t.Errorf("other settings: %s", diags)
	}
	e.templates(1)
}
