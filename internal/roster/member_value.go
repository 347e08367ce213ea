// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// lineAttribute is what an object has besides the attributes of a column.
const lineAttribute = "line"

// memberType is the type of one member as Terraform sees it.
func memberType() types.ObjectType {
	return types.ObjectType{AttrTypes: memberAttributeTypes()}
}

func memberAttributeTypes() map[string]attr.Type {
	kinds := map[string]attr.Type{lineAttribute: types.Int64Type}
	for _, attribute := range attributes() {
		kinds[attribute] = types.StringType
	}
	return kinds
}

// memberMap makes Terraform's map of members, keyed by their codes. It builds the
// values by hand: through the framework's reflection a roster of thousands takes longer
// than the rest of decoding.
func memberMap(members []member) (types.Map, diag.Diagnostics) {
	kinds := memberAttributeTypes()
	objects := make(map[string]attr.Value, len(members))
	for i := range members {
		m := &members[i]
		values := map[string]attr.Value{lineAttribute: types.Int64Value(int64(m.line))}
		for _, attribute := range attributes() {
			values[attribute] = textOrNull(*m.value(attribute))
		}
		object, diags := types.ObjectValue(kinds, values)
		if diags.HasError() {
			return types.MapNull(memberType()), diags
		}
		objects[m.userCardCode] = object
	}
	return types.MapValue(memberType(), objects)
}

func textOrNull(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}
