// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

// world is a mock and the resource of a provider that talks to it.
type world struct {
	t *testing.T
	m *mockserver.Server
	p *acctest.Process
	r *acctest.Resource
}

func newWorld(t *testing.T, options mockserver.Options, block map[string]any) *world {
	t.Helper()
	m := acctest.StartMock(t, options)
	config := map[string]any{"check_templates": false}
	for name, value := range block {
		config[name] = value
	}
	p := acctest.NewProcess(t, m, config)
	return &world{t: t, m: m, p: p, r: p.Resource(resourceType)}
}

// requests checks the calls since the last check.
func (w *world) requests(want map[mockserver.Operation]int) {
	w.t.Helper()
	if err := countRequests(w.m, want); err != nil {
		w.t.Error(err)
	}
}

// unverified is a member that was taken over unverified; the card is at WeChat Pay as existingCard has it.
func (w *world) unverified(changes map[string]any) acctest.State {
	w.t.Helper()
	if err := w.m.PutCard(existingCard(nil)); err != nil {
		w.t.Fatal(err)
	}
	state := w.r.MustRun(acctest.State{}, plain(changes))
	if state.Get("adopted") != true || state.Get("openid") != nil {
		w.t.Fatalf("the member was not taken over unverified: adopted %v, openid %v", state.Get("adopted"), state.Get("openid"))
	}
	w.m.ResetRequests()
	return state
}

func (w *world) card() mockserver.Card {
	w.t.Helper()
	card, ok := w.m.Card(mockserver.DefaultBrandID, mockserver.TemplatePermanent, sampleCode)
	if !ok {
		w.t.Fatal("the mock has no such card")
	}
	return card
}

func (w *world) change(change func(*mockserver.Card)) {
	w.t.Helper()
	if err := w.m.ChangeCard(mockserver.DefaultBrandID, mockserver.TemplatePermanent, sampleCode, change); err != nil {
		w.t.Fatal(err)
	}
}

// refused checks that a plan has an error with text at an attribute, and that nothing was sent.
func (w *world) refused(plan acctest.Plan, at, text string) {
	w.t.Helper()
	if !plan.Diagnostics.Errors().At(at).Contains(text) {
		w.t.Errorf("want an error at %s with %q, got:\n%s", at, text, plan.Diagnostics)
	}
	w.requests(map[mockserver.Operation]int{})
}

func none() map[mockserver.Operation]int { return map[mockserver.Operation]int{} }

func calls(operations ...mockserver.Operation) map[mockserver.Operation]int {
	counts := none()
	for _, o := range operations {
		counts[o]++
	}
	return counts
}

// Without an openid: no call, the state stays.
func TestUnverifiedCardIsNotRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mockserver.Options{}, nil)
	state := w.unverified(nil)
	refreshed, diags := w.r.Read(state)
	if len(diags) > 0 || refreshed.Get("user_card_state") != nil {
		t.Errorf("unexpected refresh: %v\n%s", refreshed.Values(), diags)
	}
	w.requests(none())
}

// A change that needs the openid where it is unknown is refused while planning.
func TestUnverifiedCardCannotBeChanged(t *testing.T) {
	t.Parallel()
	for attribute, value := range map[string]any{
		"level":                  "钻石会员",
		"card_color":             "#00FF00",
		"card_picture_url":       "https://wxpaylogo.example.com/other/0",
		"attach":                 "门店",
		"phone_number":           otherPhone,
		"pickup_time":            "2015-05-20T13:29:35+08:00",
		"valid_date_information": map[string]any{"type": "PERMANENT"},
		"user_information":       map[string]any{"common_fields": map[string]any{"USER_FORM_FLAG_CITY": "深圳"}},
	} {
		t.Run(attribute, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, mockserver.Options{}, nil)
			state := w.unverified(nil)
			w.refused(w.r.Plan(state, plain(map[string]any{attribute: value})), attribute, "needs the openid")
		})
	}
	t.Run("phone_number_wo_version", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, mockserver.Options{}, nil)
		writeOnly := func(version int) map[string]any {
			return map[string]any{"phone_number": nil, "phone_number_wo": samplePhone, "phone_number_wo_version": version}
		}
		state := w.unverified(writeOnly(1))
		w.refused(w.r.Plan(state, plain(writeOnly(2))), "phone_number_wo", "needs the openid")
	})
	t.Run("what stays with the provider may change", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, mockserver.Options{}, nil)
		state := w.unverified(nil)
		state = w.r.MustRun(state, plain(map[string]any{"deletion_policy": "prevent", "timeouts": map[string]any{"read": "1m"}}))
		if state.Get("deletion_policy") != "prevent" {
			t.Errorf("deletion_policy = %v", state.Get("deletion_policy"))
		}
		w.requests(none())
	})
}

