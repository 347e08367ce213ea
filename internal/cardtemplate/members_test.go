// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package cardtemplate_test

import (
	"maps"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

func member(cardID any, changes map[string]any) map[string]any {
	config := map[string]any{"card_id": cardID, "user_card_code": "VIP-0001", "phone_number": "13800138000"}
	maps.Copy(config, changes)
	return config
}

var formWithName = map[string]any{"user_information": map[string]any{"common_field_list": []any{"USER_FORM_FLAG_NAME"}}}

// Members of a template that the same apply makes are planned without its card_id, and checked
// against it in the apply, without reading it once.
func TestMembersOfANewTemplate(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		member map[string]any
		want   string
	}{
		"fits":           {map[string]any{"user_information": map[string]any{"common_fields": map[string]any{"USER_FORM_FLAG_NAME": "张三"}}}, ""},
		"another field":  {map[string]any{"user_information": map[string]any{"common_fields": map[string]any{"USER_FORM_FLAG_CITY": "深圳"}}}, "The template has no such field"},
		"other validity": {map[string]any{"valid_date_information": map[string]any{"type": "FIX_TERM", "available_day_after_receive": 3650}, "pickup_time": "2026-01-01T00:00:00+08:00"}, "another type than the template's"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, mockserver.Options{}, nil)
			members := e.p.Resource("wechatpay_member_card_import")
			templatePlan := e.r.Plan(tfdriver.State{}, sample(formWithName))
			memberPlan := members.Plan(tfdriver.State{}, member(tfdriver.Unknown, c.member))
			if memberPlan.Diagnostics.HasErrors() || len(e.m.Requests()) > 0 {
				t.Fatalf("%d requests\n%s", len(e.m.Requests()), memberPlan.Diagnostics)
			}
			template, diags := e.r.Apply(templatePlan)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			_, diags = members.ApplyConfig(memberPlan, member(template.Get("card_id"), c.member))
			if refused := c.want != ""; refused != diags.HasErrors() || refused && !diags.Errors().Contains(c.want) {
				t.Errorf("want %q, got:\n%s", c.want, diags)
			}
			if counts := e.m.RequestCounts(); counts[mockserver.OperationTemplate] != 0 || counts[mockserver.OperationCreateTemplate] != 1 {
				t.Errorf("requests: %v", counts)
			}
		})
	}
}

// Members are checked against the template as the same plan changes it.
func TestMembersOfAChangedTemplate(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	members := e.p.Resource("wechatpay_member_card_import")
	template := e.r.MustRun(tfdriver.State{}, sample(formWithName))
	config := member(template.Get("card_id"), map[string]any{"user_information": map[string]any{"common_fields": map[string]any{"USER_FORM_FLAG_CITY": "深圳"}}})
	e.p.NewRun()
	template, _ = e.r.Read(template)
	if plan := members.Plan(tfdriver.State{}, config); !plan.Diagnostics.Errors().Contains("The template has no such field") {
		t.Errorf("before the change: %s", plan.Diagnostics)
	}
	e.p.NewRun()
	template, _ = e.r.Read(template)
	changed := e.r.Plan(template, sample(map[string]any{"user_information": map[string]any{"common_field_list": []any{"USER_FORM_FLAG_NAME", "USER_FORM_FLAG_CITY"}}}))
	e.m.ResetRequests()
	plan := members.Plan(tfdriver.State{}, config)
	if plan.Diagnostics.HasErrors() {
		t.Fatal(plan.Diagnostics)
	}
	if _, diags := e.r.Apply(changed); diags.HasErrors() {
		t.Fatal(diags)
	}
	if _, diags := members.Apply(plan); diags.HasErrors() {
		t.Error(diags)
	}
	if n := e.m.RequestCounts()[mockserver.OperationTemplate]; n != 0 {
		t.Errorf("the template was read %d times", n)
	}
}

// What a changed form will have is not known while planning: nothing is said against members' fields.
func TestMembersOfAFormThatIsNotKnown(t *testing.T) {
	t.Parallel()
	field := func(name any) map[string]any {
		return map[string]any{"custom_field_list": []any{map[string]any{"type": "RADIO", "name": name, "values": []any{"南山店"}}}}
	}
	for name, c := range map[string]struct{ form, member map[string]any }{
		"a custom field": {field(tfdriver.Unknown), map[string]any{"custom_fields": map[string]any{"门店": []any{"南山店"}}}},
		"a common field": {map[string]any{"common_field_list": []any{"USER_FORM_FLAG_NAME", tfdriver.Unknown}}, map[string]any{"common_fields": map[string]any{"USER_FORM_FLAG_CITY": "深圳"}}},
	} {
		e := newEnv(t, mockserver.Options{}, nil)
		template := e.r.MustRun(tfdriver.State{}, sample(map[string]any{"user_information": field("生日")}))
		e.p.NewRun()
		if plan := e.r.Plan(template, sample(map[string]any{"user_information": c.form})); plan.Diagnostics.HasErrors() {
			t.Fatal(plan.Diagnostics)
		}
		plan := e.p.Resource("wechatpay_member_card_import").Plan(tfdriver.State{}, member(template.Get("card_id"), map[string]any{"user_information": c.member}))
		if plan.Diagnostics.HasErrors() {
			t.Errorf("%s: %s", name, plan.Diagnostics)
		}
	}
}

// A template whose outcome stays unknown has no card_id: its members are refused, and not sent.
func TestMembersOfATemplateWithoutCardID(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, map[string]any{"max_retries": 0})
	members := e.p.Resource("wechatpay_member_card_import")
	e.m.Inject(mockserver.Fault{Operation: mockserver.OperationCreateTemplate, AfterWork: true, Kind: mockserver.FaultCutConnection})
	e.m.Inject(mockserver.Fault{Operation: mockserver.OperationListTemplates, Skip: 1, Count: -1, Kind: mockserver.FaultCutConnection})
	templatePlan := e.r.Plan(tfdriver.State{}, sample(nil))
	memberPlan := members.Plan(tfdriver.State{}, member(tfdriver.Unknown, nil))
	template, diags := e.r.Apply(templatePlan)
	if diags.HasErrors() || template.Get("card_id") != nil {
		t.Fatalf("%v\n%s", template.Values(), diags)
	}
	if state, diags := members.ApplyConfig(memberPlan, member(nil, nil)); state.Exists() || !diags.HasErrors() {
		t.Errorf("%v\n%s", state.Values(), diags)
	}
	if n := len(e.m.Cards()); n != 0 {
		t.Errorf("%d cards", n)
	}
}
