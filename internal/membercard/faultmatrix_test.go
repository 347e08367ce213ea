// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest/injection"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/failures"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/provider"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// This file holds the provider to the table of package failures: every call, times every
// fault, times once and lasting.

// mayHaveWorked is what an error says of a call that may have been carried out.
const mayHaveWorked = "may have been carried out"

// Each call's table has each fault exactly once, and each fault can be made.
func TestFailuresAreComplete(t *testing.T) {
	t.Parallel()
	injection.CheckComplete(t, failures.MemberTables())
}

func TestFaultMatrix(t *testing.T) {
	t.Parallel()
	injection.ForEach(t, failures.MemberTables(), func(t *testing.T, call failures.Call, fault injection.Fault, lasts bool, want injection.Result) {
		caseOf(t, call, fault).run(lasts, want)
	})
}

// faultCase is one fault at one call.
type faultCase struct {
	t         *testing.T
	call      failures.Call
	fault     injection.Fault
	m         *mockserver.Server
	transport *injection.Transport
	p         *tfdriver.Process
	r         *tfdriver.Resource
}

func newFaultCase(t *testing.T, call failures.Call, name failures.Fault) *faultCase {
	t.Helper()
	return caseOf(t, call, injection.Named(t, name))
}

func caseOf(t *testing.T, call failures.Call, f injection.Fault) *faultCase {
	t.Helper()
	m := acctest.StartMock(t, mockserver.Options{})
	transport := injection.NewTransport()
	t.Cleanup(transport.Close)
	options := []provider.Option{provider.WithTransport(transport)}
	if f.Now != nil {
		options = append(options, provider.WithClock(f.Now))
	}
	p := acctest.NewProcess(t, m, map[string]any{"max_retries": injection.Retries, "check_templates": call == failures.LookUp}, options...)
	return &faultCase{t: t, call: call, fault: f, m: m, transport: transport, p: p, r: p.Resource(resourceType)}
}

// config is the member as the call wants it in the end.
func (c *faultCase) config() map[string]any {
	switch c.call {
	case failures.ImportByOpenID:
		return plain(map[string]any{"openid": c.m.OpenID(samplePhone)})
	case failures.Attach:
		return plain(map[string]any{"attach": "门店"})
	case failures.Modify:
		return plain(map[string]any{"level": "钻石会员"})
	case failures.Invalidate:
		return plain(map[string]any{"deletion_policy": "invalidate"})
	default:
		return plain(nil)
	}
}

// run makes the fault happen and compares what comes of it; then the fault is over, and the
// next apply must do what is left.
func (c *faultCase) run(lasts bool, want injection.Result) {
	c.t.Helper()
	act, again := c.prepare()
	c.transport.Reset()
	c.fault.Inject(c.m, c.transport, c.call, lasts)
	began := time.Now()
	state, diags := act()
	if took := time.Since(began); took < c.fault.Pause {
		c.t.Errorf("Retry-After was not obeyed: done after %v", took)
	}
	got := c.outcome(state, diags)

	c.m.ClearFaults()
	c.transport.Repair()
	c.p.NewRun()
	state, nextDiags := again(state)
	got.NextStored, got.NextHeld = c.stored(state), c.held()
	if got != want {
		c.t.Errorf("\n got %+v\nwant %+v\n%s", got, want, diags)
	}
	if nextDiags.HasErrors() {
		c.t.Errorf("the next apply fails although the fault is over:\n%s", nextDiags)
	}
	if c.call.Writes() || c.call == failures.Refresh {
		c.checkNothingLeft(state)
	}
	c.checkImports()
}

// prepare brings everything to where the call is made. act is what then fails; again is the
// next apply.
func (c *faultCase) prepare() (act func() (tfdriver.State, tfdriver.Diagnostics), again func(tfdriver.State) (tfdriver.State, tfdriver.Diagnostics)) {
	c.t.Helper()
	rerun := func(state tfdriver.State) (tfdriver.State, tfdriver.Diagnostics) { return c.r.Run(state, c.config()) }
	switch c.call {
	case failures.ImportByPhone, failures.ImportByOpenID, failures.Attach:
		return func() (tfdriver.State, tfdriver.Diagnostics) { return c.r.Run(tfdriver.State{}, c.config()) }, rerun
	case failures.Modify:
		plan := c.r.Plan(c.r.MustRun(tfdriver.State{}, plain(nil)), c.config())
		return func() (tfdriver.State, tfdriver.Diagnostics) { return c.r.Apply(plan) }, rerun
	case failures.Invalidate:
		plan := c.r.Plan(c.r.MustRun(tfdriver.State{}, c.config()), nil)
		return func() (tfdriver.State, tfdriver.Diagnostics) { return c.r.Apply(plan) },
			func(state tfdriver.State) (tfdriver.State, tfdriver.Diagnostics) { return c.r.Run(state, nil) }
	case failures.Refresh:
		state := c.r.MustRun(tfdriver.State{}, c.config())
		return func() (tfdriver.State, tfdriver.Diagnostics) { return c.r.Read(state) }, rerun
	case failures.LookUp:
		plan := func() (tfdriver.State, tfdriver.Diagnostics) {
			plan := c.r.Plan(tfdriver.State{}, c.config())
			if !plan.Diagnostics.HasErrors() && plan.Action != tfdriver.Create {
				c.t.Errorf("the plan is %q", plan.Action)
			}
			return tfdriver.State{}, plan.Diagnostics
		}
		return plan, func(tfdriver.State) (tfdriver.State, tfdriver.Diagnostics) { return plan() }
	default:
		read := c.dataSource()
		return read, func(tfdriver.State) (tfdriver.State, tfdriver.Diagnostics) { return read() }
	}
}

