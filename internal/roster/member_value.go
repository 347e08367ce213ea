// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// lineAttribute is what an object has besides the attributes of a column.
const lineAttribute = "line"

// memberType is the type of one member as Terraform sees it.
func memberType() types.ObjectType {
	attributeTypes := map[string]attr.Type{lineAttribute: types.Int64Type}
	for _, attribute := range attributes() {
		attributeTypes[attribute] = types.StringType
	}
	return types.ObjectType{AttrTypes: attributeTypes}
}

// memberMap is Terraform's map of members, keyed by their codes. It makes the values of the
// protocol of the members themselves: the framework's own map would hold them once more, which
// for 50,000 members costs more memory than all else.
type memberMap []member

var _ interface {
	attr.Value
	xattr.ValidateableAttribute
} = memberMap(nil)

// Type implements attr.Value.
func (memberMap) Type(context.Context) attr.Type { return types.MapType{ElemType: memberType()} }

// ToTerraformValue implements attr.Value.
func (m memberMap) ToTerraformValue(ctx context.Context) (tftypes.Value, error) {
	objectType := memberType().TerraformType(ctx)
	names := attributes()
	null := tftypes.NewValue(tftypes.String, nil)
	objects := make(map[string]tftypes.Value, len(m))
	for i := range m {
		values := make(map[string]tftypes.Value, len(names)+1)
		values[lineAttribute] = tftypes.NewValue(tftypes.Number, int64(m[i].line))
		for _, name := range names {
			values[name] = null
			if text := *m[i].value(name); text != "" {
				values[name] = tftypes.NewValue(tftypes.String, text)
			}
		}
		objects[m[i].userCardCode] = tftypes.NewValue(objectType, values)
	}
	return tftypes.NewValue(tftypes.Map{ElementType: objectType}, objects), nil
}

// ValidateAttribute implements xattr.ValidateableAttribute: there is nothing to validate, and
// without it the framework converts the whole map once more to find that out.
func (memberMap) ValidateAttribute(context.Context, xattr.ValidateAttributeRequest, *xattr.ValidateAttributeResponse) {
}

// Equal implements attr.Value.
func (m memberMap) Equal(other attr.Value) bool {
	o, isMap := other.(memberMap)
	return isMap && slices.Equal(m, o)
}

// IsNull implements attr.Value.
func (memberMap) IsNull() bool { return false }

// IsUnknown implements attr.Value.
func (memberMap) IsUnknown() bool { return false }

// String implements attr.Value. It shows nothing of a member.
func (m memberMap) String() string { return fmt.Sprintf("<%d members>", len(m)) }
