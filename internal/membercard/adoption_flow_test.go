// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

const resourceType = "wechatpay_member_card_import"

// samplePhone and otherPhone are the numbers of the two people in these tests.
const (
	samplePhone = "13800138000"
	otherPhone  = "13800138999"
	sampleCode  = "VIP-0001"
)

// plain is the sample member as values, for the in-process provider, with changes.
func plain(changes map[string]any) map[string]any {
	return with(map[string]any{
		"card_id":        mockserver.TemplatePermanent,
		"user_card_code": sampleCode,
		"phone_number":   samplePhone,
	}, changes)
}

// hcl spells a plain value as an expression.
func hcl(value any) string {
	switch v := value.(type) {
	case string:
		return acctest.Quote(v)
	case []any:
		var items []string
		for _, item := range v {
			items = append(items, hcl(item))
		}
		return "[" + strings.Join(items, ", ") + "]"
	case map[string]any:
		var items []string
		for _, name := range slices.Sorted(maps.Keys(v)) {
			items = append(items, acctest.Quote(name)+" = "+hcl(v[name]))
		}
		return "{" + strings.Join(items, ", ") + "}"
	default:
		return fmt.Sprint(v)
	}
}

// expressions makes attributes for acctest.Member of plain values.
func expressions(attributes map[string]any) map[string]any {
	out := make(map[string]any, len(attributes))
	for name, value := range attributes {
		out[name] = hcl(value)
	}
	return out
}

// existingCard is the member's card as somebody else has made it.
func existingCard(change func(*mockserver.Card)) mockserver.Card {
	card := mockserver.Card{
		BrandID: mockserver.DefaultBrandID, CardID: mockserver.TemplatePermanent,
		UserCardCode: sampleCode, PhoneNumber: samplePhone, Level: "普通会员",
	}
	if change != nil {
		change(&card)
	}
	return card
}

// adoptionCase is one row of what happens when WeChat Pay says that a member exists.
type adoptionCase struct {
	options mockserver.Options
	// cards exist before.
	cards []mockserver.Card
	// importFault hits the import once, and readFault the reading that follows.
	importFault, readFault *mockserver.Fault
	// journaled: the journal has the openid.
	journaled bool
	// changes to the configuration; the text OPENID stands for the sample phone number's openid.
	changes map[string]any
	// fails is a part of the expected error, at the attribute.
	fails, at string
	// warns is a part of the expected warning.
	warns string
	// state are expected values; requests the expected calls, templates and refreshes apart.
	state    map[string]any
	requests map[mockserver.Operation]int
}

const (
	importCall   = mockserver.OperationImportByPhone
	openIDCall   = mockserver.OperationImportByOpenID
	readCall     = mockserver.OperationGet
	modifyCall   = mockserver.OperationModify
	listCall     = mockserver.OperationList
	templateCall = mockserver.OperationTemplate
)

// Stand-ins in rows: the sample user's openid, and the id of the card.
const (
	openIDStandIn = "OPENID"
	sampleID      = "1004/" + mockserver.TemplatePermanent + "/" + sampleCode
)

// lostAnswer is an import that is carried out, and whose answer is lost.
func lostAnswer() *mockserver.Fault {
	return &mockserver.Fault{Kind: mockserver.FaultCutConnection, AfterWork: true}
}

// adoptionCases are both tables; each name begins with how the member is imported.
func adoptionCases() map[string]adoptionCase {
	rows := map[string]adoptionCase{}
	for name, row := range adoptionsByPhone() {
		rows["by phone: "+name] = row
	}
	for name, row := range adoptionsByOpenID() {
		changes := map[string]any{"openid": openIDStandIn}
		maps.Copy(changes, row.changes)
		row.changes = changes
		rows["by openid: "+name] = row
	}
	return rows
}

