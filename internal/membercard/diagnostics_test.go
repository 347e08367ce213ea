// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"flag"
	"fmt"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest/injection"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/failures"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/provider"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// update has the tests of this package write their golden files: go test -update.
var update = flag.Bool("update", false, "write golden files instead of comparing with them")

var (
	digits = regexp.MustCompile(`[0-9]+`)
	// attributeNames are what the framework's own messages repeat, and what is configured.
	attributeNames = regexp.MustCompile(`Attribute \S+|got: .*|\[.*\]|\n\nConfigured: .*`)
)

// forMany are the beginnings of titles that hundreds of members of one roster may have at a time.
var forMany = []string{"The phone number has no WeChat account", "The member was adopted unverified", "The member is there, but not complete"}

// manyMembers makes sure that what many members may have at a time is three lines at most.
type manyMembers struct {
	mu    sync.Mutex
	found map[string]bool
}

func (m *manyMembers) check(t *testing.T, name string, diags tfdriver.Diagnostics) {
	t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, d := range diags {
		for _, title := range forMany {
			if !strings.HasPrefix(d.Summary, title) {
				continue
			}
			m.found[title] = true
			if n := strings.Count(d.Detail, "\n") + 1; n > 3 {
				t.Errorf("%s has %d lines, want 3 at most:\n%s", name, n, d.Detail)
			}
		}
	}
}

// TestDiagnosticsGolden prints everything that people can get to read into one file, to be read in one
// sitting, and makes sure that nothing personal is in it.
func TestDiagnosticsGolden(t *testing.T) {
	t.Parallel()
	var messages acctest.Messages
	many := manyMembers{found: map[string]bool{}}
	t.Run("collect", func(t *testing.T) {
		for chapter, collect := range map[string]func(*testing.T, func(string, tfdriver.Diagnostics)){
			"1 Calls that fail":                   failedCalls,
			"2 Members that exist already":        existingMembers,
			"3 Plans":                             refusedPlans,
			"4 Destroying and replacing":          destructions,
			"5 Templates":                         templates,
			"6 Importing into the state":          stateImports,
			"7 Refreshing":                        refreshes,
			"8 Configurations that are not right": badConfigurations,
			"9 Lists and the action":              listsAndAction,
		} {
			t.Run(chapter, func(t *testing.T) {
				t.Parallel()
				collect(t, func(name string, diags tfdriver.Diagnostics) {
					if len(diags) == 0 {
						t.Errorf("%s: there is nothing to read", name)
					}
					for _, d := range diags.Errors() {
						acctest.RequireAttributeNamed(t, name, d, nameless())
					}
					messages.Add(chapter, name, diags)
					many.check(t, name, diags)
				})
			})
		}
	})
	for _, title := range forMany {
		if !many.found[title] {
			t.Errorf("%q is not among what people can get to read", title)
		}
	}
	text := messages.Text("Everything that the resource, the data sources, lists and the action can tell people.\n" +
		"Written by go test ./internal/membercard -run TestDiagnosticsGolden -update\n")
	acctest.Golden(t, filepath.Join("testdata", "diagnostics.golden"), text, *update)
	for _, secret := range []string{samplePhone, otherPhone, samplePhone[3:], otherPhone[3:], "深圳市南山区", "张三", "BEGIN PRIVATE"} {
		if strings.Contains(text, secret) {
			t.Errorf("a personal value is printed: it ends with %q", secret[len(secret)-3:])
		}
	}
}

// nameless are errors that name no attribute, by what they are about instead. A call that fails is
// recognised by its text.
func nameless() map[string][]string {
	return map[string][]string{
		"a call that was not made":            {"Importing the member was stopped", "Same cause as before"},
		"an import id, which is no attribute": {"The import id is not right", "There is no such card to import"},
		"the provider":                        {"The provider is not configured", "The provider has a bug"},
		"another resource of the run, and no value": {"The card of a planned member would be invalidated", "Another resource manages this card",
			"Another resource may manage this card", "Another resource has adopted this member", "The only card of a member would be released"},
		"a library's message, which has a path": {"Invalid Attribute Value Time Duration"},
	}
}

