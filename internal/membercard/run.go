// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

// runState is what the resources of one run tell one another.
type runState struct{}
