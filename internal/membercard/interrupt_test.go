// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"testing"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest/injection"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/provider"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// patience is how long these tests wait for what must happen at once.
const patience = 2 * time.Minute

// gate is a transport on which the answers of one call are held back.
type gate struct {
	transport *injection.Transport
	operation mockserver.Operation
	// arrived has one entry for every answer that is held; open lets all of them go on.
	arrived chan struct{}
	open    chan struct{}
}

// RoundTrip implements http.RoundTripper.
func (g *gate) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := g.transport.RoundTrip(req)
	if injection.OperationOf(req) != g.operation || err != nil {
		return resp, err
	}
	g.arrived <- struct{}{}
	select {
	case <-g.open:
		return resp, nil
	case <-req.Context().Done():
		// As any transport does, it gives up a request whose context has ended.
		return nil, errors.Join(req.Context().Err(), resp.Body.Close())
	}
}

// gated is an env in which the answers of imports are held back.
func gated(t *testing.T, block map[string]any) (*env, *gate) {
	t.Helper()
	g := &gate{transport: injection.NewTransport(), operation: mockserver.OperationImportByPhone, arrived: make(chan struct{}, 100), open: make(chan struct{})}
	t.Cleanup(g.transport.Close)
	m := acctest.StartMock(t, mockserver.Options{})
	config := map[string]any{"check_templates": false}
	maps.Copy(config, block)
	p := acctest.NewProcess(t, m, config, provider.WithTransport(g))
	return &env{t: t, m: m, p: p, r: p.Resource(resourceType)}, g
}

type applied struct {
	state tfdriver.State
	diags tfdriver.Diagnostics
}

// apply applies a plan while the test goes on.
func (e *env) apply(plan tfdriver.Plan) <-chan applied {
	e.t.Helper()
	done := make(chan applied, 1)
	go func() {
		state, diags := e.r.Apply(plan)
		done <- applied{state, diags}
	}()
	return done
}

func await[T any](t *testing.T, what string, from <-chan T) T {
	t.Helper()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case got := <-from:
		return got
	case <-timer.C:
		t.Fatalf("waited in vain for %s", what)
		panic("unreachable")
	}
}

// After Ctrl-C an import that was sent is awaited and stored: its openid cannot be had again.
// Nothing new is sent, not even attach, which the next apply sends.
func TestInterruptedImportIsStored(t *testing.T) {
	t.Parallel()
	e, g := gated(t, nil)
	config := plain(map[string]any{"attach": "门店"})
	done := e.apply(e.r.Plan(tfdriver.State{}, config))
	await(t, "the import", g.arrived)
	e.p.Interrupt()
	close(g.open)
	got := await(t, "the end of the apply", done)
	e.requests(calls(mockserver.OperationImportByPhone))
	if got.diags.HasErrors() || got.state.Tainted || got.state.Get("openid") != e.m.OpenID(samplePhone) || got.state.Get("adopted") != false {
		t.Fatalf("the member is not stored: %v\n%s", got.state.Values(), got.diags)
	}
	if !got.diags.Warnings().Contains("not complete") || !got.diags.Contains("Not sent yet: attach") {
		t.Errorf("nobody is told what is left:\n%s", got.diags)
	}
	e.r.MustRun(got.state, config)
	e.requests(calls(mockserver.OperationGet, mockserver.OperationModify))
	if e.card().Attach != "门店" {
		t.Error("the next apply did not send attach")
	}
}

// After Ctrl-C an attempt that failed is the last one, and the next apply makes good for it.
func TestInterruptedImportIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	for name, afterWork := range map[string]bool{"before the work": false, "after the work": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, g := gated(t, nil)
			e.m.Inject(mockserver.Fault{Operation: mockserver.OperationImportByPhone, Status: 503, AfterWork: afterWork})
			done := e.apply(e.r.Plan(tfdriver.State{}, plain(nil)))
			await(t, "the import", g.arrived)
			e.p.Interrupt()
			close(g.open)
			got := await(t, "the end of the apply", done)
			e.requests(calls(mockserver.OperationImportByPhone))
			if !got.diags.Errors().Contains(mayHaveWorked) || got.state.Exists() {
				t.Errorf("want an error and no state, got %v\n%s", got.state.Values(), got.diags)
			}
			state := e.r.MustRun(tfdriver.State{}, plain(nil))
			if len(e.m.Cards()) != 1 || state.Get("adopted") != afterWork {
				t.Errorf("%d cards, adopted %v", len(e.m.Cards()), state.Get("adopted"))
			}
		})
	}
}