// Later setting openid on an unverified card verifies it and fills the computed values in place.
func TestOpenIDVerifiesInPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mockserver.Options{}, nil)
	config := map[string]any{"level": "普通会员"}
	state := w.unverified(config)
	config["openid"] = w.m.OpenID(samplePhone)
	w.p.NewRun()
	plan := w.r.Plan(state, plain(config))
	if plan.Action != acctest.Update {
		t.Fatalf("the plan is %q:\n%s", plan.Action, plan.Diagnostics)
	}
	if plan.Get("user_card_state") != acctest.Unknown || plan.Get("create_time") != acctest.Unknown {
		t.Error("the plan does not leave open what the verification finds")
	}
	w.requests(none())
	state, diags := w.r.Apply(plan)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	w.requests(calls(mockserver.OperationGet))
	for attribute, want := range map[string]any{
		"openid": w.m.OpenID(samplePhone), "user_card_state": "EFFECTIVE", "card_type": "NORMAL", "adopted": true, "level": "普通会员",
	} {
		if got := state.Get(attribute); got != want {
			t.Errorf("%s = %v, want %v", attribute, got, want)
		}
	}
	if state.Get("create_time") == nil {
		t.Error("create_time is null")
	}
	if got := state.Identity()["openid"]; got != w.m.OpenID(samplePhone) {
		t.Errorf("the identity's openid is %v", got)
	}
	if next := w.r.Plan(state, plain(config)); next.Action != acctest.NoOp {
		t.Errorf("the next plan is %q:\n%s", next.Action, next.Diagnostics)
	}
}

// Verification brings configured attributes that differ into line with one modify call,
// and touches nothing else.
func TestVerificationConverges(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mockserver.Options{}, nil)
	config := map[string]any{"level": "钻石会员", "card_color": "#FFFF00"}
	state := w.unverified(config)
	w.change(func(c *mockserver.Card) { c.CardColor = "#ffff00"; c.Attach = "门店" })
	config["openid"] = w.m.OpenID(samplePhone)
	state = w.r.MustRun(state, plain(config))
	if err := carries(lastRequest(t, w.m, mockserver.OperationModify), "brand_id", "openid", "level"); err != nil {
		t.Error(err)
	}
	w.requests(calls(mockserver.OperationGet, mockserver.OperationModify))
	if state.Get("attach") != "门店" || state.Get("level") != "钻石会员" {
		t.Errorf("attach %v, level %v", state.Get("attach"), state.Get("level"))
	}
}

// A phone number changed together with setting the openid is verified by the old one and sent.
func TestVerificationWithAnotherPhoneNumber(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mockserver.Options{}, nil)
	state := w.unverified(nil)
	w.r.MustRun(state, plain(map[string]any{"openid": w.m.OpenID(samplePhone), "phone_number": otherPhone}))
	if got := w.card().PhoneNumber; got != otherPhone {
		t.Error("the phone number was not sent")
	}
}

// A verification that fails leaves the member as it was.
func TestVerificationRefuses(t *testing.T) {
	t.Parallel()
	t.Run("a user without such a card", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, mockserver.Options{}, nil)
		state := w.unverified(nil)
		after, diags := w.r.Run(state, plain(map[string]any{"openid": w.m.OpenID(otherPhone)}))
		if !diags.Errors().At("openid").Contains("has no card under this code") || after.Get("openid") != nil || after.Get("user_card_state") != nil {
			t.Errorf("openid %v:\n%s", after.Get("openid"), diags)
		}
		w.requests(calls(mockserver.OperationGet))
	})
	t.Run("another phone number on the card", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, mockserver.Options{}, nil)
		state := w.unverified(nil)
		w.change(func(c *mockserver.Card) { c.PhoneNumber = otherPhone })
		after, diags := w.r.Run(state, plain(map[string]any{"openid": w.m.OpenID(samplePhone)}))
		if !diags.Errors().At("phone_number").Contains("another phone number") || after.Get("openid") != nil {
			t.Errorf("openid %v:\n%s", after.Get("openid"), diags)
		}
	})
}

