// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"fmt"
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

// What one run destroys under one address and makes under another is told while planning,
// in whichever order Terraform asks.
func TestDestroyedAndMadeInOneRun(t *testing.T) {
	t.Parallel()
	third := map[string]any{"user_card_code": "VIP-0003"}
	writeOnly := map[string]any{"phone_number": nil, "phone_number_wo": samplePhone, "phone_number_wo_version": 1}
	for name, c := range map[string]struct {
		// was is how the member was applied, becomes what it is planned to be; nil is destroyed.
		was, becomes map[string]any
		made         map[string]any
		says         string
		refused      bool
	}{
		"one code": {
			made: plain(nil), says: "released and adopted again",
		},
		"one code, of a member that is replaced": {
			becomes: plain(map[string]any{"user_card_code": "VIP-0002", "phone_number": otherPhone}),
			made:    plain(nil), says: "released and adopted again",
		},
		"one code, whose card would be invalidated": {
			was:  map[string]any{"deletion_policy": "invalidate"},
			made: plain(nil), says: "would be invalidated", refused: true,
		},
		"one phone number": {
			made: plain(third), says: "may refuse the phone number",
		},
		"one phone number, which is in no state": {
			was:  writeOnly,
			made: plain(third), says: "may refuse the phone number",
		},
		"one phone number, write-only in the new member": {
			made: with(plain(third), writeOnly), says: "may refuse the phone number",
		},
		"another code and another phone number": {
			made: plain(map[string]any{"user_card_code": "VIP-0003", "phone_number": otherPhone}),
		},
		"another template": {
			made: plain(map[string]any{"card_id": mockserver.TemplateFixTimeRange}),
		},
		"what will be known later": {
			made: plain(map[string]any{"user_card_code": tfdriver.Unknown, "phone_number": tfdriver.Unknown}),
		},
	} {
		for order, madeFirst := range map[string]bool{"made first": true, "destroyed first": false} {
			t.Run(name+", "+order, func(t *testing.T) {
				t.Parallel()
				e := newEnv(t, mockserver.Options{}, nil)
				state := e.r.MustRun(tfdriver.State{}, plain(c.was))
				e.p.NewRun()
				var plans [2]tfdriver.Plan
				for i := range plans {
					if (i == 0) == madeFirst {
						plans[i] = e.r.Plan(tfdriver.State{}, c.made)
					} else {
						plans[i] = e.r.Plan(state, c.becomes)
					}
				}
				if d := plans[0].Diagnostics; d.HasErrors() || d.Contains("released and adopted again") || d.Contains("may refuse") {
					t.Errorf("the first plan could not know, and says:\n%s", d)
				}
				diags := plans[1].Diagnostics
				switch {
				case c.says == "":
					if diags.HasErrors() || diags.Contains("released and adopted again") || diags.Contains("may refuse") {
						t.Errorf("there is nothing to say, but:\n%s", diags)
					}
				case c.refused:
					if !diags.Errors().At("user_card_code").Contains(c.says) {
						t.Errorf("want an error at user_card_code with %q, got:\n%s", c.says, diags)
					}
				case diags.HasErrors() || !diags.Warnings().Contains(c.says):
					t.Errorf("want a warning with %q, got:\n%s", c.says, diags)
				}
			})
		}
	}
}

// A replacement has a warning of its own, and is not warned of as two resources.
func TestReplacementIsNoOtherMember(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	config := plain(map[string]any{"user_card_code": "VIP-0002"})
	state := e.r.MustRun(tfdriver.State{}, plain(nil))
	e.p.NewRun()
	replacement := e.planned("the replacement", state, config, tfdriver.Replace)
	again := e.planned("its creation", tfdriver.State{Private: replacement.Private}, config, tfdriver.Create)
	if again.Diagnostics.Contains("for another member") {
		t.Errorf("the replacement is another member to itself:\n%s", again.Diagnostics)
	}
}

