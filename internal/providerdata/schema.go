// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package providerdata

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
)

// BrandDescription describes an attribute brand_id that the provider's is the default of.
const BrandDescription = "The brand, 1 to 32 characters. Default: the provider's `brand_id`."

// BrandAttribute is the attribute brand_id of data sources.
func BrandAttribute() schema.Attribute {
	return schema.StringAttribute{
		Optional: true, Computed: true,
		MarkdownDescription: BrandDescription,
		Validators:          []validator.String{framework.BrandID()},
	}
}
