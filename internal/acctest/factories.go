// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/provider"
)

// Version is the version that the provider has in tests.
const Version = "0.0.0-test"

// Factories serve the provider for resource.TestCase.ProtoV6ProviderFactories. Every
// server has a provider of its own, as every run of Terraform has.
func Factories(opts ...provider.Option) map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		provider.TypeName: func() (tfprotov6.ProviderServer, error) { return newServer(opts...) },
	}
}

// retryWait keeps tests of failing calls from waiting as long as people do.
const retryWait = time.Millisecond

func newServer(opts ...provider.Option) (tfprotov6.ProviderServer, error) {
	opts = append([]provider.Option{provider.WithRetryWait(retryWait)}, opts...)
	return providerserver.NewProtocol6WithError(provider.New(Version, opts...)())()
}
