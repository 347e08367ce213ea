// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Package providerdata is what a configured provider hands to every resource, data source,
// list and action: the client, the default brand, intervals and the clock. It knows no card.
package providerdata

import (
	"fmt"
	"reflect"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/journal"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// Data is made once for each configured provider of each run: what is kept in it, is kept
// for that run only. Its fields do not change; it is safe for concurrent use.
type Data struct {
	// Client makes the calls. It is nil while planning as long as a part of the provider's
	// configuration is unknown.
	Client wechatpay.API
	// BrandMode is true for a brand that calls WeChat Pay for itself. Then BrandID is the only brand.
	BrandMode bool
	// MchID is the service provider's merchant number; empty in brand mode.
	MchID string
	// BrandID is the brand of resources that name none; empty means that they must.
	BrandID string
	// BrandIDUnknown is true while planning as long as the provider's brand_id is unknown.
	BrandIDUnknown bool
	// RefreshInterval is how long an object that was read is not read again on refresh.
	RefreshInterval time.Duration
	// CheckTemplates is whether card templates are looked up while planning.
	CheckTemplates bool
	// MaxPlaintextBytes is how many bytes of UTF-8 one encrypted value may have:
	// 214 for a key of 2048 bits; 0 while the key is unknown.
	MaxPlaintextBytes int
	// Journal keeps the openids of answered imports; a nil one keeps none.
	Journal *journal.Journal
	// Now is the clock.
	Now func() time.Time

	causes causes

	mu     sync.Mutex
	shared map[reflect.Type]any
}

// Shared returns the one T of a configured provider, and makes it at the first use. With it the
// resources of a package share what this package knows nothing about.
func Shared[T any](d *Data, newT func() *T) *T {
	d.mu.Lock()
	defer d.mu.Unlock()
	key := reflect.TypeFor[T]()
	if value, ok := d.shared[key].(*T); ok {
		return value
	}
	if d.shared == nil {
		d.shared = map[reflect.Type]any{}
	}
	value := newT()
	d.shared[key] = value
	return value
}

// From returns the data of a Configure request. It is nil before the provider is configured.
func From(given any, diags *diag.Diagnostics) *Data {
	if given == nil {
		return nil
	}
	data, ok := given.(*Data)
	if !ok {
		diags.AddError("The provider has a bug", fmt.Sprintf("The provider's data are of the type %T. Please report it.", given))
	}
	return data
}

// Ready reports whether calls can be made, and adds an error where they cannot.
func (d *Data) Ready(diags *diag.Diagnostics) bool {
	if d != nil && d.Client != nil {
		return true
	}
	diags.AddError("The provider is not configured",
		"A part of the provider's configuration is not known yet, so that no call can be made. Apply first what it comes from (terraform apply -target=…).")
	return false
}

// Brand returns the configured brand, or the provider's. It is empty after an error was added.
func (d *Data) Brand(configured types.String, diags *diag.Diagnostics) string {
	switch {
	case framework.Known(configured):
		if !d.allowsBrand(configured, diags) {
			return ""
		}
		return configured.ValueString()
	case d != nil && d.BrandID != "":
		return d.BrandID
	case d != nil && d.BrandIDUnknown:
		framework.At(path.Root("brand_id"), "The brand is not known yet",
			"The provider's brand_id is not known yet, so that nothing can be read. Set brand_id here, or apply first what it comes from (terraform apply -target=…).").AddError(diags)
		return ""
	}
	MissingBrand().AddError(diags)
	return ""
}

// PlannedBrand returns what an optional, computed brand_id is planned to be: the configured
// brand, the provider's, the state's, or unknown. ok is false after an error was added.
func (d *Data) PlannedBrand(configured, state types.String, diags *diag.Diagnostics) (brand types.String, ok bool) {
	switch {
	case !configured.IsNull():
		return configured, d.allowsBrand(configured, diags)
	case d.BrandID != "":
		return types.StringValue(d.BrandID), true
	case framework.Known(state):
		return state, true
	case d.BrandIDUnknown:
		return types.StringUnknown(), true
	}
	MissingBrand().AddError(diags)
	return types.StringNull(), false
}

// allowsBrand adds an error for another brand than the one that calls for itself.
func (d *Data) allowsBrand(configured types.String, diags *diag.Diagnostics) bool {
	if d == nil || !d.BrandMode || d.BrandID == "" || !framework.Known(configured) || configured.ValueString() == d.BrandID {
		return true
	}
	framework.Detailf(path.Root("brand_id"), "Another brand than the provider's",
		"In brand mode the provider calls as the brand %q, with the credentials of that brand only, and brand_id is %q here. "+
			"Remove brand_id, or use a provider alias with the credentials of the other brand.", d.BrandID, configured.ValueString()).AddError(diags)
	return false
}

// MissingBrand is the error of a resource without a brand.
func MissingBrand() framework.Diagnostic {
	return framework.At(path.Root("brand_id"), "The brand is missing",
		"Set brand_id here, or in the provider, or in the environment variable WECHATPAY_BRAND_ID.")
}
