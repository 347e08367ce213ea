// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package cardtemplate_test

import (
	"slices"
	"testing"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest/injection"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/failures"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/provider"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// This file holds the provider to the tables of package failures that are about templates: every
// call, times every fault, times once and lasting.

// Each call's table has each fault exactly once.
func TestFailuresAreComplete(t *testing.T) {
	t.Parallel()
	injection.CheckComplete(t, failures.TemplateTables())
}

func TestFaultMatrix(t *testing.T) {
	t.Parallel()
	injection.ForEach(t, failures.TemplateTables(), func(t *testing.T, call failures.Call, fault injection.Fault, lasts bool, want injection.Result) {
		got, diags := newMatrixCase(t, call, fault).run(lasts)
		if got != want {
			t.Errorf("\n got %+v\nwant %+v\n%s", got, want, diags)
		}
	})
}

// matrixCase is one fault at one call.
type matrixCase struct {
	*env
	call      failures.Call
	fault     injection.Fault
	transport *injection.Transport
}

func newMatrixCase(t *testing.T, call failures.Call, fault injection.Fault) *matrixCase {
	t.Helper()
	m := acctest.StartMock(t, mockserver.Options{Templates: []mockserver.Template{}, OutRequestNo: mockserver.OutRequestNoIgnored})
	transport := injection.NewTransport()
	t.Cleanup(transport.Close)
	options := []provider.Option{provider.WithTransport(transport)}
	if fault.Now != nil {
		options = append(options, provider.WithClock(fault.Now))
	}
	p := acctest.NewProcess(t, m, map[string]any{"max_retries": injection.Retries}, options...)
	return &matrixCase{env: &env{t: t, m: m, p: p, r: p.Resource(resourceType)}, call: call, fault: fault, transport: transport}
}

const (
	benefitsBefore  = "会员九折"
	benefitsPlanned = "会员八折"
)

// config is the template as the call wants it in the end; nil where it wants none.
func (c *matrixCase) config() map[string]any {
	switch c.call {
	case failures.InvalidateTemplate:
		return nil
	case failures.RefreshTemplate:
		return sample(map[string]any{"deletion_policy": "invalidate", "benefits": benefitsBefore})
	}
	return sample(map[string]any{"deletion_policy": "invalidate", "benefits": benefitsPlanned})
}

// run makes the fault happen and says what comes of it; then the fault is over, and the next
// apply must do what is left.
func (c *matrixCase) run(lasts bool) (injection.Result, tfdriver.Diagnostics) {
	c.t.Helper()
	state := tfdriver.State{}
	if c.call != failures.ListTemplates && c.call != failures.CreateTemplate {
		state = c.r.MustRun(state, sample(map[string]any{"deletion_policy": "invalidate", "benefits": benefitsBefore}))
	}
	c.p.NewRun()
	act := func() (tfdriver.State, tfdriver.Diagnostics) { return c.r.Read(state) }
	if c.call != failures.RefreshTemplate {
		plan := c.r.Plan(state, c.config())
		act = func() (tfdriver.State, tfdriver.Diagnostics) { return c.r.Apply(plan) }
	}
	c.transport.Reset()
	c.fault.Inject(c.m, c.transport, c.call, lasts)
	began := time.Now()
	state, diags := act()
	if took := time.Since(began); took < c.fault.Pause {
		c.t.Errorf("Retry-After was not obeyed: done after %v", took)
	}
	if state.Tainted || len(diags) > 1 {
		c.t.Errorf("tainted: %t, diagnostics:\n%s", state.Tainted, diags)
	}
	got := injection.ResultOf(c.call, c.transport.Requests(), diags)
	got.Stored, got.Held = c.stored(state), c.held()

	c.m.ClearFaults()
	c.transport.Repair()
	next := tfdriver.Diagnostics{}
	if c.config() != nil || state.Exists() {
		state, next = c.r.Run(state, c.config())
	}
	if next.HasErrors() {
		c.t.Errorf("the next apply fails although the fault is over:\n%s", next)
	}
	got.NextStored, got.NextHeld = c.stored(state), c.held()
	if state.Exists() {
		c.empty(state, c.config())
	}
	if n := len(c.m.Templates()); n > 1 {
		c.t.Errorf("WeChat Pay has %d templates", n)
	}
	return got, diags
}

// stored names what the state holds.
func (c *matrixCase) stored(state tfdriver.State) failures.Stored {
	switch {
	case !state.Exists():
		return failures.NoTemplateStored
	case state.Get("card_id") == nil:
		return failures.TemplateWithoutID
	case state.Get("benefits") == benefitsBefore:
		return failures.TemplateBefore
	default:
		return failures.TemplateStored
	}
}

// held names what WeChat Pay holds.
func (c *matrixCase) held() failures.Held {
	templates := c.m.Templates()
	switch {
	case len(templates) == 0:
		return failures.NoTemplateHeld
	case slices.ContainsFunc(templates, func(t mockserver.Template) bool { return t.State == mockserver.TemplateStateInvalid }):
		return failures.TemplateInvalid
	case templates[0].Benefits == benefitsBefore:
		return failures.TemplateAsItWas
	default:
		return failures.TemplateAsPlanned
	}
}
