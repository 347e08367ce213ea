// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"encoding/json"
	"fmt"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/provider"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// INVALID elsewhere: warned, never silently made anew.
func TestInvalidElsewhere(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	state := e.r.MustRun(tfdriver.State{}, plain(nil))
	e.change(func(c *mockserver.Card) {
		c.State, c.InvalidReason, c.InvalidTime = "INVALID", "离职", time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	})
	state, diags := e.r.Read(state)
	if !state.Exists() || !diags.Warnings().Contains("invalid") || state.Get("user_card_state") != "INVALID" || state.Get("invalid_reason") != "离职" || state.Get("invalid_time") != "2026-01-02T11:04:05+08:00" {
		t.Errorf("state %v:\n%s", state.Get("user_card_state"), diags)
	}
	if plan := e.r.Plan(state, plain(nil)); plan.Action != tfdriver.NoOp {
		t.Errorf("the plan is %q", plan.Action)
	}
}

// EXPIRED stays, without a warning, and an unchanged member that has expired still plans.
func TestExpiredStays(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	state := e.r.MustRun(tfdriver.State{}, plain(nil))
	e.change(func(c *mockserver.Card) { c.State = "EXPIRED" })
	state, diags := e.r.Read(state)
	if !state.Exists() || len(diags) > 0 || state.Get("user_card_state") != "EXPIRED" {
		t.Errorf("state %v:\n%s", state.Get("user_card_state"), diags)
	}
	if plan := e.r.Plan(state, plain(nil)); plan.Action != tfdriver.NoOp {
		t.Errorf("the plan is %q:\n%s", plan.Action, plan.Diagnostics)
	}
}

// Any other 404 (a proxy's page, say) is an error, and the state stays. NOT_FOUND counts only in
// a signed answer: gateways use that code, too.
func TestOther404IsAnError(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]mockserver.Fault{
		"a page":          {Body: []byte("<html>not here</html>"), ContentType: "text/html"},
		"nothing":         {},
		"another code":    {Body: []byte(`{"code":"NOT_FOUND","message":"资源不存在"}`)},
		"no code":         {Body: []byte(`{"message":"RESOURCE_NOT_EXISTS"}`)},
		"another's words": {Body: []byte(`{"error":{"code":"RESOURCE_NOT_EXISTS"}}`)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, mockserver.Options{}, nil)
			state := e.r.MustRun(tfdriver.State{}, plain(nil))
			fault.Operation, fault.Status = mockserver.OperationGet, 404
			e.m.Inject(fault)
			after, diags := e.r.Read(state)
			if !diags.HasErrors() || !after.Exists() {
				t.Errorf("exists %t:\n%s", after.Exists(), diags)
			}
		})
	}
}

// 404 with RESOURCE_NOT_EXISTS removes the card from the state, its identity filled before:
// also in a state from before there were identities.
func TestGoneCardLeavesTheState(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	state := e.r.MustRun(tfdriver.State{}, plain(nil))
	e.m.DeleteCard(mockserver.DefaultBrandID, mockserver.TemplatePermanent, sampleCode)
	for name, state := range map[string]tfdriver.State{"with an identity": state, "without one": e.r.State(state.Values())} {
		after, diags := e.r.Read(state)
		// The openid is in no state any more: the warning has all that an import needs.
		command := "terraform import ADDRESS '" + sampleID + "/" + e.m.OpenID(samplePhone) + "'"
		if diags.HasErrors() || !diags.Warnings().Contains(command) || after.Exists() {
			t.Errorf("%s: exists %t:\n%s", name, after.Exists(), diags)
		}
	}
}

