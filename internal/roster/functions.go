// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

import "github.com/hashicorp/terraform-plugin-framework/function"

// Functions are the functions of this package, one constructor each.
func Functions() []func() function.Function {
	return []func() function.Function{
		newDecodeRoster,
		newNormalizePhone,
		newMaskPhone,
	}
}
