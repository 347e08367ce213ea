// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"testing"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// A modify call for attach that fails after the import is a warning that says what is left,
// and the next apply sends only that: with a refresh, and without one.
func TestAttachFailsAfterImport(t *testing.T) {
	t.Parallel()
	for name, refresh := range map[string]bool{"refreshed": true, "not refreshed": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, mockserver.Options{}, map[string]any{"refresh_interval": "1h"})
			e.m.Inject(mockserver.Fault{Operation: mockserver.OperationModify, Status: 400, Code: "INVALID_REQUEST", Message: "稍后再试"})
			config := plain(map[string]any{"attach": "门店", "level": "钻石会员"})
			state, diags := e.r.Run(tfdriver.State{}, config)
			if diags.HasErrors() || state.Tainted || !diags.Warnings().Contains("attach") || !diags.Warnings().Contains("稍后再试") {
				t.Fatalf("tainted %t:\n%s", state.Tainted, diags)
			}
			e.requests(calls(mockserver.OperationImportByPhone, mockserver.OperationModify))
			e.p.NewRun()
			if refresh {
				state, _ = e.r.Read(state)
				e.requests(calls(mockserver.OperationGet))
			}
			plan := e.r.Plan(state, config)
			if plan.Action != tfdriver.Update {
				t.Fatalf("the next plan is %q:\n%s", plan.Action, plan.Diagnostics)
			}
			state, diags = e.r.Apply(plan)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			if err := carries(lastModify(t, e.m), "brand_id", "openid", "attach"); err != nil {
				t.Error(err)
			}
			e.requests(calls(mockserver.OperationModify))
			if e.card().Attach != "门店" {
				t.Error("attach was not sent")
			}
			e.p.NewRun()
			if plan := e.r.Plan(state, config); plan.Action != tfdriver.NoOp {
				t.Errorf("the plan after that is %q", plan.Action)
			}
		})
	}
}

// A modify call that fails while a verified card is adopted leaves the card in the state, and
// the next apply completes it.
func TestReconcileFailsAfterAdoption(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	if err := e.m.PutCard(existingCard(nil)); err != nil {
		t.Fatal(err)
	}
	e.m.Inject(mockserver.Fault{Operation: mockserver.OperationModify, Status: 400, Code: "INVALID_REQUEST", Message: "稍后再试"})
	config := plain(map[string]any{"level": "钻石会员", "openid": e.m.OpenID(samplePhone)})
	state, diags := e.r.Run(tfdriver.State{}, config)
	if diags.HasErrors() || state.Tainted || !diags.Warnings().Contains("level") {
		t.Fatalf("tainted %t:\n%s", state.Tainted, diags)
	}
	e.r.MustRun(state, config)
	if e.card().Level != "钻石会员" {
		t.Error("the level was not sent")
	}
}

// What was left to send and is not wanted any more is not sent, and a next apply without a
// refresh does not hold on to it.
func TestWhatIsLeftMayBeTakenBack(t *testing.T) {
	t.Parallel()
	open := func(e *env) map[string]any { return map[string]any{"openid": e.m.OpenID(samplePhone)} }
	city := map[string]any{"common_fields": map[string]any{"USER_FORM_FLAG_CITY": "深圳"}}
	for name, c := range map[string]struct {
		exists      bool
		left, after map[string]any
		sends       []string
	}{
		"attach":                               {left: map[string]any{"attach": "门店"}},
		"attach, for another":                  {left: map[string]any{"attach": "门店"}, after: map[string]any{"attach": "总店"}, sends: []string{"attach"}},
		"attach, and another attribute comes":  {left: map[string]any{"attach": "门店"}, after: map[string]any{"level": "钻石会员"}, sends: []string{"level"}},
		"user information of an adopted card":  {exists: true, left: map[string]any{"user_information": city}},
		"one of two attributes":                {exists: true, left: map[string]any{"user_information": city, "level": "钻石会员"}, after: map[string]any{"level": "钻石会员"}, sends: []string{"level"}},
		"user information, for the level's":    {exists: true, left: map[string]any{"user_information": city}, after: map[string]any{"level": "钻石会员"}, sends: []string{"level"}},
		"nothing, though policies are changed": {exists: true, left: map[string]any{"level": "钻石会员"}, after: map[string]any{"level": "钻石会员", "on_existing": "verify"}, sends: []string{"level"}},
	} {
		for how, refresh := range map[string]bool{"refreshed": true, "not refreshed": false} {
			t.Run(name+", "+how, func(t *testing.T) {
				t.Parallel()
				e := newEnv(t, mockserver.Options{}, map[string]any{"refresh_interval": "1h"})
				config := func(changes map[string]any) map[string]any {
					if !c.exists {
						return plain(changes)
					}
					return with(plain(changes), open(e))
				}
				if c.exists {
					if err := e.m.PutCard(existingCard(nil)); err != nil {
						t.Fatal(err)
					}
				}
				e.m.Inject(mockserver.Fault{Operation: mockserver.OperationModify, Status: 400, Code: "INVALID_REQUEST", Message: "稍后再试"})
				state := e.r.MustRun(tfdriver.State{}, config(c.left))
				e.p.NewRun()
				if refresh {
					state, _ = e.r.Read(state)
				}
				e.m.ResetRequests()
				state, diags := e.r.Apply(e.r.Plan(state, config(c.after)))
				if diags.HasErrors() {
					t.Fatal(diags)
				}
				if len(c.sends) == 0 {
					e.requests(none())
				} else {
					if err := carries(lastModify(t, e.m), append(c.sends, "brand_id", "openid")...); err != nil {
						t.Error(err)
					}
					e.requests(calls(mockserver.OperationModify))
				}
				// The next run finds what WeChat Pay holds, and nothing to do.
				e.p.NewRun()
				state, _ = e.r.Read(state)
				if got, held := state.Get("attach"), e.card().Attach; got != held && (got != nil || held != "") {
					t.Errorf("the state has the attach %v, the card %q", got, held)
				}
				if plan := e.r.Plan(state, config(c.after)); plan.Action != tfdriver.NoOp {
					t.Errorf("the plan after that is %q: %v", plan.Action, plan.Planned())
				}
			})
		}
	}
}

