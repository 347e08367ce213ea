// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Package cardtemplate is what Terraform knows of member card templates. It knows no member.
package cardtemplate

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// maxCardID is the documented length of a card_id, in characters.
// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336974
const maxCardID = 32

// DataSources are the data sources of this package.
func DataSources() []func() datasource.DataSource {
	return []func() datasource.DataSource{newTemplateDataSource}
}

// explain says what an error of a call about a template means and what to do.
func explain(err error, doing string) framework.Diagnostic {
	cardID := path.Root("card_id")
	return framework.CallContext{
		Doing:      doing,
		Attribute:  cardID,
		Attributes: map[string]path.Path{"brand_id": path.Root("brand_id"), "card_id": cardID},
		Kinds: map[wechatpay.Kind]framework.Diagnostic{
			wechatpay.KindNotFound: framework.At(cardID, "WeChat Pay knows no such card template",
				"the brand has no such template. Check card_id and brand_id, also the provider's."),
			wechatpay.KindTemplateNotOfBrand: framework.At(cardID, "The card template is not of this brand",
				"the brand has no such template. Check card_id and brand_id, also the provider's."),
		},
	}.Explain(err)
}