// A resource that leaves the configuration must not end the card of one that stays.
func TestInvalidationOfACardThatStays(t *testing.T) {
	t.Parallel()
	for policy, refused := range map[string]bool{"invalidate": true, "abandon": false} {
		t.Run(policy, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, mockserver.Options{}, nil)
			deposed := e.r.MustRun(tfdriver.State{}, plain(map[string]any{"deletion_policy": policy}))
			stays := e.r.MustRun(tfdriver.State{}, plain(nil))
			e.p.NewRun()
			e.planned("the one that stays", stays, plain(nil), tfdriver.NoOp)
			plan := e.r.Plan(deposed, nil)
			if got := plan.Diagnostics.Errors().At("user_card_code").Contains("would be invalidated"); got != refused {
				t.Errorf("refused: %t, want %t:\n%s", got, refused, plan.Diagnostics)
			}
			if d := plan.Diagnostics; d.Contains("released and adopted again") || d.Contains("may refuse") {
				t.Errorf("nothing is made, but:\n%s", d)
			}
		})
	}
}

// When planning could not know, the apply keeps the card, and its openid.
func TestDestroyedAndMadeWhenPlanningCouldNotKnow(t *testing.T) {
	t.Parallel()
	start := func(t *testing.T, policy string) (e *env, destruction, creation tfdriver.Plan) {
		t.Helper()
		e = newEnv(t, mockserver.Options{}, map[string]any{"max_retries": 0})
		state := e.r.MustRun(tfdriver.State{}, plain(map[string]any{"deletion_policy": policy}))
		e.p.NewRun()
		destruction = e.r.Plan(state, nil)
		creation = e.r.Plan(tfdriver.State{}, plain(map[string]any{"user_card_code": tfdriver.Unknown}))
		if creation.Diagnostics.HasErrors() {
			t.Fatal(creation.Diagnostics)
		}
		e.m.ResetRequests()
		return e, destruction, creation
	}
	t.Run("destroyed first: the openid is still known", func(t *testing.T) {
		t.Parallel()
		e, destruction, creation := start(t, "abandon")
		e.r.Apply(destruction)
		state, diags := e.r.ApplyConfig(creation, plain(nil))
		if diags.HasErrors() || state.Get("openid") != e.m.OpenID(samplePhone) || state.Get("adopted") != true {
			t.Errorf("openid %v, adopted %v:\n%s", state.Get("openid"), state.Get("adopted"), diags)
		}
		e.requests(calls(mockserver.OperationImportByPhone, mockserver.OperationGet))
	})
	t.Run("made first: the openid is in a warning", func(t *testing.T) {
		t.Parallel()
		e, destruction, creation := start(t, "abandon")
		if state, diags := e.r.ApplyConfig(creation, plain(nil)); diags.HasErrors() || state.Get("openid") != nil {
			t.Fatalf("openid %v:\n%s", state.Get("openid"), diags)
		}
		after, diags := e.r.Apply(destruction)
		if after.Exists() || diags.HasErrors() || !diags.Warnings().Contains("set openid = \""+e.m.OpenID(samplePhone)+"\"") {
			t.Errorf("exists %t:\n%s", after.Exists(), diags)
		}
	})
	t.Run("made first: the card is not invalidated", func(t *testing.T) {
		t.Parallel()
		e, destruction, creation := start(t, "invalidate")
		if _, diags := e.r.ApplyConfig(creation, plain(nil)); diags.HasErrors() {
			t.Fatal(diags)
		}
		after, diags := e.r.Apply(destruction)
		if !after.Exists() || !diags.Errors().At("deletion_policy").Contains("Another resource manages this card") {
			t.Errorf("exists %t:\n%s", after.Exists(), diags)
		}
		if e.card().State != "EFFECTIVE" {
			t.Errorf("the card is %s", e.card().State)
		}
		e.requests(calls(mockserver.OperationImportByPhone))
	})
}

