// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/provider"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

const actionType = "wechatpay_member_card_invalidate"

// twoUsers are three cards of one user and one of another.
func (e *env) twoUsers() {
	e.t.Helper()
	for i, phone := range []string{samplePhone, samplePhone, samplePhone, otherPhone} {
		err := e.m.PutCard(existingCard(func(c *mockserver.Card) {
			c.UserCardCode, c.PhoneNumber, c.OpenID = fmt.Sprintf("VIP-000%d", i+1), phone, e.m.OpenID(phone)
			if i == 2 {
				c.CardID, c.State = mockserver.TemplateFixTimeRange, "INVALID"
			}
		}))
		if err != nil {
			e.t.Fatal(err)
		}
	}
}

func codes(found []tfdriver.Listed) string {
	var names []string
	for _, f := range found {
		names = append(names, fmt.Sprint(f.Identity["user_card_code"]))
	}
	return strings.Join(names, " ")
}

// Given openids, the brand's cards are listed as importable.
func TestListForQuery(t *testing.T) {
	t.Parallel()
	both := func(e *env) []any { return []any{e.m.OpenID(samplePhone), e.m.OpenID(otherPhone)} }
	for name, c := range map[string]struct {
		config map[string]any
		want   []string
	}{
		"all":           {nil, []string{"VIP-0001", "VIP-0002", "VIP-0003", "VIP-0004"}},
		"of a template": {map[string]any{"card_id": mockserver.TemplatePermanent}, []string{"VIP-0001", "VIP-0002", "VIP-0004"}},
		"in a state":    {map[string]any{"user_card_state": "INVALID"}, []string{"VIP-0003"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, mockserver.Options{}, nil)
			e.twoUsers()
			config := map[string]any{"openids": both(e)}
			maps.Copy(config, c.config)
			found, diags := e.p.List(resourceType, config, false, 0)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			got := codes(found)
			for _, code := range c.want {
				if !strings.Contains(got, code) {
					t.Errorf("listed %s, want %v", got, c.want)
				}
			}
			if len(found) != len(c.want) {
				t.Errorf("listed %s, want %v", got, c.want)
			}
			e.requests(map[mockserver.Operation]int{mockserver.OperationList: 2})
		})
	}
	for name, c := range map[string]struct {
		users func(*env) []any
		limit int64
		want  int
	}{
		"up to the limit, and no request beyond it":              {both, 2, 2},
		"up to the limit, where it is the end of a user's cards": {both, 3, 3},
		"a user who is given twice, once":                        {func(e *env) []any { return []any{e.m.OpenID(otherPhone), e.m.OpenID(otherPhone)} }, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, mockserver.Options{}, nil)
			e.twoUsers()
			found, diags := e.p.List(resourceType, map[string]any{"openids": c.users(e)}, false, c.limit)
			if len(found) != c.want || len(diags) > 0 {
				t.Errorf("listed %s: %s", codes(found), diags)
			}
			e.requests(calls(mockserver.OperationList))
		})
	}
	t.Run("with the resource, as an import leaves it", func(t *testing.T) {
		t.Parallel()
		e := newEnv(t, mockserver.Options{}, nil)
		e.twoUsers()
		found, diags := e.p.List(resourceType, map[string]any{"openids": []any{e.m.OpenID(otherPhone)}}, true, 0)
		if len(found) != 1 || len(diags) > 0 {
			t.Fatalf("listed %d: %s", len(found), diags)
		}
		imported, diags := e.r.Import("1004/" + mockserver.TemplatePermanent + "/VIP-0004/" + e.m.OpenID(otherPhone))
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		for attribute, want := range imported.Values() {
			if got := found[0].Resource[attribute]; fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("%s differs between list and import", attribute)
			}
		}
		if found[0].DisplayName != "VIP-0004 (EFFECTIVE)" || strings.Contains(found[0].DisplayName, otherPhone) {
			t.Errorf("display name %q", found[0].DisplayName)
		}
	})
	t.Run("an error in the middle is seen at its openid", func(t *testing.T) {
		t.Parallel()
		e := newEnv(t, mockserver.Options{}, nil)
		e.twoUsers()
		e.m.Inject(mockserver.Fault{Operation: mockserver.OperationList, Skip: 1, Status: 404, Code: "RESOURCE_NOT_EXISTS", Message: "用户不存在"})
		found, diags := e.p.List(resourceType, map[string]any{"openids": both(e)}, false, 0)
		if len(found) != 3 || !diags.Errors().At("openids[1]").Contains("用户不存在") {
			t.Errorf("listed %d: %s", len(found), diags)
		}
	})
	t.Run("without a brand", func(t *testing.T) {
		t.Parallel()
		e := newEnv(t, mockserver.Options{}, map[string]any{"brand_id": nil})
		_, diags := e.p.List(resourceType, map[string]any{"openids": both(e)}, false, 0)
		if !diags.Errors().Contains("WECHATPAY_BRAND_ID") {
			t.Error(diags)
		}
	})
	t.Run("without openids", func(t *testing.T) {
		t.Parallel()
		e := newEnv(t, mockserver.Options{}, nil)
		if _, diags := e.p.List(resourceType, map[string]any{"openids": []any{}}, false, 0); len(diags.Errors().At("openids")) == 0 {
			t.Error(diags)
		}
	})
	t.Run("with an openid that is null", func(t *testing.T) {
		t.Parallel()
		e := newEnv(t, mockserver.Options{}, nil)
		_, diags := e.p.List(resourceType, map[string]any{"openids": []any{"oSomebody", nil}}, false, 0)
		if len(diags.Errors().At("openids")) == 0 || diags.Contains("provider developers") {
			t.Error(diags)
		}
		e.requests(none())
	})
}

