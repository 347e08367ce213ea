// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

func configOf(m *mockserver.Server, attributes map[string]any) string {
	return acctest.Config(acctest.ProviderBlock(m), acctest.Member("test", expressions(attributes)))
}

// importIDOf is the id of an import of the sample member.
func importIDOf(m *mockserver.Server) string {
	return "1004/" + mockserver.TemplatePermanent + "/" + sampleCode + "/" + m.OpenID(samplePhone)
}

// noPost checks that nothing was imported or changed.
func noPost(m *mockserver.Server) error {
	for _, r := range m.Requests() {
		if r.Method != "GET" {
			return fmt.Errorf("there was a %s (%s)", r.Method, r.Operation)
		}
	}
	return nil
}

func TestAccImportByCommand(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{})
	run(t,
		resource.TestStep{Config: configOf(m, plain(map[string]any{"level": "钻石会员"}))},
		resource.TestStep{
			PreConfig: m.ResetRequests,
			Config:    configOf(m, plain(map[string]any{"level": "钻石会员"})), ResourceName: address,
			ImportState: true, ImportStateId: importIDOf(m), ImportStateVerify: true,
			// Adopted by the import into the state, not made.
			ImportStateVerifyIgnore: []string{"adopted"},
		},
	)
	// An import never writes.
	if err := noPost(m); err != nil {
		t.Error(err)
	}
}

// An import block with a matching configuration: one GET, no POST, and the next plan is empty.
func TestAccImportBlock(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{})
	if err := m.PutCard(existingCard(nil)); err != nil {
		t.Fatal(err)
	}
	attributes := plain(map[string]any{"level": "普通会员"})
	block := fmt.Sprintf("import {\n  to = %s\n  id = %s\n}\n", address, acctest.Quote(importIDOf(m)))
	run(t,
		resource.TestStep{
			Config: configOf(m, attributes) + block,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(address, plancheck.ResourceActionNoop),
			}},
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, tfjsonpath.New("adopted"), knownvalue.Bool(true)),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("phone_number"), knownvalue.StringExact(samplePhone)),
			},
			Check: func(*terraform.State) error { return noPost(m) },
		},
		resource.TestStep{
			Config:           configOf(m, attributes),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
		},
	)
}

func TestAccImportByIdentity(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{acctest.SkipWithout(tfversion.Version1_12_0, tfversion.Version1_12_0)},
		Steps: []resource.TestStep{
			{
				Config: configOf(m, plain(nil)),
				ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectIdentity(address, map[string]knownvalue.Check{
					"brand_id": knownvalue.StringExact("1004"), "card_id": knownvalue.StringExact(mockserver.TemplatePermanent),
					"user_card_code": knownvalue.StringExact(sampleCode), "openid": knownvalue.StringExact(m.OpenID(samplePhone)),
				})},
			},
			{
				Config: configOf(m, plain(nil)), ResourceName: address,
				ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity,
			},
		},
	})
}

func TestAccQuery(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{})
	const list = "wechatpay_member_card_import.test"
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{acctest.SkipWithout(tfversion.Version1_14_0, nil)},
		Steps: []resource.TestStep{
			{Config: configOf(m, plain(nil))}, // the query is made beside what is there, its provider included
			{
				Query: true,
				Config: fmt.Sprintf(`
list "wechatpay_member_card_import" "test" {
  provider         = wechatpay
  include_resource = true
  config {
    openids = [%q]
  }
}
`, m.OpenID(samplePhone)),
				QueryResultChecks: []querycheck.QueryResultCheck{
					querycheck.ExpectLength(list, 1),
					querycheck.ExpectIdentity(list, map[string]knownvalue.Check{
						"brand_id": knownvalue.StringExact("1004"), "card_id": knownvalue.StringExact(mockserver.TemplatePermanent),
						"user_card_code": knownvalue.StringExact(sampleCode), "openid": knownvalue.StringExact(m.OpenID(samplePhone)),
					}),
				},
			},
		},
	})
}

func TestAccInvalidateAction(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{acctest.SkipWithout(tfversion.Version1_14_0, nil)},
		Steps: []resource.TestStep{{
			Config: acctest.Config(acctest.ProviderBlock(m), fmt.Sprintf(`
resource "wechatpay_member_card_import" "test" {
  card_id        = %[1]q
  user_card_code = %[2]q
  phone_number   = %[3]q

  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.wechatpay_member_card_invalidate.test]
    }
  }
}

action "wechatpay_member_card_invalidate" "test" {
  config {
    card_id        = %[1]q
    user_card_code = %[2]q
    openid         = %[4]q
  }
}
`, mockserver.TemplatePermanent, sampleCode, samplePhone, m.OpenID(samplePhone))),
			Check: held(m, func(c mockserver.Card) error {
				if c.State != "INVALID" {
					return fmt.Errorf("the card is %s", c.State)
				}
				return nil
			}),
		}},
	})
}

// Terraform goes by the policy in the state: one that is removed together with the member still holds.
func TestAccPreventedDestroy(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{})
	run(t,
		resource.TestStep{Config: configOf(m, plain(map[string]any{"deletion_policy": "prevent"}))},
		resource.TestStep{
			Config: configOf(m, plain(map[string]any{"deletion_policy": "prevent"})), Destroy: true,
			ExpectError: regexp.MustCompile(`protected from being destroyed`),
		},
		// Changed in the same apply as removed: Terraform uses the stored one.
		resource.TestStep{
			Config:      acctest.Config(acctest.ProviderBlock(m)),
			ExpectError: regexp.MustCompile(`protected from being destroyed`),
		},
		// Changed first, then destroyed.
		resource.TestStep{Config: configOf(m, plain(nil))},
	)
}

