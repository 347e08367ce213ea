// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/cardtemplate/lookup"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/validity"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// cardTemplate is a template of a form with fields of every kind.
func cardTemplate(kind wechatpay.ValidDateType, change func(*wechatpay.CardTemplate)) *wechatpay.CardTemplate {
	t := &wechatpay.CardTemplate{
		CardID: "p1", State: wechatpay.CardTemplateStateEffective,
		CardTemplateFixedSettings: wechatpay.CardTemplateFixedSettings{BrandID: "1004"},
		CardTemplateSettings: wechatpay.CardTemplateSettings{
			ValidDateInformation: &wechatpay.ValidDateInformation{Type: kind},
			UserInformation: &wechatpay.TemplateUserInformation{
				CommonFields: []string{"USER_FORM_FLAG_NAME", "USER_FORM_FLAG_CITY"},
				CustomFields: []wechatpay.TemplateCustomField{
					{Type: "CHECK_BOX", Name: "喜欢的运动", Values: []string{"篮球", "足球", "游泳"}},
					{Type: "RADIO", Name: "常去门店", Values: []string{"南山店", "福田店"}},
					{Type: "CHECK_BOX", Name: "备注"},
				},
			},
		},
	}
	if change != nil {
		change(t)
	}
	return t
}

func modelOf(card cardModel) *model { return &model{cardModel: card} }

func withValidity(kind types.String) *model {
	return modelOf(cardModel{ValidDateInformation: validity.Validity{Type: kind}.Object()})
}

func withCommon(values map[string]attr.Value) *model {
	return modelOf(cardModel{UserInformation: userInformation{
		CommonFields: types.MapValueMust(types.StringType, values), CustomFields: types.MapNull(customFieldType()),
	}.object()})
}

func withCustom(name string, values ...attr.Value) *model {
	return modelOf(cardModel{UserInformation: userInformation{
		CommonFields: types.MapNull(types.StringType),
		CustomFields: types.MapValueMust(customFieldType(), map[string]attr.Value{name: types.ListValueMust(types.StringType, values)}),
	}.object()})
}

