// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package cardtemplate_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// What somebody else changes is seen by the next plan, and put back by one modify call that
// carries nothing else.
func TestDriftOfEveryField(t *testing.T) {
	t.Parallel()
	for _, merged := range []bool{false, true} {
		e := newEnv(t, mockserver.Options{TemplateObjectsMerged: merged}, nil)
		state := e.r.MustRun(tfdriver.State{}, everything())
		id, _ := state.Get("card_id").(string)
		for name, change := range map[string]func(*mockserver.Template){
			"card_title":                       func(t *mockserver.Template) { t.CardTitle = "改" },
			"card_color":                       func(t *mockserver.Template) { t.CardColor = "#000000" },
			"card_picture_url":                 func(t *mockserver.Template) { t.CardPictureURL = "https://wxpaylogo.qpic.cn/other/0" },
			"benefits":                         func(t *mockserver.Template) { t.Benefits = "改" },
			"notify_url":                       func(t *mockserver.Template) { t.NotifyURL = "https://example.com/other" },
			"need_pinned":                      func(t *mockserver.Template) { t.NeedPinned = false },
			"need_display_level":               func(t *mockserver.Template) { t.NeedDisplayLevel = false },
			"service_phone":                    func(t *mockserver.Template) { t.ServicePhone = "10086" },
			"valid_date_information":           func(t *mockserver.Template) { t.ValidDate.Days = 10 },
			"code_jump_information":            func(t *mockserver.Template) { t.CodeJumpInformation.JumpPath = "other" },
			"member_information":               func(t *mockserver.Template) { t.MemberInformation.JumpAppID = "other" },
			"points_information":               func(t *mockserver.Template) { t.PointsInformation = nil },
			"balance_information":              func(t *mockserver.Template) { t.BalanceInformation.JumpPath = "other" },
			"purchase_information":             func(t *mockserver.Template) { t.PurchaseInformation.Price = new(int64(1)) },
			"user_information":                 func(t *mockserver.Template) { t.UserInformation.CommonFields = []string{"USER_FORM_FLAG_SEX"} },
			"user_information (custom fields)": func(t *mockserver.Template) { t.UserInformation.CustomFields[0].Values = []string{"别的"} },
			"user_information (none)":          func(t *mockserver.Template) { t.UserInformation = nil },
		} {
			if err := e.m.ChangeTemplate(id, change); err != nil {
				t.Fatal(err)
			}
			e.p.NewRun()
			read, diags := e.r.Read(state)
			plan := e.r.Plan(read, everything())
			if plan.Action != tfdriver.Update || diags.HasErrors() {
				t.Fatalf("%s: the plan is %q\n%s", name, plan.Action, diags)
			}
			e.m.ResetRequests()
			if state, diags = e.r.Apply(plan); diags.HasErrors() {
				t.Fatalf("%s: %s", name, diags)
			}
			attribute, _, _ := strings.Cut(name, " ")
			for _, r := range e.m.Requests() {
				if r.Method != "GET" && (r.Operation != mockserver.OperationModifyTemplate || len(r.Plain) != 2 || r.Plain[attribute] == nil) {
					t.Errorf("%s: %s with %s", name, r.Operation, r.Body)
				}
			}
			e.empty(state, everything())
		}
	}
}

// What is removed from a configuration keeps WeChat Pay's value, also within an object: whether
// the API can clear it is not documented. Either way nothing is sent, and the next plan is empty.
func TestRemovedAttributesKeepTheirValue(t *testing.T) {
	t.Parallel()
	for _, merged := range []bool{false, true} {
		t.Run(fmt.Sprintf("merged %t", merged), func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, mockserver.Options{TemplateObjectsMerged: merged}, nil)
			state := e.r.MustRun(tfdriver.State{}, everything())
			for name, change := range map[string]map[string]any{
				"service_phone":        {"service_phone": nil},
				"points_information":   {"points_information": nil},
				"purchase_information": {"purchase_information": nil},
				"user_information":     {"user_information": nil},
				"legal_agreement":      {"legal_agreement": nil},
				"jump_path":            {"member_information": map[string]any{"jump_appid": "wxd678efh567hg6787"}},
				"price":                {"purchase_information": map[string]any{"jump_appid": "wxd678efh567hg6787", "jump_path": "pages/buy"}},
				"custom_field_list":    {"user_information": map[string]any{"common_field_list": []any{"USER_FORM_FLAG_NAME", "USER_FORM_FLAG_CITY"}}},
			} {
				config := everything()
				for attribute, value := range change {
					if config[attribute] = value; value == nil {
						delete(config, attribute)
					}
				}
				e.empty(state, config)
				if name == "jump_path" {
					// A change beside it sends the object whole.
					config["member_information"] = map[string]any{"jump_appid": "wx2"}
					state = e.r.MustRun(state, config)
					if state.Get("member_information.jump_path") != "pages/member" {
						t.Errorf("%s: the state is %v", name, state.Get("member_information"))
					}
					e.empty(state, config)
					state = e.r.MustRun(state, everything())
				}
			}
		})
	}
}

