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
		w := newWorld(t, mockserver.Options{}, nil)
		state := w.r.MustRun(tfdriver.State{}, plain(nil))
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
		state := w.r.MustRun(tfdriver.State{}, plain(map[string]any{"deletion_policy": "invalidate", "invalidate_reason": "离职"}))
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
				state := w.r.MustRun(tfdriver.State{}, plain(map[string]any{"deletion_policy": "invalidate"}))
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
		state := w.r.MustRun(tfdriver.State{}, plain(map[string]any{"deletion_policy": "invalidate"}))
		w.m.Inject(mockserver.Fault{Operation: mockserver.OperationInvalidate, Status: 403, Code: "NO_AUTH", Message: "无权限"})
		after, diags := w.r.Run(state, nil)
		if !after.Exists() || !diags.Errors().Contains("无权限") {
			t.Errorf("exists %t:\n%s", after.Exists(), diags)
		}
	})
	t.Run("prevent", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, mockserver.Options{}, nil)
		state := w.r.MustRun(tfdriver.State{}, plain(map[string]any{"deletion_policy": "prevent"}))
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
		state := w.r.MustRun(tfdriver.State{}, plain(map[string]any{"deletion_policy": "prevent"}))
		w.m.ResetRequests()
		w.refused(w.r.Plan(state, other), "deletion_policy", "protected")
		state = w.r.MustRun(state, plain(map[string]any{"deletion_policy": "invalidate"}))
		if plan := w.r.Plan(state, other); plan.Action != tfdriver.Replace || !plan.Diagnostics.Warnings().Contains("cannot be undone") {
			t.Errorf("the plan is %q:\n%s", plan.Action, plan.Diagnostics)
		}
	})
}
