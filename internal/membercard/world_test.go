// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"maps"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// world is a mock and the resource of a provider that talks to it.
type world struct {
	t *testing.T
	m *mockserver.Server
	p *tfdriver.Process
	r *tfdriver.Resource
}

func newWorld(t *testing.T, options mockserver.Options, block map[string]any) *world {
	t.Helper()
	m := acctest.StartMock(t, options)
	config := map[string]any{"check_templates": false}
	maps.Copy(config, block)
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
func (w *world) unverified(changes map[string]any) tfdriver.State {
	w.t.Helper()
	if err := w.m.PutCard(existingCard(nil)); err != nil {
		w.t.Fatal(err)
	}
	state := w.r.MustRun(tfdriver.State{}, plain(changes))
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
func (w *world) refused(plan tfdriver.Plan, at, text string) {
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
