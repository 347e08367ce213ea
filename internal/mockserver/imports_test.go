// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

const (
	byOpenID = userCards + "/import-by-openid"

	userHasCard = "用户已有已生效的会员卡"
	userWaiting = "用户已有待激活的会员卡"
	imported    = "该手机号已被导入过"
	phoneOrCode = "该手机号或会员卡code已存在"
)

// openIDBody returns the required fields of an import by openid under
// TemplatePermanent.
func openIDBody(code, openID string) body {
	return body{"brand_id": brand, "card_id": mockserver.TemplatePermanent, "user_card_code": code, "openid": openID}
}

func with(b body, more body) body {
	b = maps.Clone(b)
	maps.Copy(b, more)
	return b
}

func (m *merchant) mustImportByOpenID(code, openID string) reply {
	m.t.Helper()
	got := m.post(byOpenID, openIDBody(code, openID))
	if got.status != http.StatusOK {
		m.t.Fatalf("import of %s: %d %s", code, got.status, got.raw)
	}
	return got
}

func TestImportByOpenIDAnswersTheCard(t *testing.T) {
	m := start(t, mockserver.Options{})
	got := m.mustImportByOpenID("1001", "oSample")
	if got.text("openid") != "oSample" || got.text("user_card_code") != "1001" || got.text("user_card_state") != "EFFECTIVE" {
		t.Errorf("%s", got.raw)
	}
	if _, ok := got.json["phone_number"]; ok {
		t.Error("the answer has a phone number that nobody sent")
	}
	got = m.post(byOpenID, with(openIDBody("1002", "oOther"), body{
		"phone_number": m.encrypt(phone), "level": "钻石会员", "card_color": "#FFFF00", "pickup_time": "2020-05-20T13:29:35+08:00",
		"valid_date_information": body{"type": "PERMANENT"},
		"user_information":       body{"common_field_list": []body{{"name": "USER_FORM_FLAG_CITY", "value": m.encrypt("深圳")}}},
	}))
	if got.status != http.StatusOK || m.decrypt(got.json["phone_number"]) != phone || got.text("level") != "钻石会员" {
		t.Errorf("%d %s", got.status, got.raw)
	}
	if card, _ := m.server.Card(brand, mockserver.TemplatePermanent, "1002"); card.PhoneNumber != phone || card.CommonFields[0].Value != "深圳" {
		t.Errorf("stored: %+v", card)
	}
}

func TestImportByOpenIDChecksItsFields(t *testing.T) {
	m := start(t, mockserver.Options{})
	for _, name := range []string{"brand_id", "card_id", "user_card_code", "openid"} {
		b := openIDBody("1001", "oSample")
		delete(b, name)
		wantParameter(t, m.post(byOpenID, b), "/body/"+name)
	}
	wantParameter(t, m.post(byOpenID, openIDBody("1001", strings.Repeat("o", 129))), "/body/openid")
	// The first edition called the validity date_information.
	for _, name := range []string{"date_information", "attach", "out_request_no"} {
		got := m.post(byOpenID, with(openIDBody("1001", "oSample"), body{name: "x"}))
		wantParameter(t, got, "/body/"+name)
		if got.text("message") != "请求中含有未在API文档中定义的参数" {
			t.Errorf("message %q", got.text("message"))
		}
	}
	got := m.post(byOpenID, with(openIDBody("1001", "oSample"), body{"pickup_time": "2020-05-20"}))
	wantRefused(t, got, http.StatusBadRequest, "PARAM_ERROR", "传入时间不符合RFC3339标准格式")
}

func TestInvalidOpenIDIsRefused(t *testing.T) {
	m := start(t, mockserver.Options{InvalidOpenIDs: []string{"oOfAnotherAppID"}})
	for _, openID := range []string{"oOfAnotherAppID", "not an openid", "会员"} {
		wantRefused(t, m.post(byOpenID, openIDBody("1001", openID)), http.StatusBadRequest, "INVALID_REQUEST", "OpenID 无效")
	}
	m.server.SetOpenIDValid("oOfAnotherAppID", true)
	m.mustImportByOpenID("1001", "oOfAnotherAppID")
	m.server.SetOpenIDValid("oSample", false)
	wantRefused(t, m.post(byOpenID, openIDBody("1002", "oSample")), http.StatusBadRequest, "INVALID_REQUEST", "OpenID 无效")
}

