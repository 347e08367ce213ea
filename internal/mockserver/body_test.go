// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

func TestBodyFieldsAreChecked(t *testing.T) {
	m := start(t, mockserver.Options{})
	common := func(name, value any) body {
		return body{"common_field_list": []any{body{"name": name, "value": value}}}
	}
	custom := func(name string, values ...string) body {
		encrypted := []string{}
		for _, value := range values {
			encrypted = append(encrypted, m.encrypt(value))
		}
		return body{"custom_field_list": []body{{"name": name, "user_chosen_values": encrypted}}}
	}
	for name, tc := range map[string]struct {
		field string
		value any    // of the body's field
		at    string // what is refused, when it is not the field itself
	}{
		"unknown field":             {field: "attach", value: "note"},
		"brand_id null":             {field: "brand_id", value: nil},
		"brand_id empty":            {field: "brand_id", value: ""},
		"brand_id a number":         {field: "brand_id", value: 1004},
		"brand_id too long":         {field: "brand_id", value: strings.Repeat("1", 33)},
		"card_id too long":          {field: "card_id", value: strings.Repeat("p", 33)},
		"code too long":             {field: "user_card_code", value: strings.Repeat("1", 33)},
		"code with a space":         {field: "user_card_code", value: "10 01"},
		"code in Chinese":           {field: "user_card_code", value: "会员一"},
		"code full-width":           {field: "user_card_code", value: "１００１"},
		"phone plain":               {field: "phone_number", value: phone},
		"phone of another base64":   {field: "phone_number", value: strings.Repeat("A", 343) + "="},
		"phone too long":            {field: "phone_number", value: strings.Repeat("A", 513)},
		"phone for another key":     {field: "phone_number", value: m.encryptWith(&m.keys.PlatformKey.PublicKey, phone)},
		"phone not a phone":         {field: "phone_number", value: m.encrypt("138-0013-8000")},
		"phone too short":           {field: "phone_number", value: m.encrypt("1380013800")},
		"color not hexadecimal":     {field: "card_color", value: "#GGGGGG"},
		"color too long":            {field: "card_color", value: "#10AD61FF"},
		"picture not a URL":         {field: "card_picture_url", value: "picture.png"},
		"picture by FTP":            {field: "card_picture_url", value: "ftp://wxpaylogo.qpic.cn/picture.png"},
		"picture too long":          {field: "card_picture_url", value: "https://wxpaylogo.qpic.cn/" + strings.Repeat("p", 256)},
		"level too long":            {field: "level", value: strings.Repeat("钻", 11)},
		"level of four UTF-8 bytes": {field: "level", value: "💎"},
		"level a list":              {field: "level", value: []string{"金"}},
		"pickup without an offset":  {field: "pickup_time", value: "2020-05-20T13:29:35"},
		"pickup a date":             {field: "pickup_time", value: "2020-05-20"},
		"pickup too long":           {field: "pickup_time", value: "2020-05-20T13:29:35.1200000+08:00"},
		"pickup at T9":              {field: "pickup_time", value: "2020-05-20T9:29:35+08:00"},
		"pickup with a comma":       {field: "pickup_time", value: "2020-05-20T13:29:35,120+08:00"},
		"pickup a day off":          {field: "pickup_time", value: "2020-05-20T13:29:35+24:00"},
		"validity a text":           {field: "valid_date_information", value: "PERMANENT"},
		"validity without a type":   {field: "valid_date_information", value: body{}, at: "/type"},
		"validity of no type":       {field: "valid_date_information", value: body{"type": "FOREVER"}, at: "/type"},
		"days a text":               {field: "valid_date_information", value: body{"type": "PERMANENT", "available_day_after_receive": "30"}, at: "/available_day_after_receive"},
		"days a fraction":           {field: "valid_date_information", value: body{"type": "PERMANENT", "available_day_after_receive": 1.5}, at: "/available_day_after_receive"},
		"null inside":               {field: "valid_date_information", value: body{"type": nil}, at: "/type"},
		"user information a list":   {field: "user_information", value: []string{}},
		"common list an object":     {field: "user_information", value: body{"common_field_list": body{}}, at: "/common_field_list"},
		"common field unknown":      {field: "user_information", value: common("USER_FORM_FLAG_HOBBY", m.encrypt("x")), at: "/common_field_list/0/name"},
		"common value plain":        {field: "user_information", value: common("USER_FORM_FLAG_CITY", "深圳"), at: "/common_field_list/0/value"},
		"common value missing":      {field: "user_information", value: body{"common_field_list": []body{{"name": "USER_FORM_FLAG_CITY"}}}, at: "/common_field_list/0/value"},
		"custom field unknown":      {field: "user_information", value: custom("星座", "白羊"), at: "/custom_field_list/0/name"},
		"custom choice unknown":     {field: "user_information", value: custom("喜欢的运动", "篮球", "乒乓"), at: "/custom_field_list/0/user_chosen_values/1"},
		"custom choice twice":       {field: "user_information", value: custom("喜欢的运动", "篮球", "篮球"), at: "/custom_field_list/0/user_chosen_values/1"},
		"no custom choice":          {field: "user_information", value: custom("喜欢的运动"), at: "/custom_field_list/0/user_chosen_values"},
		"two choices of a radio":    {field: "user_information", value: custom("常去门店", "南山店", "福田店"), at: "/custom_field_list/0/user_chosen_values"},
		"custom choice plain": {
			field: "user_information", at: "/custom_field_list/0/user_chosen_values/0",
			value: body{"custom_field_list": []body{{"name": "喜欢的运动", "user_chosen_values": []string{"篮球"}}}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			b := m.importBody("1001", phone)
			b[tc.field] = tc.value
			got := m.post(byPhone, b)
			detail := wantParameter(t, got, "/body/"+tc.field+tc.at)
			if detail["location"] != "body" || detail["issue"] == "" {
				t.Errorf("detail: %v", detail)
			}
			if text, ok := tc.value.(string); ok && detail["value"] != text {
				t.Errorf("echoed %v, submitted %v", detail["value"], text)
			}
		})
	}
	if len(m.server.Cards()) != 0 {
		t.Error("a refused import made a card")
	}
}

