// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/provider"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// NewProcess drives the provider against mock without a Terraform. changes are attributes of
// the provider block that differ from [ProviderConfig]'s: nil makes one null, and one of a
// pair (private_key_path) takes the place of the other. Without a mock they are the whole block.
func NewProcess(t testing.TB, mock *mockserver.Server, changes map[string]any, opts ...provider.Option) *tfdriver.Process {
	t.Helper()
	config := map[string]any{}
	if mock != nil {
		config = ProviderConfig(mock)
	}
	for name := range changes {
		delete(config, strings.TrimSuffix(name, "_path"))
	}
	maps.Copy(config, changes)
	return tfdriver.New(t, launcher(opts), config)
}

// Configure returns what `terraform validate` says about a provider block and, unless that
// refuses it, what the start of a plan says.
func Configure(t testing.TB, config map[string]any, opts ...provider.Option) (validated, configured tfdriver.Diagnostics) {
	t.Helper()
	return tfdriver.Configure(t, launcher(opts), config)
}

func launcher(opts []provider.Option) tfdriver.Launcher {
	return func() (tfprotov6.ProviderServer, error) { return newServer(opts...) }
}
