// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/sandbox"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/terraformcli"
)

// The people of these tests. None exists; their numbers are samples that no other test has.
const (
	privatePhone   = "13800138642"
	importedPhone  = "13800138653"
	writeOnlyPhone = "13800138664"
	failingPhones  = "138001387" // and two more digits
	privateName    = "欧阳澄泓"
	privateAddress = "深圳市南山区虚构路4711号"
	privateEmail   = "ouyang.chenghong@mail.example.com"
	privateCity    = "不存在的城市"
)

// privateConfiguration has everything that carries personal values: members from a file,
// user information, a write-only phone number, an import, data sources and functions.
// Nothing personal stands in the configuration itself.
const privateConfiguration = `
variable "write_only_phone" {
  type      = string
  ephemeral = true
}

variable "level" {
  type = string
}

locals {
  roster = provider::wechatpay::decode_roster(file("${path.module}/members.csv"), {})
  forms  = jsondecode(file("${path.module}/forms.json"))
  typed  = provider::wechatpay::normalize_phone(trimspace(file("${path.module}/typed.txt")))
}

resource "wechatpay_member_card_import" "roster" {
  for_each = local.roster

  card_id          = %[1]q
  user_card_code   = each.key
  phone_number     = each.value.phone_number
  level            = var.level
  attach           = "门店"
  user_information = lookup(local.forms, each.key, null)
}

resource "wechatpay_member_card_import" "write_only" {
  card_id                 = %[1]q
  user_card_code          = "WO-1"
  phone_number_wo         = var.write_only_phone
  phone_number_wo_version = 1
}

import {
  to = wechatpay_member_card_import.imported
  id = "%[2]s/%[1]s/OLD-1/%[3]s"
}

resource "wechatpay_member_card_import" "imported" {
  card_id        = %[1]q
  user_card_code = "OLD-1"
  phone_number   = local.typed
}

data "wechatpay_member_card" "one" {
  card_id        = %[1]q
  user_card_code = "OLD-1"
  openid         = %[3]q
}

data "wechatpay_member_cards" "all" {
  openid = %[3]q
}

data "wechatpay_member_card_template" "template" {
  card_id = %[1]q
}

output "masked" {
  value = provider::wechatpay::mask_phone(nonsensitive(local.typed))
}

output "all" {
  value     = data.wechatpay_member_cards.all
  sensitive = true
}
`

// privacy is a real Terraform whose every word is kept.
type privacy struct {
	t *testing.T
	*sandbox.Sandbox
	w *terraformcli.Workspace
	// heard is what Terraform and the provider have printed and logged, by what it was.
	heard map[string]string
	n     int
}

func newPrivacy(t *testing.T) *privacy {
	t.Helper()
	box, w := acctest.Workspace(t, mockserver.Options{UnboundPhones: []string{failingPhones + "00"}})
	w.Setenv("WECHATPAY_REQUESTS_PER_SECOND", sandbox.Unlimited)
	w.Setenv("WECHATPAY_MAX_RETRIES", "0")
	w.Trace(true)
	return &privacy{t: t, Sandbox: box, w: w, heard: map[string]string{}}
}

func (p *privacy) write(name, content string) {
	p.t.Helper()
	if err := p.w.WriteFile(name, content); err != nil {
		p.t.Fatal(err)
	}
}

// run runs a command and keeps what it says. fails is whether it should.
func (p *privacy) run(fails bool, args ...string) *terraformcli.Result {
	p.t.Helper()
	result, err := p.w.Run(p.t.Context(), args...)
	if (err != nil) != fails {
		p.t.Fatalf("terraform %s: %v\n%s", strings.Join(args, " "), err, result.Stdout)
	}
	log, err := os.ReadFile(result.TracePath)
	if err != nil {
		p.t.Fatal(err)
	}
	p.n++
	what := fmt.Sprintf("%02d terraform %s: ", p.n, strings.Join(args, " "))
	p.heard[what+"output"], p.heard[what+"errors"], p.heard[what+"TRACE log"] = result.Stdout, result.Stderr, string(log)
	return result
}

