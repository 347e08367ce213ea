// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package cardtemplate_test

import (
	"flag"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// update has the tests of this package write their golden files: go test -update.
var update = flag.Bool("update", false, "write golden files instead of comparing with them")

// TestDiagnosticsGolden prints everything that people can get to read about templates into one
// file, to be read in one sitting.
func TestDiagnosticsGolden(t *testing.T) {
	t.Parallel()
	var messages acctest.Messages
	for chapter, collect := range map[string]func(*testing.T, func(string, tfdriver.Diagnostics)){
		"1 Calls that fail":                   failedCalls,
		"2 Templates that exist already":      existingTemplates,
		"3 Plans":                             refusedPlans,
		"4 Refreshing and importing":          refreshes,
		"5 Configurations that are not right": badConfigurations,
	} {
		collect(t, func(name string, diags tfdriver.Diagnostics) {
			if len(diags) == 0 {
				t.Errorf("%s: there is nothing to read", name)
			}
			for _, d := range diags.Errors() {
				acctest.RequireAttributeNamed(t, name, d, map[string][]string{"a library's message, which has a path": {"Null Set Value"}})
			}
			messages.Add(chapter, name, diags)
		})
	}
	text := messages.Text("Everything that the resource, the data sources and the list of card templates can tell people.\n" +
		"Written by go test ./internal/cardtemplate -run TestDiagnosticsGolden -update\n")
	acctest.Golden(t, filepath.Join("testdata", "diagnostics.golden"), text, *update)
	if strings.Contains(text, "BEGIN PRIVATE") {
		t.Error("a private key is printed")
	}
}

// known are templates with numbers and ids that are the same in every run.
func known(changes func(*mockserver.Template)) mockserver.Options {
	template := mockserver.Template{
		BrandID: mockserver.DefaultBrandID, CardID: "pKnown", OutRequestNo: "brand-2026-01", AppID: "wxd678efh567hg6787", CardType: "NORMAL",
		CardTitle: "会员卡", CardColor: "#FFD700", CardPictureURL: "https://wxpaylogo.qpic.cn/wxpaylogo/sample/0", CodeMode: "MERCHANT_ALLOCATE", CodeType: "QR_CODE",
		Benefits: "会员九折", NotifyURL: "https://example.com/wechatpay/events", ValidDate: mockserver.ValidDate{Type: "PERMANENT"}, State: mockserver.TemplateStateEffective,
	}
	if changes != nil {
		changes(&template)
	}
	return mockserver.Options{Templates: []mockserver.Template{template}}
}

func numbered(changes map[string]any) map[string]any {
	config := sample(map[string]any{"out_request_no": "brand-2026-01"})
	maps.Copy(config, changes)
	return config
}

// imported is the known template in the state under a policy.
func (e *env) imported(policy string) tfdriver.State {
	e.t.Helper()
	state, diags := e.r.Import("1004/pKnown")
	if diags.HasErrors() {
		e.t.Fatal(diags)
	}
	return e.r.MustRun(state, numbered(map[string]any{"deletion_policy": policy}))
}

// callFault is a way in which a call fails.
type callFault struct {
	fault mockserver.Fault
	// worked is whether WeChat Pay carries the call out.
	worked bool
}

func callFaults() map[string]callFault {
	html := []byte("<html>Bad Gateway</html>")
	return map[string]callFault{
		"request lost":            {fault: mockserver.Fault{Kind: mockserver.FaultCutConnection}},
		"answer lost":             {mockserver.Fault{Kind: mockserver.FaultCutConnection}, true},
		"answer cut":              {mockserver.Fault{Kind: mockserver.FaultTruncated}, true},
		"429":                     {fault: mockserver.Fault{Status: http.StatusTooManyRequests, Code: "RATELIMIT_EXCEEDED", Message: "慢"}},
		"500":                     {fault: mockserver.Fault{Status: http.StatusInternalServerError}},
		"500 after the work":      {mockserver.Fault{Status: http.StatusInternalServerError}, true},
		"an HTML page":            {fault: mockserver.Fault{Status: http.StatusBadGateway, Body: html}},
		"an HTML page with 200":   {mockserver.Fault{Status: http.StatusOK, Body: html}, true},
		"wrong signature":         {mockserver.Fault{Kind: mockserver.FaultBadSignature}, true},
		"signature probe":         {mockserver.Fault{Kind: mockserver.FaultProbeSignature}, true},
		"about another template":  {mockserver.Fault{Kind: mockserver.FaultChangedFields, Fields: map[string]any{"brand_id": "9999"}}, true},
		"no permission":           {fault: mockserver.Fault{Status: http.StatusForbidden, Code: "NO_AUTH", Message: "商户暂无权限使用此功能"}},
		"request's own signature": {fault: mockserver.Fault{Status: http.StatusUnauthorized, Code: "SIGN_ERROR", Message: "错误的签名"}},
	}
}

// failedCalls has every error of a create, and of the other calls those that differ by more than
// the name of the call.
func failedCalls(t *testing.T, record func(string, tfdriver.Diagnostics)) {
	t.Helper()
	for call, operation := range map[string]mockserver.Operation{
		"list before create": mockserver.OperationListTemplates, "create": mockserver.OperationCreateTemplate,
		"refresh": mockserver.OperationTemplate, "change": mockserver.OperationModifyTemplate, "invalidation": mockserver.OperationInvalidateTemplate,
	} {
		for _, name := range framework.SortedKeys(callFaults()) {
			if c := callFaults()[name]; call == "create" || slices.Contains([]string{"request lost", "no permission"}, name) {
				e := newEnv(t, known(nil), map[string]any{"max_retries": 0})
				state, wanted := tfdriver.State{}, sample(map[string]any{"card_title": "金卡"})
				if operation != mockserver.OperationCreateTemplate && operation != mockserver.OperationListTemplates {
					state, wanted = e.imported("invalidate"), numbered(map[string]any{"deletion_policy": "invalidate"})
				}
				switch operation {
				case mockserver.OperationModifyTemplate:
					wanted["benefits"] = "别的"
				case mockserver.OperationInvalidateTemplate:
					wanted = nil
				}
				fault := c.fault
				fault.Operation, fault.AfterWork, fault.Count = operation, c.worked && call != "create", -1
				e.m.Inject(fault)
				_, diags := e.r.Run(state, wanted)
				record(call+": "+name, diags.Errors())
			}
		}
	}
	e := newEnv(t, known(nil), map[string]any{"max_retries": 0})
	e.m.Inject(mockserver.Fault{Operation: mockserver.OperationCreateTemplate, Kind: mockserver.FaultCutConnection})
	e.m.Inject(mockserver.Fault{Operation: mockserver.OperationListTemplates, Skip: 1, Count: -1, Kind: mockserver.FaultCutConnection})
	_, diags := e.r.Run(tfdriver.State{}, sample(map[string]any{"card_title": "金卡", "out_request_no": "gold"}))
	record("create: its outcome stays unknown", diags)
	e = newEnv(t, known(nil), nil)
	e.m.Inject(mockserver.Fault{Operation: mockserver.OperationTemplate, Kind: mockserver.FaultChangedFields, AfterWork: true, Fields: map[string]any{"need_pinned": "yes"}})
	_, diags = e.r.Import("1004/pKnown")
	record("refresh: a part of the answer cannot be read", diags)
	_, diags = e.p.DataSource(resourceType, map[string]any{"card_id": "pNone"})
	record("data source: no such template", diags)
}

func existingTemplates(t *testing.T, record func(string, tfdriver.Diagnostics)) {
	t.Helper()
	run := func(name string, options mockserver.Options, config map[string]any) {
		e := newEnv(t, options, nil)
		_, diags := e.r.Run(tfdriver.State{}, config)
		record(name, diags)
	}
	run("adopted", known(nil), numbered(nil))
	run("other settings", known(nil), numbered(map[string]any{"benefits": "别的"}))
	run("an invalid one", known(func(t *mockserver.Template) { t.State = mockserver.TemplateStateInvalid }), numbered(nil))
	e := newEnv(t, known(nil), nil)
	e.m.Inject(mockserver.Fault{Kind: mockserver.FaultChangedFields, AfterWork: true, Fields: map[string]any{"out_request_no": nil}, Count: -1})
	_, diags := e.r.Run(tfdriver.State{}, numbered(nil))
	record("its number is not told", diags)
}

func refusedPlans(t *testing.T, record func(string, tfdriver.Diagnostics)) {
	t.Helper()
	for _, policy := range []string{"prevent", "abandon", "invalidate"} {
		e := newEnv(t, known(nil), nil)
		state := e.imported(policy)
		plan := func(name string, config map[string]any) {
			e.p.NewRun()
			if config != nil {
				config["deletion_policy"] = policy
			}
			record(policy+": "+name, e.r.Plan(state, config).Diagnostics)
		}
		plan("destroyed", nil)
		plan("replaced", numbered(map[string]any{"code_type": "BAR_CODE", "out_request_no": "brand-2026-02"}))
		plan("replaced under the same number", numbered(map[string]any{"code_type": "BAR_CODE"}))
		plan("replaced by an unknown value", sample(map[string]any{"appid": tfdriver.Unknown}))
		e.p.NewRun()
		e.r.Plan(tfdriver.State{}, numbered(nil))
		record(policy+": renamed without a moved block", e.r.Plan(state, nil).Diagnostics)
	}
	e := newEnv(t, known(nil), nil)
	e.r.Plan(tfdriver.State{}, numbered(nil))
	record("two with one number", e.r.Plan(tfdriver.State{}, numbered(nil)).Diagnostics)
	e.r.Plan(tfdriver.State{}, sample(nil))
	record("two with one title", e.r.Plan(tfdriver.State{}, sample(nil)).Diagnostics)
}

func refreshes(t *testing.T, record func(string, tfdriver.Diagnostics)) {
	t.Helper()
	e := newEnv(t, known(nil), nil)
	state := e.imported("prevent")
	if err := e.m.SetTemplateState("pKnown", mockserver.TemplateStateInvalid); err != nil {
		t.Fatal(err)
	}
	_, diags := e.r.Read(state)
	record("invalidated", diags)
	e.m.DeleteTemplate("pKnown")
	_, diags = e.r.Read(state)
	record("gone", diags)
	for _, id := range []string{"1004/pNone", "pKnown", "1004/", "1004/a/b"} {
		_, diags = e.r.Import(id)
		record("import of "+id, diags)
	}
}

func badConfigurations(t *testing.T, record func(string, tfdriver.Diagnostics)) {
	t.Helper()
	e := newEnv(t, mockserver.Options{}, nil)
	for name, bad := range badInputs() {
		config := sample(bad.change)
		e.p.NewRun()
		diags := e.r.Validate(config)
		if !diags.HasErrors() {
			diags = e.r.Plan(tfdriver.State{}, config).Diagnostics
		}
		record(name, diags)
	}
	record("a page for the code that has no effect", e.r.Validate(sample(map[string]any{"code_jump_information": map[string]any{"jump_appid": "wx2"}})))
}
