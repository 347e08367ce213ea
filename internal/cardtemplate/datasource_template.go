// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package cardtemplate

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/providerdata"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/validity"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// templateDataSource is wechatpay_member_card_template: a card template.
type templateDataSource struct {
	data *providerdata.Data
}

var _ datasource.DataSourceWithConfigure = (*templateDataSource)(nil)

func newTemplateDataSource() datasource.DataSource { return &templateDataSource{} }

// Configure implements datasource.DataSourceWithConfigure.
func (d *templateDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.data = providerdata.From(req.ProviderData, &resp.Diagnostics)
}

// Metadata implements datasource.DataSource.
func (d *templateDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_member_card_template"
}

// templateModel is a template; names are the API's own.
type templateModel struct {
	BrandID              types.String             `tfsdk:"brand_id"`
	CardID               types.String             `tfsdk:"card_id"`
	AppID                types.String             `tfsdk:"appid"`
	CardType             types.String             `tfsdk:"card_type"`
	CardTitle            types.String             `tfsdk:"card_title"`
	CardColor            types.String             `tfsdk:"card_color"`
	CardPictureURL       types.String             `tfsdk:"card_picture_url"`
	CodeMode             types.String             `tfsdk:"code_mode"`
	CodeType             types.String             `tfsdk:"code_type"`
	Benefits             types.String             `tfsdk:"benefits"`
	NotifyURL            types.String             `tfsdk:"notify_url"`
	NeedPinned           types.Bool               `tfsdk:"need_pinned"`
	NeedDisplayLevel     types.Bool               `tfsdk:"need_display_level"`
	InitLevel            types.String             `tfsdk:"init_level"`
	ServicePhone         types.String             `tfsdk:"service_phone"`
	LegalAgreement       types.String             `tfsdk:"legal_agreement"`
	ValidDateInformation types.Object             `tfsdk:"valid_date_information"`
	PointsInformation    types.String             `tfsdk:"points_information"`
	BalanceInformation   types.String             `tfsdk:"balance_information"`
	PurchaseInformation  types.String             `tfsdk:"purchase_information"`
	UserInformation      *templateUserInformation `tfsdk:"user_information"`
	State                types.String             `tfsdk:"state"`
	CreateTime           types.String             `tfsdk:"create_time"`
	UpdateTime           types.String             `tfsdk:"update_time"`
}

type templateUserInformation struct {
	CommonFieldList []string              `tfsdk:"common_field_list"`
	CustomFieldList []templateCustomField `tfsdk:"custom_field_list"`
}

type templateCustomField struct {
	Type   string   `tfsdk:"type"`
	Name   string   `tfsdk:"name"`
	Values []string `tfsdk:"values"`
}

func newTemplateModel(t *wechatpay.CardTemplate) templateModel {
	m := templateModel{
		BrandID: types.StringValue(t.BrandID), CardID: types.StringValue(t.CardID), AppID: framework.Optional(t.AppID),
		CardType: framework.Optional(string(t.CardType)), CardTitle: framework.Optional(t.CardTitle), CardColor: framework.Optional(t.CardColor), CardPictureURL: framework.Optional(t.CardPictureURL),
		CodeMode: framework.Optional(string(t.CodeMode)), CodeType: framework.Optional(string(t.CodeType)), Benefits: framework.Optional(t.Benefits), NotifyURL: framework.Optional(t.NotifyURL),
		NeedPinned: types.BoolPointerValue(t.NeedPinned), NeedDisplayLevel: types.BoolPointerValue(t.NeedDisplayLevel),
		InitLevel: framework.Optional(t.InitLevel), ServicePhone: framework.Optional(t.ServicePhone), LegalAgreement: framework.Optional(t.LegalAgreement),
		ValidDateInformation: validity.FromAPI(t.ValidDateInformation),
		PointsInformation:    jsonText(t.PointsInformation), BalanceInformation: jsonText(t.BalanceInformation), PurchaseInformation: jsonText(t.PurchaseInformation),
		State: framework.Optional(string(t.State)), CreateTime: framework.Optional(t.CreateTime), UpdateTime: framework.Optional(t.ModifyTime),
	}
	if t.UserInformation != nil {
		m.UserInformation = &templateUserInformation{CommonFieldList: append([]string{}, t.UserInformation.CommonFields...), CustomFieldList: []templateCustomField{}}
		for _, f := range t.UserInformation.CustomFields {
			m.UserInformation.CustomFieldList = append(m.UserInformation.CustomFieldList,
				templateCustomField{Type: string(f.Type), Name: f.Name, Values: append([]string{}, f.Values...)})
		}
	}
	return m
}

