// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Package terraformcli runs the real Terraform command with a real build of the provider,
// the way a user does: the provider is in a filesystem mirror, and `terraform init` finds it
// there. The person's own settings do not count (no TF_* or WECHATPAY_* variable, no CLI
// configuration, no plugin cache), and nothing is left behind.
//
// Tests that only need a resource's behaviour use terraform-plugin-testing, which serves the
// provider in the test's own process. This package is for what that cannot show: what a
// person sees on the terminal, what a TRACE log holds, how init finds the provider, what an
// interrupted apply leaves, and how long a thousand members take.
//
// It knows nothing of WeChat Pay: it takes the provider's address from its caller and starts
// whatever the module's main package builds.
package terraformcli
