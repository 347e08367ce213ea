// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// An error is at the attribute of the field that WeChat Pay complains of.
func TestFieldPath(t *testing.T) {
	t.Parallel()
	phone := path.Root("phone_number_wo")
	for field, want := range map[string]path.Path{
		"phone_number":   phone,
		"level":          path.Root("level"),
		"invalid_reason": path.Root("invalidate_reason"),
		"user_information.common_field_list.0.value":         path.Empty(), // Terraform would print what the member entered
		"valid_date_information":                             path.Root("valid_date_information"),
		"valid_date_information.type":                        path.Root("valid_date_information").AtName("type"),
		"valid_date_information.available_begin_time":        path.Root("valid_date_information").AtName("available_begin_time"),
		"valid_date_information.available_end_time":          path.Root("valid_date_information").AtName("available_end_time"),
		"valid_date_information.available_day_after_receive": path.Root("valid_date_information").AtName("available_day_after_receive"),
		"valid_date_information.unheard_of":                  path.Root("valid_date_information"),
		"unheard_of":                                         path.Empty(),
		"signature":                                          path.Empty(),
		"":                                                   path.Empty(),
	} {
		if got := explain(&wechatpay.Error{Kind: wechatpay.KindParameter, StatusCode: 400, Code: "PARAM_ERROR", Field: field}, "changing the card", phone).Attribute; got.String() != want.String() {
			t.Errorf("%q is at %s, want %s", field, got, want)
		}
	}
}