// A resource whose import has failed has no card, but is to have one: the card is not ended in the
// same run. That it is abandoned harms nobody.
func TestDestroyedAfterAFailedImport(t *testing.T) {
	t.Parallel()
	refused := mockserver.Fault{Status: 400, Code: "INVALID_REQUEST", Message: "手机号未绑定微信号，无法导入"}
	lost := mockserver.Fault{Kind: mockserver.FaultCutConnection}
	for name, c := range map[string]struct {
		fault  mockserver.Fault
		policy string
		// says is a part of the only message of the destroy; empty: it says nothing.
		says string
		kept bool
		card string
	}{
		"refused, invalidate":         {refused, "invalidate", "and that failed", true, "EFFECTIVE"},
		"refused, abandon":            {refused, "abandon", "", false, "EFFECTIVE"},
		"outcome unknown, invalidate": {lost, "invalidate", "Another resource may manage this card", true, "EFFECTIVE"},
		"outcome unknown, abandon":    {lost, "abandon", "Another resource may manage this card", false, "EFFECTIVE"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, mockserver.Options{}, map[string]any{"max_retries": 0})
			state := e.r.MustRun(tfdriver.State{}, plain(map[string]any{"deletion_policy": c.policy}))
			e.p.NewRun()
			destruction := e.r.Plan(state, nil)
			creation := e.r.Plan(tfdriver.State{}, plain(map[string]any{"user_card_code": tfdriver.Unknown}))
			c.fault.Operation = importCall
			e.m.Inject(c.fault)
			if made, diags := e.r.ApplyConfig(creation, plain(nil)); made.Exists() || !diags.HasErrors() {
				t.Fatalf("the import is to fail:\n%s", diags)
			}
			after, diags := e.r.Apply(destruction)
			if after.Exists() != c.kept || diags.HasErrors() != c.kept || (len(diags) == 0) != (c.says == "") || c.says != "" && !diags.Contains(c.says) {
				t.Errorf("exists %t, want a message with %q, got:\n%s", after.Exists(), c.says, diags)
			}
			if got := e.card().State; got != c.card {
				t.Errorf("the card is %s, want %s", got, c.card)
			}
		})
	}
}

// The same holds for an import that was not sent, because its template is known to be of no use.
func TestDestroyedBesideAnImportThatWasNotSent(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, map[string]any{"check_templates": false})
	state := e.r.MustRun(tfdriver.State{}, plain(map[string]any{"deletion_policy": "invalidate"}))
	e.p.NewRun()
	destruction := e.r.Plan(state, nil)
	creation := e.r.Plan(tfdriver.State{}, plain(map[string]any{"user_card_code": tfdriver.Unknown}))
	e.m.Inject(mockserver.Fault{Operation: importCall, Status: 400, Code: "INVALID_REQUEST", Message: "会员卡模版ID不属于该品牌"})
	if _, diags := e.r.Run(tfdriver.State{}, plain(map[string]any{"user_card_code": "VIP-0002", "phone_number": otherPhone})); !diags.HasErrors() {
		t.Fatal("the first import is to fail")
	}
	e.m.ResetRequests()
	if made, diags := e.r.ApplyConfig(creation, plain(nil)); made.Exists() || !diags.HasErrors() {
		t.Fatalf("the second import is not to be sent:\n%s", diags)
	}
	after, diags := e.r.Apply(destruction)
	if !after.Exists() || !diags.Errors().Contains("Another resource may manage this card") || e.card().State != "EFFECTIVE" {
		t.Errorf("exists %t, the card is %s:\n%s", after.Exists(), e.card().State, diags)
	}
	e.requests(calls())
}

// A card that is invalid already cannot be ended: nothing hinders its destroy.
func TestInvalidCardIsDestroyedBesideAnotherResource(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, map[string]any{"max_retries": 0})
	state := e.r.MustRun(tfdriver.State{}, plain(map[string]any{"deletion_policy": "invalidate"}))
	if err := e.m.ChangeCard(mockserver.DefaultBrandID, mockserver.TemplatePermanent, "VIP-0001", func(c *mockserver.Card) { c.State = mockserver.StateInvalid }); err != nil {
		t.Fatal(err)
	}
	state, _ = e.r.Read(state)
	e.p.NewRun()
	destruction := e.r.Plan(state, nil)
	creation := e.r.Plan(tfdriver.State{}, plain(map[string]any{"user_card_code": tfdriver.Unknown}))
	e.m.Inject(mockserver.Fault{Operation: importCall, Status: 400, Code: "INVALID_REQUEST", Message: "手机号未绑定微信号，无法导入"})
	_, _ = e.r.ApplyConfig(creation, plain(nil))
	if after, diags := e.r.Apply(destruction); after.Exists() || diags.HasErrors() {
		t.Errorf("%s", diags)
	}
}

