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

func TestTemplateMustBeOfTheBrand(t *testing.T) {
	m := start(t, mockserver.Options{})
	m.server.SetTemplate(mockserver.Template{BrandID: "1005", CardID: "pbOther"})
	for name, change := range map[string]body{
		"unknown template":  {"card_id": "pbUnknown"},
		"another's":         {"card_id": "pbOther"},
		"the other brand's": {"brand_id": "1005"},
	} {
		t.Run(name, func(t *testing.T) {
			b := m.importBody("1001", phone)
			maps.Copy(b, change)
			wantRefused(t, m.post(byPhone, b), http.StatusBadRequest, "INVALID_REQUEST", "会员卡模版ID不属于该品牌")
		})
	}
	b := m.importBody("1001", phone)
	b["card_id"] = mockserver.TemplateInvalid
	wantRefused(t, m.post(byPhone, b), http.StatusBadRequest, "INVALID_REQUEST", "会员卡模版已失效")
}

func TestValidityFollowsTheTemplate(t *testing.T) {
	m := start(t, mockserver.Options{})
	const yesterday, pastYear = "2025-06-21T12:00:00Z", "2024-06-22T12:00:00Z"
	timeRange := func(begin, end string) body {
		return body{"type": "FIX_TIME_RANGE", "available_begin_time": begin, "available_end_time": end}
	}
	days := func(n int) body { return body{"type": "FIX_TERM", "available_day_after_receive": n} }
	for name, tc := range map[string]struct {
		card     string
		validity body
		pickup   string
		field    string // refused; "" when the import is fine
	}{
		"permanent":                  {mockserver.TemplatePermanent, body{"type": "PERMANENT"}, "", ""},
		"permanent with all members": {mockserver.TemplatePermanent, body{"type": "PERMANENT", "available_begin_time": yesterday, "available_end_time": yesterday, "available_day_after_receive": 30}, "", ""},
		"term for permanent":         {mockserver.TemplatePermanent, days(30), yesterday, "/valid_date_information/type"},
		"permanent for term":         {mockserver.TemplateFixTerm, body{"type": "PERMANENT"}, yesterday, "/valid_date_information/type"},
		"term":                       {mockserver.TemplateFixTerm, days(30), yesterday, ""},
		"term of the template":       {mockserver.TemplateFixTerm, nil, yesterday, ""},
		"term without pickup":        {mockserver.TemplateFixTerm, days(30), "", "/pickup_time"},
		"term without days":          {mockserver.TemplateFixTerm, body{"type": "FIX_TERM"}, yesterday, "/valid_date_information/available_day_after_receive"},
		"longest term":               {mockserver.TemplateFixTerm, days(10958), yesterday, ""},
		"term too long":              {mockserver.TemplateFixTerm, days(10959), yesterday, "/valid_date_information/available_day_after_receive"},
		"term of no days":            {mockserver.TemplateFixTerm, days(0), yesterday, "/valid_date_information/available_day_after_receive"},
		"term that has passed":       {mockserver.TemplateFixTerm, days(30), pastYear, "/valid_date_information"},
		"template's term has passed": {mockserver.TemplateFixTerm, nil, pastYear, "/valid_date_information"},
		"term that ends now":         {mockserver.TemplateFixTerm, days(1), yesterday, "/valid_date_information"},
		"pickup now":                 {mockserver.TemplateFixTerm, days(30), "2025-06-22T20:00:00+08:00", "/pickup_time"},
		"pickup ahead":               {mockserver.TemplatePermanent, nil, "2025-06-22T12:00:01Z", "/pickup_time"},
		"range":                      {mockserver.TemplateFixTimeRange, timeRange(yesterday, "2026-01-01T00:00:00+08:00"), "", ""},
		"range of the template":      {mockserver.TemplateFixTimeRange, nil, "", ""},
		"range that has passed":      {mockserver.TemplateFixTimeRange, timeRange(pastYear, yesterday), "", "/valid_date_information"},
		"range the wrong way round":  {mockserver.TemplateFixTimeRange, timeRange("2027-01-01T00:00:00Z", "2026-01-01T00:00:00Z"), "", "/valid_date_information/available_end_time"},
		"range in two zones":         {mockserver.TemplateFixTimeRange, timeRange("2026-01-01T08:00:00+08:00", "2026-01-01T01:00:00Z"), "", ""},
		"range of one instant in two zones": {
			mockserver.TemplateFixTimeRange, timeRange("2026-01-01T08:00:00+08:00", "2026-01-01T00:00:00Z"), "", "/valid_date_information/available_end_time",
		},
		"range without an end": {
			mockserver.TemplateFixTimeRange, body{"type": "FIX_TIME_RANGE", "available_begin_time": yesterday}, "", "/valid_date_information/available_end_time",
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := m.importBody("1001", phone)
			b["card_id"] = tc.card
			if tc.validity != nil {
				b["valid_date_information"] = tc.validity
			}
			if tc.pickup != "" {
				b["pickup_time"] = tc.pickup
			}
			got := m.post(byPhone, b)
			if tc.field != "" {
				wantParameter(t, got, "/body"+tc.field)
				return
			}
			if got.status != http.StatusOK {
				t.Errorf("%d %s", got.status, got.raw)
			}
			m.server.DeleteCard(brand, tc.card, "1001")
		})
	}
}