// NOT_FOUND takes the card out of the state where the answer's signature verifies, as
// RESOURCE_NOT_EXISTS does, and a reading after an import into the state is an error instead.
func TestNotFoundCountsWhenSigned(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		signing mockserver.Signing
		leaves  bool
	}{
		"rightly signed": {mockserver.SignedCorrectly, true}, "wrongly signed": {mockserver.SignedWrongly, false}, "not signed": {mockserver.NotSigned, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, mockserver.Options{}, map[string]any{"max_retries": 0})
			state := e.r.MustRun(tfdriver.State{}, plain(nil))
			gone := mockserver.Fault{Operation: readCall, Status: 404, Code: "NOT_FOUND", Message: "资源不存在", Signing: c.signing, Count: -1}
			e.m.Inject(gone)
			after, diags := e.r.Read(state)
			if after.Exists() == c.leaves || diags.HasErrors() == c.leaves {
				t.Errorf("exists %t:\n%s", after.Exists(), diags)
			}
			imported, diags := e.r.Import(sampleID + "/" + e.m.OpenID(samplePhone))
			if imported.Exists() || diags.Errors().Contains("There is no such card to import") != c.leaves {
				t.Errorf("exists %t:\n%s", imported.Exists(), diags)
			}
		})
	}
}

// A state from before there were identities gets one by being read, verified or not.
func TestIdentityIsFilledByReading(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	verified := e.r.MustRun(tfdriver.State{}, plain(nil))
	state, _ := e.r.Read(e.r.State(verified.Values()))
	if got := state.Identity(); got["openid"] != e.m.OpenID(samplePhone) || got["user_card_code"] != sampleCode || got["brand_id"] != "1004" {
		t.Errorf("the identity is %v", got)
	}
	e = newEnv(t, mockserver.Options{}, nil)
	unverified := e.unverified(nil)
	state, _ = e.r.Read(e.r.State(unverified.Values()))
	if got := state.Identity(); got["openid"] != nil || got["user_card_code"] != sampleCode {
		t.Errorf("the unverified card's identity is %v", got)
	}
}

// refresh_interval: a card that was read less than this long ago is not read again, and the
// answers of create and modify count as readings. (How long is tested in private_test.go.)
func TestRefreshInterval(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, map[string]any{"refresh_interval": "1h"})
	state := e.r.MustRun(tfdriver.State{}, plain(nil))
	e.requests(calls(mockserver.OperationImportByPhone))
	state, _ = e.r.Read(state)
	e.requests(none())
	state = e.r.MustRun(state, plain(map[string]any{"level": "钻石会员"}))
	e.requests(calls(mockserver.OperationModify))
	if _, diags := e.r.Read(state); diags.HasErrors() {
		t.Fatal(diags)
	}
	e.requests(none())
	// Without the interval each refresh is one GET.
	always := acctest.NewProcess(t, e.m, nil).Resource(resourceType)
	for range 2 {
		if _, diags := always.Read(state); diags.HasErrors() {
			t.Fatal(diags)
		}
	}
	e.requests(map[mockserver.Operation]int{mockserver.OperationGet: 2})
}

// Each call that answers with the card begins the interval anew.
func TestEachAnswerIsAReading(t *testing.T) {
	t.Parallel()
	var passed atomic.Int64
	now := func() time.Time { return time.Now().Add(time.Duration(passed.Load())) }
	m := acctest.StartMock(t, mockserver.Options{})
	p := acctest.NewProcess(t, m, map[string]any{"check_templates": false, "refresh_interval": "1m"}, provider.WithClock(now))
	e := &env{t: t, m: m, p: p, r: p.Resource(resourceType)}
	// In all it stays within the five minutes that an answer may be off.
	later := func() { passed.Add(int64(40 * time.Second)) }
	fresh := func(after string, state tfdriver.State) {
		t.Helper()
		later()
		e.p.NewRun()
		e.m.ResetRequests()
		if _, diags := e.r.Read(state); diags.HasErrors() {
			t.Fatal(diags)
		}
		if err := countRequests(m, none()); err != nil {
			t.Errorf("after %s: %v", after, err)
		}
	}
	state := e.r.MustRun(tfdriver.State{}, plain(nil))
	fresh("an import", state)
	state = e.r.MustRun(state, plain(map[string]any{"level": "钻石会员"}))
	fresh("a change", state)
	later()
	state, _ = e.r.Read(state)
	e.requests(calls(mockserver.OperationGet))
	fresh("a refresh", state)
	imported, diags := e.r.Import("1004/" + mockserver.TemplatePermanent + "/" + sampleCode + "/" + m.OpenID(samplePhone))
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	fresh("an import into the state", imported)
}