// Setting another openid than the known one is an error while planning.
func TestKnownOpenIDCannotChange(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mockserver.Options{}, nil)
	state := w.r.MustRun(acctest.State{}, plain(nil))
	w.m.ResetRequests()
	w.refused(w.r.Plan(state, plain(map[string]any{"openid": w.m.OpenID(otherPhone)})), "openid", "cannot change")
	if plan := w.r.Plan(state, plain(map[string]any{"openid": w.m.OpenID(samplePhone)})); plan.Action != acctest.NoOp {
		t.Errorf("naming the known openid plans %q:\n%s", plan.Action, plan.Diagnostics)
	}
}

// An answer whose openid is not the configured one: stored with the real openid, tainted,
// and the error says how to go on.
func TestImportAnswersAnotherOpenID(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mockserver.Options{}, nil)
	state, diags := w.r.Run(acctest.State{}, plain(map[string]any{"openid": w.m.OpenID(otherPhone)}))
	if !diags.Errors().At("openid").Contains("terraform untaint") {
		t.Errorf("want an error at openid, got:\n%s", diags)
	}
	if !state.Exists() || !state.Tainted || state.Get("openid") != w.m.OpenID(samplePhone) {
		t.Errorf("state exists %t, tainted %t, openid %v", state.Exists(), state.Tainted, state.Get("openid"))
	}
}

// A modify call for attach that fails after the import is a warning that says what is left,
// and the next apply sends only that: with a refresh, and without one.
func TestAttachFailsAfterImport(t *testing.T) {
	t.Parallel()
	for name, refresh := range map[string]bool{"refreshed": true, "not refreshed": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, mockserver.Options{}, map[string]any{"refresh_interval": "1h"})
			w.m.Inject(mockserver.Fault{Operation: mockserver.OperationModify, Status: 400, Code: "INVALID_REQUEST", Message: "稍后再试"})
			config := plain(map[string]any{"attach": "门店", "level": "钻石会员"})
			state, diags := w.r.Run(acctest.State{}, config)
			if diags.HasErrors() || state.Tainted || !diags.Warnings().Contains("attach") || !diags.Warnings().Contains("稍后再试") {
				t.Fatalf("tainted %t:\n%s", state.Tainted, diags)
			}
			w.requests(calls(mockserver.OperationImportByPhone, mockserver.OperationModify))
			w.p.NewRun()
			if refresh {
				state, _ = w.r.Read(state)
				w.requests(calls(mockserver.OperationGet))
			}
			plan := w.r.Plan(state, config)
			if plan.Action != acctest.Update {
				t.Fatalf("the next plan is %q:\n%s", plan.Action, plan.Diagnostics)
			}
			state, diags = w.r.Apply(plan)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			if err := carries(lastRequest(t, w.m, mockserver.OperationModify), "brand_id", "openid", "attach"); err != nil {
				t.Error(err)
			}
			w.requests(calls(mockserver.OperationModify))
			if w.card().Attach != "门店" {
				t.Error("attach was not sent")
			}
			w.p.NewRun()
			if plan := w.r.Plan(state, config); plan.Action != acctest.NoOp {
				t.Errorf("the plan after that is %q", plan.Action)
			}
		})
	}
}

// A modify call that fails while a verified card is adopted leaves the card in the state, and
// the next apply completes it.
func TestConvergenceFailsAfterAdoption(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mockserver.Options{}, nil)
	if err := w.m.PutCard(existingCard(nil)); err != nil {
		t.Fatal(err)
	}
	w.m.Inject(mockserver.Fault{Operation: mockserver.OperationModify, Status: 400, Code: "INVALID_REQUEST", Message: "稍后再试"})
	config := plain(map[string]any{"level": "钻石会员", "openid": w.m.OpenID(samplePhone)})
	state, diags := w.r.Run(acctest.State{}, config)
	if diags.HasErrors() || state.Tainted || !diags.Warnings().Contains("level") {
		t.Fatalf("tainted %t:\n%s", state.Tainted, diags)
	}
	w.r.MustRun(state, config)
	if w.card().Level != "钻石会员" {
		t.Error("the level was not sent")
	}
}

// An update that fails leaves the state as it was, and the next apply completes it.
func TestUpdateFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mockserver.Options{}, nil)
	state := w.r.MustRun(acctest.State{}, plain(nil))
	w.m.Inject(mockserver.Fault{Operation: mockserver.OperationModify, Status: 400, Code: "PARAM_ERROR", Message: "参数错误",
		Detail: map[string]any{"field": "/body/level", "value": "钻石会员", "issue": "太长", "location": "body"}})
	config := plain(map[string]any{"level": "钻石会员"})
	state, diags := w.r.Run(state, config)
	if !diags.Errors().At("level").Contains("参数错误") || state.Get("level") != nil {
		t.Fatalf("level %v:\n%s", state.Get("level"), diags)
	}
	state = w.r.MustRun(state, config)
	if state.Get("level") != "钻石会员" || w.card().Level != "钻石会员" {
		t.Error("the level was not sent")
	}
}

