// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Resources are the resources of this package.
func Resources() []func() resource.Resource {
	return []func() resource.Resource{newImportResource}
}

// DataSources are the data sources of this package.
func DataSources() []func() datasource.DataSource {
	return []func() datasource.DataSource{newCardDataSource, newCardsDataSource}
}

// ListResources are what terraform query can list, with Terraform 1.14 and later.
func ListResources() []func() list.ListResource {
	return []func() list.ListResource{newImportList}
}

// Actions are the actions of this package, with Terraform 1.14 and later.
func Actions() []func() action.Action {
	return []func() action.Action{newInvalidateAction}
}
