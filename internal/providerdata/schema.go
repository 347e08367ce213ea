// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package providerdata

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
)

// MaxBrandID is the documented length of a brand_id, in characters.
const MaxBrandID = 32

// BrandAttribute is the attribute brand_id of data sources.
func BrandAttribute() schema.Attribute {
	return schema.StringAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: "The brand, 1 to 32 characters. Default: the provider's `brand_id`.",
		Validators:          []validator.String{framework.Identifier(MaxBrandID).Showing()},
	}
}