// Server-filled values do not show as changes.
func TestServerFilledValues(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{FillFromTemplate: true, FillValidDate: true, TimePrecision: mockserver.TimeMilliseconds}, nil)
	config := plain(map[string]any{
		"card_id": mockserver.TemplateFixTerm, "pickup_time": time.Now().Add(-time.Hour).UTC().Format(time.RFC3339),
		"valid_date_information": map[string]any{"type": "FIX_TERM", "available_day_after_receive": 365},
	})
	state := e.r.MustRun(tfdriver.State{}, config)
	state, _ = e.r.Read(state)
	if plan := e.r.Plan(state, config); plan.Action != tfdriver.NoOp {
		t.Errorf("the plan is %q: %v", plan.Action, plan.Planned())
	}
}

// An attribute that is removed from the configuration keeps WeChat Pay's value.
func TestRemovedAttributesStay(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	state := e.r.MustRun(tfdriver.State{}, plain(map[string]any{"level": "钻石会员", "attach": "门店"}))
	if plan := e.r.Plan(state, plain(nil)); plan.Action != tfdriver.NoOp {
		t.Errorf("the plan is %q", plan.Action)
	}
}

// Only the configured names of user information are managed.
func TestOtherUserInformationIsNeitherStoredNorTouched(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	config := plain(map[string]any{"user_information": map[string]any{"common_fields": map[string]any{"USER_FORM_FLAG_CITY": "深圳"}}})
	state := e.r.MustRun(tfdriver.State{}, config)
	e.change(func(c *mockserver.Card) {
		c.CommonFields = append(c.CommonFields, mockserver.CommonField{Name: "USER_FORM_FLAG_NAME", Value: "样例"})
	})
	state, _ = e.r.Read(state)
	if got := state.Get("user_information.common_fields.USER_FORM_FLAG_NAME"); got != nil {
		t.Error("a name that is not configured is in the state")
	}
	if plan := e.r.Plan(state, config); plan.Action != tfdriver.NoOp {
		t.Errorf("the plan is %q", plan.Action)
	}
	// Not configured at all.
	bare := e.r.MustRun(state, plain(nil))
	bare, _ = e.r.Read(bare)
	if bare.Get("user_information") != nil || len(e.card().CommonFields) != 2 {
		t.Errorf("user information %v, the card has %d fields", bare.Get("user_information"), len(e.card().CommonFields))
	}
}

// A state that this version writes can be read by those that follow: the fixture is frozen,
// a change that cannot read it needs a new schema version and an upgrader.
func TestFrozenState(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/state_v0.json")
	if err != nil {
		t.Fatal(err)
	}
	var values map[string]any
	if err := json.Unmarshal(raw, &values); err != nil {
		t.Fatal(err)
	}
	e := newEnv(t, mockserver.Options{}, nil)
	state, diags := e.r.Upgrade(0, values)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	for _, attribute := range []string{"id", "openid", "level", "phone_number_masked", "deletion_policy"} {
		if state.Get(attribute) != values[attribute] {
			t.Errorf("%s = %v, want %v", attribute, state.Get(attribute), values[attribute])
		}
	}
	if got := state.Get("valid_date_information.type"); got != "PERMANENT" {
		t.Errorf("validity %v", got)
	}
}

// Terraform keeps private state as base64 of base64, for each of thousands of members.
func TestPrivateStateIsSmall(t *testing.T) {
	t.Parallel()
	const most = 64
	e := newEnv(t, mockserver.Options{}, map[string]any{"refresh_interval": "24h"})
	state := e.r.MustRun(tfdriver.State{}, plain(nil))
	if len(state.Private) > most {
		t.Errorf("private state has %d bytes, not at most %d: %s", len(state.Private), most, state.Private)
	}
}