// dataSource reads the call's data source; without an error there must be a result.
func (c *faultCase) dataSource() func() (tfdriver.State, tfdriver.Diagnostics) {
	c.t.Helper()
	if err := c.m.PutCard(existingCard(nil)); err != nil {
		c.t.Fatal(err)
	}
	typeName, config, result := cardType, map[string]any{
		"card_id": mockserver.TemplatePermanent, "user_card_code": sampleCode, "openid": c.m.OpenID(samplePhone),
	}, "user_card_state"
	switch c.call {
	case failures.Cards:
		typeName, config, result = cardsType, map[string]any{"openid": c.m.OpenID(samplePhone)}, "cards"
	case failures.Template:
		typeName, config, result = templateType, map[string]any{"card_id": mockserver.TemplatePermanent}, "state"
	}
	return func() (tfdriver.State, tfdriver.Diagnostics) {
		values, diags := c.p.DataSource(typeName, config)
		got := values[result]
		if cards, ok := got.([]any); ok && len(cards) == 0 {
			got = nil
		}
		if (got == nil) != diags.HasErrors() {
			c.t.Errorf("%s is %v although there is this to say: %s", result, got, diags)
		}
		return tfdriver.State{}, diags
	}
}

// outcome is what has come of the fault, without the next apply.
func (c *faultCase) outcome(state tfdriver.State, diags tfdriver.Diagnostics) injection.Result {
	c.t.Helper()
	if state.Tainted {
		c.t.Error("the member is tainted: the next apply would replace it")
	}
	if len(diags) > 1 {
		c.t.Errorf("want one diagnostic at most, got:\n%s", diags)
	}
	if strings.Contains(diags.String(), samplePhone) {
		c.t.Error("the phone number is printed")
	}
	requests := c.transport.Requests()
	for o, n := range requests {
		expected := []mockserver.Operation{injection.Operation(c.call), readCall, templateCall, listCall}
		if !slices.Contains(expected, o) && (c.call != failures.Attach || o != importCall) {
			c.t.Errorf("there were %d requests of %s", n, o)
		}
	}
	got := injection.ResultOf(c.call, requests, diags)
	got.Stored, got.Held = c.stored(state), c.held()
	return got
}

// stored names what the state holds.
func (c *faultCase) stored(state tfdriver.State) failures.Stored {
	adopted := state.Get("adopted") == true
	switch {
	case !c.call.Writes() && c.call != failures.Refresh:
		return ""
	case !state.Exists():
		return failures.NoMember
	case state.Get("openid") == nil && adopted && state.Get("user_card_state") == nil:
		return failures.AdoptedUnverified
	case state.Get("openid") != c.m.OpenID(samplePhone) || state.Get("user_card_state") != "EFFECTIVE":
		return "something else"
	case adopted:
		return failures.Adopted
	case c.call == failures.Invalidate, c.call == failures.Refresh, c.call == failures.Modify && state.Get("level") == nil:
		return failures.MemberBefore
	default:
		return failures.Imported
	}
}

// held names what WeChat Pay holds.
func (c *faultCase) held() failures.Held {
	if !c.call.Writes() && c.call != failures.Refresh {
		return ""
	}
	cards := c.m.Cards()
	if len(cards) == 0 {
		return failures.NoCard
	}
	card := cards[0]
	level, _ := c.config()["level"].(string)
	attach, _ := c.config()["attach"].(string)
	switch {
	case len(cards) > 1 || card.UserCardCode != sampleCode || card.PhoneNumber != samplePhone:
		return "something else"
	case card.State == mockserver.StateInvalid:
		return failures.CardInvalid
	case c.call == failures.Invalidate, c.call == failures.Refresh, card.Level != level, card.Attach != attach:
		return failures.CardBefore
	default:
		return failures.CardPlanned
	}
}

// checkNothingLeft: what both hold is what is configured, and the next plan is empty.
func (c *faultCase) checkNothingLeft(state tfdriver.State) {
	c.t.Helper()
	if c.call == failures.Invalidate {
		return
	}
	c.p.NewRun()
	refreshed, diags := c.r.Read(state)
	if diags.HasErrors() {
		c.t.Fatalf("the next refresh fails:\n%s", diags)
	}
	if plan := c.r.Plan(refreshed, c.config()); plan.Action != tfdriver.NoOp {
		c.t.Errorf("the next plan is %q:\n%s", plan.Action, plan.Diagnostics)
	}
}

// checkImports: whatever happened, nobody was imported twice.
func (c *faultCase) checkImports() {
	c.t.Helper()
	done := 0
	for _, r := range c.m.Requests() {
		if (r.Operation == importCall || r.Operation == openIDCall) && r.WorkDone {
			done++
		}
	}
	if done > 1 {
		c.t.Errorf("the member was imported %d times", done)
	}
}
