// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package cardtemplate_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// faultCase is something that goes wrong on the way to WeChat Pay or back.
type faultCase struct {
	fault mockserver.Fault
	// worked is whether WeChat Pay carries the call out.
	worked bool
	// repeatable is whether a create is sent again: WeChat Pay has certainly not carried it out.
	repeatable bool
	// final is whether no call is sent again, and does not concern an empty list.
	final bool
	// summary is a part of the error's title.
	summary string
}

func faultCases() map[string]faultCase {
	html := []byte("<html>Bad Gateway</html>")
	return map[string]faultCase{
		"request lost":            {fault: mockserver.Fault{Kind: mockserver.FaultCutConnection}, summary: "could not be reached"},
		"answer lost":             {fault: mockserver.Fault{Kind: mockserver.FaultCutConnection}, worked: true, summary: "could not be reached"},
		"answer cut":              {fault: mockserver.Fault{Kind: mockserver.FaultTruncated}, worked: true, summary: "answer was cut off"},
		"429":                     {fault: mockserver.Fault{Status: http.StatusTooManyRequests, Code: "RATELIMIT_EXCEEDED", Message: "慢"}, repeatable: true, summary: "rate limit"},
		"500":                     {fault: mockserver.Fault{Status: http.StatusInternalServerError}, summary: "reported a system error"},
		"500 after the work":      {fault: mockserver.Fault{Status: http.StatusInternalServerError}, worked: true, summary: "reported a system error"},
		"an HTML page":            {fault: mockserver.Fault{Status: http.StatusBadGateway, Body: html}, summary: "reported a system error"},
		"an HTML page with 200":   {fault: mockserver.Fault{Status: http.StatusOK, Body: html}, worked: true, summary: "signature is not WeChat Pay's"},
		"wrong signature":         {fault: mockserver.Fault{Kind: mockserver.FaultBadSignature}, worked: true, summary: "signature is not WeChat Pay's"},
		"signature probe":         {fault: mockserver.Fault{Kind: mockserver.FaultProbeSignature}, worked: true, summary: "signature is not WeChat Pay's"},
		"about another template":  {fault: mockserver.Fault{Kind: mockserver.FaultChangedFields, Fields: map[string]any{"brand_id": "9999"}}, worked: true, final: true, summary: "could not be used"},
		"no permission":           {fault: mockserver.Fault{Status: http.StatusForbidden, Code: "NO_AUTH", Message: "商户暂无权限使用此功能"}, summary: "no permission"},
		"request's own signature": {fault: mockserver.Fault{Status: http.StatusUnauthorized, Code: "SIGN_ERROR", Message: "错误的签名"}, summary: "did not accept the signature"},
	}
}

// Whatever goes wrong: one error at most, nothing secret in it, no second template, nothing
// tainted, nothing lost; and when the fault is over, the next run brings all to where it should be.
func TestFaults(t *testing.T) {
	t.Parallel()
	for call, operation := range map[string]mockserver.Operation{
		"list before create": mockserver.OperationListTemplates,
		"create":             mockserver.OperationCreateTemplate,
		"refresh":            mockserver.OperationTemplate,
		"change":             mockserver.OperationModifyTemplate,
		"invalidation":       mockserver.OperationInvalidateTemplate,
	} {
		for name, c := range faultCases() {
			for _, lasts := range []bool{false, true} {
				t.Run(call+", "+name+map[bool]string{true: ", lasting", false: ", once"}[lasts], func(t *testing.T) {
					t.Parallel()
					c := c
					c.fault.Operation, c.fault.AfterWork = operation, c.worked
					if lasts {
						c.fault.Count = -1
					}
					c.run(t, operation, lasts)
				})
			}
		}
	}
}

func (c faultCase) run(t *testing.T, operation mockserver.Operation, lasts bool) {
	t.Helper()
	e := newEnv(t, mockserver.Options{OutRequestNo: mockserver.OutRequestNoIgnored}, map[string]any{"max_retries": 1})
	config := sample(map[string]any{"deletion_policy": "invalidate"})
	state := tfdriver.State{}
	creates := operation == mockserver.OperationCreateTemplate || operation == mockserver.OperationListTemplates
	if !creates {
		state = e.r.MustRun(state, config)
	}
	wanted := config
	switch operation {
	case mockserver.OperationModifyTemplate:
		wanted = sample(map[string]any{"deletion_policy": "invalidate", "benefits": "别的"})
	case mockserver.OperationInvalidateTemplate:
		wanted = nil
	}
	e.m.Inject(c.fault)
	state, diags := e.r.Run(state, wanted)
	if state.Tainted || strings.Contains(diags.String(), "PRIVATE KEY") {
		t.Errorf("tainted: %t\n%s", state.Tainted, diags)
	}
	if want := c.fails(operation, lasts); want != diags.HasErrors() || len(diags.Errors()) > 1 || want && !diags.Errors().Contains(c.summary) {
		t.Errorf("want an error: %t, with %q; got:\n%s", want, c.summary, diags)
	}
	e.m.ClearFaults()
	if wanted == nil && !state.Exists() {
		e.ended()
		return
	}
	state, diags = e.r.Run(state, wanted)
	if diags.HasErrors() {
		t.Fatalf("the next run fails although the fault is over:\n%s", diags)
	}
	e.templates(1)
	if wanted == nil {
		e.ended()
		return
	}
	e.empty(state, wanted)
}

// fails says whether a run ends in an error.
func (c faultCase) fails(operation mockserver.Operation, lasts bool) bool {
	refused := strings.Contains(c.summary, "permission") || strings.Contains(c.summary, "did not accept")
	switch {
	case refused:
		return true
	case operation == mockserver.OperationCreateTemplate && !c.repeatable:
		// It is not sent again; the list tells whether it was carried out.
		return !c.worked
	case operation == mockserver.OperationInvalidateTemplate && c.worked && !strings.Contains(c.summary, "signature"):
		// A reading tells that the template is invalid.
		return false
	case c.final:
		return operation != mockserver.OperationListTemplates
	}
	return lasts
}

// ended checks that the one template is invalid.
func (e *env) ended() {
	e.t.Helper()
	e.templates(1)
	for _, template := range e.m.Templates() {
		if template.State != mockserver.TemplateStateInvalid {
			e.t.Errorf("the template is %s", template.State)
		}
	}
}
