// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
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

// These tests validate every block of Terraform's language on every page. A block that is a part of a
// configuration gets what it refers to and does not declare.

// notValidated are texts in blocks that no test validates, and why.
var notValidated = map[string]string{
	"\n  encryption {":               "only OpenTofu has it",
	"  for_each = var.brands\n\n  b": "only OpenTofu has for_each of provider blocks",
	"ephemeral \"vault_":             "it needs the provider of Vault",
	`version = "~> 0.1"`:             "it asks for a release, and there is none",
}

var (
	terraformFence = regexp.MustCompile("(?ms)^([ \t]*)```terraform\n(.*?)^[ \t]*```$")
	usesResource   = regexp.MustCompile(`\bwechatpay_member_card_import\.(\w+)`)
	usesVariable   = regexp.MustCompile(`\bvar\.(\w+)`)
	usesLocal      = regexp.MustCompile(`\blocal\.(\w+)`)
	movedBlock     = regexp.MustCompile(`(?ms)^moved \{.*?^\}`)
	leftOut        = regexp.MustCompile(`(?m)^  # \.\.\.$`)
	isAttribute    = regexp.MustCompile(`^\w+ *=`)
	header         = regexp.MustCompile(`(?m)^ +"([^"]+)" += "(\w*)"`)
)

// blocksOf are the blocks of Terraform's language on a page, without the indentation of a list.
func blocksOf(page string) []string {
	var blocks []string
	for _, fence := range terraformFence.FindAllStringSubmatch(page, -1) {
		var b strings.Builder
		for line := range strings.Lines(fence[2]) {
			b.WriteString(strings.TrimPrefix(line, fence[1]))
		}
		blocks = append(blocks, b.String())
	}
	return blocks
}

// completed is a block as a whole configuration: file names and contents.
func completed(block string, address terraformcli.Address) map[string]string {
	if isAttribute.MatchString(block) {
		block = "resource \"wechatpay_member_card_import\" \"member\" {\n  " + strings.ReplaceAll(strings.TrimSpace(block), "\n", "\n  ") + "\n  # ...\n}\n"
	}
	block = leftOut.ReplaceAllString(block, "  card_id        = \"pbLatjvWOibDc5-TBnbUk1pD12o0\"\n  user_card_code = \"VIP-0001\"\n  openid         = \"oGckw19OzKOAgx_cDYJ3fkI_8nO_\"")
	if strings.Contains(block, "mock_provider ") {
		return map[string]string{
			"page.tftest.hcl": block,
			"main.tf":         address.RequiredProviders() + "\n" + member("member"),
		}
	}
	var more strings.Builder
	if !strings.Contains(block, "required_providers") {
		more.WriteString(address.RequiredProviders() + "\n")
	}
	for _, name := range undeclared(block, usesVariable, `variable "%s"`) {
		fmt.Fprintf(&more, "variable %q {}\n", name)
	}
	for _, name := range undeclared(block, usesLocal, " %s = ") {
		fmt.Fprintf(&more, "variable %q {}\nlocals {\n  %s = var.%s\n}\n", "local_"+name, name, "local_"+name)
	}
	// What a moved block names is in the state, not in the configuration.
	for _, name := range undeclared(movedBlock.ReplaceAllString(block, ""), usesResource, `resource "wechatpay_member_card_import" "%s"`) {
		more.WriteString(member(name))
	}
	return map[string]string{
		"main.tf":         block,
		"more.tf":         more.String(),
		"members/main.tf": address.RequiredProviders(),
	}
}

// member is a resource of one name, with all that it needs.
func member(name string) string {
	return fmt.Sprintf(`resource "wechatpay_member_card_import" %q {
  for_each       = toset(["VIP-0001", "VIP-0002"])
  card_id        = "pbLatjvWOibDc5-TBnbUk1pD12o0"
  user_card_code = each.key
  openid         = "oGckw19OzKOAgx_cDYJ3fkI_8nO_"
}
`, name)
}

// undeclared are the names that a block uses and does not declare. The declaration has %s for the name.
func undeclared(block string, uses *regexp.Regexp, declaration string) []string {
	var names []string
	for _, use := range uses.FindAllStringSubmatch(block, -1) {
		if !strings.Contains(block, fmt.Sprintf(declaration, use[1])) && !slices.Contains(names, use[1]) {
			names = append(names, use[1])
		}
	}
	return names
}

// rosterFor is a roster with the headers that a block maps.
func rosterFor(block string) string {
	values := map[string]string{"user_card_code": "VIP-0001", "phone_number": "13800138000"}
	var headers, row []string
	for _, column := range header.FindAllStringSubmatch(block, -1) {
		headers = append(headers, column[1])
		row = append(row, values[column[2]])
	}
	if !slices.Contains(row, "VIP-0001") {
		headers, row = append(headers, "user_card_code"), append(row, "VIP-0001")
	}
	return strings.Join(headers, ",") + "\n" + strings.Join(row, ",") + "\n"
}

func TestTheConfigurationOnEveryPageIsValid(t *testing.T) {
	box, _ := acctest.Workspace(t, mockserver.Options{})
	terraform, err := commandOf(t.Context(), box.CLI)
	if err != nil {
		t.Fatal(err)
	}
	root, err := sandbox.ModuleFile(t.Context(), ".")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for name, page := range pages(t, root) {
		for i, block := range blocksOf(page) {
			t.Run(fmt.Sprintf("%s#%d", name, i+1), func(t *testing.T) {
				for text, why := range notValidated {
					if strings.Contains(block, text) {
						seen[text] = true
						t.Skip(why)
					}
				}
				if strings.Contains(block, "before_destroy") {
					if why := terraform.withoutActions(beforeDestroy); why != "" {
						t.Skip(why)
					}
				}
				t.Parallel()
				validateBlock(t, root, block, box.CLI)
			})
		}
	}
	for text, why := range notValidated {
		if !seen[text] {
			t.Errorf("no page has %q any more, of which notValidated says: %s", text, why)
		}
	}
}

func validateBlock(t *testing.T, root, block string, cli *terraformcli.CLI) {
	t.Helper()
	w, err := cli.Workspace("page")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(w.Dir(), "modules"), os.DirFS(filepath.Join(root, "examples", "sharded-roster", "modules"))); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{"members", "formatted"} {
		if err := os.Mkdir(filepath.Join(w.Dir(), folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	files := completed(block, cli.Address())
	files["formatted/page.tf"] = block
	files["members.csv"], files["members.xlsx"] = rosterFor(block), rosterFor(block)
	for file, content := range files {
		if err := w.WriteFile(file, content); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{{"fmt", "-check", "-diff", "formatted"}, {"init", "-backend=false"}, {"validate"}} {
		result, err := w.Run(t.Context(), args...)
		// The modules of the backends are hard to get, so a Terraform that somebody built may have none of them.
		if err != nil && os.Getenv("TF_ACC_TERRAFORM_PATH") != "" && strings.Contains(result.Stderr, "Unsupported backend type") {
			t.Skip("this Terraform was built without the backend")
		}
		if err != nil {
			t.Fatalf("terraform %s: %v\n%s\n%s", args[0], err, result.Stdout, block)
		}
	}
}