// panicking is a mistake in the provider, with a personal value in its words.
type panicking struct{}

func (panicking) RoundTrip(*http.Request) (*http.Response, error) {
	panic("no card for " + samplePhone)
}

// A mistake in a list or an action is a diagnostic that carries no value.
func TestPanicInAListOrAnAction(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{})
	p := acctest.NewProcess(t, m, nil, provider.WithTransport(panicking{}))
	_, listing := p.List(resourceType, map[string]any{"openids": []any{"oSomebody"}}, false, 0)
	_, invoking := p.Invoke(actionType, map[string]any{"card_id": mockserver.TemplatePermanent, "user_card_code": sampleCode, "openid": "oSomebody"})
	for what, diags := range map[string]tfdriver.Diagnostics{"list": listing, "action": invoking} {
		if !diags.Errors().Contains("stopped unexpectedly (panic") || strings.Contains(diags.String(), samplePhone) {
			t.Errorf("%s: %s", what, diags)
		}
	}
}

// onlyPermanent reports whether all that was said is the plan's warning.
func onlyPermanent(diags tfdriver.Diagnostics) bool {
	return len(diags) == 1 && diags.Warnings().Contains("cannot be undone") && diags.Contains(sampleCode)
}

// The action ends a card, says what it does on the way, and does not touch an invalid one.
func TestInvalidateAction(t *testing.T) {
	t.Parallel()
	start := func(t *testing.T) (*env, map[string]any) {
		t.Helper()
		e := newEnv(t, mockserver.Options{}, nil)
		if err := e.m.PutCard(existingCard(nil)); err != nil {
			t.Fatal(err)
		}
		return e, map[string]any{
			"card_id": mockserver.TemplatePermanent, "user_card_code": sampleCode, "openid": e.m.OpenID(samplePhone), "invalid_reason": "离职",
		}
	}
	t.Run("a card", func(t *testing.T) {
		t.Parallel()
		e, config := start(t)
		progress, diags := e.p.Invoke(actionType, config)
		if !onlyPermanent(diags) || len(progress) != 3 || !strings.Contains(progress[1], "permanently") {
			t.Errorf("progress %q:\n%s", progress, diags)
		}
		if c := e.card(); c.State != "INVALID" || c.InvalidReason != "离职" {
			t.Errorf("the card is %s, %q", c.State, c.InvalidReason)
		}
		e.requests(calls(mockserver.OperationGet, mockserver.OperationInvalidate))
	})
	t.Run("a card that is invalid already", func(t *testing.T) {
		t.Parallel()
		e, config := start(t)
		e.change(func(c *mockserver.Card) { c.State = "INVALID" })
		progress, diags := e.p.Invoke(actionType, config)
		if !onlyPermanent(diags) || !strings.Contains(strings.Join(progress, " "), "nothing to do") {
			t.Errorf("progress %q:\n%s", progress, diags)
		}
		e.requests(calls(mockserver.OperationGet))
	})
	t.Run("a lost answer", func(t *testing.T) {
		t.Parallel()
		e, config := start(t)
		e.m.Inject(mockserver.Fault{Operation: mockserver.OperationInvalidate, Kind: mockserver.FaultCutConnection, AfterWork: true})
		if _, diags := e.p.Invoke(actionType, config); !onlyPermanent(diags) {
			t.Error(diags)
		}
	})
	t.Run("a card that goes meanwhile", func(t *testing.T) {
		t.Parallel()
		e, config := start(t)
		e.m.Inject(mockserver.Fault{Operation: mockserver.OperationInvalidate, Status: 400, Code: "INVALID_REQUEST", Message: "状态不正确"})
		e.m.Inject(mockserver.Fault{Operation: mockserver.OperationGet, Skip: 1, Status: 404, Code: "RESOURCE_NOT_EXISTS", Message: "不存在"})
		if _, diags := e.p.Invoke(actionType, config); !onlyPermanent(diags) {
			t.Error(diags)
		}
	})
	t.Run("a card that is not there", func(t *testing.T) {
		t.Parallel()
		e, config := start(t)
		config["user_card_code"] = "NOBODY"
		if _, diags := e.p.Invoke(actionType, config); !diags.HasErrors() {
			t.Error("no error")
		}
	})
	t.Run("a reason that WeChat Pay refuses", func(t *testing.T) {
		t.Parallel()
		e, config := start(t)
		e.m.Inject(mockserver.Fault{Operation: mockserver.OperationInvalidate, Status: 400, Code: "PARAM_ERROR", Message: "参数错误",
			Detail: map[string]any{"field": "/body/invalid_reason", "issue": "太长", "location": "body"}})
		if _, diags := e.p.Invoke(actionType, config); len(diags.Errors().At("invalid_reason")) == 0 {
			t.Error(diags)
		}
	})
	t.Run("without a brand it is refused while planning", func(t *testing.T) {
		t.Parallel()
		e := newEnv(t, mockserver.Options{}, map[string]any{"brand_id": nil})
		progress, diags := e.p.Invoke(actionType, map[string]any{
			"card_id": mockserver.TemplatePermanent, "user_card_code": sampleCode, "openid": e.m.OpenID(samplePhone),
		})
		if len(progress) > 0 || !diags.Errors().At("brand_id").Contains("WECHATPAY_BRAND_ID") {
			t.Errorf("progress %q:\n%s", progress, diags)
		}
	})
	t.Run("what is not known yet postpones", func(t *testing.T) {
		t.Parallel()
		e := newEnv(t, mockserver.Options{}, map[string]any{"brand_id": tfdriver.Unknown, "private_key": tfdriver.Unknown})
		// Nobody can invoke it so; but planning must get that far.
		_, diags := e.p.Invoke(actionType, map[string]any{
			"card_id": tfdriver.Unknown, "user_card_code": tfdriver.Unknown, "openid": tfdriver.Unknown,
		})
		if len(diags.Warnings()) != 1 || !diags.Warnings().Contains("cannot be undone") {
			t.Error(diags)
		}
		e.requests(none())
	})
	t.Run("a reason too long is refused before", func(t *testing.T) {
		t.Parallel()
		e, config := start(t)
		config["invalid_reason"] = strings.Repeat("长", 33)
		if _, diags := e.p.Invoke(actionType, config); len(diags.Errors().At("invalid_reason")) == 0 {
			t.Error(diags)
		}
		e.requests(none())
	})
}
