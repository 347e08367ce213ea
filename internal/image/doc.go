// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Package image is what Terraform knows of pictures: the resource that uploads one for a card
// or a card template. It knows neither of the two.
package image

import "github.com/hashicorp/terraform-plugin-framework/resource"

// Resources are the resources of this package.
func Resources() []func() resource.Resource {
	return []func() resource.Resource{newResource}
}
