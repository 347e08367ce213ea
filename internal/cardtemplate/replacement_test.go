// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package cardtemplate_test

import (
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// A replacement makes another template under the next number, and the old one stays or ends by
// the policy in the state.
func TestReplacement(t *testing.T) {
	t.Parallel()
	for policy, want := range map[string]string{"abandon": mockserver.TemplateStateEffective, "invalidate": mockserver.TemplateStateInvalid} {
		for name, change := range map[string]map[string]any{
			"code_mode":     {"code_mode": "SYSTEM_ALLOCATE"},
			"appid":         {"appid": "wx0000000000000001"},
			"title as well": {"code_type": "BAR_CODE", "card_title": "金卡"},
		} {
			t.Run(policy+", "+name, func(t *testing.T) {
				t.Parallel()
				e := newEnv(t, mockserver.Options{}, nil)
				state := e.r.MustRun(tfdriver.State{}, sample(map[string]any{"deletion_policy": policy}))
				before, _ := state.Get("card_id").(string)
				change["deletion_policy"] = policy
				config := sample(change)
				e.p.NewRun()
				plan := e.r.Plan(state, config)
				if plan.Action != tfdriver.Replace || !plan.Diagnostics.Warnings().Contains("its members are not") {
					t.Fatalf("the plan is %q:\n%s", plan.Action, plan.Diagnostics)
				}
				state, diags := e.r.Apply(plan)
				if diags.HasErrors() || state.Get("card_id") == before || state.Get("card_id") == nil {
					t.Fatalf("%v\n%s", state.Values(), diags)
				}
				e.templates(2)
				if old, _ := e.m.Template(before); old.State != want {
					t.Errorf("the old template is %s", old.State)
				}
				e.empty(state, config)
			})
		}
	}
}

// The old template ends before the new one is made, so that a number which it has is refused
// before anything ends.
func TestReplacementUnderTheSameNumber(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	config := func(mode string) map[string]any {
		return sample(map[string]any{"deletion_policy": "invalidate", "out_request_no": "brand-2026-01", "code_mode": mode})
	}
	state := e.r.MustRun(tfdriver.State{}, config("MERCHANT_ALLOCATE"))
	if _, diags := e.r.Run(state, config("SYSTEM_ALLOCATE")); !diags.Errors().At("out_request_no").Contains("The replacement needs another out_request_no") {
		t.Errorf("%s", diags)
	}
	for _, template := range e.m.Templates() {
		if template.State != mockserver.TemplateStateEffective {
			t.Error("the template was invalidated")
		}
	}
}

// Terraform plans a tainted template, and one that -replace names, without its state. The
// policy that is in the state holds all the same.
func TestReplacementThatNobodyConfigured(t *testing.T) {
	t.Parallel()
	for policy, want := range map[string]int{"prevent": 1, "abandon": 2, "invalidate": 2} {
		t.Run(policy, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, mockserver.Options{}, nil)
			config := sample(map[string]any{"deletion_policy": policy})
			state := e.r.MustRun(tfdriver.State{}, config)
			state.Tainted = true
			state, diags := e.r.Run(state, config)
			if refused := policy == "prevent"; refused != diags.Errors().Contains("protected from being destroyed") || refused != diags.HasErrors() {
				t.Errorf("%s", diags)
			}
			e.templates(want)
			if state.Tainted = false; want == 2 {
				e.empty(state, config)
			}
		})
	}
}

// With create_before_destroy the new template is made while the old one is still in the state.
func TestCreateBeforeDestroy(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]map[string]any{
		"another key":  {"appid": "wx0000000000000001"},
		"the same key": {"code_mode": "SYSTEM_ALLOCATE", "out_request_no": "brand-2026-02"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, mockserver.Options{}, nil)
			old := e.r.MustRun(tfdriver.State{}, sample(map[string]any{"deletion_policy": "invalidate"}))
			change["deletion_policy"] = "invalidate"
			e.p.NewRun()
			created := e.r.Plan(tfdriver.State{}, sample(change))
			destroyed := e.r.Plan(old, nil)
			state, diags := e.r.Apply(created)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			if gone, diags := e.r.Apply(destroyed); gone.Exists() || diags.HasErrors() {
				t.Errorf("%s", diags)
			}
			e.templates(2)
			e.empty(state, sample(change))
		})
	}
	// The same template again: the new resource adopts it, so the old one must not end it.
	e := newEnv(t, mockserver.Options{}, nil)
	config := sample(map[string]any{"deletion_policy": "invalidate"})
	old := e.r.MustRun(tfdriver.State{}, config)
	e.p.NewRun()
	created, destroyed := e.r.Plan(tfdriver.State{}, config), e.r.Plan(old, nil)
	if _, diags := e.r.Apply(created); diags.HasErrors() {
		t.Fatal(diags)
	}
	if _, diags := e.r.Apply(destroyed); !diags.Errors().Contains("Another resource manages this card template") {
		t.Errorf("%s", diags)
	}
	for _, template := range e.m.Templates() {
		if template.State != mockserver.TemplateStateEffective {
			t.Error("the template was invalidated")
		}
	}
}

// A template whose number an invalid one has gets the next derived number; a configured one is refused.
func TestNumberOfAnInvalidTemplate(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{OutRequestNo: mockserver.OutRequestNoRefused}, nil)
	for _, number := range []any{nil, "brand-2026-01"} {
		config := sample(map[string]any{"deletion_policy": "invalidate", "out_request_no": number})
		state := e.r.MustRun(tfdriver.State{}, config)
		if state = e.r.MustRun(state, nil); state.Exists() {
			t.Fatal("it is still there")
		}
		_, diags := e.r.Run(tfdriver.State{}, config)
		if refused := number != nil; refused != diags.Errors().At("out_request_no").Contains("invalid template") || refused != diags.HasErrors() {
			t.Errorf("%v: %s", number, diags)
		}
	}
	e.templates(3)
}

// One number would be derived for both.
func TestTwoTemplatesOfOneTitle(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	if plan := e.r.Plan(tfdriver.State{}, sample(nil)); plan.Diagnostics.HasErrors() {
		t.Fatal(plan.Diagnostics)
	}
	if plan := e.r.Plan(tfdriver.State{}, sample(map[string]any{"benefits": "别的"})); !plan.Diagnostics.Errors().At("out_request_no").Contains("Two card templates") {
		t.Errorf("%s", plan.Diagnostics)
	}
	for name, change := range map[string]map[string]any{
		"a number of its own": {"out_request_no": "second"}, "another title": {"card_title": "金卡"}, "another AppID": {"appid": "wx2"}, "another brand": {"brand_id": "1005"},
	} {
		if plan := e.r.Plan(tfdriver.State{}, sample(change)); plan.Diagnostics.HasErrors() {
			t.Errorf("%s: %s", name, plan.Diagnostics)
		}
	}
}
