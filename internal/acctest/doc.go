// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Package acctest is what tests of the provider share. There are two ways to drive it:
//
//   - Through the real Terraform command, with terraform-plugin-testing: [Main], [Factories],
//     [StartMock], [ProviderBlock] and [Config]. Faithful, and about a second a step. [Workspace]
//     has Terraform start the provider by itself, for what is printed and logged.
//   - Through package tfdriver, which plays Terraform in the test's own process:
//     [NewProcess] starts it for this provider. A step takes milliseconds.
//
// A promise that holds for service providers and for brands is tested in both modes, by
// [InBothModes].
//
// What people read is collected by [Messages], and faults are made by package injection below it.
//
// It knows how this provider is configured. It must not know what member cards mean.
package acctest
