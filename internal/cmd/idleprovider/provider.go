// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	wechatpay "github.com/wechatpay-iac/terraform-provider-wechatpay/internal/provider"
)

// idleProvider takes the names and the schema of the real one.
type idleProvider struct{ provider.Provider }

func newProvider() provider.Provider { return idleProvider{wechatpay.New("idle")()} }

// Configure implements provider.Provider.
func (idleProvider) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}

// Functions implements provider.ProviderWithFunctions.
func (p idleProvider) Functions(ctx context.Context) []func() function.Function {
	if functions, ok := p.Provider.(provider.ProviderWithFunctions); ok {
		return functions.Functions(ctx)
	}
	return nil
}

// Resources implements provider.Provider.
func (p idleProvider) Resources(ctx context.Context) []func() resource.Resource {
	var all []func() resource.Resource
	for _, newReal := range p.Provider.Resources(ctx) {
		all = append(all, func() resource.Resource {
			idle := idleResource{newReal()}
			if identified, ok := idle.real.(resource.ResourceWithIdentity); ok {
				return identifiedResource{idle, identified}
			}
			return idle
		})
	}
	return all
}
