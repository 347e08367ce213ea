// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"testing"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// Import into the state by id and by identity keeps all that WeChat Pay returns, sends
// nothing, and the next plan is empty with a matching configuration.
func TestImportIntoState(t *testing.T) {
	t.Parallel()
	whole := existingCard(func(c *mockserver.Card) {
		c.CardColor, c.Attach = "#FFFF00", "门店"
		c.PickupTime = time.Date(2015, 5, 20, 5, 29, 35, 0, time.UTC)
		c.CommonFields = []mockserver.CommonField{{Name: "USER_FORM_FLAG_CITY", Value: "深圳"}}
		c.CustomFields = []mockserver.CustomField{{Name: "喜欢的运动", Values: []string{"篮球", "游泳"}}}
	})
	matching := func() map[string]any {
		return plain(map[string]any{
			"level": "普通会员", "card_color": "#ffff00", "attach": "门店", "pickup_time": "2015-05-20T05:29:35Z",
			"valid_date_information": map[string]any{"type": "PERMANENT"},
			"user_information": map[string]any{
				"common_fields": map[string]any{"USER_FORM_FLAG_CITY": "深圳"},
				"custom_fields": map[string]any{"喜欢的运动": []any{"游泳", "篮球"}},
			},
		})
	}
	imports := map[string]func(*env) (tfdriver.State, tfdriver.Diagnostics){
		"by id": func(e *env) (tfdriver.State, tfdriver.Diagnostics) {
			return e.r.Import("1004/" + mockserver.TemplatePermanent + "/VIP-0001/" + e.m.OpenID(samplePhone))
		},
		"by identity": func(e *env) (tfdriver.State, tfdriver.Diagnostics) {
			return e.r.ImportByIdentity(map[string]any{
				"brand_id": "1004", "card_id": mockserver.TemplatePermanent, "user_card_code": sampleCode, "openid": e.m.OpenID(samplePhone),
			})
		},
	}
	start := func(t *testing.T, options mockserver.Options, block map[string]any) *env {
		t.Helper()
		e := newEnv(t, options, block)
		if err := e.m.PutCard(whole); err != nil {
			t.Fatal(err)
		}
		return e
	}
	for name, doImport := range imports {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := start(t, mockserver.Options{TimePrecision: mockserver.TimeMilliseconds}, nil)
			state, diags := doImport(e)
			if len(diags) > 0 {
				t.Fatal(diags)
			}
			e.requests(calls(mockserver.OperationGet))
			if state.Get("adopted") != true || state.Get("phone_number") != samplePhone || state.Get("phone_number_masked") != "138****8000" {
				t.Errorf("adopted %v, masked %v", state.Get("adopted"), state.Get("phone_number_masked"))
			}
			if got := state.Get("user_information.common_fields.USER_FORM_FLAG_CITY"); got != "深圳" {
				t.Errorf("the user information was not kept: %v", got)
			}
			if plan := e.r.Plan(state, matching()); plan.Action != tfdriver.NoOp {
				t.Errorf("the next plan is %q: %v\n%s", plan.Action, plan.Planned(), plan.Diagnostics)
			}
			e.requests(none())
			if got := state.Identity()["user_card_code"]; got != sampleCode {
				t.Errorf("the identity's code is %v", got)
			}
			for part, value := range state.Identity() {
				if value == samplePhone {
					t.Errorf("the identity's %s is a phone number", part)
				}
			}
		})
	}
	t.Run("counts as a reading", func(t *testing.T) {
		t.Parallel()
		e := start(t, mockserver.Options{}, map[string]any{"refresh_interval": "1h"})
		state, _ := imports["by id"](e)
		e.requests(calls(mockserver.OperationGet))
		if _, diags := e.r.Read(state); len(diags) > 0 {
			t.Error(diags)
		}
		e.requests(none())
	})
	t.Run("a configuration without user information drops it by one plan that sends nothing", func(t *testing.T) {
		t.Parallel()
		e := start(t, mockserver.Options{}, nil)
		state, _ := imports["by id"](e)
		config := matching()
		delete(config, "user_information")
		e.m.ResetRequests()
		plan := e.r.Plan(state, config)
		if plan.Action != tfdriver.Update || plan.Get("modify_time") == tfdriver.Unknown {
			t.Fatalf("the plan is %q, modify_time %v:\n%s", plan.Action, plan.Get("modify_time"), plan.Diagnostics)
		}
		state, diags := e.r.Apply(plan)
		if diags.HasErrors() || state.Get("user_information") != nil {
			t.Errorf("user information %v:\n%s", state.Get("user_information"), diags)
		}
		e.requests(none())
		if len(e.card().CommonFields) != 1 {
			t.Error("the card's information was touched")
		}
	})
	t.Run("with a write-only phone number nothing is demanded, nothing sent, none left in the state", func(t *testing.T) {
		t.Parallel()
		e := start(t, mockserver.Options{}, nil)
		state, _ := imports["by id"](e)
		e.m.ResetRequests()
		config := func(phone string, version int) map[string]any {
			c := matching()
			delete(c, "phone_number")
			c["phone_number_wo"], c["phone_number_wo_version"] = phone, version
			return c
		}
		state, diags := e.r.Apply(e.r.Plan(state, config(samplePhone, 1)))
		if diags.HasErrors() || state.Get("phone_number") != nil || state.Get("phone_number_wo_version") != int64(1) {
			t.Fatalf("version %v:\n%s", state.Get("phone_number_wo_version"), diags)
		}
		e.requests(none())
		if plan := e.r.Plan(state, config(otherPhone, 1)); plan.Action != tfdriver.NoOp {
			t.Errorf("the plan under the same version is %q", plan.Action)
		}
		e.p.NewRun()
		if _, diags := e.r.Apply(e.r.Plan(state, config(otherPhone, 2))); diags.HasErrors() {
			t.Fatal(diags)
		}
		e.requests(calls(mockserver.OperationModify))
		if e.card().PhoneNumber != otherPhone {
			t.Error("the phone number of the next version was not sent")
		}
	})
	t.Run("a write-only phone number other than the card's is warned of", func(t *testing.T) {
		t.Parallel()
		e := start(t, mockserver.Options{}, nil)
		state, _ := imports["by id"](e)
		config := matching()
		delete(config, "phone_number")
		config["phone_number_wo"], config["phone_number_wo_version"] = otherPhone, 1
		plan := e.r.Plan(state, config)
		if !plan.Diagnostics.Warnings().At("phone_number_wo").Contains("another phone number") {
			t.Errorf("no warning:\n%s", plan.Diagnostics)
		}
	})
	t.Run("times in another zone and precision are no change", func(t *testing.T) {
		t.Parallel()
		e := newEnv(t, mockserver.Options{TimePrecision: mockserver.TimeMilliseconds, TimeZone: time.UTC}, nil)
		if err := e.m.PutCard(existingCard(func(c *mockserver.Card) {
			c.CardID = mockserver.TemplateFixTimeRange
			c.PickupTime = time.Date(2020, 5, 20, 5, 29, 35, 120e6, time.UTC)
			c.ValidDate = mockserver.ValidDate{Type: "FIX_TIME_RANGE",
				Begin: time.Date(2019, 12, 31, 16, 0, 0, 0, time.UTC), End: time.Date(2099, 12, 31, 15, 59, 59, 500e6, time.UTC)}
		})); err != nil {
			t.Fatal(err)
		}
		state, diags := e.r.Import("1004/" + mockserver.TemplateFixTimeRange + "/VIP-0001/" + e.m.OpenID(samplePhone))
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		for _, config := range []map[string]any{
			with(plain(fixTimeRange(nil)), map[string]any{"level": "普通会员", "pickup_time": "2020-05-20T13:29:35+08:00"}),
			with(plain(fixTimeRange(map[string]any{"available_begin_time": "2019-12-31T10:30:00.0-05:30"})), map[string]any{"pickup_time": "2020-05-20T05:29:35.12Z"}),
		} {
			config["card_id"] = mockserver.TemplateFixTimeRange
			e.p.NewRun()
			if plan := e.r.Plan(state, config); plan.Action != tfdriver.NoOp {
				t.Errorf("the plan is %q: %v", plan.Action, plan.Planned())
			}
		}
	})
	t.Run("while the provider is not configured yet it is refused: nothing of the card would be known", func(t *testing.T) {
		t.Parallel()
		e := start(t, mockserver.Options{}, map[string]any{"private_key": tfdriver.Unknown})
		for name, doImport := range imports {
			if state, diags := doImport(e); state.Exists() || !diags.Errors().Contains("The provider is not configured") {
				t.Errorf("%s: exists %t:\n%s", name, state.Exists(), diags)
			}
		}
		e.requests(none())
	})
	for name, c := range map[string]struct{ id, says string }{
		"without the openid":          {"1004/" + mockserver.TemplatePermanent + "/VIP-0001", "needs the openid"},
		"with too few parts":          {"1004/VIP-0001", "is not right"},
		"of a card that is not there": {"1004/" + mockserver.TemplatePermanent + "/NOBODY/oNobody", "There is no such card to import"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := start(t, mockserver.Options{}, nil)
			if _, diags := e.r.Import(c.id); !diags.Errors().Contains(c.says) {
				t.Errorf("want %q, got:\n%s", c.says, diags)
			}
		})
	}
}