func TestExpiryFollowsTheClock(t *testing.T) {
	m := start(t, mockserver.Options{FillValidDate: true})
	b := m.importBody("1001", phone)
	b["card_id"], b["pickup_time"] = mockserver.TemplateFixTerm, "2025-06-22T11:00:00Z"
	b["valid_date_information"] = body{"type": "FIX_TERM", "available_day_after_receive": 1}
	got := m.post(byPhone, b)
	if validity := got.json["valid_date_information"].(map[string]any); validity["available_end_time"] != "2025-06-23T19:00:00+08:00" {
		t.Errorf("valid_date_information: %v", validity)
	}
	target := strings.Replace(cardTarget("1001", got.text("openid")), mockserver.TemplatePermanent, mockserver.TemplateFixTerm, 1)
	state := func() string { return m.call(http.MethodGet, target, nil).text("user_card_state") }
	m.clock.add(23*time.Hour - time.Second)
	if state() != "EFFECTIVE" {
		t.Errorf("a second before its end the card is %s", state())
	}
	m.clock.add(time.Second)
	if state() != "EXPIRED" {
		t.Errorf("at its end the card is %s", state())
	}
}

func TestPhoneMustHaveWeChat(t *testing.T) {
	const unbound = "手机号未绑定微信号,无法导入"
	m := start(t, mockserver.Options{UnboundPhones: []string{phone}})
	wantRefused(t, m.post(byPhone, m.importBody("1001", phone)), http.StatusBadRequest, "INVALID_REQUEST", unbound)
	wantRefused(t, m.post(byPhone, m.importBody("1001", "+86"+phone)), http.StatusBadRequest, "INVALID_REQUEST", unbound)
	openID := m.mustImport("1001", otherPhone).text("openid")
	wantRefused(t, m.modify("1001", openID, body{"phone_number": m.encrypt(phone)}), http.StatusBadRequest, "INVALID_REQUEST", unbound)
	m.server.SetPhoneBound(phone, true)
	m.mustImport("1002", phone)

	full := start(t, mockserver.Options{UnboundPhones: []string{phone}, FullWidthCommas: true})
	wantRefused(t, full.post(byPhone, full.importBody("1001", phone)), http.StatusBadRequest, "INVALID_REQUEST", "手机号未绑定微信号\uff0c无法导入")
}

