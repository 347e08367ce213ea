// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package cardtemplate_test

import (
	"encoding/base64"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/sandbox"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/terraformcli"
)

const address = resourceType + ".test"

// block is the sample template in Terraform's language; lines replace or add attributes.
func block(lines ...string) string {
	attributes := []string{
		`appid = "wxd678efh567hg6787"`, `card_title = "会员卡"`, `card_color = "#FFD700"`, `card_picture_url = "https://wxpaylogo.qpic.cn/wxpaylogo/sample/0"`,
		`code_mode = "MERCHANT_ALLOCATE"`, `code_type = "QR_CODE"`, `benefits = "会员九折"`, `notify_url = "https://example.com/wechatpay/events"`,
		`valid_date_information = { type = "PERMANENT" }`,
	}
	for _, line := range lines {
		name, _, _ := strings.Cut(line, " ")
		attributes = slices.DeleteFunc(attributes, func(a string) bool { return strings.HasPrefix(a, name+" ") })
	}
	return fmt.Sprintf("resource %q \"test\" {\n  %s\n}\n", resourceType, strings.Join(append(attributes, lines...), "\n  "))
}

// A template's whole life: create, import by command and by block, data sources, change, destroy.
func TestAccTemplate(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{Templates: []mockserver.Template{}})
	config := func(lines ...string) string {
		return acctest.Config(acctest.ProviderBlock(m), block(append(lines, `deletion_policy = "invalidate"`)...), `
data "wechatpay_member_card_template" "one" {
  card_id = wechatpay_member_card_template.test.card_id
}

data "wechatpay_member_card_templates" "all" {
  depends_on = [wechatpay_member_card_template.test]
}
`)
	}
	id := func(*terraform.State) (string, error) { return "1004/" + m.Templates()[0].CardID, nil }
	form := `user_information = { common_field_list = ["USER_FORM_FLAG_NAME"], custom_field_list = [{ type = "RADIO", name = "门店", values = ["南山店", "福田店"] }] }`
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: acctest.Factories(), Steps: []resource.TestStep{
		{Config: config(form), ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue("data.wechatpay_member_card_template.one", tfjsonpath.New("card_title"), knownvalue.StringExact("会员卡")),
			statecheck.ExpectKnownValue("data.wechatpay_member_card_templates.all", tfjsonpath.New("templates"), knownvalue.ListSizeExact(1)),
		}},
		{Config: config(form), ResourceName: address, ImportState: true, ImportStateIdFunc: id, ImportStateVerify: true, ImportStateVerifyIgnore: []string{"deletion_policy"}},
		{Config: config(`card_title = "会员卡会员卡会员卡会员卡"`), ExpectError: regexp.MustCompile(`12 characters`)},
		{Config: config(`benefits = "会员八折"`, `member_information = { jump_appid = "wx2" }`), ConfigPlanChecks: resource.ConfigPlanChecks{
			PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate)},
		}},
	}})
	for _, template := range m.Templates() {
		if template.State != mockserver.TemplateStateInvalid {
			t.Errorf("destroying left the template %s", template.State)
		}
	}
}

// workspace is a real Terraform with a mock that has no template.
func workspace(t *testing.T) (*sandbox.Sandbox, *terraformcli.Workspace) {
	t.Helper()
	s, w := acctest.Workspace(t, mockserver.Options{Templates: []mockserver.Template{}})
	w.Setenv("WECHATPAY_REQUESTS_PER_SECOND", sandbox.Unlimited)
	w.Setenv("WECHATPAY_MAX_RETRIES", "0")
	return s, w
}

func configure(t *testing.T, s *sandbox.Sandbox, w *terraformcli.Workspace, parts ...string) {
	t.Helper()
	if err := w.WriteFile("main.tf", s.CLI.Address().RequiredProviders()+strings.Join(parts, "\n")); err != nil {
		t.Fatal(err)
	}
}

