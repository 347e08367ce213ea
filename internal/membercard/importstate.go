// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// ImportState implements resource.ResourceWithImportState, by id or by identity. It makes
// no call: the reading that Terraform does next fills in the rest.
func (r *importResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	defer recovered("importing into the state", &resp.Diagnostics)
	var id importID
	// An empty id comes with an identity that is null.
	if req.Identity == nil || req.Identity.Raw.IsNull() {
		parsed, err := parseImportID(req.ID)
		if err != nil {
			wrongImportID(err).addTo(&resp.Diagnostics)
			return
		}
		id = parsed
	} else {
		var identity identityModel
		resp.Diagnostics.Append(req.Identity.Get(ctx, &identity)...)
		if resp.Diagnostics.HasError() {
			return
		}
		id = importID{text(identity.BrandID), text(identity.CardID), text(identity.UserCardCode), text(identity.OpenID)}
		if err := id.check(); err != nil {
			wrongImportID(err).addTo(&resp.Diagnostics)
			return
		}
	}
	if id.openID == "" {
		resp.Diagnostics.AddError("The import needs the openid",
			"Without the openid WeChat Pay lets no card be read, so that nothing can be imported into the state. "+
				"An import id is brand_id/card_id/user_card_code/openid. "+
				"If the openid is unknown, leave the import out: with on_existing = \"adopt\" the first apply takes the card over unverified.")
		return
	}

	set := func(name string, value any) {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root(name), value)...)
	}
	set("id", id.withoutOpenID())
	set("brand_id", id.brandID)
	set("card_id", id.cardID)
	set(attrUserCardCode, id.userCardCode)
	set("openid", id.openID)
	set("adopted", true)
	setIdentity(ctx, resp.Identity, &model{
		BrandID: types.StringValue(id.brandID), CardID: types.StringValue(id.cardID),
		UserCardCode: types.StringValue(id.userCardCode), OpenID: types.StringValue(id.openID),
	}, &resp.Diagnostics)
	setPrivate(ctx, resp.Private, privateImported, true, &resp.Diagnostics)
}

func wrongImportID(err error) problem {
	return problem{path.Empty(), "The import id is not right",
		fmt.Sprintf("%s. An import id is brand_id/card_id/user_card_code/openid.", capitalize(err.Error()))}
}
