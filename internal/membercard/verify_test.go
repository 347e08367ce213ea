// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// Without an openid: no call, the state stays.
func TestUnverifiedCardIsNotRead(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	state := e.unverified(nil)
	refreshed, diags := e.r.Read(state)
	if len(diags) > 0 || refreshed.Get("user_card_state") != nil {
		t.Errorf("unexpected refresh: %v\n%s", refreshed.Values(), diags)
	}
	e.requests(none())
}

// A change that needs the openid where it is unknown is refused while planning.
func TestUnverifiedCardCannotBeChanged(t *testing.T) {
	t.Parallel()
	for attribute, value := range map[string]any{
		"level":                  "钻石会员",
		"card_color":             "#00FF00",
		"card_picture_url":       "https://wxpaylogo.example.com/other/0",
		"attach":                 "门店",
		"phone_number":           otherPhone,
		"pickup_time":            "2015-05-20T13:29:35+08:00",
		"valid_date_information": map[string]any{"type": "PERMANENT"},
		"user_information":       map[string]any{"common_fields": map[string]any{"USER_FORM_FLAG_CITY": "深圳"}},
	} {
		t.Run(attribute, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, mockserver.Options{}, nil)
			state := e.unverified(nil)
			at := attribute
			if attribute == "user_information" {
				at = "" // Terraform would print what the member entered
			}
			e.refused(e.r.Plan(state, plain(map[string]any{attribute: value})), at, "needs the openid")
		})
	}
	t.Run("phone_number_wo_version", func(t *testing.T) {
		t.Parallel()
		e := newEnv(t, mockserver.Options{}, nil)
		writeOnly := func(version int) map[string]any {
			return map[string]any{"phone_number": nil, "phone_number_wo": samplePhone, "phone_number_wo_version": version}
		}
		state := e.unverified(writeOnly(1))
		e.refused(e.r.Plan(state, plain(writeOnly(2))), "phone_number_wo", "needs the openid")
	})
	t.Run("what stays with the provider may change", func(t *testing.T) {
		t.Parallel()
		e := newEnv(t, mockserver.Options{}, nil)
		state := e.unverified(nil)
		state = e.r.MustRun(state, plain(map[string]any{"deletion_policy": "prevent", "timeouts": map[string]any{"read": "1m"}}))
		if state.Get("deletion_policy") != "prevent" {
			t.Errorf("deletion_policy = %v", state.Get("deletion_policy"))
		}
		e.requests(none())
	})
}

// Later setting openid on an unverified card verifies it and fills the computed values in place.
func TestOpenIDVerifiesInPlace(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	config := map[string]any{"level": "普通会员"}
	state := e.unverified(config)
	config["openid"] = e.m.OpenID(samplePhone)
	e.p.NewRun()
	plan := e.r.Plan(state, plain(config))
	if plan.Action != tfdriver.Update {
		t.Fatalf("the plan is %q:\n%s", plan.Action, plan.Diagnostics)
	}
	if plan.Get("user_card_state") != tfdriver.Unknown || plan.Get("create_time") != tfdriver.Unknown {
		t.Error("the plan does not leave open what the verification finds")
	}
	e.requests(none())
	state, diags := e.r.Apply(plan)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	e.requests(calls(mockserver.OperationGet))
	for attribute, want := range map[string]any{
		"openid": e.m.OpenID(samplePhone), "user_card_state": "EFFECTIVE", "card_type": "NORMAL", "adopted": true, "level": "普通会员",
	} {
		if got := state.Get(attribute); got != want {
			t.Errorf("%s = %v, want %v", attribute, got, want)
		}
	}
	if state.Get("create_time") == nil {
		t.Error("create_time is null")
	}
	if got := state.Identity()["openid"]; got != e.m.OpenID(samplePhone) {
		t.Errorf("the identity's openid is %v", got)
	}
	if next := e.r.Plan(state, plain(config)); next.Action != tfdriver.NoOp {
		t.Errorf("the next plan is %q:\n%s", next.Action, next.Diagnostics)
	}
}

// Verification reconciles configured attributes that differ with one modify call,
// and touches nothing else.
func TestVerificationReconciles(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	config := map[string]any{"level": "钻石会员", "card_color": "#FFFF00"}
	state := e.unverified(config)
	e.change(func(c *mockserver.Card) { c.CardColor = "#ffff00"; c.Attach = "门店" })
	config["openid"] = e.m.OpenID(samplePhone)
	state = e.r.MustRun(state, plain(config))
	if err := carries(lastModify(t, e.m), "brand_id", "openid", "level"); err != nil {
		t.Error(err)
	}
	e.requests(calls(mockserver.OperationGet, mockserver.OperationModify))
	if state.Get("attach") != "门店" || state.Get("level") != "钻石会员" {
		t.Errorf("attach %v, level %v", state.Get("attach"), state.Get("level"))
	}
}

// A phone number changed together with setting the openid is verified by the old one and sent.
func TestVerificationWithAnotherPhoneNumber(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	state := e.unverified(nil)
	e.r.MustRun(state, plain(map[string]any{"openid": e.m.OpenID(samplePhone), "phone_number": otherPhone}))
	if got := e.card().PhoneNumber; got != otherPhone {
		t.Error("the phone number was not sent")
	}
}

