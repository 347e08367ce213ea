// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

// The documented lengths, in characters, of what package rules does not have.
// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336982
const (
	maxOpenID        = 128
	maxInvalidReason = 32
)