// Two instances of one run never adopt one another.
func TestTwoMembersOfOneRun(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		second   map[string]any
		at, says string
	}{
		"one code":         {map[string]any{"phone_number": otherPhone}, "user_card_code", "one code"},
		"one phone number": {map[string]any{"user_card_code": "VIP-0002"}, "phone_number", "1004/" + mockserver.TemplatePermanent + "/VIP-0001"},
	} {
		t.Run(name+", while planning", func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, mockserver.Options{}, nil)
			if first := w.r.Plan(acctest.State{}, plain(nil)); first.Diagnostics.HasErrors() {
				t.Fatal(first.Diagnostics)
			}
			second := w.r.Plan(acctest.State{}, plain(c.second))
			w.refused(second, c.at, c.says)
			if strings.Contains(second.Diagnostics.String(), samplePhone) || strings.Contains(second.Diagnostics.String(), otherPhone) {
				t.Error("the error shows a phone number")
			}
		})
		t.Run(name+", when planning could not know", func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, mockserver.Options{}, nil)
			unknown := plain(c.second)
			unknown["user_card_code"], unknown["phone_number"] = acctest.Unknown, acctest.Unknown
			first, second := w.r.Plan(acctest.State{}, plain(nil)), w.r.Plan(acctest.State{}, unknown)
			if second.Diagnostics.HasErrors() {
				t.Fatal(second.Diagnostics)
			}
			if _, diags := w.r.Apply(first); diags.HasErrors() {
				t.Fatal(diags)
			}
			state, diags := w.r.ApplyConfig(second, plain(c.second))
			if !diags.Errors().At(c.at).Contains(c.says) || state.Exists() {
				t.Errorf("exists %t:\n%s", state.Exists(), diags)
			}
			w.requests(calls(mockserver.OperationImportByPhone))
		})
	}
	t.Run("one phone number under two templates is fine", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, mockserver.Options{}, nil)
		w.r.Plan(acctest.State{}, plain(nil))
		other := w.r.Plan(acctest.State{}, plain(map[string]any{"card_id": mockserver.TemplateFixTimeRange}))
		if other.Diagnostics.HasErrors() {
			t.Error(other.Diagnostics)
		}
	})
	t.Run("two members that swap their codes are fine", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, mockserver.Options{}, nil)
		second := map[string]any{"user_card_code": "VIP-0002", "phone_number": otherPhone}
		a, b := w.r.MustRun(acctest.State{}, plain(nil)), w.r.MustRun(acctest.State{}, plain(second))
		w.p.NewRun()
		for _, plan := range []acctest.Plan{
			w.r.Plan(a, plain(map[string]any{"user_card_code": "VIP-0002"})),
			w.r.Plan(b, plain(map[string]any{"phone_number": otherPhone})),
		} {
			if plan.Action != acctest.Replace {
				t.Errorf("the plan is %q:\n%s", plan.Action, plan.Diagnostics)
			}
		}
	})
}

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
	imports := map[string]func(*world) (acctest.State, acctest.Diagnostics){
		"by id": func(w *world) (acctest.State, acctest.Diagnostics) {
			return w.r.Import("1004/" + mockserver.TemplatePermanent + "/VIP-0001/" + w.m.OpenID(samplePhone))
		},
		"by identity": func(w *world) (acctest.State, acctest.Diagnostics) {
			return w.r.ImportByIdentity(map[string]any{
				"brand_id": "1004", "card_id": mockserver.TemplatePermanent, "user_card_code": sampleCode, "openid": w.m.OpenID(samplePhone),
			})
		},
	}
	start := func(t *testing.T, options mockserver.Options, block map[string]any) *world {
		t.Helper()
		w := newWorld(t, options, block)
		if err := w.m.PutCard(whole); err != nil {
			t.Fatal(err)
		}
		return w
	}
	for name, doImport := range imports {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := start(t, mockserver.Options{TimePrecision: mockserver.TimeMilliseconds}, nil)
			state, diags := doImport(w)
			if len(diags) > 0 {
				t.Fatal(diags)
			}
			w.requests(calls(mockserver.OperationGet))
			if state.Get("adopted") != true || state.Get("phone_number") != samplePhone || state.Get("phone_number_masked") != "138****8000" {
				t.Errorf("adopted %v, masked %v", state.Get("adopted"), state.Get("phone_number_masked"))
			}
			if got := state.Get("user_information.common_fields.USER_FORM_FLAG_CITY"); got != "深圳" {
				t.Errorf("the user information was not kept: %v", got)
			}
			if plan := w.r.Plan(state, matching()); plan.Action != acctest.NoOp {
				t.Errorf("the next plan is %q: %v\n%s", plan.Action, plan.Planned(), plan.Diagnostics)
			}
			w.requests(none())
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
		w := start(t, mockserver.Options{}, map[string]any{"refresh_interval": "1h"})
		state, _ := imports["by id"](w)
		w.requests(calls(mockserver.OperationGet))
		if _, diags := w.r.Read(state); len(diags) > 0 {
			t.Error(diags)
		}
		w.requests(none())
	})
	t.Run("a configuration without user information drops it by one plan that sends nothing", func(t *testing.T) {
		t.Parallel()
		w := start(t, mockserver.Options{}, nil)
		state, _ := imports["by id"](w)
		config := matching()
		delete(config, "user_information")
		w.m.ResetRequests()
		plan := w.r.Plan(state, config)
		if plan.Action != acctest.Update || plan.Get("modify_time") == acctest.Unknown {
			t.Fatalf("the plan is %q, modify_time %v:\n%s", plan.Action, plan.Get("modify_time"), plan.Diagnostics)
		}
		state, diags := w.r.Apply(plan)
		if diags.HasErrors() || state.Get("user_information") != nil {
			t.Errorf("user information %v:\n%s", state.Get("user_information"), diags)
		}
		w.requests(none())
		if len(w.card().CommonFields) != 1 {
			t.Error("the card's information was touched")
		}
	})
	t.Run("with a write-only phone number nothing is demanded, nothing sent, none left in the state", func(t *testing.T) {
		t.Parallel()
		w := start(t, mockserver.Options{}, nil)
		state, _ := imports["by id"](w)
		w.m.ResetRequests()
		config := func(phone string, version int) map[string]any {
			c := matching()
			delete(c, "phone_number")
			c["phone_number_wo"], c["phone_number_wo_version"] = phone, version
			return c
		}
		state, diags := w.r.Apply(w.r.Plan(state, config(samplePhone, 1)))
		if diags.HasErrors() || state.Get("phone_number") != nil || state.Get("phone_number_wo_version") != int64(1) {
			t.Fatalf("version %v:\n%s", state.Get("phone_number_wo_version"), diags)
		}
		w.requests(none())
		if plan := w.r.Plan(state, config(otherPhone, 1)); plan.Action != acctest.NoOp {
			t.Errorf("the plan under the same version is %q", plan.Action)
		}
		w.p.NewRun()
		if _, diags := w.r.Apply(w.r.Plan(state, config(otherPhone, 2))); diags.HasErrors() {
			t.Fatal(diags)
		}
		w.requests(calls(mockserver.OperationModify))
		if w.card().PhoneNumber != otherPhone {
			t.Error("the phone number of the next version was not sent")
		}
	})
	t.Run("a write-only phone number other than the card's is warned of", func(t *testing.T) {
		t.Parallel()
		w := start(t, mockserver.Options{}, nil)
		state, _ := imports["by id"](w)
		config := matching()
		delete(config, "phone_number")
		config["phone_number_wo"], config["phone_number_wo_version"] = otherPhone, 1
		plan := w.r.Plan(state, config)
		if !plan.Diagnostics.Warnings().At("phone_number_wo").Contains("another phone number") {
			t.Errorf("no warning:\n%s", plan.Diagnostics)
		}
	})
	for name, c := range map[string]struct{ id, says string }{
		"without the openid":          {"1004/" + mockserver.TemplatePermanent + "/VIP-0001", "needs the openid"},
		"with too few parts":          {"1004/VIP-0001", "is not right"},
		"of a card that is not there": {"1004/" + mockserver.TemplatePermanent + "/NOBODY/oNobody", "non-existent"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := start(t, mockserver.Options{}, nil)
			if _, diags := w.r.Import(c.id); !diags.Errors().Contains(c.says) {
				t.Errorf("want %q, got:\n%s", c.says, diags)
			}
		})
	}
}

