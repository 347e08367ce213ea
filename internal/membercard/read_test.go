// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

// INVALID elsewhere: warned, never silently made anew.
func TestInvalidElsewhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mockserver.Options{}, nil)
	state := w.r.MustRun(acctest.State{}, plain(nil))
	w.change(func(c *mockserver.Card) { c.State, c.InvalidReason = "INVALID", "离职" })
	state, diags := w.r.Read(state)
	if !state.Exists() || !diags.Warnings().Contains("invalid") || state.Get("user_card_state") != "INVALID" || state.Get("invalid_reason") != "离职" {
		t.Errorf("state %v:\n%s", state.Get("user_card_state"), diags)
	}
	if plan := w.r.Plan(state, plain(nil)); plan.Action != acctest.NoOp {
		t.Errorf("the plan is %q", plan.Action)
	}
}

// EXPIRED stays, without a warning, and an unchanged member that has expired still plans.
func TestExpiredStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mockserver.Options{}, nil)
	state := w.r.MustRun(acctest.State{}, plain(nil))
	w.change(func(c *mockserver.Card) { c.State = "EXPIRED" })
	state, diags := w.r.Read(state)
	if !state.Exists() || len(diags) > 0 || state.Get("user_card_state") != "EXPIRED" {
		t.Errorf("state %v:\n%s", state.Get("user_card_state"), diags)
	}
	if plan := w.r.Plan(state, plain(nil)); plan.Action != acctest.NoOp {
		t.Errorf("the plan is %q:\n%s", plan.Action, plan.Diagnostics)
	}
}

// Any other 404 than RESOURCE_NOT_EXISTS (a proxy's page, say) is an error, and the state stays.
func TestOther404IsAnError(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mockserver.Options{}, nil)
	state := w.r.MustRun(acctest.State{}, plain(nil))
	w.m.Inject(mockserver.Fault{Operation: mockserver.OperationGet, Status: 404, Body: []byte("<html>not here</html>"), ContentType: "text/html"})
	after, diags := w.r.Read(state)
	if !diags.HasErrors() || !after.Exists() {
		t.Errorf("exists %t:\n%s", after.Exists(), diags)
	}
}

// 404 with RESOURCE_NOT_EXISTS removes the card from the state, its identity filled before.
func TestGoneCardLeavesTheState(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mockserver.Options{}, nil)
	state := w.r.MustRun(acctest.State{}, plain(nil))
	w.m.DeleteCard(mockserver.DefaultBrandID, mockserver.TemplatePermanent, sampleCode)
	after, diags := w.r.Read(state)
	if diags.HasErrors() || after.Exists() {
		t.Errorf("exists %t:\n%s", after.Exists(), diags)
	}
}

// refresh_interval: a card that was read less than this long ago is not read again, and the
// answers of create and modify count as readings. (How long is tested in private_test.go.)
func TestRefreshInterval(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mockserver.Options{}, map[string]any{"refresh_interval": "1h"})
	state := w.r.MustRun(acctest.State{}, plain(nil))
	w.requests(calls(mockserver.OperationImportByPhone))
	state, _ = w.r.Read(state)
	w.requests(none())
	state = w.r.MustRun(state, plain(map[string]any{"level": "钻石会员"}))
	w.requests(calls(mockserver.OperationModify))
	if _, diags := w.r.Read(state); diags.HasErrors() {
		t.Fatal(diags)
	}
	w.requests(none())
	// Without the interval each refresh is one GET.
	always := acctest.NewProcess(t, w.m, nil).Resource(resourceType)
	for range 2 {
		if _, diags := always.Read(state); diags.HasErrors() {
			t.Fatal(diags)
		}
	}
	w.requests(map[mockserver.Operation]int{mockserver.OperationGet: 2})
}

// Server-filled values do not show as changes.
func TestServerFilledValues(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mockserver.Options{FillFromTemplate: true, FillValidDate: true, TimePrecision: mockserver.TimeMilliseconds}, nil)
	config := plain(map[string]any{
		"card_id": mockserver.TemplateFixTerm, "pickup_time": time.Now().Add(-time.Hour).UTC().Format(time.RFC3339),
		"valid_date_information": map[string]any{"type": "FIX_TERM", "available_day_after_receive": 365},
	})
	state := w.r.MustRun(acctest.State{}, config)
	state, _ = w.r.Read(state)
	if plan := w.r.Plan(state, config); plan.Action != acctest.NoOp {
		t.Errorf("the plan is %q: %v", plan.Action, plan.Planned())
	}
}

