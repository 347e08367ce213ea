// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/provider"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// acceptedInputs are members at the right side of the boundaries of badInputs, by the real
// clock: they are applied.
func acceptedInputs() map[string]map[string]any {
	now := time.Now()
	at := func(d time.Duration) string { return now.Add(d).UTC().Format(time.RFC3339) }
	term := func(pickup string, days int) map[string]any {
		return with(fixTerm(pickup, map[string]any{"available_day_after_receive": days}), map[string]any{"card_id": mockserver.TemplateFixTerm})
	}
	timeRange := func(begin, end string) map[string]any {
		return with(fixTimeRange(map[string]any{"available_begin_time": begin, "available_end_time": end}), map[string]any{"card_id": mockserver.TemplateFixTimeRange})
	}
	rows := map[string]map[string]any{
		"the least":                                        {},
		"brand_id: as the provider's":                      {"brand_id": mockserver.DefaultBrandID},
		"user_card_code: 1 character":                      {"user_card_code": "1"},
		"user_card_code: 32 characters":                    {"user_card_code": strings.Repeat("A", 32)},
		"user_card_code: 24 digits":                        {"user_card_code": "478515832665478515832665"},
		"user_card_code: punctuation I":                    {"user_card_code": "!\"#$%&'()*+,-./:;<=>?@"},
		"user_card_code: punctuation II":                   {"user_card_code": "[\\]^_`{|}~"},
		"user_card_code: slashes":                          {"user_card_code": "/a//b/"},
		"user_card_code: an escape":                        {"user_card_code": "%2F%00"},
		"user_card_code: a query":                          {"user_card_code": "a?b=c&d#e"},
		"card_color: upper case":                           {"card_color": "#FFFF00"},
		"card_color: lower case":                           {"card_color": "#abcdef"},
		"card_picture_url: 256":                            {"card_picture_url": "https://wxpaylogo.example.com/" + strings.Repeat("p", 226)},
		"card_picture_url: http":                           {"card_picture_url": "http://wxpaylogo.example.com/0"},
		"card_picture_url: a port, escapes and a query":    {"card_picture_url": "https://wxpaylogo.example.com:8443/%E4%BC%9A?a=b#c"},
		"level: 1 character":                               {"level": "1"},
		"level: 10 characters":                             {"level": "abcdefghij"},
		"level: 10 Chinese characters":                     {"level": strings.Repeat("钻", 10)},
		"level: full-width punctuation":                    {"level": "金卡（一）"},
		"level: a space":                                   {"level": "gold card"},
		"level: the last character of three bytes":         {"level": "\ufffc"},
		"attach: 1 character":                              {"attach": "1"},
		"attach: 256 characters":                           {"attach": strings.Repeat("a", 256)},
		"attach: 256 Chinese characters":                   {"attach": strings.Repeat("店", 256)},
		"attach: lines and tabs":                           {"attach": "门店\t南山\n备注\t无"},
		"invalidate_reason: 32":                            {"deletion_policy": "invalidate", "invalidate_reason": strings.Repeat("a", 32)},
		"invalidate_reason: 32 Chinese":                    {"deletion_policy": "invalidate", "invalidate_reason": strings.Repeat("离", 32)},
		"invalidate without a reason":                      {"deletion_policy": "invalidate"},
		"phone_number: the last prefix":                    {"phone_number": "19999999999"},
		"phone_number: Hong Kong":                          {"phone_number": "+85291234567"},
		"phone_number: North America":                      {"phone_number": "+12025550123"},
		"phone_number: fifteen digits":                     {"phone_number": "+499123456789012"},
		"phone_number_wo: mainland":                        {"phone_number": nil, "phone_number_wo": samplePhone, "phone_number_wo_version": 1},
		"phone_number_wo: version 0":                       {"phone_number": nil, "phone_number_wo": samplePhone, "phone_number_wo_version": 0},
		"phone_number_wo: version -1":                      {"phone_number": nil, "phone_number_wo": samplePhone, "phone_number_wo_version": -1},
		"pickup_time: an offset":                           {"pickup_time": "2015-05-20T13:29:35+08:00"},
		"pickup_time: Z":                                   {"pickup_time": "2015-05-20T13:29:35Z"},
		"pickup_time: milliseconds":                        {"pickup_time": "2015-05-20T13:29:35.120+08:00"},
		"pickup_time: the last offset":                     {"pickup_time": "2015-05-20T13:29:35+23:59"},
		"pickup_time: a leap day":                          {"pickup_time": "2020-02-29T00:00:00-00:00"},
		"pickup_time: just now":                            {"pickup_time": at(-2 * time.Second)},
		"PERMANENT":                                        permanent(nil),
		"FIX_TERM: 1 day, not yet over":                    term(at(time.Hour-24*time.Hour), 1),
		"FIX_TERM: 10958 days":                             term(at(-time.Hour), 10958),
		"FIX_TERM: the template's days":                    {"card_id": mockserver.TemplateFixTerm, "pickup_time": at(-time.Hour)},
		"FIX_TIME_RANGE: a second long":                    timeRange("2099-12-31T23:59:58+08:00", "2099-12-31T15:59:59Z"),
		"FIX_TIME_RANGE: not begun":                        timeRange(at(time.Hour), at(2*time.Hour)),
		"FIX_TIME_RANGE: not yet over":                     timeRange("2020-01-01T00:00:00+08:00", at(time.Hour)),
		"FIX_TIME_RANGE: the template's":                   {"card_id": mockserver.TemplateFixTimeRange},
		"common_fields: 214 bytes":                         commonFields(map[string]any{"USER_FORM_FLAG_ADDRESS": strings.Repeat("Shenzhen", 27)[:214]}),
		"common_fields: 214, Chinese":                      commonFields(map[string]any{"USER_FORM_FLAG_ADDRESS": strings.Repeat("深圳市", 24)[:213] + "a"}),
		"common_fields: one character":                     commonFields(map[string]any{"USER_FORM_FLAG_SEX": "男"}),
		"common_fields: the last character of three bytes": commonFields(map[string]any{"USER_FORM_FLAG_NAME": "\ufffc"}),
		"common_fields: all": commonFields(map[string]any{
			"USER_FORM_FLAG_SEX": "男", "USER_FORM_FLAG_NAME": "样例", "USER_FORM_FLAG_BIRTHDAY": "1990-01-01",
			"USER_FORM_FLAG_ADDRESS": "深南大道", "USER_FORM_FLAG_EMAIL": "sample@example.com", "USER_FORM_FLAG_CITY": "深圳",
		}),
		"custom_fields: one of several":           customFields(map[string]any{"喜欢的运动": []any{"游泳"}}),
		"custom_fields: all of several":           customFields(map[string]any{"喜欢的运动": []any{"游泳", "篮球", "足球"}}),
		"custom_fields: one of one":               customFields(map[string]any{"常去门店": []any{"福田店"}}),
		"timeouts: a nanosecond more than needed": {"timeouts": map[string]any{"create": "10m0.000000001s", "read": "1h", "update": "90s", "delete": "2m"}},
		"timeouts: none of them":                  {"timeouts": map[string]any{}},
	}
	for _, value := range []string{"adopt", "verify", "error"} {
		rows["on_existing: "+value] = map[string]any{"on_existing": value}
	}
	for _, value := range []string{"abandon", "invalidate", "prevent"} {
		rows["deletion_policy: "+value] = map[string]any{"deletion_policy": value}
	}
	return rows
}

