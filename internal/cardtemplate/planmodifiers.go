// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package cardtemplate

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
)

// keepState plans the state's value for a part of an object that is not configured, and null
// where there is none. Whether WeChat Pay replaces an object or merges it with the one that it has
// is not documented: an object that is sent with all that the state knows survives both.
type keepState struct{}

var (
	_ planmodifier.String = keepState{}
	_ planmodifier.Number = keepState{}
	_ planmodifier.Set    = keepState{}
	_ planmodifier.List   = keepState{}
)

// Description implements planmodifier.Describer.
func (keepState) Description(context.Context) string {
	return "What is not configured keeps the value that WeChat Pay holds."
}

// MarkdownDescription implements planmodifier.Describer.
func (m keepState) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

// PlanModifyString implements planmodifier.String.
func (keepState) PlanModifyString(_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse) {
	if req.ConfigValue.IsNull() {
		resp.PlanValue = req.StateValue
	}
}

// PlanModifyNumber implements planmodifier.Number.
func (keepState) PlanModifyNumber(_ context.Context, req planmodifier.NumberRequest, resp *planmodifier.NumberResponse) {
	if req.ConfigValue.IsNull() {
		resp.PlanValue = req.StateValue
	}
}

// PlanModifySet implements planmodifier.Set.
func (keepState) PlanModifySet(_ context.Context, req planmodifier.SetRequest, resp *planmodifier.SetResponse) {
	if req.ConfigValue.IsNull() {
		resp.PlanValue = req.StateValue
	}
}

// PlanModifyList implements planmodifier.List.
func (keepState) PlanModifyList(_ context.Context, req planmodifier.ListRequest, resp *planmodifier.ListResponse) {
	if req.ConfigValue.IsNull() {
		resp.PlanValue = req.StateValue
	}
}