// jsonText is an object of the template as JSON, or null.
func jsonText[T any](object *T) types.String {
	if object == nil {
		return types.StringNull()
	}
	text, err := json.Marshal(object)
	if err != nil {
		return types.StringNull()
	}
	return types.StringValue(string(text))
}

// Schema implements datasource.DataSource.
func (d *templateDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	text := func(description string) schema.Attribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads a member card template ([official page](https://pay.weixin.qq.com/doc/v3/partner/4015336976)). Names are the API's own.",
		Attributes: map[string]schema.Attribute{
			"brand_id": providerdata.BrandAttribute(),
			"card_id": schema.StringAttribute{
				Required: true, MarkdownDescription: "The card template, 1 to 32 characters.",
				Validators: []validator.String{framework.Identifier(maxCardID)},
			},
			"appid":              text("The AppID under which members' openids are."),
			"card_type":          text("`PURCHASE`, `NORMAL` or `BALANCE`."),
			"card_title":         text("Title of the card, as members see it."),
			"card_color":         text("Background colour of the card, `#RRGGBB`."),
			"card_picture_url":   text("Background picture, a URL."),
			"code_mode":          text("`SYSTEM_ALLOCATE` (WeChat Pay gives codes of 24 digits) or `MERCHANT_ALLOCATE`."),
			"code_type":          text("How the code is shown, in WeChat Pay's own words."),
			"benefits":           text("What members get: text, or JSON as WeChat Pay returns it."),
			"notify_url":         text("Where WeChat Pay sends notifications."),
			"need_pinned":        schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the card is to be pinned, as the template says."},
			"need_display_level": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the card shows the member's level."},
			"init_level":         text("The level that new members begin with."),
			"service_phone":      text("The merchant's service number."),
			"legal_agreement":    text("The merchant's agreement with members."),
			"valid_date_information": schema.SingleNestedAttribute{
				Computed: true, MarkdownDescription: "The validity that members' cards have. A member's must be of this type.",
				Attributes: validity.DataSourceAttributes(),
			},
			"points_information":   text("On points: JSON as WeChat Pay returns it, for `jsondecode`."),
			"balance_information":  text("On the balance: JSON as WeChat Pay returns it, for `jsondecode`."),
			"purchase_information": text("On the purchase: JSON as WeChat Pay returns it, for `jsondecode`."),
			"user_information": schema.SingleNestedAttribute{
				Computed: true, MarkdownDescription: "The form that members fill in; null when there is none.",
				Attributes: map[string]schema.Attribute{
					"common_field_list": schema.ListAttribute{
						Computed: true, ElementType: types.StringType,
						MarkdownDescription: "`USER_FORM_FLAG_…` names: keys of a member's `common_fields`.",
					},
					"custom_field_list": schema.ListNestedAttribute{
						Computed: true, MarkdownDescription: "Fields that the merchant added.",
						NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
							"type": text("`CHECK_BOX` (several values may be chosen) or `RADIO` (one)."),
							"name": text("Name of the field: a key of a member's `custom_fields`."),
							"values": schema.ListAttribute{
								Computed: true, ElementType: types.StringType, MarkdownDescription: "The values to choose from.",
							},
						}},
					},
				},
			},
			"state":       text("`CARD_EFFECTIVE` or `CARD_INVALID`."),
			"create_time": text("When the template was made."),
			"update_time": text("When the template was last changed."),
		},
	}
}

// Read implements datasource.DataSource.
func (d *templateDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	defer framework.RecoverPanic("reading a card template", &resp.Diagnostics)
	var brandID, cardID types.String
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("brand_id"), &brandID)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("card_id"), &cardID)...)
	brand := d.data.Brand(brandID, &resp.Diagnostics)
	if resp.Diagnostics.HasError() || !d.data.Ready(&resp.Diagnostics) {
		return
	}
	template, err := d.data.Client.GetCardTemplate(ctx, brand, framework.Text(cardID))
	if err != nil {
		explain(err, "reading the card template").AddError(&resp.Diagnostics)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, newTemplateModel(template))...)
}
