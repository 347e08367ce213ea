// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package tfdriver

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// script is a provider of one resource, "thing", that does what a test says and notes what
// it was asked. One script is behind all providers of a Process; each has a number.
type script struct {
	calls   []string
	started int

	// plan and apply answer where they are set; otherwise what is proposed is planned, with
	// "made" unknown for a new one, and what is planned is done.
	plan  func(req *tfprotov6.PlanResourceChangeRequest, resp *tfprotov6.PlanResourceChangeResponse)
	apply func(req *tfprotov6.ApplyResourceChangeRequest, resp *tfprotov6.ApplyResourceChangeResponse)
	read  func(req *tfprotov6.ReadResourceRequest, resp *tfprotov6.ReadResourceResponse)
}

// scripted is one started provider. What it does not implement panics.
type scripted struct {
	tfprotov6.ProviderServer
	*script

	number int
}

func (s *script) process(t *testing.T) *Resource {
	t.Helper()
	p := New(t, func() (tfprotov6.ProviderServer, error) {
		s.started++
		return &scripted{script: s, number: s.started}, nil
	}, map[string]any{})
	return p.Resource("thing")
}

func (s *scripted) note(format string, args ...any) {
	s.calls = append(s.calls, fmt.Sprintf(format, args...))
}

func (s *scripted) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return &tfprotov6.GetProviderSchemaResponse{
		Provider:        &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{}},
		ResourceSchemas: map[string]*tfprotov6.Schema{"thing": {Block: thing()}},
	}, nil
}

func (s *scripted) GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov6.GetResourceIdentitySchemasResponse{}, nil
}

func (s *scripted) ValidateProviderConfig(context.Context, *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return &tfprotov6.ValidateProviderConfigResponse{}, nil
}

func (s *scripted) ConfigureProvider(context.Context, *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	return &tfprotov6.ConfigureProviderResponse{}, nil
}

func (s *scripted) ValidateResourceConfig(context.Context, *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return &tfprotov6.ValidateResourceConfigResponse{}, nil
}

func (s *scripted) PlanResourceChange(_ context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	s.note("%d plan %s -> %s private %q", s.number, brief(req.PriorState), brief(req.ProposedNewState), req.PriorPrivate)
	resp := &tfprotov6.PlanResourceChangeResponse{PlannedState: req.ProposedNewState, PlannedPrivate: req.PriorPrivate}
	if brief(req.PriorState) == "null" && brief(req.ProposedNewState) != "null" {
		resp.PlannedState = change(req.ProposedNewState, "made", Unknown)
	}
	resp.PlannedState = change(resp.PlannedState, "secret", nil)
	if s.plan != nil {
		s.plan(req, resp)
	}
	return resp, nil
}

func (s *scripted) ApplyResourceChange(_ context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	s.note("%d apply %s -> %s private %q", s.number, brief(req.PriorState), brief(req.PlannedState), req.PlannedPrivate)
	resp := &tfprotov6.ApplyResourceChangeResponse{NewState: change(req.PlannedState, "made", "m"), Private: []byte("applied")}
	if s.apply != nil {
		s.apply(req, resp)
	}
	return resp, nil
}

func (s *scripted) ReadResource(_ context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	s.note("%d read %s private %q", s.number, brief(req.CurrentState), req.Private)
	resp := &tfprotov6.ReadResourceResponse{NewState: req.CurrentState, Private: req.Private}
	if s.read != nil {
		s.read(req, resp)
	}
	return resp, nil
}

func brief(d *tfprotov6.DynamicValue) string {
	v, err := d.Unmarshal(thing().ValueType())
	must(err)
	if v.IsNull() {
		return "null"
	}
	return fmt.Sprint(without(fromValue(v)))
}

func change(d *tfprotov6.DynamicValue, name string, value any) *tfprotov6.DynamicValue {
	v, err := d.Unmarshal(thing().ValueType())
	must(err)
	m, ok := fromValue(v).(map[string]any)
	if !ok {
		return d
	}
	m[name] = value
	v, err = toValue(thing().ValueType(), m)
	must(err)
	changed, err := tfprotov6.NewDynamicValue(thing().ValueType(), v)
	must(err)
	return &changed
}

