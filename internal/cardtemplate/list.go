// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package cardtemplate

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/providerdata"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// templateList lists a brand's templates for terraform query.
type templateList struct {
	templateResource
}

var _ list.ListResourceWithConfigure = (*templateList)(nil)

func newListResource() list.ListResource { return &templateList{} }

// filterModel is the configuration of a list block, and of the data source of several templates.
type filterModel struct {
	BrandID types.String `tfsdk:"brand_id"`
	State   types.String `tfsdk:"state"`
}

func templateStates() []string {
	return []string{string(wechatpay.CardTemplateStateEffective), string(wechatpay.CardTemplateStateInvalid)}
}

// ListResourceConfigSchema implements list.ListResource.
func (l *templateList) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the card templates of a brand, to be imported as `wechatpay_member_card_template` " +
			"([official page](https://pay.weixin.qq.com/doc/v3/partner/4015336976)). One request for every 20 templates.",
		Attributes: map[string]schema.Attribute{
			"brand_id": schema.StringAttribute{
				Optional: true, MarkdownDescription: providerdata.BrandDescription,
				Validators: []validator.String{framework.BrandID()},
			},
			"state": schema.StringAttribute{
				Optional: true, MarkdownDescription: "Only templates in this state: `CARD_EFFECTIVE` or `CARD_INVALID`. Default: all.",
				Validators: []validator.String{stringvalidator.OneOf(templateStates()...)},
			},
		},
	}
}

// List implements list.ListResource. An error is a result of its own and ends the list.
func (l *templateList) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var config filterModel
	diags := req.Config.Get(ctx, &config)
	brand := l.data.Brand(config.BrandID, &diags)
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
		defer framework.RecoverPanic("listing the card templates", &failed)
		found := int64(0)
		for t, err := range l.data.Client.ListCardTemplates(ctx, wechatpay.ListCardTemplatesRequest{
			BrandID: brand, State: wechatpay.CardTemplateState(framework.Text(config.State)),
		}) {
			if err != nil {
				l.data.ReportError(err, explain(err, "listing the card templates"), "a list of card templates", &failed)
				return
			}
			found++
			// At the limit the next template is not looked for: it may be another request away.
			if !push(listed(ctx, req, t)) || found == req.Limit {
				return
			}
		}
	}
}

// listed is one template as terraform query shows it, and as an import would leave it.
func listed(ctx context.Context, req list.ListRequest, t *wechatpay.CardTemplate) list.ListResult {
	result := req.NewListResult(ctx)
	defer framework.RecoverPanic("listing a card template", &result.Diagnostics)
	state := &model{template: *templateFromAPI(t), Timeouts: framework.NoTimeouts()}
	result.DisplayName = fmt.Sprintf("%s %s (%s)", t.CardTitle, t.CardID, t.State)
	setIdentity(ctx, result.Identity, &state.template, &result.Diagnostics)
	if req.IncludeResource {
		result.Diagnostics.Append(result.Resource.Set(ctx, state)...)
	}
	return result
}