// What the provider accepts, WeChat Pay accepts: every row is planned, applied, planned
// again with nothing to do, and destroyed. It holds what was sent.
func TestAcceptedInput(t *testing.T) {
	t.Parallel()
	for name, changes := range acceptedInputs() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, mockserver.Options{}, map[string]any{"check_templates": true})
			config := plain(changes)
			state, diags := e.r.Run(tfdriver.State{}, config)
			if len(diags) > 0 || !state.Exists() {
				t.Fatalf("not accepted:\n%s", diags)
			}
			for attribute, want := range config {
				if attribute == "phone_number_wo" {
					want = nil
				}
				if s, ok := want.(string); ok && state.Get(attribute) != s {
					t.Errorf("%s = %v", attribute, state.Get(attribute))
				}
			}
			e.p.NewRun()
			state, diags = e.r.Read(state)
			if len(diags) > 0 {
				t.Fatal(diags)
			}
			if plan := e.r.Plan(state, config); plan.Action != tfdriver.NoOp {
				t.Errorf("the next plan is %q: %v\n%s", plan.Action, plan.Planned(), plan.Diagnostics)
			}
			if config["deletion_policy"] != "invalidate" {
				return
			}
			if after, diags := e.r.Run(state, nil); diags.HasErrors() || after.Exists() {
				t.Errorf("not invalidated:\n%s", diags)
			}
			if card := e.m.Cards()[0]; card.State != "INVALID" || changes["invalidate_reason"] != nil && card.InvalidReason != changes["invalidate_reason"] {
				t.Errorf("the card is %s, %q", card.State, card.InvalidReason)
			}
		})
	}
}

// What is allowed and seldom meant is warned of, while planning.
func TestWarnedInput(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]badInput{
		"a reason without a policy":                       {changes: map[string]any{"invalidate_reason": "离职"}, at: "invalidate_reason", says: "has no effect"},
		"a reason, abandon":                               {changes: map[string]any{"invalidate_reason": "离职", "deletion_policy": "abandon"}, at: "invalidate_reason", says: "has no effect"},
		"a reason, prevent":                               {changes: map[string]any{"invalidate_reason": "离职", "deletion_policy": "prevent"}, at: "invalidate_reason", says: "has no effect"},
		"a code that is a phone number":                   {changes: map[string]any{"user_card_code": samplePhone}, says: "looks like a phone number"},
		"a code with a phone number":                      {changes: map[string]any{"user_card_code": "VIP-138-0013-8000"}, says: "looks like a phone number"},
		"a code with the member's number and more before": {changes: map[string]any{"user_card_code": "01" + samplePhone}, says: "looks like a phone number"},
		"a code with the member's number and more after":  {changes: map[string]any{"user_card_code": samplePhone + "1"}, says: "looks like a phone number"},
		"a code with the member's number, write-only":     {changes: map[string]any{"user_card_code": samplePhone + "1", "phone_number": nil, "phone_number_wo": samplePhone, "phone_number_wo_version": 1}, says: "looks like a phone number"},
		"a code that is a number of another country":      {changes: map[string]any{"user_card_code": "85291234567", "phone_number": "+85291234567"}, says: "looks like a phone number"},
		"a code that is one without its country code":     {changes: map[string]any{"user_card_code": "91234567", "phone_number": "+85291234567"}, says: "looks like a phone number"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, mockserver.Options{}, nil)
			plan := e.r.Plan(tfdriver.State{}, plain(row.changes))
			if d := plan.Diagnostics; plan.Action != tfdriver.Create || len(d) != 1 || !d.Warnings().At(row.at).Contains(row.says) {
				t.Errorf("the plan is %q, want one warning at %q with %q:\n%s", plan.Action, row.at, row.says, d)
			}
			if strings.Contains(plan.Diagnostics.String(), "8000") || strings.Contains(plan.Diagnostics.String(), "4567") {
				t.Errorf("the warning shows a phone number:\n%s", plan.Diagnostics)
			}
			e.requests(none())
		})
	}
}

// No call changes pickup_time: another one on an existing card is an error that names the card's
// own, and the same instant in another zone, or none, is no change.
func TestPickupTimeOfAnExistingCard(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	state := e.r.MustRun(tfdriver.State{}, plain(map[string]any{"pickup_time": "2015-05-20T13:29:35+08:00"}))
	e.m.ResetRequests()
	for value, want := range map[any]tfdriver.Action{"2015-05-20T05:29:35Z": tfdriver.NoOp, nil: tfdriver.NoOp, tfdriver.Unknown: tfdriver.Update} {
		e.p.NewRun()
		if plan := e.r.Plan(state, plain(map[string]any{"pickup_time": value})); plan.Diagnostics.HasErrors() || value != tfdriver.Unknown && plan.Action != want {
			t.Errorf("%v: the plan is %q:\n%s", value, plan.Action, plan.Diagnostics)
		}
	}
	e.p.NewRun()
	plan := e.r.Plan(state, plain(map[string]any{"pickup_time": "2015-05-20T13:29:36+08:00"}))
	e.refused(plan, "pickup_time", `has pickup_time = "2015-05-20T13:29:35+08:00"`)
}

