// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// The deletion policies, the one in the state counting.
func TestDeletionPolicies(t *testing.T) {
	t.Parallel()
	t.Run("abandon", func(t *testing.T) {
		t.Parallel()
		e := newEnv(t, mockserver.Options{}, nil)
		state := e.r.MustRun(tfdriver.State{}, plain(nil))
		plan := e.r.Plan(state, nil)
		if plan.Diagnostics.HasErrors() || !plan.Diagnostics.Warnings().Contains("stays valid") {
			t.Errorf("the plan does not warn:\n%s", plan.Diagnostics)
		}
		after, diags := e.r.Apply(plan)
		if after.Exists() || len(diags) > 0 {
			t.Errorf("exists %t, and the apply says:\n%s", after.Exists(), diags)
		}
		if e.card().State != "EFFECTIVE" {
			t.Error("the card was touched")
		}
	})
	t.Run("abandon says what is true of the card", func(t *testing.T) {
		t.Parallel()
		for cardState, says := range map[string]string{
			"EFFECTIVE":   "stays valid at WeChat Pay",
			"EXPIRED":     "stays at WeChat Pay, where it has expired",
			"UNACTIVATED": "stays at WeChat Pay, where the user can still activate it",
			"INVALID":     "",
		} {
			t.Run(cardState, func(t *testing.T) {
				t.Parallel()
				e := newEnv(t, mockserver.Options{}, nil)
				state := e.r.MustRun(tfdriver.State{}, plain(nil))
				e.change(func(c *mockserver.Card) { c.State = cardState })
				state, _ = e.r.Read(state)
				plan := e.r.Plan(state, nil)
				if says == "" && len(plan.Diagnostics) > 0 || says != "" && !plan.Diagnostics.Warnings().Contains(says) {
					t.Errorf("the plan says, in place of %q:\n%s", says, plan.Diagnostics)
				}
				after, diags := e.r.Apply(plan)
				if after.Exists() || len(diags) > 0 || e.card().State != cardState {
					t.Errorf("exists %t, the card is %s:\n%s", after.Exists(), e.card().State, diags)
				}
			})
		}
		e := newEnv(t, mockserver.Options{}, nil)
		if plan := e.r.Plan(e.unverified(nil), nil); !plan.Diagnostics.Warnings().Contains("stays at WeChat Pay (") {
			t.Errorf("unverified: the plan says:\n%s", plan.Diagnostics)
		}
	})
	t.Run("invalidate", func(t *testing.T) {
		t.Parallel()
		e := newEnv(t, mockserver.Options{}, nil)
		state := e.r.MustRun(tfdriver.State{}, plain(map[string]any{"deletion_policy": "invalidate", "invalidate_reason": "离职"}))
		plan := e.r.Plan(state, nil)
		if !plan.Diagnostics.Warnings().Contains("cannot be undone") {
			t.Errorf("the plan does not warn:\n%s", plan.Diagnostics)
		}
		e.m.ResetRequests()
		after, diags := e.r.Apply(plan)
		if after.Exists() || diags.HasErrors() {
			t.Errorf("exists %t:\n%s", after.Exists(), diags)
		}
		e.requests(calls(mockserver.OperationInvalidate))
		if c := e.card(); c.State != "INVALID" || c.InvalidReason != "离职" {
			t.Errorf("the card is %s, %q", c.State, c.InvalidReason)
		}
	})
	t.Run("invalidate what was invalidated already", func(t *testing.T) {
		t.Parallel()
		for name, refresh := range map[string]bool{"seen": true, "not seen": false} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				e := newEnv(t, mockserver.Options{}, nil)
				state := e.r.MustRun(tfdriver.State{}, plain(map[string]any{"deletion_policy": "invalidate"}))
				e.change(func(c *mockserver.Card) { c.State = "INVALID" })
				if refresh {
					state, _ = e.r.Read(state)
				}
				after, diags := e.r.Apply(e.r.Plan(state, nil))
				if after.Exists() || diags.HasErrors() {
					t.Errorf("exists %t:\n%s", after.Exists(), diags)
				}
			})
		}
	})
	t.Run("invalidate without an openid is refused while planning", func(t *testing.T) {
		t.Parallel()
		e := newEnv(t, mockserver.Options{}, nil)
		state := e.unverified(map[string]any{"deletion_policy": "invalidate"})
		e.refused(e.r.Plan(state, nil), "openid", "cannot be invalidated")
	})
	t.Run("an invalidation that fails leaves the member in the state", func(t *testing.T) {
		t.Parallel()
		e := newEnv(t, mockserver.Options{}, nil)
		state := e.r.MustRun(tfdriver.State{}, plain(map[string]any{"deletion_policy": "invalidate"}))
		e.m.Inject(mockserver.Fault{Operation: mockserver.OperationInvalidate, Status: 403, Code: "NO_AUTH", Message: "无权限"})
		after, diags := e.r.Run(state, nil)
		if !after.Exists() || !diags.Errors().Contains("无权限") {
			t.Errorf("exists %t:\n%s", after.Exists(), diags)
		}
	})
	t.Run("prevent", func(t *testing.T) {
		t.Parallel()
		e := newEnv(t, mockserver.Options{}, nil)
		state := e.r.MustRun(tfdriver.State{}, plain(map[string]any{"deletion_policy": "prevent"}))
		e.m.ResetRequests()
		e.refused(e.r.Plan(state, nil), "deletion_policy", "protected")
		// Changed and then destroyed.
		state = e.r.MustRun(state, plain(nil))
		if after, diags := e.r.Run(state, nil); after.Exists() || diags.HasErrors() {
			t.Errorf("exists %t:\n%s", after.Exists(), diags)
		}
	})
	t.Run("a replacement counts as destroying", func(t *testing.T) {
		t.Parallel()
		other := plain(map[string]any{"user_card_code": "VIP-0002", "phone_number": otherPhone})
		e := newEnv(t, mockserver.Options{}, nil)
		state := e.r.MustRun(tfdriver.State{}, plain(map[string]any{"deletion_policy": "prevent"}))
		e.m.ResetRequests()
		e.refused(e.r.Plan(state, other), "deletion_policy", "protected")
		state = e.r.MustRun(state, plain(map[string]any{"deletion_policy": "invalidate"}))
		if plan := e.r.Plan(state, other); plan.Action != tfdriver.Replace || !plan.Diagnostics.Warnings().Contains("cannot be undone") {
			t.Errorf("the plan is %q:\n%s", plan.Action, plan.Diagnostics)
		}
	})
}