// failedCalls has every error of an import, and of the other calls those that differ by more
// than the name of the call.
func failedCalls(t *testing.T, record func(string, tfdriver.Diagnostics)) {
	t.Helper()
	stopped(t, record)
	elsewhere := []failures.Fault{
		failures.ConnectionRefused, failures.NoAnswerBefore, failures.SystemErrorBefore,
		failures.NotExists, failures.Parameter, failures.NoAuth,
	}
	for _, table := range failures.MemberTables() {
		for _, f := range injection.All() {
			if table.Call != failures.ImportByPhone && !slices.Contains(elsewhere, f.Name) || strings.HasSuffix(string(f.Name), ", after the work") {
				continue
			}
			if !injection.IsOf(table.Call, f.Name) {
				continue
			}
			name := fmt.Sprintf("%s: %s", table.Call, f.Name)
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				c := newFaultCase(t, table.Call, f.Name)
				act, _ := c.prepare()
				c.fault.Inject(c.m, c.transport, table.Call, true)
				if _, diags := act(); len(diags) > 0 {
					record(name, diags)
				}
			})
		}
	}
}

// stopped are calls that end before WeChat Pay does: their time is up before their turn
// comes, the run is interrupted, or the provider has a mistake.
func stopped(t *testing.T, record func(string, tfdriver.Diagnostics)) {
	t.Helper()
	e := newEnv(t, mockserver.Options{}, nil)
	_, diags := e.r.Run(tfdriver.State{}, plain(map[string]any{"timeouts": map[string]any{"create": "1ns"}}))
	record("import by phone: its time is up", diags)

	e, g := gated(t, nil)
	done := e.apply(e.r.Plan(tfdriver.State{}, plain(map[string]any{"attach": "门店"})))
	await(t, "the import", g.arrived)
	e.p.Interrupt()
	close(g.open)
	record("attach: the run is interrupted", await(t, "the end of the apply", done).diags)

	e = newEnv(t, mockserver.Options{}, nil)
	e.m.Inject(mockserver.Fault{Operation: importCall, Status: 401, Code: "SIGN_ERROR", Message: "验证不通过"})
	first, next := e.r.Plan(tfdriver.State{}, numbered(0, nil)), e.r.Plan(tfdriver.State{}, numbered(1, nil))
	_, diags = e.r.Apply(first)
	record("import by phone: a wrong credential, the first member", diags)
	_, diags = e.r.Apply(next)
	record("import by phone: a wrong credential, the next member", diags)

	e = newEnv(t, mockserver.Options{}, nil)
	e.m.Inject(mockserver.Fault{Operation: importCall, Kind: mockserver.FaultChangedFields, AfterWork: true, Fields: map[string]any{"level": 3}})
	_, diags = e.r.Run(tfdriver.State{}, plain(nil))
	record("import by phone: a part of the answer cannot be read", diags)

	for _, call := range []failures.Call{failures.ImportByPhone, failures.Attach} {
		c := caseOf(t, call, panics())
		act, _ := c.prepare()
		c.fault.Inject(c.m, c.transport, call, true)
		_, diags = act()
		record(string(call)+": a bug in the provider", diags)
	}
}

