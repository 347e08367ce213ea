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
	created := e.r.Plan(tfdriver.State{}, config)
	e.p.NewRun() // Terraform does not plan the destruction, which is a part of the replacement.
	destroyed := e.r.Plan(old, nil)
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
		"a number that begins like a derived one": {"out_request_no": "terraform-vip"}, "another one": {"out_request_no": "terraform-staff"},
	} {
		if plan := e.r.Plan(tfdriver.State{}, sample(change)); plan.Diagnostics.HasErrors() {
			t.Errorf("%s: %s", name, plan.Diagnostics)
		}
	}
	// A number that is configured and not known yet is not derived.
	for range 2 {
		if plan := e.r.Plan(tfdriver.State{}, sample(map[string]any{"out_request_no": tfdriver.Unknown})); plan.Diagnostics.HasErrors() {
			t.Errorf("a number that is not known: %s", plan.Diagnostics)
		}
	}
}

// abandon is the sample with a policy under which an old template stays effective.
func abandon(changes map[string]any) map[string]any {
	config := sample(changes)
	config["deletion_policy"] = "abandon"
	return config
}

// A replacement under abandon leaves the old template effective under the first derived number. A
// run that was killed after the new one was made finds the new one, and makes no third.
func TestKilledReplacementLeadsToOneNewTemplate(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change  map[string]any
		tainted bool
	}{"other settings": {change: map[string]any{"code_type": "BAR_CODE"}}, "the same settings": {tainted: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, mockserver.Options{NewestTemplatesFirst: true}, map[string]any{"max_retries": 0})
			old := e.r.MustRun(tfdriver.State{}, abandon(nil))
			before := old.Get("card_id")
			old.Tainted = c.tainted
			e.p.NewRun()
			plan := e.r.Plan(old, abandon(c.change))
			e.m.Inject(mockserver.Fault{Operation: mockserver.OperationCreateTemplate, AfterWork: true, Kind: mockserver.FaultCutConnection})
			e.m.Inject(mockserver.Fault{Operation: mockserver.OperationListTemplates, Skip: 1, Count: -1, Kind: mockserver.FaultCutConnection})
			e.r.Apply(plan) // Its state is lost.
			e.m.ClearFaults()
			e.templates(2)
			state, diags := e.r.Run(tfdriver.State{}, abandon(c.change))
			if diags.HasErrors() || !diags.Warnings().Contains("existed already") || state.Get("card_id") == before {
				t.Fatalf("%v\n%s", state.Values(), diags)
			}
			e.templates(2)
			e.empty(state, abandon(c.change))
		})
	}
}

// A replacement whose create was refused leaves no state. The old template is never taken for the
// new one, and a number of its own makes the new one.
func TestRefusedCreateOfAReplacement(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, map[string]any{"max_retries": 0})
	old := e.r.MustRun(tfdriver.State{}, abandon(nil))
	e.m.Inject(mockserver.Fault{Operation: mockserver.OperationCreateTemplate, Status: 400, Code: "INVALID_REQUEST", Message: "不行"})
	state, diags := e.r.Run(old, abandon(map[string]any{"code_type": "BAR_CODE"}))
	if !diags.HasErrors() || state.Exists() {
		t.Fatalf("%v\n%s", state.Values(), diags)
	}
	_, diags = e.r.Run(tfdriver.State{}, abandon(map[string]any{"code_type": "BAR_CODE"}))
	if !diags.Errors().At("out_request_no").Contains("it was given up in a replacement") {
		t.Errorf("%s", diags)
	}
	e.templates(1)
	e.r.MustRun(tfdriver.State{}, abandon(map[string]any{"code_type": "BAR_CODE", "out_request_no": "brand-2"}))
	e.templates(2)
}

// Every replacement makes a new template, also one that goes back to the settings of the first one.
func TestReplacementAfterReplacement(t *testing.T) {
	t.Parallel()
	for _, untold := range []bool{false, true} {
		e := newEnv(t, mockserver.Options{OutRequestNo: mockserver.OutRequestNoIdempotent}, nil)
		state := e.r.MustRun(tfdriver.State{}, abandon(nil))
		seen := map[any]bool{state.Get("card_id"): true}
		if untold {
			// As the first editions of the pages have it.
			e.m.Inject(mockserver.Fault{Kind: mockserver.FaultChangedFields, AfterWork: true, Fields: map[string]any{"out_request_no": nil}, Count: -1})
		}
		for _, codeType := range []string{"BAR_CODE", "NONE_CODE", "BAR_CODE_AND_QR_CODE"} {
			config := abandon(map[string]any{"code_type": codeType})
			state = e.r.MustRun(state, config)
			if seen[state.Get("card_id")] {
				t.Errorf("%s: the old template was adopted", codeType)
			}
			seen[state.Get("card_id")] = true
			e.empty(state, config)
		}
		e.templates(4)
		if !untold {
			state = e.r.MustRun(state, abandon(nil))
			if seen[state.Get("card_id")] {
				t.Error("the first template was adopted")
			}
		}
	}
}

