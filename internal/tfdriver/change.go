// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package tfdriver

import (
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// This file is the order of calls in which Terraform plans and applies a change, and what
// it keeps of their answers.

// What Terraform says of a provider that breaks the contract.
const (
	summaryInvalidPlan        = "Provider produced invalid plan"
	summaryInconsistentPlan   = "Provider produced inconsistent final plan"
	summaryInconsistentResult = "Provider produced inconsistent result after apply"
	summaryUnknownResult      = "Provider returned invalid result object after apply"
)

// plan plans like Terraform: it validates, proposes a state, checks the planned one, and
// where attributes force a replacement, plans once more from nothing, with the private data
// of the first plan. A tainted state is planned from nothing at once.
func (r *Resource) plan(server tfprotov6.ProviderServer, prior State, values map[string]any) Plan {
	r.p.t.Helper()
	plan := Plan{Prior: prior, config: values}
	if values == nil {
		return r.planDestroy(server, plan)
	}
	config := r.p.value(r.typ, values)
	plan.Diagnostics = r.validate(server, config)
	if plan.Diagnostics.HasErrors() {
		return plan
	}

	from := prior
	if prior.Tainted {
		from = State{}
	}
	resp := r.planChange(server, from, config)
	plan.Diagnostics = append(plan.Diagnostics, diagnostics(resp.Diagnostics)...)
	if plan.Diagnostics.HasErrors() {
		return plan
	}
	planned := r.received(resp.PlannedState)
	if violations := checkPlan(r.schema.Block, from.value, config, planned); len(violations) > 0 {
		plan.Diagnostics = append(plan.Diagnostics, r.contractErrors(summaryInvalidPlan, violations)...)
		return plan
	}
	plan.planned, plan.Private, plan.identity = planned, resp.PlannedPrivate, resp.PlannedIdentity

	switch {
	case !from.Exists() && prior.Tainted:
		plan.Action = Replace
	case !from.Exists():
		plan.Action = Create
	default:
		plan.RequiresReplace = changedPaths(resp.RequiresReplace, from.value, planned)
		switch {
		case len(plan.RequiresReplace) > 0:
			return r.planReplacement(server, plan, config)
		case planned.Equal(from.value):
			plan.Action = NoOp
		default:
			plan.Action = Update
		}
	}
	return plan
}

func (r *Resource) planReplacement(server tfprotov6.ProviderServer, plan Plan, config tftypes.Value) Plan {
	r.p.t.Helper()
	resp := r.planChange(server, State{Private: plan.Private}, config)
	// Warnings are likely those of the first plan, so Terraform drops them here.
	if diags := diagnostics(resp.Diagnostics); diags.HasErrors() {
		plan.Diagnostics = append(plan.Diagnostics, diags...)
		return plan
	}
	plan.planned, plan.Private, plan.identity = r.received(resp.PlannedState), resp.PlannedPrivate, resp.PlannedIdentity
	if violations := checkPlan(r.schema.Block, r.null(), config, plan.planned); len(violations) > 0 {
		plan.Diagnostics = append(plan.Diagnostics, r.contractErrors(summaryInvalidPlan, violations)...)
		return plan
	}
	plan.Action = Replace
	return plan
}

func (r *Resource) planDestroy(server tfprotov6.ProviderServer, plan Plan) Plan {
	r.p.t.Helper()
	if !plan.Prior.Exists() {
		r.p.t.Fatal("there is nothing to destroy")
	}
	resp, err := server.PlanResourceChange(r.ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName:         r.typeName,
		PriorState:       r.dynamic(plan.Prior.value),
		ProposedNewState: r.dynamic(r.null()),
		Config:           r.dynamic(r.null()),
		PriorPrivate:     plan.Prior.Private,
		PriorIdentity:    plan.Prior.identity,
	})
	r.p.called("PlanResourceChange", err)
	plan.Diagnostics = append(plan.Diagnostics, diagnostics(resp.Diagnostics)...)
	if plan.Diagnostics.HasErrors() {
		return plan
	}
	plan.planned, plan.Private, plan.identity = r.null(), resp.PlannedPrivate, plan.Prior.identity
	if !r.received(resp.PlannedState).IsNull() {
		plan.Diagnostics = append(plan.Diagnostics, r.contractErrors(summaryInvalidPlan,
			[]violation{{tftypes.NewAttributePath(), "planned for existence but the configuration wants absence"}})...)
		return plan
	}
	plan.Action = Delete
	return plan
}