func TestAnExistingCardIsRefused(t *testing.T) {
	const imported, phoneOrCode = "该手机号已被导入过", "该手机号或会员卡code已存在"
	for name, tc := range map[string]struct {
		options                               mockserver.Options
		again, otherCode, otherPhone, another string // messages; "" when it is fine
	}{
		"per template":  {mockserver.Options{}, phoneOrCode, imported, phoneOrCode, ""},
		"per brand":     {mockserver.Options{PhoneScope: mockserver.PhonePerBrand}, phoneOrCode, imported, phoneOrCode, imported},
		"one message":   {mockserver.Options{ExistsMessage: mockserver.ExistsAlwaysImported}, imported, imported, imported, ""},
		"other message": {mockserver.Options{ExistsMessage: mockserver.ExistsAlwaysPhoneOrCode}, phoneOrCode, phoneOrCode, phoneOrCode, ""},
	} {
		t.Run(name, func(t *testing.T) {
			m := start(t, tc.options)
			m.server.SetTemplate(mockserver.Template{BrandID: brand, CardID: "pbAnother"})
			m.mustImport("1001", phone)
			another := m.importBody("1001", phone)
			another["card_id"] = "pbAnother"
			for _, attempt := range []struct {
				what, message string
				body          body
			}{
				{"the same", tc.again, m.importBody("1001", phone)},
				{"another code", tc.otherCode, m.importBody("1002", phone)},
				{"another code, another spelling", tc.otherCode, m.importBody("1002", "+86"+phone)},
				{"another phone", tc.otherPhone, m.importBody("1001", otherPhone)},
				{"another template", tc.another, another},
			} {
				got := m.post(byPhone, attempt.body)
				if attempt.message == "" {
					if got.status != http.StatusOK {
						t.Errorf("%s: %d %s", attempt.what, got.status, got.raw)
					}
					continue
				}
				wantRefused(t, got, http.StatusBadRequest, "INVALID_REQUEST", attempt.message)
				if _, ok := got.json["openid"]; ok {
					t.Error("the error contains an openid")
				}
			}
		})
	}
}

func TestMembersOfAnotherBrandDoNotConflict(t *testing.T) {
	m := start(t, mockserver.Options{PhoneScope: mockserver.PhonePerBrand})
	m.server.SetTemplate(mockserver.Template{BrandID: "1005", CardID: "pbOther"})
	m.mustImport("1001", phone)
	b := m.importBody("1001", phone)
	b["brand_id"], b["card_id"] = "1005", "pbOther"
	if got := m.post(byPhone, b); got.status != http.StatusOK {
		t.Errorf("%d %s", got.status, got.raw)
	}
}

func TestInvalidCardMayFreeItsPhone(t *testing.T) {
	for name, frees := range map[string]bool{"keeps": false, "frees": true} {
		t.Run(name, func(t *testing.T) {
			m := start(t, mockserver.Options{InvalidCardFreesPhone: frees})
			openID := m.mustImport("1001", phone).text("openid")
			m.invalidate("1001", openID, body{})
			got := m.post(byPhone, m.importBody("1002", phone))
			if frees != (got.status == http.StatusOK) {
				t.Errorf("%d %s", got.status, got.raw)
			}
		})
	}
}

func TestModifyRefusesAPhoneThatIsInUse(t *testing.T) {
	m := start(t, mockserver.Options{})
	m.mustImport("1001", phone)
	openID := m.mustImport("1002", otherPhone).text("openid")
	wantRefused(t, m.modify("1002", openID, body{"phone_number": m.encrypt(phone)}),
		http.StatusBadRequest, "INVALID_REQUEST", "该手机号或会员卡code已存在")
	if got := m.modify("1002", openID, body{"phone_number": m.encrypt(otherPhone)}); got.status != http.StatusOK {
		t.Errorf("its own phone number: %d %s", got.status, got.raw)
	}
}

