// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// parallelism is how many resources Terraform applies at the same time.
const parallelism = 10

// What concerns the whole run is said in full once; the others say one line that names the
// first, and a few requests are sent, not one for each member.
func TestOneCauseIsOneError(t *testing.T) {
	t.Parallel()
	const members = 50
	for name, c := range map[string]struct {
		fault    mockserver.Fault
		openID   bool
		says     string
		requests int
	}{
		"a wrong credential":              {mockserver.Fault{Status: 401, Code: "SIGN_ERROR", Message: "验证不通过"}, false, "did not accept the signature", 3},
		"a wrong credential, by openid":   {mockserver.Fault{Status: 401, Code: "SIGN_ERROR", Message: "验证不通过"}, true, "did not accept the signature", 3},
		"no permission":                   {mockserver.Fault{Status: 403, Code: "NO_AUTH", Message: "商户暂无权限使用此功能"}, false, "has no permission for the product", 3},
		"answers that cannot be verified": {mockserver.Fault{Kind: mockserver.FaultNoSignatureHeaders, AfterWork: true}, false, "signature is not WeChat Pay's", 3},
		// Ten are under way when the first answer comes.
		"import by phone is not open":  {mockserver.Fault{Operation: importCall, Status: 400, Code: "INVALID_REQUEST", Message: "接口未开放"}, false, "Importing by phone number is not open", 1},
		"a template of another brand":  {mockserver.Fault{Operation: importCall, Status: 400, Code: "INVALID_REQUEST", Message: "会员卡模版ID不属于该品牌"}, false, "The card template is not of this brand", parallelism},
		"a template that is not there": {mockserver.Fault{Operation: openIDCall, Status: 404, Code: "RESOURCE_NOT_EXISTS", Message: "资源不存在"}, true, "knows no such brand or card template", parallelism},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, mockserver.Options{}, map[string]any{"max_retries": 1})
			c.fault.Count = -1
			e.m.Inject(c.fault)
			var plans []tfdriver.Plan
			for i := range members {
				config := numbered(i, nil)
				if c.openID {
					config["openid"] = e.m.OpenID(config["phone_number"].(string))
				}
				plans = append(plans, e.r.Plan(tfdriver.State{}, config))
			}
			var mu sync.Mutex
			var full, short int
			var wg sync.WaitGroup
			queue := make(chan struct{}, parallelism)
			for _, plan := range plans {
				wg.Go(func() {
					queue <- struct{}{}
					defer func() { <-queue }()
					state, diags := e.r.Apply(plan)
					mu.Lock()
					defer mu.Unlock()
					if state.Exists() || len(diags) != 1 || !diags.HasErrors() {
						t.Errorf("want one error and no member, got:\n%s", diags)
						return
					}
					if strings.HasPrefix(diags[0].Summary, "Same cause as before: ") {
						short++
						if strings.Contains(diags[0].Detail, "\n") || !strings.Contains(diags[0].Detail, "see the error of 1004/") {
							t.Errorf("want one line that names the first, got:\n%s", diags)
						}
						return
					}
					full++
					if !diags.Contains(c.says) {
						t.Errorf("want %q, got:\n%s", c.says, diags)
					}
				})
			}
			wg.Wait()
			if full != 1 || short != members-1 {
				t.Errorf("%d full errors and %d short ones", full, short)
			}
			if sent := len(e.m.Requests()); sent > c.requests {
				t.Errorf("%d requests were sent", sent)
			}
			if made := len(e.m.Cards()); made > 1 {
				t.Errorf("%d cards were made while no answer could be believed", made)
			}
		})
	}
}

// Refreshing many members says one cause once: one error ends the plan, so the others say nothing.
func TestOneCauseIsOneErrorOfARefresh(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, map[string]any{"max_retries": 0})
	var states []tfdriver.State
	for i := range 5 {
		states = append(states, e.r.MustRun(tfdriver.State{}, numbered(i, nil)))
	}
	e.p.NewRun()
	e.m.Inject(mockserver.Fault{Operation: readCall, Status: 401, Code: "SIGN_ERROR", Message: "验证不通过", Count: -1})
	errors := 0
	for _, state := range states {
		read, diags := e.r.Read(state)
		errors += len(diags)
		if read.Get("openid") != state.Get("openid") {
			t.Error("the state changed")
		}
	}
	if errors != 1 {
		t.Errorf("%d errors, want one", errors)
	}
	// An import that is not read is an error of its own.
	if _, diags := e.r.Import(fmt.Sprintf("1004/%s/VIP-0001/%s", mockserver.TemplatePermanent, states[1].Get("openid"))); !diags.HasErrors() {
		t.Error("an import that was not read is no error")
	}
}

