// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package cardtemplate_test

import (
	"maps"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

func TestMain(m *testing.M) { acctest.Main(m) }

const resourceType = "wechatpay_member_card_template"

// env is a mock without templates, and the template resource of a provider that talks to it.
type env struct {
	t *testing.T
	m *mockserver.Server
	p *tfdriver.Process
	r *tfdriver.Resource
}

func newEnv(t *testing.T, options mockserver.Options, block map[string]any) *env {
	t.Helper()
	if options.Templates == nil {
		options.Templates = []mockserver.Template{}
	}
	m := acctest.StartMock(t, options)
	p := acctest.NewProcess(t, m, block)
	return &env{t: t, m: m, p: p, r: p.Resource(resourceType)}
}

// sample is the configuration of a template, with changes; nil removes an attribute.
func sample(changes map[string]any) map[string]any {
	config := map[string]any{
		"appid":                  "wxd678efh567hg6787",
		"card_title":             "会员卡",
		"card_color":             "#FFD700",
		"card_picture_url":       "https://wxpaylogo.qpic.cn/wxpaylogo/sample/0",
		"code_mode":              "MERCHANT_ALLOCATE",
		"code_type":              "QR_CODE",
		"benefits":               "会员九折",
		"notify_url":             "https://example.com/wechatpay/events",
		"valid_date_information": map[string]any{"type": "PERMANENT"},
	}
	maps.Copy(config, changes)
	for name, value := range changes {
		if value == nil {
			delete(config, name)
		}
	}
	return config
}

// templates counts the templates that the mock has.
func (e *env) templates(want int) {
	e.t.Helper()
	if got := len(e.m.Templates()); got != want {
		e.t.Errorf("WeChat Pay has %d templates, want %d", got, want)
	}
}

// empty checks that refresh and plan find nothing to do.
func (e *env) empty(state tfdriver.State, config map[string]any) {
	e.t.Helper()
	e.p.NewRun()
	read, diags := e.r.Read(state)
	if diags.HasErrors() {
		e.t.Fatalf("the refresh fails:\n%s", diags)
	}
	if plan := e.r.Plan(read, config); plan.Action != tfdriver.NoOp {
		e.t.Errorf("the next plan is %q because of %v: %v\nThe state is %v\n%s", plan.Action, plan.RequiresReplace, plan.Planned(), read.Values(), plan.Diagnostics)
	}
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
