// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/provider"
)

// ProviderBlock is a provider block that talks to m, quickly. Each extra is one attribute
// (`max_retries = 0`; a heredoc may follow) and takes the place of the same attribute, or
// of the other one of a pair: `private_key_path = "…"` replaces private_key. An attribute
// set to null is left to its environment variable.
func ProviderBlock(m *mockserver.Server, extra ...string) string {
	return providerBlock(ProviderConfig(m), extra)
}

// providerBlock is a provider block with config's attributes, null ones left out, and extra ones.
func providerBlock(config map[string]any, extra []string) string {
	maps.DeleteFunc(config, func(_ string, value any) bool { return value == nil })
	for _, line := range extra {
		name := attributeName(line)
		delete(config, name)
		delete(config, strings.TrimSuffix(name, "_path"))
	}
	return block("provider "+Quote(provider.TypeName), config, extra)
}

// Member is a member card resource of the given name under the mock's template, with the
// given attributes as HCL expressions or, where they are not strings, as Go values:
//
//	acctest.Member("a", map[string]any{
//		"card_id": acctest.Quote(template), "user_card_code": `"1001"`, "phone_number": "var.phone",
//	})
func Member(name string, attributes map[string]any) string {
	lines := make([]string, 0, len(attributes))
	for _, attribute := range slices.Sorted(maps.Keys(attributes)) {
		lines = append(lines, fmt.Sprintf("%s = %v", attribute, attributes[attribute]))
	}
	return block(fmt.Sprintf("resource %s %s", Quote("wechatpay_member_card_import"), Quote(name)), nil, lines)
}

// Config joins parts to one configuration and says where the provider comes from, which
// only provider functions need: Terraform's test framework serves it under the host and the
// namespace that the environment names, as it must for OpenTofu.
func Config(parts ...string) string {
	all := strings.Join(parts, "\n")
	if strings.Contains(all, "required_providers") {
		return all
	}
	return fmt.Sprintf(`terraform {
  required_providers {
    %[1]s = {
      source = "%[2]s/%[3]s/%[1]s"
    }
  }
}

`, provider.TypeName, cmp.Or(os.Getenv(resource.EnvTfAccProviderHost), "registry.terraform.io"),
		cmp.Or(os.Getenv(resource.EnvTfAccProviderNamespace), "hashicorp")) + all
}

// Quote is text as a quoted HCL string, with nothing in it that HCL would expand.
func Quote(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < ' ':
			fmt.Fprintf(&b, `\u%04x`, r)
		case (r == '$' || r == '%') && strings.HasPrefix(text[i+1:], "{"):
			b.WriteRune(r)
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// block writes a block with config's attributes, text of several lines as heredocs.
func block(header string, config map[string]any, lines []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s {\n", header)
	for _, name := range slices.Sorted(maps.Keys(config)) {
		switch v := config[name].(type) {
		case string:
			if strings.Contains(v, "\n") {
				fmt.Fprintf(&b, "  %s = <<EOT\n%s\nEOT\n", name, strings.TrimRight(v, "\n"))
			} else {
				fmt.Fprintf(&b, "  %s = %s\n", name, Quote(v))
			}
		default:
			fmt.Fprintf(&b, "  %s = %v\n", name, v)
		}
	}
	for _, line := range lines {
		fmt.Fprintf(&b, "  %s\n", strings.TrimSpace(line))
	}
	b.WriteString("}\n")
	return b.String()
}

var attributePattern = regexp.MustCompile(`^\s*([a-z_0-9]+)\s*=`)

func attributeName(line string) string {
	if match := attributePattern.FindStringSubmatch(line); match != nil {
		return match[1]
	}
	return ""
}