// Both imports know the same users: a phone number has one openid under an AppID.
func TestBothImportsFindTheOthersMembers(t *testing.T) {
	m := start(t, mockserver.Options{})
	m.server.SetTemplate(mockserver.Template{BrandID: brand, CardID: "pbAnother"})
	openID := m.server.OpenID(phone)
	if got := m.mustImport("1001", phone).text("openid"); got != openID {
		t.Errorf("openid %s, want %s", got, openID)
	}
	wantRefused(t, m.post(byOpenID, openIDBody("1002", openID)), http.StatusBadRequest, "INVALID_REQUEST", userHasCard)
	wantRefused(t, m.post(byOpenID, openIDBody("1001", openID)), http.StatusBadRequest, "INVALID_REQUEST", userHasCard)
	wantRefused(t, m.post(byOpenID, openIDBody("1001", "oSample")), http.StatusBadRequest, "INVALID_REQUEST", phoneOrCode)
	b := with(openIDBody("1003", "oSample"), body{"phone_number": m.encrypt(phone)})
	wantRefused(t, m.post(byOpenID, b), http.StatusBadRequest, "INVALID_REQUEST", imported)
	// A user may have several cards of a brand.
	if got := m.post(byOpenID, with(openIDBody("1001", openID), body{"card_id": "pbAnother"})); got.status != http.StatusOK {
		t.Errorf("under another template: %d %s", got.status, got.raw)
	}

	m.mustImportByOpenID("2001", m.server.OpenID(otherPhone))
	wantRefused(t, m.post(byPhone, m.importBody("2002", otherPhone)), http.StatusBadRequest, "INVALID_REQUEST", userHasCard)
	wantRefused(t, m.post(byPhone, m.importBody("2001", otherPhone)), http.StatusBadRequest, "INVALID_REQUEST", phoneOrCode)
}

func TestExistsMessageAppliesToBothImports(t *testing.T) {
	for message, want := range map[mockserver.ExistsMessage]string{
		mockserver.ExistsAlwaysImported:    imported,
		mockserver.ExistsAlwaysPhoneOrCode: phoneOrCode,
		mockserver.ExistsAlwaysUser:        userHasCard,
	} {
		m := start(t, mockserver.Options{ExistsMessage: message})
		openID := m.mustImport("1001", phone).text("openid")
		for _, got := range []reply{
			m.post(byPhone, m.importBody("1001", phone)), m.post(byPhone, m.importBody("1002", phone)),
			m.post(byOpenID, openIDBody("1001", openID)), m.post(byOpenID, openIDBody("1002", openID)),
		} {
			wantRefused(t, got, http.StatusBadRequest, "INVALID_REQUEST", want)
		}
	}
}

func TestWaitingCardIsRefusedWithItsOwnMessage(t *testing.T) {
	m := start(t, mockserver.Options{ExistsMessage: mockserver.ExistsAlwaysUser})
	put := `{"brand_id":"1004","card_id":"` + mockserver.TemplatePermanent + `","user_card_code":"1001","phone_number":"` + phone + `","user_card_state":"UNACTIVATED"}`
	var card mockserver.Card
	m.admin(http.MethodPost, "cards", put, &card)
	wantRefused(t, m.post(byOpenID, openIDBody("1001", card.OpenID)), http.StatusBadRequest, "INVALID_REQUEST", userWaiting)
	wantRefused(t, m.post(byOpenID, openIDBody("1002", card.OpenID)), http.StatusBadRequest, "INVALID_REQUEST", userWaiting)
	wantRefused(t, m.post(byPhone, m.importBody("1002", phone)), http.StatusBadRequest, "INVALID_REQUEST", userWaiting)
	if got := m.get("1001", card.OpenID); got.text("user_card_state") != "UNACTIVATED" {
		t.Errorf("%d %s", got.status, got.raw)
	}
}

