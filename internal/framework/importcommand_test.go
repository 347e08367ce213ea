// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package framework

import "testing"

// An id may have any half-width punctuation. A shell must hand it to Terraform as it is.
func TestImportCommandIsQuoted(t *testing.T) {
	t.Parallel()
	for id, want := range map[string]string{
		"1004/pA/VIP-1/oU": `terraform import ADDRESS '1004/pA/VIP-1/oU'`,
		"1004/it's$(x)":    `terraform import ADDRESS '1004/it'\''s$(x)'`,
	} {
		if got := ImportCommand(id); got != want {
			t.Errorf("%s: %s, want %s", id, got, want)
		}
	}
}
