// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	helper "github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }

func TestAccDecodesARoster(t *testing.T) {
	terraform(t, helper.TestStep{
		Config: `
output "roster" {
  value = provider::wechatpay::decode_roster(file(` + fixturePath(t, "wps-chinese-headers.csv") + `), {
    "会员卡号" = "user_card_code"
    "手机号"  = "phone_number"
    "会员等级" = "level"
    "备注"   = "attach"
  })
}
`,
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("roster", knownvalue.MapExact(map[string]knownvalue.Check{
				"VIP-0001": member(map[string]knownvalue.Check{
					"user_card_code": knownvalue.StringExact("VIP-0001"), "phone_number": knownvalue.StringExact("13800138000"),
					"level": knownvalue.StringExact("钻石会员"), "attach": knownvalue.StringExact("喜欢\"龙井\", 靠窗\n不吃辣"), "line": knownvalue.Int64Exact(2),
				}),
				"VIP-0002": member(map[string]knownvalue.Check{
					"user_card_code": knownvalue.StringExact("VIP-0002"), "phone_number": knownvalue.StringExact("13800138001"),
					"level": knownvalue.StringExact("黄金会员"), "line": knownvalue.Int64Exact(4),
				}),
				"VIP-0003": member(map[string]knownvalue.Check{
					"user_card_code": knownvalue.StringExact("VIP-0003"), "openid": knownvalue.StringExact("oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"), "line": knownvalue.Int64Exact(5),
				}),
			})),
		},
	})
}

// What the file function refuses, decode_roster_file reads. The guide on rosters quotes
// Terraform's own sentence.
func TestAccDecodesOtherEncodings(t *testing.T) {
	terraform(t, helper.TestStep{
		Config: `
output "gbk" {
  value = provider::wechatpay::decode_roster(file(` + fixturePath(t, "excel-gbk.csv") + `), {})
}
`,
		ExpectError: regexp.MustCompile(`Call\s+to\s+function\s+"file"\s+failed:\s+contents\s+of\s+"[^"]*excel-gbk.csv"\s+are\s+not\s+valid\s+UTF-8;\s+use\s+the\s+filebase64\s+function\s+to\s+obtain\s+the\s+Base64\s+encoded\s+contents\s+or\s+the\s+other\s+file\s+functions`),
	}, helper.TestStep{
		Config: `
output "gbk" {
  value = [for m in provider::wechatpay::decode_roster_file(filebase64(` + fixturePath(t, "excel-gbk.csv") + `), { "备注" = "attach" }) : m.level]
}

output "utf16" {
  value = [for m in provider::wechatpay::decode_roster_file(filebase64(` + fixturePath(t, "excel-unicode-text.txt") + `), {}) : m.level]
}
`,
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("gbk", levels()), statecheck.ExpectKnownOutputValue("utf16", levels()),
		},
	})
}

func levels() knownvalue.Check {
	return knownvalue.TupleExact([]knownvalue.Check{knownvalue.StringExact("钻石会员"), knownvalue.StringExact("黄金会员"), knownvalue.Null()})
}

func TestAccWalksOverARoster(t *testing.T) {
	terraform(t, helper.TestStep{
		Config: `
resource "terraform_data" "member" {
  for_each = provider::wechatpay::decode_roster(file(` + fixturePath(t, "excel-csv-utf8.csv") + `), {})

  input = {
    level  = each.value.level
    masked = each.value.phone_number == null ? null : provider::wechatpay::mask_phone(each.value.phone_number)
  }
}
`,
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue(`terraform_data.member["VIP-0001"]`, tfjsonpath.New("input").AtMapKey("masked"), knownvalue.StringExact("138****8000")),
			statecheck.ExpectKnownValue(`terraform_data.member["VIP-0002"]`, tfjsonpath.New("input").AtMapKey("masked"), knownvalue.StringExact("138****8001")),
			statecheck.ExpectKnownValue(`terraform_data.member["VIP-0003"]`, tfjsonpath.New("input").AtMapKey("masked"), knownvalue.Null()),
		},
	}, helper.TestStep{
		// What is left in the end must have no for_each: terraform-plugin-testing cannot
		// read such a state when it destroys.
		Config: "output \"nothing\" {\n  value = provider::wechatpay::mask_phone(\"\")\n}\n",
	})
}

func TestAccNamesEveryBadRow(t *testing.T) {
	terraform(t, helper.TestStep{
		Config: `
output "roster" {
  value = provider::wechatpay::decode_roster(file(` + fixturePath(t, "bad.csv") + `), {})
}
`,
		// Each error stays on a line of its own: Terraform has not wrapped them.
		ExpectError: regexp.MustCompile(`(?s)Invalid value for "text" parameter: the roster has 8 errors:` +
			`.*\n\W*line 1: unknown column 4 \("nickname"\): [^\n]*attributes are user_card_code, [^\n]*attach\n` +
			`\W*line 3: phone_number of "VIP-0002" is 1.38E\+10, a number as a spreadsheet [^\n]*\n` +
			`\W*line 4: this row and the header differ in their number of columns, 2 and 4: [^\n]*\n` +
			`\W*line 5: user_card_code is the same as on line 2\n` +
			`\W*line 6: phone_number 138\*\*\*\*8000 is the same as on line 2\n` +
			`\W*line 6: level of "VIP-0005" contains an invisible character or a line break [^\n]*\n` +
			`\W*line 8: user_card_code is empty\n` +
			`\W*line 9: phone_number of "VIP-0007": the phone number \*\*\*\*00 is not a mobile number [^\n]*\n`),
	})
}

