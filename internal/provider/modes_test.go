// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// This file is what the provider promises to service providers and to brands alike: the main
// paths of every resource, data source, list and action, in one table that runs in both modes.
// modes_faults_test.go has what happens when a call fails, and modes_acc_test.go what a real
// Terraform shows of it.

const (
	templateType = "wechatpay_member_card_template"
	imageType    = "wechatpay_image"

	modeCode  = "VIP-0001"
	modePhone = "13800138000"
)

// modeEnv is a mock, and a provider of one mode that talks to it.
type modeEnv struct {
	t    *testing.T
	mode acctest.Mode
	m    *mockserver.Server
	p    *tfdriver.Process
}

// newModeEnv starts both. When the test ends, every request must have been one of the mode.
func newModeEnv(t *testing.T, mode acctest.Mode, block map[string]any) *modeEnv {
	t.Helper()
	m := acctest.StartMock(t, mockserver.Options{})
	e := &modeEnv{t, mode, m, acctest.NewProcess(t, m, mode.Changes(m, block), noEnvironment())}
	t.Cleanup(func() { mode.CheckRequests(t, m) })
	return e
}

func (e *modeEnv) members() *tfdriver.Resource   { return e.p.Resource(memberType) }
func (e *modeEnv) templates() *tfdriver.Resource { return e.p.Resource(templateType) }

// member is the sample member, who is imported by openid, with changes.
func (e *modeEnv) member(changes map[string]any) map[string]any {
	config := map[string]any{"card_id": mockserver.TemplatePermanent, "user_card_code": modeCode, "openid": e.openID()}
	maps.Copy(config, changes)
	return config
}

func (e *modeEnv) openID() string { return e.m.OpenID(modePhone) }

// id is the import id of the sample member.
func (e *modeEnv) id() string {
	return mockserver.DefaultBrandID + "/" + mockserver.TemplatePermanent + "/" + modeCode + "/" + e.openID()
}

// existing puts the sample member's card there, as if somebody else had imported it.
func (e *modeEnv) existing() {
	e.t.Helper()
	e.must(e.m.PutCard(mockserver.Card{
		BrandID: mockserver.DefaultBrandID, CardID: mockserver.TemplatePermanent, UserCardCode: modeCode, OpenID: e.openID(), PhoneNumber: modePhone, Level: "普通会员",
	}))
}

// card is the sample member's card at WeChat Pay.
func (e *modeEnv) card() mockserver.Card {
	e.t.Helper()
	card, ok := e.m.Card(mockserver.DefaultBrandID, mockserver.TemplatePermanent, modeCode)
	if !ok {
		e.t.Fatalf("WeChat Pay has no such card; it has %d", len(e.m.Cards()))
	}
	return card
}

func (e *modeEnv) must(err error) {
	e.t.Helper()
	if err != nil {
		e.t.Fatal(err)
	}
}

// shows checks attributes of a state, or of what a data source returns.
func (e *modeEnv) shows(got, want map[string]any) {
	e.t.Helper()
	for name, value := range want {
		if fmt.Sprint(got[name]) != fmt.Sprint(value) {
			e.t.Errorf("%s = %v, want %v", name, got[name], value)
		}
	}
}

// unchanged checks that the next run finds nothing to do.
func (e *modeEnv) unchanged(r *tfdriver.Resource, state tfdriver.State, config map[string]any) {
	e.t.Helper()
	e.p.NewRun()
	state, diags := r.Read(state)
	if plan := r.Plan(state, config); diags.HasErrors() || plan.Action != tfdriver.NoOp {
		e.t.Errorf("the next plan is %q: %v\n%s%s", plan.Action, plan.Planned(), diags, plan.Diagnostics)
	}
}

// sent are the calls since the last time, in their order, those that look a template up left out.
func (e *modeEnv) sent() string {
	var calls []string
	for _, r := range e.m.Requests() {
		e.mode.CheckRequest(e.t, e.m, r)
		if r.Operation != mockserver.OperationTemplate {
			calls = append(calls, string(r.Operation))
		}
	}
	e.m.ResetRequests()
	return strings.Join(calls, " ")
}

