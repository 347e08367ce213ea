// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package cardtemplate

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	resourceschema "github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/providerdata"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// templateDataSource is wechatpay_member_card_template: one card template.
type templateDataSource struct {
	data *providerdata.Data
}

// templatesDataSource is wechatpay_member_card_templates: all card templates of a brand.
type templatesDataSource struct {
	data *providerdata.Data
}

var (
	_ datasource.DataSourceWithConfigure = (*templateDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*templatesDataSource)(nil)
)

func newTemplateDataSource() datasource.DataSource { return &templateDataSource{} }

func newTemplatesDataSource() datasource.DataSource { return &templatesDataSource{} }

// Configure implements datasource.DataSourceWithConfigure.
func (d *templateDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.data = providerdata.From(req.ProviderData, &resp.Diagnostics)
}

// Configure implements datasource.DataSourceWithConfigure.
func (d *templatesDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.data = providerdata.From(req.ProviderData, &resp.Diagnostics)
}

// Metadata implements datasource.DataSource.
func (d *templateDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_member_card_template"
}

// Metadata implements datasource.DataSource.
func (d *templatesDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_member_card_templates"
}

// Schema implements datasource.DataSource.
func (d *templateDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := computedAttributes(templateAttributes())
	attributes["brand_id"] = providerdata.BrandAttribute()
	attributes["card_id"] = schema.StringAttribute{
		Required: true, MarkdownDescription: "The card template, 1 to 32 characters.",
		Validators: []validator.String{framework.CardID()},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads a member card template ([official page](https://pay.weixin.qq.com/doc/v3/partner/4015336974)). Names are the API's own.",
		Attributes:          attributes,
	}
}

// Schema implements datasource.DataSource.
func (d *templatesDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the member card templates of a brand ([official page](https://pay.weixin.qq.com/doc/v3/partner/4015336976)), one request for every 20.",
		Attributes: map[string]schema.Attribute{
			"brand_id": providerdata.BrandAttribute(),
			"state": schema.StringAttribute{
				Optional: true, MarkdownDescription: "Only templates in this state: `CARD_EFFECTIVE` or `CARD_INVALID`. Default: all.",
				Validators: []validator.String{stringvalidator.OneOf(templateStates()...)},
			},
			"templates": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The templates, in WeChat Pay's order; empty when the brand has none.",
				NestedObject:        schema.NestedAttributeObject{Attributes: computedAttributes(templateAttributes())},
			},
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
	t, err := d.data.Client.GetCardTemplate(ctx, brand, framework.Text(cardID))
	if err != nil {
		diagnostic := explain(err, "reading the card template")
		if wechatpay.IsNotFound(err) || isOfAnotherBrand(err) {
			diagnostic.Attribute = path.Root("card_id")
		}
		d.data.ReportError(err, diagnostic, brand+"/"+framework.Text(cardID), &resp.Diagnostics)
		return
	}
	warnUnread(t, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, templateFromAPI(t))...)
}

// templatesModel is the data source of several templates.
type templatesModel struct {
	filterModel
	Templates []template `tfsdk:"templates"`
}

// Read implements datasource.DataSource.
func (d *templatesDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	defer framework.RecoverPanic("listing the card templates", &resp.Diagnostics)
	var result templatesModel
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("brand_id"), &result.BrandID)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("state"), &result.State)...)
	brand := d.data.Brand(result.BrandID, &resp.Diagnostics)
	if resp.Diagnostics.HasError() || !d.data.Ready(&resp.Diagnostics) {
		return
	}
	result.BrandID, result.Templates = types.StringValue(brand), []template{}
	for t, err := range d.data.Client.ListCardTemplates(ctx, wechatpay.ListCardTemplatesRequest{
		BrandID: brand, State: wechatpay.CardTemplateState(framework.Text(result.State)),
	}) {
		if err != nil {
			d.data.ReportError(err, explain(err, "listing the card templates"), "a list of card templates", &resp.Diagnostics)
			return
		}
		warnUnread(t, &resp.Diagnostics)
		result.Templates = append(result.Templates, *templateFromAPI(t))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, result)...)
}

// computedAttributes are a resource's attributes as a data source has them: the same names,
// shapes and descriptions, without what only concerns a configuration.
func computedAttributes(attributes map[string]resourceschema.Attribute) map[string]schema.Attribute {
	out := make(map[string]schema.Attribute, len(attributes))
	for name, attribute := range attributes {
		description := strings.ReplaceAll(attribute.GetMarkdownDescription(), needsReplacement, "")
		switch a := attribute.(type) {
		case resourceschema.StringAttribute:
			out[name] = schema.StringAttribute{Computed: true, MarkdownDescription: description}
		case resourceschema.BoolAttribute:
			out[name] = schema.BoolAttribute{Computed: true, MarkdownDescription: description}
		case resourceschema.NumberAttribute:
			out[name] = schema.NumberAttribute{Computed: true, MarkdownDescription: description}
		case resourceschema.SetAttribute:
			out[name] = schema.SetAttribute{Computed: true, MarkdownDescription: description, ElementType: a.ElementType}
		case resourceschema.ListAttribute:
			out[name] = schema.ListAttribute{Computed: true, MarkdownDescription: description, ElementType: a.ElementType}
		case resourceschema.SingleNestedAttribute:
			out[name] = schema.SingleNestedAttribute{Computed: true, MarkdownDescription: description, Attributes: computedAttributes(a.Attributes)}
		case resourceschema.ListNestedAttribute:
			out[name] = schema.ListNestedAttribute{
				Computed: true, MarkdownDescription: description,
				NestedObject: schema.NestedAttributeObject{Attributes: computedAttributes(a.NestedObject.Attributes)},
			}
		}
	}
	return out
}
