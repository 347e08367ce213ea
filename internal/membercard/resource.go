// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

var (
	_ resource.ResourceWithConfigure      = (*importResource)(nil)
	_ resource.ResourceWithValidateConfig = (*importResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*importResource)(nil)
	_ resource.ResourceWithImportState    = (*importResource)(nil)
	_ resource.ResourceWithIdentity       = (*importResource)(nil)
)

// defaultTimeout is how long an operation may take when timeouts does not say. It leaves
// room for the wait that the rate limit imposes on a large apply.
const defaultTimeout = 20 * time.Minute

// importResource is wechatpay_member_card_import: one member.
type importResource struct {
	data *ProviderData
}

func newImportResource() resource.Resource { return &importResource{} }

// Metadata implements resource.Resource.
func (r *importResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_member_card_import"
	// The openid is a part of the identity and becomes known late on a card that was taken
	// over unverified.
	resp.ResourceBehavior.MutableIdentity = true
}

// Configure implements resource.ResourceWithConfigure.
func (r *importResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.data = providerDataOf(req.ProviderData, &resp.Diagnostics)
}

// configuredPhone is the configuration's phone number, by whichever attribute it is given.
func configuredPhone(config *model) wechatpay.Personal {
	if known(config.PhoneNumberWO) {
		return wechatpay.Personal(text(config.PhoneNumberWO))
	}
	return wechatpay.Personal(text(config.PhoneNumber))
}

// setIdentity keeps what names the card at WeChat Pay.
func setIdentity(ctx context.Context, identity *tfsdk.ResourceIdentity, m *model, diags *diag.Diagnostics) {
	if identity == nil {
		return
	}
	diags.Append(identity.Set(ctx, identityModel{m.BrandID, m.CardID, m.UserCardCode, m.OpenID})...)
}

// identityModel is the resource's identity.
type identityModel struct {
	BrandID      types.String `tfsdk:"brand_id"`
	CardID       types.String `tfsdk:"card_id"`
	UserCardCode types.String `tfsdk:"user_card_code"`
	OpenID       types.String `tfsdk:"openid"`
}
