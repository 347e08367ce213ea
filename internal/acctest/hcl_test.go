// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

func TestProviderBlock(t *testing.T) {
	t.Parallel()
	m := StartMock(t, mockserver.Options{})
	block := ProviderBlock(m, `brand_id = "2000"`, `private_key_path = "key.pem"`, "public_key = null")
	for text, count := range map[string]int{
		m.URL(): 1, "-----BEGIN PRIVATE KEY-----": 0, "-----BEGIN PUBLIC KEY-----": 0, `brand_id = "2000"`: 1, "brand_id": 1, "public_key = null": 1,
	} {
		if got := strings.Count(block, text); got != count {
			t.Errorf("%q occurs %d times, not %d:\n%s", text, got, count, block)
		}
	}
	if !strings.Contains(ProviderBlock(m), "private_key = <<EOT\n-----BEGIN PRIVATE KEY-----\n") {
		t.Errorf("the key is no heredoc:\n%s", ProviderBlock(m))
	}
}

func TestQuote(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a":           `"a"`,
		"a\"b\\c\n\t": `"a\"b\\c\n\t"`,
		"${a} %{b} $": `"$${a} %%{b} $"`,
		"会员\x01":      `"会员\u0001"`,
	} {
		if got := Quote(text); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestConfigSaysOnceWhereTheProviderComesFrom(t *testing.T) {
	t.Parallel()
	once := Config("a", "b")
	if strings.Count(once, "required_providers") != 1 || !strings.HasSuffix(once, "a\nb") {
		t.Error(once)
	}
	if twice := Config(once, "c"); strings.Count(twice, "required_providers") != 1 {
		t.Error(twice)
	}
}

// OpenTofu has a registry of its own, so the test framework is told another host for it.
func TestConfigNamesTheHostThatTheFrameworkServes(t *testing.T) {
	for _, c := range []struct{ host, namespace, want string }{
		{"", "", "registry.terraform.io/hashicorp/wechatpay"},
		{"registry.opentofu.org", "", "registry.opentofu.org/hashicorp/wechatpay"},
		{"registry.example.com", "team", "registry.example.com/team/wechatpay"},
	} {
		t.Setenv(resource.EnvTfAccProviderHost, c.host)
		t.Setenv(resource.EnvTfAccProviderNamespace, c.namespace)
		if got := Config("a"); !strings.Contains(got, `source = "`+c.want+`"`) {
			t.Errorf("want the source %s in:\n%s", c.want, got)
		}
	}
}

func TestMember(t *testing.T) {
	t.Parallel()
	want := "resource \"wechatpay_member_card_import\" \"a\" {\n  level = \"gold\"\n  phone_number_wo_version = 1\n}\n"
	if got := Member("a", map[string]any{"phone_number_wo_version": 1, "level": Quote("gold")}); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
