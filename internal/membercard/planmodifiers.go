// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// keepSpelling plans the state's spelling of a value when the configured one means the same,
// so that a time in another zone or a colour in lower case is no change. (Semantic equality
// of a custom type would act after reading, but not while planning.)
type keepSpelling struct {
	description string
	same        func(a, b string) bool
}

var _ planmodifier.String = keepSpelling{}

func keepInstant() planmodifier.String {
	return keepSpelling{"The same instant in another zone or precision is no change.", sameInstant}
}

func keepColor() planmodifier.String {
	return keepSpelling{"The same colour in other letters is no change.", sameColor}
}

func (m keepSpelling) Description(context.Context) string         { return m.description }
func (m keepSpelling) MarkdownDescription(context.Context) string { return m.description }

func (m keepSpelling) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if !known(req.StateValue) || !known(req.ConfigValue) {
		return
	}
	if m.same(req.StateValue.ValueString(), req.ConfigValue.ValueString()) {
		resp.PlanValue = req.StateValue
	}
}

// keepOrder plans the state's custom fields when the configured ones differ from them in
// the order of chosen values alone: WeChat Pay returns them in any order.
type keepOrder struct{}

var _ planmodifier.Map = keepOrder{}

func (keepOrder) Description(context.Context) string {
	return "The same chosen values in another order are no change."
}

func (m keepOrder) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

func (keepOrder) PlanModifyMap(_ context.Context, req planmodifier.MapRequest, resp *planmodifier.MapResponse) {
	if !known(req.StateValue) || !whollyKnown(req.ConfigValue) {
		return
	}
	if sameChoices(choices(req.StateValue), choices(req.ConfigValue)) {
		resp.PlanValue = req.StateValue
	}
}

// known reports whether v is neither null nor unknown.
func known(v attr.Value) bool { return !v.IsNull() && !v.IsUnknown() }

// whollyKnown reports whether neither m nor anything in it is unknown, and m is not null.
func whollyKnown(m types.Map) bool {
	if !known(m) {
		return false
	}
	for _, v := range m.Elements() {
		if v.IsUnknown() {
			return false
		}
		if list, ok := v.(types.List); ok {
			for _, e := range list.Elements() {
				if e.IsUnknown() {
					return false
				}
			}
		}
	}
	return true
}
