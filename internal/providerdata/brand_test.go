// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package providerdata

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// A brand that calls for itself has the credentials of one brand.
func TestBrandModeHasOneBrand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		data       *Data
		configured types.String
		want       string
		refused    bool
	}{
		{"service provider, another brand", &Data{BrandID: "1004"}, types.StringValue("1005"), "1005", false},
		{"brand, none configured", &Data{BrandID: "1004", BrandMode: true}, types.StringNull(), "1004", false},
		{"brand, the same", &Data{BrandID: "1004", BrandMode: true}, types.StringValue("1004"), "1004", false},
		{"brand, another", &Data{BrandID: "1004", BrandMode: true}, types.StringValue("1005"), "", true},
		{"brand, the provider's is not known yet", &Data{BrandIDUnknown: true, BrandMode: true}, types.StringValue("1005"), "1005", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics
			if got := c.data.Brand(c.configured, &diags); got != c.want || diags.HasError() != c.refused {
				t.Errorf("got %q, %v", got, diags)
			}
			diags = nil
			planned, ok := c.data.PlannedBrand(c.configured, types.StringNull(), &diags)
			if ok == c.refused || diags.HasError() != c.refused || ok && planned.ValueString() != c.want {
				t.Errorf("planned %s, %v, %v", planned, ok, diags)
			}
		})
	}
}