// An attribute that is removed from the configuration keeps WeChat Pay's value.
func TestRemovedAttributesStay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mockserver.Options{}, nil)
	state := w.r.MustRun(acctest.State{}, plain(map[string]any{"level": "钻石会员", "attach": "门店"}))
	if plan := w.r.Plan(state, plain(nil)); plan.Action != acctest.NoOp {
		t.Errorf("the plan is %q", plan.Action)
	}
}

// Only the configured names of user information are managed.
func TestOtherUserInformationIsNeitherStoredNorTouched(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mockserver.Options{}, nil)
	config := plain(map[string]any{"user_information": map[string]any{"common_fields": map[string]any{"USER_FORM_FLAG_CITY": "深圳"}}})
	state := w.r.MustRun(acctest.State{}, config)
	w.change(func(c *mockserver.Card) {
		c.CommonFields = append(c.CommonFields, mockserver.CommonField{Name: "USER_FORM_FLAG_NAME", Value: "样例"})
	})
	state, _ = w.r.Read(state)
	if got := state.Get("user_information.common_fields.USER_FORM_FLAG_NAME"); got != nil {
		t.Error("a name that is not configured is in the state")
	}
	if plan := w.r.Plan(state, config); plan.Action != acctest.NoOp {
		t.Errorf("the plan is %q", plan.Action)
	}
	// Not configured at all.
	bare := w.r.MustRun(state, plain(nil))
	bare, _ = w.r.Read(bare)
	if bare.Get("user_information") != nil || len(w.card().CommonFields) != 2 {
		t.Errorf("user information %v, the card has %d fields", bare.Get("user_information"), len(w.card().CommonFields))
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
	w := newWorld(t, mockserver.Options{}, nil)
	state, diags := w.r.Upgrade(0, values)
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

// Where the official pages are silent WeChat Pay may do either, and a member's life is the
// same: a second plan is empty, a change carries itself alone, an import plans empty.
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
		"a pickup time for a term's alone":  {PickupTimeForFixTermOnly: true},
		"an invalid card frees its number":  {InvalidCardFreesPhone: true},
		"everything that can be left, left": {OmitPhone: true, OmitUserInformation: true, ReverseLists: true, TimePrecision: mockserver.TimeSeconds},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, options, nil)
			config := with(plain(fixTerm("2026-01-01T08:00:00.120+08:00", map[string]any{"available_day_after_receive": 36500})), map[string]any{
				"card_id": mockserver.TemplateFixTerm, "attach": "门店", "level": "普通会员", "card_color": "#ffff00",
				"user_information": map[string]any{
					"common_fields": map[string]any{"USER_FORM_FLAG_CITY": "深圳", "USER_FORM_FLAG_NAME": "样例"},
					"custom_fields": map[string]any{"喜欢的运动": []any{"游泳", "篮球"}},
				},
			})
			same := func(when string, state acctest.State) acctest.State {
				t.Helper()
				w.p.NewRun()
				state, diags := w.r.Read(state)
				if plan := w.r.Plan(state, config); plan.Action != acctest.NoOp {
					t.Errorf("%s the plan is %q: %v\n%s%s", when, plan.Action, plan.Planned(), diags, plan.Diagnostics)
				}
				return state
			}
			state := same("after the import", w.r.MustRun(acctest.State{}, config))
			w.m.ResetRequests()
			config["level"] = "钻石会员"
			state = w.r.MustRun(state, config)
			if err := carries(lastModify(t, w.m), "brand_id", "openid", "level"); err != nil {
				t.Error(err)
			}
			state = same("after a change", state)
			config["user_information"] = map[string]any{"common_fields": map[string]any{"USER_FORM_FLAG_CITY": "上海"}}
			state = w.r.MustRun(state, config)
			if err := carries(lastModify(t, w.m), "brand_id", "openid", "user_information"); err != nil {
				t.Error(err)
			}
			same("after another change", state)
			imported, diags := w.r.Import("1004/" + mockserver.TemplateFixTerm + "/" + sampleCode + "/" + w.m.OpenID(samplePhone))
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			// What WeChat Pay does not return cannot be compared: the configured value is sent once.
			same("after an import and what it asks for", w.r.MustRun(imported, config))
		})
	}
}