// Where the official pages are silent WeChat Pay may do either, and a member's life is the
// same: a second plan is empty, a change carries only itself, an import plans empty.
func TestEitherBehaviour(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]mockserver.Options{
		"as the mock is":                    {},
		"no phone number in answers":        {OmitPhone: true},
		"no user information in answers":    {OmitUserInformation: true},
		"user information is replaced":      {UserInformationUpdate: mockserver.UserInformationReplaced},
		"lists in another order":            {ReverseLists: true},
		"an empty text clears":              {EmptyTextClears: true},
		"values filled in by the template":  {FillFromTemplate: true, FillValidDate: true},
		"times without milliseconds, UTC":   {TimePrecision: mockserver.TimeSeconds, TimeZone: time.UTC},
		"times with milliseconds":           {TimePrecision: mockserver.TimeMilliseconds},
		"a phone number once in a brand":    {PhoneScope: mockserver.PhonePerBrand},
		"a pickup time only for a term's":   {PickupTimeForFixTermOnly: true},
		"an invalid card frees its number":  {InvalidCardFreesPhone: true},
		"everything that can be left, left": {OmitPhone: true, OmitUserInformation: true, ReverseLists: true, TimePrecision: mockserver.TimeSeconds},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, options, nil)
			config := with(plain(fixTerm("2026-01-01T08:00:00.120+08:00", map[string]any{"available_day_after_receive": 10958})), map[string]any{
				"card_id": mockserver.TemplateFixTerm, "attach": "门店", "level": "普通会员", "card_color": "#ffff00",
				"user_information": map[string]any{
					"common_fields": map[string]any{"USER_FORM_FLAG_CITY": "深圳", "USER_FORM_FLAG_NAME": "样例"},
					"custom_fields": map[string]any{"喜欢的运动": []any{"游泳", "篮球"}},
				},
			})
			same := func(when string, state tfdriver.State) tfdriver.State {
				t.Helper()
				e.p.NewRun()
				state, diags := e.r.Read(state)
				if plan := e.r.Plan(state, config); plan.Action != tfdriver.NoOp {
					t.Errorf("%s the plan is %q: %v\n%s%s", when, plan.Action, plan.Planned(), diags, plan.Diagnostics)
				}
				return state
			}
			state := same("after the import", e.r.MustRun(tfdriver.State{}, config))
			e.m.ResetRequests()
			config["level"] = "钻石会员"
			state = e.r.MustRun(state, config)
			if err := carries(lastModify(t, e.m), "brand_id", "openid", "level"); err != nil {
				t.Error(err)
			}
			state = same("after a change", state)
			config["user_information"] = map[string]any{"common_fields": map[string]any{"USER_FORM_FLAG_CITY": "上海"}}
			state = e.r.MustRun(state, config)
			if err := carries(lastModify(t, e.m), "brand_id", "openid", "user_information"); err != nil {
				t.Error(err)
			}
			same("after another change", state)
			imported, diags := e.r.Import("1004/" + mockserver.TemplateFixTerm + "/" + sampleCode + "/" + e.m.OpenID(samplePhone))
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			// What WeChat Pay does not return cannot be compared: the configured value is sent once.
			same("after an import and what it asks for", e.r.MustRun(imported, config))
		})
	}
}

// Names of user information that leave the configuration leave the state, and nothing is
// sent; one that comes is sent with all.
func TestNamesOfUserInformationComeAndGo(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	config := func(common map[string]any) map[string]any { return plain(commonFields(common)) }
	both := map[string]any{"USER_FORM_FLAG_CITY": "深圳", "USER_FORM_FLAG_NAME": "样例"}
	state := e.r.MustRun(tfdriver.State{}, config(both))
	e.m.ResetRequests()
	state = e.r.MustRun(state, config(map[string]any{"USER_FORM_FLAG_CITY": "深圳"}))
	e.requests(calls(mockserver.OperationGet))
	if state.Get("user_information.common_fields.USER_FORM_FLAG_NAME") != nil || len(e.card().CommonFields) != 2 {
		t.Errorf("the state has %v, the card %d fields", state.Get("user_information"), len(e.card().CommonFields))
	}
	e.r.MustRun(state, config(map[string]any{"USER_FORM_FLAG_CITY": "深圳", "USER_FORM_FLAG_EMAIL": "yangli@example.com"}))
	if got, want := len(lastModify(t, e.m).Plain), 3; got != want {
		t.Errorf("the modify call has %d fields", got)
	}
	if len(e.card().CommonFields) != 3 {
		t.Errorf("the card has %d fields", len(e.card().CommonFields))
	}
}