// WeChat Pay may return no pickup_time. The configured one then stays in the state: every later plan
// would want to change what no call changes.
func TestPickupTimeThatWeChatPayDoesNotReturn(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	e.put(existingCard(nil))
	e.m.Inject(mockserver.Fault{Operation: readCall, Kind: mockserver.FaultChangedFields, Fields: map[string]any{"pickup_time": nil}, Count: -1})
	config := plain(map[string]any{"openid": e.m.OpenID(samplePhone), "pickup_time": "2015-05-20T13:29:35+08:00"})
	state := e.r.MustRun(tfdriver.State{}, config)
	for range 2 {
		e.p.NewRun()
		var diags tfdriver.Diagnostics
		if state, diags = e.r.Read(state); len(diags) > 0 || state.Get("pickup_time") != config["pickup_time"] {
			t.Errorf("pickup_time is %v:\n%s", state.Get("pickup_time"), diags)
		}
		if plan := e.r.Plan(state, config); plan.Action != tfdriver.NoOp || len(plan.Diagnostics) > 0 {
			t.Errorf("the plan is %q:\n%s", plan.Action, plan.Diagnostics)
		}
	}
}

// A phone number that nobody configures is not stored, and neither is its mask.
func TestMaskOfAPhoneNumberThatIsNotConfigured(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	config := plain(map[string]any{"phone_number": nil, "openid": e.m.OpenID(samplePhone)})
	state := e.r.MustRun(tfdriver.State{}, config)
	e.change(func(c *mockserver.Card) { c.PhoneNumber = samplePhone })
	e.p.NewRun()
	state, diags := e.r.Read(state)
	if len(diags) > 0 || state.Get("phone_number_masked") != nil || state.Get("phone_number") != nil {
		t.Errorf("stored: %v, %v\n%s", state.Get("phone_number"), state.Get("phone_number_masked"), diags)
	}
	if plan := e.r.Plan(state, config); plan.Action != tfdriver.NoOp {
		t.Errorf("the plan is %q", plan.Action)
	}
	// An import keeps the number until the next apply, which drops both.
	e.p.NewRun()
	imported, diags := e.r.Import("1004/" + mockserver.TemplatePermanent + "/" + sampleCode + "/" + e.m.OpenID(samplePhone))
	if diags.HasErrors() || imported.Get("phone_number_masked") == nil {
		t.Fatalf("imported: %v\n%s", imported.Values(), diags)
	}
	e.m.ResetRequests()
	if state = e.r.MustRun(imported, config); state.Get("phone_number_masked") != nil || state.Get("phone_number") != nil {
		t.Errorf("stored after the apply: %v, %v", state.Get("phone_number"), state.Get("phone_number_masked"))
	}
	e.requests(calls(readCall))
}

// Another number, given twice, is refused whatever the openid will be.
func TestPhoneNumberGivenTwiceBesideAnUnknownOpenID(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	config := plain(map[string]any{"openid": tfdriver.Unknown, "phone_number_wo": otherPhone, "phone_number_wo_version": 1})
	if diags := e.r.Validate(config); !diags.Errors().At("phone_number").Contains("Give either phone_number") {
		t.Errorf("got:\n%s", diags)
	}
}

// A user who has an effective card is not imported again under the same template.
func TestReplacedMemberThatKeepsItsOpenID(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	openID := e.m.OpenID(samplePhone)
	config := func(changes map[string]any) map[string]any {
		return with(plain(map[string]any{"phone_number": nil, "openid": openID}), changes)
	}
	const says = "may refuse the user"
	state := e.r.MustRun(tfdriver.State{}, config(nil))
	invalidated := e.r.MustRun(state, config(map[string]any{"deletion_policy": "invalidate"}))
	for name, c := range map[string]struct {
		state   tfdriver.State
		changes map[string]any
		warned  bool
	}{
		"another code":                 {state, map[string]any{"user_card_code": "VIP-9"}, true},
		"another code, invalidated":    {invalidated, map[string]any{"user_card_code": "VIP-9"}, false},
		"another code, another user":   {state, map[string]any{"user_card_code": "VIP-9", "openid": "oAnotherUser"}, false},
		"another template":             {state, map[string]any{"card_id": mockserver.TemplateFixTimeRange}, false},
		"another code, without openid": {state, map[string]any{"user_card_code": "VIP-9", "openid": nil, "phone_number": otherPhone}, false},
	} {
		e.p.NewRun()
		plan := e.r.Plan(c.state, config(c.changes))
		if plan.Action != tfdriver.Replace || plan.Diagnostics.Warnings().At("openid").Contains(says) != c.warned {
			t.Errorf("%s: the plan is %q:\n%s", name, plan.Action, plan.Diagnostics)
		}
	}
}

// Values at the boundary of which another process decides: an id that is right in form, of
// a brand or a template that is not there, is planned without a look-up.
func TestAcceptedIDs(t *testing.T) {
	t.Parallel()
	for name, changes := range map[string]map[string]any{
		"brand_id: 1 character":   {"brand_id": "1"},
		"brand_id: 32 characters": {"brand_id": strings.Repeat("1", 32)},
		"card_id: 1 character":    {"card_id": "p"},
		"card_id: 32 characters":  {"card_id": strings.Repeat("p", 32)},
		"card_id: punctuation":    {"card_id": "p-_.~!*'();:@&=+$,?%#[]"},
		// WeChat Pay may answer with milliseconds at most.
		"pickup_time: 32 characters": {"pickup_time": "2015-05-20T13:29:35.123456+08:00"},
		"openid: 1 character":        {"openid": "o"},
		"openid: 128 characters":     {"openid": strings.Repeat("o", 128)},
		"openid: as WeChat's look":   {"openid": "obLatjnx9gnqzS4myYGm_-Z7LgLB"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, mockserver.Options{}, nil)
			if plan := e.r.Plan(tfdriver.State{}, plain(changes)); len(plan.Diagnostics) > 0 || plan.Action != tfdriver.Create {
				t.Errorf("the plan is %q:\n%s", plan.Action, plan.Diagnostics)
			}
			e.requests(none())
		})
	}
}