// adoptionsByPhone is what happens where no openid is configured.
func adoptionsByPhone() map[string]adoptionCase {
	existing := []mockserver.Card{existingCard(nil)}
	unverified := map[string]any{"adopted": true, "openid": nil, "user_card_state": nil, "card_type": nil, "create_time": nil, "phone_number": samplePhone}
	verified := map[string]any{"adopted": true, "openid": openIDStandIn, "user_card_state": "EFFECTIVE", "card_type": "NORMAL"}
	withoutOpenID := "terraform import ADDRESS '" + sampleID + "/OPENID'\nReplace OPENID with the member's openid."
	const policy, speaksOfPhone, speaksOfUser = "on_existing", "WeChat Pay speaks of the phone number", "WeChat Pay speaks of the user"
	return map[string]adoptionCase{
		"adopt, code and phone number exist": {
			cards: existing, warns: "adopted unverified", state: unverified, requests: calls(importCall),
		},
		"adopt, the phone number has a card under another code": {
			cards: []mockserver.Card{existingCard(func(c *mockserver.Card) { c.UserCardCode = "OLD-1" })},
			warns: speaksOfPhone, state: unverified, requests: calls(importCall),
		},
		"adopt, imported before, with full-width commas": {
			options: mockserver.Options{ExistsMessage: mockserver.ExistsAlwaysImported, FullWidthCommas: true},
			cards:   existing, warns: speaksOfPhone, state: unverified, requests: calls(importCall),
		},
		"adopt, the user has a card": {
			options: mockserver.Options{ExistsMessage: mockserver.ExistsAlwaysUser},
			cards:   existing, warns: speaksOfUser, state: unverified, requests: calls(importCall),
		},
		"adopt, the user's card waits for confirmation": {
			cards: []mockserver.Card{existingCard(func(c *mockserver.Card) { c.State = mockserver.StateUnactivated })},
			fails: "waits for confirmation", at: "user_card_code", requests: calls(importCall),
		},
		"adopt, after a lost answer": {
			importFault: lostAnswer(), warns: "most likely it made the card", state: unverified, requests: calls(importCall, importCall),
		},
		"adopt, the openid is in the journal": {
			cards: existing, journaled: true, state: verified, requests: calls(importCall, readCall),
		},
		"adopt, the openid is in the journal, the level differs": {
			cards: existing, journaled: true, changes: map[string]any{"level": "钻石会员"},
			state: map[string]any{"adopted": true, "openid": openIDStandIn, "level": "钻石会员"}, requests: calls(importCall, readCall, modifyCall),
		},
		"adopt, the openid is in the journal, the card has another phone number": {
			cards:     []mockserver.Card{existingCard(func(c *mockserver.Card) { c.PhoneNumber, c.OpenID = otherPhone, openIDStandIn })},
			journaled: true, fails: "with the openid that the journal has, but its phone number is not the configured one", at: "phone_number",
			requests: calls(importCall, readCall),
		},
		"verify": {
			cards: existing, changes: map[string]any{policy: "verify"}, fails: "cannot be verified", at: "openid", requests: calls(importCall),
		},
		"verify, after a lost answer": {
			importFault: lostAnswer(), changes: map[string]any{policy: "verify"},
			fails: "most likely it made the card", at: "openid", requests: calls(importCall, importCall),
		},
		"verify, the openid is in the journal": {
			cards: existing, journaled: true, changes: map[string]any{policy: "verify"}, state: verified, requests: calls(importCall, readCall),
		},
		"error": {
			cards: existing, changes: map[string]any{policy: "error"}, fails: withoutOpenID, at: policy, requests: calls(importCall),
		},
		"error, after a lost answer": {
			importFault: lostAnswer(), changes: map[string]any{policy: "error"},
			fails: "most likely it made the card. To manage the existing card, import it into the state: " + withoutOpenID, at: policy,
			requests: calls(importCall, importCall),
		},
		"error, after a 502 that did the work": {
			importFault: &mockserver.Fault{Status: 502, AfterWork: true}, changes: map[string]any{policy: "error"},
			fails: "most likely it made the card", at: policy, requests: calls(importCall, importCall),
		},
		"error, the openid is in the journal": {
			cards: existing, journaled: true, changes: map[string]any{policy: "error"}, fails: withoutOpenID, at: policy, requests: calls(importCall),
		},
	}
}