// INVALID elsewhere: warned, never silently made anew.
func TestInvalidElsewhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mockserver.Options{}, nil)
	state := w.r.MustRun(acctest.State{}, plain(nil))
	w.change(func(c *mockserver.Card) { c.State, c.InvalidReason = "INVALID", "离职" })
	state, diags := w.r.Read(state)
	if !state.Exists() || !diags.Warnings().Contains("invalid") || state.Get("user_card_state") != "INVALID" || state.Get("invalid_reason") != "离职" {
		t.Errorf("state %v:\n%s", state.Get("user_card_state"), diags)
	}
	if plan := w.r.Plan(state, plain(nil)); plan.Action != acctest.NoOp {
		t.Errorf("the plan is %q", plan.Action)
	}
}

// EXPIRED stays, without a warning, and an unchanged member that has expired still plans.
func TestExpiredStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mockserver.Options{}, nil)
	state := w.r.MustRun(acctest.State{}, plain(nil))
	w.change(func(c *mockserver.Card) { c.State = "EXPIRED" })
	state, diags := w.r.Read(state)
	if !state.Exists() || len(diags) > 0 || state.Get("user_card_state") != "EXPIRED" {
		t.Errorf("state %v:\n%s", state.Get("user_card_state"), diags)
	}
	if plan := w.r.Plan(state, plain(nil)); plan.Action != acctest.NoOp {
		t.Errorf("the plan is %q:\n%s", plan.Action, plan.Diagnostics)
	}
}