// secrets are all that went in, by a name that can be printed.
func (p *privacy) secrets() map[string]*regexp.Regexp {
	secrets := map[string]*regexp.Regexp{}
	phone := func(name, number string) {
		// In any formatting: with or without what stands between, and in full-width digits.
		spelt := func(digits string) string {
			var each []string
			for _, d := range digits {
				each = append(each, fmt.Sprintf("[%c%c]", d, d-'0'+'０'))
			}
			return strings.Join(each, `[ \-.()]{0,2}`)
		}
		secrets[name] = regexp.MustCompile(spelt(number))
		secrets[name+", its last eight digits"] = regexp.MustCompile(spelt(number[3:]))
	}
	phone("a phone number", privatePhone)
	phone("an imported phone number", importedPhone)
	phone("a write-only phone number", writeOnlyPhone)
	for i := range 20 {
		phone(fmt.Sprintf("a phone number whose import fails, %d", i), fmt.Sprintf("%s%02d", failingPhones, i))
	}
	for name, value := range map[string]string{
		"a name": privateName, "an address": privateAddress, "an e-mail address": privateEmail, "an e-mail address's name": "ouyang.chenghong", "a city": privateCity,
	} {
		secrets[name] = regexp.MustCompile("(?i)" + regexp.QuoteMeta(value))
		// As JSON spells it that has nothing but ASCII.
		escaped := strings.Trim(fmt.Sprintf("%+q", value), `"`)
		secrets[name+", escaped"] = regexp.MustCompile("(?i)" + regexp.QuoteMeta(escaped))
	}
	chunk := func(name, text string) {
		if len(text) >= 40 {
			secrets[name] = regexp.MustCompile(regexp.QuoteMeta(text[:40]))
			secrets[name+", its end"] = regexp.MustCompile(regexp.QuoteMeta(text[len(text)-40:]))
		}
	}
	secrets["a private key's first line"] = regexp.MustCompile(`BEGIN (RSA )?PRIVATE KEY`)
	for i, line := range strings.Split(p.Mock.Credentials().PrivateKeyPEM, "\n") {
		chunk(fmt.Sprintf("line %d of the private key", i), strings.TrimSpace(line))
	}
	for name, text := range sandbox.Sent(p.Mock.Requests()) {
		chunk(name, text)
	}
	secrets["an Authorization header"] = regexp.MustCompile(`WECHATPAY2-SHA256-RSA2048`)
	return secrets
}

