// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// This file is what people see, and what the state holds, when a call fails once and is not
// tried again: every call in both modes, with an answer that is lost, and with those faults of which
// the modes say different things. The matrices of membercard, cardtemplate and image have all ways
// to fail, as a service provider.

// callFault is one way to fail.
type callFault struct {
	name string
	// worked: WeChat Pay carries the call out, and the answer does not say so.
	worked bool
	says   string
	fault  mockserver.Fault
}

func callFaults() []callFault {
	return []callFault{
		{"the answer is lost", true, "WeChat Pay could not be reached", mockserver.Fault{Kind: mockserver.FaultCutConnection, AfterWork: true}},
		{"401", false, "WeChat Pay did not accept the signature", mockserver.Fault{Status: 401, Code: "SIGN_ERROR", Message: "验证不通过"}},
		{"403 NO_AUTH", false, "The merchant has no permission for the product", mockserver.Fault{Status: 403, Code: "NO_AUTH", Message: "商户暂无权限使用此功能"}},
		{"a wrong signature", true, "The answer's signature is not WeChat Pay's", mockserver.Fault{Kind: mockserver.FaultBadSignature, AfterWork: true}},
	}
}

// outcome is what a failed call leaves.
type outcome struct {
	state tfdriver.State
	diags tfdriver.Diagnostics
}

func outcomeOf(state tfdriver.State, diags tfdriver.Diagnostics) outcome {
	return outcome{state, diags}
}

// callSite is a place in the provider that makes a call.
type callSite struct {
	name      string
	operation func(acctest.Mode) mockserver.Operation
	// prepare brings everything to where the call is made. fails makes it; again is the next run.
	prepare func(e *modeEnv) (fails func() outcome, again func(tfdriver.State) outcome)
	// attribute shows what the state holds: before and after the call, "gone" where there is no object.
	attribute, before, after string
	// says is what is told in the place of a fault's words, if anything.
	says func(mode acctest.Mode, f callFault) string
	// recovers reports whether another call finds out at once that a fault's work was done.
	recovers func(f callFault) bool
}

// believed: a reading of the same object tells what became of it, unless answers are not believed.
func believed(f callFault) bool { return f.fault.Kind != mockserver.FaultBadSignature }

const gone = "gone"

func is(operation mockserver.Operation) func(acctest.Mode) mockserver.Operation {
	return func(acctest.Mode) mockserver.Operation { return operation }
}

func callSites() []callSite {
	return append(append(memberSites(), templateSites()...), readSites()...)
}

func memberSites() []callSite {
	ofMember := func(first, then map[string]any) func(e *modeEnv) (func() outcome, func(tfdriver.State) outcome) {
		return func(e *modeEnv) (func() outcome, func(tfdriver.State) outcome) {
			config := func(changes map[string]any) map[string]any {
				if changes == nil {
					return nil
				}
				return e.member(changes)
			}
			var state tfdriver.State
			if first != nil {
				state = e.members().MustRun(state, config(first))
			}
			plan := e.members().Plan(state, config(then))
			return func() outcome { return outcomeOf(e.members().Apply(plan)) },
				func(state tfdriver.State) outcome {
					if !state.Exists() && then == nil {
						return outcome{}
					}
					return outcomeOf(e.members().Run(state, config(then)))
				}
		}
	}
	plain := map[string]any{"level": "普通会员"}
	return []callSite{
		{name: "import by openid", operation: is(mockserver.OperationImportByOpenID), attribute: "level", before: gone, after: "普通会员", prepare: ofMember(nil, plain), recovers: believed},
		{name: "attach after the import", operation: is(mockserver.OperationModify), attribute: "level", before: "普通会员", after: "普通会员",
			prepare: ofMember(nil, map[string]any{"level": "普通会员", "attach": "门店"}),
			says:    func(_ acctest.Mode, f callFault) string { return "The member is there, but not complete: " + f.says }},
		{name: "modify", operation: is(mockserver.OperationModify), attribute: "level", before: "普通会员", after: "黄金会员",
			prepare: ofMember(plain, map[string]any{"level": "黄金会员"})},
		{name: "invalidate", operation: is(mockserver.OperationInvalidate), attribute: "level", before: "普通会员", after: gone,
			prepare:  ofMember(map[string]any{"level": "普通会员", "deletion_policy": "invalidate"}, nil),
			recovers: believed},
		{name: "refresh", operation: is(mockserver.OperationGet), attribute: "level", before: "普通会员", after: "普通会员",
			prepare: func(e *modeEnv) (func() outcome, func(tfdriver.State) outcome) {
				state := e.members().MustRun(tfdriver.State{}, e.member(plain))
				return func() outcome { return outcomeOf(e.members().Read(state)) },
					func(state tfdriver.State) outcome { return outcomeOf(e.members().Run(state, e.member(plain))) }
			}},
	}
}