// An import block takes a template into the state, and leaves nothing to do. What Terraform does to a template without a change of its attributes is refused under prevent,
// while planning where Terraform asks; a replacement under another policy works both ways.
func TestAccReplacement(t *testing.T) {
	t.Parallel()
	s, w := workspace(t)
	configure(t, s, w, block())
	if _, err := w.Init(t.Context()); err != nil {
		t.Fatal(err)
	}
	apply := func(want string) {
		t.Helper()
		result, err := w.Apply(t.Context())
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(flat(result.Stderr), want)) {
			t.Fatalf("want %q: %v", want, err)
		}
	}
	apply("")
	id := "1004/" + s.Mock.Templates()[0].CardID
	if _, err := w.Run(t.Context(), "state", "rm", address); err != nil {
		t.Fatal(err)
	}
	configure(t, s, w, block(), fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", address, id))
	apply("")
	configure(t, s, w, block())
	if changes, result, err := w.Plan(t.Context()); changes || err != nil || len(s.Mock.Templates()) != 1 {
		t.Errorf("after an import: %v\n%s", err, result.Stdout)
	}
	for _, args := range [][]string{{"-replace=" + address}, {"-destroy"}} {
		if _, result, err := w.Plan(t.Context(), args...); err == nil || !strings.Contains(flat(result.Stderr), "The card template is protected from being") {
			t.Errorf("%v: %v", args, err)
		}
	}
	configure(t, s, w, block(`code_type = "BAR_CODE"`))
	apply("This change needs another card template")
	configure(t, s, w, block())
	if _, err := w.Run(t.Context(), "taint", address); err != nil {
		t.Fatal(err)
	}
	apply("The card template is protected from being destroyed")
	if _, err := w.Run(t.Context(), "untaint", address); err != nil {
		t.Fatal(err)
	}

	configure(t, s, w, block(`deletion_policy = "invalidate"`))
	apply("")
	configure(t, s, w, block(`deletion_policy = "invalidate"`, `code_type = "BAR_CODE"`))
	apply("") // destroyed, then created under the next number
	configure(t, s, w, block(`deletion_policy = "invalidate"`, `appid = "wx0000000000000001"`, "lifecycle {\n    create_before_destroy = true\n  }"))
	apply("")
	if _, err := w.Apply(t.Context(), "-replace="+address); err == nil {
		t.Error("-replace with create_before_destroy invalidated the template that it had just adopted")
	}
	states := map[string]int{}
	for _, template := range s.Mock.Templates() {
		states[template.State]++
	}
	if states[mockserver.TemplateStateInvalid] != 2 || states[mockserver.TemplateStateEffective] != 1 {
		t.Errorf("WeChat Pay has %v", states)
	}
}

// A template that got another name is refused without a moved block, and kept with one.
func TestAccRenamed(t *testing.T) {
	t.Parallel()
	s, w := workspace(t)
	configure(t, s, w, block(`deletion_policy = "invalidate"`))
	if _, err := w.Init(t.Context()); err != nil {
		t.Fatal(err)
	}
	if result, err := w.Apply(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, result.Stderr)
	}
	renamed := strings.Replace(block(`deletion_policy = "invalidate"`), `"test"`, `"card"`, 1)
	configure(t, s, w, renamed)
	if _, result, err := w.Plan(t.Context()); err == nil || !strings.Contains(flat(result.Stderr), "write a moved block") {
		t.Errorf("%v\n%s", err, result.Stderr)
	}
	configure(t, s, w, renamed, fmt.Sprintf("moved {\n  from = %s\n  to = %s.card\n}\n", address, resourceType))
	if result, err := w.Apply(t.Context()); err != nil || len(s.Mock.Templates()) != 1 || s.Mock.Templates()[0].State != mockserver.TemplateStateEffective {
		t.Errorf("%v\n%s", err, result.Stderr)
	}
}

// flat is a text without Terraform's line breaks and its frame.
func flat(text string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("│", " ", "╷", " ", "╵", " ").Replace(text)), " ")
}

// Whatever succeeds or fails, with TF_LOG=TRACE neither credentials nor the picture's bytes are
// printed or logged.
func TestAccNothingSecretComesOut(t *testing.T) {
	t.Parallel()
	s, w := workspace(t)
	png, err := sandbox.ModuleFile(t.Context(), "examples/from-nothing/card.png")
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Clean(png))
	if err != nil {
		t.Fatal(err)
	}
	if err := w.WriteFile("card.png", string(content)); err != nil {
		t.Fatal(err)
	}
	picture := "resource \"wechatpay_image\" \"card\" {\n  content_base64 = filebase64(\"card.png\")\n}\n"
	configure(t, s, w, picture, block(`card_picture_url = wechatpay_image.card.url`, `deletion_policy = "invalidate"`))
	w.Trace(true)
	secrets := map[string]string{
		"the private key": s.Mock.Credentials().PrivateKeyPEM, "the picture": base64.StdEncoding.EncodeToString(content)[:60], "Authorization": "WECHATPAY2-SHA256-RSA2048",
	}
	run := func(fails bool, args ...string) {
		t.Helper()
		result, err := w.Run(t.Context(), args...)
		if (err != nil) != fails {
			t.Fatalf("%v: %v", args, err)
		}
		log, err := os.ReadFile(result.TracePath)
		if err != nil {
			t.Fatal(err)
		}
		maps.Copy(secrets, sandbox.Sent(s.Mock.Requests()))
		for what, text := range map[string]string{"output": result.Stdout, "errors": result.Stderr, "log": string(log)} {
			if leaks := sandbox.Leaks(text, secrets); len(leaks) > 0 {
				t.Errorf("%v: %s shows %v", args, what, leaks)
			}
		}
	}
	run(false, "init")
	for _, operation := range []mockserver.Operation{mockserver.OperationUploadImage, mockserver.OperationCreateTemplate} {
		s.Mock.Inject(mockserver.Fault{Operation: operation, Status: 400, Code: "PARAM_ERROR", Message: "参数错误"})
		run(true, "apply", "-auto-approve", "-no-color")
	}
	run(false, "apply", "-auto-approve", "-no-color")
	run(false, "plan", "-json")
	run(false, "destroy", "-auto-approve", "-no-color")
	if state, err := os.ReadFile(filepath.Join(w.Dir(), "terraform.tfstate.backup")); err != nil || strings.Contains(string(state), secrets["the picture"]) {
		t.Errorf("the state has the picture: %v", err)
	}
}
