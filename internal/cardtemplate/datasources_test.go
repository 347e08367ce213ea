// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package cardtemplate_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"testing"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// without is a copy without some names.
func without(values map[string]any, names ...string) map[string]any {
	out := maps.Clone(values)
	for _, name := range names {
		delete(out, name)
	}
	return out
}

// Resource, data sources and list have one template in the same names and shapes.
func TestDataSourcesAndListHaveTheResourcesShapes(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]mockserver.Options{"modify_time": {}, "update_time": {TemplateTimeName: mockserver.TemplateUpdateTime}} {
		e := newEnv(t, options, nil)
		state := e.r.MustRun(tfdriver.State{}, everything())
		want := without(state.Values(), "deletion_policy", "timeouts")
		one, diags := e.p.DataSource(resourceType, map[string]any{"card_id": state.Get("card_id")})
		if diags.HasErrors() || !reflect.DeepEqual(one, want) || one["modify_time"] == nil {
			t.Errorf("%s: one: %v, want %v\n%s", name, one, want, diags)
		}
		all, diags := e.p.DataSource(resourceType+"s", nil)
		if diags.HasErrors() || !reflect.DeepEqual(all["templates"], []any{want}) {
			t.Errorf("%s: all: %v\n%s", name, all, diags)
		}
		listed, diags := e.p.List(resourceType, map[string]any{}, true, 100)
		if diags.HasErrors() || len(listed) != 1 || !reflect.DeepEqual(without(listed[0].Resource, "deletion_policy", "timeouts"), want) || !reflect.DeepEqual(listed[0].Identity, state.Identity()) {
			t.Errorf("%s: list: %v\n%s", name, listed, diags)
		}
		imported, diags := e.r.ImportByIdentity(listed[0].Identity)
		if diags.HasErrors() || !reflect.DeepEqual(without(imported.Values(), "deletion_policy", "timeouts"), want) {
			t.Errorf("%s: import: %v\n%s", name, imported.Values(), diags)
		}
	}
}

// A template that the brand does not have is an error at card_id, whichever way WeChat Pay says so.
func TestDataSourceOfATemplateThatIsNotThere(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]mockserver.Fault{
		"404": {Status: 404, Code: "RESOURCE_NOT_EXISTS", Message: "不存在"},
		"400": {Status: 400, Code: "INVALID_REQUEST", Message: "会员卡模版ID不属于该品牌"},
	} {
		e := newEnv(t, mockserver.Options{}, nil)
		e.m.Inject(fault)
		if _, diags := e.p.DataSource(resourceType, map[string]any{"card_id": "pNone"}); !diags.Errors().At("card_id").Contains("the brand has no such template") {
			t.Errorf("%s: %s", name, diags)
		}
	}
}

// All pages are read, of one state where one is asked for, and no more than asked for.
func TestAllPagesAreListed(t *testing.T) {
	t.Parallel()
	var templates []mockserver.Template
	for i := range 45 {
		template := mockserver.Template{BrandID: mockserver.DefaultBrandID, CardID: fmt.Sprintf("p%03d", i)}
		if i%3 == 0 {
			template.State = mockserver.TemplateStateInvalid
		}
		templates = append(templates, template)
	}
	e := newEnv(t, mockserver.Options{Templates: templates}, nil)
	for state, want := range map[any]int{nil: 45, "CARD_INVALID": 15, "CARD_EFFECTIVE": 30} {
		config := map[string]any{}
		if state != nil {
			config["state"] = state
		}
		all, diags := e.p.DataSource(resourceType+"s", config)
		if got, _ := all["templates"].([]any); diags.HasErrors() || len(got) != want {
			t.Errorf("%v: %d templates, want %d\n%s", state, len(got), want, diags)
		}
		listed, diags := e.p.List(resourceType, config, false, 100)
		if diags.HasErrors() || len(listed) != want {
			t.Errorf("%v: %d in the list, want %d\n%s", state, len(listed), want, diags)
		}
	}
	e.m.ResetRequests()
	if listed, diags := e.p.List(resourceType, map[string]any{}, true, 20); diags.HasErrors() || len(listed) != 20 || len(e.m.Requests()) != 1 {
		t.Errorf("%d in the list with %d requests\n%s", len(listed), len(e.m.Requests()), diags)
	}
	none := newEnv(t, mockserver.Options{OmitEmptyData: true}, nil)
	if all, diags := none.p.DataSource(resourceType+"s", nil); diags.HasErrors() || !reflect.DeepEqual(all["templates"], []any{}) {
		t.Errorf("no templates: %v\n%s", all, diags)
	}
}