// What ends with terraform state rm names the openid before: at one address, as with
// create_before_destroy, that takes the last copy of it out of the state.
func TestOpenIDIsToldBeforeItLeavesTheState(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		policy string
		made   map[string]any
		// planned is whether the plan says it, and not the apply.
		planned bool
		says    string
	}{
		"its phone number was adopted under another code": {
			policy: "abandon", made: plain(map[string]any{"user_card_code": "VIP-0002"}),
			says: "terraform import ADDRESS '1004/" + mockserver.TemplatePermanent + "/VIP-0001/OPENID'",
		},
		"its card has another resource": {
			policy: "invalidate", made: plain(map[string]any{"user_card_code": tfdriver.Unknown}),
			says: "set openid = \"OPENID\" there",
		},
		"its card would be invalidated": {
			policy: "invalidate", made: plain(nil), planned: true,
			says: "terraform import ADDRESS '1004/" + mockserver.TemplatePermanent + "/VIP-0001/OPENID'",
		},
		"its card is adopted again": {
			policy: "abandon", made: plain(nil), planned: true,
			says: "terraform import ADDRESS '1004/" + mockserver.TemplatePermanent + "/VIP-0001/OPENID'",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, mockserver.Options{}, nil)
			state := e.r.MustRun(tfdriver.State{}, plain(map[string]any{"deletion_policy": c.policy}))
			e.p.NewRun()
			creation := e.r.Plan(tfdriver.State{}, c.made)
			destruction := e.r.Plan(state, nil)
			diags := destruction.Diagnostics
			if !c.planned {
				if c.made["user_card_code"] == tfdriver.Unknown {
					c.made["user_card_code"] = sampleCode
				}
				if _, d := e.r.ApplyConfig(creation, c.made); d.HasErrors() {
					t.Fatal(d)
				}
				var after tfdriver.State
				if after, diags = e.r.Apply(destruction); !after.Exists() || !diags.HasErrors() {
					t.Fatalf("exists %t:\n%s", after.Exists(), diags)
				}
			}
			if want := strings.ReplaceAll(c.says, "OPENID", e.m.OpenID(samplePhone)); !diags.Contains(want) {
				t.Errorf("want %q, got:\n%s", want, diags)
			}
		})
	}
}

// What a failed replacement with create_before_destroy leaves in the state: applying again must not
// release the only card.
func TestTheOnlyCardIsNotReleased(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	replacement := func(changes map[string]any) map[string]any {
		return with(plain(map[string]any{"user_card_code": "VIP-0002"}), changes)
	}
	deposed := e.r.MustRun(tfdriver.State{}, plain(nil))
	unverified := e.r.MustRun(tfdriver.State{}, replacement(nil))
	if unverified.Get("openid") != nil {
		t.Fatalf("the openid is %v", unverified.Get("openid"))
	}
	for name, c := range map[string]struct {
		config  map[string]any
		refused bool
	}{
		"unverified":              {replacement(nil), true},
		"with an openid":          {replacement(map[string]any{"openid": e.m.OpenID(samplePhone)}), false},
		"with an unknown openid":  {replacement(map[string]any{"openid": tfdriver.Unknown}), false},
		"with a new phone number": {replacement(map[string]any{"openid": e.m.OpenID(samplePhone), "phone_number": otherPhone}), false},
	} {
		for order, stayingFirst := range map[string]bool{"the one that stays first": true, "the one that goes first": false} {
			t.Run(name+", "+order, func(t *testing.T) {
				p := acctest.NewProcess(t, e.m, map[string]any{"check_templates": false})
				r := p.Resource(resourceType)
				var diags tfdriver.Diagnostics
				for i := range 2 {
					if (i == 0) == stayingFirst {
						diags = append(diags, r.Plan(unverified, c.config).Diagnostics...)
					} else {
						diags = append(diags, r.Plan(deposed, nil).Diagnostics...)
					}
				}
				again := "terraform import ADDRESS '1004/" + mockserver.TemplatePermanent + "/" + sampleCode + "/" + e.m.OpenID(samplePhone) + "'"
				if got := diags.Errors().At("phone_number").Contains(again); got != c.refused {
					t.Errorf("refused: %t, want %t:\n%s", got, c.refused, diags)
				}
			})
		}
	}
}

