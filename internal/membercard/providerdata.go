// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"time"

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