// found names the secrets that are in a text.
func found(text string, secrets map[string]*regexp.Regexp) (names []string) {
	for name, secret := range secrets {
		if secret.MatchString(text) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// echoes are answers that repeat what was submitted, each for a member of its own.
func echoes(phone func(int) string) []mockserver.Fault {
	spelt := func(i int) string { p := phone(i); return p[:3] + "-" + p[3:7] + " " + p[7:] }
	detail := func(i int) map[string]any {
		return map[string]any{"field": "/body/phone_number", "value": phone(i), "issue": "+86 " + spelt(i) + " 不符合要求", "location": "body"}
	}
	return []mockserver.Fault{
		{}, // 00 has no WeChat account: WeChat Pay itself says so.
		{Status: 400, Code: "PARAM_ERROR", Message: "参数错误: " + phone(1), Detail: detail(1)},
		{Status: 400, Code: "PARAM_ERROR", Message: "参数错误: +86" + phone(2), Detail: detail(2)},
		{Status: 400, Code: "INVALID_REQUEST", Message: "手机号" + spelt(3) + "未绑定微信号，无法导入"},
		{Status: 400, Code: "INVALID_REQUEST", Message: "请求" + phone(4) + "不符合规则"},
		{Status: 401, Code: "SIGN_ERROR", Message: "验证不通过: " + phone(5)},
		{Status: 403, Code: "NO_AUTH", Message: "无权限: " + spelt(6)},
		{Status: 404, Body: []byte("<html>" + phone(7) + "</html>")},
		{Status: 429, Code: mockserver.RateLimited, Message: phone(8)},
		{Status: 500, Code: "SYSTEM_ERROR", Message: "系统异常: " + phone(9)},
		{Status: 502, Body: []byte("<html>" + spelt(10) + "</html>")},
		{Kind: mockserver.FaultRedirect, Location: "https://elsewhere.example.com/?phone=" + phone(11)},
		{Kind: mockserver.FaultMalformedJSON, Body: []byte(`{"phone_number":"` + phone(12) + `",`)},
		{Kind: mockserver.FaultOtherShape, Body: []byte(`{"brand_id":"` + phone(13) + `","card_id":7,"user_card_code":"` + spelt(13) + `"}`)},
		{Kind: mockserver.FaultBadSignature},
		{Kind: mockserver.FaultCutConnection},
		{Kind: mockserver.FaultOtherCard},
		{Kind: mockserver.FaultAccepted, Header: http.Header{"X-Phone": {phone(17)}}},
		{Status: 418, Code: phone(18), Message: phone(18)},
	}
}

// TestAccNothingPersonalComesOut takes a real Terraform through success and every error, with
// TF_LOG=TRACE, and searches all that was printed and logged for everything that went in.
func TestAccNothingPersonalComesOut(t *testing.T) {
	t.Parallel()
	p := newPrivacy(t)
	if err := p.Mock.PutCard(existingCard(func(c *mockserver.Card) {
		c.UserCardCode, c.PhoneNumber, c.CommonFields = "OLD-1", importedPhone, []mockserver.CommonField{{Name: "USER_FORM_FLAG_CITY", Value: privateCity}}
	})); err != nil {
		t.Fatal(err)
	}
	provider := p.CLI.Address().RequiredProviders()
	p.write("main.tf", provider+fmt.Sprintf(privateConfiguration, mockserver.TemplatePermanent, mockserver.DefaultBrandID, p.Mock.OpenID(importedPhone)))
	p.write("members.csv", "user_card_code,phone_number\nVIP-1,"+privatePhone+"\n")
	p.write("typed.txt", "+86 "+importedPhone[:3]+"-"+importedPhone[3:7]+"-"+importedPhone[7:]+"\n")
	form := func(name string) {
		text, err := json.Marshal(map[string]any{"VIP-1": map[string]any{
			"common_fields": map[string]any{"USER_FORM_FLAG_NAME": name, "USER_FORM_FLAG_ADDRESS": privateAddress, "USER_FORM_FLAG_EMAIL": privateEmail},
			"custom_fields": map[string]any{"喜欢的运动": []string{"篮球"}},
		}})
		if err != nil {
			t.Fatal(err)
		}
		p.write("forms.json", string(text))
	}
	form(privateName)
	variables := func(level string) {
		p.write("this.auto.tfvars.json", `{"level":"`+level+`","write_only_phone":"`+writeOnlyPhone+`"}`)
	}
	variables("金卡会员")

	// Success: plan, apply, what they say to machines, update, refresh, show.
	p.run(false, "init", "-no-color")
	p.run(false, "plan", "-no-color", "-out=tfplan")
	p.run(false, "show", "-no-color", "tfplan")
	p.checkWriteOnly("tfplan")
	p.run(false, "apply", "-no-color", "tfplan")
	p.checkWriteOnly("terraform.tfstate")
	variables("钻石会员")
	form(privateName + "之友")
	p.run(false, "plan", "-json")
	p.run(false, "apply", "-json", "-auto-approve")
	p.run(false, "show", "-no-color")
	p.run(false, "output", "-no-color")

	// Errors: WeChat Pay repeats what was submitted, in every part of its answer.
	roster := "user_card_code,phone_number\nVIP-1," + privatePhone + "\n"
	phone := func(i int) string { return fmt.Sprintf("%s%02d", failingPhones, i) }
	faults := echoes(phone)
	for i, f := range faults {
		code := fmt.Sprintf("ERR-%02d", i)
		roster += code + "," + phone(i) + "\n"
		if i > 0 {
			f.Operation, f.UserCardCode, f.Count = mockserver.OperationImportByPhone, code, -1
			p.Mock.Inject(f)
		}
	}
	p.write("members.csv", roster)
	failed := p.run(true, "apply", "-no-color", "-auto-approve")
	if n := strings.Count(failed.Stderr, "Error: "); n != len(faults) {
		t.Errorf("%d of %d imports failed:\n%s", n, len(faults), failed.Stderr)
	}
	p.run(true, "apply", "-json", "-auto-approve")

	// The other calls: a change, a reading, lists and templates.
	p.write("members.csv", "user_card_code,phone_number\nVIP-1,"+privatePhone+"\n")
	p.Mock.ClearFaults()
	form(privateName)
	p.Mock.Inject(mockserver.Fault{
		Operation: mockserver.OperationModify, Status: 400, Code: "PARAM_ERROR", Message: privateName + "住在" + privateAddress + "," + strings.ToUpper(privateEmail),
		Detail: map[string]any{"field": "/body/user_information/common_field_list/0/value", "value": privateName, "issue": privateName + "不符合要求"},
	})
	p.run(true, "apply", "-no-color", "-auto-approve")
	for _, operation := range []mockserver.Operation{mockserver.OperationGet, mockserver.OperationList, mockserver.OperationTemplate} {
		p.Mock.Inject(mockserver.Fault{Operation: operation, Status: 500, Code: "SYSTEM_ERROR", Message: "系统异常: " + privatePhone, Count: -1})
	}
	p.run(true, "plan", "-no-color")
	p.run(true, "plan", "-json")
	p.Mock.ClearFaults()

	// Mistakes in the roster, and a number as people type it where the API wants another.
	p.write("members.csv", "user_card_code,phone_number\nVIP-1,"+privatePhone+"\nVIP-2,"+privatePhone+"\nVIP-3,+86 "+privatePhone+"\n")
	p.run(true, "plan", "-no-color")
	p.write("members.csv", "user_card_code,phone_number\nVIP-1,"+privatePhone+"\n")
	p.write("typed.txt", privatePhone+"9")
	p.run(true, "plan", "-no-color")
	p.write("typed.txt", importedPhone)
	p.run(false, "destroy", "-no-color", "-auto-approve")

	p.check()
}

// check searches all that was heard, after it has proved that it finds.
func (p *privacy) check() {
	p.t.Helper()
	secrets := p.secrets()
	proof := map[string]string{
		"a phone number": "x+86 138-0013-8642x", "a phone number, its last eight digits": "00138642", "a write-only phone number": "１３８００１３８６６４",
		"a name": "谁" + privateName + "谁", "an e-mail address": strings.ToUpper(privateEmail),
		"the signature of request 0": p.Mock.Requests()[0].Header.Get("Authorization"),
		"a name, escaped":            fmt.Sprintf("%+q", privateName),
		"line 3 of the private key":  p.Mock.Credentials().PrivateKeyPEM,
	}
	for name, planted := range proof {
		if !slices.Contains(found(planted, secrets), name) {
			p.t.Errorf("the search does not find %s", name)
		}
	}
	for _, r := range p.Mock.Requests() {
		if r.Operation == mockserver.OperationImportByPhone && !slices.ContainsFunc(found(string(r.Body), secrets), func(name string) bool { return strings.HasPrefix(name, "ciphertext") }) {
			p.t.Error("the search does not find a ciphertext")
		}
	}
	size := 0
	for _, what := range slices.Sorted(maps.Keys(p.heard)) {
		size += len(p.heard[what])
		if names := found(p.heard[what], secrets); len(names) > 0 {
			p.t.Errorf("%s has %s", what, strings.Join(names, ", "))
		}
	}
	p.t.Logf("%d secrets were looked for in %.1f MiB of %d texts", len(secrets), float64(size)/(1<<20), len(p.heard))
	_ = filepath.WalkDir(p.w.Dir(), func(path string, _ fs.DirEntry, _ error) error {
		if strings.HasPrefix(filepath.Base(path), "crash") {
			p.t.Errorf("there is a crash file %s", filepath.Base(path))
		}
		return nil
	})
}

// checkWriteOnly makes sure that a file that Terraform keeps has not the write-only phone
// number, and that it has the other, so that the search is known to find something.
func (p *privacy) checkWriteOnly(name string) {
	p.t.Helper()
	content, err := os.ReadFile(filepath.Join(p.w.Dir(), name))
	if err != nil {
		p.t.Fatal(err)
	}
	whole := content
	if archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content))); err == nil {
		for _, file := range archive.File {
			r, err := file.Open()
			if err != nil {
				p.t.Fatal(err)
			}
			part, err := io.ReadAll(r)
			if err != nil {
				p.t.Fatal(err)
			}
			whole = append(whole, part...)
		}
	}
	if strings.Contains(string(whole), writeOnlyPhone) {
		p.t.Errorf("%s has the write-only phone number", name)
	}
	if !strings.Contains(string(whole), privatePhone) {
		p.t.Errorf("%s has not the other phone number, which it keeps by design: is it the right file?", name)
	}
}