// An answer that lacks what cannot change is no sign that it has changed.
func TestAnswersThatLackAFixedAttribute(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"out_request_no", "legal_agreement", "init_level", "appid", "code_mode", "code_type", "card_type"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, mockserver.Options{}, nil)
			state := e.r.MustRun(tfdriver.State{}, everything())
			e.m.Inject(mockserver.Fault{Kind: mockserver.FaultChangedFields, Fields: map[string]any{name: nil}, Count: -1})
			e.empty(state, everything())
		})
	}
	// Nor is a number missing after an import, which WeChat Pay did not tell.
	e := newEnv(t, mockserver.Options{}, nil)
	state := e.r.MustRun(tfdriver.State{}, sample(map[string]any{"out_request_no": "brand-2026-01"}))
	e.m.Inject(mockserver.Fault{Kind: mockserver.FaultChangedFields, Fields: map[string]any{"out_request_no": nil}, Count: -1})
	imported, diags := e.r.Import(state.Get("id").(string))
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	config := sample(map[string]any{"out_request_no": "brand-2026-01"})
	e.m.ResetRequests()
	imported = e.r.MustRun(imported, config)
	if n := e.m.RequestCounts()[mockserver.OperationModifyTemplate]; n != 0 || imported.Get("out_request_no") != "brand-2026-01" {
		t.Errorf("%d modify calls: %v", n, imported.Values())
	}
	e.empty(imported, config)
}

// Spelling is no change: the case of a colour, the zone of a time, the order of a set.
func TestSpellingIsNoDrift(t *testing.T) {
	t.Parallel()
	end := time.Now().AddDate(1, 0, 0).UTC().Truncate(time.Second)
	valid := func(zone *time.Location) map[string]any {
		return map[string]any{"type": "FIX_TIME_RANGE", "available_begin_time": end.AddDate(-1, 0, 0).In(zone).Format(time.RFC3339), "available_end_time": end.In(zone).Format(time.RFC3339)}
	}
	for name, options := range map[string]mockserver.Options{"as documented": {}, "another zone": {TimeZone: time.UTC}, "update_time": {TemplateTimeName: mockserver.TemplateUpdateTime}} {
		e := newEnv(t, options, nil)
		config := sample(map[string]any{"card_color": "#ffd700", "valid_date_information": valid(time.FixedZone("", 8*3600))})
		state := e.r.MustRun(tfdriver.State{}, config)
		e.empty(state, config)
		if state.Get("modify_time") == nil {
			t.Errorf("%s: no modify_time", name)
		}
		e.empty(state, sample(map[string]any{"card_color": "#FFD700", "valid_date_information": valid(time.UTC)}))
	}
}

// An invalidated template stays in the state with a warning, and no other one is made.
func TestInvalidTemplateStays(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	state := e.r.MustRun(tfdriver.State{}, sample(map[string]any{"deletion_policy": "invalidate"}))
	if err := e.m.SetTemplateState(state.Get("card_id").(string), mockserver.TemplateStateInvalid); err != nil {
		t.Fatal(err)
	}
	state, diags := e.r.Run(state, sample(map[string]any{"deletion_policy": "invalidate"}))
	if diags.HasErrors() || !diags.Warnings().At("state").Contains("was invalidated") || state.Get("state") != "CARD_INVALID" {
		t.Errorf("%v\n%s", state.Values(), diags)
	}
	e.templates(1)
	// Ending it again sends nothing.
	e.m.ResetRequests()
	if state = e.r.MustRun(state, nil); state.Exists() || e.m.RequestCounts()[mockserver.OperationInvalidateTemplate] > 0 {
		t.Errorf("%v, %v", state.Values(), e.m.RequestCounts())
	}
}

// An invalid template needs no protection: it can be taken away and replaced under every policy.
func TestInvalidTemplateIsNotProtected(t *testing.T) {
	t.Parallel()
	for name, config := range map[string]map[string]any{"destroyed": nil, "replaced": sample(map[string]any{"code_type": "BAR_CODE"})} {
		e := newEnv(t, mockserver.Options{}, nil)
		state := e.r.MustRun(tfdriver.State{}, sample(nil))
		before := state.Get("card_id")
		if err := e.m.SetTemplateState(before.(string), mockserver.TemplateStateInvalid); err != nil {
			t.Fatal(err)
		}
		if state = e.r.MustRun(state, config); state.Exists() != (config != nil) || state.Get("card_id") == before {
			t.Errorf("%s: %v", name, state.Values())
		}
	}
}