func templateSites() []callSite {
	ofTemplate := func(first, then map[string]any) func(e *modeEnv) (func() outcome, func(tfdriver.State) outcome) {
		return func(e *modeEnv) (func() outcome, func(tfdriver.State) outcome) {
			var state tfdriver.State
			if first != nil {
				state = e.templates().MustRun(state, first)
			}
			plan := e.templates().Plan(state, then)
			return func() outcome { return outcomeOf(e.templates().Apply(plan)) },
				func(state tfdriver.State) outcome {
					if !state.Exists() && then == nil {
						return outcome{}
					}
					return outcomeOf(e.templates().Run(state, then))
				}
		}
	}
	plain := templateConfig(map[string]any{"deletion_policy": "invalidate"})
	changed := templateConfig(map[string]any{"deletion_policy": "invalidate", "card_title": "金卡"})
	return []callSite{
		{name: "create template", operation: is(mockserver.OperationCreateTemplate), attribute: "card_title", before: gone, after: "会员卡", prepare: ofTemplate(nil, plain),
			recovers: func(callFault) bool { return true }},
		{name: "modify template", operation: is(mockserver.OperationModifyTemplate), attribute: "card_title", before: "会员卡", after: "金卡", prepare: ofTemplate(plain, changed)},
		{name: "invalidate template", operation: is(mockserver.OperationInvalidateTemplate), attribute: "card_title", before: "会员卡", after: gone, prepare: ofTemplate(plain, nil), recovers: believed},
		{name: "upload", operation: is(mockserver.OperationUploadImage), attribute: "format", before: gone, after: "png",
			// For service providers it is not certain that this upload is the right one.
			says: func(mode acctest.Mode, f callFault) string {
				if f.fault.Code == "NO_AUTH" && !mode.IsBrand() {
					return "The merchant may not upload pictures"
				}
				return f.says
			},
			prepare: func(e *modeEnv) (func() outcome, func(tfdriver.State) outcome) {
				pictures, config := e.p.Resource(imageType), map[string]any{"content_base64": pngBase64(e.t)}
				plan := pictures.Plan(tfdriver.State{}, config)
				return func() outcome { return outcomeOf(pictures.Apply(plan)) },
					func(state tfdriver.State) outcome { return outcomeOf(pictures.Run(state, config)) }
			}},
	}
}

// readSites are those without a state.
func readSites() []callSite {
	call := func(name string, operation mockserver.Operation, read func(e *modeEnv) tfdriver.Diagnostics) callSite {
		return callSite{name: name, operation: is(operation), before: gone, after: gone,
			prepare: func(e *modeEnv) (func() outcome, func(tfdriver.State) outcome) {
				e.existing()
				return func() outcome { return outcome{diags: read(e)} }, func(tfdriver.State) outcome { return outcome{diags: read(e)} }
			}}
	}
	data := func(typeName string, config func(e *modeEnv) map[string]any) func(e *modeEnv) tfdriver.Diagnostics {
		return func(e *modeEnv) tfdriver.Diagnostics {
			_, diags := e.p.DataSource(typeName, config(e))
			return diags
		}
	}
	lookUp := call("look-up while planning", mockserver.OperationTemplate, func(e *modeEnv) tfdriver.Diagnostics {
		return e.members().Plan(tfdriver.State{}, e.member(map[string]any{"user_card_code": "VIP-0002"})).Diagnostics
	})
	lookUp.says = func(_ acctest.Mode, f callFault) string { return "The card template could not be looked up: " + f.says }
	connection := call("connection", "", data("wechatpay_connection", func(*modeEnv) map[string]any { return nil }))
	connection.operation = func(mode acctest.Mode) mockserver.Operation {
		if mode.IsBrand() {
			return mockserver.OperationListTemplates
		}
		return mockserver.OperationEcho
	}
	connection.says = func(_ acctest.Mode, f callFault) string {
		switch f.name {
		case "401":
			return "certificate_serial_no or private_key is wrong"
		case "a wrong signature":
			return "public_key does not belong to public_key_id"
		}
		return f.says
	}
	return []callSite{
		call("data source of a card", mockserver.OperationGet, data("wechatpay_member_card", func(e *modeEnv) map[string]any { return e.member(nil) })),
		call("data source of a user's cards", mockserver.OperationList, data("wechatpay_member_cards", func(e *modeEnv) map[string]any { return map[string]any{"openid": e.openID()} })),
		call("data source of a template", mockserver.OperationTemplate, data("wechatpay_member_card_template", func(*modeEnv) map[string]any { return map[string]any{"card_id": mockserver.TemplatePermanent} })),
		call("data source of the templates", mockserver.OperationListTemplates, data("wechatpay_member_card_templates", func(*modeEnv) map[string]any { return nil })),
		call("list of a user's cards", mockserver.OperationList, func(e *modeEnv) tfdriver.Diagnostics {
			_, diags := e.p.List(memberType, map[string]any{"openids": []any{e.openID()}}, false, 0)
			return diags
		}),
		call("action", mockserver.OperationGet, func(e *modeEnv) tfdriver.Diagnostics {
			_, diags := e.p.Invoke("wechatpay_member_card_invalidate", e.member(nil))
			return diags.Errors()
		}),
		lookUp, connection,
	}
}

