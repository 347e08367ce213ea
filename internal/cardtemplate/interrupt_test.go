// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package cardtemplate_test

import (
	"context"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// A person who interrupts a create, once it is sent, loses no template: its answer is awaited, or
// the next run finds it.
func TestInterruptedCreate(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, map[string]any{"max_retries": 0, "request_timeout": "1s"})
	plan := e.r.Plan(tfdriver.State{}, sample(nil))
	e.m.Inject(mockserver.Fault{Operation: mockserver.OperationCreateTemplate, AfterWork: true, Kind: mockserver.FaultHang})
	type result struct {
		state tfdriver.State
		diags tfdriver.Diagnostics
	}
	done := make(chan result, 1)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		state, diags := e.r.WithContext(ctx).Apply(plan)
		done <- result{state, diags}
	}()
	if err := e.m.WaitForRequests(t.Context(), 2); err != nil { // the list and the create
		t.Fatal(err)
	}
	e.p.Interrupt()
	cancel()
	r := <-done
	if r.state.Tainted {
		t.Errorf("tainted: %v\n%s", r.state.Values(), r.diags)
	}
	state, diags := e.r.Run(r.state, sample(nil))
	if diags.HasErrors() || state.Get("card_id") == nil {
		t.Errorf("%v\n%s", state.Values(), diags)
	}
	e.templates(1)
}
