// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/sandbox"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/terraformcli"
)

// modeConfiguration is a template with a picture, a member under it, and what reads them.
const modeConfiguration = `
resource "wechatpay_image" "card" {
  content_base64 = %[1]q
}

resource "wechatpay_member_card_template" "vip" {
  appid                  = "wxd678efh567hg6787"
  card_title             = "会员卡"
  card_color             = "#FFD700"
  card_picture_url       = wechatpay_image.card.url
  code_mode              = "MERCHANT_ALLOCATE"
  code_type              = "QR_CODE"
  benefits               = "会员九折"
  notify_url             = "https://example.com/wechatpay/events"
  deletion_policy        = "invalidate"
  valid_date_information = { type = "PERMANENT" }
}

resource "wechatpay_member_card_import" "member" {
  card_id         = wechatpay_member_card_template.vip.card_id
  user_card_code  = "VIP-0001"
  openid          = %[2]q
  level           = %[3]q
  attach          = "门店"
  deletion_policy = "invalidate"
}

data "wechatpay_member_cards" "member" {
  openid     = wechatpay_member_card_import.member.openid
  depends_on = [wechatpay_member_card_import.member]
}

data "wechatpay_connection" "this" {}
`

func TestAccMainPathsInBothModes(t *testing.T) {
	t.Parallel()
	acctest.InBothModes(t, func(t *testing.T, mode acctest.Mode) {
		m := acctest.StartMock(t, mockserver.Options{PicturesMustBeUploaded: true})
		config := func(level string) string {
			return acctest.Config(mode.ProviderBlock(m), fmt.Sprintf(modeConfiguration, pngBase64(t), m.OpenID(modePhone), level))
		}
		const member = "wechatpay_member_card_import.member"
		resource.Test(t, resource.TestCase{
			ProtoV6ProviderFactories: acctest.Factories(),
			Steps: []resource.TestStep{
				{
					Config: config("普通会员"),
					Check: resource.ComposeAggregateTestCheckFunc(
						resource.TestCheckResourceAttr(member, "user_card_state", "EFFECTIVE"),
						resource.TestCheckResourceAttr("data.wechatpay_member_cards.member", "cards.#", "1"),
						resource.TestCheckResourceAttr("data.wechatpay_connection.this", "public_key_id", mode.PublicKeyID(m)),
					),
				},
				{Config: config("黄金会员"), Check: resource.TestCheckResourceAttr(member, "level", "黄金会员")},
				{
					ResourceName: member, ImportState: true, ImportStateVerify: true, ImportStateVerifyIgnore: []string{"adopted", "deletion_policy", "phone_number", "phone_number_masked"},
					ImportStateIdFunc: func(s *terraform.State) (string, error) {
						attributes := s.RootModule().Resources[member].Primary.Attributes
						return attributes["id"] + "/" + attributes["openid"], nil
					},
				},
			},
		})
		mode.CheckRequests(t, m)
		for _, card := range m.Cards() {
			if card.State != mockserver.StateInvalid || card.Level != "黄金会员" {
				t.Errorf("the card is %s, %s", card.State, card.Level)
			}
		}
		if len(m.Cards()) != 1 || len(m.Pictures()) != 1 {
			t.Errorf("%d cards and %d pictures", len(m.Cards()), len(m.Pictures()))
		}
	})
}

// One configuration has both: each resource goes with the credentials of its alias, and an error
// of one names the credentials of that one.
func TestAccServiceProviderAndBrandInOneConfiguration(t *testing.T) {
	t.Parallel()
	// The test framework would serve all aliases by one provider.
	s, w := acctest.Workspace(t, mockserver.Options{})
	m, config := s.Mock, s.CLI.Address().RequiredProviders()
	for i, mode := range acctest.Modes() {
		config += mode.ProviderBlock(m, fmt.Sprintf("alias = %q", mode.Name)) + fmt.Sprintf(`
data "wechatpay_connection" %[1]q {
  provider = wechatpay.%[1]s
}

output %[1]q {
  value = data.wechatpay_connection.%[1]s.public_key_id
}

resource "wechatpay_member_card_import" %[1]q {
  provider        = wechatpay.%[1]s
  card_id         = %[2]q
  user_card_code  = "VIP-%[1]s"
  openid          = %[3]q
  deletion_policy = "invalidate"
}
`, mode.Name, mockserver.TemplatePermanent, m.OpenID(fmt.Sprintf("1380013800%d", i)))
	}
	run := func(fails bool, args ...string) *terraformcli.Result {
		t.Helper()
		result, err := w.Run(t.Context(), args...)
		if (err != nil) != fails {
			t.Fatalf("terraform %s: %v\n%s", strings.Join(args, " "), err, result.Stdout)
		}
		return result
	}
	if err := w.WriteFile("main.tf", config); err != nil {
		t.Fatal(err)
	}
	run(false, "init", "-no-color")
	applied := run(false, "apply", "-no-color", "-auto-approve")
	for _, mode := range acctest.Modes() {
		if want := fmt.Sprintf("%s = %q", mode.Name, mode.PublicKeyID(m)); !strings.Contains(regexp.MustCompile(` +`).ReplaceAllString(applied.Stdout, " "), want) {
			t.Errorf("want the output %s in:\n%s", want, applied.Stdout)
		}
	}
	m.Inject(mockserver.Fault{Operation: mockserver.OperationGet, Count: -1, Status: 401, Code: "SIGN_ERROR", Message: "验证不通过"})
	failed := run(true, "plan", "-no-color")
	for _, credential := range []string{"Check that mchid,", "Check that brand_id,"} {
		if !strings.Contains(failed.Stderr, credential) {
			t.Errorf("%q is not said:\n%s", credential, failed.Stderr)
		}
	}
	m.ClearFaults()
	run(false, "plan", "-no-color", "-detailed-exitcode")
	run(false, "destroy", "-no-color", "-auto-approve")
	for _, r := range m.Requests() {
		mode := acctest.Modes()[0]
		if strings.HasPrefix(r.Path, "/brand/") {
			mode = acctest.Modes()[1]
		}
		mode.CheckRequest(t, m, r)
		if r.UserCardCode != "" && r.UserCardCode != "VIP-"+mode.Name {
			t.Errorf("%s of %s in mode %s", r.Operation, r.UserCardCode, mode.Name)
		}
	}
	for _, card := range m.Cards() {
		if card.State != mockserver.StateInvalid {
			t.Errorf("the card %s is %s", card.UserCardCode, card.State)
		}
	}
}

