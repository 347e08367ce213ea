// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// checking is an env whose provider looks templates up, and does not retry.
func checking(t *testing.T, options mockserver.Options) *env {
	t.Helper()
	return newEnv(t, options, map[string]any{"check_templates": true, "max_retries": 0})
}

// numbered is the i-th of many members.
func numbered(i int, changes map[string]any) map[string]any {
	return with(plain(map[string]any{"user_card_code": fmt.Sprintf("VIP-%04d", i), "phone_number": fmt.Sprintf("138001380%02d", i)}), changes)
}

const lookups = mockserver.OperationTemplate

// What a template would refuse is refused while planning, at the attribute.
func TestTemplateRefuses(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]badInput{
		"a template that is not there": {changes: map[string]any{"card_id": "pNobody"}, at: "card_id", says: "no card template pNobody of the brand 1004"},
		"a template of another brand":  {changes: map[string]any{"brand_id": "2008"}, at: "card_id", says: "of the brand 2008"},
		"an invalid template":          {changes: map[string]any{"card_id": mockserver.TemplateInvalid}, at: "card_id", says: "CARD_INVALID"},
		"another validity":             {changes: fixTimeRange(nil), at: "valid_date_information.type", says: "type PERMANENT"},
		"PERMANENT under FIX_TERM": {
			changes: with(permanent(nil), map[string]any{"card_id": mockserver.TemplateFixTerm}), at: "valid_date_information.type", says: "type FIX_TERM",
		},
		"an unknown custom field": {changes: customFields(map[string]any{"星座": []any{"白羊座与双鱼座"}}), says: "喜欢的运动"},
		"an unknown choice": {
			changes: customFields(map[string]any{"喜欢的运动": []any{"篮球", "登山与长跑运动"}}), says: "游泳",
		},
		"two values of a RADIO": {changes: customFields(map[string]any{"常去门店": []any{"南山店", "福田店"}}), says: "takes one value"},
		"a choice unknown yet, another wrong": {
			changes: customFields(map[string]any{"喜欢的运动": []any{tfdriver.Unknown, "登山与长跑运动"}}), says: "游泳",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := checking(t, mockserver.Options{})
			row.check(t, e.r.Plan(tfdriver.State{}, plain(row.changes)).Diagnostics)
			e.requests(calls(lookups))
			// Without the look-up nobody can know, and nothing is sent.
			without := newEnv(t, mockserver.Options{}, nil)
			if plan := without.r.Plan(tfdriver.State{}, plain(row.changes)); len(plan.Diagnostics) > 0 {
				t.Errorf("without a look-up:\n%s", plan.Diagnostics)
			}
			without.requests(none())
		})
	}
}

// A common field that the template's form does not ask for is refused; without a form, or
// with none of a kind in it, nothing is said.
func TestTemplateForm(t *testing.T) {
	t.Parallel()
	city := commonFields(map[string]any{"USER_FORM_FLAG_CITY": "深圳市南山区"})
	signs := customFields(map[string]any{"星座": []any{"白羊座与双鱼座"}})
	template := func(form *mockserver.TemplateUserInformation) mockserver.Options {
		return mockserver.Options{Templates: []mockserver.Template{{
			BrandID: mockserver.DefaultBrandID, CardID: mockserver.TemplatePermanent, UserInformation: form,
		}}}
	}
	sports := []mockserver.TemplateCustomField{{Type: "CHECK_BOX", Name: "喜欢的运动", Values: []string{"篮球"}}}
	t.Run("a common field that it does not ask for", func(t *testing.T) {
		t.Parallel()
		e := checking(t, template(&mockserver.TemplateUserInformation{CommonFields: []string{"USER_FORM_FLAG_NAME"}}))
		row := badInput{changes: city, says: "The template has: USER_FORM_FLAG_NAME"}
		row.check(t, e.r.Plan(tfdriver.State{}, plain(city)).Diagnostics)
	})
	for name, c := range map[string]struct {
		form    *mockserver.TemplateUserInformation
		changes map[string]any
	}{
		"no form, a common field":                {nil, city},
		"no form, a custom field":                {nil, signs},
		"an empty form":                          {&mockserver.TemplateUserInformation{}, city},
		"only custom fields, a common field":     {&mockserver.TemplateUserInformation{CustomFields: sports}, city},
		"only common fields, a custom field":     {&mockserver.TemplateUserInformation{CommonFields: []string{"USER_FORM_FLAG_NAME"}}, signs},
		"a custom field that lists no values":    {&mockserver.TemplateUserInformation{CustomFields: []mockserver.TemplateCustomField{{Type: "CHECK_BOX", Name: "星座"}}}, signs},
		"a form, and no user information at all": {&mockserver.TemplateUserInformation{CustomFields: sports}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := checking(t, template(c.form))
			if plan := e.r.Plan(tfdriver.State{}, plain(c.changes)); plan.Action != tfdriver.Create || len(plan.Diagnostics) > 0 {
				t.Errorf("the plan is %q:\n%s", plan.Action, plan.Diagnostics)
			}
			e.requests(calls(lookups))
		})
	}
}

