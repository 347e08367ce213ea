// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package framework

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

type pair struct {
	name  types.String
	count types.Number
}

func (p *pair) fields() map[string]Field {
	return map[string]Field{"name": FieldOf(&p.name), "count": FieldOf(&p.count)}
}

func pairValue(name, count any) tftypes.Value {
	return tftypes.NewValue(
		tftypes.Object{AttributeTypes: map[string]tftypes.Type{"name": tftypes.String, "count": tftypes.Number}},
		map[string]tftypes.Value{"name": tftypes.NewValue(tftypes.String, name), "count": tftypes.NewValue(tftypes.Number, count)},
	)
}

// What is written is what was read: null, unknown and known.
func TestFieldsKeepEveryKindOfValue(t *testing.T) {
	t.Parallel()
	for _, raw := range []tftypes.Value{
		pairValue(nil, nil), pairValue("", 0), pairValue("sample", 3), pairValue(tftypes.UnknownValue, nil), pairValue(nil, tftypes.UnknownValue),
	} {
		var p pair
		var diags diag.Diagnostics
		ReadFields(t.Context(), raw, p.fields(), &diags)
		written := WriteFields(t.Context(), pairValue(nil, nil), p.fields(), &diags)
		if diags.HasError() || !written.Equal(raw) {
			t.Errorf("%s became %s: %v", raw, written, diags)
		}
	}
}

// A value of another shape is an error, which does not repeat the value.
func TestFieldsRefuseOtherTypes(t *testing.T) {
	t.Parallel()
	const personal = "13800138000"
	one := func(name string, typ tftypes.Type, value any) tftypes.Value {
		return tftypes.NewValue(tftypes.Object{AttributeTypes: map[string]tftypes.Type{name: typ}}, map[string]tftypes.Value{name: tftypes.NewValue(typ, value)})
	}
	for name, raw := range map[string]tftypes.Value{
		"no object":         tftypes.NewValue(tftypes.String, personal),
		"another attribute": one("other", tftypes.String, personal),
		"another type": tftypes.NewValue(tftypes.Object{AttributeTypes: map[string]tftypes.Type{"name": tftypes.String, "count": tftypes.String}},
			map[string]tftypes.Value{"name": tftypes.NewValue(tftypes.String, nil), "count": tftypes.NewValue(tftypes.String, personal)}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var p pair
			var diags diag.Diagnostics
			ReadFields(t.Context(), raw, p.fields(), &diags)
			if !diags.HasError() || strings.Contains(fmt.Sprint(diags), personal) {
				t.Errorf("got %v", diags)
			}
		})
	}
	t.Run("writing", func(t *testing.T) {
		t.Parallel()
		var p pair
		var diags diag.Diagnostics
		raw := one("name", tftypes.String, nil)
		if written := WriteFields(t.Context(), raw, p.fields(), &diags); !diags.HasError() || !written.Equal(raw) {
			t.Errorf("got %s, %v", written, diags)
		}
	})
}