// The boundaries that the clock draws, to the nanosecond.
func TestAcceptedByTheClock(t *testing.T) {
	t.Parallel()
	for name, changes := range map[string]map[string]any{
		"pickup_time: a nanosecond ago":         {"pickup_time": atTableNow(-time.Nanosecond)},
		"pickup_time: a second ago, FIX_TERM":   fixTerm(atTableNow(-time.Second), nil),
		"pickup_time: a second ago, elsewhere":  {"pickup_time": "2026-03-01T19:59:59+08:00"},
		"FIX_TERM: over in a nanosecond":        fixTerm(atTableNow(time.Nanosecond-30*24*time.Hour), nil),
		"FIX_TERM: over in a second, elsewhere": fixTerm("2026-01-30T20:00:01+08:00", nil),
		"FIX_TIME_RANGE: over in a nanosecond":  fixTimeRange(map[string]any{"available_end_time": atTableNow(time.Nanosecond)}),
		"FIX_TIME_RANGE: over in a second":      fixTimeRange(map[string]any{"available_end_time": atTableNow(time.Second)}),
		"FIX_TIME_RANGE: begins only tomorrow":  fixTimeRange(map[string]any{"available_begin_time": atTableNow(24 * time.Hour)}),
		"FIX_TIME_RANGE: begun now":             fixTimeRange(map[string]any{"available_begin_time": atTableNow(0)}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := acctest.StartMock(t, mockserver.Options{})
			r := acctest.NewProcess(t, m, map[string]any{"check_templates": false}, provider.WithClock(tableNow)).Resource(resourceType)
			if plan := r.Plan(tfdriver.State{}, plain(changes)); len(plan.Diagnostics) > 0 {
				t.Error(plan.Diagnostics)
			}
		})
	}
}

// A card that has been accepted is not refused later because time has passed: only what
// changes is checked against the clock.
func TestOnlyChangesAreCheckedAgainstTheClock(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{})
	config := plain(with(fixTerm(time.Now().Add(-time.Hour).UTC().Format(time.RFC3339), map[string]any{"available_day_after_receive": 1}),
		map[string]any{"card_id": mockserver.TemplateFixTerm, "user_information": nil}))
	state := acctest.NewProcess(t, m, nil).Resource(resourceType).MustRun(tfdriver.State{}, config)
	m.ResetRequests()
	later := func() time.Time { return time.Now().Add(48 * time.Hour) }
	r := acctest.NewProcess(t, m, nil, provider.WithClock(later)).Resource(resourceType)
	if plan := r.Plan(state, config); plan.Action != tfdriver.NoOp {
		t.Errorf("unchanged, the plan is %q:\n%s", plan.Action, plan.Diagnostics)
	}
	changed := with(maps.Clone(config), map[string]any{"level": "钻石会员"})
	if plan := r.Plan(state, changed); plan.Action != tfdriver.Update || len(plan.Diagnostics) > 0 {
		t.Errorf("with another level the plan is %q:\n%s", plan.Action, plan.Diagnostics)
	}
	// With a validity that changes, and is over, it is refused.
	longer := with(maps.Clone(config), map[string]any{"valid_date_information": map[string]any{"type": "FIX_TERM", "available_day_after_receive": 2}})
	longer["pickup_time"] = time.Now().Add(-24 * time.Hour).UTC().Format(time.RFC3339)
	plan := r.Plan(state, longer)
	if !plan.Diagnostics.Errors().At("valid_date_information.available_day_after_receive").Contains("expired") {
		t.Errorf("want an error, got:\n%s", plan.Diagnostics)
	}
	// So is a validity of which only the days change.
	for days, over := range map[int]bool{2: true, 3: false} {
		onlyDays := with(maps.Clone(config), map[string]any{"valid_date_information": map[string]any{"type": "FIX_TERM", "available_day_after_receive": days}})
		plan := r.Plan(state, onlyDays)
		if plan.Diagnostics.Errors().At("valid_date_information.available_day_after_receive").Contains("expired") != over || plan.Diagnostics.HasErrors() != over {
			t.Errorf("%d days: over %t, got:\n%s", days, over, plan.Diagnostics)
		}
	}
	for _, request := range m.Requests() {
		if request.Method != "GET" {
			t.Errorf("a plan sent %s", request.Operation)
		}
	}
}

