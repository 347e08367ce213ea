// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Package acctest is what tests of the provider share. It offers two ways to drive it:
//
//   - Through the real Terraform command, with terraform-plugin-testing: [Main], [Factories],
//     [StartMock], [ProviderBlock] and [Config]. Faithful, and about a second a step.
//   - Through [Process], which plays Terraform in the test's own process: it proposes
//     states, calls the provider's protocol server, checks its answers and keeps private
//     and identity data as Terraform does. A step takes milliseconds, so tables of
//     thousands of cases are possible; what it shows is worth an acceptance test here and there.
//
// It knows how Terraform treats any provider and how this one is configured. It knows
// nothing of what member cards mean.
package acctest