// What stays with the provider is changed without a request.
func TestOwnAttributesSendNothing(t *testing.T) {
	t.Parallel()
	for name, changes := range map[string]map[string]any{
		"on_existing":     {"on_existing": "verify"},
		"deletion_policy": {"deletion_policy": "invalidate", "invalidate_reason": "离职"},
		"timeouts":        {"timeouts": map[string]any{"create": "1h", "delete": "2h"}},
		"phone_number_wo": {"phone_number": nil, "phone_number_wo": samplePhone, "phone_number_wo_version": 1},
		"the brand":       {"brand_id": mockserver.DefaultBrandID},
		"the openid":      {"openid": "OPENID"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, mockserver.Options{}, nil)
			if changes["openid"] != nil {
				changes["openid"] = e.m.OpenID(samplePhone)
			}
			state := e.r.MustRun(tfdriver.State{}, plain(nil))
			for _, config := range []map[string]any{plain(changes), plain(nil)} {
				if config["phone_number"] != nil && state.Get("phone_number") == nil {
					// The state does not know the number, so it is sent.
					continue
				}
				e.p.NewRun()
				e.m.ResetRequests()
				plan := e.r.Plan(state, config)
				if plan.Get("modify_time") == tfdriver.Unknown {
					t.Error("the plan expects a change at WeChat Pay")
				}
				var diags tfdriver.Diagnostics
				if state, diags = e.r.Apply(plan); len(diags) > 0 {
					t.Error(diags)
				}
				e.requests(none())
				if next := e.r.Plan(state, config); next.Action != tfdriver.NoOp {
					t.Errorf("the next plan is %q", next.Action)
				}
			}
		})
	}
}

// A phone number moves from the state into a write-only attribute without being sent, and
// back by being sent once, since no state knows it.
func TestPhoneNumberMovesBetweenAttributes(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	writeOnly := plain(map[string]any{"phone_number": nil, "phone_number_wo": samplePhone, "phone_number_wo_version": 3})
	state := e.r.MustRun(tfdriver.State{}, plain(nil))
	e.m.ResetRequests()
	state = e.r.MustRun(state, writeOnly)
	e.requests(calls(mockserver.OperationGet))
	if state.Get("phone_number") != nil || state.Get("phone_number_masked") != "138****8000" {
		t.Errorf("masked %v, and the state has a phone number: %t", state.Get("phone_number_masked"), state.Get("phone_number") != nil)
	}
	state = e.r.MustRun(state, plain(nil))
	if err := carries(lastModify(t, e.m), "brand_id", "openid", "phone_number"); err != nil {
		t.Error(err)
	}
	e.requests(calls(mockserver.OperationGet, mockserver.OperationModify))
	if state.Get("phone_number") != samplePhone || state.Get("phone_number_wo_version") != nil {
		t.Errorf("version %v", state.Get("phone_number_wo_version"))
	}
}

