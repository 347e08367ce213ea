// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Package tfdriver plays Terraform towards a provider, in a test's own process: it proposes
// states, calls the provider's protocol server, checks its answers, and keeps private and
// identity data as Terraform does. A step takes milliseconds instead of about a second, so
// tables of thousands of cases are possible; one row of each is worth an acceptance test
// with the real Terraform.
//
// It knows how Terraform treats any provider. It must not know a particular one.
package tfdriver