// After Ctrl-C imports that wait for their turn are not sent, and those that wait learn of it
// at once.
func TestInterruptedQueueIsNotSent(t *testing.T) {
	t.Parallel()
	const members = 4
	e, g := gated(t, map[string]any{"requests_per_second": 0.1})
	var plans []tfdriver.Plan
	for i := range members {
		plans = append(plans, e.r.Plan(tfdriver.State{}, numbered(i, nil)))
	}
	done := make(chan applied, members)
	for _, plan := range plans {
		go func() {
			state, diags := e.r.Apply(plan)
			done <- applied{state, diags}
		}()
	}
	await(t, "the first import", g.arrived)
	// Terraform begins nothing new after Ctrl-C. What has begun here may not be in the queue
	// yet when it is told, so that it is told until it has heard.
	var ended []applied
	for deadline := time.Now().Add(patience); len(ended) < members-1; {
		e.p.Interrupt()
		select {
		case one := <-done:
			ended = append(ended, one)
		default:
		}
		if time.Now().After(deadline) {
			t.Fatal("members that wait for their turn do not learn of the interruption")
		}
	}
	close(g.open)
	for _, one := range ended {
		if !one.diags.Errors().Contains("was stopped") || one.diags.Contains(mayHaveWorked) || one.state.Exists() {
			t.Errorf("want an error that says that nothing was done, got:\n%s", one.diags)
		}
	}
	if first := await(t, "the import that was sent", done); first.diags.HasErrors() || first.state.Get("openid") == nil {
		t.Errorf("the import that was sent is not stored:\n%s", first.diags)
	}
	e.requests(calls(mockserver.OperationImportByPhone))
}

// A create whose time is up before its turn would come ends at once and sends nothing.
func TestTimeoutShorterThanTheQueue(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, map[string]any{"requests_per_second": 0.1})
	short := map[string]any{"timeouts": map[string]any{"create": "2s"}}
	first, second := e.r.Plan(tfdriver.State{}, numbered(1, nil)), e.r.Plan(tfdriver.State{}, numbered(2, short))
	if _, diags := e.r.Apply(first); diags.HasErrors() {
		t.Fatal(diags)
	}
	state, diags := e.r.Apply(second)
	if !diags.Errors().Contains("raise the resource's timeouts") || diags.Contains(mayHaveWorked) || state.Exists() {
		t.Errorf("want an error that says that nothing was done, got:\n%s", diags)
	}
	e.requests(calls(mockserver.OperationImportByPhone))
}

// Each operation has its own timeout, and one whose time is up sends nothing and loses nothing.
func TestEachOperationHasItsTimeout(t *testing.T) {
	t.Parallel()
	for operation, act := range map[string]func(*env, tfdriver.State, map[string]any) (tfdriver.State, tfdriver.Diagnostics){
		"create": func(e *env, _ tfdriver.State, config map[string]any) (tfdriver.State, tfdriver.Diagnostics) {
			return e.r.Apply(e.r.Plan(tfdriver.State{}, with(config, map[string]any{"user_card_code": "VIP-0002", "phone_number": otherPhone})))
		},
		"read": func(e *env, state tfdriver.State, _ map[string]any) (tfdriver.State, tfdriver.Diagnostics) {
			return e.r.Read(state)
		},
		"update": func(e *env, state tfdriver.State, config map[string]any) (tfdriver.State, tfdriver.Diagnostics) {
			return e.r.Apply(e.r.Plan(state, with(config, map[string]any{"level": "钻石会员"})))
		},
		"delete": func(e *env, state tfdriver.State, _ map[string]any) (tfdriver.State, tfdriver.Diagnostics) {
			return e.r.Apply(e.r.Plan(state, nil))
		},
	} {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, mockserver.Options{}, nil)
			config := func(duration string) map[string]any {
				return plain(map[string]any{"deletion_policy": "invalidate", "timeouts": map[string]any{operation: duration}})
			}
			state := e.r.MustRun(tfdriver.State{}, config("1h"))
			state = e.r.MustRun(state, config("1ns"))
			e.p.NewRun()
			e.m.ResetRequests()
			after, diags := act(e, state, config("1ns"))
			if !diags.Errors().Contains("raise the resource's timeouts") || after.Exists() != (operation != "create") {
				t.Errorf("want an error, exists %t:\n%s", after.Exists(), diags)
			}
			e.requests(none())
		})
	}
}