// What a look-up says of a template is said once: in a plan the others are silent, in an apply
// they say one line and are not sent.
func TestOneTemplateIsOneError(t *testing.T) {
	t.Parallel()
	const members = 12
	gone := mockserver.Fault{Operation: lookups, Status: 404, Code: "RESOURCE_NOT_EXISTS", Message: "资源不存在", Count: -1}
	for name, c := range map[string]struct {
		card  string
		fault *mockserver.Fault
	}{
		"not of this brand": {"pNobody", nil},
		"invalid":           {mockserver.TemplateInvalid, nil},
		"wrong credential":  {mockserver.TemplatePermanent, &mockserver.Fault{Status: 401, Code: "SIGN_ERROR", Message: "验证不通过", Count: -1}},
	} {
		t.Run("plan, "+name, func(t *testing.T) {
			t.Parallel()
			e := checking(t, mockserver.Options{})
			if c.fault != nil {
				e.m.Inject(*c.fault)
			}
			var all tfdriver.Diagnostics
			for i := range members {
				all = append(all, e.r.Plan(tfdriver.State{}, numbered(i, map[string]any{"card_id": c.card})).Diagnostics...)
			}
			if len(all) != 1 || !all.HasErrors() {
				t.Errorf("want one error, got:\n%s", all)
			}
		})
	}
	t.Run("plan, many templates under a wrong credential", func(t *testing.T) {
		t.Parallel()
		e := checking(t, mockserver.Options{})
		e.m.Inject(mockserver.Fault{Status: 401, Code: "SIGN_ERROR", Message: "验证不通过", Count: -1})
		var all tfdriver.Diagnostics
		for i, card := range []string{mockserver.TemplatePermanent, mockserver.TemplateFixTerm, mockserver.TemplateFixTimeRange} {
			all = append(all, e.r.Plan(tfdriver.State{}, numbered(i, map[string]any{"card_id": card})).Diagnostics...)
		}
		if len(all) != 1 || !all.HasErrors() {
			t.Errorf("want one error, got:\n%s", all)
		}
	})
	t.Run("apply", func(t *testing.T) {
		t.Parallel()
		e := checking(t, mockserver.Options{})
		var plans []tfdriver.Plan
		for i := range members {
			plans = append(plans, e.r.Plan(tfdriver.State{}, numbered(i, nil)))
		}
		e.m.Inject(gone)
		e.m.ResetRequests()
		full := 0
		for _, plan := range plans {
			state, diags := e.r.Apply(plan)
			if state.Exists() || len(diags.Errors()) != 1 {
				t.Fatalf("want one error and no member, got:\n%s", diags)
			}
			if !strings.HasPrefix(diags[0].Summary, "Same cause as before: ") {
				full++
			}
		}
		if full != 1 {
			t.Errorf("%d full errors", full)
		}
		e.requests(calls(lookups))
	})
}

// Data sources, lists and actions say one cause once, too: Terraform needs an error of each.
func TestOneCauseIsOneErrorOfReadings(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, map[string]any{"max_retries": 0})
	e.m.Inject(mockserver.Fault{Status: 401, Code: "SIGN_ERROR", Message: "验证不通过", Count: -1})
	card := map[string]any{"card_id": mockserver.TemplatePermanent, "user_card_code": sampleCode, "openid": "oUser"}
	full := 0
	for name, read := range map[string]func() tfdriver.Diagnostics{
		"card": func() tfdriver.Diagnostics {
			_, diags := e.p.DataSource("wechatpay_member_card", card)
			return diags
		},
		"cards": func() tfdriver.Diagnostics {
			_, diags := e.p.DataSource("wechatpay_member_cards", map[string]any{"openid": "oUser"})
			return diags
		},
		"template": func() tfdriver.Diagnostics {
			_, diags := e.p.DataSource("wechatpay_member_card_template", map[string]any{"card_id": mockserver.TemplatePermanent})
			return diags
		},
		"templates": func() tfdriver.Diagnostics {
			_, diags := e.p.DataSource("wechatpay_member_card_templates", nil)
			return diags
		},
		"connection": func() tfdriver.Diagnostics {
			_, diags := e.p.DataSource("wechatpay_connection", nil)
			return diags
		},
		"list": func() tfdriver.Diagnostics {
			_, diags := e.p.List(resourceType, map[string]any{"openids": []any{"oUser"}}, false, 0)
			return diags
		},
	} {
		diags := read()
		if len(diags) != 1 || !diags.HasErrors() {
			t.Errorf("%s: want one error, got:\n%s", name, diags)
			continue
		}
		if !strings.HasPrefix(diags[0].Summary, "Same cause as before: ") {
			full++
		}
	}
	if full != 1 {
		t.Errorf("%d full errors", full)
	}
}
