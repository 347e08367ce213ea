// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package tfdriver

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Resource drives one resource type of a [Process].
type Resource struct {
	p        *Process
	ctx      context.Context //nolint:containedctx // a test's, so that a table need not hand it on
	typeName string
	schema   *tfprotov6.Schema
	typ      tftypes.Type
	identity tftypes.Type
}

// WithContext returns a copy of r whose calls run with ctx.
func (r *Resource) WithContext(ctx context.Context) *Resource {
	c := *r
	c.ctx = ctx
	return &c
}

// State is a resource as Terraform keeps it. The zero State is a resource that does not exist.
type State struct {
	// Private is the provider's own note beside the state.
	Private []byte
	// Tainted is true after a create that left an object but failed: the next plan replaces it.
	Tainted bool

	value    tftypes.Value
	identity *tfprotov6.ResourceIdentityData
	names    map[string]any
}

// Exists reports whether there is an object.
func (s State) Exists() bool { return s.value.Type() != nil && !s.value.IsNull() }

// Values are the attributes: nil for null, int64 for whole numbers, []any for lists and
// sets, map[string]any for maps and objects.
func (s State) Values() map[string]any {
	values, _ := fromValue(s.value).(map[string]any)
	return values
}

// Get is one attribute by its dotted path ("valid_date_information.type"); nil where there is none.
func (s State) Get(path string) any {
	return lookUp(s.Values(), path)
}

// Identity is the resource's identity; nil where there is none.
func (s State) Identity() map[string]any { return s.names }

// Action is what a plan does.
type Action string

// The actions.
const (
	NoOp    Action = "no-op"
	Create  Action = "create"
	Update  Action = "update"
	Replace Action = "replace"
	Delete  Action = "delete"
)

// Plan is a provider's answer to a plan. It has no action when there are errors.
type Plan struct {
	Action Action
	// Prior is the state that was planned upon.
	Prior State
	// RequiresReplace are the attributes whose change makes the plan a replacement.
	RequiresReplace []string
	// Private is the provider's own note, which it gets back at apply.
	Private     []byte
	Diagnostics Diagnostics

	config   map[string]any
	planned  tftypes.Value
	identity *tfprotov6.ResourceIdentityData
}

// Planned are the planned attributes, as State.Values; Unknown for what is known after apply.
func (p Plan) Planned() map[string]any {
	values, _ := fromValue(p.planned).(map[string]any)
	return values
}

// Get is one planned attribute by its dotted path; nil where there is none.
func (p Plan) Get(path string) any {
	return lookUp(p.Planned(), path)
}

// State is a state made by hand, as an earlier run could have left it.
func (r *Resource) State(values map[string]any) State {
	r.p.t.Helper()
	return State{value: r.p.value(r.typ, values)}
}

// Validate validates a configuration. Nested unknown values stay unknown, as in `terraform validate`.
func (r *Resource) Validate(config map[string]any) Diagnostics {
	r.p.t.Helper()
	return r.validate(r.p.serverFor(planning), r.p.value(r.typ, config))
}

func (r *Resource) validate(server tfprotov6.ProviderServer, config tftypes.Value) Diagnostics {
	r.p.t.Helper()
	resp, err := server.ValidateResourceConfig(r.ctx, &tfprotov6.ValidateResourceConfigRequest{
		TypeName:           r.typeName,
		Config:             r.dynamic(config),
		ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
	})
	r.p.called("ValidateResourceConfig", err)
	return diagnostics(resp.Diagnostics)
}

// Plan plans config upon prior; a nil config plans to destroy. It does not refresh.
func (r *Resource) Plan(prior State, config map[string]any) Plan {
	r.p.t.Helper()
	return r.plan(r.p.serverFor(planning), prior, config)
}

// Apply applies a plan with the configuration that it was made of, in which nothing may be
// unknown.
func (r *Resource) Apply(plan Plan) (State, Diagnostics) {
	r.p.t.Helper()
	return r.ApplyConfig(plan, plan.config)
}

// ApplyConfig applies a plan when what was unknown in its configuration has become known.
// Like Terraform it plans again first, with a freshly started provider, and refuses what
// contradicts the plan.
func (r *Resource) ApplyConfig(plan Plan, config map[string]any) (State, Diagnostics) {
	r.p.t.Helper()
	if plan.Action == "" {
		r.p.t.Fatalf("a plan with errors cannot be applied:\n%s", plan.Diagnostics)
	}
	server := r.p.serverFor(applying)
	switch plan.Action {
	case NoOp:
		return plan.Prior, nil
	case Delete:
		return r.destroy(server, plan)
	case Replace:
		state, diags := r.destroy(server, plan)
		if diags.HasErrors() {
			return state, diags
		}
		created, more := r.change(server, plan, State{}, config)
		return created, append(diags, more...)
	default:
		return r.change(server, plan, plan.Prior, config)
	}
}

// Read refreshes a state. The result does not exist when the provider found the object gone.
// With errors the state stays as it was.
func (r *Resource) Read(state State) (State, Diagnostics) {
	r.p.t.Helper()
	return r.read(r.p.serverFor(planning), state)
}

// Import imports by id, and reads what was imported, as Terraform does.
func (r *Resource) Import(id string) (State, Diagnostics) {
	r.p.t.Helper()
	return r.importState(&tfprotov6.ImportResourceStateRequest{TypeName: r.typeName, ID: id})
}

// ImportByIdentity imports by identity, and reads what was imported, as Terraform does.
func (r *Resource) ImportByIdentity(identity map[string]any) (State, Diagnostics) {
	r.p.t.Helper()
	return r.importState(&tfprotov6.ImportResourceStateRequest{TypeName: r.typeName, Identity: r.identityData(identity)})
}