func (r *Resource) planChange(server tfprotov6.ProviderServer, prior State, config tftypes.Value) *tfprotov6.PlanResourceChangeResponse {
	r.p.t.Helper()
	resp, err := server.PlanResourceChange(r.ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName:         r.typeName,
		PriorState:       r.dynamic(prior.value),
		ProposedNewState: r.dynamic(proposeNew(r.schema.Block, prior.value, config)),
		Config:           r.dynamic(config),
		PriorPrivate:     prior.Private,
		PriorIdentity:    prior.identity,
	})
	r.p.called("PlanResourceChange", err)
	return resp
}

// change creates or updates. It plans again, since more may be known by now, and holds the
// new plan against the old one.
func (r *Resource) change(server tfprotov6.ProviderServer, plan Plan, prior State, values map[string]any) (State, Diagnostics) {
	r.p.t.Helper()
	config := r.p.value(r.typ, values)
	if !config.IsFullyKnown() {
		r.p.t.Fatal("nothing may be unknown when a plan is applied; see ApplyConfig")
	}
	again := r.plan(server, prior, values)
	// Warnings were told by the plan already.
	diags := again.Diagnostics.Errors()
	if len(diags) > 0 {
		return prior, diags
	}
	if !sameAction(plan.Action, again.Action, prior) {
		return prior, r.contractErrors(summaryInconsistentPlan, []violation{{tftypes.NewAttributePath(),
			"changed the planned action from " + string(plan.Action) + " to " + string(again.Action)}})
	}
	if violations := checkCompletion(plan.planned, again.planned); len(violations) > 0 {
		return prior, r.contractErrors(summaryInconsistentPlan, violations)
	}
	if again.Action == NoOp {
		return prior, nil
	}

	resp, err := server.ApplyResourceChange(r.ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName:        r.typeName,
		PriorState:      r.dynamic(prior.value),
		PlannedState:    r.dynamic(again.planned),
		Config:          r.dynamic(config),
		PlannedPrivate:  again.Private,
		PlannedIdentity: again.identity,
	})
	r.p.called("ApplyResourceChange", err)
	diags = diagnostics(resp.Diagnostics)
	next := r.state(resp.NewState, resp.Private, resp.NewIdentity)
	if !next.Exists() && diags.HasErrors() {
		// Terraform keeps what there was, to try again.
		return prior, diags
	}
	if !next.value.IsFullyKnown() {
		diags = append(diags, r.contractErrors(summaryUnknownResult, unknownPaths(next.value))...)
		next.value = unknownAsNull(next.value)
	}
	if !diags.HasErrors() {
		diags = append(diags, r.contractErrors(summaryInconsistentResult, checkCompletion(again.planned, next.value))...)
	}
	next.Tainted = diags.HasErrors() && !prior.Exists() && next.Exists()
	return next, diags
}

// sameAction reports whether planning again at apply came to what was planned.
func sameAction(planned, again Action, prior State) bool {
	switch {
	case planned == again:
		return true
	case planned == Replace && !prior.Exists():
		return again == Create
	default:
		return planned == Update && again == NoOp
	}
}

func (r *Resource) destroy(server tfprotov6.ProviderServer, plan Plan) (State, Diagnostics) {
	r.p.t.Helper()
	resp, err := server.ApplyResourceChange(r.ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName:        r.typeName,
		PriorState:      r.dynamic(plan.Prior.value),
		PlannedState:    r.dynamic(r.null()),
		Config:          r.dynamic(r.null()),
		PlannedPrivate:  plan.Private,
		PlannedIdentity: plan.Prior.identity,
	})
	r.p.called("ApplyResourceChange", err)
	diags := diagnostics(resp.Diagnostics)
	next := r.state(resp.NewState, resp.Private, resp.NewIdentity)
	switch {
	case !next.Exists() && diags.HasErrors():
		return plan.Prior, diags
	case next.Exists() && !diags.HasErrors():
		diags = append(diags, r.contractErrors(summaryInconsistentResult, []violation{{tftypes.NewAttributePath(), "is still there after it was destroyed"}})...)
	}
	next.Tainted = next.Exists() && plan.Prior.Tainted
	return next, diags
}