// What is over for new members can still be changed; another validity must not be over.
func TestChangeOfATemplateWhoseValidityHasEnded(t *testing.T) {
	t.Parallel()
	ended := func(end string) map[string]any {
		return map[string]any{"type": "FIX_TIME_RANGE", "available_begin_time": "2016-01-01T00:00:00+08:00", "available_end_time": end}
	}
	e := newEnv(t, mockserver.Options{}, nil)
	state := e.r.MustRun(tfdriver.State{}, sample(map[string]any{"valid_date_information": ended("2099-01-01T00:00:00+08:00")}))
	if err := e.m.ChangeTemplate(state.Get("card_id").(string), func(t *mockserver.Template) { t.ValidDate.End = time.Date(2016, 1, 2, 0, 0, 0, 0, time.UTC) }); err != nil {
		t.Fatal(err)
	}
	e.p.NewRun()
	state, _ = e.r.Read(state)
	plan := e.r.Plan(state, sample(map[string]any{"benefits": "别的", "valid_date_information": ended("2016-01-02T08:00:00+08:00")}))
	if plan.Action != tfdriver.Update {
		t.Errorf("benefits: %s", plan.Diagnostics)
	}
	if plan = e.r.Plan(state, sample(map[string]any{"valid_date_information": ended("2016-01-03T00:00:00+08:00")})); !plan.Diagnostics.Errors().Contains("has ended already") {
		t.Errorf("another end: %s", plan.Diagnostics)
	}
}

// init_level can only be given when a template is made: that it is missing later is WeChat Pay's to say.
func TestLevelsAreShownLater(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	state := e.r.MustRun(tfdriver.State{}, sample(nil))
	config := sample(map[string]any{"need_display_level": true})
	e.p.NewRun()
	if diags := e.r.Validate(config); diags.HasErrors() {
		t.Errorf("%s", diags)
	}
	if plan := e.r.Plan(state, config); plan.Action != tfdriver.Update {
		t.Errorf("%q\n%s", plan.Action, plan.Diagnostics)
	}
}

// An object without anything in an answer is none.
func TestEmptyObjectsInAnAnswer(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	state := e.r.MustRun(tfdriver.State{}, sample(nil))
	fields := map[string]any{}
	for _, name := range []string{"purchase_information", "points_information", "user_information"} {
		fields[name] = map[string]any{}
	}
	e.m.Inject(mockserver.Fault{Kind: mockserver.FaultChangedFields, AfterWork: true, Fields: fields, Count: -1})
	e.p.NewRun()
	state, diags := e.r.Read(state)
	for name := range fields {
		if state.Values()[name] != nil {
			t.Errorf("%s is %v\n%s", name, state.Values()[name], diags)
		}
	}
	e.empty(state, sample(nil))
}

// A template that WeChat Pay does not know leaves the state, with the command that imports it.
func TestTemplateThatIsGone(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"RESOURCE_NOT_EXISTS", "NOT_FOUND"} {
		e := newEnv(t, mockserver.Options{NotFoundCode: code}, nil)
		state := e.r.MustRun(tfdriver.State{}, sample(nil))
		id, _ := state.Get("id").(string)
		e.m.DeleteTemplate(state.Get("card_id").(string))
		e.p.NewRun()
		gone, diags := e.r.Read(state)
		if gone.Exists() || diags.HasErrors() || !diags.Warnings().Contains("terraform import ADDRESS '"+id+"'") {
			t.Errorf("%s: %s", code, diags)
		}
		if _, diags = e.r.Import(id); !diags.Errors().Contains("no such card template to import") {
			t.Errorf("%s, import: %s", code, diags)
		}
	}
	// A 404 of something on the way says nothing about the template.
	e := newEnv(t, mockserver.Options{}, nil)
	state := e.r.MustRun(tfdriver.State{}, sample(nil))
	for name, fault := range map[string]mockserver.Fault{
		"a page":                {Status: 404, Body: []byte("<html>not found</html>")},
		"NOT_FOUND, not signed": {Status: 404, Code: "NOT_FOUND", Message: "no", Signing: mockserver.NotSigned},
	} {
		e.m.ClearFaults()
		fault.Count = -1
		e.m.Inject(fault)
		e.p.NewRun()
		if read, diags := e.r.Read(state); !read.Exists() || !diags.HasErrors() {
			t.Errorf("%s: %s", name, diags)
		}
	}
}

// A template that was read within refresh_interval is not read again, unless it was changed.
func TestRefreshInterval(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, map[string]any{"refresh_interval": "1h"})
	state := e.r.MustRun(tfdriver.State{}, sample(nil))
	state, _ = e.r.Read(state)
	e.m.ResetRequests()
	if state, _ = e.r.Read(state); e.m.RequestCounts()[mockserver.OperationTemplate] != 0 {
		t.Error("it was read again")
	}
	state = e.r.MustRun(state, sample(map[string]any{"benefits": "别的"}))
	e.m.ResetRequests()
	if _, _ = e.r.Read(state); e.m.RequestCounts()[mockserver.OperationTemplate] != 1 {
		t.Error("it was not read after a change")
	}
}