// privateBrandConfiguration has everything personal that a brand's members carry, from files.
const privateBrandConfiguration = `
locals {
  roster = provider::wechatpay::decode_roster(file("${path.module}/members.csv"), {})
}

resource "wechatpay_member_card_import" "member" {
  for_each = local.roster

  card_id          = %[1]q
  user_card_code   = each.key
  openid           = each.value.openid
  phone_number     = each.value.phone_number
  user_information = { common_fields = { USER_FORM_FLAG_NAME = file("${path.module}/name.txt") } }
}

data "wechatpay_member_card_template" "template" {
  card_id = %[1]q
}

data "wechatpay_connection" "this" {}
`

// TestAccNothingPersonalOfABrandComesOut searches all that a real Terraform prints and logs at
// TRACE in brand mode, with success and with errors that repeat what was submitted.
func TestAccNothingPersonalOfABrandComesOut(t *testing.T) {
	t.Parallel()
	s, w := acctest.Workspace(t, mockserver.Options{})
	sandbox.SetVariables(w, sandbox.Brand(s.Mock))
	w.Setenv("WECHATPAY_REQUESTS_PER_SECOND", sandbox.Unlimited)
	w.Setenv("WECHATPAY_MAX_RETRIES", "0")
	w.Trace(true)
	const phone, otherPhone, name = "13800138642", "13800138653", "欧阳澄泓"
	write := func(file, content string) {
		t.Helper()
		if err := w.WriteFile(file, content); err != nil {
			t.Fatal(err)
		}
	}
	roster := "user_card_code,openid,phone_number\nVIP-1," + s.Mock.OpenID(phone) + "," + phone + "\n"
	write("main.tf", s.CLI.Address().RequiredProviders()+fmt.Sprintf(privateBrandConfiguration, mockserver.TemplatePermanent))
	write("members.csv", roster)
	write("name.txt", name)

	heard := map[string]string{}
	run := func(fails bool, args ...string) string {
		t.Helper()
		result, err := w.Run(t.Context(), args...)
		if (err != nil) != fails {
			t.Fatalf("terraform %s: %v\n%s", strings.Join(args, " "), err, result.Stdout)
		}
		log, err := os.ReadFile(result.TracePath)
		if err != nil {
			t.Fatal(err)
		}
		what := fmt.Sprintf("%02d %s: ", len(heard)/3, args[0])
		heard[what+"output"], heard[what+"errors"], heard[what+"log"] = result.Stdout, result.Stderr, string(log)
		return result.Stderr
	}
	run(false, "init", "-no-color")
	run(false, "apply", "-no-color", "-auto-approve")
	run(false, "plan", "-json")
	write("members.csv", roster+"VIP-2,"+s.Mock.OpenID(otherPhone)+","+otherPhone+"\n")
	for _, f := range []mockserver.Fault{
		{Status: 400, Code: "PARAM_ERROR", Message: "参数错误: " + otherPhone,
			Detail: map[string]any{"field": "/body/phone_number", "value": otherPhone, "issue": "+86 " + otherPhone + " 不符合要求", "location": "body"}},
		{Status: 401, Code: "SIGN_ERROR", Message: "验证不通过: " + otherPhone},
		{Status: 403, Code: "NO_AUTH", Message: "无权限: " + name},
		{Status: 500, Code: "SYSTEM_ERROR", Message: "系统异常: " + otherPhone},
		{Kind: mockserver.FaultOtherShape, Body: []byte(`{"brand_id":"` + otherPhone + `","card_id":7}`)},
		{Kind: mockserver.FaultBadSignature},
	} {
		f.Operation = mockserver.OperationImportByOpenID
		s.Mock.Inject(f)
		if told := run(true, "apply", "-no-color", "-auto-approve"); strings.Contains(told, "mchid") {
			t.Errorf("a brand is told of mchid:\n%s", told)
		}
	}
	s.Mock.ClearFaults()
	run(false, "destroy", "-no-color", "-auto-approve")

	secrets := sandbox.Sent(s.Mock.Requests())
	maps.Copy(secrets, map[string]string{
		"a phone number": phone, "another phone number": otherPhone, "a name": name, "the private key": s.Mock.BrandCredentials().PrivateKeyPEM,
		"an Authorization header": "WECHATPAY-BRAND-SHA256-RSA2048",
	})
	acctest.Modes()[1].CheckRequests(t, s.Mock)
	// The search finds what is there.
	for name, secret := range secrets {
		if secret == "" || len(sandbox.Leaks("x"+secret+"x", map[string]string{name: secret})) != 1 {
			t.Errorf("the search does not find %s", name)
		}
	}
	for what, text := range heard {
		if leaks := sandbox.Leaks(text, secrets); len(leaks) > 0 {
			t.Errorf("%s has %v", what, leaks)
		}
	}
	if !strings.Contains(heard["01 apply: log"], string(mockserver.OperationImportByOpenID)) {
		t.Error("the log of the first apply has not the provider's own lines")
	}
}
