// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"testing"

	"github.com/hashicorp/go-version"
)

// An example is skipped only where the command does not have its feature.
func TestUnsupportedExamples(t *testing.T) {
	t.Parallel()
	action := example{folder: "actions/wechatpay_member_card_invalidate"}
	identity := example{folder: "resources/wechatpay_member_card_import", variant: "import-by-identity.tf"}
	beforeDestroy := example{folder: action.folder, variant: "action-before-destroy.tf"}
	plain := example{folder: "roster"}
	for _, test := range []struct {
		version     string
		openTofu    bool
		example     example
		unsupported bool
	}{
		{"1.13.9", false, action, true},
		{"1.14.0", false, action, false},
		{"1.14.0", true, action, true},
		{"1.15.9", false, beforeDestroy, true},
		{"1.16.0", false, beforeDestroy, false},
		{"1.16.0", true, beforeDestroy, true},
		{"1.11.4", false, identity, true},
		{"1.12.0", false, identity, false},
		{"1.12.0", true, identity, false},
		{"1.11.0", true, plain, false},
	} {
		c := command{version.Must(version.NewVersion(test.version)), test.openTofu}
		if why := c.unsupported(test.example); (why != "") != test.unsupported {
			t.Errorf("%s with %s (OpenTofu %v): %q", test.example, test.version, test.openTofu, why)
		}
	}
}