func existingMembers(t *testing.T, record func(string, tfdriver.Diagnostics)) {
	t.Helper()
	for name, row := range adoptionCases() {
		m, config, block := row.start(t)
		r := acctest.NewProcess(t, m, block).Resource(resourceType)
		if _, diags := r.Run(tfdriver.State{}, config); len(diags) > 0 {
			record(name, diags)
		}
	}
	otherKey(t, record)
	e := newEnv(t, mockserver.Options{}, nil)
	state := e.unverified(nil)
	_, diags := e.r.Run(state, plain(map[string]any{"openid": e.m.OpenID(otherPhone)}))
	record("verified later: the user has no such card", diags)
	e.change(func(c *mockserver.Card) { c.PhoneNumber = otherPhone })
	_, diags = e.r.Run(state, plain(map[string]any{"openid": e.m.OpenID(samplePhone)}))
	record("verified later: another phone number", diags)
	e.m.Inject(mockserver.Fault{Operation: mockserver.OperationGet, Status: 403, Code: "NO_AUTH", Message: "无权限"})
	_, diags = e.r.Run(state, plain(map[string]any{"openid": e.m.OpenID(samplePhone)}))
	record("verified later: the card cannot be read", diags)
}

// journalOfAnotherKey is a journal with a line that was encrypted to another key.
func journalOfAnotherKey(t *testing.T) string {
	t.Helper()
	renewed, err := mockserver.GenerateKeys()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "journal")
	block := map[string]any{"check_templates": false, "journal_path": file}
	acctest.NewProcess(t, acctest.StartMock(t, mockserver.Options{Keys: renewed}), block).Resource(resourceType).MustRun(tfdriver.State{}, plain(nil))
	return file
}

// otherKey has the message about a journal of a certificate that was renewed.
func otherKey(t *testing.T, record func(string, tfdriver.Diagnostics)) {
	t.Helper()
	e := newEnv(t, mockserver.Options{}, map[string]any{"journal_path": journalOfAnotherKey(t)})
	e.put(existingCard(nil))
	_, diags := e.r.Run(tfdriver.State{}, plain(nil))
	record("by phone: adopt, the journal has lines of another key", diags)
}

func refusedPlans(t *testing.T, record func(string, tfdriver.Diagnostics)) {
	t.Helper()
	e := newEnv(t, mockserver.Options{}, nil)
	unverified := e.unverified(nil)
	record("a change without an openid", e.r.Plan(unverified, plain(map[string]any{"level": "钻石会员"})).Diagnostics)

	e = newEnv(t, mockserver.Options{}, nil)
	state := e.r.MustRun(tfdriver.State{}, plain(nil))
	e.p.NewRun()
	received := e.r.MustRun(tfdriver.State{}, numbered(2, map[string]any{"pickup_time": "2015-05-20T13:29:35+08:00"}))
	e.p.NewRun()
	record("another pickup_time", e.r.Plan(received, numbered(2, map[string]any{"pickup_time": "2016-05-20T13:29:35+08:00"})).Diagnostics)
	e.p.NewRun()
	record("a code that looks like a phone number", e.r.Plan(tfdriver.State{}, plain(map[string]any{"user_card_code": samplePhone})).Diagnostics)
	record("a reason that has no effect", e.r.Plan(tfdriver.State{}, numbered(1, map[string]any{"invalidate_reason": "离职"})).Diagnostics)
	e.p.NewRun()
	record("another openid", e.r.Plan(state, plain(map[string]any{"openid": "oAnotherUser"})).Diagnostics)
	e.p.NewRun()
	record("a write-only phone number adopted although the card has another one", e.r.Plan(state, plain(map[string]any{
		"phone_number": nil, "phone_number_wo": otherPhone, "phone_number_wo_version": 1,
	})).Diagnostics)

	e.p.NewRun()
	e.r.Plan(tfdriver.State{}, plain(map[string]any{"user_card_code": "VIP-1"}))
	record("two members with one phone number", e.r.Plan(tfdriver.State{}, plain(map[string]any{"user_card_code": "VIP-2"})).Diagnostics)
	record("two members with one phone number, of which one has no code yet", e.r.Plan(tfdriver.State{}, plain(map[string]any{"user_card_code": tfdriver.Unknown})).Diagnostics)
	e.r.Plan(tfdriver.State{}, numbered(3, map[string]any{"openid": "oUser"}))
	record("two members with one openid", e.r.Plan(tfdriver.State{}, numbered(4, map[string]any{"openid": "oUser"})).Diagnostics)
	record("two members with one code", e.r.Plan(tfdriver.State{}, plain(map[string]any{"user_card_code": "VIP-1", "phone_number": otherPhone})).Diagnostics)

	e = newEnv(t, mockserver.Options{}, map[string]any{"brand_id": nil})
	record("no brand", e.r.Plan(tfdriver.State{}, plain(nil)).Diagnostics)
	_, diags := e.p.DataSource("wechatpay_member_card_template", map[string]any{"card_id": mockserver.TemplatePermanent})
	record("no brand, in a data source", diags)

	e = newEnv(t, mockserver.Options{}, map[string]any{"brand_id": tfdriver.Unknown})
	_, diags = e.p.DataSource("wechatpay_member_card_template", map[string]any{"card_id": mockserver.TemplatePermanent})
	record("a brand that is not known yet, in a data source", diags)
	e = newEnv(t, mockserver.Options{}, map[string]any{"private_key": tfdriver.Unknown})
	_, diags = e.p.DataSource("wechatpay_member_card_template", map[string]any{"card_id": mockserver.TemplatePermanent})
	record("a provider that is not configured yet, in a data source", diags)
	_, diags = e.r.Read(state)
	record("a provider that is not configured yet, refreshing", diags)
}