func (e *modeEnv) sends(want string) {
	e.t.Helper()
	if got := e.sent(); got != want {
		e.t.Errorf("the calls were %q, want %q", got, want)
	}
}

// templateConfig is the sample template, with changes.
func templateConfig(changes map[string]any) map[string]any {
	config := map[string]any{
		"appid": "wxd678efh567hg6787", "card_title": "会员卡", "card_color": "#FFD700", "card_picture_url": "https://wxpaylogo.qpic.cn/wxpaylogo/sample/0",
		"code_mode": "MERCHANT_ALLOCATE", "code_type": "QR_CODE", "benefits": "会员九折", "notify_url": "https://example.com/wechatpay/events",
		"valid_date_information": map[string]any{"type": "PERMANENT"},
	}
	maps.Copy(config, changes)
	return config
}

func pngBase64(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 716, 320))); err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

func TestMainPathsInBothModes(t *testing.T) {
	t.Parallel()
	acctest.InBothModes(t, func(t *testing.T, mode acctest.Mode) {
		for _, path := range mainPaths() {
			t.Run(path.promise, func(t *testing.T) {
				t.Parallel()
				path.run(newModeEnv(t, mode, nil))
			})
		}
	})
}

// mainPath is one way that people go with the provider, and what it promises them.
type mainPath struct {
	promise string
	run     func(e *modeEnv)
}

func mainPaths() []mainPath {
	return append(append(memberPaths(), readingPaths()...), templatePaths()...)
}

