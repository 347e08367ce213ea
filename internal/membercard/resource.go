// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/cardtemplate/lookup"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/membercard/registry"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/providerdata"
)

var (
	_ resource.ResourceWithConfigure      = (*importResource)(nil)
	_ resource.ResourceWithValidateConfig = (*importResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*importResource)(nil)
	_ resource.ResourceWithImportState    = (*importResource)(nil)
	_ resource.ResourceWithIdentity       = (*importResource)(nil)
)

// importResource is wechatpay_member_card_import: one member.
type importResource struct {
	data *providerdata.Data
	// registry is what the members of this run know of one another; nil while data is.
	registry *registry.Registry
	// templates are the card templates that this run has looked up; nil while data is.
	templates *lookup.Templates
}

func newImportResource() resource.Resource { return &importResource{} }

// Metadata implements resource.Resource.
func (r *importResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_member_card_import"
	// The openid is a part of the identity and becomes known late on a card that was adopted
	// unverified.
	resp.ResourceBehavior.MutableIdentity = true
}

// Configure implements resource.ResourceWithConfigure.
func (r *importResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.configure(req.ProviderData, &resp.Diagnostics)
}

func (r *importResource) configure(given any, diags *diag.Diagnostics) {
	r.data = providerdata.From(given, diags)
	if r.data != nil {
		r.registry = providerdata.Shared(r.data, registry.New)
		r.templates = providerdata.Shared(r.data, lookup.New)
	}
}

// The keys of private state.
const (
	// privateImported marks a state that an import has made and that was not read yet.
	privateImported = "imported"
	// privatePending names the attributes that a modify call still has to carry.
	privatePending = "pending"
)

// setIdentity keeps what names the card at WeChat Pay.
func setIdentity(ctx context.Context, identity *tfsdk.ResourceIdentity, m *model, diags *diag.Diagnostics) {
	if identity == nil {
		return
	}
	identity.Raw = framework.WriteFields(ctx, identity.Raw, m.identity(), diags)
}