func destructions(t *testing.T, record func(string, tfdriver.Diagnostics)) {
	t.Helper()
	e := newEnv(t, mockserver.Options{}, nil)
	abandoned := e.r.MustRun(tfdriver.State{}, plain(nil))
	_, diags := e.r.Run(abandoned, nil)
	record("abandon", diags)
	for _, policy := range []string{"prevent", "invalidate"} {
		e := newEnv(t, mockserver.Options{}, nil)
		state := e.r.MustRun(tfdriver.State{}, plain(map[string]any{"deletion_policy": policy}))
		e.p.NewRun()
		record(policy, e.r.Plan(state, nil).Diagnostics)
	}
	e = newEnv(t, mockserver.Options{}, nil)
	record("invalidate without an openid", e.r.Plan(e.unverified(map[string]any{"deletion_policy": "invalidate"}), nil).Diagnostics)

	e = newEnv(t, mockserver.Options{}, nil)
	state := e.r.MustRun(tfdriver.State{}, plain(nil))
	e.p.NewRun()
	plan := e.r.Plan(state, plain(map[string]any{"user_card_code": "VIP-2"}))
	record("a replacement that keeps the phone number: the plan", plan.Diagnostics)
	_, diags = e.r.Apply(plan)
	record("a replacement that keeps the phone number: the apply", diags)

	e = newEnv(t, mockserver.Options{}, nil)
	state = e.r.MustRun(tfdriver.State{}, plain(map[string]any{"deletion_policy": "invalidate"}))
	e.p.NewRun()
	plan = e.r.Plan(state, plain(map[string]any{"deletion_policy": "invalidate", "user_card_code": "VIP-2"}))
	e.m.Inject(mockserver.Fault{Operation: importCall, Status: 400, Code: "INVALID_REQUEST", Message: "该手机号已被导入过"})
	_, diags = e.r.Apply(plan)
	record("a replacement that invalidates the card and keeps the phone number: the apply", diags)
	e = newEnv(t, mockserver.Options{}, nil)
	state = e.r.MustRun(tfdriver.State{}, plain(map[string]any{"openid": e.m.OpenID(samplePhone)}))
	e.p.NewRun()
	e.r.Plan(state, nil)
	record("another code for one openid: the plan", e.r.Plan(tfdriver.State{}, plain(map[string]any{
		"user_card_code": "VIP-2", "phone_number": otherPhone, "openid": e.m.OpenID(samplePhone),
	})).Diagnostics)

	// create_before_destroy: the new card is adopted before the old one is destroyed.
	e = newEnv(t, mockserver.Options{}, nil)
	state = e.r.MustRun(tfdriver.State{}, plain(nil))
	e.p.NewRun()
	create := e.r.Plan(tfdriver.State{}, plain(map[string]any{"user_card_code": "VIP-2"}))
	destroy := e.r.Plan(state, nil)
	if _, diags := e.r.Apply(create); diags.HasErrors() {
		t.Fatal(diags)
	}
	_, diags = e.r.Apply(destroy)
	record("create_before_destroy: the old card would be released", diags)
	renamed(t, record)
}