// adoptionsByOpenID is what happens where an openid is configured.
func adoptionsByOpenID() map[string]adoptionCase {
	existing := []mockserver.Card{existingCard(nil)}
	otherNumber := []mockserver.Card{existingCard(func(c *mockserver.Card) { c.PhoneNumber, c.OpenID = otherPhone, openIDStandIn })}
	verified := map[string]any{"adopted": true, "openid": openIDStandIn, "user_card_state": "EFFECTIVE", "card_type": "NORMAL"}
	imported := map[string]any{"adopted": false, "openid": openIDStandIn, "user_card_state": "EFFECTIVE", "phone_number_masked": "138****8000"}
	const policy = "on_existing"
	lostForGood := lostAnswer()
	lostForGood.Count = -1
	return map[string]adoptionCase{
		"nothing exists":                        {state: imported, requests: calls(openIDCall)},
		"nothing exists, and no phone number":   {changes: map[string]any{"phone_number": nil}, state: map[string]any{"adopted": false, "phone_number_masked": nil}, requests: calls(openIDCall)},
		"adopt, nothing differs":                {cards: existing, changes: map[string]any{"level": "普通会员"}, state: verified, requests: calls(openIDCall, readCall)},
		"adopt, the level differs":              {cards: existing, changes: map[string]any{"level": "钻石会员"}, state: map[string]any{"adopted": true, "level": "钻石会员"}, requests: calls(openIDCall, readCall, modifyCall)},
		"adopt, no phone number is configured":  {cards: existing, changes: map[string]any{"phone_number": nil}, state: map[string]any{"adopted": true, "phone_number": nil}, requests: calls(openIDCall, readCall)},
		"adopt, WeChat Pay tells no phone":      {options: mockserver.Options{OmitPhone: true}, cards: existing, state: verified, requests: calls(openIDCall, readCall)},
		"adopt, imported before":                {options: mockserver.Options{ExistsMessage: mockserver.ExistsAlwaysImported}, cards: existing, state: verified, requests: calls(openIDCall, readCall)},
		"adopt, the phone number or code there": {options: mockserver.Options{ExistsMessage: mockserver.ExistsAlwaysPhoneOrCode}, cards: existing, state: verified, requests: calls(openIDCall, readCall)},
		"adopt, several attributes differ, one call": {
			cards: existing, changes: map[string]any{"level": "钻石会员", "card_color": "#FFFF00", "attach": "门店"},
			state:    map[string]any{"adopted": true, "level": "钻石会员", "card_color": "#FFFF00", "attach": "门店"},
			requests: calls(openIDCall, readCall, modifyCall),
		},
		"adopt, the phone number is written with its country": {
			cards: []mockserver.Card{existingCard(func(c *mockserver.Card) { c.PhoneNumber, c.OpenID = "+86"+samplePhone, openIDStandIn })},
			state: verified, requests: calls(openIDCall, readCall),
		},
		"adopt, the same pickup_time in another zone": {
			cards:   []mockserver.Card{existingCard(func(c *mockserver.Card) { c.PickupTime = time.Date(2015, 5, 20, 5, 29, 35, 0, time.UTC) })},
			changes: map[string]any{"pickup_time": "2015-05-20T13:29:35+08:00"},
			state:   map[string]any{"adopted": true, "pickup_time": "2015-05-20T13:29:35+08:00"}, requests: calls(openIDCall, readCall),
		},
		"adopt, another pickup_time": {
			cards:   []mockserver.Card{existingCard(func(c *mockserver.Card) { c.PickupTime = time.Date(2015, 5, 20, 5, 29, 36, 0, time.UTC) })},
			changes: map[string]any{"pickup_time": "2015-05-20T13:29:35+08:00"},
			fails:   `has pickup_time = "2015-05-20T13:29:36+08:00"`, at: "pickup_time", requests: calls(openIDCall, readCall),
		},
		"adopt, another phone number":  {cards: otherNumber, fails: "belongs to another phone number", at: "phone_number", requests: calls(openIDCall, readCall)},
		"verify, another phone number": {cards: otherNumber, changes: map[string]any{policy: "verify"}, fails: "belongs to another phone number", at: "phone_number", requests: calls(openIDCall, readCall)},
		"adopt, another user has the code": {
			cards: []mockserver.Card{existingCard(func(c *mockserver.Card) { c.PhoneNumber = otherPhone })},
			fails: "has no card under this code", at: "openid", requests: calls(openIDCall, readCall, listCall),
		},
		"adopt, the user has a card under another code": {
			cards: []mockserver.Card{existingCard(func(c *mockserver.Card) { c.UserCardCode = "OLD-1" })},
			fails: `Set user_card_code = "OLD-1" and import that card into the state: terraform import ADDRESS '1004/` + mockserver.TemplatePermanent + "/OLD-1/OPENID'",
			at:    "user_card_code", requests: calls(openIDCall, readCall, listCall),
		},
		"adopt, an invalid card under this code, an effective one under another": {
			cards: []mockserver.Card{
				existingCard(func(c *mockserver.Card) { c.State = mockserver.StateInvalid }),
				existingCard(func(c *mockserver.Card) { c.UserCardCode = "OLD-1" }),
			},
			fails: `Set user_card_code = "OLD-1"`, at: "user_card_code", requests: calls(openIDCall, readCall, listCall),
		},
		"adopt, the user's card waits for confirmation": {
			cards: []mockserver.Card{existingCard(func(c *mockserver.Card) { c.State = mockserver.StateUnactivated })},
			fails: "Confirm it with the call https://pay.weixin.qq.com/doc/v3/partner/4015336979", at: "user_card_code", requests: calls(openIDCall),
		},
		"adopt, the card cannot be read": {
			cards: existing, readFault: &mockserver.Fault{Status: 403, Code: "NO_AUTH", Message: "无权限"},
			fails: "could not be read", requests: calls(openIDCall, readCall),
		},
		"verify, nothing differs":     {cards: existing, changes: map[string]any{policy: "verify"}, state: verified, requests: calls(openIDCall, readCall)},
		"adopt, after a lost answer":  {importFault: lostAnswer(), state: verified, requests: calls(openIDCall, openIDCall, readCall)},
		"verify, after a lost answer": {importFault: lostAnswer(), changes: map[string]any{policy: "verify"}, state: verified, requests: calls(openIDCall, openIDCall, readCall)},
		"adopt, every answer is lost": {
			importFault: lostForGood, state: verified, requests: map[mockserver.Operation]int{openIDCall: adoptionRetries + 1, readCall: 1},
		},
		"error": {
			cards: existing, changes: map[string]any{policy: "error"}, fails: "terraform import ADDRESS '" + sampleID + "/OPENID'", at: policy, requests: calls(openIDCall),
		},
		"error, after a lost answer": {
			importFault: lostAnswer(), changes: map[string]any{policy: "error"},
			fails: "most likely it made the card. WeChat Pay speaks of the user", at: policy, requests: calls(openIDCall, openIDCall),
		},
		"after an invalidation, the same code": {
			cards: []mockserver.Card{existingCard(func(c *mockserver.Card) { c.State = mockserver.StateInvalid })}, state: imported, requests: calls(openIDCall),
		},
		"after an invalidation, another code": {
			cards: []mockserver.Card{existingCard(func(c *mockserver.Card) { c.UserCardCode, c.State = "OLD-1", mockserver.StateInvalid })}, state: imported, requests: calls(openIDCall),
		},
	}
}