func TestFaultsInBothModes(t *testing.T) {
	t.Parallel()
	acctest.InBothModes(t, func(t *testing.T, mode acctest.Mode) {
		for _, call := range callSites() {
			for _, f := range callFaults() {
				t.Run(call.name+", "+f.name, func(t *testing.T) {
					t.Parallel()
					call.run(newModeEnv(t, mode, map[string]any{"max_retries": 0, "check_templates": strings.HasPrefix(call.name, "look-up")}), f)
				})
			}
		}
	})
}

func (s callSite) run(e *modeEnv, f callFault) {
	e.t.Helper()
	fails, again := s.prepare(e)
	broken := f.fault
	broken.Operation = s.operation(e.mode)
	e.m.Inject(broken)
	got := fails()
	e.m.ClearFaults()

	says, holds := f.says, s.before
	if s.says != nil {
		says = s.says(e.mode, f)
	}
	if f.worked && s.recovers != nil && s.recovers(f) {
		says, holds = "", s.after
	}
	if says == "" && len(got.diags.Errors()) > 0 || says != "" && !hasSummary(got.diags, says) {
		e.t.Errorf("want %q, got:\n%s", says, got.diags)
	}
	s.checkState(e, got.state, holds)
	e.checkWords(got.diags)

	e.p.NewRun()
	next := again(got.state)
	if next.diags.HasErrors() {
		e.t.Errorf("the next run fails although the fault is over:\n%s", next.diags)
	}
	e.checkWords(next.diags)
	s.checkState(e, next.state, s.after)
	if cards, templates := len(e.m.Cards()), len(e.m.Templates())-len(mockserver.DefaultTemplates("")); cards > 1 || templates > 1 {
		e.t.Errorf("WeChat Pay has %d cards and %d templates of one", cards, templates)
	}
}

func (s callSite) checkState(e *modeEnv, state tfdriver.State, want string) {
	e.t.Helper()
	got := gone
	if state.Exists() {
		got = fmt.Sprint(state.Get(s.attribute))
	}
	if got != want || state.Tainted {
		e.t.Errorf("the state holds %q, tainted %v; want %q", got, state.Tainted, want)
	}
}

func hasSummary(diags tfdriver.Diagnostics, text string) bool {
	for _, d := range diags {
		if strings.Contains(d.Summary, text) {
			return true
		}
	}
	return false
}

// checkWords checks that what people read names nothing that their mode does not have, and
// nothing secret.
func (e *modeEnv) checkWords(diags tfdriver.Diagnostics) {
	e.t.Helper()
	words := []string{"brand platform", "品牌经营平台", "brand API certificate"}
	if e.mode.IsBrand() {
		words = []string{"mchid", "merchant number", "merchant platform", "platform_certificate", "import-by-phone"}
	}
	words = append(words, modePhone, "WECHATPAY2-SHA256", "WECHATPAY-BRAND-SHA256", "PRIVATE KEY")
	for _, word := range words {
		if diags.Contains(word) {
			e.t.Errorf("%q is said:\n%s", word, diags)
		}
	}
}