// Any other 404 than RESOURCE_NOT_EXISTS (a proxy's page, say) is an error, and the state stays.
func TestOther404IsAnError(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mockserver.Options{}, nil)
	state := w.r.MustRun(acctest.State{}, plain(nil))
	w.m.Inject(mockserver.Fault{Operation: mockserver.OperationGet, Status: 404, Body: []byte("<html>not here</html>"), ContentType: "text/html"})
	after, diags := w.r.Read(state)
	if !diags.HasErrors() || !after.Exists() {
		t.Errorf("exists %t:\n%s", after.Exists(), diags)
	}
}

// 404 with RESOURCE_NOT_EXISTS removes the card from the state, its identity filled before.
func TestGoneCardLeavesTheState(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mockserver.Options{}, nil)
	state := w.r.MustRun(acctest.State{}, plain(nil))
	w.m.DeleteCard(mockserver.DefaultBrandID, mockserver.TemplatePermanent, sampleCode)
	after, diags := w.r.Read(state)
	if diags.HasErrors() || after.Exists() {
		t.Errorf("exists %t:\n%s", after.Exists(), diags)
	}
}

// refresh_interval: a card that was read less than this long ago is not read again, and the
// answers of create and modify count as readings. (How long is tested in private_test.go.)
func TestRefreshInterval(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mockserver.Options{}, map[string]any{"refresh_interval": "1h"})
	state := w.r.MustRun(acctest.State{}, plain(nil))
	w.requests(calls(mockserver.OperationImportByPhone))
	state, _ = w.r.Read(state)
	w.requests(none())
	state = w.r.MustRun(state, plain(map[string]any{"level": "钻石会员"}))
	w.requests(calls(mockserver.OperationModify))
	if _, diags := w.r.Read(state); diags.HasErrors() {
		t.Fatal(diags)
	}
	w.requests(none())
	// Without the interval each refresh is one GET.
	always := acctest.NewProcess(t, w.m, nil).Resource(resourceType)
	for range 2 {
		if _, diags := always.Read(state); diags.HasErrors() {
			t.Fatal(diags)
		}
	}
	w.requests(map[mockserver.Operation]int{mockserver.OperationGet: 2})
}