func failed() []*tfprotov6.Diagnostic {
	return []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityError, Summary: "failed"}}
}

func (s *script) expect(t *testing.T, want ...string) {
	t.Helper()
	if !slices.Equal(s.calls, want) {
		t.Errorf("got\n%q\nwant\n%q", s.calls, want)
	}
	s.calls = nil
}

func TestCallsOfALife(t *testing.T) {
	t.Parallel()
	var s script
	r := s.process(t)
	s.plan = func(req *tfprotov6.PlanResourceChangeRequest, resp *tfprotov6.PlanResourceChangeResponse) {
		resp.PlannedPrivate = append(slices.Clone(req.PriorPrivate), '+')
		resp.RequiresReplace = []*tftypes.AttributePath{tftypes.NewAttributePath().WithAttributeName("given")}
	}

	state := r.MustRun(State{}, values{"given": "x", "secret": "s"})
	// Planning and applying are done by providers of their own, and the apply plans again.
	s.expect(t,
		`2 plan null -> map[given:x secret:s] private ""`,
		`3 plan null -> map[given:x secret:s] private ""`,
		`3 apply null -> map[given:x made:(unknown)] private "+"`)
	if state.Get("made") != "m" || string(state.Private) != "applied" || state.Tainted {
		t.Errorf("%v", state)
	}

	state = r.MustRun(state, values{"given": "x", "either": "e"})
	s.expect(t,
		`4 read map[given:x made:m] private "applied"`,
		`4 plan map[given:x made:m] -> map[either:e given:x made:m] private "applied"`,
		`5 plan map[given:x made:m] -> map[either:e given:x made:m] private "applied"`,
		`5 apply map[given:x made:m] -> map[either:e given:x made:m] private "applied+"`)

	// A replacement is planned twice, the second time from nothing with the first's private
	// data, and the delete gets what the second left.
	state = r.MustRun(state, values{"given": "y"})
	s.expect(t,
		`6 read map[either:e given:x made:m] private "applied"`,
		`6 plan map[either:e given:x made:m] -> map[either:e given:y made:m] private "applied"`,
		`6 plan null -> map[given:y] private "applied+"`,
		`7 apply map[either:e given:x made:m] -> null private "applied++"`,
		`7 plan null -> map[given:y] private ""`,
		`7 apply null -> map[given:y made:(unknown)] private "+"`)

	if plan := r.Plan(state, values{"given": "y"}); plan.Action != NoOp {
		t.Errorf("nothing has changed, and the plan is to %s", plan.Action)
	}
	s.calls = nil

	state = r.MustRun(state, nil)
	s.expect(t,
		`9 read map[given:y made:m] private "applied"`,
		`9 plan map[given:y made:m] -> null private "applied"`,
		`10 apply map[given:y made:m] -> null private "applied+"`)
	if state.Exists() {
		t.Errorf("%v", state)
	}
}

func TestCallsOfOneRunShareAProvider(t *testing.T) {
	t.Parallel()
	var s script
	r := s.process(t)
	a, b := r.Plan(State{}, values{"given": "a"}), r.Plan(State{}, values{"given": "b"})
	if s.started != 2 {
		t.Errorf("%d providers were started for one walk and the schema", s.started)
	}
	r.Apply(a)
	r.Apply(b)
	if s.started != 3 {
		t.Errorf("%d providers were started for two walks and the schema", s.started)
	}
	r.p.NewRun()
	r.Plan(State{}, values{"given": "c"})
	if s.started != 4 {
		t.Errorf("%d providers were started for three walks and the schema", s.started)
	}
}

func TestFailedCreateTaints(t *testing.T) {
	t.Parallel()
	var s script
	r := s.process(t)
	s.apply = func(_ *tfprotov6.ApplyResourceChangeRequest, resp *tfprotov6.ApplyResourceChangeResponse) {
		resp.Diagnostics = failed()
	}
	state, diags := r.Run(State{}, values{"given": "x"})
	if !diags.HasErrors() || !state.Exists() || !state.Tainted {
		t.Fatalf("%v %s", state, diags)
	}

	s.apply, s.calls = nil, nil
	state = r.MustRun(state, values{"given": "x"})
	s.expect(t,
		`4 read map[given:x made:m] private "applied"`,
		`4 plan null -> map[given:x] private ""`,
		`5 apply map[given:x made:m] -> null private ""`,
		`5 plan null -> map[given:x] private ""`,
		`5 apply null -> map[given:x made:(unknown)] private ""`)
	if state.Tainted {
		t.Error("the replacement is tainted, too")
	}
}

