// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

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

// adoption is one row of what happens when WeChat Pay says that a member exists.
type adoption struct {
	options mockserver.Options
	// cards exist before; fault hits the import.
	cards  []mockserver.Card
	faults []mockserver.Fault
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

func adoptions() map[string]adoption {
	const (
		imports  = mockserver.OperationImportByPhone
		gets     = mockserver.OperationGet
		modifies = mockserver.OperationModify
	)
	mine := []mockserver.Card{existingCard(nil)}
	lost := []mockserver.Fault{{Operation: imports, Kind: mockserver.FaultCutConnection, AfterWork: true}}
	unverified := map[string]any{"adopted": true, "openid": nil, "user_card_state": nil, "card_type": nil, "create_time": nil, "phone_number": samplePhone}
	verified := map[string]any{"adopted": true, "openid": "OPENID", "user_card_state": "EFFECTIVE", "card_type": "NORMAL"}
	return map[string]adoption{
		"adopt, openid unknown, code and phone taken": {
			cards: mine, warns: "taken over unverified", state: unverified,
			requests: map[mockserver.Operation]int{imports: 1},
		},
		"adopt, openid unknown, phone under another code": {
			cards:    []mockserver.Card{existingCard(func(c *mockserver.Card) { c.UserCardCode = "OLD-1" })},
			warns:    "that may have been under another code",
			state:    unverified,
			requests: map[mockserver.Operation]int{imports: 1},
		},
		"adopt, openid unknown, the other message": {
			options: mockserver.Options{ExistsMessage: mockserver.ExistsAlwaysImported, FullWidthCommas: true},
			cards:   mine, warns: "that may have been under another code", state: unverified,
			requests: map[mockserver.Operation]int{imports: 1},
		},
		"adopt, openid known, nothing differs": {
			cards: mine, changes: map[string]any{"openid": "OPENID", "level": "普通会员"}, state: verified,
			requests: map[mockserver.Operation]int{imports: 1, gets: 1},
		},
		"adopt, openid known, level differs": {
			cards: mine, changes: map[string]any{"openid": "OPENID", "level": "钻石会员"},
			state:    map[string]any{"adopted": true, "openid": "OPENID", "level": "钻石会员"},
			requests: map[mockserver.Operation]int{imports: 1, gets: 1, modifies: 1},
		},
		"adopt, openid known, several attributes differ, one call": {
			cards: mine, changes: map[string]any{"openid": "OPENID", "level": "钻石会员", "card_color": "#FFFF00", "attach": "门店"},
			state:    map[string]any{"adopted": true, "level": "钻石会员", "card_color": "#FFFF00", "attach": "门店"},
			requests: map[mockserver.Operation]int{imports: 1, gets: 1, modifies: 1},
		},
		"adopt, openid known, phone absent in the answer": {
			options: mockserver.Options{OmitPhone: true},
			cards:   mine, changes: map[string]any{"openid": "OPENID"}, state: verified,
			requests: map[mockserver.Operation]int{imports: 1, gets: 1},
		},
		"adopt, openid known, the phone spelt with its country": {
			cards: []mockserver.Card{existingCard(func(c *mockserver.Card) {
				c.PhoneNumber, c.OpenID = "+86"+samplePhone, "OPENID"
			})},
			changes: map[string]any{"openid": "OPENID"}, state: verified,
			faults:   []mockserver.Fault{{Operation: imports, Status: 400, Code: "INVALID_REQUEST", Message: "该手机号或会员卡code已存在"}},
			requests: map[mockserver.Operation]int{imports: 1, gets: 1},
		},
		"adopt, openid known, another phone on the card": {
			cards: []mockserver.Card{existingCard(func(c *mockserver.Card) {
				c.PhoneNumber, c.OpenID = otherPhone, "OPENID"
			})},
			changes: map[string]any{"openid": "OPENID"},
			fails:   "belongs to another phone number", at: "phone_number",
			requests: map[mockserver.Operation]int{imports: 1, gets: 1},
		},
		"adopt, openid known, code held by somebody else": {
			cards:   []mockserver.Card{existingCard(func(c *mockserver.Card) { c.PhoneNumber = otherPhone })},
			changes: map[string]any{"openid": "OPENID"},
			fails:   "has no card under this code", at: "openid",
			requests: map[mockserver.Operation]int{imports: 1, gets: 1},
		},
		"adopt, openid known, the card cannot be read": {
			cards: mine, changes: map[string]any{"openid": "OPENID"},
			faults:   []mockserver.Fault{{Operation: gets, Kind: mockserver.FaultStatus, Status: 403, Code: "NO_AUTH", Message: "无权限"}},
			fails:    "could not be read",
			requests: map[mockserver.Operation]int{imports: 1, gets: 1},
		},
		"verify, openid unknown": {
			cards: mine, changes: map[string]any{"on_existing": "verify"},
			fails: "cannot be verified", at: "openid",
			requests: map[mockserver.Operation]int{imports: 1},
		},
		"verify, openid known": {
			cards: mine, changes: map[string]any{"on_existing": "verify", "openid": "OPENID"}, state: verified,
			requests: map[mockserver.Operation]int{imports: 1, gets: 1},
		},
		"verify, openid known, another phone on the card": {
			cards: []mockserver.Card{existingCard(func(c *mockserver.Card) {
				c.PhoneNumber, c.OpenID = otherPhone, "OPENID"
			})},
			changes: map[string]any{"on_existing": "verify", "openid": "OPENID"},
			fails:   "belongs to another phone number", at: "phone_number",
			requests: map[mockserver.Operation]int{imports: 1, gets: 1},
		},
		"error, openid unknown": {
			cards: mine, changes: map[string]any{"on_existing": "error"},
			fails: "terraform import ADDRESS '1004/" + mockserver.TemplatePermanent + "/VIP-0001/OPENID' (with the member's openid for OPENID)", at: "on_existing",
			requests: map[mockserver.Operation]int{imports: 1},
		},
		"error, openid known": {
			cards: mine, changes: map[string]any{"on_existing": "error", "openid": "OPENID"},
			fails: "terraform import ADDRESS '1004/" + mockserver.TemplatePermanent + "/VIP-0001/OPENID'", at: "on_existing",
			requests: map[mockserver.Operation]int{imports: 1},
		},
		"adopt after a lost answer": {
			faults: lost, warns: "most likely it made the card", state: unverified,
			requests: map[mockserver.Operation]int{imports: 2},
		},
		"error after a lost answer is handled like adopt": {
			faults: lost, changes: map[string]any{"on_existing": "error"},
			warns: "most likely it made the card", state: unverified,
			requests: map[mockserver.Operation]int{imports: 2},
		},
		"verify after a lost answer stays verify": {
			faults: lost, changes: map[string]any{"on_existing": "verify"},
			fails: "most likely it made the card", at: "openid",
			requests: map[mockserver.Operation]int{imports: 2},
		},
		"a lost answer, openid known": {
			faults: lost, changes: map[string]any{"on_existing": "error", "openid": "OPENID"}, state: verified,
			requests: map[mockserver.Operation]int{imports: 2, gets: 1},
		},
	}
}

// start makes the row's world; the configuration it returns is whole.
func (a adoption) start(t *testing.T) (*mockserver.Server, map[string]any) {
	t.Helper()
	m := acctest.StartMock(t, a.options)
	openID := m.OpenID(samplePhone)
	for _, card := range a.cards {
		if card.OpenID == "OPENID" {
			card.OpenID = openID
		}
		if err := m.PutCard(card); err != nil {
			t.Fatal(err)
		}
	}
	for _, fault := range a.faults {
		m.Inject(fault)
	}
	config := plain(a.changes)
	if config["openid"] == "OPENID" {
		config["openid"] = openID
	}
	return m, config
}

// withOpenID puts the sample's openid where an expectation says OPENID, unless the
// configuration names none and the placeholder itself is meant.
func (a adoption) withOpenID(m *mockserver.Server, text string) string {
	if a.changes["openid"] == nil {
		return text
	}
	return strings.ReplaceAll(text, "OPENID", m.OpenID(samplePhone))
}

func (a adoption) expected(m *mockserver.Server, name string) any {
	if a.state[name] == "OPENID" {
		return m.OpenID(samplePhone)
	}
	return a.state[name]
}

func TestAdoption(t *testing.T) {
	t.Parallel()
	for name, row := range adoptions() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, config := row.start(t)
			r := acctest.NewProcess(t, m, map[string]any{"check_templates": false}).Resource(resourceType)
			state, diags := r.Run(tfdriver.State{}, config)
			if err := countRequests(m, row.requests); err != nil {
				t.Error(err)
			}
			if row.fails != "" {
				if !diags.HasErrors() || !diags.Errors().Contains(row.withOpenID(m, row.fails)) || state.Exists() {
					t.Fatalf("want an error with %q and no state, got:\n%s", row.fails, diags)
				}
				if row.at != "" && len(diags.Errors().At(row.at)) == 0 {
					t.Errorf("the error is not at %s:\n%s", row.at, diags)
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
			want := map[mockserver.Operation]int{mockserver.OperationGet: 1}
			if state.Get("openid") == nil {
				want = map[mockserver.Operation]int{}
			}
			if err := countRequests(m, want); err != nil {
				t.Errorf("refresh and plan: %v", err)
			}
		})
	}
}

func TestAccAdoption(t *testing.T) {
	t.Parallel()
	for name, row := range adoptions() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, config := row.start(t)
			step := resource.TestStep{
				Config: acctest.Config(acctest.ProviderBlock(m, "check_templates = false"), acctest.Member("test", expressions(config))),
				Check:  requested(m, row.requests),
			}
			if row.fails != "" {
				// Terraform breaks lines anywhere between words, and draws a frame beside them.
				words := strings.Fields(row.withOpenID(m, row.fails))
				for i, word := range words {
					words[i] = regexp.QuoteMeta(word)
				}
				step.ExpectError = regexp.MustCompile(strings.Join(words, `[\s│]+`))
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
