// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// Of a verified answer the ids and the openid are kept, whatever else cannot be read: that is
// absent, with a warning, and the next refresh reads the card.
func TestUnreadPartsOfAnAnswer(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault  mockserver.Fault
		unread string
	}{
		"a phone number that cannot be decrypted": {mockserver.Fault{Kind: mockserver.FaultChangedFields, Fields: map[string]any{"phone_number": "bm90IGEgY2lwaGVydGV4dA=="}}, "phone_number"},
		"user information of another shape":       {mockserver.Fault{Kind: mockserver.FaultChangedFields, Fields: map[string]any{"user_information": "text"}}, "user_information"},
		"a level that is a number":                {mockserver.Fault{Kind: mockserver.FaultChangedFields, Fields: map[string]any{"level": 3}}, "level"},
		"nothing but the ids":                     {mockserver.Fault{Kind: mockserver.FaultIDsOnly}, ""},
	} {
		for call, changes := range map[mockserver.Operation]map[string]any{importCall: {}, openIDCall: {"openid": openIDStandIn}} {
			t.Run(name+", "+string(call), func(t *testing.T) {
				t.Parallel()
				e := newEnv(t, mockserver.Options{}, map[string]any{"refresh_interval": "1h"})
				config := with(plain(commonFields(map[string]any{"USER_FORM_FLAG_CITY": "深圳"})), map[string]any{"level": "钻石会员"})
				if changes["openid"] != nil {
					config["openid"] = e.m.OpenID(samplePhone)
				}
				c.fault.Operation, c.fault.AfterWork = call, true
				e.m.Inject(c.fault)
				state, diags := e.r.Run(tfdriver.State{}, config)
				if diags.HasErrors() || state.Tainted || state.Get("openid") != e.m.OpenID(samplePhone) || state.Get("adopted") != false || state.Get("level") != "钻石会员" {
					t.Fatalf("openid %v, adopted %v, tainted %t:\n%s", state.Get("openid"), state.Get("adopted"), state.Tainted, diags)
				}
				if warned := diags.Warnings().Contains("could not be read in: " + c.unread); warned != (c.unread != "") || len(diags.Warnings()) > 1 {
					t.Errorf("want a warning about %q, got:\n%s", c.unread, diags)
				}
				// The answer was no reading: the next refresh reads, and nothing is left to do.
				e.p.NewRun()
				e.m.ResetRequests()
				state, diags = e.r.Read(state)
				if len(diags) > 0 {
					t.Error(diags)
				}
				e.requests(calls(readCall))
				if plan := e.r.Plan(state, config); plan.Action != tfdriver.NoOp {
					t.Errorf("the next plan is %q: %v", plan.Action, plan.Planned())
				}
			})
		}
	}
}

// A card of which a part cannot be read does not make every refresh fail.
func TestUnreadPartsOfAReading(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	config := plain(map[string]any{"level": "钻石会员"})
	state := e.r.MustRun(tfdriver.State{}, config)
	e.m.Inject(mockserver.Fault{Operation: readCall, Kind: mockserver.FaultChangedFields, Fields: map[string]any{"phone_number": "bm90IGEgY2lwaGVydGV4dA=="}, Count: -1})
	for range 2 {
		var diags tfdriver.Diagnostics
		e.p.NewRun()
		state, diags = e.r.Read(state)
		if diags.HasErrors() || !diags.Warnings().Contains("could not be read in: phone_number") {
			t.Fatalf("want a warning, got:\n%s", diags)
		}
		if plan := e.r.Plan(state, config); plan.Action != tfdriver.NoOp {
			t.Errorf("the plan is %q: %v", plan.Action, plan.Planned())
		}
	}
}

// An answer that shows another value than the planned one is no reading: the next refresh
// reads the card, however lately it was answered, and shows the difference.
func TestAnswerThatDiffersIsNoReading(t *testing.T) {
	t.Parallel()
	before, planned := plain(nil), plain(map[string]any{"level": "钻石会员"})
	for name, act := range map[string]struct {
		call mockserver.Operation
		run  func(*env) tfdriver.State
	}{
		"an import": {importCall, func(e *env) tfdriver.State { return e.r.MustRun(tfdriver.State{}, planned) }},
		"a change":  {modifyCall, func(e *env) tfdriver.State { return e.r.MustRun(e.r.MustRun(tfdriver.State{}, before), planned) }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, mockserver.Options{}, map[string]any{"refresh_interval": "1h"})
			e.m.Inject(mockserver.Fault{Operation: act.call, Kind: mockserver.FaultChangedFields, AfterWork: true, Fields: map[string]any{"level": "普通会员"}})
			state := act.run(e)
			if state.Get("level") != "钻石会员" {
				t.Errorf("the state has the level %v, not the planned one", state.Get("level"))
			}
			e.change(func(c *mockserver.Card) { c.Level = "普通会员" })
			e.p.NewRun()
			e.m.ResetRequests()
			state, _ = e.r.Read(state)
			e.requests(calls(readCall))
			if plan := e.r.Plan(state, planned); plan.Action != tfdriver.Update {
				t.Errorf("the next plan is %q", plan.Action)
			}
		})
	}
}

// An invalidation that is answered is done only when the card is INVALID: in the answer, or in
// a reading after it.
func TestInvalidationCountsByTheCard(t *testing.T) {
	t.Parallel()
	effective := mockserver.Fault{Operation: mockserver.OperationInvalidate, Kind: mockserver.FaultChangedFields, AfterWork: true, Fields: map[string]any{"user_card_state": "EFFECTIVE"}}
	start := func(t *testing.T) (*env, tfdriver.Plan) {
		t.Helper()
		e := newEnv(t, mockserver.Options{}, nil)
		plan := e.r.Plan(e.r.MustRun(tfdriver.State{}, plain(map[string]any{"deletion_policy": "invalidate"})), nil)
		e.m.ResetRequests()
		return e, plan
	}
	t.Run("the answer says EFFECTIVE, and the card is INVALID", func(t *testing.T) {
		t.Parallel()
		e, plan := start(t)
		e.m.Inject(effective)
		if state, diags := e.r.Apply(plan); state.Exists() || len(diags) > 0 {
			t.Errorf("exists %t:\n%s", state.Exists(), diags)
		}
		e.requests(calls(mockserver.OperationInvalidate, readCall))
	})
	t.Run("the answer and the card say EFFECTIVE", func(t *testing.T) {
		t.Parallel()
		e, plan := start(t)
		e.m.Inject(effective)
		still := effective
		still.Operation = readCall
		e.m.Inject(still)
		state, diags := e.r.Apply(plan)
		if !state.Exists() || !diags.Errors().Contains("the card is not INVALID") {
			t.Errorf("exists %t:\n%s", state.Exists(), diags)
		}
		e.requests(calls(mockserver.OperationInvalidate, readCall))
	})
	t.Run("the action", func(t *testing.T) {
		t.Parallel()
		e := newEnv(t, mockserver.Options{}, nil)
		e.put(existingCard(nil))
		e.m.Inject(effective)
		still := effective
		still.Operation, still.Count = readCall, -1
		e.m.Inject(still)
		if _, diags := e.p.Invoke(actionType, map[string]any{
			"card_id": mockserver.TemplatePermanent, "user_card_code": sampleCode, "openid": e.m.OpenID(samplePhone),
		}); !diags.Errors().Contains("the card is not INVALID") {
			t.Errorf("want an error, got:\n%s", diags)
		}
	})
}
