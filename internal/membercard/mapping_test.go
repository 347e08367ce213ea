// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// Of a validity only the fields that its type needs are kept: the official page's own
// example answers a PERMANENT card with all of them.
// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336982
func TestObservedValidDate(t *testing.T) {
	t.Parallel()
	const begin, end, days = "2015-05-20T13:29:35+08:00", "2035-05-20T13:29:35+08:00", 200
	for kind, want := range map[wechatpay.ValidDateType]validDate{
		wechatpay.ValidDatePermanent:    {},
		wechatpay.ValidDateFixTimeRange: {AvailableBeginTime: types.StringValue(begin), AvailableEndTime: types.StringValue(end)},
		wechatpay.ValidDateFixTerm:      {AvailableDayAfterReceive: numberOf(days)},
		"ANOTHER":                       {},
	} {
		want.Type = types.StringValue(string(kind))
		got := observedValidDate(&wechatpay.ValidDateInformation{Type: kind, AvailableBeginTime: begin, AvailableEndTime: end, AvailableDayAfterReceive: days})
		if !got.Equal(want.object()) {
			t.Errorf("%s: %s", kind, got)
		}
	}
	for name, none := range map[string]*wechatpay.ValidDateInformation{"nothing": nil, "no type": {AvailableBeginTime: begin}} {
		if got := observedValidDate(none); !got.IsNull() {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// An error is at the attribute of the field that WeChat Pay complains of.
func TestFieldPath(t *testing.T) {
	t.Parallel()
	phone := path.Root("phone_number_wo")
	for field, want := range map[string]path.Path{
		"phone_number":   phone,
		"level":          path.Root("level"),
		"invalid_reason": path.Root("invalidate_reason"),
		"user_information.common_field_list.0.value":         path.Root("user_information"),
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
		if got := fieldPath(field, phone); !got.Equal(want) {
			t.Errorf("%q is at %s, want %s", field, got, want)
		}
	}
}

func TestRedirectThatNamesNoHostIsSaidInWords(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]string{
		"":                    "sends requests elsewhere without naming another host. ",
		"portal.example:8443": `sends requests to the host "portal.example:8443". `,
	} {
		err := &wechatpay.Error{Operation: "get", Kind: wechatpay.KindRedirect, StatusCode: 302, RedirectHost: host}
		if got := explain(err, "reading the card", path.Empty()).detail; !strings.Contains(got, want) {
			t.Errorf("%q: %s", host, got)
		}
	}
}