// A template is looked up once a run for however many members, and again in the next run.
func TestTemplateIsLookedUpOnce(t *testing.T) {
	t.Parallel()
	e := checking(t, mockserver.Options{})
	planAll := func() {
		t.Helper()
		for i := range 30 {
			if plan := e.r.Plan(tfdriver.State{}, numbered(i, nil)); len(plan.Diagnostics) > 0 {
				t.Fatal(plan.Diagnostics)
			}
		}
	}
	planAll()
	e.requests(calls(lookups))
	e.p.NewRun()
	planAll()
	e.requests(calls(lookups))
	// Each other template is another look-up, and so is the same one of another brand.
	other := numbered(40, map[string]any{"card_id": mockserver.TemplateFixTimeRange})
	e.r.Plan(tfdriver.State{}, other)
	e.r.Plan(tfdriver.State{}, numbered(41, map[string]any{"brand_id": "2008"}))
	e.requests(map[mockserver.Operation]int{lookups: 2})
}

// Members that are planned at the same time share one look-up and its warning.
func TestTemplateIsLookedUpOnceAtATime(t *testing.T) {
	t.Parallel()
	e := checking(t, mockserver.Options{})
	e.m.Inject(mockserver.Fault{Operation: lookups, Status: 403, Code: "NO_AUTH", Message: "无权限", Count: -1})
	var mu sync.Mutex
	var all tfdriver.Diagnostics
	var wg sync.WaitGroup
	for i := range 10 {
		wg.Go(func() {
			plan := e.r.Plan(tfdriver.State{}, numbered(i, nil))
			mu.Lock()
			defer mu.Unlock()
			all = append(all, plan.Diagnostics...)
		})
	}
	wg.Wait()
	if len(all) != 1 || len(all.Warnings().At("card_id")) != 1 {
		t.Errorf("want one warning, got:\n%s", all)
	}
	e.requests(calls(lookups))
}