func TestErrorDetailSaysWhatIsWrong(t *testing.T) {
	m := start(t, mockserver.Options{})
	for name, tc := range map[string]struct {
		field, issue string
		value        any
	}{
		"null text":    {"level", "is null", nil},
		"null object":  {"user_information", "is null", nil},
		"missing":      {"", "is missing", nil},
		"enumeration":  {"valid_date_information", "is not one of FIX_TIME_RANGE FIX_TERM PERMANENT", body{"type": "permanent"}},
		"common field": {"user_information", "is not one of USER_FORM_FLAG_SEX", body{"common_field_list": []body{{"name": "SEX", "value": m.encrypt("男")}}}},
		"plain":        {"phone_number", "is not encrypted", phone},
		"other key":    {"phone_number", "cannot be decrypted", m.encryptWith(&m.keys.PlatformKey.PublicKey, phone)},
		"no phone":     {"phone_number", "is not a phone number", m.encrypt("phone")},
	} {
		t.Run(name, func(t *testing.T) {
			b := m.importBody("1001", phone)
			b[tc.field] = tc.value
			if tc.field == "" {
				b = body{}
			}
			got := m.post(byPhone, b)
			detail, _ := got.json["detail"].(map[string]any)
			issue, _ := detail["issue"].(string)
			if got.status != http.StatusBadRequest || !strings.HasPrefix(issue, tc.issue) {
				t.Errorf("%d %s, want the issue %q", got.status, got.raw, tc.issue)
			}
			if strings.Contains(string(got.raw), phone) && name != "plain" {
				t.Errorf("the decrypted phone number is in the answer: %s", got.raw)
			}
		})
	}
}

func TestRequiredFieldsAreRequired(t *testing.T) {
	m := start(t, mockserver.Options{})
	for _, name := range []string{"brand_id", "card_id", "user_card_code", "phone_number"} {
		t.Run(name, func(t *testing.T) {
			b := m.importBody("1001", phone)
			delete(b, name)
			wantParameter(t, m.post(byPhone, b), "/body/"+name)
		})
	}
}