// A verification that fails leaves the member as it was.
func TestVerificationRefuses(t *testing.T) {
	t.Parallel()
	t.Run("a user without such a card", func(t *testing.T) {
		t.Parallel()
		e := newEnv(t, mockserver.Options{}, nil)
		state := e.unverified(nil)
		after, diags := e.r.Run(state, plain(map[string]any{"openid": e.m.OpenID(otherPhone)}))
		if !diags.Errors().At("openid").Contains("has no card under this code") || after.Get("openid") != nil || after.Get("user_card_state") != nil {
			t.Errorf("openid %v:\n%s", after.Get("openid"), diags)
		}
		e.requests(calls(mockserver.OperationGet))
	})
	t.Run("another phone number on the card", func(t *testing.T) {
		t.Parallel()
		e := newEnv(t, mockserver.Options{}, nil)
		state := e.unverified(nil)
		e.change(func(c *mockserver.Card) { c.PhoneNumber = otherPhone })
		after, diags := e.r.Run(state, plain(map[string]any{"openid": e.m.OpenID(samplePhone)}))
		if !diags.Errors().At("phone_number").Contains("another phone number") || after.Get("openid") != nil {
			t.Errorf("openid %v:\n%s", after.Get("openid"), diags)
		}
	})
}

// A card that proves to be invalid when it is verified, or adopted, is stored and warned of.
func TestVerifiedCardIsInvalid(t *testing.T) {
	t.Parallel()
	invalid := func(c *mockserver.Card) { c.State = mockserver.StateInvalid }
	t.Run("verified later", func(t *testing.T) {
		t.Parallel()
		e := newEnv(t, mockserver.Options{}, nil)
		state := e.unverified(nil)
		e.change(invalid)
		state, diags := e.r.Run(state, plain(map[string]any{"openid": e.m.OpenID(samplePhone)}))
		if diags.HasErrors() || !diags.Warnings().At("user_card_state").Contains("cannot be undone") || state.Get("user_card_state") != "INVALID" {
			t.Errorf("the card is %v:\n%s", state.Get("user_card_state"), diags)
		}
	})
	t.Run("adopted", func(t *testing.T) {
		t.Parallel()
		// WeChat Pay advises to import again after an invalidation; its words may differ.
		e := newEnv(t, mockserver.Options{InvalidCardBlocksOpenID: true, ExistsMessage: mockserver.ExistsAlwaysImported}, nil)
		if err := e.m.PutCard(existingCard(invalid)); err != nil {
			t.Fatal(err)
		}
		state, diags := e.r.Run(tfdriver.State{}, plain(map[string]any{"openid": e.m.OpenID(samplePhone)}))
		if diags.HasErrors() || !diags.Warnings().At("user_card_state").Contains("cannot be undone") || state.Get("user_card_state") != "INVALID" {
			t.Errorf("the card is %v:\n%s", state.Get("user_card_state"), diags)
		}
	})
}

// Setting another openid than the known one is an error while planning.
func TestKnownOpenIDCannotChange(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	state := e.r.MustRun(tfdriver.State{}, plain(nil))
	e.m.ResetRequests()
	e.refused(e.r.Plan(state, plain(map[string]any{"openid": e.m.OpenID(otherPhone)})), "openid", "cannot change")
	if plan := e.r.Plan(state, plain(map[string]any{"openid": e.m.OpenID(samplePhone)})); plan.Action != tfdriver.NoOp {
		t.Errorf("naming the known openid plans %q:\n%s", plan.Action, plan.Diagnostics)
	}
}

// A card that was adopted with a write-only phone number is verified by what the state
// shows of it, also when the configuration names another one by now.
func TestVerificationByTheMaskedPhoneNumber(t *testing.T) {
	t.Parallel()
	writeOnly := func(phone string, version int) map[string]any {
		return map[string]any{"phone_number": nil, "phone_number_wo": phone, "phone_number_wo_version": version}
	}
	for name, changes := range map[string]map[string]any{
		"into the state":       {"phone_number": samplePhone},
		"under a next version": writeOnly(samplePhone, 2),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, mockserver.Options{}, nil)
			state := e.unverified(writeOnly(samplePhone, 1))
			e.change(func(c *mockserver.Card) { c.PhoneNumber = otherPhone })
			config := with(plain(changes), map[string]any{"openid": e.m.OpenID(samplePhone)})
			after, diags := e.r.Run(state, config)
			if !diags.Errors().Contains("another phone number") || after.Get("openid") != nil {
				t.Errorf("openid %v:\n%s", after.Get("openid"), diags)
			}
			e.requests(calls(mockserver.OperationGet))
			if e.card().PhoneNumber != otherPhone {
				t.Error("somebody else's card was given the phone number")
			}
			// The adopted card is verified, and given the phone number.
			e.change(func(c *mockserver.Card) { c.PhoneNumber = samplePhone })
			e.r.MustRun(state, config)
			e.requests(calls(mockserver.OperationGet, mockserver.OperationModify))
		})
	}
}

// A change that fails after the verification leaves the member unverified, and the next
// apply does both.
func TestChangeFailsAfterVerification(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	state := e.unverified(nil)
	config := plain(map[string]any{"openid": e.m.OpenID(samplePhone), "level": "钻石会员", "attach": "门店"})
	e.m.Inject(mockserver.Fault{Operation: mockserver.OperationModify, Status: 403, Code: "NO_AUTH", Message: "无权限"})
	state, diags := e.r.Run(state, config)
	if !diags.Errors().Contains("无权限") || state.Get("openid") != nil || state.Get("level") != nil || state.Tainted {
		t.Fatalf("openid %v, level %v, tainted %t:\n%s", state.Get("openid"), state.Get("level"), state.Tainted, diags)
	}
	state = e.r.MustRun(state, config)
	if state.Get("openid") == nil || e.card().Level != "钻石会员" || e.card().Attach != "门店" {
		t.Errorf("openid %v, the card has %q and %q", state.Get("openid"), e.card().Level, e.card().Attach)
	}
}