// A replacement that keeps the code, as -replace asks for, meets its own card: the run still
// knows the openid, so that the card is read and not adopted unverified.
func TestReplacedUnderItsOwnCode(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		options      mockserver.Options
		was, becomes map[string]any
		// fails is a part of the error at an attribute.
		fails, at string
		state     string
		requests  []mockserver.Operation
	}{
		"abandoned": {
			state:    "EFFECTIVE",
			requests: []mockserver.Operation{mockserver.OperationImportByPhone, mockserver.OperationGet},
		},
		"abandoned, on_existing verify": {
			was: map[string]any{"on_existing": "verify"}, becomes: map[string]any{"on_existing": "verify"},
			state:    "EFFECTIVE",
			requests: []mockserver.Operation{mockserver.OperationImportByPhone, mockserver.OperationGet},
		},
		"abandoned, on_existing error": {
			becomes: map[string]any{"on_existing": "error"},
			fails:   "OPENID'", at: "on_existing",
			requests: []mockserver.Operation{mockserver.OperationImportByPhone},
		},
		"invalidated": {
			was: map[string]any{"deletion_policy": "invalidate"}, becomes: map[string]any{"deletion_policy": "invalidate"},
			state:    "INVALID",
			requests: []mockserver.Operation{mockserver.OperationInvalidate, mockserver.OperationImportByPhone, mockserver.OperationGet},
		},
		"with another phone number": {
			becomes: map[string]any{"phone_number": otherPhone},
			fails:   "belongs to another phone number", at: "phone_number",
			requests: []mockserver.Operation{mockserver.OperationImportByPhone, mockserver.OperationGet},
		},
		"with another phone number, and WeChat Pay tells none": {
			options: mockserver.Options{OmitPhone: true},
			becomes: map[string]any{"phone_number": otherPhone},
			fails:   "belongs to another phone number", at: "phone_number",
			requests: []mockserver.Operation{mockserver.OperationImportByPhone, mockserver.OperationGet},
		},
		"with another phone number, which is in no state, and WeChat Pay tells none": {
			options: mockserver.Options{OmitPhone: true},
			was:     map[string]any{"phone_number": nil, "phone_number_wo": samplePhone, "phone_number_wo_version": 1},
			becomes: map[string]any{"phone_number": nil, "phone_number_wo": otherPhone, "phone_number_wo_version": 1},
			fails:   "belongs to another phone number", at: "phone_number_wo",
			requests: []mockserver.Operation{mockserver.OperationImportByPhone, mockserver.OperationGet},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, c.options, nil)
			state := e.r.MustRun(tfdriver.State{}, plain(c.was))
			openID := state.Get("openid")
			state.Tainted = true
			e.p.NewRun()
			plan := e.r.Plan(state, plain(c.becomes))
			e.m.ResetRequests()
			after, diags := e.r.Apply(plan)
			e.requests(calls(c.requests...))
			if c.fails != "" {
				if want := strings.ReplaceAll(c.fails, "OPENID", fmt.Sprint(openID)); after.Exists() || !diags.Errors().At(c.at).Contains(want) {
					t.Errorf("want an error at %s with %q and no state, got:\n%s", c.at, want, diags)
				}
				return
			}
			if diags.HasErrors() || after.Get("openid") != openID || after.Get("adopted") != true || after.Get("user_card_state") != c.state {
				t.Errorf("openid %v, adopted %v, state %v:\n%s", after.Get("openid"), after.Get("adopted"), after.Get("user_card_state"), diags)
			}
		})
	}
}

// A resource that is renamed without a moved block: a warning, and nothing is lost.
func TestAccRenamedWithoutMoved(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{})
	config := func(name, policy string) string {
		return acctest.Config(acctest.ProviderBlock(m), acctest.Member(name, expressions(plain(map[string]any{"deletion_policy": policy}))))
	}
	run(t,
		resource.TestStep{Config: config("test", "invalidate")},
		resource.TestStep{
			Config:      config("renamed", "invalidate"),
			ExpectError: wrapped("The card of a planned member would be invalidated"),
		},
		resource.TestStep{
			PreConfig: func() {
				if card, ok := m.Card(mockserver.DefaultBrandID, mockserver.TemplatePermanent, sampleCode); !ok || card.State != "EFFECTIVE" {
					t.Errorf("the card is %q", card.State)
				}
			},
			Config: config("renamed", "invalidate") + "moved {\n  from = wechatpay_member_card_import.test\n  to   = wechatpay_member_card_import.renamed\n}\n",
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("wechatpay_member_card_import.renamed", tfjsonpath.New("adopted"), knownvalue.Bool(false)),
			},
		},
		resource.TestStep{Config: config("renamed", "abandon")},
	)
}
