// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package validity

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// Of a validity only the fields that its type needs are kept: the official page's own
// example answers a PERMANENT card with all of them.
// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336982
func TestFromAPIKeepsWhatTheTypeNeeds(t *testing.T) {
	t.Parallel()
	const begin, end, days = "2015-05-20T13:29:35+08:00", "2035-05-20T13:29:35+08:00", 200
	for kind, want := range map[wechatpay.ValidDateType]Validity{
		wechatpay.ValidDatePermanent:    {},
		wechatpay.ValidDateFixTimeRange: {Begin: types.StringValue(begin), End: types.StringValue(end)},
		wechatpay.ValidDateFixTerm:      {Days: framework.Number(days)},
		"ANOTHER":                       {},
	} {
		want.Type = types.StringValue(string(kind))
		got := FromAPI(&wechatpay.ValidDateInformation{Type: kind, AvailableBeginTime: begin, AvailableEndTime: end, AvailableDayAfterReceive: days})
		if !got.Equal(want.Object()) {
			t.Errorf("%s: %s", kind, got)
		}
	}
	for name, none := range map[string]*wechatpay.ValidDateInformation{"nothing": nil, "no type": {AvailableBeginTime: begin}} {
		if got := FromAPI(none); !got.IsNull() {
			t.Errorf("%s: %s", name, got)
		}
	}
}
