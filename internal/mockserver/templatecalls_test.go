// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

const (
	templates = "/v3/brand/partner/card-member/cards"
	picture   = "https://wxpaylogo.qpic.cn/wxpaylogo/sample/0"
)

// templateBody is what the creation of a template needs, and no more.
func templateBody(outRequestNo string) body {
	return body{
		"out_request_no": outRequestNo, "brand_id": brand, "appid": "wx8888888888888888", "card_type": "NORMAL",
		"card_title": "黑金会员卡", "card_color": "#10AD61", "card_picture_url": picture, "code_mode": "MERCHANT_ALLOCATE",
		"code_type": "QR_CODE", "benefits": "每月一张优惠券", "notify_url": "https://example.com/notify",
		"valid_date_information": body{"type": "PERMANENT"},
	}
}

// wholeTemplateBody sets every field.
func wholeTemplateBody() body {
	b := templateBody("1004_20250622-1")
	maps.Copy(b, body{
		"code_type":             "JUMP_MINI_PROGRAM",
		"code_jump_information": body{"jump_appid": "wx1", "jump_path": "pages/code"},
		"need_pinned":           true, "need_display_level": true, "init_level": "银卡", "service_phone": "4001234567",
		"legal_agreement":        strings.Repeat("约", 20480),
		"valid_date_information": body{"type": "FIX_TERM", "available_day_after_receive": 10958.0},
		"member_information":     body{"jump_appid": "wx2", "jump_path": "pages/member"},
		"points_information":     body{"jump_appid": "wx3"},
		"balance_information":    body{"jump_path": "pages/balance"},
		"purchase_information":   body{"price": 5000000000.0, "jump_appid": "wx4", "jump_path": "pages/buy"},
		"user_information": body{
			"common_field_list": []any{"USER_FORM_FLAG_NAME", "USER_FORM_FLAG_CITY"},
			"custom_field_list": []any{body{"type": "CHECK_BOX", "name": "喜欢的运动", "values": []any{"篮球", "足球"}}},
		},
	})
	return b
}

func (m *merchant) mustCreateTemplate(b body) reply {
	m.t.Helper()
	got := m.post(templates, b)
	if got.status != http.StatusOK || got.text("card_id") == "" {
		m.t.Fatalf("creation: %d %s", got.status, got.raw)
	}
	return got
}

func (m *merchant) getTemplate(cardID string) reply {
	m.t.Helper()
	return m.call(http.MethodGet, templates+"/"+cardID+"?brand_id="+brand, nil)
}

func (m *merchant) modifyTemplate(cardID string, change body) reply {
	m.t.Helper()
	change["brand_id"] = brand
	return m.call(http.MethodPatch, templates+"/"+cardID, change)
}

func (m *merchant) invalidateTemplate(cardID string) reply {
	m.t.Helper()
	return m.post(templates+"/"+cardID+"/invalidate", body{"brand_id": brand})
}

func (m *merchant) listTemplates(more string) reply {
	m.t.Helper()
	return m.call(http.MethodGet, templates+"?brand_id="+brand+more, nil)
}

// ids are the card_ids of a list of templates.
func (r reply) ids() []string {
	list := []string{}
	data, _ := r.json["data"].([]any)
	for _, element := range data {
		template, _ := element.(map[string]any)
		id, _ := template["card_id"].(string)
		list = append(list, id)
	}
	return list
}

// none is a server without a template.
func none(options mockserver.Options) mockserver.Options {
	options.Templates = []mockserver.Template{}
	return options
}

// same compares decoded JSON with a body.
func same(got any, want any) bool {
	switch want := want.(type) {
	case body:
		return same(got, map[string]any(want))
	case map[string]any:
		object, ok := got.(map[string]any)
		if !ok || len(object) != len(want) {
			return false
		}
		for name, value := range want {
			if !same(object[name], value) {
				return false
			}
		}
		return true
	case []any:
		list, ok := got.([]any)
		return ok && slices.EqualFunc(list, want, same)
	}
	return reflect.DeepEqual(got, want)
}

