// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Package cardtemplate is what Terraform knows of member card templates: the resource and its
// list resource, the data sources, and the mapping to and from package wechatpay. It knows no
// member; package lookup below it is how members learn of their template.
package cardtemplate

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Resources are the resources of this package.
func Resources() []func() resource.Resource {
	return []func() resource.Resource{newResource}
}

// ListResources are what terraform query can list, with Terraform 1.14 and later.
func ListResources() []func() list.ListResource {
	return []func() list.ListResource{newListResource}
}

// DataSources are the data sources of this package.
func DataSources() []func() datasource.DataSource {
	return []func() datasource.DataSource{newTemplateDataSource, newTemplatesDataSource}
}