func TestTemplateFindings(t *testing.T) {
	t.Parallel()
	const (
		permanent = wechatpay.ValidDatePermanent
		term      = wechatpay.ValidDateFixTerm
		timeRange = wechatpay.ValidDateFixTimeRange
	)
	value := types.StringValue
	invalid := func(t *wechatpay.CardTemplate) { t.State = wechatpay.CardTemplateStateInvalid }
	noForm := func(t *wechatpay.CardTemplate) { t.UserInformation = nil }
	for name, c := range map[string]struct {
		template *wechatpay.CardTemplate
		member   *model
		changing bool // a member that is there already
		// want are "path: part of the detail"; the path is empty for user_information.
		want []string
	}{
		"nothing but the ids":                    {cardTemplate(permanent, nil), &model{}, false, nil},
		"invalid template":                       {cardTemplate(permanent, invalid), &model{}, false, nil}, // of every member, not of one
		"a state that is not documented":         {cardTemplate(permanent, func(t *wechatpay.CardTemplate) { t.State = "CARD_CHECKING" }), &model{}, false, nil},
		"same validity":                          {cardTemplate(permanent, nil), withValidity(value("PERMANENT")), false, nil},
		"other validity":                         {cardTemplate(permanent, nil), withValidity(value("FIX_TIME_RANGE")), false, []string{"valid_date_information.type: type PERMANENT"}},
		"other validity, a change":               {cardTemplate(timeRange, nil), withValidity(value("PERMANENT")), true, []string{"valid_date_information.type: type FIX_TIME_RANGE"}},
		"validity of unknown type":               {cardTemplate(permanent, nil), withValidity(types.StringUnknown()), false, nil},
		"unknown validity":                       {cardTemplate(timeRange, nil), modelOf(cardModel{ValidDateInformation: types.ObjectUnknown(validity.Types())}), false, nil},
		"template without a validity":            {cardTemplate(permanent, func(t *wechatpay.CardTemplate) { t.ValidDateInformation = nil }), withValidity(value("FIX_TERM")), false, nil},
		"template with an empty validity":        {cardTemplate("", nil), withValidity(value("FIX_TERM")), false, nil},
		"FIX_TERM without pickup_time":           {cardTemplate(term, nil), &model{}, false, []string{"pickup_time: set it to the time when the member received the card"}},
		"FIX_TERM without pickup_time, a change": {cardTemplate(term, nil), &model{}, true, nil},
		"FIX_TERM with pickup_time":              {cardTemplate(term, nil), modelOf(cardModel{PickupTime: value("2020-05-20T13:29:35+08:00")}), false, nil},
		"FIX_TERM with unknown pickup_time":      {cardTemplate(term, nil), modelOf(cardModel{PickupTime: types.StringUnknown()}), false, nil},
		"other validity without pickup_time":     {cardTemplate(term, nil), withValidity(value("PERMANENT")), false, []string{"valid_date_information.type: type FIX_TERM"}},
		"common fields":                          {cardTemplate(permanent, nil), withCommon(map[string]attr.Value{"USER_FORM_FLAG_CITY": value("深圳"), "USER_FORM_FLAG_NAME": types.StringUnknown()}), false, nil},
		"common fields that are not asked for": {
			cardTemplate(permanent, nil), withCommon(map[string]attr.Value{"USER_FORM_FLAG_CITY": value("深圳"), "USER_FORM_FLAG_SEX": value("男"), "USER_FORM_FLAG_EMAIL": types.StringUnknown()}), true,
			[]string{
				`: USER_FORM_FLAG_NAME, USER_FORM_FLAG_CITY`,
				`: does not ask members for USER_FORM_FLAG_SEX`,
			},
		},
		"unknown common fields":           {cardTemplate(permanent, nil), modelOf(cardModel{UserInformation: userInformation{CommonFields: types.MapUnknown(types.StringType), CustomFields: types.MapUnknown(customFieldType())}.object()}), false, nil},
		"unknown user information":        {cardTemplate(permanent, nil), modelOf(cardModel{UserInformation: types.ObjectUnknown(userInformationTypes())}), false, nil},
		"no form, common fields":          {cardTemplate(permanent, noForm), withCommon(map[string]attr.Value{"USER_FORM_FLAG_SEX": value("男")}), false, nil},
		"no form, custom fields":          {cardTemplate(permanent, noForm), withCustom("星座", value("白羊座")), false, nil},
		"no common fields in the form":    {cardTemplate(permanent, func(t *wechatpay.CardTemplate) { t.UserInformation.CommonFields = nil }), withCommon(map[string]attr.Value{"USER_FORM_FLAG_SEX": value("男")}), false, nil},
		"no custom fields in the form":    {cardTemplate(permanent, func(t *wechatpay.CardTemplate) { t.UserInformation.CustomFields = nil }), withCustom("星座", value("白羊座")), false, nil},
		"no custom fields, a common one":  {cardTemplate(permanent, func(t *wechatpay.CardTemplate) { t.UserInformation.CustomFields = nil }), withCommon(map[string]attr.Value{"USER_FORM_FLAG_SEX": value("男")}), false, []string{`: The template has`}},
		"custom field":                    {cardTemplate(permanent, nil), withCustom("喜欢的运动", value("游泳"), value("篮球")), false, nil},
		"custom field that is not there":  {cardTemplate(permanent, nil), withCustom("星座", value("白羊座")), false, []string{`: 喜欢的运动, 常去门店, 备注`}},
		"choice that is not there":        {cardTemplate(permanent, nil), withCustom("喜欢的运动", value("游泳"), value("白羊座")), false, []string{`: 篮球, 足球, 游泳`}},
		"several that are not there":      {cardTemplate(permanent, nil), withCustom("喜欢的运动", value("白羊座"), types.StringUnknown(), value("白羊座")), false, []string{`: Value 1`, `: Value 3`}},
		"any choice where none is listed": {cardTemplate(permanent, nil), withCustom("备注", value("白羊座")), false, nil},
		"one of a RADIO":                  {cardTemplate(permanent, nil), withCustom("常去门店", value("福田店")), false, nil},
		"two of a RADIO":                  {cardTemplate(permanent, nil), withCustom("常去门店", value("福田店"), value("南山店")), false, []string{`: takes one value`}},
		"two of a RADIO, one unknown":     {cardTemplate(permanent, nil), withCustom("常去门店", value("福田店"), types.StringUnknown()), false, []string{`: takes one value`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			member := *c.member
			if !c.changing {
				member.Adopted = types.BoolUnknown()
			}
			found := templateFindings(c.template, &member)
			var got []string
			for _, p := range found {
				got = append(got, fmt.Sprintf("%s: %s", p.Attribute, p.Detail))
				if strings.Contains(p.Summary+p.Detail, "白羊座") || strings.Contains(p.Detail, "深圳") {
					t.Errorf("a personal value is shown: %s", p.Detail)
				}
			}
			if !slices.EqualFunc(got, c.want, func(got, want string) bool {
				at, text, _ := strings.Cut(want, ": ")
				return strings.HasPrefix(got, at+": ") && strings.Contains(got, text)
			}) {
				t.Errorf("found %q, want %q", got, c.want)
			}
		})
	}
}

