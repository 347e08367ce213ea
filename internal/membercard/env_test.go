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

// env is a mock and the resource of a provider that talks to it.
type env struct {
	t *testing.T
	m *mockserver.Server
	p *tfdriver.Process
	r *tfdriver.Resource
}

func newEnv(t *testing.T, options mockserver.Options, block map[string]any) *env {
	t.Helper()
	m := acctest.StartMock(t, options)
	config := map[string]any{"check_templates": false}
	maps.Copy(config, block)
	p := acctest.NewProcess(t, m, config)
	return &env{t: t, m: m, p: p, r: p.Resource(resourceType)}
}

// requests checks the calls since the last check.
func (e *env) requests(want map[mockserver.Operation]int) {
	e.t.Helper()
	if err := countRequests(e.m, want); err != nil {
		e.t.Error(err)
	}
}

// unverified is a member that was adopted unverified; the card is at WeChat Pay as existingCard has it.
func (e *env) unverified(changes map[string]any) tfdriver.State {
	e.t.Helper()
	if err := e.m.PutCard(existingCard(nil)); err != nil {
		e.t.Fatal(err)
	}
	state := e.r.MustRun(tfdriver.State{}, plain(changes))
	if state.Get("adopted") != true || state.Get("openid") != nil {
		e.t.Fatalf("the member was not adopted unverified: adopted %v, openid %v", state.Get("adopted"), state.Get("openid"))
	}
	e.m.ResetRequests()
	return state
}

func (e *env) card() mockserver.Card {
	e.t.Helper()
	card, ok := e.m.Card(mockserver.DefaultBrandID, mockserver.TemplatePermanent, sampleCode)
	if !ok {
		e.t.Fatal("the mock has no such card")
	}
	return card
}

func (e *env) change(change func(*mockserver.Card)) {
	e.t.Helper()
	if err := e.m.ChangeCard(mockserver.DefaultBrandID, mockserver.TemplatePermanent, sampleCode, change); err != nil {
		e.t.Fatal(err)
	}
}

// refused checks that a plan has an error with text at an attribute, and that nothing was sent.
func (e *env) refused(plan tfdriver.Plan, at, text string) {
	e.t.Helper()
	if !plan.Diagnostics.Errors().At(at).Contains(text) {
		e.t.Errorf("want an error at %s with %q, got:\n%s", at, text, plan.Diagnostics)
	}
	e.requests(map[mockserver.Operation]int{})
}

func none() map[mockserver.Operation]int { return map[mockserver.Operation]int{} }

func calls(operations ...mockserver.Operation) map[mockserver.Operation]int {
	counts := none()
	for _, o := range operations {
		counts[o]++
	}
	return counts
}