// What cannot be read is one error that says what to check.
func TestReadingFails(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, map[string]any{"max_retries": 0})
	if _, diags := e.p.DataSource(resourceType, map[string]any{"card_id": "p-none"}); len(diags) != 1 || !diags.Errors().At("card_id").Contains("knows no such card template") {
		t.Errorf("%s", diags)
	}
	e.m.Inject(mockserver.Fault{Status: 500, Count: -1})
	if _, diags := e.p.DataSource(resourceType+"s", nil); len(diags) != 1 || !diags.Errors().Contains("reported a system error") {
		t.Errorf("%s", diags)
	}
	if listed, diags := e.p.List(resourceType, map[string]any{}, false, 10); len(listed) != 0 || len(diags) != 1 || !diags.Errors().Contains("reported a system error") {
		t.Errorf("%s", diags)
	}
	for _, id := range []string{"", "1004", "1004/", "/p1", "1004/p 1", "1004/p/1"} {
		if _, diags := e.r.Import(id); !diags.Errors().Contains("The import id is not right") {
			t.Errorf("import of %q: %s", id, diags)
		}
	}
}

// A brand that calls for itself has the same resource.
func TestBrandMode(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{Templates: []mockserver.Template{}})
	e := &env{t: t, m: m, p: acctest.NewProcess(t, m, acctest.BrandConfig(m))}
	e.r = e.p.Resource(resourceType)
	config := sample(map[string]any{"deletion_policy": "invalidate"})
	state := e.r.MustRun(tfdriver.State{}, config)
	e.empty(state, config)
	state = e.r.MustRun(state, sample(map[string]any{"deletion_policy": "invalidate", "benefits": "别的"}))
	if state = e.r.MustRun(state, nil); state.Exists() {
		t.Error("it is still there")
	}
	e.ended()
	if plan := e.r.Plan(tfdriver.State{}, sample(map[string]any{"brand_id": "1005"})); !plan.Diagnostics.Errors().At("brand_id").Contains("Another brand") {
		t.Errorf("%s", plan.Diagnostics)
	}
}

// wholeTemplate is a template with everything that WeChat Pay can answer.
func wholeTemplate() mockserver.Template {
	china := time.FixedZone("", 8*60*60)
	return mockserver.Template{
		BrandID: mockserver.DefaultBrandID, CardID: "pWhole", AppID: "wx0000000000000001", CardType: "PURCHASE",
		CardTitle: "黑金会员卡", CardColor: "#10AD61", CardPictureURL: "https://wxpaylogo.example.com/wxpaylogo/template/0",
		CodeMode: "SYSTEM_ALLOCATE", CodeType: "QRCODE", NotifyURL: "https://merchant.example.com/notify",
		NeedPinned: true, NeedDisplayLevel: false, InitLevel: "普通会员", ServicePhone: "4001234567",
		ValidDate: mockserver.ValidDate{Type: "FIX_TIME_RANGE", Begin: time.Date(2020, 1, 1, 0, 0, 0, 0, china), End: time.Date(2099, 12, 31, 23, 59, 59, 0, china)},
		UserInformation: &mockserver.TemplateUserInformation{
			CommonFields: []string{"USER_FORM_FLAG_NAME", "USER_FORM_FLAG_CITY"},
			CustomFields: []mockserver.TemplateCustomField{{Type: "RADIO", Name: "常去门店", Values: []string{"南山店", "福田店"}}},
		},
		State: mockserver.TemplateStateInvalid, CreateTime: time.Date(2025, 1, 1, 0, 0, 0, 0, china), ModifyTime: time.Date(2025, 1, 2, 0, 0, 0, 0, china),
		Extra: map[string]json.RawMessage{
			"benefits": json.RawMessage(`"积分抵现"`), "legal_agreement": json.RawMessage(`"会员协议"`),
			"points_information":   json.RawMessage(`{"jump_appid": "wx1", "jump_path": "积分"}`),
			"balance_information":  json.RawMessage(`{}`),
			"purchase_information": json.RawMessage(`null`),
		},
	}
}