// The deletion policies, the one in the state counting.
func TestDeletionPolicies(t *testing.T) {
	t.Parallel()
	t.Run("abandon", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, mockserver.Options{}, nil)
		state := w.r.MustRun(acctest.State{}, plain(nil))
		after, diags := w.r.Run(state, nil)
		if after.Exists() || diags.HasErrors() || !diags.Warnings().Contains("lives on") {
			t.Errorf("exists %t:\n%s", after.Exists(), diags)
		}
		if w.card().State != "EFFECTIVE" {
			t.Error("the card was touched")
		}
	})
	t.Run("invalidate", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, mockserver.Options{}, nil)
		state := w.r.MustRun(acctest.State{}, plain(map[string]any{"deletion_policy": "invalidate", "invalidate_reason": "离职"}))
		plan := w.r.Plan(state, nil)
		if !plan.Diagnostics.Warnings().Contains("cannot be undone") {
			t.Errorf("the plan does not warn:\n%s", plan.Diagnostics)
		}
		w.m.ResetRequests()
		after, diags := w.r.Apply(plan)
		if after.Exists() || diags.HasErrors() {
			t.Errorf("exists %t:\n%s", after.Exists(), diags)
		}
		w.requests(calls(mockserver.OperationInvalidate))
		if c := w.card(); c.State != "INVALID" || c.InvalidReason != "离职" {
			t.Errorf("the card is %s, %q", c.State, c.InvalidReason)
		}
	})
	t.Run("invalidate what was invalidated already", func(t *testing.T) {
		t.Parallel()
		for name, refresh := range map[string]bool{"seen": true, "not seen": false} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, mockserver.Options{}, nil)
				state := w.r.MustRun(acctest.State{}, plain(map[string]any{"deletion_policy": "invalidate"}))
				w.change(func(c *mockserver.Card) { c.State = "INVALID" })
				if refresh {
					state, _ = w.r.Read(state)
				}
				after, diags := w.r.Apply(w.r.Plan(state, nil))
				if after.Exists() || diags.HasErrors() {
					t.Errorf("exists %t:\n%s", after.Exists(), diags)
				}
			})
		}
	})
	t.Run("invalidate without an openid is refused while planning", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, mockserver.Options{}, nil)
		state := w.unverified(map[string]any{"deletion_policy": "invalidate"})
		w.refused(w.r.Plan(state, nil), "openid", "cannot be invalidated")
	})
	t.Run("an invalidation that fails leaves the member in the state", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, mockserver.Options{}, nil)
		state := w.r.MustRun(acctest.State{}, plain(map[string]any{"deletion_policy": "invalidate"}))
		w.m.Inject(mockserver.Fault{Operation: mockserver.OperationInvalidate, Status: 403, Code: "NO_AUTH", Message: "无权限"})
		after, diags := w.r.Run(state, nil)
		if !after.Exists() || !diags.Errors().Contains("无权限") {
			t.Errorf("exists %t:\n%s", after.Exists(), diags)
		}
	})
	t.Run("prevent", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, mockserver.Options{}, nil)
		state := w.r.MustRun(acctest.State{}, plain(map[string]any{"deletion_policy": "prevent"}))
		w.m.ResetRequests()
		w.refused(w.r.Plan(state, nil), "deletion_policy", "protected")
		// Changed and then destroyed.
		state = w.r.MustRun(state, plain(nil))
		if after, diags := w.r.Run(state, nil); after.Exists() || diags.HasErrors() {
			t.Errorf("exists %t:\n%s", after.Exists(), diags)
		}
	})
	t.Run("a replacement counts as destroying", func(t *testing.T) {
		t.Parallel()
		other := plain(map[string]any{"user_card_code": "VIP-0002", "phone_number": otherPhone})
		w := newWorld(t, mockserver.Options{}, nil)
		state := w.r.MustRun(acctest.State{}, plain(map[string]any{"deletion_policy": "prevent"}))
		w.m.ResetRequests()
		w.refused(w.r.Plan(state, other), "deletion_policy", "protected")
		state = w.r.MustRun(state, plain(map[string]any{"deletion_policy": "invalidate"}))
		if plan := w.r.Plan(state, other); plan.Action != acctest.Replace || !plan.Diagnostics.Warnings().Contains("cannot be undone") {
			t.Errorf("the plan is %q:\n%s", plan.Action, plan.Diagnostics)
		}
	})
}

// A replacement that keeps the phone number is warned of while planning, and never ends in
// adopting the old card under the new code.
func TestReplacementKeepsPhoneNumber(t *testing.T) {
	t.Parallel()
	writeOnly := map[string]any{"phone_number": nil, "phone_number_wo": samplePhone, "phone_number_wo_version": 1}
	for name, changes := range map[string]map[string]any{"phone number in the state": {}, "write-only phone number": writeOnly} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, mockserver.Options{}, nil)
			config := plain(changes)
			state := w.r.MustRun(acctest.State{}, config)
			config["user_card_code"] = "VIP-0002"
			w.p.NewRun()
			plan := w.r.Plan(state, config)
			if plan.Action != acctest.Replace || !plan.Diagnostics.Warnings().Contains("may refuse the phone number") {
				t.Fatalf("the plan is %q:\n%s", plan.Action, plan.Diagnostics)
			}
			after, diags := w.r.Apply(plan)
			if after.Exists() || !diags.Errors().Contains("has just let go") {
				t.Errorf("exists %t:\n%s", after.Exists(), diags)
			}
		})
	}
}

