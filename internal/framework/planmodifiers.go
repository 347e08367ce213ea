// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package framework

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
)

// keepSpelling plans the state's spelling of a value when the configured one means the same.
type keepSpelling struct {
	description string
	same        func(a, b string) bool
}

var _ planmodifier.String = keepSpelling{}

// KeepInstant plans no change for the same instant in another zone or precision. (Semantic
// equality of a custom type would act after reading, but not while planning.)
func KeepInstant() planmodifier.String {
	return keepSpelling{"The same instant in another zone or precision is no change.", SameInstant}
}

// KeepColor plans no change for the same colour in letters of another case.
func KeepColor() planmodifier.String {
	return keepSpelling{"The same colour in letters of another case is no change.", SameColor}
}

// Description implements planmodifier.Describer.
func (m keepSpelling) Description(context.Context) string { return m.description }

// MarkdownDescription implements planmodifier.Describer.
func (m keepSpelling) MarkdownDescription(context.Context) string { return m.description }

// PlanModifyString implements planmodifier.String.
func (m keepSpelling) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if !Known(req.StateValue) || !Known(req.ConfigValue) {
		return
	}
	resp.PlanValue = KeepSpelling(req.StateValue, resp.PlanValue, m.same)
}

// keepOrder plans the state's lists when the configured ones differ from them only in order.
type keepOrder struct{}

var _ planmodifier.Map = keepOrder{}

// KeepOrder plans no change for a map of lists of strings whose lists have the same values in
// another order.
func KeepOrder() planmodifier.Map { return keepOrder{} }

// Description implements planmodifier.Describer.
func (keepOrder) Description(context.Context) string {
	return "The same values in another order are no change."
}

// MarkdownDescription implements planmodifier.Describer.
func (m keepOrder) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

// PlanModifyMap implements planmodifier.Map.
func (keepOrder) PlanModifyMap(_ context.Context, req planmodifier.MapRequest, resp *planmodifier.MapResponse) {
	if !Known(req.StateValue) || !WhollyKnown(req.ConfigValue) {
		return
	}
	if SameLists(TextListMap(req.StateValue), TextListMap(req.ConfigValue)) {
		resp.PlanValue = req.StateValue
	}
}

// SameLists compares two maps of lists without regard to the order within a list.
func SameLists(a, b map[string][]string) bool {
	if len(a) != len(b) {
		return false
	}
	for name, values := range a {
		other, ok := b[name]
		if !ok || !SameSet(values, other) {
			return false
		}
	}
	return true
}
