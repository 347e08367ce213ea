// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver_test

import (
	"net/http"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

const undefinedField = "请求中含有未在API文档中定义的参数"

func TestKeysInTheOtherPlaceAreRefused(t *testing.T) {
	const target = userCards + "/1001"
	card := mockserver.TemplatePermanent
	inQuery := func(t *testing.T, m *merchant) (modify, invalidate reply) {
		t.Helper()
		return m.call(http.MethodPatch, target+"?card_id="+card, body{"brand_id": brand, "openid": "oSample", "level": "金"}),
			m.post(target+"/invalidate?brand_id="+brand+"&card_id="+card, body{"openid": "oSample"})
	}
	inBody := func(t *testing.T, m *merchant) (modify, invalidate reply) {
		t.Helper()
		return m.call(http.MethodPatch, target, body{"brand_id": brand, "card_id": card, "openid": "oSample", "level": "金"}),
			m.post(target+"/invalidate", body{"brand_id": brand, "card_id": card, "openid": "oSample"})
	}
	for name, tc := range map[string]struct {
		place        mockserver.KeyPlace
		right, wrong func(*testing.T, *merchant) (reply, reply)
		refusedField string
	}{
		"documented": {mockserver.KeysAsDocumented, inQuery, inBody, "/query/card_id"},
		"query":      {mockserver.KeysInQuery, inQuery, inBody, "/query/card_id"},
		"body":       {mockserver.KeysInBody, inBody, inQuery, "/query/card_id"},
	} {
		t.Run(name, func(t *testing.T) {
			m := start(t, mockserver.Options{ModifyKeys: tc.place, InvalidateKeys: tc.place})
			m.mustImportByOpenID("1001", "oSample")
			modify, invalidate := tc.wrong(t, m)
			wantParameter(t, modify, tc.refusedField)
			wantRefused(t, invalidate, http.StatusBadRequest, "PARAM_ERROR", "")
			modify, invalidate = tc.right(t, m)
			if modify.status != http.StatusOK || modify.text("level") != "金" {
				t.Errorf("modify: %d %s", modify.status, modify.raw)
			}
			if invalidate.status != http.StatusOK || invalidate.text("user_card_state") != "INVALID" {
				t.Errorf("invalidate: %d %s", invalidate.status, invalidate.raw)
			}
		})
	}
}

// Both places at once are an undefined field, whichever the right one is.
func TestKeysInBothPlacesAreRefused(t *testing.T) {
	for _, place := range []mockserver.KeyPlace{mockserver.KeysInQuery, mockserver.KeysInBody} {
		m := start(t, mockserver.Options{ModifyKeys: place})
		m.mustImportByOpenID("1001", "oSample")
		got := m.call(http.MethodPatch, modifyTarget("1001"), body{"brand_id": brand, "card_id": mockserver.TemplatePermanent, "openid": "oSample"})
		wantRefused(t, got, http.StatusBadRequest, "PARAM_ERROR", undefinedField)
	}
}

func TestModifyRefusesPickupTime(t *testing.T) {
	m := start(t, mockserver.Options{})
	m.mustImportByOpenID("1001", "oSample")
	got := m.modify("1001", "oSample", body{"pickup_time": "2020-05-20T13:29:35+08:00"})
	wantParameter(t, got, "/body/pickup_time")
	wantRefused(t, got, http.StatusBadRequest, "PARAM_ERROR", undefinedField)
}
