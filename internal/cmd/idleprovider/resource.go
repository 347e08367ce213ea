// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// idleResource has the schema of a real resource, and keeps in the state what was planned.
type idleResource struct{ real resource.Resource }

// identifiedResource is one with an identity.
type identifiedResource struct {
	idleResource
	identified resource.ResourceWithIdentity
}

// Metadata implements resource.Resource.
func (r idleResource) Metadata(ctx context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	r.real.Metadata(ctx, req, resp)
}

// Schema implements resource.Resource.
func (r idleResource) Schema(ctx context.Context, req resource.SchemaRequest, resp *resource.SchemaResponse) {
	r.real.Schema(ctx, req, resp)
	resp.Schema.Attributes = withoutRules(resp.Schema.Attributes)
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r identifiedResource) IdentitySchema(ctx context.Context, req resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	r.identified.IdentitySchema(ctx, req, resp)
}

// Create implements resource.Resource.
func (idleResource) Create(_ context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	setIdentity(resp.Identity)
	var err error
	if resp.State.Raw, err = known(req.Plan.Raw); err != nil {
		resp.Diagnostics.AddError("Idle create", err.Error())
	}
}

// Read implements resource.Resource: the state stays as it is. Terraform before 1.12 hands no
// identity over, and the framework demands one.
func (idleResource) Read(_ context.Context, _ resource.ReadRequest, resp *resource.ReadResponse) {
	setIdentity(resp.Identity)
}

// Update implements resource.Resource.
func (idleResource) Update(_ context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var err error
	if resp.State.Raw, err = known(req.Plan.Raw); err != nil {
		resp.Diagnostics.AddError("Idle update", err.Error())
	}
}

// Delete implements resource.Resource.
func (idleResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}

// text stands for a computed text. It is as long as an openid.
const text = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"

// known returns a planned value whose unknown parts are filled in.
func known(planned tftypes.Value) (tftypes.Value, error) {
	return tftypes.Transform(planned, func(_ *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
		switch {
		case v.IsKnown():
			return v, nil
		case v.Type().Is(tftypes.String):
			return tftypes.NewValue(tftypes.String, text), nil
		case v.Type().Is(tftypes.Bool):
			return tftypes.NewValue(tftypes.Bool, false), nil
		}
		return tftypes.NewValue(v.Type(), nil), nil
	})
}

// setIdentity fills an identity, whose attributes are texts.
func setIdentity(identity *tfsdk.ResourceIdentity) {
	if identity == nil {
		return
	}
	values := map[string]tftypes.Value{}
	for name := range identity.Schema.GetAttributes() {
		values[name] = tftypes.NewValue(tftypes.String, text)
	}
	identity.Raw = tftypes.NewValue(identity.Raw.Type(), values)
}

// withoutRules returns attributes without validators, plan modifiers and defaults.
func withoutRules(attributes map[string]schema.Attribute) map[string]schema.Attribute {
	plain := map[string]schema.Attribute{}
	for name, attribute := range attributes {
		switch a := attribute.(type) {
		case schema.StringAttribute:
			a.Validators, a.PlanModifiers, a.Default = nil, nil, nil
			plain[name] = a
		case schema.BoolAttribute:
			a.Validators, a.PlanModifiers, a.Default = nil, nil, nil
			plain[name] = a
		case schema.NumberAttribute:
			a.Validators, a.PlanModifiers, a.Default = nil, nil, nil
			plain[name] = a
		case schema.Int64Attribute:
			a.Validators, a.PlanModifiers, a.Default = nil, nil, nil
			plain[name] = a
		case schema.MapAttribute:
			a.Validators, a.PlanModifiers, a.Default = nil, nil, nil
			plain[name] = a
		case schema.ListAttribute:
			a.Validators, a.PlanModifiers, a.Default = nil, nil, nil
			plain[name] = a
		case schema.SetAttribute:
			a.Validators, a.PlanModifiers, a.Default = nil, nil, nil
			plain[name] = a
		case schema.SingleNestedAttribute:
			a.Validators, a.PlanModifiers, a.Default = nil, nil, nil
			a.Attributes = withoutRules(a.Attributes)
			plain[name] = a
		case schema.ListNestedAttribute:
			a.Validators, a.PlanModifiers, a.Default = nil, nil, nil
			a.NestedObject.Validators, a.NestedObject.PlanModifiers = nil, nil
			a.NestedObject.Attributes = withoutRules(a.NestedObject.Attributes)
			plain[name] = a
		default:
			panic(fmt.Sprintf("attribute %s has a type that this provider does not know: %T", name, attribute))
		}
	}
	return plain
}