// Days that no validity has say nothing: what WeChat Pay means by them is not documented.
func TestExpiredFindingsNeedDays(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	member := modelOf(cardModel{PickupTime: types.StringValue("2026-02-28T12:00:00Z"), ValidDateInformation: types.ObjectNull(validity.Types())})
	for days, want := range map[int64]int{-1: 0, 0: 0, 1: 1, 2: 0, validity.MaxDays: 0, validity.MaxDays + 1: 0, 200000: 0} {
		template := &wechatpay.ValidDateInformation{Type: wechatpay.ValidDateFixTerm, AvailableDayAfterReceive: days}
		if found := expiredFindings(template, member, now); len(found) != want {
			t.Errorf("%d days: %v", days, found)
		}
	}
	if found := expiredFindings(nil, member, now); len(found) > 0 {
		t.Errorf("no validity: %v", found)
	}
}

// What is said of the template itself concerns every member that is imported under it.
func TestUnusableTemplate(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	timeRange := func(end string) func(*wechatpay.CardTemplate) {
		return func(t *wechatpay.CardTemplate) { t.ValidDateInformation.AvailableEndTime = end }
	}
	own := withValidity(types.StringValue("FIX_TIME_RANGE"))
	none := modelOf(cardModel{ValidDateInformation: types.ObjectNull(validity.Types())})
	for name, c := range map[string]struct {
		result   *lookup.Result
		member   *model
		changing bool
		want     string
	}{
		"effective": {&lookup.Result{Template: cardTemplate(wechatpay.ValidDatePermanent, nil)}, none, false, ""},
		"invalid": {&lookup.Result{Template: cardTemplate(wechatpay.ValidDatePermanent, func(t *wechatpay.CardTemplate) {
			t.State = wechatpay.CardTemplateStateInvalid
		})}, none, false, "invalid card template 1004/p1"},
		"invalid, a change": {&lookup.Result{Template: cardTemplate(wechatpay.ValidDatePermanent, func(t *wechatpay.CardTemplate) {
			t.State = wechatpay.CardTemplateStateInvalid
		})}, none, true, ""},
		"ended":                           {&lookup.Result{Template: cardTemplate(wechatpay.ValidDateFixTimeRange, timeRange("2026-02-28T12:00:00Z"))}, none, false, "ended card template 1004/p1"},
		"ended, a range of the member's":  {&lookup.Result{Template: cardTemplate(wechatpay.ValidDateFixTimeRange, timeRange("2026-02-28T12:00:00Z"))}, own, false, ""},
		"not ended":                       {&lookup.Result{Template: cardTemplate(wechatpay.ValidDateFixTimeRange, timeRange("2026-03-02T12:00:00Z"))}, none, false, ""},
		"not there":                       {&lookup.Result{Err: &wechatpay.Error{Kind: wechatpay.KindNotFound}}, none, true, "no card template 1004/p1"},
		"of another brand":                {&lookup.Result{Err: &wechatpay.Error{Kind: wechatpay.KindTemplateNotOfBrand}}, none, false, "no card template 1004/p1"},
		"a look-up that failed otherwise": {&lookup.Result{Err: &wechatpay.Error{Kind: wechatpay.KindNoAuth}}, none, false, ""},
	} {
		member := *c.member
		member.BrandID, member.CardID = types.StringValue("1004"), types.StringValue("p1")
		if !c.changing {
			member.Adopted = types.BoolUnknown()
		}
		var got string
		if found := unusableTemplate(c.result, &member, now); found != nil {
			got = found.cause
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

// An answer with another value than the plan's is no reading.
func TestAnswerThatDiffersIsNoReading(t *testing.T) {
	t.Parallel()
	plan := emptyModel()
	plan.PhoneNumber, plan.PhoneNumberMasked = types.StringValue("13800138000"), types.StringValue("138****8000")
	plan.PickupTime, plan.Level = types.StringValue("2020-05-20T13:29:35+08:00"), types.StringValue("金卡")
	for name, c := range map[string]struct {
		change func(*wechatpay.UserCard)
		want   bool
	}{
		"the same":            {func(*wechatpay.UserCard) {}, true},
		"without the number":  {func(c *wechatpay.UserCard) { c.PhoneNumber = "" }, true},
		"without pickup_time": {func(c *wechatpay.UserCard) { c.PickupTime = "" }, true},
		"another level":       {func(c *wechatpay.UserCard) { c.Level = "银卡" }, false},
		"another number":      {func(c *wechatpay.UserCard) { c.PhoneNumber = "13800138001" }, false},
		"another pickup_time": {func(c *wechatpay.UserCard) { c.PickupTime = "2020-05-20T13:29:36+08:00" }, false},
		"a part is unread":    {func(c *wechatpay.UserCard) { c.Unread = []string{"attach"} }, false},
	} {
		card := &wechatpay.UserCard{Level: "金卡", PhoneNumber: "13800138000", PickupTime: "2020-05-20T05:29:35Z"}
		c.change(card)
		if got := agrees(plan, card); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	writeOnly := emptyModel()
	writeOnly.PhoneNumberMasked = plan.PhoneNumberMasked
	if agrees(writeOnly, &wechatpay.UserCard{PhoneNumber: "13900139001"}) {
		t.Error("another number than the write-only one agrees")
	}
}