// adoptionRetries is max_retries in the adoption tables.
const adoptionRetries = 1

// start makes the mock as the row has it. config is the member, block the provider's settings.
func (c adoptionCase) start(t *testing.T) (m *mockserver.Server, config, block map[string]any) {
	t.Helper()
	m = acctest.StartMock(t, c.options)
	openID := m.OpenID(samplePhone)
	block = map[string]any{"check_templates": false, "max_retries": adoptionRetries}
	if c.journaled {
		block["journal_path"] = filepath.Join(t.TempDir(), "journal")
		earlier := acctest.NewProcess(t, m, block)
		earlier.Resource(resourceType).MustRun(tfdriver.State{}, plain(nil))
		m.DeleteCard(mockserver.DefaultBrandID, mockserver.TemplatePermanent, sampleCode)
		m.ResetRequests()
	}
	for _, card := range c.cards {
		if card.OpenID == openIDStandIn {
			card.OpenID = openID
		}
		if err := m.PutCard(card); err != nil {
			t.Fatal(err)
		}
	}
	config = plain(c.changes)
	call := importCall
	if config["openid"] == openIDStandIn {
		config["openid"], call = openID, openIDCall
	}
	inject(m, call, c.importFault)
	inject(m, readCall, c.readFault)
	return m, config, block
}

// inject makes the calls of an operation fail.
func inject(m *mockserver.Server, operation mockserver.Operation, f *mockserver.Fault) {
	if f != nil {
		fault := *f
		fault.Operation = operation
		m.Inject(fault)
	}
}

// withOpenID puts the sample's openid where an expectation says OPENID, unless the
// configuration names none and the placeholder itself is meant.
func (c adoptionCase) withOpenID(m *mockserver.Server, text string) string {
	if c.changes["openid"] == nil {
		return text
	}
	return strings.ReplaceAll(text, openIDStandIn, m.OpenID(samplePhone))
}