// An answer that is about a template of before the create made none: here WeChat Pay does not tell
// numbers, so that the one of the old template is sent again.
func TestAnswerAboutAnOldTemplateIsRefused(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{OutRequestNo: mockserver.OutRequestNoIdempotent}, nil)
	id := e.r.MustRun(tfdriver.State{}, abandon(nil)).Get("id").(string)
	e.m.Inject(mockserver.Fault{Kind: mockserver.FaultChangedFields, AfterWork: true, Fields: map[string]any{"out_request_no": nil}, Count: -1})
	old, diags := e.r.Import(id)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	old = e.r.MustRun(old, abandon(nil))
	old.Tainted = true
	state, diags := e.r.Run(old, abandon(nil))
	if state.Exists() || !diags.Errors().At("out_request_no").Contains("WeChat Pay answered the create with it") {
		t.Errorf("%v\n%s", state.Values(), diags)
	}
	e.templates(1)
}

// A template that got another name without a moved block is refused, whichever Terraform plans first.
func TestRenamedWithoutMovedBlock(t *testing.T) {
	t.Parallel()
	for _, policy := range []string{"abandon", "invalidate"} {
		for _, destroyFirst := range []bool{false, true} {
			e := newEnv(t, mockserver.Options{}, nil)
			config := sample(map[string]any{"deletion_policy": policy})
			old := e.r.MustRun(tfdriver.State{}, config)
			plan := func(config map[string]any) tfdriver.Diagnostics {
				e.p.NewRun()
				var diags tfdriver.Diagnostics
				if destroyFirst {
					diags = e.r.Plan(old, nil).Diagnostics
				}
				diags = append(diags, e.r.Plan(tfdriver.State{}, config).Diagnostics...)
				if !destroyFirst {
					diags = append(diags, e.r.Plan(old, nil).Diagnostics...)
				}
				return diags.Errors()
			}
			if diags := plan(config); len(diags) != 1 || !diags.At("out_request_no").Contains("write a moved block") {
				t.Errorf("%s, destroyed first: %t: %s", policy, destroyFirst, diags)
			}
			if diags := plan(sample(map[string]any{"out_request_no": "second"})); len(diags) > 0 {
				t.Errorf("%s, a number of its own: %s", policy, diags)
			}
			// An imported template has no private state of a plan.
			var diags tfdriver.Diagnostics
			if old, diags = e.r.Import(old.Get("id").(string)); diags.HasErrors() {
				t.Fatal(diags)
			}
			if diags := plan(config); !diags.At("out_request_no").Contains("write a moved block") {
				t.Errorf("%s, imported: %s", policy, diags)
			}
			if err := e.m.SetTemplateState(old.Get("card_id").(string), mockserver.TemplateStateInvalid); err != nil {
				t.Fatal(err)
			}
			if old, diags = e.r.Read(old); diags.HasErrors() {
				t.Fatal(diags)
			}
			if diags := plan(config); len(diags) > 0 {
				t.Errorf("%s, invalid already: %s", policy, diags)
			}
		}
	}
}

// A value that is not known while planning replaces the template, and the plan says so.
func TestReplacementByAnUnknownValue(t *testing.T) {
	t.Parallel()
	for _, policy := range []string{"prevent", "abandon", "invalidate"} {
		for name, value := range map[string]any{"appid": "wxd678efh567hg6787", "legal_agreement": "第一条", "out_request_no": "brand-2026-01", "brand_id": mockserver.DefaultBrandID} {
			e := newEnv(t, mockserver.Options{}, nil)
			state := e.r.MustRun(tfdriver.State{}, sample(map[string]any{"deletion_policy": policy, name: value}))
			e.p.NewRun()
			plan := e.r.Plan(state, sample(map[string]any{"deletion_policy": policy, name: tfdriver.Unknown}))
			if policy == "prevent" {
				if errs := plan.Diagnostics.Errors(); len(errs) != 1 || !errs.Contains("protected from being replaced") {
					t.Errorf("%s: %s", name, plan.Diagnostics)
				}
				continue
			}
			if plan.Action != tfdriver.Replace || !plan.Diagnostics.Warnings().At(name).Contains("is not known while planning") {
				t.Errorf("%s, %s: %q\n%s", policy, name, plan.Action, plan.Diagnostics)
			}
		}
	}
}