// unknowns are configurations in which one value is known only after apply.
func unknowns() map[string]map[string]any {
	rows := map[string]map[string]any{}
	for _, attribute := range []string{
		"brand_id", "card_id", "user_card_code", "phone_number", "openid", "card_color", "card_picture_url", "level", "attach",
		"pickup_time", "valid_date_information", "user_information", "on_existing", "deletion_policy", "timeouts",
	} {
		rows[attribute] = map[string]any{attribute: tfdriver.Unknown}
	}
	writeOnly := func(phone, version any) map[string]any {
		return map[string]any{"phone_number": nil, "phone_number_wo": phone, "phone_number_wo_version": version}
	}
	rows["phone_number_wo"] = writeOnly(tfdriver.Unknown, 1)
	rows["phone_number_wo_version"] = writeOnly(samplePhone, tfdriver.Unknown)
	rows["phone_number_wo and its version"] = writeOnly(tfdriver.Unknown, tfdriver.Unknown)
	rows["phone_number or phone_number_wo"] = with(writeOnly(tfdriver.Unknown, tfdriver.Unknown), map[string]any{"phone_number": tfdriver.Unknown})
	rows["invalidate_reason"] = map[string]any{"invalidate_reason": tfdriver.Unknown}
	rows["invalidate_reason, policy known"] = map[string]any{"invalidate_reason": tfdriver.Unknown, "deletion_policy": "invalidate"}
	rows["deletion_policy, reason known"] = map[string]any{"invalidate_reason": "离职", "deletion_policy": tfdriver.Unknown}
	for _, name := range []string{"type", "available_begin_time", "available_end_time", "available_day_after_receive"} {
		yesterday := atTableNow(-24 * time.Hour)
		rows["range: "+name] = fixTimeRange(map[string]any{name: tfdriver.Unknown})
		rows["term: "+name] = fixTerm(yesterday, map[string]any{name: tfdriver.Unknown})
		rows["permanent: "+name] = permanent(map[string]any{name: tfdriver.Unknown})
	}
	rows["type of a validity with everything"] = map[string]any{"valid_date_information": map[string]any{
		"type": tfdriver.Unknown, "available_begin_time": tfdriver.Unknown, "available_end_time": tfdriver.Unknown, "available_day_after_receive": tfdriver.Unknown,
	}}
	rows["term: pickup_time"] = fixTerm(tfdriver.Unknown, nil)
	rows["common_fields"] = map[string]any{"user_information": map[string]any{"common_fields": tfdriver.Unknown}}
	rows["custom_fields"] = map[string]any{"user_information": map[string]any{"custom_fields": tfdriver.Unknown}}
	rows["common_fields and custom_fields"] = map[string]any{"user_information": map[string]any{"common_fields": tfdriver.Unknown, "custom_fields": tfdriver.Unknown}}
	rows["a common field"] = commonFields(map[string]any{"USER_FORM_FLAG_CITY": tfdriver.Unknown})
	rows["a common field beside another"] = commonFields(map[string]any{"USER_FORM_FLAG_CITY": tfdriver.Unknown, "USER_FORM_FLAG_NAME": "样例"})
	rows["a custom field"] = customFields(map[string]any{"喜欢的运动": tfdriver.Unknown})
	rows["a chosen value"] = customFields(map[string]any{"喜欢的运动": []any{tfdriver.Unknown}})
	rows["a chosen value beside another"] = customFields(map[string]any{"喜欢的运动": []any{tfdriver.Unknown, "篮球", tfdriver.Unknown}})
	for _, name := range []string{"create", "read", "update", "delete"} {
		rows["timeouts: "+name] = map[string]any{"timeouts": map[string]any{name: tfdriver.Unknown}}
	}
	return rows
}

// What is unknown while planning is no error, whether the member is new or there already,
// and what is known beside it is still checked.
func TestUnknownValuesPostpone(t *testing.T) {
	t.Parallel()
	for name, changes := range unknowns() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := acctest.StartMock(t, mockserver.Options{})
			p := acctest.NewProcess(t, m, nil)
			r := p.Resource(resourceType)
			config := plain(changes)
			if diags := r.Validate(config); len(diags) > 0 {
				t.Errorf("validate:\n%s", diags)
			}
			// No call changes pickup_time, so that the card has the configured one.
			pickup, _ := changes["pickup_time"].(string)
			before := plain(map[string]any{"user_card_code": "VIP-0002", "phone_number": otherPhone})
			if pickup != "" {
				before["pickup_time"] = pickup
			}
			state := r.MustRun(tfdriver.State{}, before)
			p.NewRun()
			m.ResetRequests()
			clocked := acctest.NewProcess(t, m, map[string]any{"check_templates": false}, provider.WithClock(tableNow))
			if plan := clocked.Resource(resourceType).Plan(tfdriver.State{}, config); plan.Action != tfdriver.Create || len(plan.Diagnostics) > 0 {
				t.Errorf("a new member's plan is %q:\n%s", plan.Action, plan.Diagnostics)
			}
			existing := with(maps.Clone(config), map[string]any{"user_card_code": "VIP-0002"})
			if config["user_card_code"] == tfdriver.Unknown {
				existing["user_card_code"] = tfdriver.Unknown
			}
			clocked.NewRun()
			if plan := clocked.Resource(resourceType).Plan(state, existing); plan.Diagnostics.HasErrors() {
				t.Errorf("an existing member's plan:\n%s", plan.Diagnostics)
			}
			// Something wrong beside it is refused.
			wrong, says := "attach", "1 to 256 characters"
			if changes["attach"] != nil {
				wrong, says = "level", "1 to 10 characters"
			}
			beside := with(maps.Clone(config), map[string]any{wrong: strings.Repeat("a", 257)})
			clocked.NewRun()
			plan := clocked.Resource(resourceType).Plan(tfdriver.State{}, beside)
			if errors := plan.Diagnostics.Errors(); len(errors) != 1 || !errors.At(wrong).Contains(says) {
				t.Errorf("want one error at %s, got:\n%s", wrong, plan.Diagnostics)
			}
			if i := slices.IndexFunc(m.Requests(), func(r mockserver.Request) bool { return r.Method != "GET" }); i >= 0 {
				t.Errorf("planning sent %s", m.Requests()[i].Operation)
			}
		})
	}
}