// TestAccWaitsForColumns: a header that another resource names is unknown while
// planning, and so is the roster then.
func TestAccWaitsForColumns(t *testing.T) {
	terraform(t, helper.TestStep{
		Config: `
resource "terraform_data" "header" {
  input = "会员卡号"
}

output "codes" {
  value = keys(provider::wechatpay::decode_roster("会员卡号\nVIP-1", { (terraform_data.header.output) = "user_card_code" }))
}

output "attribute" {
  value = keys(provider::wechatpay::decode_roster("会员卡号,level\nVIP-1,x", {
    "会员卡号"  = "user_card_code"
    "level" = replace(terraform_data.header.output, "会员卡号", "attach")
  }))
}
`,
		ConfigPlanChecks: helper.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
			plancheck.ExpectUnknownOutputValue("codes"), plancheck.ExpectUnknownOutputValue("attribute"),
		}},
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("codes", knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact("VIP-1")})),
			statecheck.ExpectKnownOutputValue("attribute", knownvalue.ListExact([]knownvalue.Check{knownvalue.StringExact("VIP-1")})),
		},
	})
}

// TestAccKeepsARosterSensitive: what was sensitive stays so, and may be shown
// masked when the configuration says so.
func TestAccKeepsARosterSensitive(t *testing.T) {
	const local = `
locals {
  roster = provider::wechatpay::decode_roster(sensitive("user_card_code,phone_number\nVIP-1,13800138000"), {})
}
`
	terraform(t,
		helper.TestStep{
			Config:      local + "output \"roster\" {\n  value = local.roster\n}\n",
			ExpectError: regexp.MustCompile(`Output refers to sensitive values`),
		},
		helper.TestStep{
			Config: local + `
output "roster" {
  value     = local.roster
  sensitive = true
}

output "masked" {
  value = { for code, member in nonsensitive(local.roster) : code => provider::wechatpay::mask_phone(member.phone_number) }
}
`,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownOutputValue("masked", knownvalue.MapExact(map[string]knownvalue.Check{"VIP-1": knownvalue.StringExact("138****8000")})),
			},
		},
	)
}

func TestAccNormalizesAndMasks(t *testing.T) {
	terraform(t, helper.TestStep{
		Config: `
output "mainland" {
  value = provider::wechatpay::normalize_phone("＋８６ 138-0013-8000")
}

output "hong_kong" {
  value = provider::wechatpay::normalize_phone("00852 9123 4567")
}

output "masked" {
  value = provider::wechatpay::mask_phone("13800138000")
}
`,
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("mainland", knownvalue.StringExact("13800138000")),
			statecheck.ExpectKnownOutputValue("hong_kong", knownvalue.StringExact("+85291234567")),
			statecheck.ExpectKnownOutputValue("masked", knownvalue.StringExact("138****8000")),
		},
	})
}

// OpenTofu sends the provider nothing at all where an argument is null.
func TestAccMasksNoNumberAsNull(t *testing.T) {
	terraformWith(t, acctest.SkipWithout(tfversion.Version1_8_0, nil), helper.TestStep{
		Config: "output \"none\" {\n  value = provider::wechatpay::mask_phone(null) == null\n}\n",
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownOutputValue("none", knownvalue.Bool(true)),
		},
	})
}

func TestAccRefusesWhatIsNoPhoneNumber(t *testing.T) {
	terraform(t,
		helper.TestStep{
			Config:      "output \"phone\" {\n  value = provider::wechatpay::normalize_phone(\"138-0013-8000 转 12\")\n}\n",
			ExpectError: regexp.MustCompile(`Invalid value for "text" parameter: the phone number 138\*\*\*\*0012\s`),
		},
		helper.TestStep{
			Config:      "output \"phone\" {\n  value = provider::wechatpay::normalize_phone(null)\n}\n",
			ExpectError: regexp.MustCompile(`argument must not be null`),
		},
	)
}

// terraform runs steps with the provider's functions.
func terraform(t *testing.T, steps ...helper.TestStep) {
	t.Helper()
	terraformWith(t, tfversion.SkipBelow(tfversion.Version1_8_0), steps...)
}

func terraformWith(t *testing.T, check tfversion.TerraformVersionCheck, steps ...helper.TestStep) {
	t.Helper()
	t.Parallel()
	helper.Test(t, helper.TestCase{
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{check},
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps:                    steps,
	})
}

// member is an object of the roster in which everything that is not given is null.
func member(given map[string]knownvalue.Check) knownvalue.Check {
	all := map[string]knownvalue.Check{}
	for attribute := range strings.FieldsSeq("user_card_code phone_number openid level card_color card_picture_url pickup_time attach line") {
		all[attribute] = knownvalue.Null()
		if check, ok := given[attribute]; ok {
			all[attribute] = check
		}
	}
	return knownvalue.ObjectExact(all)
}

// fixturePath returns the path of a file of testdata as Terraform's language writes it.
func fixturePath(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%q", filepath.ToSlash(path))
}