func memberPaths() []mainPath {
	return []mainPath{
		{"a member is imported by openid", func(e *modeEnv) {
			config := e.member(map[string]any{
				"phone_number": modePhone, "level": "黄金会员",
				"user_information": map[string]any{"common_fields": map[string]any{"USER_FORM_FLAG_CITY": "深圳"}},
			})
			state := e.members().MustRun(tfdriver.State{}, config)
			e.shows(state.Values(), map[string]any{
				"brand_id": mockserver.DefaultBrandID, "adopted": false, "user_card_state": "EFFECTIVE", "phone_number_masked": "138****8000", "level": "黄金会员",
			})
			// What was encrypted arrives as it was written, and comes back so.
			if card := e.card(); card.PhoneNumber != modePhone || card.CommonFields[0].Value != "深圳" || card.OpenID != e.openID() {
				e.t.Error("the card at WeChat Pay is another one")
			}
			e.sends("import-by-openid")
			e.unchanged(e.members(), state, config)
			e.sends("get")
		}},
		{"a member without openid is imported by phone number, or refused while planning", func(e *modeEnv) {
			config := e.member(map[string]any{"openid": nil, "phone_number": modePhone})
			if e.mode.ImportsByPhone {
				state := e.members().MustRun(tfdriver.State{}, config)
				e.shows(state.Values(), map[string]any{"openid": e.openID()})
				e.sends("import-by-phone")
				return
			}
			plan := e.members().Plan(tfdriver.State{}, config)
			if errs := plan.Diagnostics.Errors(); len(errs) != 1 || !errs.At("openid").Contains("no import by phone number") || errs.Contains(modePhone) {
				e.t.Error(plan.Diagnostics)
			}
			e.sends("")
		}},
		{"a change made elsewhere is planned back", func(e *modeEnv) {
			config := e.member(map[string]any{"level": "黄金会员"})
			state := e.members().MustRun(tfdriver.State{}, config)
			e.must(e.m.ChangeCard(mockserver.DefaultBrandID, mockserver.TemplatePermanent, modeCode, func(c *mockserver.Card) { c.Level = "普通会员" }))
			e.p.NewRun()
			state, diags := e.members().Read(state)
			if plan := e.members().Plan(state, config); plan.Action != tfdriver.Update || len(diags) > 0 || state.Get("level") != "普通会员" {
				e.t.Errorf("the plan is %q\n%s", plan.Action, diags)
			}
		}},
		{"a card that is gone leaves the state, with its import command", func(e *modeEnv) {
			state := e.members().MustRun(tfdriver.State{}, e.member(nil))
			e.m.DeleteCard(mockserver.DefaultBrandID, mockserver.TemplatePermanent, modeCode)
			e.p.NewRun()
			state, diags := e.members().Read(state)
			if state.Exists() || !diags.Warnings().Contains(e.id()) || diags.HasErrors() {
				e.t.Errorf("exists %v\n%s", state.Exists(), diags)
			}
		}},
		{"an update sends what changed and nothing else", func(e *modeEnv) {
			state := e.members().MustRun(tfdriver.State{}, e.member(map[string]any{"level": "普通会员", "attach": "门店"}))
			e.sent()
			config := e.member(map[string]any{"level": "黄金会员", "attach": "门店"})
			state = e.members().MustRun(state, config)
			for _, r := range e.m.Requests() {
				if body := string(r.Body); r.Operation == mockserver.OperationModify && (!strings.Contains(body, "黄金会员") || strings.Contains(body, "attach")) {
					e.t.Error("the modify call carries something else")
				}
			}
			e.sends("get modify")
			if card := e.card(); card.Level != "黄金会员" || card.Attach != "门店" {
				e.t.Error("the card is another one")
			}
			e.unchanged(e.members(), state, config)
		}},
		{"attach follows the import", func(e *modeEnv) {
			config := e.member(map[string]any{"attach": "门店"})
			state := e.members().MustRun(tfdriver.State{}, config)
			e.sends("import-by-openid modify")
			if e.card().Attach != "门店" {
				e.t.Error("attach did not arrive")
			}
			e.unchanged(e.members(), state, config)
		}},
		{"an attach that fails is a warning, and is sent by the next apply", func(e *modeEnv) {
			e.m.Inject(mockserver.Fault{Operation: mockserver.OperationModify, Status: 400, Code: "INVALID_REQUEST", Message: "请求不符合规则"})
			config := e.member(map[string]any{"attach": "门店"})
			state, diags := e.members().Run(tfdriver.State{}, config)
			if diags.HasErrors() || !diags.Warnings().Contains("not complete") || state.Get("openid") != e.openID() || state.Tainted {
				e.t.Errorf("%v\n%s", state.Values(), diags)
			}
			e.sent()
			e.members().MustRun(state, config)
			e.sends("get modify")
		}},
		{"an existing member is adopted, and brought into line", func(e *modeEnv) {
			e.existing()
			config := e.member(map[string]any{"level": "黄金会员"})
			state, diags := e.members().Run(tfdriver.State{}, config)
			if diags.HasErrors() || diags.Contains("unverified") {
				e.t.Error(diags)
			}
			e.shows(state.Values(), map[string]any{"adopted": true, "level": "黄金会员", "user_card_state": "EFFECTIVE"})
			e.sends("import-by-openid get modify")
			e.unchanged(e.members(), state, config)
		}},
		{"an existing member is adopted with on_existing = verify", func(e *modeEnv) {
			e.existing()
			state := e.members().MustRun(tfdriver.State{}, e.member(map[string]any{"on_existing": "verify"}))
			e.shows(state.Values(), map[string]any{"adopted": true, "openid": e.openID()})
		}},
		{"an existing member is an error with on_existing = error", func(e *modeEnv) {
			e.existing()
			state, diags := e.members().Run(tfdriver.State{}, e.member(map[string]any{"on_existing": "error"}))
			if state.Exists() || !diags.Errors().Contains(e.id()) {
				e.t.Errorf("exists %v\n%s", state.Exists(), diags)
			}
			e.checkWords(diags)
		}},
		{"an existing member with a known openid is never adopted unverified", func(e *modeEnv) {
			e.existing()
			e.m.Inject(mockserver.Fault{Operation: mockserver.OperationGet, Count: -1, Status: 500, Code: "SYSTEM_ERROR", Message: "系统异常"})
			state, diags := e.members().Run(tfdriver.State{}, e.member(nil))
			if state.Exists() || !diags.HasErrors() || diags.Contains("adopted unverified") {
				e.t.Errorf("exists %v\n%s", state.Exists(), diags)
			}
			e.checkWords(diags)
			e.m.ClearFaults()
			state = e.members().MustRun(tfdriver.State{}, e.member(nil))
			e.shows(state.Values(), map[string]any{"adopted": true, "user_card_state": "EFFECTIVE"})
		}},
		{"a member whose card has another code is an error that names it", func(e *modeEnv) {
			e.existing()
			state, diags := e.members().Run(tfdriver.State{}, e.member(map[string]any{"user_card_code": "VIP-0002"}))
			if state.Exists() || !diags.Errors().Contains(e.id()) {
				e.t.Errorf("exists %v\n%s", state.Exists(), diags)
			}
			e.checkWords(diags)
			e.sends("import-by-openid get list")
		}},
		{"destroying invalidates where the policy says so", func(e *modeEnv) {
			state := e.members().MustRun(tfdriver.State{}, e.member(map[string]any{"deletion_policy": "invalidate", "invalidate_reason": "离职"}))
			e.sent()
			e.members().MustRun(state, nil)
			if card := e.card(); card.State != mockserver.StateInvalid || card.InvalidReason != "离职" {
				e.t.Errorf("the card is %s", card.State)
			}
			e.sends("get invalidate")
		}},
		{"destroying abandons otherwise", func(e *modeEnv) {
			e.members().MustRun(e.members().MustRun(tfdriver.State{}, e.member(nil)), nil)
			if card := e.card(); card.State != mockserver.StateEffective {
				e.t.Errorf("the card is %s", card.State)
			}
		}},
		{"a member is imported into the state, by id and by identity", func(e *modeEnv) {
			e.existing()
			for how, do := range map[string]func() (tfdriver.State, tfdriver.Diagnostics){
				"id": func() (tfdriver.State, tfdriver.Diagnostics) { return e.members().Import(e.id()) },
				"identity": func() (tfdriver.State, tfdriver.Diagnostics) {
					return e.members().ImportByIdentity(map[string]any{
						"brand_id": mockserver.DefaultBrandID, "card_id": mockserver.TemplatePermanent, "user_card_code": modeCode, "openid": e.openID(),
					})
				},
			} {
				e.p.NewRun()
				state, diags := do()
				if diags.HasErrors() {
					e.t.Fatalf("%s: %s", how, diags)
				}
				e.unchanged(e.members(), state, e.member(map[string]any{"phone_number": modePhone, "level": "普通会员"}))
			}
			e.sends("get get get get")
		}},
		{"a card of another brand is not imported by a brand", func(e *modeEnv) {
			_, diags := e.members().Import(strings.Replace(e.id(), mockserver.DefaultBrandID, "1005", 1))
			e.refusesOtherBrand(diags)
			e.p.NewRun()
			_, diags = e.templates().Import("1005/" + mockserver.TemplatePermanent)
			e.refusesOtherBrand(diags)
		}},
		{"a brand_id of another brand is refused wherever it can be set", func(e *modeEnv) {
			member := e.member(map[string]any{"brand_id": "1005"})
			for _, ask := range []func() tfdriver.Diagnostics{
				func() tfdriver.Diagnostics { return e.members().Plan(tfdriver.State{}, member).Diagnostics },
				func() tfdriver.Diagnostics {
					return e.templates().Plan(tfdriver.State{}, templateConfig(map[string]any{"brand_id": "1005"})).Diagnostics
				},
				func() tfdriver.Diagnostics {
					_, diags := e.p.DataSource("wechatpay_member_card", member)
					return diags
				},
				func() tfdriver.Diagnostics {
					_, diags := e.p.DataSource("wechatpay_member_cards", map[string]any{"brand_id": "1005", "openid": e.openID()})
					return diags
				},
				func() tfdriver.Diagnostics {
					_, diags := e.p.DataSource("wechatpay_member_card_template", map[string]any{"brand_id": "1005", "card_id": mockserver.TemplatePermanent})
					return diags
				},
				func() tfdriver.Diagnostics {
					_, diags := e.p.DataSource("wechatpay_member_card_templates", map[string]any{"brand_id": "1005"})
					return diags
				},
				func() tfdriver.Diagnostics {
					_, diags := e.p.List(memberType, map[string]any{"brand_id": "1005", "openids": []any{e.openID()}}, false, 0)
					return diags
				},
				func() tfdriver.Diagnostics {
					_, diags := e.p.List(templateType, map[string]any{"brand_id": "1005"}, false, 0)
					return diags
				},
				func() tfdriver.Diagnostics {
					// Refused by the plan, which would have warned of the end of a card.
					_, diags := e.p.Invoke("wechatpay_member_card_invalidate", member)
					return diags
				},
			} {
				e.m.ResetRequests()
				diags := ask()
				e.refusesOtherBrand(diags)
				if e.mode.IsBrand() && len(diags.At("brand_id")) != 1 {
					e.t.Errorf("not at brand_id:\n%s", diags)
				}
			}
		}},
		{"what a state has of another brand stays there", func(e *modeEnv) {
			// A state that was made with the credentials of another brand, or by a service provider.
			for _, kept := range []struct {
				resource *tfdriver.Resource
				state    tfdriver.State
			}{
				{e.members(), e.members().MustRun(tfdriver.State{}, e.member(nil))},
				{e.templates(), e.templates().MustRun(tfdriver.State{}, templateConfig(nil))},
			} {
				values := kept.state.Values()
				values["brand_id"] = "1005"
				// The brand itself has no such object.
				e.m.DeleteCard(mockserver.DefaultBrandID, mockserver.TemplatePermanent, modeCode)
				e.m.DeleteTemplate(fmt.Sprint(values["card_id"]))
				e.m.ResetRequests()
				e.p.NewRun()
				state, diags := kept.resource.Read(kept.resource.State(values))
				e.refusesOtherBrand(diags)
				if e.mode.IsBrand() && (!state.Exists() || state.Get("brand_id") != "1005") {
					e.t.Error("it is gone from the state, or another one")
				}
			}
		}},
	}
}