// A replacement that keeps the phone number never adopts the old card under the new code:
// not when it destroys first, and with create_before_destroy it says what happened.
func TestAccReplacementKeepsPhoneNumber(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ lifecycle, says string }{
		"destroyed first": {"", `has just released`},
		"created first":   {"  lifecycle {\n    create_before_destroy = true\n  }\n", `Another resource has adopted this member`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := acctest.StartMock(t, mockserver.Options{})
			config := func(code string) string {
				text := configOf(m, plain(map[string]any{"user_card_code": code}))
				return strings.TrimSuffix(text, "}\n") + c.lifecycle + "}\n"
			}
			run(t,
				resource.TestStep{Config: config("VIP-0001")},
				resource.TestStep{Config: config("VIP-0002"), ExpectError: regexp.MustCompile(c.says)},
			)
		})
	}
}

// A phone number that takes the place of a write-only one is sent, also where ignore_changes
// keeps the version in the state: only the version would be compared, and it has not changed.
func TestAccPhoneNumberBesideAnIgnoredVersion(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{})
	config := func(phone map[string]any) string {
		return strings.TrimSuffix(configOf(m, plain(phone)), "}\n") + "  lifecycle {\n    ignore_changes = [phone_number_wo_version]\n  }\n}\n"
	}
	run(t,
		resource.TestStep{Config: config(map[string]any{"phone_number": nil, "phone_number_wo": samplePhone, "phone_number_wo_version": 1})},
		resource.TestStep{Config: config(map[string]any{"phone_number": otherPhone}), Check: held(m, hasPhone(otherPhone))},
	)
}

// The values of one resource may be known only when another is made.
func TestAccUnknownWhilePlanning(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{})
	run(t, resource.TestStep{
		Config: acctest.Config(acctest.ProviderBlock(m), fmt.Sprintf(`
resource "terraform_data" "later" {
  input = {
    code  = %[1]q
    phone = %[2]q
    level = "钻石会员"
  }
}

resource "wechatpay_member_card_import" "test" {
  card_id        = %[3]q
  user_card_code = terraform_data.later.output.code
  phone_number   = terraform_data.later.output.phone
  level          = terraform_data.later.output.level
}
`, sampleCode, samplePhone, mockserver.TemplatePermanent)),
		ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectUnknownValue(address, tfjsonpath.New("phone_number_masked")),
			plancheck.ExpectUnknownValue(address, tfjsonpath.New("id")),
		}},
		Check: held(m, hasPhone(samplePhone)),
	})
}

// With a write-only phone number an import sends nothing and leaves none in the state.
func TestAccImportBlockWriteOnly(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{})
	if err := m.PutCard(existingCard(nil)); err != nil {
		t.Fatal(err)
	}
	attributes := plain(map[string]any{"phone_number": nil, "phone_number_wo": samplePhone, "phone_number_wo_version": 1})
	block := fmt.Sprintf("import {\n  to = %s\n  id = %s\n}\n", address, acctest.Quote(importIDOf(m)))
	run(t, resource.TestStep{
		Config: configOf(m, attributes) + block,
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue(address, tfjsonpath.New("phone_number"), knownvalue.Null()),
			statecheck.ExpectKnownValue(address, tfjsonpath.New("phone_number_wo_version"), knownvalue.Int64Exact(1)),
		},
		Check: func(s *terraform.State) error {
			if strings.Contains(s.String(), samplePhone) {
				return errors.New("the state has the phone number")
			}
			return noPost(m)
		},
	})
}

// Adopted unverified, then verified in place once the openid is configured.
func TestAccVerifyInPlace(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{})
	if err := m.PutCard(existingCard(nil)); err != nil {
		t.Fatal(err)
	}
	run(t,
		resource.TestStep{
			Config: configOf(m, plain(nil)),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, tfjsonpath.New("openid"), knownvalue.Null()),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("user_card_state"), knownvalue.Null()),
			},
		},
		resource.TestStep{
			PreConfig:   m.ResetRequests,
			Config:      configOf(m, plain(map[string]any{"level": "钻石会员"})),
			ExpectError: regexp.MustCompile(`needs the openid`),
		},
		resource.TestStep{
			PreConfig: func() {
				if err := countRequests(m, none()); err != nil {
					t.Errorf("a refused plan and its refresh: %v", err)
				}
			},
			Config: configOf(m, plain(map[string]any{"openid": m.OpenID(samplePhone)})),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate),
			}},
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, tfjsonpath.New("user_card_state"), knownvalue.StringExact("EFFECTIVE")),
				statecheck.ExpectKnownValue(address, tfjsonpath.New("level"), knownvalue.StringExact("普通会员")),
			},
			Check: requested(m, calls(mockserver.OperationGet)),
		},
		resource.TestStep{
			Config:      configOf(m, plain(map[string]any{"openid": m.OpenID(otherPhone)})),
			ExpectError: regexp.MustCompile(`openid cannot change`),
		},
	)
}
