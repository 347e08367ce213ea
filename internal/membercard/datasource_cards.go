// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/providerdata"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// cardsDataSource is wechatpay_member_cards: all cards of one user in one brand.
type cardsDataSource struct {
	data *providerdata.Data
}

var _ datasource.DataSourceWithConfigure = (*cardsDataSource)(nil)

func newCardsDataSource() datasource.DataSource { return &cardsDataSource{} }

// Configure implements datasource.DataSourceWithConfigure.
func (d *cardsDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.data = providerdata.From(req.ProviderData, &resp.Diagnostics)
}

// Metadata implements datasource.DataSource.
func (d *cardsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_member_cards"
}

type cardsModel struct {
	BrandID       types.String `tfsdk:"brand_id"`
	OpenID        types.String `tfsdk:"openid"`
	UserCardState types.String `tfsdk:"user_card_state"`
	Cards         []cardModel  `tfsdk:"cards"`
}

// Schema implements datasource.DataSource.
func (d *cardsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	name := func(description string) schema.Attribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists all cards of one user in a brand ([official page](https://pay.weixin.qq.com/doc/v3/partner/4015336984)), " +
			"one request for every 20. Phone numbers and user information come decrypted and are kept in the state, marked as sensitive.",
		Attributes: map[string]schema.Attribute{
			"brand_id": providerdata.BrandAttribute(),
			"openid": schema.StringAttribute{
				Required: true, MarkdownDescription: "The user under the template's AppID, at most 128 characters.",
				Validators: []validator.String{framework.Identifier(maxOpenID)},
			},
			"user_card_state": schema.StringAttribute{
				Optional: true, MarkdownDescription: "Only cards in this state: `UNACTIVATED`, `EFFECTIVE`, `EXPIRED` or `INVALID`. Default: all.",
				Validators: []validator.String{stringvalidator.OneOf(userCardStates()...)},
			},
			"cards": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The cards, in WeChat Pay's order; empty when the user has none.",
				NestedObject: schema.NestedAttributeObject{Attributes: cardAttributes(map[string]schema.Attribute{
					"brand_id":       name("The brand that the card belongs to."),
					"card_id":        name("The card template that the card is of."),
					"user_card_code": name("The member's code under that template."),
					"openid":         name("The user under the template's AppID."),
				})},
			},
		},
	}
}

// Read implements datasource.DataSource.
func (d *cardsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	defer framework.RecoverPanic("listing a user's cards", &resp.Diagnostics)
	var result cardsModel
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("brand_id"), &result.BrandID)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("openid"), &result.OpenID)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("user_card_state"), &result.UserCardState)...)
	brand := d.data.Brand(result.BrandID, &resp.Diagnostics)
	if resp.Diagnostics.HasError() || !d.data.Ready(&resp.Diagnostics) {
		return
	}
	result.BrandID = types.StringValue(brand)
	result.Cards = []cardModel{}
	for card, err := range d.data.Client.ListUserCards(ctx, wechatpay.ListUserCardsRequest{
		BrandID: brand, OpenID: framework.Text(result.OpenID), UserCardState: wechatpay.UserCardState(framework.Text(result.UserCardState)),
	}) {
		if err != nil {
			d.data.ReportError(err, explainList(err, path.Root("openid")), "a list of a user's cards", &resp.Diagnostics)
			return
		}
		result.Cards = append(result.Cards, modelFromAPI(card).cardModel)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, result)...)
}

func userCardStates() []string {
	return []string{
		string(wechatpay.UserCardStateUnactivated), string(wechatpay.UserCardStateEffective),
		string(wechatpay.UserCardStateExpired), string(wechatpay.UserCardStateInvalid),
	}
}