// Server-filled values do not show as changes.
func TestServerFilledValues(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mockserver.Options{FillFromTemplate: true, FillValidDate: true, TimePrecision: mockserver.TimeMilliseconds}, nil)
	config := plain(map[string]any{
		"card_id": mockserver.TemplateFixTerm, "pickup_time": time.Now().Add(-time.Hour).UTC().Format(time.RFC3339),
		"valid_date_information": map[string]any{"type": "FIX_TERM", "available_day_after_receive": 365},
	})
	state := w.r.MustRun(acctest.State{}, config)
	state, _ = w.r.Read(state)
	if plan := w.r.Plan(state, config); plan.Action != acctest.NoOp {
		t.Errorf("the plan is %q: %v", plan.Action, plan.Planned())
	}
}

// An attribute that is removed from the configuration keeps WeChat Pay's value.
func TestRemovedAttributesStay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mockserver.Options{}, nil)
	state := w.r.MustRun(acctest.State{}, plain(map[string]any{"level": "钻石会员", "attach": "门店"}))
	if plan := w.r.Plan(state, plain(nil)); plan.Action != acctest.NoOp {
		t.Errorf("the plan is %q", plan.Action)
	}
}

// Only the configured names of user information are managed.
func TestOtherUserInformationIsNeitherStoredNorTouched(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mockserver.Options{}, nil)
	config := plain(map[string]any{"user_information": map[string]any{"common_fields": map[string]any{"USER_FORM_FLAG_CITY": "深圳"}}})
	state := w.r.MustRun(acctest.State{}, config)
	w.change(func(c *mockserver.Card) {
		c.CommonFields = append(c.CommonFields, mockserver.CommonField{Name: "USER_FORM_FLAG_NAME", Value: "样例"})
	})
	state, _ = w.r.Read(state)
	if got := state.Get("user_information.common_fields.USER_FORM_FLAG_NAME"); got != nil {
		t.Error("a name that is not configured is in the state")
	}
	if plan := w.r.Plan(state, config); plan.Action != acctest.NoOp {
		t.Errorf("the plan is %q", plan.Action)
	}
	// Not configured at all.
	bare := w.r.MustRun(state, plain(nil))
	bare, _ = w.r.Read(bare)
	if bare.Get("user_information") != nil || len(w.card().CommonFields) != 2 {
		t.Errorf("user information %v, the card has %d fields", bare.Get("user_information"), len(w.card().CommonFields))
	}
}

// The brand is the provider's where the resource names none, and another one replaces.
func TestBrandOfTheProvider(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mockserver.Options{}, map[string]any{"brand_id": nil})
	w.refused(w.r.Plan(acctest.State{}, plain(nil)), "brand_id", "WECHATPAY_BRAND_ID")
	state := w.r.MustRun(acctest.State{}, plain(map[string]any{"brand_id": "1004"}))
	if plan := w.r.Plan(state, plain(nil)); plan.Action != acctest.NoOp {
		t.Errorf("without any brand configured the plan is %q:\n%s", plan.Action, plan.Diagnostics)
	}
	other := acctest.NewProcess(t, w.m, map[string]any{"brand_id": "2008", "check_templates": false}).Resource(resourceType)
	if plan := other.Plan(state, plain(nil)); plan.Action != acctest.Replace {
		t.Errorf("under another provider's brand the plan is %q:\n%s", plan.Action, plan.Diagnostics)
	}
}

// A state that this version writes can be read by those that follow: the fixture is frozen,
// a change that cannot read it needs a new schema version and an upgrader.
func TestFrozenState(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/state_v0.json")
	if err != nil {
		t.Fatal(err)
	}
	var values map[string]any
	if err := json.Unmarshal(raw, &values); err != nil {
		t.Fatal(err)
	}
	w := newWorld(t, mockserver.Options{}, nil)
	state, diags := w.r.Upgrade(0, values)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	for _, attribute := range []string{"id", "openid", "level", "phone_number_masked", "deletion_policy"} {
		if state.Get(attribute) != values[attribute] {
			t.Errorf("%s = %v, want %v", attribute, state.Get(attribute), values[attribute])
		}
	}
	if got := state.Get("valid_date_information.type"); got != "PERMANENT" {
		t.Errorf("validity %v", got)
	}
}