func TestAnswersOmitWhatOptionsSay(t *testing.T) {
	m := start(t, mockserver.Options{OmitPhone: true, OmitUserInformation: true})
	b := m.importBody("1001", phone)
	b["user_information"] = body{"common_field_list": []body{{"name": "USER_FORM_FLAG_CITY", "value": m.encrypt("深圳")}}}
	got := m.post(byPhone, b)
	for _, name := range []string{"phone_number", "user_information"} {
		if _, ok := got.json[name]; ok || got.status != http.StatusOK {
			t.Errorf("%s: %d %s", name, got.status, got.raw)
		}
	}
}

func TestTimesAreWrittenAsOptionsSay(t *testing.T) {
	for name, tc := range map[string]struct {
		precision       mockserver.TimePrecision
		pickup, created string
	}{
		"as given":     {mockserver.TimeAsGiven, "2020-05-20T05:29:35.120+00:00", "2025-06-22T12:00:00+00:00"},
		"seconds":      {mockserver.TimeSeconds, "2020-05-20T05:29:35+00:00", "2025-06-22T12:00:00+00:00"},
		"milliseconds": {mockserver.TimeMilliseconds, "2020-05-20T05:29:35.120+00:00", "2025-06-22T12:00:00.123+00:00"},
	} {
		t.Run(name, func(t *testing.T) {
			m := start(t, mockserver.Options{TimePrecision: tc.precision, TimeZone: time.UTC})
			m.clock.add(123 * time.Millisecond)
			b := m.importBody("1001", phone)
			b["pickup_time"] = "2020-05-20T13:29:35.120+08:00"
			got := m.post(byPhone, b)
			if got.text("pickup_time") != tc.pickup || got.text("create_time") != tc.created {
				t.Errorf("%s", got.raw)
			}
		})
	}
}

func TestPickupTimeMayBeIgnoredUnlessFixTerm(t *testing.T) {
	m := start(t, mockserver.Options{PickupTimeForFixTermOnly: true, ModifyTakesPickupTime: true})
	b := m.importBody("1001", phone)
	b["pickup_time"] = "2020-05-20T13:29:35+08:00"
	got := m.post(byPhone, b)
	if got.text("pickup_time") != got.text("create_time") {
		t.Errorf("%s", got.raw)
	}
	got = m.modify("1001", got.text("openid"), body{"pickup_time": "2021-05-20T13:29:35+08:00"})
	if got.status != http.StatusOK || got.text("pickup_time") != got.text("create_time") {
		t.Errorf("%d %s", got.status, got.raw)
	}
	b = m.importBody("1001", phone)
	b["card_id"], b["pickup_time"] = mockserver.TemplateFixTerm, "2025-05-20T13:29:35+08:00"
	if got := m.post(byPhone, b); got.text("pickup_time") != "2025-05-20T13:29:35+08:00" {
		t.Errorf("%d %s", got.status, got.raw)
	}
}

func TestListsMayBeAnsweredInReverseOrder(t *testing.T) {
	m := start(t, mockserver.Options{ReverseLists: true})
	b := m.importBody("1001", phone)
	b["user_information"] = body{"custom_field_list": []body{{"name": "喜欢的运动", "user_chosen_values": []string{m.encrypt("篮球"), m.encrypt("游泳")}}}}
	information := m.post(byPhone, b).json["user_information"].(map[string]any)
	chosen := information["custom_field_list"].([]any)[0].(map[string]any)["user_chosen_values"].([]any)
	if m.decrypt(chosen[0]) != "游泳" || m.decrypt(chosen[1]) != "篮球" {
		t.Errorf("chosen values: %v", chosen)
	}
}

func TestTemplateMayFillInACard(t *testing.T) {
	m := start(t, mockserver.Options{FillFromTemplate: true})
	m.server.SetTemplate(mockserver.Template{BrandID: brand, CardID: "pbLevel", InitLevel: "银", CardColor: "#10AD61"})
	b := m.importBody("1001", phone)
	b["card_id"], b["card_color"] = "pbLevel", "#FFFF00"
	if got := m.post(byPhone, b); got.text("level") != "银" || got.text("card_color") != "#FFFF00" {
		t.Errorf("%d %s", got.status, got.raw)
	}
}