// renamed is a resource that is destroyed under one address and made under another.
func renamed(t *testing.T, record func(string, tfdriver.Diagnostics)) {
	t.Helper()
	for _, policy := range []string{"abandon", "invalidate"} {
		e := newEnv(t, mockserver.Options{}, nil)
		state := e.r.MustRun(tfdriver.State{}, plain(map[string]any{"deletion_policy": policy}))
		e.p.NewRun()
		destroy := e.r.Plan(state, nil)
		record("renamed without a moved block, "+policy+": the plan", e.r.Plan(tfdriver.State{}, plain(nil)).Diagnostics)
		e.p.NewRun()
		later := e.r.Plan(tfdriver.State{}, plain(map[string]any{"user_card_code": tfdriver.Unknown}))
		if _, diags := e.r.ApplyConfig(later, plain(nil)); diags.HasErrors() {
			t.Fatal(diags)
		}
		_, diags := e.r.Apply(destroy)
		record("renamed without a moved block, "+policy+": the new one made first", diags)

		e = newEnv(t, mockserver.Options{}, map[string]any{"max_retries": 0})
		state = e.r.MustRun(tfdriver.State{}, plain(map[string]any{"deletion_policy": policy}))
		e.p.NewRun()
		destroy = e.r.Plan(state, nil)
		later = e.r.Plan(tfdriver.State{}, plain(map[string]any{"user_card_code": tfdriver.Unknown}))
		e.m.Inject(mockserver.Fault{Operation: importCall, Kind: mockserver.FaultCutConnection})
		e.r.ApplyConfig(later, plain(nil))
		_, diags = e.r.Apply(destroy)
		record("renamed without a moved block, "+policy+": the new one's import has no known outcome", diags)
	}
	e := newEnv(t, mockserver.Options{}, nil)
	state := e.r.MustRun(tfdriver.State{}, plain(nil))
	e.p.NewRun()
	e.r.Plan(state, nil)
	record("another code for one phone number: the plan", e.r.Plan(tfdriver.State{}, plain(map[string]any{"user_card_code": "VIP-2"})).Diagnostics)
	state.Tainted = true
	e.p.NewRun()
	_, diags := e.r.Apply(e.r.Plan(state, plain(map[string]any{"phone_number": otherPhone})))
	record("replaced under its own code, with another phone number", diags)
}

func templates(t *testing.T, record func(string, tfdriver.Diagnostics)) {
	t.Helper()
	form := &mockserver.TemplateUserInformation{CommonFields: []string{"USER_FORM_FLAG_NAME"}, CustomFields: []mockserver.TemplateCustomField{
		{Type: "RADIO", Name: "常去门店", Values: []string{"南山店", "福田店"}},
	}}
	options := mockserver.Options{Templates: append(mockserver.DefaultTemplates(mockserver.DefaultBrandID)[1:], mockserver.Template{
		BrandID: mockserver.DefaultBrandID, CardID: mockserver.TemplatePermanent, UserInformation: form,
	})}
	for name, changes := range map[string]map[string]any{
		"not of the brand":                 {"card_id": "pNobody"},
		"invalid":                          {"card_id": mockserver.TemplateInvalid},
		"another validity":                 fixTimeRange(nil),
		"a field that it does not ask for": commonFields(map[string]any{"USER_FORM_FLAG_CITY": "深圳市南山区"}),
		"a field that it does not have":    customFields(map[string]any{"星座": []any{"张三的星座"}}),
		"a choice that it does not offer":  customFields(map[string]any{"常去门店": []any{"张三的店"}}),
		"two choices of one":               customFields(map[string]any{"常去门店": []any{"南山店", "福田店"}}),
	} {
		e := newEnv(t, options, map[string]any{"check_templates": true})
		record(name, e.r.Plan(tfdriver.State{}, plain(changes)).Diagnostics)
	}
}