// Each attribute that is changed elsewhere shows in the plan, and one modify call that
// carries only it repairs it. (TestAccDrift does so through Terraform.)
func TestDrift(t *testing.T) {
	t.Parallel()
	whole := func() map[string]any {
		return with(plain(fixTimeRange(nil)), map[string]any{
			"card_id": mockserver.TemplateFixTimeRange, "level": "钻石会员", "card_color": "#FFFF00", "card_picture_url": "https://wxpaylogo.example.com/0",
			"attach": "门店", "pickup_time": "2020-05-20T13:29:35+08:00",
			"user_information": map[string]any{
				"common_fields": map[string]any{"USER_FORM_FLAG_CITY": "深圳", "USER_FORM_FLAG_NAME": "样例"},
				"custom_fields": map[string]any{"喜欢的运动": []any{"游泳", "篮球"}},
			},
		})
	}
	for name, c := range map[string]struct {
		attribute string
		change    func(*mockserver.Card)
	}{
		"level":                 {"level", func(c *mockserver.Card) { c.Level = "普通会员" }},
		"level, gone":           {"level", func(c *mockserver.Card) { c.Level = "" }},
		"colour":                {"card_color", func(c *mockserver.Card) { c.CardColor = "#FFFF01" }},
		"picture":               {"card_picture_url", func(c *mockserver.Card) { c.CardPictureURL += "1" }},
		"attach":                {"attach", func(c *mockserver.Card) { c.Attach = "总店" }},
		"phone number":          {"phone_number", func(c *mockserver.Card) { c.PhoneNumber = otherPhone }},
		"begin of the validity": {"valid_date_information", func(c *mockserver.Card) { c.ValidDate.Begin = c.ValidDate.Begin.Add(time.Second) }},
		"end of the validity":   {"valid_date_information", func(c *mockserver.Card) { c.ValidDate.End = c.ValidDate.End.Add(-time.Second) }},
		"common field":          {"user_information", func(c *mockserver.Card) { c.CommonFields[0].Value = "别的" }},
		"common field, gone":    {"user_information", func(c *mockserver.Card) { c.CommonFields = c.CommonFields[1:] }},
		"chosen values, more":   {"user_information", func(c *mockserver.Card) { c.CustomFields[0].Values = append(c.CustomFields[0].Values, "足球") }},
		"chosen values, fewer":  {"user_information", func(c *mockserver.Card) { c.CustomFields[0].Values = c.CustomFields[0].Values[1:] }},
		"custom field, gone":    {"user_information", func(c *mockserver.Card) { c.CustomFields = nil }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, mockserver.Options{}, nil)
			config := whole()
			state := e.r.MustRun(tfdriver.State{}, config)
			if err := e.m.ChangeCard(mockserver.DefaultBrandID, mockserver.TemplateFixTimeRange, sampleCode, c.change); err != nil {
				t.Fatal(err)
			}
			e.repairs(state, config, c.attribute)
		})
	}
	t.Run("days of the validity", func(t *testing.T) {
		t.Parallel()
		e := newEnv(t, mockserver.Options{}, nil)
		config := with(plain(fixTerm("2026-01-01T08:00:00+08:00", map[string]any{"available_day_after_receive": 10958})),
			map[string]any{"card_id": mockserver.TemplateFixTerm})
		state := e.r.MustRun(tfdriver.State{}, config)
		if err := e.m.ChangeCard(mockserver.DefaultBrandID, mockserver.TemplateFixTerm, sampleCode, func(c *mockserver.Card) { c.ValidDate.Days = 10957 }); err != nil {
			t.Fatal(err)
		}
		e.repairs(state, config, "valid_date_information")
	})
}

// What means the same keeps the state's spelling when it is read: nothing is reported as
// changed outside of Terraform.
func TestReadingKeepsTheSpelling(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{TimePrecision: mockserver.TimeMilliseconds, TimeZone: time.UTC, ReverseLists: true}, nil)
	config := with(plain(fixTimeRange(nil)), map[string]any{
		"card_id": mockserver.TemplateFixTimeRange, "card_color": "#ffff0a", "pickup_time": "2020-05-20T13:29:35+08:00",
		"user_information": map[string]any{"custom_fields": map[string]any{"喜欢的运动": []any{"游泳", "篮球"}}},
	})
	state := e.r.MustRun(tfdriver.State{}, config)
	err := e.m.ChangeCard(mockserver.DefaultBrandID, mockserver.TemplateFixTimeRange, sampleCode, func(c *mockserver.Card) {
		c.CardColor, c.PhoneNumber = "#FFFF0A", "+86"+samplePhone
	})
	if err != nil {
		t.Fatal(err)
	}
	after, diags := e.r.Read(state)
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	before := state.Values()
	for attribute, got := range after.Values() {
		if attribute != "modify_time" && fmt.Sprint(got) != fmt.Sprint(before[attribute]) {
			t.Errorf("%s was spelt otherwise by being read", attribute)
		}
	}
}

// repairs makes sure that a refresh shows drift of one attribute, and an apply sends only that.
func (e *env) repairs(state tfdriver.State, config map[string]any, attribute string) {
	e.t.Helper()
	e.p.NewRun()
	state, _ = e.r.Read(state)
	e.m.ResetRequests()
	plan := e.r.Plan(state, config)
	if plan.Action != tfdriver.Update {
		e.t.Fatalf("the plan is %q:\n%s", plan.Action, plan.Diagnostics)
	}
	state, diags := e.r.Apply(plan)
	if diags.HasErrors() {
		e.t.Fatal(diags)
	}
	if err := carries(lastModify(e.t, e.m), "brand_id", "openid", attribute); err != nil {
		e.t.Error(err)
	}
	e.requests(calls(mockserver.OperationModify))
	e.p.NewRun()
	state, _ = e.r.Read(state)
	if plan := e.r.Plan(state, config); plan.Action != tfdriver.NoOp {
		e.t.Errorf("the plan after the repair is %q: %v", plan.Action, plan.Planned())
	}
}

