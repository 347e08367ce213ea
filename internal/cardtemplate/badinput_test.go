// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package cardtemplate_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// badInput is a configuration that is refused while planning: at names the attribute of the one
// error, and want is a part of what it says.
type badInput struct {
	change   map[string]any
	at, want string
}

func one(name string, value any, want string) badInput {
	return badInput{map[string]any{name: value}, name, want}
}

func form(value map[string]any, at, want string) badInput {
	return badInput{map[string]any{"user_information": value}, "user_information" + at, want}
}

func custom(changes map[string]any, at, want string) badInput {
	field := map[string]any{"type": "RADIO", "name": "门店", "values": []any{"南山店"}}
	maps.Copy(field, changes)
	return form(map[string]any{"custom_field_list": []any{field}}, ".custom_field_list"+at, want)
}

func validity(value map[string]any, at, want string) badInput {
	return badInput{map[string]any{"valid_date_information": value}, "valid_date_information" + at, want}
}

func badInputs() map[string]badInput {
	long := func(n int) string { return strings.Repeat("字", n) }
	jump := func(id, page any) map[string]any { return map[string]any{"jump_appid": id, "jump_path": page} }
	return map[string]badInput{
		"no AppID":                      one("appid", "", "empty"),
		"AppID with a space":            one("appid", "wx 1", "no id has"),
		"AppID too long":                one("appid", strings.Repeat("w", 33), "33 characters"),
		"brand too long":                one("brand_id", strings.Repeat("1", 33), "33 characters"),
		"brand with a slash":            one("brand_id", "1/2", "no id has"),
		"paid card":                     one("card_type", "PURCHASE", "not online yet"),
		"balance card":                  one("card_type", "BALANCE", "not online yet"),
		"unknown card type":             one("card_type", "normal", "no such type"),
		"no title":                      one("card_title", "", "empty"),
		"title too long":                one("card_title", long(11), "11 characters"),
		"title with a line end":         one("card_title", "会员\n卡", "line break"),
		"title with an emoji":           one("card_title", "会员😀", "emoji"),
		"title with a hidden character": one("card_title", "会员\u200b卡", "invisible"),
		"colour by name":                one("card_color", "gold", "not a colour"),
		"colour in short":               one("card_color", "#FD0", "not a colour"),
		"picture without a scheme":      one("card_picture_url", "wxpaylogo.qpic.cn/1/0", "not a complete"),
		"picture of another scheme":     one("card_picture_url", "ftp://example.com/a.png", "not a complete"),
		"picture URL too long":          one("card_picture_url", "https://example.com/"+strings.Repeat("a", 240), "260 characters"),
		"picture URL with a password":   one("card_picture_url", "https://a:b@example.com/a.png", "password"),
		"unknown code mode":             one("code_mode", "MANUAL", "MERCHANT_ALLOCATE"),
		"unknown code type":             one("code_type", "TEXT", "QR_CODE"),
		"no page for the code":          {map[string]any{"code_type": "JUMP_MINI_PROGRAM"}, "code_jump_information", "needs code_jump_information"},
		"no benefits":                   one("benefits", "", "empty"),
		"benefits too long":             one("benefits", long(33), "33 characters"),
		"events over http":              one("notify_url", "http://example.com/events", "HTTPS only"),
		"events URL too long":           one("notify_url", "https://example.com/"+strings.Repeat("a", 240), "260 characters"),
		"level shown, none given":       {map[string]any{"need_display_level": true}, "init_level", "set init_level"},
		"level too long":                one("init_level", long(11), "11 characters"),
		"service number too long":       one("service_phone", strings.Repeat("1", 33), "33 characters"),
		"agreement too long":            one("legal_agreement", long(20481), "20481 characters"),
		"agreement with a bell":         one("legal_agreement", "a\x07", "control character"),
		"page's AppID too long":         {map[string]any{"member_information": jump(strings.Repeat("w", 33), nil)}, "member_information.jump_appid", "33 characters"},
		"page's path too long":          {map[string]any{"points_information": jump(nil, long(129))}, "points_information.jump_path", "129 characters"},
		"empty path":                    {map[string]any{"balance_information": jump("wx2", "")}, "balance_information.jump_path", "empty"},
		"price below zero":              {map[string]any{"purchase_information": map[string]any{"price": -1}}, "purchase_information.price", "too small"},
		"price with a fraction":         {map[string]any{"purchase_information": map[string]any{"price": 1.5}}, "purchase_information.price", "fraction"},
		"page without anything":         {map[string]any{"member_information": jump(nil, nil)}, "member_information", "jump_appid"},
		"purchase without anything":     {map[string]any{"purchase_information": map[string]any{}}, "purchase_information", "price"},
		"form without fields":           form(map[string]any{}, "", "Give common_field_list or custom_field_list"),
		"no common field":               form(map[string]any{"common_field_list": []any{}}, ".common_field_list", "at least 1"),
		"unknown common field":          form(map[string]any{"common_field_list": []any{"USER_FORM_FLAG_MOBILE"}}, `.common_field_list["USER_FORM_FLAG_MOBILE"]`, "USER_FORM_FLAG_NAME"),
		"null as a common field":        form(map[string]any{"common_field_list": []any{nil}}, ".common_field_list", "null"),
		"two custom fields": form(map[string]any{"custom_field_list": []any{
			map[string]any{"type": "RADIO", "name": "a", "values": []any{"x"}}, map[string]any{"type": "RADIO", "name": "b", "values": []any{"x"}},
		}}, ".custom_field_list", "at most 1"),
		"free text":                custom(map[string]any{"type": "TEXT"}, "[0].type", "CHECK_BOX"),
		"name of a field too long": custom(map[string]any{"name": long(33)}, "[0].name", "33 characters"),
		"no choices":               custom(map[string]any{"values": []any{}}, "[0].values", "at least 1"),
		"too many choices":         custom(map[string]any{"values": []any{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"}}, "[0].values", "at most 10"),
		"choice too long":          custom(map[string]any{"values": []any{long(9)}}, "[0].values[0]", "9 characters"),
		"choice twice":             custom(map[string]any{"values": []any{"a", "a"}}, "[0].values[1]", "the same"),
		"unknown validity":         validity(map[string]any{"type": "FOREVER"}, ".type", "PERMANENT"),
		"range without an end":     validity(map[string]any{"type": "FIX_TIME_RANGE", "available_begin_time": "2026-01-01T00:00:00+08:00"}, ".available_end_time", "needs available_end_time"),
		"end before begin":         validity(map[string]any{"type": "FIX_TIME_RANGE", "available_begin_time": "2036-01-02T00:00:00+08:00", "available_end_time": "2036-01-01T00:00:00+08:00"}, ".available_end_time", "later than"),
		"range that has ended":     validity(map[string]any{"type": "FIX_TIME_RANGE", "available_begin_time": "2016-01-01T00:00:00+08:00", "available_end_time": "2016-01-02T00:00:00+08:00"}, ".available_end_time", "in the past"),
		"time without an offset":   validity(map[string]any{"type": "FIX_TIME_RANGE", "available_begin_time": "2026-01-01T00:00:00", "available_end_time": "2036-01-01T00:00:00+08:00"}, ".available_begin_time", "offset"),
		"term without days":        validity(map[string]any{"type": "FIX_TERM"}, ".available_day_after_receive", "needs available_day_after_receive"),
		"term of no days":          validity(map[string]any{"type": "FIX_TERM", "available_day_after_receive": 0}, ".available_day_after_receive", "too small"),
		"term too long":            validity(map[string]any{"type": "FIX_TERM", "available_day_after_receive": 10959}, ".available_day_after_receive", "too large"),
		"permanent with days":      validity(map[string]any{"type": "PERMANENT", "available_day_after_receive": 1}, ".available_day_after_receive", "has no available_day_after_receive"),
		"number with a space":      one("out_request_no", "a b", "does not accept"),
		"number too long":          one("out_request_no", strings.Repeat("1", 129), "129 characters"),
		"unknown policy":           one("deletion_policy", "delete", "prevent"),
		"timeout of nothing":       {map[string]any{"timeouts": map[string]any{"create": "0s"}}, "timeouts.create", "longer than zero"},
	}
}

// What WeChat Pay would refuse is refused while planning, at the attribute, and nothing is sent.
func TestBadInputIsRefusedWhilePlanning(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	for name, bad := range badInputs() {
		config := sample(bad.change)
		e.p.NewRun()
		diags := e.r.Validate(config)
		if !diags.HasErrors() {
			diags = e.r.Plan(tfdriver.State{}, config).Diagnostics
		}
		if len(diags.Errors()) != 1 || !diags.Errors().At(bad.at).Contains(bad.want) {
			t.Errorf("%s: want one error at %q with %q, got:\n%s", name, bad.at, bad.want, diags)
		}
	}
	if n := len(e.m.Requests()); n != 0 || len(badInputs()) < 40 {
		t.Errorf("%d bad inputs led to %d requests", len(badInputs()), n)
	}
}

// What is not known while planning is no mistake.
func TestUnknownValuesArePlanned(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	for name, value := range everything() {
		config := everything()
		config[name] = tfdriver.Unknown
		e.p.NewRun()
		plan := e.r.Plan(tfdriver.State{}, config)
		if plan.Diagnostics.HasErrors() {
			t.Errorf("%s: %s", name, plan.Diagnostics)
			continue
		}
		if name == "out_request_no" || name == "card_title" {
			continue // The templates that are made below would be one.
		}
		config["out_request_no"], config[name] = "unknown-"+name, value
		plan = e.r.Plan(tfdriver.State{}, withUnknown(config, name))
		if state, diags := e.r.ApplyConfig(plan, config); diags.HasErrors() || state.Get("card_id") == nil {
			t.Errorf("%s: %s", name, diags)
		}
	}
	nested := everything()
	for _, name := range []string{"member_information", "purchase_information", "user_information", "valid_date_information"} {
		object := map[string]any{}
		for key, value := range nested[name].(map[string]any) {
			if object[key] = value; key != "type" {
				object[key] = tfdriver.Unknown
			}
		}
		config := everything()
		config[name] = object
		e.p.NewRun()
		if plan := e.r.Plan(tfdriver.State{}, config); plan.Diagnostics.HasErrors() {
			t.Errorf("within %s: %s", name, plan.Diagnostics)
		}
	}
}

func withUnknown(config map[string]any, name string) map[string]any {
	out := maps.Clone(config)
	out[name] = tfdriver.Unknown
	return out
}