// A template is not looked up when nothing that it decides is planned to change.
func TestTemplateIsNotLookedUpInVain(t *testing.T) {
	t.Parallel()
	e := checking(t, mockserver.Options{})
	config := plain(with(permanent(nil), map[string]any{"level": "普通会员"}))
	state := e.r.MustRun(tfdriver.State{}, config)
	for name, c := range map[string]struct {
		config map[string]any
		want   map[mockserver.Operation]int
	}{
		"nothing changes":      {config, none()},
		"the level changes":    {with(plain(config), map[string]any{"level": "钻石会员"}), none()},
		"the policy changes":   {with(plain(config), map[string]any{"deletion_policy": "prevent"}), none()},
		"destroyed":            {nil, none()},
		"the information":      {with(plain(config), commonFields(map[string]any{"USER_FORM_FLAG_CITY": "深圳"})), calls(lookups)},
		"another code":         {with(plain(config), map[string]any{"user_card_code": "VIP-0002", "phone_number": otherPhone}), calls(lookups)},
		"the code is unknown":  {with(plain(config), map[string]any{"user_card_code": tfdriver.Unknown}), calls(lookups)},
		"the template unknown": {with(plain(config), map[string]any{"card_id": tfdriver.Unknown}), none()},
		"the brand unknown":    {with(plain(config), map[string]any{"brand_id": tfdriver.Unknown}), none()},
	} {
		e.p.NewRun()
		e.m.ResetRequests()
		if plan := e.r.Plan(state, c.config); plan.Diagnostics.HasErrors() || plan.Diagnostics.Contains("could not be looked up") {
			t.Errorf("%s:\n%s", name, plan.Diagnostics)
		}
		if err := countRequests(e.m, c.want); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A validity that changes is checked against the template's.
func TestTemplateIsLookedUpForAnotherValidity(t *testing.T) {
	t.Parallel()
	e := checking(t, mockserver.Options{})
	config := plain(with(fixTerm("2026-01-01T00:00:00+08:00", map[string]any{"available_day_after_receive": 10958}), map[string]any{"card_id": mockserver.TemplateFixTerm}))
	state := e.r.MustRun(tfdriver.State{}, config)
	e.p.NewRun()
	e.m.ResetRequests()
	days := with(plain(config), map[string]any{"valid_date_information": map[string]any{"type": "FIX_TERM", "available_day_after_receive": 9000}})
	if plan := e.r.Plan(state, days); plan.Action != tfdriver.Update || len(plan.Diagnostics) > 0 {
		t.Errorf("the plan is %q:\n%s", plan.Action, plan.Diagnostics)
	}
	e.requests(calls(lookups))
}

// The template of a member that is there already may have been made invalid: its card can
// change all the same.
func TestMemberOfAnInvalidTemplateCanChange(t *testing.T) {
	t.Parallel()
	e := checking(t, mockserver.Options{})
	state := e.r.MustRun(tfdriver.State{}, plain(nil))
	template := e.m.Templates()[0]
	for _, candidate := range e.m.Templates() {
		if candidate.CardID == mockserver.TemplatePermanent {
			template = candidate
		}
	}
	template.State = mockserver.TemplateStateInvalid
	e.m.SetTemplate(template)
	e.r.MustRun(state, plain(commonFields(map[string]any{"USER_FORM_FLAG_CITY": "深圳"})))
	if fields := e.card().CommonFields; len(fields) != 1 || fields[0].Value != "深圳" {
		t.Error("the information was not sent")
	}
}

// A look-up that fails is said once, however many members there are. It is an error where no
// member could be imported either, and a warning where a plan can do without it. (The fault matrix
// has all failures, of one member.)
func TestTemplateLookUpFails(t *testing.T) {
	t.Parallel()
	const isError = true
	for name, c := range map[string]struct {
		fault mockserver.Fault
		says  string
		fails bool
	}{
		"no permission":   {mockserver.Fault{Status: 403, Code: "NO_AUTH", Message: "无权限"}, "无权限", !isError},
		"a bad signature": {mockserver.Fault{Kind: mockserver.FaultBadSignature}, "signature", isError},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := checking(t, mockserver.Options{})
			c.fault.Operation, c.fault.Count = lookups, -1
			e.m.Inject(c.fault)
			var all tfdriver.Diagnostics
			for i := range 5 {
				all = append(all, e.r.Plan(tfdriver.State{}, numbered(i, nil)).Diagnostics...)
			}
			wanted := all.Warnings().At("card_id").Contains("check_templates = false")
			if c.fails {
				wanted = all.Errors().At("").Contains("No member can be imported")
			}
			if len(all) != 1 || !wanted || !all.Contains("could not be looked up") || !all.Contains(c.says) {
				t.Errorf("want one diagnostic with %q, an error: %t, got:\n%s", c.says, c.fails, all)
			}
			e.requests(calls(lookups))
		})
	}
}

// A template that is not there is one error in a plan, however many members name it; another
// one is another error, and so is it in the next run.
func TestTemplateNotFoundIsOneError(t *testing.T) {
	t.Parallel()
	e := checking(t, mockserver.Options{})
	for run := range 2 {
		for _, template := range []string{"pNobody", "pNobodyElse"} {
			var all tfdriver.Diagnostics
			for i := range 5 {
				all = append(all, e.r.Plan(tfdriver.State{}, numbered(i, map[string]any{"card_id": template})).Diagnostics...)
			}
			if len(all) != 1 || !all.Errors().At("card_id").Contains("no card template "+template) || !all.Contains("Check card_id and brand_id") {
				t.Errorf("run %d: want one error, got:\n%s", run, all)
			}
			e.requests(calls(lookups))
		}
		e.p.NewRun()
	}
}

// WeChat Pay may also say by a business error that a template is not of the brand: the
// official page of the import has such a message.
func TestTemplateNotOfBrandByMessage(t *testing.T) {
	t.Parallel()
	e := checking(t, mockserver.Options{})
	e.m.Inject(mockserver.Fault{Operation: lookups, Status: 400, Code: "INVALID_REQUEST", Message: "会员卡模版ID不属于该品牌"})
	row := badInput{at: "card_id", says: "Check card_id and brand_id"}
	row.check(t, e.r.Plan(tfdriver.State{}, plain(nil)).Diagnostics)
	e.requests(calls(lookups))
}

// A member of which the brand or the template is not known yet is planned without a look-up.
func TestTemplateOfUnknownIDsIsNotLookedUp(t *testing.T) {
	t.Parallel()
	for _, attribute := range []string{"brand_id", "card_id"} {
		e := checking(t, mockserver.Options{})
		plan := e.r.Plan(tfdriver.State{}, plain(map[string]any{attribute: tfdriver.Unknown}))
		if plan.Action != tfdriver.Create || len(plan.Diagnostics) > 0 {
			t.Errorf("%s unknown: the plan is %q:\n%s", attribute, plan.Action, plan.Diagnostics)
		}
		e.requests(none())
	}
}