func TestLengthsAreInCharacters(t *testing.T) {
	m := start(t, mockserver.Options{})
	b := m.importBody("1001", phone)
	b["level"] = strings.Repeat("钻", 10)
	if got := m.post(byPhone, b); got.status != http.StatusOK {
		t.Errorf("ten characters of three bytes: %d %s", got.status, got.raw)
	}
}

func TestTextsOfFullLengthAreAccepted(t *testing.T) {
	m := start(t, mockserver.Options{})
	code := strings.Repeat("1", 32)
	picture := "https://wxpaylogo.qpic.cn/"
	b := m.importBody(code, phone)
	b["card_picture_url"] = picture + strings.Repeat("p", 256-len(picture))
	b["pickup_time"] = "2020-05-20T13:29:35.120000+08:00"
	got := m.post(byPhone, b)
	if got.status != http.StatusOK {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	if got := m.modify(code, got.text("openid"), body{"attach": strings.Repeat("注", 256)}); got.status != http.StatusOK {
		t.Errorf("%d %s", got.status, got.raw)
	}
	if got := m.invalidate(code, got.text("openid"), body{"invalid_reason": strings.Repeat("因", 32)}); got.status != http.StatusOK {
		t.Errorf("%d %s", got.status, got.raw)
	}
}

func TestJSONIsChecked(t *testing.T) {
	m := start(t, mockserver.Options{})
	good := string(m.encode(m.importBody("1001", phone)))
	for name, payload := range map[string]string{
		"no body":           "",
		"cut":               good[:len(good)-1],
		"more after it":     good + "{}",
		"a list":            "[" + good + "]",
		"a text":            `"1001"`,
		"null":              "null",
		"a name twice":      strings.Replace(good, "{", `{"brand_id":"1004",`, 1),
		"no quotes":         `{brand_id:"1004"}`,
		"not UTF-8":         strings.Replace(good, "{", "{\"level\":\"\xff\xfe\",", 1),
		"escaped surrogate": strings.Replace(good, "1001", `\ud83d\ude00`, 1),
		"deep":              strings.Repeat("[", 20000),
	} {
		t.Run(name, func(t *testing.T) {
			wantRefused(t, m.do(m.request(http.MethodPost, byPhone, []byte(payload))), http.StatusBadRequest, "PARAM_ERROR", "")
		})
	}
}

func TestEscapedJSONMeansTheSame(t *testing.T) {
	m := start(t, mockserver.Options{})
	var spaced []byte
	spaced, err := json.MarshalIndent(m.importBody("1001", phone), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	escaped := strings.Replace(string(spaced), `"1001"`, `"10\u0030\u0031"`, 1)
	if got := m.do(m.request(http.MethodPost, byPhone, []byte(escaped))); got.status != http.StatusOK {
		t.Errorf("%d %s", got.status, got.raw)
	}
}

func TestTooLargeBodyIsRefused(t *testing.T) {
	m := start(t, mockserver.Options{})
	payload := append(m.encode(m.importBody("1001", phone)), strings.Repeat(" ", 1<<20)...)
	wantRefused(t, m.do(m.request(http.MethodPost, byPhone, payload)), http.StatusBadRequest, "INVALID_REQUEST", "")
}

func TestBodyOfACallWithoutBodyIsRefused(t *testing.T) {
	m := start(t, mockserver.Options{})
	r := m.request(http.MethodGet, cardTarget("1001", "oSample"), []byte(`{}`))
	wantRefused(t, m.do(r), http.StatusBadRequest, "INVALID_REQUEST", "")
}

func TestQueryIsChecked(t *testing.T) {
	m := start(t, mockserver.Options{})
	get := url.Values{"brand_id": {brand}, "card_id": {mockserver.TemplatePermanent}, "openid": {"oSample"}}
	list := url.Values{"brand_id": {brand}, "openid": {"oSample"}, "offset": {"0"}, "limit": {"20"}}
	for name, tc := range map[string]struct {
		path      string
		query     url.Values
		parameter string
		value     []string
	}{
		"get without brand":      {userCards + "/1001", get, "brand_id", nil},
		"get without card":       {userCards + "/1001", get, "card_id", nil},
		"get without openid":     {userCards + "/1001", get, "openid", nil},
		"get with empty openid":  {userCards + "/1001", get, "openid", []string{""}},
		"get with long openid":   {userCards + "/1001", get, "openid", []string{strings.Repeat("o", 129)}},
		"get with more":          {userCards + "/1001", get, "appid", []string{"wx"}},
		"get with openid twice":  {userCards + "/1001", get, "openid", []string{"a", "b"}},
		"list without offset":    {userCards, list, "offset", nil},
		"list without limit":     {userCards, list, "limit", nil},
		"list from below zero":   {userCards, list, "offset", []string{"-1"}},
		"list of none":           {userCards, list, "limit", []string{"0"}},
		"list of twenty-one":     {userCards, list, "limit", []string{"21"}},
		"list of some":           {userCards, list, "limit", []string{"some"}},
		"list of unknown state":  {userCards, list, "user_card_state", []string{"LOST"}},
		"list without openid":    {userCards, list, "openid", nil},
		"template without brand": {"/v3/brand/partner/card-member/cards/x", url.Values{}, "brand_id", nil},
		"template of long brand": {"/v3/brand/partner/card-member/cards/x", url.Values{}, "brand_id", []string{strings.Repeat("1", 33)}},
		"brand of four bytes":    {"/v3/brand/partner/card-member/cards/x", url.Values{}, "brand_id", []string{"💎"}},
	} {
		t.Run(name, func(t *testing.T) {
			query := maps.Clone(tc.query)
			query[tc.parameter] = tc.value
			got := m.call(http.MethodGet, tc.path+"?"+query.Encode(), nil)
			if detail := wantParameter(t, got, "/query/"+tc.parameter); detail["location"] != "query" {
				t.Errorf("detail: %v", detail)
			}
		})
	}
	wantParameter(t, m.call(http.MethodGet, userCards+"/10%2001?"+get.Encode(), nil), "/path/user_card_code")
	wantParameter(t, m.call(http.MethodGet, userCards+"/"+strings.Repeat("1", 33)+"?"+get.Encode(), nil), "/path/user_card_code")
	wantParameter(t, m.call(http.MethodGet, userCards+"/1001?a=%zz", nil), "/query")
	wantParameter(t, m.post(byPhone+"?brand_id=1004", m.importBody("1001", phone)), "/query/brand_id")
}

func TestModifyAndInvalidateCheckTheirBodies(t *testing.T) {
	m := start(t, mockserver.Options{})
	openID := m.mustImport("1001", phone).text("openid")
	wantParameter(t, m.modify("1001", openID, body{"user_card_code": "1002"}), "/body/user_card_code")
	wantParameter(t, m.modify("1001", openID, body{"level": ""}), "/body/level")
	wantParameter(t, m.modify("1001", openID, body{"attach": strings.Repeat("注", 257)}), "/body/attach")
	wantParameter(t, m.modify("1001", openID, body{"phone_number": phone}), "/body/phone_number")
	wantParameter(t, m.modify("1001", openID, body{"pickup_time": "2030-01-01T00:00:00+08:00"}), "/body/pickup_time")
	wantParameter(t, m.modify("1001", openID, body{"valid_date_information": body{"type": "FIX_TERM", "available_day_after_receive": 3}}),
		"/body/valid_date_information/type")
	wantParameter(t, m.call(http.MethodPatch, modifyTarget("1001"), body{"brand_id": brand, "level": "金"}), "/body/openid")
	wantParameter(t, m.invalidate("1001", openID, body{"invalid_reason": strings.Repeat("因", 33)}), "/body/invalid_reason")
	wantParameter(t, m.invalidate("1001", openID, body{"reason": "离职"}), "/body/reason")
	wantParameter(t, m.call(http.MethodPatch, userCards+"/1001", body{"brand_id": brand, "openid": openID}), "/query/card_id")
}

func TestEmptyTextMayClear(t *testing.T) {
	m := start(t, mockserver.Options{EmptyTextClears: true})
	b := m.importBody("1001", phone)
	b["level"] = "金"
	openID := m.post(byPhone, b).text("openid")
	got := m.modify("1001", openID, body{"level": ""})
	if _, ok := got.json["level"]; ok || got.status != http.StatusOK {
		t.Errorf("%d %s", got.status, got.raw)
	}
}