// refusesOtherBrand checks that a brand sent nothing about an object of another brand: its
// requests name no brand, so that the answer would be about its own.
func (e *modeEnv) refusesOtherBrand(diags tfdriver.Diagnostics) {
	e.t.Helper()
	if !e.mode.IsBrand() {
		return
	}
	if errs := diags.Errors(); len(diags) != 1 || len(errs) != 1 || !errs.Contains("brand") || !errs.Contains(`"1005"`) || !errs.Contains("alias") {
		e.t.Errorf("want one error about the other brand, got:\n%s", diags)
	}
	for _, r := range e.m.Requests() {
		e.t.Errorf("%s was sent", r.Operation)
	}
	e.m.ResetRequests()
}

func readingPaths() []mainPath {
	return []mainPath{
		{"the connection is tested", func(e *modeEnv) {
			got, diags := e.p.DataSource("wechatpay_connection", nil)
			if len(diags) > 0 {
				e.t.Fatal(diags)
			}
			want := map[string]any{"host": "127.0.0.1", "public_key_id": e.mode.PublicKeyID(e.m), "mchid": e.m.Credentials().MchID, "encryption_verified": true}
			sent := "echo"
			if e.mode.IsBrand() {
				want["mchid"], want["encryption_verified"], sent = nil, nil, "list-templates"
			}
			e.shows(got, want)
			e.sends(sent)
		}},
		{"data sources read cards and templates", func(e *modeEnv) {
			e.existing()
			user := map[string]any{"openid": e.openID()}
			for name, c := range map[string]struct{ config, want map[string]any }{
				"wechatpay_member_card":           {e.member(nil), map[string]any{"user_card_state": "EFFECTIVE", "level": "普通会员", "phone_number": modePhone}},
				"wechatpay_member_cards":          {user, nil},
				"wechatpay_member_card_template":  {map[string]any{"card_id": mockserver.TemplatePermanent}, map[string]any{"state": "CARD_EFFECTIVE", "brand_id": mockserver.DefaultBrandID}},
				"wechatpay_member_card_templates": {nil, nil},
			} {
				got, diags := e.p.DataSource(name, c.config)
				if diags.HasErrors() {
					e.t.Fatalf("%s: %s", name, diags)
				}
				e.shows(got, c.want)
				for list, want := range map[string]int{"cards": 1, "templates": len(e.m.Templates())} {
					if elements, ok := got[list].([]any); ok && len(elements) != want {
						e.t.Errorf("%s has %d elements, want %d", list, len(elements), want)
					}
				}
			}
		}},
		{"lists find what can be imported", func(e *modeEnv) {
			e.existing()
			found, diags := e.p.List(memberType, map[string]any{"openids": []any{e.openID()}}, true, 0)
			if len(found) != 1 || len(diags) > 0 || found[0].Identity["user_card_code"] != modeCode || found[0].Resource["level"] != "普通会员" {
				e.t.Errorf("listed %d members\n%s", len(found), diags)
			}
			found, diags = e.p.List(templateType, map[string]any{}, true, 0)
			if len(found) != len(e.m.Templates()) || len(diags) > 0 {
				e.t.Errorf("listed %d templates\n%s", len(found), diags)
			}
			e.sends("list list-templates")
		}},
		{"the action invalidates a card", func(e *modeEnv) {
			e.existing()
			_, diags := e.p.Invoke("wechatpay_member_card_invalidate", e.member(map[string]any{"invalid_reason": "离职"}))
			if diags.HasErrors() || e.card().State != mockserver.StateInvalid || e.card().InvalidReason != "离职" {
				e.t.Errorf("the card is %s\n%s", e.card().State, diags)
			}
			e.sends("get invalidate")
		}},
	}
}