// What is known of a value of which another part is unknown is checked.
func TestKnownPartsAreChecked(t *testing.T) {
	t.Parallel()
	tooLong := strings.Repeat("Shenzhen", 27)[:215]
	for name, row := range map[string]badInput{
		"range, begin unknown, over": {
			changes: fixTimeRange(map[string]any{"available_begin_time": tfdriver.Unknown, "available_end_time": atTableNow(0)}),
			at:      "valid_date_information.available_end_time", says: "expired",
		},
		"type unknown, begin is the end": {
			changes: fixTimeRange(map[string]any{"type": tfdriver.Unknown, "available_begin_time": "2099-12-31T23:59:59+08:00"}),
			at:      "valid_date_information.available_end_time", says: "later than available_begin_time",
		},
		"term, days unknown, pickup_time ahead": {
			changes: fixTerm(atTableNow(time.Second), map[string]any{"available_day_after_receive": tfdriver.Unknown}), at: "pickup_time", says: "before now",
		},
		"term, days unknown, no pickup_time": {
			changes: fixTerm(nil, map[string]any{"available_day_after_receive": tfdriver.Unknown}), at: "pickup_time", says: "received the card",
		},
		"term, days unknown, a begin": {
			changes: fixTerm(atTableNow(-time.Hour), map[string]any{"available_day_after_receive": tfdriver.Unknown, "available_begin_time": "2020-01-01T00:00:00Z"}),
			at:      "valid_date_information.available_begin_time", says: "Leave it out",
		},
		"validity unknown, pickup_time ahead": {
			changes: map[string]any{"valid_date_information": tfdriver.Unknown, "pickup_time": atTableNow(0)}, at: "pickup_time", says: "before now",
		},
		"a common field unknown, another too long": {
			changes: commonFields(map[string]any{"USER_FORM_FLAG_CITY": tfdriver.Unknown, "USER_FORM_FLAG_ADDRESS": tooLong}),
			says:    "at most 214",
		},
		"custom_fields unknown, a common field too long": {
			changes: map[string]any{"user_information": map[string]any{"custom_fields": tfdriver.Unknown, "common_fields": map[string]any{"USER_FORM_FLAG_ADDRESS": tooLong}}},
			says:    "at most 214",
		},
		"a chosen value unknown, the next too long": {
			changes: customFields(map[string]any{"喜欢的运动": []any{tfdriver.Unknown, tooLong}}),
			says:    "at most 214",
		},
		"a chosen value unknown, the next null": {
			changes: customFields(map[string]any{"喜欢的运动": []any{tfdriver.Unknown, nil}}),
			says:    "leave it out of the list",
		},
		"a chosen value unknown, the others the same": {
			changes: customFields(map[string]any{"喜欢的运动": []any{"篮球运动俱乐部", tfdriver.Unknown, "篮球运动俱乐部"}}),
			says:    "Values 1 and 3",
		},
		"the code unknown, the phone number wrong": {
			changes: map[string]any{"user_card_code": tfdriver.Unknown, "phone_number": "138 0013 8000"}, at: "phone_number", says: normalizePhone,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := acctest.StartMock(t, mockserver.Options{})
			r := acctest.NewProcess(t, m, map[string]any{"check_templates": false}, provider.WithClock(tableNow)).Resource(resourceType)
			row.check(t, r.Plan(tfdriver.State{}, plain(row.changes)).Diagnostics)
			if err := countRequests(m, none()); err != nil {
				t.Error(err)
			}
		})
	}
}

// A key that is not known yet postpones the check of lengths, and everything else that
// needs no call is checked nevertheless.
func TestUnknownProviderPostpones(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{})
	for name, unknown := range map[string]map[string]any{
		"private_key": {"private_key": tfdriver.Unknown}, "public_key": {"public_key": tfdriver.Unknown},
		"check_templates": {"check_templates": tfdriver.Unknown}, "everything": {
			"private_key": tfdriver.Unknown, "public_key": tfdriver.Unknown, "public_key_id": tfdriver.Unknown, "mchid": tfdriver.Unknown,
			"certificate_serial_no": tfdriver.Unknown, "endpoint": tfdriver.Unknown, "brand_id": tfdriver.Unknown,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := acctest.NewProcess(t, m, unknown, provider.WithClock(tableNow))
			config := plain(map[string]any{"user_information": map[string]any{
				"common_fields": map[string]any{"USER_FORM_FLAG_CITY": "深圳"}, "custom_fields": map[string]any{"喜欢的运动": []any{"篮球"}},
			}})
			// check_templates is false while it is unknown, and there is no client otherwise.
			if plan := p.Resource(resourceType).Plan(tfdriver.State{}, config); plan.Action != tfdriver.Create || len(plan.Diagnostics) > 0 {
				t.Errorf("the plan is %q:\n%s", plan.Action, plan.Diagnostics)
			}
			p.NewRun()
			wrong := plain(map[string]any{"pickup_time": atTableNow(0)})
			if plan := p.Resource(resourceType).Plan(tfdriver.State{}, wrong); !plan.Diagnostics.Errors().At("pickup_time").Contains("before now") {
				t.Errorf("want an error at pickup_time, got:\n%s", plan.Diagnostics)
			}
		})
	}
	t.Cleanup(func() {
		if err := countRequests(m, none()); err != nil {
			t.Error(err)
		}
	})
}

// planned plans in the run under way, and checks what comes of it.
func (e *env) planned(what string, prior tfdriver.State, config map[string]any, want tfdriver.Action) tfdriver.Plan {
	e.t.Helper()
	plan := e.r.Plan(prior, config)
	if plan.Action != want {
		e.t.Errorf("%s: the plan is %q, want %q:\n%s", what, plan.Action, want, plan.Diagnostics)
	}
	return plan
}

// duplicated checks that a plan is refused because of another of the same run, at each of
// the attributes, with the ids of both and no phone number.
func (e *env) duplicated(what string, prior tfdriver.State, config map[string]any, ids []string, at ...string) {
	e.t.Helper()
	plan := e.r.Plan(prior, config)
	if len(plan.Diagnostics.Errors()) != len(at) {
		e.t.Errorf("%s: want errors at %v, got:\n%s", what, at, plan.Diagnostics)
	}
	for _, attribute := range at {
		for _, id := range ids {
			if !plan.Diagnostics.Errors().At(attribute).Contains(id) {
				e.t.Errorf("%s: want an error at %s that names %s, got:\n%s", what, attribute, id, plan.Diagnostics)
			}
		}
	}
	for _, phone := range []string{samplePhone, otherPhone} {
		if leak(plan.Diagnostics.String(), phone) != "" {
			e.t.Errorf("%s: the error shows a phone number: %s", what, plan.Diagnostics)
		}
	}
}