func TestCreatedTemplateIsAnsweredAndReadAsItWasSent(t *testing.T) {
	m := start(t, none(mockserver.Options{}))
	sent := wholeTemplateBody()
	got := m.mustCreateTemplate(sent)
	id := got.text("card_id")
	if len(id) > 32 {
		t.Errorf("card_id %q", id)
	}
	want := maps.Clone(sent)
	maps.Copy(want, body{
		"card_id": id, "state": "CARD_EFFECTIVE",
		"create_time": "2025-06-22T20:00:00+08:00", "modify_time": "2025-06-22T20:00:00+08:00",
	})
	if !same(map[string]any(got.json), want) {
		t.Errorf("answered %s", got.raw)
	}
	if read := m.getTemplate(id); !reflect.DeepEqual(read.json, got.json) {
		t.Errorf("read %d %s", read.status, read.raw)
	}
	stored, ok := m.server.Template(id)
	if !ok || *stored.PurchaseInformation.Price != 5000000000 || stored.UserInformation.CustomFields[0].Values[1] != "足球" {
		t.Errorf("stored: %+v", stored)
	}
	if another := m.mustCreateTemplate(templateBody("2")); another.text("card_id") == id {
		t.Error("two templates of one id")
	}
}

func TestTemplateCreationIsChecked(t *testing.T) {
	m := start(t, none(mockserver.Options{}))
	missing := body{} // stands for a field that is left out
	form := func(more body) body {
		b := body{"type": "RADIO", "name": "常去门店", "values": []any{"南山店", "福田店"}}
		maps.Copy(b, more)
		return body{"custom_field_list": []any{b}}
	}
	long := func(n int) string { return strings.Repeat("长", n) }
	for name, tc := range map[string]struct {
		field string
		value any
		at    string // what is refused, when it is not the field itself
	}{
		"no number":                 {"out_request_no", missing, ""},
		"number of other letters":   {"out_request_no", "第一", ""},
		"number with a dot":         {"out_request_no", "1004.1", ""},
		"number too long":           {"out_request_no", strings.Repeat("1", 129), ""},
		"no brand":                  {"brand_id", missing, ""},
		"no appid":                  {"appid", missing, ""},
		"appid too long":            {"appid", strings.Repeat("w", 33), ""},
		"no card type":              {"card_type", missing, ""},
		"card type unknown":         {"card_type", "GOLD", ""},
		"no title":                  {"card_title", missing, ""},
		"title empty":               {"card_title", "", ""},
		"title too long":            {"card_title", long(11), ""},
		"no color":                  {"card_color", missing, ""},
		"color":                     {"card_color", "green", ""},
		"no picture":                {"card_picture_url", missing, ""},
		"picture too long":          {"card_picture_url", picture + strings.Repeat("p", 256), ""},
		"no code mode":              {"code_mode", missing, ""},
		"code mode unknown":         {"code_mode", "REAL_TIME", ""},
		"no code type":              {"code_type", missing, ""},
		"code type of the old":      {"code_type", "QRCODE", ""},
		"jump without a target":     {"code_type", "JUMP_MINI_PROGRAM", "/body/code_jump_information"},
		"no benefits":               {"benefits", missing, ""},
		"benefits too long":         {"benefits", long(33), ""},
		"no notify URL":             {"notify_url", missing, ""},
		"notify URL plain":          {"notify_url", "http://example.com/notify", ""},
		"pinned a text":             {"need_pinned", "true", ""},
		"level not shown":           {"need_display_level", 1, ""},
		"level without a first":     {"need_display_level", true, "/body/init_level"},
		"level too long":            {"init_level", long(11), ""},
		"service phone too long":    {"service_phone", strings.Repeat("1", 33), ""},
		"service phone empty":       {"service_phone", "", ""},
		"agreement too long":        {"legal_agreement", long(20481), ""},
		"no validity":               {"valid_date_information", missing, ""},
		"validity without a type":   {"valid_date_information", body{}, "/body/valid_date_information/type"},
		"term without days":         {"valid_date_information", body{"type": "FIX_TERM"}, "/body/valid_date_information/available_day_after_receive"},
		"term of no days":           {"valid_date_information", body{"type": "FIX_TERM", "available_day_after_receive": 0}, "/body/valid_date_information/available_day_after_receive"},
		"term of 30 years and one":  {"valid_date_information", body{"type": "FIX_TERM", "available_day_after_receive": 10959}, "/body/valid_date_information/available_day_after_receive"},
		"range without an end":      {"valid_date_information", body{"type": "FIX_TIME_RANGE", "available_begin_time": "2025-01-01T00:00:00+08:00"}, "/body/valid_date_information/available_end_time"},
		"range that ends before":    {"valid_date_information", body{"type": "FIX_TIME_RANGE", "available_begin_time": "2025-01-01T00:00:00+08:00", "available_end_time": "2024-01-01T00:00:00+08:00"}, "/body/valid_date_information/available_end_time"},
		"jump appid too long":       {"member_information", body{"jump_appid": strings.Repeat("w", 33)}, "/body/member_information/jump_appid"},
		"jump path too long":        {"points_information", body{"jump_path": strings.Repeat("p", 129)}, "/body/points_information/jump_path"},
		"jump unknown":              {"balance_information", body{"jump_url": "pages"}, "/body/balance_information/jump_url"},
		"price where there is none": {"balance_information", body{"price": 1}, "/body/balance_information/price"},
		"price negative":            {"purchase_information", body{"price": -1}, "/body/purchase_information/price"},
		"price a text":              {"purchase_information", body{"price": "1"}, "/body/purchase_information/price"},
		"common field unknown":      {"user_information", body{"common_field_list": []any{"USER_FORM_FLAG_MOBILE"}}, "/body/user_information/common_field_list/0"},
		"common field as of cards":  {"user_information", body{"common_field_list": []any{body{"name": "USER_FORM_FLAG_CITY"}}}, "/body/user_information/common_field_list/0"},
		"common field twice":        {"user_information", body{"common_field_list": []any{"USER_FORM_FLAG_CITY", "USER_FORM_FLAG_CITY"}}, "/body/user_information/common_field_list/1"},
		"two custom fields":         {"user_information", body{"custom_field_list": append(form(nil)["custom_field_list"].([]any), form(body{"name": "b"})["custom_field_list"].([]any)...)}, "/body/user_information/custom_field_list"},
		"custom type of the old":    {"user_information", form(body{"type": "TEXT"}), "/body/user_information/custom_field_list/0/type"},
		"custom name too long":      {"user_information", form(body{"name": long(33)}), "/body/user_information/custom_field_list/0/name"},
		"custom without values":     {"user_information", form(body{"values": []any{}}), "/body/user_information/custom_field_list/0/values"},
		"custom of eleven values":   {"user_information", form(body{"values": []any{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"}}), "/body/user_information/custom_field_list/0/values"},
		"custom value too long":     {"user_information", form(body{"values": []any{long(9)}}), "/body/user_information/custom_field_list/0/values/0"},
		"custom value twice":        {"user_information", form(body{"values": []any{"a", "a"}}), "/body/user_information/custom_field_list/0/values/1"},
		"of a card, not of a form":  {"user_information", form(body{"user_chosen_values": []any{"a"}}), "/body/user_information/custom_field_list/0/user_chosen_values"},
		"an unknown field":          {"deletion_policy", "prevent", ""},
		"an answer's field":         {"state", "CARD_EFFECTIVE", ""},
	} {
		t.Run(name, func(t *testing.T) {
			b := templateBody("1")
			b[tc.field] = tc.value
			if reflect.DeepEqual(tc.value, missing) && tc.field != "valid_date_information" || name == "no validity" {
				delete(b, tc.field)
			}
			at := tc.at
			if at == "" {
				at = "/body/" + tc.field
			}
			wantParameter(t, m.post(templates, b), at)
			if made := m.server.Templates(); len(made) != 0 {
				t.Errorf("made %+v", made)
			}
		})
	}
	for _, cardType := range []string{"PURCHASE", "BALANCE"} {
		b := templateBody("1")
		b["card_type"] = cardType
		wantRefused(t, m.post(templates, b), http.StatusBadRequest, "INVALID_REQUEST", "会员卡类型目前仅支持NORMAL")
	}
	withBody := m.call(http.MethodGet, templates+"?brand_id="+brand+"&offset=0&limit=1", body{"brand_id": brand})
	wantRefused(t, withBody, http.StatusBadRequest, "INVALID_REQUEST", "")
}

func TestLongestTextsOfATemplateAreTaken(t *testing.T) {
	m := start(t, none(mockserver.Options{}))
	b := templateBody(strings.Repeat("n", 128))
	maps.Copy(b, body{
		"appid": strings.Repeat("w", 32), "card_title": strings.Repeat("长", 10), "benefits": strings.Repeat("长", 32),
		"service_phone": strings.Repeat("1", 32), "init_level": strings.Repeat("长", 10),
		"notify_url":         "https://example.com/" + strings.Repeat("p", 236),
		"member_information": body{"jump_appid": strings.Repeat("w", 32), "jump_path": strings.Repeat("p", 128)},
		"user_information": body{"custom_field_list": []any{body{
			"type": "RADIO", "name": strings.Repeat("长", 32),
			"values": []any{"1", "2", "3", "4", "5", "6", "7", "8", "9", strings.Repeat("长", 8)},
		}}},
	})
	m.mustCreateTemplate(b)
}

func TestOutRequestNoUsedAgain(t *testing.T) {
	for name, tc := range map[string]struct {
		option        mockserver.OutRequestNo
		again, differ int // the statuses of the same request and of another one
		made          int
	}{
		"idempotent": {mockserver.OutRequestNoIdempotent, 200, 400, 1},
		"ignored":    {mockserver.OutRequestNoIgnored, 200, 200, 3},
		"refused":    {mockserver.OutRequestNoRefused, 400, 400, 1},
	} {
		t.Run(name, func(t *testing.T) {
			m := start(t, none(mockserver.Options{OutRequestNo: tc.option}))
			first := m.mustCreateTemplate(templateBody("1")).text("card_id")
			again := m.post(templates, templateBody("1"))
			b := templateBody("1")
			b["benefits"] = "每周一张优惠券"
			differ := m.post(templates, b)
			if again.status != tc.again || differ.status != tc.differ || len(m.server.Templates()) != tc.made {
				t.Errorf("%d %s, %d %s, %d made", again.status, again.raw, differ.status, differ.raw, len(m.server.Templates()))
			}
			if same := again.text("card_id") == first; again.status == 200 && same != (tc.made == 1) {
				t.Errorf("%s after %s", again.raw, first)
			}
			b = templateBody("1")
			b["brand_id"] = "1005"
			if other := m.post(templates, b); other.status != 200 {
				t.Errorf("of another brand: %d %s", other.status, other.raw)
			}
		})
	}
}

func TestTemplatesAreListed(t *testing.T) {
	m := start(t, none(mockserver.Options{}))
	var made []string
	for i := range 25 {
		made = append(made, m.mustCreateTemplate(templateBody(fmt.Sprint(i))).text("card_id"))
	}
	other := templateBody("0")
	other["brand_id"] = "1005"
	m.mustCreateTemplate(other)
	m.invalidateTemplate(made[3])

	first, second := m.listTemplates("&offset=0&limit=20"), m.listTemplates("&offset=20&limit=20")
	if all := append(first.ids(), second.ids()...); !slices.Equal(all, made) {
		t.Errorf("listed %v, made %v", all, made)
	}
	if second.json["total_count"] != 25.0 || second.json["offset"] != 20.0 || second.json["limit"] != 20.0 {
		t.Errorf("%s", second.raw)
	}
	element := first.json["data"].([]any)[3]
	if read := m.getTemplate(made[3]); !reflect.DeepEqual(element, map[string]any(read.json)) {
		t.Errorf("listed %v, read %s", element, read.raw)
	}
	if invalid := m.listTemplates("&offset=0&limit=20&state=CARD_INVALID"); !slices.Equal(invalid.ids(), made[3:4]) || invalid.json["total_count"] != 1.0 {
		t.Errorf("invalid: %s", invalid.raw)
	}
	if effective := m.listTemplates("&offset=23&limit=20&state=CARD_EFFECTIVE"); !slices.Equal(effective.ids(), made[24:]) || effective.json["total_count"] != 24.0 {
		t.Errorf("effective: %s", effective.raw)
	}
	for query, field := range map[string]string{
		"&limit=20":                        "/query/offset",
		"&offset=0":                        "/query/limit",
		"&offset=-1&limit=20":              "/query/offset",
		"&offset=0&limit=0":                "/query/limit",
		"&offset=0&limit=21":               "/query/limit",
		"&offset=0&limit=20&state=INVALID": "/query/state",
		"&offset=0&limit=20&appid=wx1":     "/query/appid",
	} {
		wantParameter(t, m.listTemplates(query), field)
	}
	wantParameter(t, m.call(http.MethodGet, templates+"?offset=0&limit=20", nil), "/query/brand_id")
}

func TestEmptyListOfTemplates(t *testing.T) {
	for name, omit := range map[string]bool{"empty": false, "absent": true} {
		t.Run(name, func(t *testing.T) {
			m := start(t, none(mockserver.Options{OmitEmptyData: omit}))
			got := m.listTemplates("&offset=0&limit=20")
			data, present := got.json["data"]
			if got.status != http.StatusOK || present == omit || present && len(data.([]any)) != 0 || got.json["total_count"] != 0.0 {
				t.Errorf("%d %s", got.status, got.raw)
			}
		})
	}
}

func TestTemplateChangeTouchesOnlyWhatIsSent(t *testing.T) {
	m := start(t, none(mockserver.Options{}))
	made := m.mustCreateTemplate(wholeTemplateBody())
	id := made.text("card_id")
	for name, value := range (body{
		"card_title": "白金会员卡", "card_color": "#FFFFFF", "card_picture_url": picture + "1", "benefits": "新权益",
		"notify_url": "https://example.com/new", "need_pinned": false, "need_display_level": false, "service_phone": "4007654321",
		"code_jump_information":  body{"jump_appid": "wx9"},
		"valid_date_information": body{"type": "PERMANENT"},
		"member_information":     body{"jump_path": "pages/new"}, "points_information": body{"jump_appid": "wx9"},
		"balance_information": body{}, "purchase_information": body{"price": 0.0},
		"user_information": body{"common_field_list": []any{"USER_FORM_FLAG_SEX"}},
	}) {
		t.Run(name, func(t *testing.T) {
			m.clock.add(time.Second)
			before := m.getTemplate(id)
			got := m.modifyTemplate(id, body{name: value})
			if got.status != http.StatusOK || !same(got.json[name], value) {
				t.Fatalf("%d %s", got.status, got.raw)
			}
			if got.json["modify_time"] == before.json["modify_time"] {
				t.Error("modify_time stays")
			}
			if read := m.getTemplate(id); !reflect.DeepEqual(read.json, got.json) {
				t.Errorf("read %s", read.raw)
			}
			for _, r := range []reply{before, got} {
				delete(r.json, name)
				delete(r.json, "modify_time")
			}
			if !reflect.DeepEqual(before.json, got.json) {
				t.Errorf("was %v, is %v", before.json, got.json)
			}
		})
	}
}

func TestTemplateChangeIsChecked(t *testing.T) {
	m := start(t, none(mockserver.Options{}))
	id := m.mustCreateTemplate(wholeTemplateBody()).text("card_id")
	before := m.getTemplate(id)
	for name, value := range (body{
		"appid": "wx1", "card_type": "NORMAL", "code_mode": "SYSTEM_ALLOCATE", "code_type": "QR_CODE", "out_request_no": "2",
		"init_level": "金", "legal_agreement": "新", "card_id": id,
		"card_title": strings.Repeat("长", 11), "card_color": "green", "card_picture_url": "picture", "benefits": "",
		"notify_url": "http://example.com", "need_pinned": "no", "service_phone": "",
	}) {
		wantParameter(t, m.modifyTemplate(id, body{name: value}), "/body/"+name)
	}
	wantParameter(t, m.modifyTemplate(id, body{"valid_date_information": body{"type": "FIX_TERM"}}), "/body/valid_date_information/available_day_after_receive")
	wantParameter(t, m.call(http.MethodPatch, templates+"/"+id, body{"card_title": "新"}), "/body/brand_id")
	wantParameter(t, m.call(http.MethodPatch, templates+"/"+id+"?brand_id="+brand, body{"brand_id": brand}), "/query/brand_id")
	wantRefused(t, m.modifyTemplate("pbUnknown", body{"card_title": "新"}), http.StatusNotFound, "RESOURCE_NOT_EXISTS", "")
	wantRefused(t, m.call(http.MethodPatch, templates+"/"+id, body{"brand_id": "1005", "card_title": "新"}), http.StatusNotFound, "RESOURCE_NOT_EXISTS", "")
	if read := m.getTemplate(id); !reflect.DeepEqual(read.json, before.json) {
		t.Errorf("changed to %s", read.raw)
	}
}

func TestInvalidatedTemplate(t *testing.T) {
	m := start(t, none(mockserver.Options{}))
	id := m.mustCreateTemplate(templateBody("1")).text("card_id")
	b := m.importBody("1001", phone)
	b["card_id"] = id
	if got := m.post(byPhone, b); got.status != http.StatusOK {
		t.Fatalf("import: %d %s", got.status, got.raw)
	}
	wantParameter(t, m.post(templates+"/"+id+"/invalidate", body{}), "/body/brand_id")
	wantParameter(t, m.post(templates+"/"+id+"/invalidate", body{"brand_id": brand, "reason": "x"}), "/body/reason")
	wantRefused(t, m.post(templates+"/"+id+"/invalidate", body{"brand_id": "1005"}), http.StatusNotFound, "RESOURCE_NOT_EXISTS", "")
	wantRefused(t, m.invalidateTemplate("pbUnknown"), http.StatusNotFound, "RESOURCE_NOT_EXISTS", "")
	m.clock.add(time.Hour)
	got := m.invalidateTemplate(id)
	if got.status != http.StatusOK || got.text("state") != "CARD_INVALID" || got.text("modify_time") != "2025-06-22T21:00:00+08:00" {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	if read := m.getTemplate(id); !reflect.DeepEqual(read.json, got.json) {
		t.Errorf("read %s", read.raw)
	}
	wantRefused(t, m.invalidateTemplate(id), http.StatusBadRequest, "INVALID_REQUEST", "会员卡模版已失效")
	wantRefused(t, m.modifyTemplate(id, body{"card_title": "新"}), http.StatusBadRequest, "INVALID_REQUEST", "会员卡模版已失效")
	b["user_card_code"] = "1002"
	wantRefused(t, m.post(byPhone, b), http.StatusBadRequest, "INVALID_REQUEST", "会员卡模版已失效")
	if card, _ := m.server.Card(brand, id, "1001"); card.State != mockserver.StateEffective {
		t.Errorf("its card is %s", card.State)
	}
}

func TestOptionsOfTemplates(t *testing.T) {
	// A template of the brand, with a card, is there; each row does one thing differently.
	for name, tc := range map[string]struct {
		options mockserver.Options
		check   func(t *testing.T, m *merchant, id string)
	}{
		"update_time": {mockserver.Options{TemplateTimeName: mockserver.TemplateUpdateTime}, func(t *testing.T, m *merchant, id string) {
			got := m.getTemplate(id)
			if _, ok := got.json["modify_time"]; ok || got.text("update_time") == "" {
				t.Errorf("%s", got.raw)
			}
		}},
		"member information required": {mockserver.Options{RequireMemberInformation: true}, func(t *testing.T, m *merchant, _ string) {
			wantParameter(t, m.post(templates, templateBody("1")), "/body/member_information")
		}},
		"pictures uploaded": {mockserver.Options{PicturesMustBeUploaded: true}, func(t *testing.T, m *merchant, id string) {
			wantRefused(t, m.post(templates, templateBody("1")), http.StatusBadRequest, "INVALID_REQUEST", "会员卡图片须通过图片上传接口获得")
			wantRefused(t, m.modifyTemplate(id, body{"card_picture_url": picture}), http.StatusBadRequest, "INVALID_REQUEST", "")
			b := templateBody("1")
			b["card_picture_url"] = m.mustUpload(samplePNG(t, 4, 3))
			m.mustCreateTemplate(b)
		}},
		"first edition": {mockserver.Options{FirstEditionModify: true}, func(t *testing.T, m *merchant, id string) {
			if got := m.modifyTemplate(id, body{"init_level": "金", "legal_agreement": "新"}); got.text("init_level") != "金" || got.text("legal_agreement") != "新" {
				t.Errorf("%d %s", got.status, got.raw)
			}
		}},
		"objects merged": {mockserver.Options{TemplateObjectsMerged: true}, func(t *testing.T, m *merchant, id string) {
			got := m.modifyTemplate(id, body{
				"member_information": body{"jump_path": "new"}, "purchase_information": body{"jump_path": "new"},
				"user_information": body{"common_field_list": []any{"USER_FORM_FLAG_SEX"}},
			})
			form, _ := got.json["user_information"].(map[string]any)
			if !same(got.json["member_information"], body{"jump_appid": "wx2", "jump_path": "new"}) ||
				!same(got.json["purchase_information"], body{"jump_appid": "wx4", "jump_path": "new", "price": 5e9}) ||
				len(form["custom_field_list"].([]any)) != 1 || !same(form["common_field_list"], []any{"USER_FORM_FLAG_SEX"}) {
				t.Errorf("%d %s", got.status, got.raw)
			}
		}},
		"type of the validity fixed": {mockserver.Options{FixedValidType: true}, func(t *testing.T, m *merchant, id string) {
			wantParameter(t, m.modifyTemplate(id, body{"valid_date_information": body{"type": "PERMANENT"}}), "/body/valid_date_information/type")
			if got := m.modifyTemplate(id, body{"valid_date_information": body{"type": "FIX_TERM", "available_day_after_receive": 1}}); got.status != http.StatusOK {
				t.Errorf("%d %s", got.status, got.raw)
			}
		}},
		"empty texts clear": {mockserver.Options{EmptyTextClears: true}, func(t *testing.T, m *merchant, id string) {
			got := m.modifyTemplate(id, body{"service_phone": ""})
			if _, there := got.json["service_phone"]; there || got.status != http.StatusOK {
				t.Errorf("%d %s", got.status, got.raw)
			}
		}},
		"invalid ones change": {mockserver.Options{ModifyInvalidTemplate: true}, func(t *testing.T, m *merchant, id string) {
			m.invalidateTemplate(id)
			if got := m.modifyTemplate(id, body{"card_title": "新"}); got.text("card_title") != "新" || got.text("state") != "CARD_INVALID" {
				t.Errorf("%d %s", got.status, got.raw)
			}
		}},
		"invalidated twice": {mockserver.Options{InvalidateTemplateTwice: true}, func(t *testing.T, m *merchant, id string) {
			first := m.invalidateTemplate(id)
			m.clock.add(time.Hour)
			if again := m.invalidateTemplate(id); again.status != http.StatusOK || !reflect.DeepEqual(again.json, first.json) {
				t.Errorf("%d %s", again.status, again.raw)
			}
		}},
		"cards end with it": {mockserver.Options{InvalidTemplateCards: mockserver.InvalidTemplateEndsCards}, func(t *testing.T, m *merchant, id string) {
			m.invalidateTemplate(id)
			card, _ := m.server.Card(brand, id, "1001")
			if card.State != mockserver.StateInvalid || card.InvalidReason == "" || card.InvalidTime.IsZero() {
				t.Errorf("%+v", card)
			}
		}},
		"import under an invalid one, not of the brand": {mockserver.Options{InvalidTemplateImport: mockserver.InvalidTemplateNotOfBrand}, func(t *testing.T, m *merchant, id string) {
			m.invalidateTemplate(id)
			b := m.importBody("1002", phone)
			b["card_id"] = id
			wantRefused(t, m.post(byPhone, b), http.StatusBadRequest, "INVALID_REQUEST", "会员卡模版ID不属于该品牌")
		}},
		"import under an invalid one, accepted": {mockserver.Options{InvalidTemplateImport: mockserver.InvalidTemplateAccepted}, func(t *testing.T, m *merchant, id string) {
			m.invalidateTemplate(id)
			b := m.importBody("1002", phone)
			b["card_id"], b["pickup_time"] = id, "2025-06-01T00:00:00+08:00"
			if got := m.post(byPhone, b); got.status != http.StatusOK {
				t.Errorf("%d %s", got.status, got.raw)
			}
		}},
		"newest first": {mockserver.Options{NewestTemplatesFirst: true}, func(t *testing.T, m *merchant, id string) {
			second := m.mustCreateTemplate(templateBody("2")).text("card_id")
			if got := m.listTemplates("&offset=0&limit=20"); !slices.Equal(got.ids(), []string{second, id}) {
				t.Errorf("%s", got.raw)
			}
		}},
		"false is left out": {mockserver.Options{OmitFalse: true}, func(t *testing.T, m *merchant, id string) {
			got := m.modifyTemplate(id, body{"need_pinned": false})
			if _, there := got.json["need_pinned"]; there || got.json["need_display_level"] != true {
				t.Errorf("%s", got.raw)
			}
		}},
		"surplus validity": {mockserver.Options{SurplusValidDate: true}, func(t *testing.T, m *merchant, id string) {
			got := m.modifyTemplate(id, body{"valid_date_information": body{"type": "PERMANENT"}})
			if validity := got.json["valid_date_information"].(map[string]any); len(validity) != 4 || validity["type"] != "PERMANENT" {
				t.Errorf("%s", got.raw)
			}
		}},
		"lists reversed": {mockserver.Options{ReverseLists: true}, func(t *testing.T, m *merchant, id string) {
			form := m.getTemplate(id).json["user_information"].(map[string]any)
			if !same(form["common_field_list"], []any{"USER_FORM_FLAG_CITY", "USER_FORM_FLAG_NAME"}) {
				t.Errorf("%v", form)
			}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			tc.options.Templates = []mockserver.Template{wholeTemplate()}
			m := start(t, tc.options)
			card := mockserver.Card{BrandID: brand, CardID: wholeTemplate().CardID, UserCardCode: "1001"}
			if err := m.server.PutCard(card); err != nil {
				t.Fatal(err)
			}
			tc.check(t, m, card.CardID)
		})
	}
}

// wholeTemplate is what [wholeTemplateBody] makes, as somebody else made it.
func wholeTemplate() mockserver.Template {
	price := int64(5000000000)
	return mockserver.Template{
		BrandID: brand, CardID: "pbWhole", OutRequestNo: "0", CardTitle: "黑金会员卡", NeedPinned: true, NeedDisplayLevel: true,
		InitLevel: "银卡", ServicePhone: "4001234567", ValidDate: mockserver.ValidDate{Type: mockserver.ValidFixTerm, Days: 365},
		MemberInformation:   &mockserver.JumpInformation{JumpAppID: "wx2", JumpPath: "pages/member"},
		PurchaseInformation: &mockserver.PurchaseInformation{Price: &price, JumpAppID: "wx4", JumpPath: "pages/buy"},
		UserInformation: &mockserver.TemplateUserInformation{
			CommonFields: []string{"USER_FORM_FLAG_NAME", "USER_FORM_FLAG_CITY"},
			CustomFields: []mockserver.TemplateCustomField{{Type: "RADIO", Name: "常去门店", Values: []string{"南山店"}}},
		},
		CreateTime: noon(), ModifyTime: noon(),
	}
}

func TestTemplatePathsAreEscaped(t *testing.T) {
	m := start(t, none(mockserver.Options{}))
	m.server.SetTemplate(mockserver.Template{BrandID: brand, CardID: "pb a/b"})
	if got := m.modifyTemplate(url.PathEscape("pb a/b"), body{"card_title": "新"}); got.text("card_title") != "新" {
		t.Errorf("%d %s", got.status, got.raw)
	}
	long := strings.Repeat("p", 33)
	wantParameter(t, m.modifyTemplate(long, body{}), "/path/card_id")
	wantParameter(t, m.invalidateTemplate(long), "/path/card_id")
}

// A template that was created binds its members as one that was there before.
func TestMembersOfACreatedTemplate(t *testing.T) {
	m := start(t, none(mockserver.Options{}))
	b := wholeTemplateBody()
	b["appid"] = "wx9999999999999999"
	id := m.mustCreateTemplate(b).text("card_id")
	member := func(code, phone string, more body) reply {
		b := m.importBody(code, phone)
		b["card_id"], b["pickup_time"] = id, "2025-06-01T00:00:00+08:00"
		maps.Copy(b, more)
		return m.post(byPhone, b)
	}
	chosen := func(value string) body {
		return body{"user_information": body{"custom_field_list": []any{
			body{"name": "喜欢的运动", "user_chosen_values": []any{m.encrypt(value)}},
		}}}
	}
	got := member("1001", phone, chosen("篮球"))
	if got.status != http.StatusOK || got.text("openid") != mockserver.OpenIDUnder("wx9999999999999999", phone) {
		t.Errorf("%d %s", got.status, got.raw)
	}
	wantParameter(t, member("1002", otherPhone, chosen("游泳")), "/body/user_information/custom_field_list/0/user_chosen_values/0")
	wantParameter(t, member("1002", otherPhone, body{"valid_date_information": body{"type": "PERMANENT"}}), "/body/valid_date_information/type")
	// A change of the form holds for the next member.
	form := body{"custom_field_list": []any{body{"type": "CHECK_BOX", "name": "喜欢的运动", "values": []any{"游泳"}}}}
	if got := m.modifyTemplate(id, body{"user_information": form}); got.status != http.StatusOK {
		t.Fatalf("%d %s", got.status, got.raw)
	}
	if got := member("1002", otherPhone, chosen("游泳")); got.status != http.StatusOK {
		t.Errorf("%d %s", got.status, got.raw)
	}
}
