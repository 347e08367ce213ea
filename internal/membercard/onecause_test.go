// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

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
		"answers that cannot be verified": {mockserver.Fault{Kind: mockserver.FaultNoSignatureHeaders, AfterWork: true}, false, "signature is not WeChat Pay's", 4},
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
			for _, plan := range plans {
				wg.Go(func() {
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

// Refreshing many members says one cause once, too.
func TestOneCauseIsOneErrorOfARefresh(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, map[string]any{"max_retries": 0})
	var states []tfdriver.State
	for i := range 5 {
		states = append(states, e.r.MustRun(tfdriver.State{}, numbered(i, nil)))
	}
	e.p.NewRun()
	e.m.Inject(mockserver.Fault{Operation: readCall, Status: 401, Code: "SIGN_ERROR", Message: "验证不通过", Count: -1})
	full := 0
	for _, state := range states {
		_, diags := e.r.Read(state)
		if !diags.HasErrors() {
			t.Error("no error")
		}
		if !diags.Contains("Same cause as before") {
			full++
		}
	}
	if full != 1 {
		t.Errorf("%d full errors", full)
	}
}