// Everything that WeChat Pay answers is read, and what it does not answer is null.
func TestDataSourceTemplate(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{TemplateTimeName: mockserver.TemplateUpdateTime, Templates: []mockserver.Template{
		wholeTemplate(), {BrandID: mockserver.DefaultBrandID, CardID: "pLeast"},
		{BrandID: mockserver.DefaultBrandID, CardID: "pTerm", ValidDate: mockserver.ValidDate{Type: "FIX_TERM", Days: 365}},
	}}, nil)
	read := func(cardID string) map[string]any {
		values, diags := e.p.DataSource(resourceType, map[string]any{"card_id": cardID})
		if diags.HasErrors() {
			t.Fatalf("%s: %s", cardID, diags)
		}
		return values
	}
	want := map[string]any{
		"brand_id": "1004", "card_id": "pWhole", "appid": "wx0000000000000001", "card_type": "PURCHASE",
		"card_title": "黑金会员卡", "card_color": "#10AD61", "card_picture_url": "https://wxpaylogo.example.com/wxpaylogo/template/0",
		"code_mode": "SYSTEM_ALLOCATE", "code_type": "QRCODE", "notify_url": "https://merchant.example.com/notify",
		"need_pinned": true, "need_display_level": false, "init_level": "普通会员", "service_phone": "4001234567",
		"benefits": "积分抵现", "legal_agreement": "会员协议",
		"points_information": map[string]any{"jump_appid": "wx1", "jump_path": "积分"}, "balance_information": nil, "purchase_information": nil,
		"id": "1004/pWhole", "out_request_no": nil, "code_jump_information": nil, "member_information": nil,
		"valid_date_information": map[string]any{
			"type": "FIX_TIME_RANGE", "available_begin_time": "2020-01-01T00:00:00+08:00", "available_end_time": "2099-12-31T23:59:59+08:00", "available_day_after_receive": nil,
		},
		"user_information": map[string]any{
			"common_field_list": []any{"USER_FORM_FLAG_CITY", "USER_FORM_FLAG_NAME"},
			"custom_field_list": []any{map[string]any{"type": "RADIO", "name": "常去门店", "values": []any{"南山店", "福田店"}}},
		},
		"state": "CARD_INVALID", "create_time": "2025-01-01T00:00:00+08:00", "modify_time": "2025-01-02T00:00:00+08:00",
	}
	if got := read("pWhole"); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v\nwant %v", got, want)
	}
	if n := len(e.m.Requests()); n != 1 {
		t.Errorf("%d requests", n)
	}

	least := read("pLeast")
	for _, name := range []string{"card_title", "card_color", "benefits", "points_information", "user_information", "create_time"} {
		if least[name] != nil {
			t.Errorf("%s = %v", name, least[name])
		}
	}
	if least["valid_date_information"].(map[string]any)["type"] != "PERMANENT" || least["need_pinned"] != false {
		t.Errorf("validity %v, need_pinned %v", least["valid_date_information"], least["need_pinned"])
	}
	if days := read("pTerm")["valid_date_information"].(map[string]any)["available_day_after_receive"]; days != int64(365) {
		t.Errorf("days %v", days)
	}
}
