// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Idleprovider is a provider with the schema of this one that does nothing: no validation, no
// plan modifiers, no client. The benchmark measures what Terraform and the plugin framework
// cost by themselves with it. Only Terraform starts it.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/provider"
)

func main() {
	err := providerserver.Serve(context.Background(), newProvider, providerserver.ServeOpts{Address: provider.Address})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
