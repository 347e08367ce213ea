// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// ProviderData is what a configured provider hands to every resource and data source.
// One is made for each configured provider of each run: what it remembers, it remembers
// for that run alone.
type ProviderData struct {
	// Client makes the calls. It is nil while planning as long as a part of the provider's
	// configuration is unknown.
	Client wechatpay.API
	// BrandID is the brand of resources that name none; empty means that they must.
	BrandID string
	// BrandIDUnknown is true while planning as long as the provider's brand_id is unknown.
	BrandIDUnknown bool
	// RefreshInterval is how long a card that was read is not read again on refresh.
	RefreshInterval time.Duration
	// CheckTemplates is whether card templates are looked up while planning.
	CheckTemplates bool
	// MaxPlaintextBytes is how many bytes of UTF-8 one encrypted value may have:
	// 214 for a key of 2048 bits; 0 while the key is unknown.
	MaxPlaintextBytes int
	// Now is the clock.
	Now func() time.Time

	run runState
}

// providerDataOf is nil before the provider is configured.
func providerDataOf(given any, diags *diag.Diagnostics) *ProviderData {
	if given == nil {
		return nil
	}
	data, ok := given.(*ProviderData)
	if !ok {
		diags.AddError("The provider has a bug", fmt.Sprintf("A %T stands where the provider's data belongs. Please report it.", given))
	}
	return data
}

// ready reports whether calls can be made, and says so where they cannot.
func (d *ProviderData) ready(diags *diag.Diagnostics) bool {
	if d != nil && d.Client != nil {
		return true
	}
	diags.AddError("The provider is not configured",
		"A part of the provider's configuration is not known yet, so that no call can be made. Apply first what it comes from (terraform apply -target=…).")
	return false
}

// brand is the configured brand, or the provider's; empty after it has said what is missing.
func (d *ProviderData) brand(configured types.String, diags *diag.Diagnostics) string {
	switch {
	case known(configured):
		return text(configured)
	case d != nil && d.BrandID != "":
		return d.BrandID
	case d != nil && d.BrandIDUnknown:
		problem{path.Root("brand_id"), "The brand is not known yet",
			"The provider's brand_id is not known yet, so that nothing can be read. Set brand_id here, or apply first what it comes from (terraform apply -target=…)."}.addTo(diags)
		return ""
	}
	missingBrand().addTo(diags)
	return ""
}

func missingBrand() problem {
	return problem{path.Root("brand_id"), "The brand is missing",
		"Set brand_id here, or in the provider, or in the environment variable WECHATPAY_BRAND_ID."}
}