func TestImportByOpenIDAfterAnInvalidation(t *testing.T) {
	for name, code := range map[string]string{"same code": "1001", "another code": "1002"} {
		t.Run(name, func(t *testing.T) {
			m := start(t, mockserver.Options{})
			first := m.mustImportByOpenID("1001", "oSample")
			m.invalidate("1001", "oSample", body{"invalid_reason": "退会"})
			m.clock.add(time.Hour)
			again := m.mustImportByOpenID(code, "oSample")
			if again.text("create_time") == first.text("create_time") || again.text("user_card_state") != "EFFECTIVE" || again.text("invalid_reason") != "" {
				t.Errorf("%s", again.raw)
			}
			wantRefused(t, m.post(byOpenID, openIDBody("1003", "oSample")), http.StatusBadRequest, "INVALID_REQUEST", userHasCard)

			refusing := start(t, mockserver.Options{InvalidCardBlocksOpenID: true})
			refusing.mustImportByOpenID("1001", "oSample")
			refusing.invalidate("1001", "oSample", body{})
			wantRefused(t, refusing.post(byOpenID, openIDBody(code, "oSample")), http.StatusBadRequest, "INVALID_REQUEST", userHasCard)
		})
	}
}

func TestCallsThatAreNotOpen(t *testing.T) {
	closed := start(t, mockserver.Options{ImportByPhoneNotOpen: true})
	wantRefused(t, closed.post(byPhone, closed.importBody("1001", phone)), http.StatusForbidden, "NO_AUTH", "商户暂无权限使用此功能")
	closed.mustImportByOpenID("1001", "oSample")

	other := start(t, mockserver.Options{ImportByPhoneNotOpen: true, NotOpenAnswer: mockserver.ErrorAnswer{Status: 404, Code: "NOT_FOUND", Message: "接口未上线"}})
	wantRefused(t, other.post(byPhone, other.importBody("1001", phone)), http.StatusNotFound, "NOT_FOUND", "接口未上线")

	denied := start(t, mockserver.Options{NoPermission: true})
	for _, got := range []reply{
		denied.post(byPhone, denied.importBody("1001", phone)), denied.post(byOpenID, openIDBody("1001", "oSample")),
		denied.get("1001", "oSample"), denied.modify("1001", "oSample", body{"level": "金"}), denied.invalidate("1001", "oSample", body{}),
		denied.call(http.MethodGet, "/v3/brand/partner/card-member/cards/"+mockserver.TemplatePermanent+"?brand_id="+brand, nil),
	} {
		wantRefused(t, got, http.StatusForbidden, "NO_AUTH", "")
	}
	if got := denied.post("/v3/security/echo", body{"echo_message": "hello"}); got.status != http.StatusOK {
		t.Errorf("echo needs no permission of the product: %d %s", got.status, got.raw)
	}
}

func TestNotFoundCodeIsConfigurable(t *testing.T) {
	m := start(t, mockserver.Options{NotFoundCode: mockserver.NotFound})
	wantRefused(t, m.get("1001", "oSample"), http.StatusNotFound, "NOT_FOUND", "")
	template := m.call(http.MethodGet, "/v3/brand/partner/card-member/cards/unknown?brand_id="+brand, nil)
	wantRefused(t, template, http.StatusNotFound, "NOT_FOUND", "")
}

func TestProductErrorsAreWholeAnswers(t *testing.T) {
	m := start(t, mockserver.Options{})
	for _, want := range mockserver.ProductErrors() {
		m.server.Inject(mockserver.Fault{Status: want.Status, Code: want.Code, Message: want.Message})
		wantRefused(t, m.get("1001", "oSample"), want.Status, want.Code, want.Message)
	}
}
