// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package framework

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// An error shows what is configured where that is nothing personal, so that it can be found in a
// roster; whatever may be somebody's number is not shown under any rule.
func TestErrorsShowWhatIsConfigured(t *testing.T) {
	t.Parallel()

	url := WebURL("a picture", 256)
	for _, test := range []struct {
		name, value, shows string
		rule               Rule
	}{
		{"a colour", "red", `Configured: "red"`, Color()},
		{"a time", "2015-05-20 13:29:35", `Configured: "2015-05-20 13:29:35"`, Instant()},
		{"an id", "10 04", `Configured: "10 04"`, Identifier(32).Showing()},
		{"a line end", "1004\n", `Configured: "1004\n"`, Identifier(32).Showing()},
		{"a URL without its query", "ftp://example.com/a.png?token=abc", `Configured: "ftp://example.com/a.png"`, url},
		{"a long value", strings.Repeat("a", 100), `Configured: "` + strings.Repeat("a", 64) + `"…`, Color()},

		{"an id that may be a person's", "张三", "", Identifier(128)},
		{"a text for people", "金\u200b卡", "", FreeText(10)},
		{"a user and a password", "https://user:password@example.com/", "", url},
		{"a phone number", "138 0013 8000", "", Identifier(32).Showing()},
		{"a phone number in other text", "会员13800138000", "", Color()},
		{"digits in a row", "会员 38001380", "", Identifier(32).Showing()},
		{"full-width digits in a row", "１３８００１３８０", "", Identifier(32).Showing()},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var resp validator.StringResponse
			test.rule.ValidateString(t.Context(), validator.StringRequest{Path: path.Root("x"), ConfigValue: types.StringValue(test.value)}, &resp)
			if resp.Diagnostics.ErrorsCount() != 1 {
				t.Fatalf("%d errors", resp.Diagnostics.ErrorsCount())
			}
			detail := resp.Diagnostics[0].Detail()
			if test.shows == "" && (strings.Contains(detail, "Configured") || strings.Contains(detail, test.value)) || !strings.Contains(detail, test.shows) || strings.Contains(detail, "token") {
				t.Errorf("%s", detail)
			}
		})
	}
}
