// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/membercard/rules"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/providerdata"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// invalidateAction is wechatpay_member_card_invalidate: it ends a card, explicitly and permanently.
type invalidateAction struct {
	data *providerdata.Data
}

var (
	_ action.ActionWithConfigure  = (*invalidateAction)(nil)
	_ action.ActionWithModifyPlan = (*invalidateAction)(nil)
)

func newInvalidateAction() action.Action { return &invalidateAction{} }

// Metadata implements action.Action.
func (a *invalidateAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_member_card_invalidate"
}

// Configure implements action.ActionWithConfigure.
func (a *invalidateAction) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	a.data = providerdata.From(req.ProviderData, &resp.Diagnostics)
}

type invalidateModel struct {
	BrandID       types.String `tfsdk:"brand_id"`
	CardID        types.String `tfsdk:"card_id"`
	UserCardCode  types.String `tfsdk:"user_card_code"`
	OpenID        types.String `tfsdk:"openid"`
	InvalidReason types.String `tfsdk:"invalid_reason"`
}

// Schema implements action.Action.
func (a *invalidateAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Ends a member's card ([official page](https://pay.weixin.qq.com/doc/v3/partner/4015336983)). " +
			"**It cannot be undone**: tell the customer first and have consent. Nothing is sent for a card that is invalid already.",
		Attributes: map[string]schema.Attribute{
			"brand_id": schema.StringAttribute{
				Optional: true, MarkdownDescription: providerdata.BrandDescription,
				Validators: []validator.String{framework.BrandID()},
			},
			"card_id": schema.StringAttribute{
				Required: true, MarkdownDescription: "The card template, 1 to 32 characters.",
				Validators: []validator.String{framework.CardID()},
			},
			"user_card_code": schema.StringAttribute{
				Required: true, MarkdownDescription: "The member's code under that template, 1 to 32 characters.",
				Validators: []validator.String{rules.UserCardCode()},
			},
			"openid": schema.StringAttribute{
				Required: true, MarkdownDescription: "The user under the template's AppID, at most 128 characters.",
				Validators: []validator.String{framework.Identifier(maxOpenID)},
			},
			"invalid_reason": schema.StringAttribute{
				Optional: true, MarkdownDescription: "Why the card ends, 1 to 32 characters; it is stored with the card.",
				Validators: []validator.String{framework.FreeText(maxInvalidReason)},
			},
		},
	}
}

// ModifyPlan implements action.ActionWithModifyPlan: it warns the person who reviews a plan, as of a
// destroy that invalidates, and finds a brand that is missing or not the provider's before the apply.
func (a *invalidateAction) ModifyPlan(ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	defer framework.RecoverPanic("planning to invalidate the card", &resp.Diagnostics)
	var config invalidateModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() || a.data == nil {
		return
	}
	if _, ok := a.data.PlannedBrand(config.BrandID, types.StringNull(), &resp.Diagnostics); !ok {
		return
	}
	card := "A card"
	if framework.Known(config.UserCardCode) {
		card = fmt.Sprintf("The card %s", framework.Text(config.UserCardCode))
	}
	resp.Diagnostics.AddWarning("A card will be permanently invalidated",
		card+" is invalidated at WeChat Pay when this action runs, which cannot be undone. Tell the customer first and have consent.")
}

// Invoke implements action.Action.
func (a *invalidateAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	defer framework.RecoverPanic("invalidating the card", &resp.Diagnostics)
	var config invalidateModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	brand := a.data.Brand(config.BrandID, &resp.Diagnostics)
	if resp.Diagnostics.HasError() || !a.data.Ready(&resp.Diagnostics) {
		return
	}
	ref := wechatpay.CardRef{BrandID: brand, CardID: framework.Text(config.CardID), UserCardCode: framework.Text(config.UserCardCode), OpenID: framework.Text(config.OpenID)}
	id := resourceID(ref)
	progress := func(message string) { resp.SendProgress(action.InvokeProgressEvent{Message: message}) }

	progress(fmt.Sprintf("Reading the card %s", id))
	card, err := a.data.Client.GetUserCard(ctx, ref)
	if err != nil {
		a.data.ReportError(err, explainRead(err, "reading the card", path.Root("openid")), id, &resp.Diagnostics)
		return
	}
	if card.UserCardState == wechatpay.UserCardStateInvalid {
		progress(fmt.Sprintf("The card %s is invalid already: nothing to do", id))
		return
	}
	progress(fmt.Sprintf("Invalidating the card %s permanently", id))
	if err := invalidateCard(ctx, a.data.Client, wechatpay.InvalidateUserCardRequest{CardRef: ref, InvalidReason: framework.Text(config.InvalidReason)}); err != nil {
		d := explain(err, "invalidating the card", path.Root("openid"))
		if d.Attribute.Equal(path.Root("invalidate_reason")) {
			d.Attribute = path.Root("invalid_reason")
		}
		a.data.ReportError(err, d, id, &resp.Diagnostics)
		return
	}
	progress(fmt.Sprintf("The card %s is invalid", id))
}