// Values that are unknown while planning and then prove to be what the card has send nothing,
// and others are sent.
func TestUnknownThatProvesTheSameSendsNothing(t *testing.T) {
	t.Parallel()
	whole := func() map[string]any {
		return with(plain(fixTimeRange(nil)), map[string]any{
			"card_id": mockserver.TemplateFixTimeRange, "level": "钻石会员", "pickup_time": "2020-05-20T13:29:35+08:00",
			"user_information": map[string]any{
				"common_fields": map[string]any{"USER_FORM_FLAG_CITY": "深圳", "USER_FORM_FLAG_NAME": "样例"},
				"custom_fields": map[string]any{"喜欢的运动": []any{"游泳", "篮球"}},
			},
		})
	}
	for name, c := range map[string]struct {
		// path leads to the value in the configuration.
		path  []any
		other any
		// spelt is the same value in other letters.
		spelt any
	}{
		"a text":                  {path: []any{"level"}, other: "金卡会员"},
		"a phone number":          {path: []any{"phone_number"}, other: otherPhone},
		"a time of the validity":  {path: []any{"valid_date_information", "available_end_time"}, other: "2099-12-31T23:59:58+08:00", spelt: "2099-12-31T15:59:59Z"},
		"a common field":          {path: []any{"user_information", "common_fields", "USER_FORM_FLAG_CITY"}, other: "上海"},
		"all common fields":       {path: []any{"user_information", "common_fields"}, other: map[string]any{"USER_FORM_FLAG_CITY": "上海"}},
		"a chosen value":          {path: []any{"user_information", "custom_fields", "喜欢的运动", 1}, other: "足球"},
		"the user information":    {path: []any{"user_information"}, other: map[string]any{"common_fields": map[string]any{"USER_FORM_FLAG_CITY": "上海"}}},
		"the validity altogether": {path: []any{"valid_date_information"}, other: fixTimeRange(map[string]any{"available_end_time": "2099-12-31T23:59:58+08:00"})["valid_date_information"]},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, mockserver.Options{}, nil)
			state := e.r.MustRun(tfdriver.State{}, whole())
			e.p.NewRun()
			e.m.ResetRequests()
			attribute, _ := c.path[0].(string)
			plan := e.r.Plan(state, put(whole(), tfdriver.Unknown, c.path...))
			if plan.Action != tfdriver.Update || plan.Get("modify_time") != tfdriver.Unknown {
				t.Fatalf("the plan is %q, modify_time %v:\n%s", plan.Action, plan.Get("modify_time"), plan.Diagnostics)
			}
			same := []map[string]any{whole()}
			if c.spelt != nil {
				same = append(same, put(whole(), c.spelt, c.path...))
			}
			for _, config := range same {
				if _, diags := e.r.ApplyConfig(plan, config); len(diags) > 0 {
					t.Error(diags)
				}
				e.requests(none())
			}
			if _, diags := e.r.ApplyConfig(plan, put(whole(), c.other, c.path...)); len(diags) > 0 {
				t.Error(diags)
			}
			if err := carries(lastModify(t, e.m), "brand_id", "openid", attribute); err != nil {
				t.Error(err)
			}
		})
	}
}

// put has a value where path leads to: names of maps and places in lists.
func put(config map[string]any, value any, path ...any) map[string]any {
	var at any = config
	for i, step := range path {
		last := i == len(path)-1
		switch parent := at.(type) {
		case map[string]any:
			name, _ := step.(string)
			if last {
				parent[name] = value
			}
			at = parent[name]
		case []any:
			place, _ := step.(int)
			if last {
				parent[place] = value
			}
			at = parent[place]
		}
	}
	return config
}