// Terraform itself prints the line of the configuration that an error is about. A phone
// number that stands in that line as a literal is printed with it, which no provider can
// prevent but by not naming the attribute; one that comes from a roster is not.
func TestAccConfigurationLinesAreTerraformsOwn(t *testing.T) {
	t.Parallel()
	p := newPrivacy(t)
	const resource = `
resource "wechatpay_member_card_import" "test" {
  card_id        = %q
  user_card_code = "VIP-1"
  phone_number   = %s
}
`
	number := failingPhones + "00" // It has no WeChat account.
	p.write("typed.txt", number)
	provider := p.CLI.Address().RequiredProviders()
	for _, c := range []struct {
		expression string
		printed    bool
	}{
		{`"` + number + `"`, true},
		{`trimspace(file("${path.module}/typed.txt"))`, false},
	} {
		p.write("main.tf", provider+fmt.Sprintf(resource, mockserver.TemplatePermanent, c.expression))
		if p.n == 0 {
			p.run(false, "init", "-no-color")
		}
		result := p.run(true, "apply", "-no-color", "-auto-approve")
		if !strings.Contains(result.Stderr, "has no WeChat account") || strings.Contains(result.Stderr, number) != c.printed {
			t.Errorf("a phone number from %s, printed: %v", map[bool]string{true: "a literal", false: "a file"}[c.printed], strings.Contains(result.Stderr, number))
		}
		// The provider's own messages never have it.
		for line := range strings.Lines(result.Stderr) {
			if strings.Contains(line, number) && !strings.Contains(line, "phone_number   = ") {
				t.Error("the phone number is printed elsewhere than in the line of the configuration")
			}
		}
	}
}