func stateImports(t *testing.T, record func(string, tfdriver.Diagnostics)) {
	t.Helper()
	e := newEnv(t, mockserver.Options{}, nil)
	for name, id := range map[string]string{
		"a card that is not there": sampleID + "/oNobody", "too few parts": "1004/VIP-0001", "an empty part": "1004//VIP-0001/oUser", "no openid": "1004/" + mockserver.TemplatePermanent + "/VIP-0001",
		"an empty openid": "1004/" + mockserver.TemplatePermanent + "/VIP-0001/",
	} {
		_, diags := e.r.Import(id)
		record(name, diags)
	}
}

func refreshes(t *testing.T, record func(string, tfdriver.Diagnostics)) {
	t.Helper()
	e := newEnv(t, mockserver.Options{}, nil)
	state := e.r.MustRun(tfdriver.State{}, plain(nil))
	e.change(func(c *mockserver.Card) { c.State = mockserver.StateInvalid })
	_, diags := e.r.Read(state)
	record("a card that was invalidated elsewhere", diags)
	e.m.DeleteCard(mockserver.DefaultBrandID, mockserver.TemplatePermanent, sampleCode)
	_, diags = e.r.Read(state)
	record("a card that is gone", diags)
}

func listsAndAction(t *testing.T, record func(string, tfdriver.Diagnostics)) {
	t.Helper()
	e := newEnv(t, mockserver.Options{}, nil)
	if err := e.m.PutCard(existingCard(nil)); err != nil {
		t.Fatal(err)
	}
	config := map[string]any{"card_id": mockserver.TemplatePermanent, "user_card_code": sampleCode, "openid": e.m.OpenID(samplePhone)}
	refusal := mockserver.Fault{Status: 400, Code: "INVALID_REQUEST", Message: "稍后再试"}
	for _, operation := range []mockserver.Operation{mockserver.OperationGet, mockserver.OperationInvalidate} {
		refusal.Operation = operation
		e.m.Inject(refusal)
		_, diags := e.p.Invoke(actionType, config)
		record(fmt.Sprintf("action: the call %s is refused", operation), diags)
	}
	config["openid"] = e.m.OpenID(otherPhone)
	_, diags := e.p.Invoke(actionType, config)
	record("action: no such card", diags)
	for name, f := range map[string]mockserver.Fault{
		"no such user": {Status: 404, Code: "RESOURCE_NOT_EXISTS", Message: "资源不存在"}, "refused": refusal,
	} {
		f.Operation = mockserver.OperationList
		e.m.Inject(f)
		_, diags := e.p.List(resourceType, map[string]any{"openids": []any{e.m.OpenID(samplePhone)}}, false, 0)
		record("list: "+name, diags)
	}
}

// badConfigurations shows one row of each kind of refusal.
func badConfigurations(t *testing.T, record func(string, tfdriver.Diagnostics)) {
	t.Helper()
	m := acctest.StartMock(t, mockserver.Options{})
	shown := map[string]bool{}
	rows := badInputs()
	for _, name := range slices.Sorted(maps.Keys(rows)) {
		r := acctest.NewProcess(t, m, map[string]any{"check_templates": false}, provider.WithClock(tableNow)).Resource(resourceType)
		var fresh tfdriver.Diagnostics
		for _, d := range r.Plan(tfdriver.State{}, plain(rows[name].changes)).Diagnostics {
			if key := digits.ReplaceAllString(attributeNames.ReplaceAllString(d.Detail, ""), ""); !shown[key] {
				shown[key] = true
				fresh = append(fresh, d)
			}
		}
		if len(fresh) > 0 {
			record(name, fresh)
		}
	}
}