func TestFailuresKeepWhatThereWas(t *testing.T) {
	t.Parallel()
	null := func(_ *tfprotov6.ApplyResourceChangeRequest, resp *tfprotov6.ApplyResourceChangeResponse) {
		d, err := tfprotov6.NewDynamicValue(thing().ValueType(), tftypes.NewValue(thing().ValueType(), nil))
		must(err)
		resp.NewState, resp.Diagnostics = &d, failed()
	}
	var s script
	r := s.process(t)
	s.apply = null
	if state, diags := r.Run(State{}, values{"given": "x"}); !diags.HasErrors() || state.Exists() {
		t.Errorf("a create that left nothing: %v %s", state, diags)
	}
	s.apply = nil
	before := r.MustRun(State{}, values{"given": "x"})
	s.apply = null
	for name, config := range map[string]map[string]any{"update": {"given": "x", "either": "e"}, "destroy": nil} {
		if state, diags := r.Run(before, config); !diags.HasErrors() || state.Get("given") != "x" || state.Tainted {
			t.Errorf("%s: %v %s", name, state, diags)
		}
	}
}

func TestBrokenContractsAreErrors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, summary string
		corrupt       func(s *script)
	}{
		{"plan", summaryInvalidPlan, func(s *script) {
			s.plan = func(_ *tfprotov6.PlanResourceChangeRequest, resp *tfprotov6.PlanResourceChangeResponse) {
				resp.PlannedState = change(resp.PlannedState, "given", "other")
			}
		}},
		{"final plan", summaryInconsistentPlan, func(s *script) {
			plans := 0
			s.plan = func(_ *tfprotov6.PlanResourceChangeRequest, resp *tfprotov6.PlanResourceChangeResponse) {
				plans++
				resp.PlannedState = change(resp.PlannedState, "either", fmt.Sprint(plans))
			}
		}},
		{"result", summaryInconsistentResult, func(s *script) {
			s.apply = func(_ *tfprotov6.ApplyResourceChangeRequest, resp *tfprotov6.ApplyResourceChangeResponse) {
				resp.NewState = change(resp.NewState, "given", "other")
			}
		}},
		{"unknown result", summaryUnknownResult, func(s *script) {
			s.apply = func(_ *tfprotov6.ApplyResourceChangeRequest, resp *tfprotov6.ApplyResourceChangeResponse) {
				resp.NewState = change(resp.NewState, "made", Unknown)
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var s script
			r := s.process(t)
			c.corrupt(&s)
			state, diags := r.Run(State{}, values{"given": "x"})
			if !diags.HasErrors() || diags[0].Summary != c.summary {
				t.Errorf("want %q: %s", c.summary, diags)
			}
			if state.value.Type() != nil && !state.value.IsFullyKnown() {
				t.Error("something unknown is kept in the state")
			}
		})
	}
}

func TestUnknownsBecomeKnownAtApply(t *testing.T) {
	t.Parallel()
	var s script
	r := s.process(t)
	plan := r.Plan(State{}, values{"given": Unknown})
	if plan.Get("given") != Unknown {
		t.Fatalf("%v", plan.Planned())
	}
	state, diags := r.ApplyConfig(plan, values{"given": "x"})
	if diags.HasErrors() || state.Get("given") != "x" {
		t.Errorf("%v %s", state.Values(), diags)
	}
}

func TestReadingWhatIsGone(t *testing.T) {
	t.Parallel()
	var s script
	r := s.process(t)
	s.read = func(_ *tfprotov6.ReadResourceRequest, resp *tfprotov6.ReadResourceResponse) { resp.NewState = nil }
	if state, diags := r.Read(r.State(values{"given": "x"})); state.Exists() || len(diags) > 0 {
		t.Errorf("%v %s", state, diags)
	}
}