func templatePaths() []mainPath {
	return []mainPath{
		{"a template is created, changed, imported and invalidated", func(e *modeEnv) {
			config := templateConfig(map[string]any{"deletion_policy": "invalidate"})
			state := e.templates().MustRun(tfdriver.State{}, config)
			e.shows(state.Values(), map[string]any{"state": "CARD_EFFECTIVE", "brand_id": mockserver.DefaultBrandID})
			e.unchanged(e.templates(), state, config)
			e.sends("list-templates create-template")

			config["card_title"] = "金卡"
			state = e.templates().MustRun(state, config)
			e.sends("modify-template")
			id := fmt.Sprint(state.Get("card_id"))
			if made, _ := e.m.Template(id); made.CardTitle != "金卡" || made.BrandID != mockserver.DefaultBrandID {
				e.t.Errorf("WeChat Pay has the title %q", made.CardTitle)
			}

			e.p.NewRun()
			imported, diags := e.templates().Import(mockserver.DefaultBrandID + "/" + id)
			if diags.HasErrors() || imported.Get("card_title") != "金卡" {
				e.t.Errorf("imported %v\n%s", imported.Values(), diags)
			}
			e.sent()
			e.templates().MustRun(state, nil)
			e.sends("invalidate-template")
			if made, _ := e.m.Template(id); made.State != mockserver.TemplateStateInvalid {
				e.t.Errorf("the template is %s", made.State)
			}
		}},
		{"a template is never created twice", func(e *modeEnv) {
			e.templates().MustRun(tfdriver.State{}, templateConfig(nil)) // its state is lost
			before := len(e.m.Templates())
			e.p.NewRun()
			state, diags := e.templates().Run(tfdriver.State{}, templateConfig(nil))
			if diags.HasErrors() || state.Get("card_id") == nil || len(e.m.Templates()) != before {
				e.t.Errorf("there are %d templates, want %d\n%s", len(e.m.Templates()), before, diags)
			}
		}},
		{"members are imported under a template of the same configuration", func(e *modeEnv) {
			template := e.templates().MustRun(tfdriver.State{}, templateConfig(nil))
			state := e.members().MustRun(tfdriver.State{}, e.member(map[string]any{"card_id": template.Get("card_id")}))
			e.shows(state.Values(), map[string]any{"user_card_state": "EFFECTIVE", "card_id": template.Get("card_id")})
		}},
		{"a picture is uploaded once", func(e *modeEnv) {
			config := map[string]any{"content_base64": pngBase64(e.t), "filename": "card.png"}
			pictures := e.p.Resource(imageType)
			state := pictures.MustRun(tfdriver.State{}, config)
			uploaded := e.m.Pictures()
			if len(uploaded) != 1 || state.Get("url") != uploaded[0].URL {
				e.t.Errorf("%d pictures; the url is %v", len(uploaded), state.Get("url"))
			}
			e.unchanged(pictures, state, config)
			e.sends("upload-image")
		}},
	}
}