// With check_templates = false nothing is sent, not even when the template would be refused.
func TestTemplateLookUpCanBeLeftOut(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	for i := range 3 {
		if plan := e.r.Plan(tfdriver.State{}, numbered(i, map[string]any{"card_id": mockserver.TemplateInvalid})); len(plan.Diagnostics) > 0 {
			t.Error(plan.Diagnostics)
		}
	}
	e.requests(none())
}

// The look-up of a plan is not one of the apply: where the template changes in between, the
// apply's own plan refuses, before anything is imported.
func TestTemplateIsLookedUpAgainToApply(t *testing.T) {
	t.Parallel()
	e := checking(t, mockserver.Options{})
	plan := e.r.Plan(tfdriver.State{}, plain(nil))
	e.m.DeleteTemplate(mockserver.TemplatePermanent)
	state, diags := e.r.Apply(plan)
	if state.Exists() || !diags.Errors().At("card_id").Contains("not of this brand") {
		t.Errorf("exists %t:\n%s", state.Exists(), diags)
	}
	e.requests(map[mockserver.Operation]int{lookups: 2})
}

// A template of FIX_TERM counts its days from pickup_time: a member that names none is
// refused while planning, though the attribute would be filled in by WeChat Pay otherwise.
func TestTemplateNeedsTheTimeOfReceipt(t *testing.T) {
	t.Parallel()
	e := checking(t, mockserver.Options{})
	config := plain(map[string]any{"card_id": mockserver.TemplateFixTerm})
	plan := e.r.Plan(tfdriver.State{}, config)
	if !plan.Diagnostics.Errors().At("pickup_time").Contains("FIX_TERM") {
		t.Errorf("want an error at pickup_time, got:\n%s", plan.Diagnostics)
	}
	e.p.NewRun()
	config["pickup_time"] = tfdriver.Unknown
	if plan := e.r.Plan(tfdriver.State{}, config); plan.Diagnostics.HasErrors() {
		t.Errorf("a time that is not known yet is refused:\n%s", plan.Diagnostics)
	}
}

// A member that names no validity gets the template's: one that would have expired by it is
// refused while planning, where the template tells.
func TestTemplateWouldHaveExpired(t *testing.T) {
	t.Parallel()
	now := time.Now().UTC().Truncate(time.Second)
	at := func(d time.Duration) string { return now.Add(d).Format(time.RFC3339) }
	year := 365 * 24 * time.Hour
	term := func(pickup any) map[string]any {
		return map[string]any{"card_id": mockserver.TemplateFixTerm, "pickup_time": pickup}
	}
	options := mockserver.Options{Templates: []mockserver.Template{
		{BrandID: mockserver.DefaultBrandID, CardID: mockserver.TemplateFixTerm, ValidDate: mockserver.ValidDate{Type: "FIX_TERM", Days: 365}},
		{BrandID: mockserver.DefaultBrandID, CardID: "pOver", ValidDate: mockserver.ValidDate{Type: "FIX_TIME_RANGE", Begin: now.Add(-year), End: now}},
		{BrandID: mockserver.DefaultBrandID, CardID: "pNotOver", ValidDate: mockserver.ValidDate{Type: "FIX_TIME_RANGE", Begin: now.Add(-year), End: now.Add(time.Hour)}},
	}}
	own := with(fixTimeRange(nil), map[string]any{"card_id": "pOver"})
	for name, row := range map[string]badInput{
		"FIX_TERM, over":                    {changes: term(at(-year)), at: "pickup_time", says: "365 days"},
		"FIX_TERM, not yet over":            {changes: term(at(time.Hour - year))},
		"FIX_TERM, not known yet":           {changes: term(tfdriver.Unknown)},
		"FIX_TIME_RANGE, over":              {changes: map[string]any{"card_id": "pOver"}, at: "card_id", says: "imports no expired card"},
		"FIX_TIME_RANGE, not yet over":      {changes: map[string]any{"card_id": "pNotOver"}},
		"FIX_TIME_RANGE, one of its own":    {changes: own},
		"FIX_TIME_RANGE, one not known yet": {changes: map[string]any{"card_id": "pOver", "valid_date_information": tfdriver.Unknown}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := checking(t, options)
			plan := e.r.Plan(tfdriver.State{}, plain(row.changes))
			if row.at != "" {
				row.check(t, plan.Diagnostics)
			} else if len(plan.Diagnostics) > 0 || plan.Action != tfdriver.Create {
				t.Errorf("the plan is %q:\n%s", plan.Action, plan.Diagnostics)
			}
			e.requests(calls(lookups))
		})
	}
}
