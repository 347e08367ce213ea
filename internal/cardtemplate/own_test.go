// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package cardtemplate_test

import (
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// A second resource with the settings of the first one, as count = 2 makes it, would adopt the
// first one's template: it is refused while planning, whichever is planned first.
func TestASecondResourceDoesNotAdoptTheFirstOnesTemplate(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]map[string]any{"derived number": sample(nil), "configured number": sample(map[string]any{"out_request_no": "brand-2026-01"})} {
		for _, createFirst := range []bool{false, true} {
			e := newEnv(t, mockserver.Options{}, nil)
			first := e.r.MustRun(tfdriver.State{}, config)
			e.p.NewRun()
			var diags tfdriver.Diagnostics
			plan := func(states ...tfdriver.State) {
				for _, state := range states {
					diags = append(diags, e.r.Plan(state, config).Diagnostics...)
				}
			}
			if createFirst {
				plan(tfdriver.State{}, first)
			} else {
				plan(first, tfdriver.State{})
			}
			if len(diags) != 1 || !diags.Errors().At("out_request_no").Contains("Two card templates have one") {
				t.Errorf("%s, the new one first: %t: %s", name, createFirst, diags)
			}
			// One template at two addresses, as two imports make it, can be planned, and taken apart.
			e.p.NewRun()
			diags = nil
			if plan(first, first); len(diags) > 0 {
				t.Errorf("%s, both have it: %s", name, diags)
			}
		}
	}
}

// What is wrong for the whole run is said in full once.
func TestOneCauseIsOneError(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, map[string]any{"max_retries": 0})
	e.m.Inject(mockserver.Fault{Status: 403, Code: "NO_AUTH", Message: "商户暂无权限使用此功能", Count: -1})
	var diags tfdriver.Diagnostics
	first, second := e.r.Plan(tfdriver.State{}, sample(nil)), e.r.Plan(tfdriver.State{}, sample(map[string]any{"card_title": "金卡"}))
	for _, plan := range []tfdriver.Plan{first, second} {
		_, more := e.r.Apply(plan)
		diags = append(diags, more...)
	}
	if len(diags) != 2 || !diags[:1].Contains("no permission for the product") || !diags[1:].Contains("Same cause as before") {
		t.Errorf("%s", diags)
	}
}

// Through a connection of which no answer verifies no template is made: the list comes first.
func TestNothingIsMadeThroughAnUnprovenConnection(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, map[string]any{"max_retries": 1})
	e.m.Inject(mockserver.Fault{Kind: mockserver.FaultBadSignature, AfterWork: true, Count: -1})
	if _, diags := e.r.Run(tfdriver.State{}, sample(nil)); !diags.Errors().Contains("signature is not WeChat Pay's") {
		t.Errorf("%s", diags)
	}
	e.templates(0)
}
