// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver_test

import (
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

func TestImportAnswersTheCard(t *testing.T) {
	m := start(t, mockserver.Options{})
	b := m.importBody("478515832665", phone)
	b["card_color"], b["card_picture_url"], b["level"] = "#FFFF00", "https://wxpaylogo.qpic.cn/wxpaylogo/sample/0", "钻石会员"
	b["pickup_time"] = "2020-05-20T13:29:35+08:00"
	b["valid_date_information"] = body{"type": "PERMANENT"}
	b["user_information"] = body{
		"common_field_list": []body{{"name": "USER_FORM_FLAG_CITY", "value": m.encrypt("深圳")}},
		"custom_field_list": []body{{"name": "喜欢的运动", "user_chosen_values": []string{m.encrypt("篮球"), m.encrypt("游泳")}}},
	}
	got := m.post(byPhone, b)
	if got.status != http.StatusOK {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	want := map[string]string{
		"brand_id": brand, "card_id": mockserver.TemplatePermanent, "user_card_code": "478515832665",
		"openid": m.server.OpenID(phone), "card_color": "#FFFF00", "level": "钻石会员",
		"card_picture_url": "https://wxpaylogo.qpic.cn/wxpaylogo/sample/0", "card_type": "NORMAL",
		"user_card_state": "EFFECTIVE", "pickup_time": "2020-05-20T13:29:35+08:00",
		"create_time": "2025-06-22T20:00:00+08:00", "modify_time": "2025-06-22T20:00:00+08:00",
	}
	for name, value := range want {
		if got.text(name) != value {
			t.Errorf("%s is %q, want %q", name, got.text(name), value)
		}
	}
	if plain := m.decrypt(got.json["phone_number"]); plain != phone {
		t.Errorf("phone_number decrypts to %q", plain)
	}
	information := got.json["user_information"].(map[string]any)
	common := information["common_field_list"].([]any)[0].(map[string]any)
	if m.decrypt(common["value"]) != "深圳" {
		t.Errorf("common field: %v", common)
	}
	chosen := information["custom_field_list"].([]any)[0].(map[string]any)["user_chosen_values"].([]any)
	if m.decrypt(chosen[0]) != "篮球" || m.decrypt(chosen[1]) != "游泳" {
		t.Errorf("chosen values: %v", chosen)
	}
	if validity := got.json["valid_date_information"].(map[string]any); len(validity) != 1 || validity["type"] != "PERMANENT" {
		t.Errorf("valid_date_information: %v", validity)
	}
	for _, name := range []string{"attach", "invalid_reason", "invalid_time"} {
		if _, ok := got.json[name]; ok {
			t.Errorf("%s is in the answer although it is not set", name)
		}
	}
	card, ok := m.server.Card(brand, mockserver.TemplatePermanent, "478515832665")
	if !ok || card.PhoneNumber != phone || card.CommonFields[0].Value != "深圳" {
		t.Errorf("stored: %+v", card)
	}
}

func TestOpenIDIsStablePerPhoneAndAppID(t *testing.T) {
	m := start(t, mockserver.Options{})
	other := start(t, mockserver.Options{AppID: "wx9999999999999999"})
	openID := m.server.OpenID(phone)
	if len(openID) != 28 || openID[0] != 'o' {
		t.Errorf("%q does not look like an openid", openID)
	}
	if openID != m.server.OpenID(phone) || openID != m.server.OpenID("+86"+phone) {
		t.Error("the openid of one phone number changes")
	}
	if openID == m.server.OpenID(otherPhone) || openID == other.server.OpenID(phone) {
		t.Error("the openid does not depend on both phone number and AppID")
	}
}

func TestOpenIDIsUnderTheTemplatesAppID(t *testing.T) {
	const appID = "wx9999999999999999"
	m := start(t, mockserver.Options{})
	m.server.SetTemplate(mockserver.Template{BrandID: brand, CardID: "pbAnother", AppID: appID})
	here := m.mustImport("1001", phone).text("openid")
	b := m.importBody("1001", phone)
	b["card_id"] = "pbAnother"
	there := m.post(byPhone, b).text("openid")
	if here != m.server.OpenID(phone) || there != mockserver.OpenIDUnder(appID, phone) || here == there {
		t.Errorf("one user is %q under one AppID and %q under another", here, there)
	}
	if err := m.server.PutCard(mockserver.Card{BrandID: brand, CardID: "pbAnother", UserCardCode: "1002", PhoneNumber: otherPhone}); err != nil {
		t.Fatal(err)
	}
	if card, _ := m.server.Card(brand, "pbAnother", "1002"); card.OpenID != mockserver.OpenIDUnder(appID, otherPhone) {
		t.Errorf("a card put there has the openid %q", card.OpenID)
	}
	var answer map[string]string
	m.admin(http.MethodGet, "openid?phone_number="+phone+"&appid="+appID, "", &answer)
	if answer["openid"] != there {
		t.Errorf("the administration says %q", answer["openid"])
	}
}

func TestGetNeedsEveryPartOfTheIdentity(t *testing.T) {
	m := start(t, mockserver.Options{})
	code := "a/b?c%20&d"
	imported := m.mustImport(code, phone)
	openID := imported.text("openid")
	got := m.get(code, openID)
	if got.status != http.StatusOK || got.text("user_card_code") != code {
		t.Errorf("%d %s", got.status, got.raw)
	}
	for name, target := range map[string]string{
		"code":   cardTarget("another", openID),
		"openid": cardTarget(code, m.server.OpenID(otherPhone)),
		"brand":  userCards + "/" + url.PathEscape(code) + "?brand_id=1005&card_id=" + mockserver.TemplatePermanent + "&openid=" + openID,
		"card":   userCards + "/" + url.PathEscape(code) + "?brand_id=" + brand + "&card_id=" + mockserver.TemplateFixTerm + "&openid=" + openID,
	} {
		t.Run(name, func(t *testing.T) {
			wantRefused(t, m.call(http.MethodGet, target, nil), http.StatusNotFound, "RESOURCE_NOT_EXISTS", "")
		})
	}
	m.server.DeleteCard(brand, mockserver.TemplatePermanent, code)
	wantRefused(t, m.get(code, openID), http.StatusNotFound, "RESOURCE_NOT_EXISTS", "")
}

func TestModifyChangesOnlyWhatIsSent(t *testing.T) {
	m := start(t, mockserver.Options{})
	b := m.importBody("1001", phone)
	b["card_color"], b["level"] = "#FFFF00", "金"
	openID := m.post(byPhone, b).text("openid")
	m.clock.add(time.Minute)
	got := m.modify("1001", openID, body{"level": "钻石", "attach": "note"})
	if got.status != http.StatusOK || got.text("level") != "钻石" || got.text("attach") != "note" || got.text("card_color") != "#FFFF00" {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	if got.text("create_time") == got.text("modify_time") {
		t.Error("modify_time did not move")
	}
	if m.modify("1001", openID, body{"phone_number": m.encrypt(otherPhone)}).status != http.StatusOK {
		t.Error("the phone number cannot be changed")
	}
	card, _ := m.server.Card(brand, mockserver.TemplatePermanent, "1001")
	if card.PhoneNumber != otherPhone || card.OpenID != openID || card.Level != "钻石" {
		t.Errorf("stored: %+v", card)
	}
	requests := m.server.Requests()
	plain := requests[len(requests)-1].Plain
	if len(plain) != 3 || plain["phone_number"] != otherPhone {
		t.Errorf("the decrypted view is %v", plain)
	}
}

func TestModifyMergesOrReplacesUserInformation(t *testing.T) {
	for name, tc := range map[string]struct {
		update mockserver.UserInformationUpdate
		want   []mockserver.CommonField
	}{
		"merged": {mockserver.UserInformationMerged, []mockserver.CommonField{
			{Name: "USER_FORM_FLAG_CITY", Value: "深圳"}, {Name: "USER_FORM_FLAG_NAME", Value: "乙"},
		}},
		"replaced": {mockserver.UserInformationReplaced, []mockserver.CommonField{{Name: "USER_FORM_FLAG_NAME", Value: "乙"}}},
	} {
		t.Run(name, func(t *testing.T) {
			m := start(t, mockserver.Options{UserInformationUpdate: tc.update})
			b := m.importBody("1001", phone)
			b["user_information"] = body{"common_field_list": []body{
				{"name": "USER_FORM_FLAG_CITY", "value": m.encrypt("深圳")}, {"name": "USER_FORM_FLAG_NAME", "value": m.encrypt("甲")},
			}}
			openID := m.post(byPhone, b).text("openid")
			m.modify("1001", openID, body{"user_information": body{"common_field_list": []body{
				{"name": "USER_FORM_FLAG_NAME", "value": m.encrypt("乙")},
			}}})
			card, _ := m.server.Card(brand, mockserver.TemplatePermanent, "1001")
			if !slices.Equal(card.CommonFields, tc.want) {
				t.Errorf("holds %v, want %v", card.CommonFields, tc.want)
			}
		})
	}
}

func TestModifyReplacesChosenValues(t *testing.T) {
	m := start(t, mockserver.Options{})
	chosen := func(field string, values ...string) body {
		encrypted := []string{}
		for _, value := range values {
			encrypted = append(encrypted, m.encrypt(value))
		}
		return body{"custom_field_list": []body{{"name": field, "user_chosen_values": encrypted}}}
	}
	openID := m.mustImport("1001", phone).text("openid")
	for _, change := range []body{chosen("喜欢的运动", "篮球"), chosen("常去门店", "南山店"), chosen("喜欢的运动", "足球", "游泳")} {
		if got := m.modify("1001", openID, body{"user_information": change}); got.status != http.StatusOK {
			t.Fatalf("%d %s", got.status, got.raw)
		}
	}
	card, _ := m.server.Card(brand, mockserver.TemplatePermanent, "1001")
	want := []mockserver.CustomField{{Name: "喜欢的运动", Values: []string{"足球", "游泳"}}, {Name: "常去门店", Values: []string{"南山店"}}}
	if !reflect.DeepEqual(card.CustomFields, want) {
		t.Errorf("holds %v, want %v", card.CustomFields, want)
	}
	wantParameter(t, m.modify("1001", openID, body{"user_information": chosen("常去门店", "罗湖店")}),
		"/body/user_information/custom_field_list/0/user_chosen_values/0")
	// Without its template, any field is accepted.
	m.server.DeleteTemplate(mockserver.TemplatePermanent)
	if got := m.modify("1001", openID, body{"user_information": chosen("常去门店", "罗湖店")}); got.status != http.StatusOK {
		t.Errorf("%d %s", got.status, got.raw)
	}
}

func TestModifyChangesTheEndOfACard(t *testing.T) {
	m := start(t, mockserver.Options{ModifyTakesPickupTime: true})
	card := mockserver.Card{
		BrandID: brand, CardID: mockserver.TemplatePermanent, UserCardCode: "1001", OpenID: "oSample", State: mockserver.StateExpired,
		ValidDate: mockserver.ValidDate{Type: mockserver.ValidFixTerm, Days: 1}, PickupTime: noon().Add(-48 * time.Hour),
	}
	m.server.SetTemplate(mockserver.Template{BrandID: brand, CardID: card.CardID, ValidDate: mockserver.ValidDate{Type: mockserver.ValidFixTerm, Days: 1}})
	if err := m.server.PutCard(card); err != nil {
		t.Fatal(err)
	}
	if got := m.get("1001", "oSample"); got.text("user_card_state") != "EXPIRED" {
		t.Errorf("%s", got.raw)
	}
	if got := m.modify("1001", "oSample", body{"level": "金"}); got.text("user_card_state") != "EXPIRED" {
		t.Errorf("another level makes it valid again: %d %s", got.status, got.raw)
	}
	got := m.modify("1001", "oSample", body{
		"valid_date_information": body{"type": "FIX_TERM", "available_day_after_receive": 3}, "pickup_time": "2025-06-22T11:00:00Z",
	})
	if got.status != http.StatusOK || got.text("user_card_state") != "EFFECTIVE" || got.text("pickup_time") != "2025-06-22T19:00:00+08:00" {
		t.Errorf("%d %s", got.status, got.raw)
	}
}

func TestModifyCannotReachAnotherCard(t *testing.T) {
	m := start(t, mockserver.Options{})
	openID := m.mustImport("1001", phone).text("openid")
	for name, change := range map[string]struct {
		code string
		body body
	}{
		"unknown code": {"1002", body{"brand_id": brand, "openid": openID}},
		"wrong openid": {"1001", body{"brand_id": brand, "openid": m.server.OpenID(otherPhone)}},
		"wrong brand":  {"1001", body{"brand_id": "1005", "openid": openID}},
	} {
		t.Run(name, func(t *testing.T) {
			got := m.call(http.MethodPatch, modifyTarget(change.code), change.body)
			wantRefused(t, got, http.StatusNotFound, "RESOURCE_NOT_EXISTS", "")
		})
	}
}

func TestInvalidateIsFinal(t *testing.T) {
	m := start(t, mockserver.Options{})
	openID := m.mustImport("1001", phone).text("openid")
	m.clock.add(time.Minute)
	got := m.invalidate("1001", openID, body{"invalid_reason": "离职"})
	if got.status != http.StatusOK || got.text("user_card_state") != "INVALID" || got.text("invalid_reason") != "离职" || got.text("invalid_time") == "" {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	if got.text("modify_time") == got.text("create_time") || got.text("modify_time") != got.text("invalid_time") {
		t.Errorf("its times: %s", got.raw)
	}
	wantRefused(t, m.invalidate("1001", openID, body{}), http.StatusBadRequest, "INVALID_REQUEST", "")
	wantRefused(t, m.modify("1001", openID, body{"level": "金"}), http.StatusBadRequest, "INVALID_REQUEST", "")
	if got := m.get("1001", openID); got.status != http.StatusOK || got.text("user_card_state") != "INVALID" {
		t.Errorf("%d %s", got.status, got.raw)
	}
	wantRefused(t, m.invalidate("1002", openID, body{}), http.StatusNotFound, "RESOURCE_NOT_EXISTS", "")
}

func TestListPagesTheCardsOfAUser(t *testing.T) {
	m := start(t, mockserver.Options{})
	for i := range 7 {
		if err := m.server.PutCard(mockserver.Card{
			BrandID: brand, CardID: mockserver.TemplatePermanent, UserCardCode: fmt.Sprintf("10%02d", i), OpenID: "oSample",
			PhoneNumber: phone,
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.server.PutCard(mockserver.Card{BrandID: "1005", CardID: "other", UserCardCode: "1", OpenID: "oSample"}); err != nil {
		t.Fatal(err)
	}
	if err := m.server.ChangeCard(brand, mockserver.TemplatePermanent, "1003", func(c *mockserver.Card) { c.State = "INVALID" }); err != nil {
		t.Fatal(err)
	}
	list := func(more string) ([]string, float64) {
		t.Helper()
		got := m.call(http.MethodGet, userCards+"?brand_id="+brand+"&openid=oSample&"+more, nil)
		if got.status != http.StatusOK {
			t.Fatalf("%d %s", got.status, got.raw)
		}
		var codes []string
		for _, card := range got.json["data"].([]any) {
			codes = append(codes, card.(map[string]any)["user_card_code"].(string))
		}
		return codes, got.json["total_count"].(float64)
	}
	for query, want := range map[string][]string{
		"offset=0&limit=3":                           {"1000", "1001", "1002"},
		"offset=3&limit=3":                           {"1003", "1004", "1005"},
		"offset=6&limit=3":                           {"1006"},
		"offset=7&limit=3":                           nil,
		"offset=9&limit=20":                          nil,
		"offset=0&limit=20&user_card_state=INVALID":  {"1003"},
		"offset=1&limit=2&user_card_state=EFFECTIVE": {"1001", "1002"},
	} {
		if codes, _ := list(query); !slices.Equal(codes, want) {
			t.Errorf("%s lists %v, want %v", query, codes, want)
		}
	}
	if _, total := list("offset=2&limit=1"); total != 7 {
		t.Errorf("total_count is %v, want 7", total)
	}

	empty := start(t, mockserver.Options{OmitEmptyData: true}).call(http.MethodGet, userCards+"?brand_id="+brand+"&openid=oSample&offset=0&limit=20", nil)
	if _, ok := empty.json["data"]; ok || empty.json["total_count"] != 0.0 {
		t.Errorf("an empty list: %s", empty.raw)
	}
}

func TestTemplateIsAnswered(t *testing.T) {
	m := start(t, mockserver.Options{})
	target := "/v3/brand/partner/card-member/cards/" + mockserver.TemplatePermanent
	got := m.call(http.MethodGet, target+"?brand_id="+brand, nil)
	if got.status != http.StatusOK || got.text("card_id") != mockserver.TemplatePermanent || got.text("state") != "CARD_EFFECTIVE" ||
		got.text("appid") != mockserver.DefaultAppID || got.text("code_mode") != "MERCHANT_ALLOCATE" {
		t.Errorf("%d %s", got.status, got.raw)
	}
	information := got.json["user_information"].(map[string]any)
	if len(information["common_field_list"].([]any)) != 6 || len(information["custom_field_list"].([]any)) != 2 {
		t.Errorf("user_information: %v", information)
	}
	wantRefused(t, m.call(http.MethodGet, target+"?brand_id=1005", nil), http.StatusNotFound, "RESOURCE_NOT_EXISTS", "")
	unknown := m.call(http.MethodGet, "/v3/brand/partner/card-member/cards/unknown?brand_id="+brand, nil)
	wantRefused(t, unknown, http.StatusNotFound, "RESOURCE_NOT_EXISTS", "")
}

func TestEveryMemberOfATemplateIsAnswered(t *testing.T) {
	m := start(t, mockserver.Options{})
	m.server.SetTemplate(mockserver.Template{
		BrandID: brand, CardID: "pbWhole", AppID: "wx1", CardType: "PURCHASE", CardTitle: "title", CardColor: "#10AD61",
		CardPictureURL: "https://wxpaylogo.qpic.cn/0", CodeMode: "SYSTEM_ALLOCATE", CodeType: "QR_CODE", NotifyURL: "https://example.com/",
		NeedPinned: true, NeedDisplayLevel: true, InitLevel: "银", ServicePhone: "4001234567",
		ValidDate:  mockserver.ValidDate{Type: mockserver.ValidFixTerm, Days: 30},
		CreateTime: noon(), ModifyTime: noon().Add(time.Second),
	})
	got := m.call(http.MethodGet, "/v3/brand/partner/card-member/cards/pbWhole?brand_id="+brand, nil)
	want := body{
		"brand_id": brand, "card_id": "pbWhole", "appid": "wx1", "card_type": "PURCHASE", "card_title": "title", "card_color": "#10AD61",
		"card_picture_url": "https://wxpaylogo.qpic.cn/0", "code_mode": "SYSTEM_ALLOCATE", "code_type": "QR_CODE", "notify_url": "https://example.com/",
		"need_pinned": true, "need_display_level": true, "init_level": "银", "service_phone": "4001234567",
		"valid_date_information": map[string]any{"type": "FIX_TERM", "available_day_after_receive": 30.0},
		"create_time":            "2025-06-22T20:00:00+08:00", "modify_time": "2025-06-22T20:00:01+08:00", "state": "CARD_EFFECTIVE",
	}
	if !reflect.DeepEqual(got.json, want) {
		t.Errorf("%d %s", got.status, got.raw)
	}
}

func TestEchoDecryptsAndEncrypts(t *testing.T) {
	m := start(t, mockserver.Options{})
	got := m.post("/v3/security/echo", body{"echo_message": "hello", "encrypted_echo_message": m.encrypt("secret")})
	if got.status != http.StatusOK || got.text("echo_message") != "hello" || m.decrypt(got.json["encrypted_echo_message"]) != "secret" {
		t.Errorf("%d %s", got.status, got.raw)
	}
}

func TestEchoChecksEncryption(t *testing.T) {
	m := start(t, mockserver.Options{})
	const target = "/v3/security/echo"
	if got := m.post(target, body{"echo_message": "hello"}); got.status != http.StatusOK || len(got.json) != 1 {
		t.Errorf("without a secret: %d %s", got.status, got.raw)
	}
	wantParameter(t, m.post(target, body{"encrypted_echo_message": m.encrypt("secret")}), "/body/echo_message")
	wantParameter(t, m.post(target, body{"echo_message": "hello", "encrypted_echo_message": "secret"}), "/body/encrypted_echo_message")
	wantParameter(t, m.post(target, body{"echo_message": "hello", "more": "x"}), "/body/more")

	platform := m.server.Credentials().PlatformCertificateSerialNo
	secret := body{"echo_message": "hello", "encrypted_echo_message": m.encryptWith(&m.keys.PlatformKey.PublicKey, "secret")}
	for serial, status := range map[string]int{platform: http.StatusOK, m.keys.PublicKeyID: http.StatusBadRequest, "": http.StatusBadRequest} {
		r := m.request(http.MethodPost, target, m.encode(secret))
		r.Header.Set("Wechatpay-Serial", serial)
		if serial == "" {
			r.Header.Del("Wechatpay-Serial")
		}
		got := m.do(r)
		if got.status != status || status == http.StatusOK && m.decrypt(got.json["encrypted_echo_message"]) != "secret" {
			t.Errorf("Wechatpay-Serial %q: %d %s", serial, got.status, got.raw)
		}
	}
}