// Two members of one run never manage one code or phone number, however they come about.
func TestDuplicatesOfARun(t *testing.T) {
	t.Parallel()
	first := plain(nil)
	second := plain(map[string]any{"user_card_code": "VIP-0002", "phone_number": otherPhone})
	third := plain(map[string]any{"user_card_code": "VIP-0003", "phone_number": "13800138001"})
	writeOnly := func(code, phone string) map[string]any {
		return plain(map[string]any{"user_card_code": code, "phone_number": nil, "phone_number_wo": phone, "phone_number_wo_version": 1})
	}
	start := func(t *testing.T) (e *env, a, b tfdriver.State) {
		t.Helper()
		e = newEnv(t, mockserver.Options{}, nil)
		a, b = e.r.MustRun(tfdriver.State{}, first), e.r.MustRun(tfdriver.State{}, second)
		e.p.NewRun()
		e.m.ResetRequests()
		return e, a, b
	}
	for name, try := range map[string]func(e *env, a, b tfdriver.State){
		"both code and phone number": func(e *env, _, _ tfdriver.State) {
			e.planned("the first", tfdriver.State{}, third, tfdriver.Create)
			e.duplicated("the second", tfdriver.State{}, third, []string{"VIP-0003"}, "user_card_code", "phone_number")
		},
		"a write-only phone number and another": func(e *env, _, _ tfdriver.State) {
			e.planned("the first", tfdriver.State{}, writeOnly("VIP-0003", "13800138001"), tfdriver.Create)
			e.duplicated("the second", tfdriver.State{}, writeOnly("VIP-0004", "13800138001"), []string{"VIP-0003", "VIP-0004"}, "phone_number_wo")
			e.duplicated("the third", tfdriver.State{}, with(plain(third), map[string]any{"user_card_code": "VIP-0005"}), []string{"VIP-0003", "VIP-0005"}, "phone_number")
		},
		"one openid": func(e *env, _, _ tfdriver.State) {
			user := func(code, phone string) map[string]any {
				return plain(map[string]any{"user_card_code": code, "phone_number": phone, "openid": "oUser"})
			}
			e.planned("the first", tfdriver.State{}, user("VIP-0003", "13800138001"), tfdriver.Create)
			e.duplicated("the second", tfdriver.State{}, user("VIP-0004", "13800138002"), []string{"VIP-0003", "VIP-0004"}, "openid")
		},
		"one of them has no code yet": func(e *env, _, _ tfdriver.State) {
			e.planned("the first", tfdriver.State{}, third, tfdriver.Create)
			e.duplicated("the second", tfdriver.State{}, with(plain(third), map[string]any{"user_card_code": tfdriver.Unknown}), []string{"VIP-0003", "one whose code is not known yet"}, "phone_number")
		},
		"a new member has the code of one that is there": func(e *env, a, _ tfdriver.State) {
			e.planned("the one that is there", a, first, tfdriver.NoOp)
			e.duplicated("the new one", tfdriver.State{}, with(plain(third), map[string]any{"user_card_code": sampleCode}), []string{sampleCode}, "user_card_code")
		},
		"a member that is there has the code of a new one": func(e *env, a, _ tfdriver.State) {
			e.planned("the new one", tfdriver.State{}, with(plain(third), map[string]any{"user_card_code": sampleCode}), tfdriver.Create)
			e.duplicated("the one that is there", a, first, []string{sampleCode}, "user_card_code")
		},
		"a change in place takes another's phone number": func(e *env, a, b tfdriver.State) {
			e.planned("the one", a, first, tfdriver.NoOp)
			e.duplicated("the other", b, with(plain(second), map[string]any{"phone_number": samplePhone}), []string{sampleCode, "VIP-0002"}, "phone_number")
		},
		"a replacement takes another's code": func(e *env, a, b tfdriver.State) {
			e.planned("the one", a, first, tfdriver.NoOp)
			e.duplicated("the replacement", b, with(plain(second), map[string]any{"user_card_code": sampleCode}), []string{sampleCode}, "user_card_code")
		},
		"a replacement comes before the one whose code it takes": func(e *env, a, b tfdriver.State) {
			e.planned("the replacement", b, with(plain(second), map[string]any{"user_card_code": sampleCode}), tfdriver.Replace)
			e.duplicated("the one", a, first, []string{sampleCode}, "user_card_code")
		},
		"two replacements by one member": func(e *env, a, b tfdriver.State) {
			e.planned("the first", a, third, tfdriver.Replace)
			e.duplicated("the second", b, third, []string{"VIP-0003"}, "user_card_code", "phone_number")
		},
		"moved, and made anew at the old address": func(e *env, a, _ tfdriver.State) {
			e.planned("moved", a, first, tfdriver.NoOp)
			e.duplicated("anew", tfdriver.State{}, first, []string{sampleCode}, "user_card_code", "phone_number")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, a, b := start(t)
			try(e, a, b)
			e.requests(none())
		})
	}
}

