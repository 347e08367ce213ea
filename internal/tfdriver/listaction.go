// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package tfdriver

import (
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// This file is what Terraform 1.14 and later ask of a provider: lists for terraform query,
// and actions.

// Listed is one result of a list block.
type Listed struct {
	DisplayName string
	Identity    map[string]any
	// Resource is nil unless it was asked for.
	Resource map[string]any
}

// List validates a list block's config and lists up to limit resources, 0 for all.
func (p *Process) List(typeName string, config map[string]any, includeResource bool, limit int64) ([]Listed, Diagnostics) {
	p.t.Helper()
	schema, ok := p.schemas.ListResourceSchemas[typeName]
	if !ok {
		p.t.Fatalf("the provider has no list resource %s", typeName)
	}
	server, r := p.lists(), p.Resource(typeName)
	value := p.dynamic(schema.ValueType(), p.value(schema.ValueType(), config))
	validated, err := server.ValidateListResourceConfig(p.t.Context(), &tfprotov6.ValidateListResourceConfigRequest{TypeName: typeName, Config: value})
	p.called("ValidateListResourceConfig", err)
	diags := diagnostics(validated.Diagnostics)
	if diags.HasErrors() {
		return nil, diags
	}
	stream, err := server.ListResource(p.t.Context(), &tfprotov6.ListResourceRequest{
		TypeName: typeName, Config: value, IncludeResource: includeResource, Limit: limit,
	})
	p.called("ListResource", err)
	var found []Listed
	for result := range stream.Results {
		diags = append(diags, diagnostics(result.Diagnostics)...)
		if result.Identity == nil {
			continue
		}
		listed := Listed{DisplayName: result.DisplayName, Identity: r.identityValues(result.Identity)}
		if result.Resource != nil {
			listed.Resource, _ = fromValue(r.received(result.Resource)).(map[string]any)
		}
		found = append(found, listed)
	}
	return found, diags
}

// Invoke validates, plans and invokes an action. It returns its messages on the way.
func (p *Process) Invoke(actionType string, config map[string]any) (progress []string, diags Diagnostics) {
	p.t.Helper()
	schema, ok := p.schemas.ActionSchemas[actionType]
	if !ok {
		p.t.Fatalf("the provider has no action %s", actionType)
	}
	typ := schema.Schema.ValueType()
	value := p.dynamic(typ, p.value(typ, config))
	planner := p.actions(planning)
	validated, err := planner.ValidateActionConfig(p.t.Context(), &tfprotov6.ValidateActionConfigRequest{ActionType: actionType, Config: value})
	p.called("ValidateActionConfig", err)
	if diags = diagnostics(validated.Diagnostics); diags.HasErrors() {
		return nil, diags
	}
	planned, err := planner.PlanAction(p.t.Context(), &tfprotov6.PlanActionRequest{ActionType: actionType, Config: value})
	p.called("PlanAction", err)
	if diags = append(diags, diagnostics(planned.Diagnostics)...); diags.HasErrors() {
		return nil, diags
	}
	stream, err := p.actions(applying).InvokeAction(p.t.Context(), &tfprotov6.InvokeActionRequest{ActionType: actionType, Config: value})
	p.called("InvokeAction", err)
	for event := range stream.Events {
		switch event := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			progress = append(progress, event.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			diags = append(diags, diagnostics(event.Diagnostics)...)
		}
	}
	return progress, diags
}

// The protocol library still keeps these calls apart from the others.

func (p *Process) lists() tfprotov6.ListResourceServer {
	p.t.Helper()
	server, ok := p.serverFor(planning).(tfprotov6.ProviderServerWithListResource) //nolint:staticcheck // until the calls move
	if !ok {
		p.t.Fatal("the provider lists nothing")
	}
	return server
}

func (p *Process) actions(ph phase) tfprotov6.ActionServer {
	p.t.Helper()
	server, ok := p.serverFor(ph).(tfprotov6.ProviderServerWithActions) //nolint:staticcheck // until the calls move
	if !ok {
		p.t.Fatal("the provider has no actions")
	}
	return server
}