// The journal of a brand is encrypted to the brand API certificate's key, which another run has.
func TestJournalInBothModes(t *testing.T) {
	t.Parallel()
	acctest.InBothModes(t, func(t *testing.T, mode acctest.Mode) {
		file := filepath.Join(t.TempDir(), "members.journal")
		e := newModeEnv(t, mode, map[string]any{"journal_path": file})
		e.members().MustRun(tfdriver.State{}, e.member(nil))
		content, err := os.ReadFile(file)
		e.must(err)
		if len(content) == 0 || bytes.Contains(content, []byte(e.openID())) || bytes.Contains(content, []byte(modeCode)) {
			t.Error("the journal is empty, or shows a member")
		}
		e.p.NewRun()
		if _, diags := e.members().Run(tfdriver.State{}, e.member(nil)); len(diags.Errors()) > 0 || diags.Contains("journal") {
			t.Errorf("the next run cannot use the journal: %s", diags)
		}
	})
}

// A brand that calls for itself after its service provider did keeps the states: a member that was imported
// by phone number needs no openid in the configuration, since the state has it.
func TestAStateMovesFromAServiceProviderToItsBrand(t *testing.T) {
	t.Parallel()
	serviceProvider, brand := acctest.Modes()[0], acctest.Modes()[1]
	m := acctest.StartMock(t, mockserver.Options{})
	config := map[string]any{"card_id": mockserver.TemplatePermanent, "user_card_code": modeCode, "phone_number": modePhone, "level": "普通会员"}
	state := acctest.NewProcess(t, m, serviceProvider.Changes(m, nil), noEnvironment()).Resource(memberType).MustRun(tfdriver.State{}, config)
	serviceProvider.CheckRequests(t, m)
	m.ResetRequests()

	e := &modeEnv{t, brand, m, acctest.NewProcess(t, m, brand.Changes(m, nil), noEnvironment())}
	e.unchanged(e.members(), state, config)
	config["level"] = "黄金会员"
	state = e.members().MustRun(state, config)
	if e.card().Level != "黄金会员" {
		t.Error("the change did not arrive")
	}
	e.sends("get get modify")

	// Another card would be another import, for which a brand needs the openid.
	config["user_card_code"] = "VIP-0002"
	e.p.NewRun()
	if plan := e.members().Plan(state, config); len(plan.Diagnostics.Errors().At("openid")) != 1 {
		t.Errorf("the plan is %q\n%s", plan.Action, plan.Diagnostics)
	}
}