// What looks like a duplicate and is none.
func TestNoDuplicatesOfARun(t *testing.T) {
	t.Parallel()
	first := plain(nil)
	second := plain(map[string]any{"user_card_code": "VIP-0002", "phone_number": otherPhone})
	third := plain(map[string]any{"user_card_code": "VIP-0003", "phone_number": "13800138001"})
	for name, try := range map[string]func(e *env, a, b tfdriver.State){
		"replaced by another code, the phone number kept": func(e *env, a, _ tfdriver.State) {
			e.planned("a", a, with(plain(first), map[string]any{"user_card_code": "VIP-0003"}), tfdriver.Replace)
		},
		"replaced by another template": func(e *env, a, _ tfdriver.State) {
			e.planned("a", a, with(plain(first), map[string]any{"card_id": mockserver.TemplateFixTimeRange}), tfdriver.Replace)
		},
		"replaced by another brand": func(e *env, a, _ tfdriver.State) {
			e.planned("a", a, with(plain(first), map[string]any{"brand_id": "2008"}), tfdriver.Replace)
		},
		// Asked for by -replace or replace_triggered_by: the provider is asked for no change,
		// and then for a new card, with the private data of its first answer.
		"replaced although nothing changes": func(e *env, a, _ tfdriver.State) {
			kept := e.planned("a", a, first, tfdriver.NoOp)
			e.planned("a anew", tfdriver.State{Private: kept.Private}, first, tfdriver.Create)
		},
		"made, and the plan asked for twice": func(e *env, _, _ tfdriver.State) {
			once := e.planned("c", tfdriver.State{}, third, tfdriver.Create)
			e.planned("c again", tfdriver.State{Private: once.Private}, third, tfdriver.Create)
		},
		"tainted": func(e *env, a, _ tfdriver.State) {
			a.Tainted = true
			e.planned("a", a, first, tfdriver.Replace)
		},
		"a new member under the code of one that is destroyed": func(e *env, a, _ tfdriver.State) {
			e.planned("a", a, nil, tfdriver.Delete)
			e.planned("c", tfdriver.State{}, with(plain(third), map[string]any{"user_card_code": sampleCode}), tfdriver.Create)
		},
		"a new member before one that is destroyed": func(e *env, a, _ tfdriver.State) {
			e.planned("c", tfdriver.State{}, with(plain(third), map[string]any{"user_card_code": sampleCode}), tfdriver.Create)
			e.planned("a", a, nil, tfdriver.Delete)
		},
		"a replacement takes the code of one that is replaced": func(e *env, a, b tfdriver.State) {
			e.planned("b", b, with(plain(second), map[string]any{"user_card_code": sampleCode}), tfdriver.Replace)
			e.planned("a", a, with(plain(first), map[string]any{"user_card_code": "VIP-0003"}), tfdriver.Replace)
		},
		"two members swap their phone numbers": func(e *env, a, b tfdriver.State) {
			e.planned("a", a, with(plain(first), map[string]any{"phone_number": otherPhone}), tfdriver.Update)
			e.planned("b", b, with(plain(second), map[string]any{"phone_number": samplePhone}), tfdriver.Update)
		},
		"moved": func(e *env, a, b tfdriver.State) {
			e.planned("a", a, first, tfdriver.NoOp)
			e.planned("b", b, second, tfdriver.NoOp)
		},
		// With -target, the others are not planned: who has not been planned has no claim.
		"only a target": func(e *env, _, b tfdriver.State) {
			e.planned("b", b, with(plain(second), map[string]any{"phone_number": samplePhone}), tfdriver.Update)
		},
		"another brand": func(e *env, _, _ tfdriver.State) {
			e.planned("c", tfdriver.State{}, third, tfdriver.Create)
			e.planned("d", tfdriver.State{}, with(plain(third), map[string]any{"brand_id": "2008"}), tfdriver.Create)
		},
		"another template": func(e *env, _, _ tfdriver.State) {
			e.planned("c", tfdriver.State{}, third, tfdriver.Create)
			e.planned("d", tfdriver.State{}, with(plain(third), map[string]any{"card_id": mockserver.TemplateFixTimeRange}), tfdriver.Create)
		},
		"codes that differ in case": func(e *env, _, _ tfdriver.State) {
			e.planned("c", tfdriver.State{}, with(plain(third), map[string]any{"user_card_code": "vip-0001"}), tfdriver.Create)
			e.planned("d", tfdriver.State{}, with(plain(first), map[string]any{"phone_number": "13800138002"}), tfdriver.Create)
		},
		"unknown codes and phone numbers": func(e *env, _, _ tfdriver.State) {
			for range 3 {
				e.planned("c", tfdriver.State{}, with(plain(third), map[string]any{"user_card_code": tfdriver.Unknown, "phone_number": tfdriver.Unknown}), tfdriver.Create)
			}
		},
		"planned in the run before": func(e *env, _, _ tfdriver.State) {
			e.planned("c", tfdriver.State{}, third, tfdriver.Create)
			e.p.NewRun()
			e.planned("d", tfdriver.State{}, third, tfdriver.Create)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, mockserver.Options{}, nil)
			a, b := e.r.MustRun(tfdriver.State{}, first), e.r.MustRun(tfdriver.State{}, second)
			e.p.NewRun()
			e.m.ResetRequests()
			try(e, a, b)
			e.requests(none())
		})
	}
}

// Two configured providers (aliases) are two processes that do not see one another: their
// plans cannot refuse one code twice. The apply of the second meets the card of the first,
// and says that it has adopted what it did not make.
func TestDuplicatesOfTwoProvidersAreMetWhenApplied(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	alias := acctest.NewProcess(t, e.m, map[string]any{"check_templates": false}).Resource(resourceType)
	first, second := e.planned("the first", tfdriver.State{}, plain(nil), tfdriver.Create), alias.Plan(tfdriver.State{}, plain(nil))
	if second.Action != tfdriver.Create {
		t.Fatalf("the second provider's plan is %q:\n%s", second.Action, second.Diagnostics)
	}
	if _, diags := e.r.Apply(first); len(diags) > 0 {
		t.Fatal(diags)
	}
	state, diags := alias.Apply(second)
	if diags.HasErrors() || !diags.Warnings().Contains("adopted unverified") || state.Get("adopted") != true {
		t.Errorf("adopted %v:\n%s", state.Get("adopted"), diags)
	}
}

// Through a real Terraform: a replacement that is made before the old card is released, and
// two members with one code.
func TestAccDuplicates(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{})
	config := func(members ...string) string {
		return acctest.Config(append([]string{acctest.ProviderBlock(m)}, members...)...)
	}
	before := func(name string, attributes map[string]any) string {
		body := expressions(attributes)
		block := acctest.Member(name, body)
		return strings.TrimSuffix(block, "}\n") + "  lifecycle {\n    create_before_destroy = true\n  }\n}\n"
	}
	second := plain(map[string]any{"user_card_code": "VIP-0002", "phone_number": otherPhone})
	run(t,
		resource.TestStep{Config: config(before("test", plain(nil)))},
		resource.TestStep{
			Config: config(before("test", second)),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(address, plancheck.ResourceActionCreateBeforeDestroy),
			}},
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, tfjsonpath.New("adopted"), knownvalue.Bool(false)),
			},
		},
		resource.TestStep{
			Config:      config(before("test", second), acctest.Member("twice", expressions(with(plain(second), map[string]any{"phone_number": "13800138001"})))),
			PlanOnly:    true,
			ExpectError: wrapped("Two members have one code"),
		},
		resource.TestStep{
			Config:      config(before("test", second), acctest.Member("twice", expressions(with(plain(second), map[string]any{"user_card_code": "VIP-0003"})))),
			PlanOnly:    true,
			ExpectError: wrapped("Two members have one phone number"),
		},
		resource.TestStep{
			Config: config(before("moved", second), "moved {\n  from = wechatpay_member_card_import.test\n  to   = wechatpay_member_card_import.moved\n}\n"),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction("wechatpay_member_card_import.moved", plancheck.ResourceActionNoop),
			}},
		},
	)
}