// Upgrade hands the provider a state that an earlier schema version wrote, as JSON values.
func (r *Resource) Upgrade(version int64, values map[string]any) (State, Diagnostics) {
	r.p.t.Helper()
	raw, err := json.Marshal(values)
	r.p.called("the state as JSON", err)
	resp, err := r.p.serverFor(planning).UpgradeResourceState(r.ctx, &tfprotov6.UpgradeResourceStateRequest{
		TypeName: r.typeName, Version: version, RawState: &tfprotov6.RawState{JSON: raw},
	})
	r.p.called("UpgradeResourceState", err)
	diags := diagnostics(resp.Diagnostics)
	if diags.HasErrors() {
		return State{}, diags
	}
	return State{value: r.received(resp.UpgradedState)}, diags
}

// Run is a whole run of Terraform: refresh, plan and apply. A nil config destroys. It stops
// at the first error, and the state is then what Terraform would keep.
func (r *Resource) Run(prior State, config map[string]any) (State, Diagnostics) {
	r.p.t.Helper()
	r.p.NewRun()
	var diags Diagnostics
	if prior.Exists() {
		if prior, diags = r.Read(prior); diags.HasErrors() {
			return prior, diags
		}
	}
	if config == nil && !prior.Exists() {
		return prior, diags
	}
	plan := r.Plan(prior, config)
	diags = append(diags, plan.Diagnostics...)
	if plan.Diagnostics.HasErrors() {
		return prior, diags
	}
	state, more := r.Apply(plan)
	return state, append(diags, more...)
}

// MustRun is Run that stops the test on an error, without the warnings.
func (r *Resource) MustRun(prior State, config map[string]any) State {
	r.p.t.Helper()
	state, diags := r.Run(prior, config)
	r.p.stopOn("a run", diags)
	return state
}

func (r *Resource) importState(req *tfprotov6.ImportResourceStateRequest) (State, Diagnostics) {
	r.p.t.Helper()
	server := r.p.serverFor(planning)
	resp, err := server.ImportResourceState(r.ctx, req)
	r.p.called("ImportResourceState", err)
	diags := diagnostics(resp.Diagnostics)
	if diags.HasErrors() {
		return State{}, diags
	}
	if len(resp.ImportedResources) != 1 {
		r.p.t.Fatalf("ImportResourceState returned %d resources", len(resp.ImportedResources))
	}
	imported := resp.ImportedResources[0]
	state, more := r.read(server, r.state(imported.State, imported.Private, imported.Identity))
	diags = append(diags, more...)
	if !diags.HasErrors() && !state.Exists() {
		diags = append(diags, Diagnostic{Severity: SeverityError, Summary: "Cannot import non-existent remote object"})
	}
	if diags.HasErrors() {
		return State{}, diags
	}
	return state, diags
}

func (r *Resource) read(server tfprotov6.ProviderServer, state State) (State, Diagnostics) {
	r.p.t.Helper()
	resp, err := server.ReadResource(r.ctx, &tfprotov6.ReadResourceRequest{
		TypeName: r.typeName, CurrentState: r.dynamic(state.value), Private: state.Private, CurrentIdentity: state.identity,
	})
	r.p.called("ReadResource", err)
	diags := diagnostics(resp.Diagnostics)
	if diags.HasErrors() {
		return state, diags
	}
	next := r.state(resp.NewState, resp.Private, resp.NewIdentity)
	next.Tainted = state.Tainted && next.Exists()
	return next, diags
}

func (r *Resource) state(value *tfprotov6.DynamicValue, private []byte, identity *tfprotov6.ResourceIdentityData) State {
	r.p.t.Helper()
	v := r.received(value)
	if v.IsNull() {
		return State{}
	}
	return State{value: v, Private: private, identity: identity, names: r.identityValues(identity)}
}

func (r *Resource) identityValues(identity *tfprotov6.ResourceIdentityData) map[string]any {
	r.p.t.Helper()
	if identity == nil || r.identity == nil {
		return nil
	}
	values, _ := fromValue(r.p.received(r.identity, identity.IdentityData)).(map[string]any)
	return values
}

func (r *Resource) identityData(values map[string]any) *tfprotov6.ResourceIdentityData {
	r.p.t.Helper()
	if r.identity == nil {
		r.p.t.Fatalf("%s has no identity", r.typeName)
	}
	return &tfprotov6.ResourceIdentityData{IdentityData: r.p.dynamic(r.identity, r.p.value(r.identity, values))}
}

func (r *Resource) null() tftypes.Value { return tftypes.NewValue(r.typ, nil) }

func (r *Resource) dynamic(v tftypes.Value) *tfprotov6.DynamicValue {
	r.p.t.Helper()
	if v.Type() == nil {
		v = r.null()
	}
	return r.p.dynamic(r.typ, v)
}

func (r *Resource) received(d *tfprotov6.DynamicValue) tftypes.Value {
	r.p.t.Helper()
	return r.p.received(r.typ, d)
}

// contractErrors returns what Terraform tells its user when a provider breaks the contract.
func (r *Resource) contractErrors(summary string, violations []violation) Diagnostics {
	var diags Diagnostics
	for _, v := range violations {
		diags = append(diags, Diagnostic{
			Severity: SeverityError,
			Summary:  summary,
			Detail:   fmt.Sprintf("%s: %s: %s.\n\nThis is a bug in the provider.", r.typeName, pathText(v.path), v.text),
			Path:     pathText(v.path),
		})
	}
	return diags
}
