// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/providerdata"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// importList lists cards that can be imported as wechatpay_member_card_import, for
// terraform query. WeChat Pay lists cards by user only, so openids must be given.
type importList struct {
	importResource
}

var _ list.ListResourceWithConfigure = (*importList)(nil)

func newImportList() list.ListResource { return &importList{} }

// importListModel is the configuration of a list block.
type importListModel struct {
	BrandID       types.String `tfsdk:"brand_id"`
	CardID        types.String `tfsdk:"card_id"`
	OpenIDs       types.List   `tfsdk:"openids"`
	UserCardState types.String `tfsdk:"user_card_state"`
}

// ListResourceConfigSchema implements list.ListResource.
func (l *importList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the cards of given users in a brand, to be imported as `wechatpay_member_card_import` " +
			"([official page](https://pay.weixin.qq.com/doc/v3/partner/4015336984)). One request for every 20 cards of a user.",
		Attributes: map[string]schema.Attribute{
			"brand_id": schema.StringAttribute{
				Optional: true, MarkdownDescription: providerdata.BrandDescription,
				Validators: []validator.String{framework.BrandID()},
			},
			"card_id": schema.StringAttribute{
				Optional: true, MarkdownDescription: "Only cards of this template. Default: of all templates.",
				Validators: []validator.String{framework.CardID()},
			},
			"openids": schema.ListAttribute{
				Required: true, ElementType: types.StringType,
				MarkdownDescription: "The users whose cards are listed, at most 128 characters each and at least one: WeChat Pay lists by user only.",
				Validators:          []validator.List{listvalidator.SizeAtLeast(1), listvalidator.NoNullValues(), listvalidator.ValueStringsAre(framework.Identifier(maxOpenID))},
			},
			"user_card_state": schema.StringAttribute{
				Optional: true, MarkdownDescription: "Only cards in this state: `UNACTIVATED`, `EFFECTIVE`, `EXPIRED` or `INVALID`. Default: all.",
				Validators: []validator.String{stringvalidator.OneOf(userCardStates()...)},
			},
		},
	}
}

// List implements list.ListResource. An error is a result of its own and ends the list.
func (l *importList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config importListModel
	diags := req.Config.Get(ctx, &config)
	brand := l.data.Brand(config.BrandID, &diags)
	var openIDs []string
	diags.Append(config.OpenIDs.ElementsAs(ctx, &openIDs, false)...)
	if diags.HasError() || !l.data.Ready(&diags) {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = func(push func(list.ListResult) bool) {
		var failed diag.Diagnostics
		defer func() {
			if failed.HasError() {
				push(list.ListResult{Diagnostics: failed})
			}
		}()
		defer framework.RecoverPanic("listing the users' cards", &failed)
		found := int64(0)
		for i, openID := range openIDs {
			if slices.Contains(openIDs[:i], openID) {
				continue
			}
			for card, err := range l.data.Client.ListUserCards(ctx, wechatpay.ListUserCardsRequest{
				BrandID: brand, OpenID: openID, UserCardState: wechatpay.UserCardState(framework.Text(config.UserCardState)),
			}) {
				if err != nil {
					l.data.ReportError(err, explainList(err, path.Root("openids").AtListIndex(i)), "a list of users' cards", &failed)
					return
				}
				if framework.Known(config.CardID) && card.CardID != framework.Text(config.CardID) {
					continue
				}
				found++
				// At the limit the next card is not looked for: it may be another request away.
				if !push(listed(ctx, req, card)) || found == req.Limit {
					return
				}
			}
		}
	}
}

// listed is one card as terraform query shows it, and as an import would leave it.
func listed(ctx context.Context, req list.ListRequest, card *wechatpay.UserCard) list.ListResult {
	result := req.NewListResult(ctx)
	defer framework.RecoverPanic("listing a card", &result.Diagnostics)
	state := importedModel(card)
	result.DisplayName = fmt.Sprintf("%s (%s)", card.UserCardCode, card.UserCardState)
	setIdentity(ctx, result.Identity, state, &result.Diagnostics)
	if req.IncludeResource {
		result.Diagnostics.Append(result.Resource.Set(ctx, state)...)
	}
	return result
}

// importedModel is the state that an import of card leaves.
func importedModel(card *wechatpay.UserCard) *model {
	m := modelFromAPI(card)
	m.Adopted = types.BoolValue(true)
	m.Timeouts = framework.NoTimeouts()
	return m
}
