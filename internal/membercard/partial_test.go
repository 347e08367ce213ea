// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

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
			if err := carries(lastModify(t, w.m), "brand_id", "openid", "attach"); err != nil {
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