func (c adoptionCase) expected(m *mockserver.Server, name string) any {
	if c.state[name] == openIDStandIn {
		return m.OpenID(samplePhone)
	}
	return c.state[name]
}

// Every row of both tables: what is asked, stored and said, and that nothing is left to do.
func TestAdoption(t *testing.T) {
	t.Parallel()
	for name, row := range adoptionCases() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, config, block := row.start(t)
			r := acctest.NewProcess(t, m, block).Resource(resourceType)
			state, diags := r.Run(tfdriver.State{}, config)
			if err := countRequests(m, row.requests); err != nil {
				t.Error(err)
			}
			if row.fails != "" {
				if !diags.HasErrors() || !diags.Errors().Contains(row.withOpenID(m, row.fails)) || state.Exists() {
					t.Fatalf("want an error with %q and no state, got:\n%s", row.fails, diags)
				}
				if len(diags) != 1 || row.at != "" && len(diags.Errors().At(row.at)) == 0 {
					t.Errorf("want one error, at %s:\n%s", row.at, diags)
				}
				return
			}
			if diags.HasErrors() {
				t.Fatalf("unexpected errors:\n%s", diags)
			}
			if row.warns == "" && len(diags.Warnings()) > 0 || row.warns != "" && !diags.Warnings().Contains(row.warns) {
				t.Errorf("want a warning with %q, got:\n%s", row.warns, diags)
			}
			for attribute := range row.state {
				if got := state.Get(attribute); got != row.expected(m, attribute) {
					t.Errorf("%s = %v, want %v", attribute, got, row.expected(m, attribute))
				}
			}
			// Nothing is left to do, and an unverified card costs no request.
			refreshed, _ := r.Read(state)
			if plan := r.Plan(refreshed, config); plan.Action != tfdriver.NoOp {
				t.Errorf("the next plan is %q: %s", plan.Action, plan.Diagnostics)
			}
			want := calls(readCall)
			if state.Get("openid") == nil {
				want = none()
			}
			if err := countRequests(m, want); err != nil {
				t.Errorf("refresh and plan: %v", err)
			}
		})
	}
}

// No openid changes what is done about a card that waits for confirmation: the journal is not
// searched, and its warnings are not given.
func TestJournalIsNotSearchedForAWaitingCard(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, map[string]any{"journal_path": journalOfAnotherKey(t)})
	e.put(existingCard(func(c *mockserver.Card) { c.State = mockserver.StateUnactivated }))
	_, diags := e.r.Run(tfdriver.State{}, plain(nil))
	if len(diags) != 1 || !diags.Errors().Contains("waits for confirmation") {
		t.Errorf("want one error, got:\n%s", diags)
	}
}

// Some rows of each table, through a real Terraform.
func TestAccAdoption(t *testing.T) {
	t.Parallel()
	rows := adoptionCases()
	for _, name := range []string{
		"by phone: adopt, code and phone number exist",
		"by phone: error, after a 502 that did the work",
		"by phone: adopt, the openid is in the journal",
		"by openid: adopt, the level differs",
		"by openid: adopt, the user has a card under another code",
		"by openid: adopt, after a lost answer",
	} {
		row, ok := rows[name]
		if !ok {
			t.Fatalf("there is no row %q", name)
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, config, block := row.start(t)
			var settings []string
			for _, setting := range slices.Sorted(maps.Keys(block)) {
				settings = append(settings, setting+" = "+hcl(block[setting]))
			}
			step := resource.TestStep{
				Config: acctest.Config(acctest.ProviderBlock(m, settings...), acctest.Member("test", expressions(config))),
				Check:  requested(m, row.requests),
			}
			if row.fails != "" {
				step.ExpectError = wrapped(row.withOpenID(m, row.fails))
				step.Check = nil
			}
			for attribute := range row.state {
				check := knownvalue.Check(knownvalue.Null())
				switch want := row.expected(m, attribute).(type) {
				case string:
					check = knownvalue.StringExact(want)
				case bool:
					check = knownvalue.Bool(want)
				}
				step.ConfigStateChecks = append(step.ConfigStateChecks,
					statecheck.ExpectKnownValue(address, tfjsonpath.New(attribute), check))
			}
			run(t, step)
		})
	}
}
