// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/membercard/rules"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/providerdata"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/validity"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// cardDataSource is wechatpay_member_card: one member's card, read by its openid.
type cardDataSource struct {
	data *providerdata.Data
}

var _ datasource.DataSourceWithConfigure = (*cardDataSource)(nil)

func newCardDataSource() datasource.DataSource { return &cardDataSource{} }

// Configure implements datasource.DataSourceWithConfigure.
func (d *cardDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.data = providerdata.From(req.ProviderData, &resp.Diagnostics)
}

// Metadata implements datasource.DataSource.
func (d *cardDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_member_card"
}

// cardAttributes are the attributes of a card that WeChat Pay returns. The four that name
// the card are given by the data source.
func cardAttributes(names map[string]schema.Attribute) map[string]schema.Attribute {
	text := func(description string) schema.Attribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	attributes := map[string]schema.Attribute{
		"id": text("`brand_id/card_id/user_card_code`."),
		"phone_number": schema.StringAttribute{
			Computed: true, Sensitive: true,
			MarkdownDescription: "The member's phone number, in the clear. Null when WeChat Pay does not return it. It is kept in the state.",
		},
		"phone_number_masked": text("The phone number as a reviewer may see it: `138****8000`."),
		"card_color":          text("Background colour of the card, `#RRGGBB`."),
		"card_picture_url":    text("Background picture of the card, a URL."),
		"level":               text("The member's level as the card shows it."),
		"attach":              text("The merchant's own data with the card."),
		"pickup_time":         text("When the member received the card, RFC 3339."),
		validity.Attribute: schema.SingleNestedAttribute{
			Computed:            true,
			MarkdownDescription: "The card's validity.",
			Attributes:          validity.DataSourceAttributes(),
		},
		"user_information": schema.SingleNestedAttribute{
			Computed: true, Sensitive: true,
			MarkdownDescription: "What the member filled in when opening the card, in the clear. It is kept in the state.",
			Attributes: map[string]schema.Attribute{
				"common_fields": schema.MapAttribute{
					Computed: true, Sensitive: true, ElementType: types.StringType,
					MarkdownDescription: "Values by `USER_FORM_FLAG_…` name.",
				},
				"custom_fields": schema.MapAttribute{
					Computed: true, Sensitive: true, ElementType: customFieldType(),
					MarkdownDescription: "Lists of chosen values by the name of a field that the template defines.",
				},
			},
		},
		"card_type":       text("Kind of the card: `PURCHASE`, `NORMAL` or `BALANCE`."),
		"user_card_state": text("State of the card: `UNACTIVATED`, `EFFECTIVE`, `EXPIRED` or `INVALID`."),
		"invalid_reason":  text("Why the card was invalidated, where it was."),
		"invalid_time":    text("When the card was invalidated, where it was."),
		"create_time":     text("When WeChat Pay made the card."),
		"modify_time":     text("When the card was last changed."),
	}
	maps.Copy(attributes, names)
	return attributes
}

// Schema implements datasource.DataSource.
func (d *cardDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads one member's card ([official page](https://pay.weixin.qq.com/doc/v3/partner/4015336980)). " +
			"The phone number and the user information come decrypted and are kept in the state, marked as sensitive.",
		Attributes: cardAttributes(map[string]schema.Attribute{
			"brand_id": providerdata.BrandAttribute(),
			"card_id": schema.StringAttribute{
				Required: true, MarkdownDescription: "The card template, 1 to 32 characters.",
				Validators: []validator.String{framework.CardID()},
			},
			"user_card_code": schema.StringAttribute{
				Required: true, MarkdownDescription: "The member's code under that template, 1 to 32 characters.",
				Validators: []validator.String{rules.UserCardCode()},
			},
			"openid": schema.StringAttribute{
				Required: true, MarkdownDescription: "The user under the template's AppID, at most 128 characters. WeChat Pay lets no card be read without it.",
				Validators: []validator.String{framework.Identifier(maxOpenID)},
			},
		}),
	}
}

// Read implements datasource.DataSource.
func (d *cardDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	defer framework.RecoverPanic("reading a member's card", &resp.Diagnostics)
	var config cardModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	brand := d.data.Brand(config.BrandID, &resp.Diagnostics)
	if resp.Diagnostics.HasError() || !d.data.Ready(&resp.Diagnostics) {
		return
	}
	card, err := d.data.Client.GetUserCard(ctx, wechatpay.CardRef{
		BrandID: brand, CardID: framework.Text(config.CardID), UserCardCode: framework.Text(config.UserCardCode), OpenID: framework.Text(config.OpenID),
	})
	if err != nil {
		diagnostic := explainRead(err, "reading the member's card", path.Root("openid"))
		if wechatpay.IsNotFound(err) {
			diagnostic.Attribute = path.Root(attrUserCardCode)
		}
		id := resourceID(wechatpay.CardRef{BrandID: brand, CardID: framework.Text(config.CardID), UserCardCode: framework.Text(config.UserCardCode)})
		d.data.ReportError(err, diagnostic, id, &resp.Diagnostics)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, modelFromAPI(card).cardModel)...)
}