// What the modify call of an adoption answers is what the state holds: a card that had
// expired has not, once its validity is the configured one.
func TestReconcileAnswerIsStored(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	if err := e.m.PutCard(existingCard(func(c *mockserver.Card) {
		c.CardID, c.State = mockserver.TemplateFixTimeRange, mockserver.StateExpired
		c.ValidDate = mockserver.ValidDate{Type: "FIX_TIME_RANGE", Begin: time.Now().Add(-48 * time.Hour), End: time.Now().Add(-24 * time.Hour)}
	})); err != nil {
		t.Fatal(err)
	}
	config := with(plain(fixTimeRange(nil)), map[string]any{"card_id": mockserver.TemplateFixTimeRange, "openid": e.m.OpenID(samplePhone)})
	state := e.r.MustRun(tfdriver.State{}, config)
	e.requests(calls(mockserver.OperationImportByOpenID, mockserver.OperationGet, mockserver.OperationModify))
	if state.Get("adopted") != true || state.Get("user_card_state") != "EFFECTIVE" {
		t.Errorf("adopted %v, the card is %v", state.Get("adopted"), state.Get("user_card_state"))
	}
	refreshed, _ := e.r.Read(state)
	if got, want := state.Get("modify_time"), refreshed.Get("modify_time"); got != want {
		t.Errorf("modify_time = %v, and a reading says %v", got, want)
	}
}

// After a change whose answer got lost nobody knows what WeChat Pay holds, so the next
// refresh reads the card however lately it was read.
func TestLostUpdateIsLookedUp(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, map[string]any{"refresh_interval": "1h", "max_retries": 0})
	before, after := plain(map[string]any{"level": "普通会员"}), plain(map[string]any{"level": "钻石会员"})
	state := e.r.MustRun(tfdriver.State{}, before)
	e.m.Inject(mockserver.Fault{Operation: mockserver.OperationModify, Kind: mockserver.FaultCutConnection, AfterWork: true})
	state, diags := e.r.Run(state, after)
	if !diags.Errors().Contains(mayHaveWorked) || state.Get("level") != "普通会员" {
		t.Fatalf("level %v:\n%s", state.Get("level"), diags)
	}
	// The change is taken back: without a look the state would seem right.
	e.r.MustRun(state, before)
	if got := e.card().Level; got != "普通会员" {
		t.Errorf("WeChat Pay holds the level %q", got)
	}
}

// A card that is gone is refused to the change, and the next refresh sees why however lately
// it was read: otherwise each apply would fail until the interval is over.
func TestRefusedUpdateIsLookedUp(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, map[string]any{"refresh_interval": "1h"})
	state := e.r.MustRun(tfdriver.State{}, plain(nil))
	if !e.m.DeleteCard(mockserver.DefaultBrandID, mockserver.TemplatePermanent, sampleCode) {
		t.Fatal("the mock has no such card")
	}
	changed := plain(map[string]any{"level": "钻石会员"})
	state, diags := e.r.Run(state, changed)
	if !diags.Errors().Contains("WeChat Pay knows no such card") {
		t.Fatalf("want an error of a card that is not there, got:\n%s", diags)
	}
	e.r.MustRun(state, changed)
	if got := e.card().Level; got != "钻石会员" {
		t.Errorf("WeChat Pay holds the level %q", got)
	}
}