// stutter measures how much later than asked for this machine wakes anybody up, until it is stopped.
func stutter() (stop func() time.Duration) {
	const interval = 5 * time.Millisecond
	quit, result := make(chan struct{}), make(chan time.Duration)
	go func() {
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		var worst time.Duration
		for last := time.Now(); ; {
			select {
			case <-ticker.C:
				worst = max(worst, time.Since(last)-interval)
				last = time.Now()
			case <-quit:
				result <- worst
				return
			}
		}
	}()
	return func() time.Duration { close(quit); return <-result }
}

// Forty members in parallel, by a provider and a WeChat Pay that both hold five requests a
// second: none is refused. How long it took is printed, since this machine has other things
// to do; and where it has too many, requests come together that were sent apart. The limiter's
// own tests have a clock of their own.
func TestLimitIsKeptAcrossResources(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes eight seconds")
	}
	const members, perSecond = 40, 5
	e := newEnv(t, mockserver.Options{RequestsPerSecond: perSecond}, map[string]any{"requests_per_second": perSecond})
	var plans []tfdriver.Plan
	for i := range members {
		plans = append(plans, e.r.Plan(tfdriver.State{}, numbered(i, nil)))
	}
	var all []<-chan applied
	began, stop := time.Now(), stutter()
	for _, plan := range plans {
		all = append(all, e.apply(plan))
	}
	for _, one := range all {
		if got := await(t, "a member", one); got.diags.HasErrors() {
			t.Error(got.diags)
		}
	}
	took, ideal := time.Since(began), (members-1)*time.Second/perSecond
	t.Logf("%d members at %d requests a second took %v, %.2f of the ideal %v", members, perSecond, took, float64(took)/float64(ideal), ideal)
	worst, refused := stop(), 0
	for _, r := range e.m.Requests() {
		if r.Status == http.StatusTooManyRequests {
			refused++
		}
	}
	if n := len(e.m.Cards()); n != members {
		t.Errorf("%d of %d members were imported", n, members)
	}
	// Five requests have 40 ms more than their second, and each changes hands more than once on its way.
	if refused > 0 && worst > 20*time.Millisecond {
		t.Skipf("%d requests were refused on a machine that stutters by %v", refused, worst)
	}
	if refused > 0 || len(e.m.Requests()) != members {
		t.Errorf("%d of %d requests were refused", refused, len(e.m.Requests()))
	}
}

// Ctrl-C on a real Terraform while WeChat Pay works on an import: the state has the member,
// and the members that waited were not sent.
func TestAccInterruptedTerraformKeepsTheMember(t *testing.T) {
	t.Parallel()
	box, w := acctest.Workspace(t, mockserver.Options{})
	w.Setenv("WECHATPAY_CHECK_TEMPLATES", "false")
	var members string
	for i := range 3 {
		attributes := numbered(i, map[string]any{"attach": "门店"})
		members += acctest.Member(fmt.Sprintf("m%d", i), expressions(attributes))
	}
	if err := w.WriteFile("main.tf", box.CLI.Address().RequiredProviders()+members); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Init(t.Context()); err != nil {
		t.Fatal(err)
	}

	box.Mock.Inject(mockserver.Fault{Operation: mockserver.OperationImportByPhone, Kind: mockserver.FaultDelay, Delay: 2 * time.Second})
	ctx, interrupt := context.WithCancelCause(t.Context())
	ctrlC := errors.New("Ctrl-C")
	go func() {
		waiting, cancel := context.WithTimeout(ctx, patience)
		defer cancel()
		interrupt(errors.Join(ctrlC, box.Mock.WaitForRequests(waiting, 1)))
	}()
	result, err := w.Apply(ctx, "-parallelism=1")
	if !errors.Is(err, ctrlC) {
		t.Fatalf("Terraform was not interrupted: %v", err)
	}
	state, err := w.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if state.Values == nil || state.Values.RootModule == nil || len(state.Values.RootModule.Resources) != 1 {
		t.Fatalf("want one member in the state:\n%s%s", result.Stdout, result.Stderr)
	}
	member := state.Values.RootModule.Resources[0]
	if member.Tainted || member.AttributeValues["openid"] != box.Mock.Cards()[0].OpenID {
		t.Errorf("the member is stored with the openid %v, tainted %v", member.AttributeValues["openid"], member.Tainted)
	}
	if err := countRequests(box.Mock, calls(mockserver.OperationImportByPhone)); err != nil {
		t.Error(err)
	}

	if _, err := w.Apply(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, card := range box.Mock.Cards() {
		if card.Attach != "门店" {
			t.Errorf("%s has not the attach that was left", card.UserCardCode)
		}
	}
	if n := len(box.Mock.Cards()); n != 3 {
		t.Errorf("there are %d cards", n)
	}
}
