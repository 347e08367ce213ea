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
//
// terraform-exec 0.25.1 was tried instead. It has no call for an arbitrary command (fmt -check,
// console) and no handle on the process, which a test that kills it needs. It sets
// TF_IN_AUTOMATION, so that Terraform prints less than a person sees, and refuses TF_VAR_
// variables, which the examples use. A context that ends while the command starts makes it
// return while Terraform goes on. Its error after Ctrl-C has neither the cause nor standard
// error. Only on Linux does it use a process group, without which Ctrl-C reaches Terraform twice
// and makes it drop everything.
package terraformcli
