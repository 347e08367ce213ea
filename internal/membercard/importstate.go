// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// ImportState implements resource.ResourceWithImportState, by id or by identity. It makes
// no call: the reading that Terraform does next fills in the rest.
func (r *importResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	defer framework.RecoverPanic("importing into the state", &resp.Diagnostics)
	var ref wechatpay.CardRef
	// An empty id comes with an identity that is null.
	if req.Identity == nil || req.Identity.Raw.IsNull() {
		parsed, err := parseImportID(req.ID)
		if err != nil {
			wrongImportID(err).AddError(&resp.Diagnostics)
			return
		}
		ref = parsed
	} else {
		given := emptyModel()
		framework.ReadFields(ctx, req.Identity.Raw, given.identity(), &resp.Diagnostics)
		if resp.Diagnostics.HasError() {
			return
		}
		ref = given.ref()
		if err := checkRef(ref); err != nil {
			wrongImportID(err).AddError(&resp.Diagnostics)
			return
		}
	}
	if ref.OpenID == "" {
		resp.Diagnostics.AddError("The import needs the openid",
			"Without the openid WeChat Pay lets no card be read, so that nothing can be imported into the state. "+
				"An import id is brand_id/card_id/user_card_code/openid. "+
				"If the openid is unknown, leave the import out: with on_existing = \"adopt\" the first apply adopts the card unverified.")
		return
	}

	set := func(name string, value any) {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), value)...)
	}
	set("id", resourceID(ref))
	set("brand_id", ref.BrandID)
	set("card_id", ref.CardID)
	set(attrUserCardCode, ref.UserCardCode)
	set("openid", ref.OpenID)
	set("adopted", true)
	setIdentity(ctx, resp.Identity, &model{cardModel: cardModel{
		BrandID: types.StringValue(ref.BrandID), CardID: types.StringValue(ref.CardID),
		UserCardCode: types.StringValue(ref.UserCardCode), OpenID: types.StringValue(ref.OpenID),
	}}, &resp.Diagnostics)
	framework.SetPrivate(ctx, resp.Private, privateImported, true, &resp.Diagnostics)
}

func wrongImportID(err error) framework.Diagnostic {
	return framework.Detailf(path.Empty(), "The import id is not right",
		"%s. An import id is brand_id/card_id/user_card_code/openid.", framework.Capitalize(err.Error()))
}
