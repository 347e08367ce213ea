// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

// template is a configuration that makes one signed call.
const template = `
data "wechatpay_member_card_template" "this" {
  card_id = "` + mockserver.TemplatePermanent + `"
}
`

func readsTheTemplate() resource.TestCheckFunc {
	return resource.TestCheckResourceAttr("data.wechatpay_member_card_template.this", "state", mockserver.TemplateStateEffective)
}

func TestAccProviderByAttributes(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{})
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: acctest.Config(acctest.ProviderBlock(m, `request_timeout = "5s"`, `max_retries = 1`, `check_templates = false`), template),
			Check:  readsTheTemplate(),
		}},
	})
}

// The environment of a process is everybody's, so these two are not parallel.

func TestAccProviderByEnvironment(t *testing.T) {
	m := acctest.StartMock(t, mockserver.Options{})
	c := m.Credentials()
	for name, value := range map[string]string{
		"MCHID": c.MchID, "CERTIFICATE_SERIAL_NO": c.CertificateSerialNo, "PRIVATE_KEY": c.PrivateKeyPEM,
		"PUBLIC_KEY_ID": c.PublicKeyID, "PUBLIC_KEY": c.PublicKeyPEM, "BRAND_ID": mockserver.DefaultBrandID,
		"ENDPOINT": m.URL(), "REQUESTS_PER_SECOND": "100", "MAX_RETRIES": "0", "REQUEST_TIMEOUT": "5s",
		"REFRESH_INTERVAL": "1m", "CHECK_TEMPLATES": "false",
	} {
		t.Setenv("WECHATPAY_"+name, value)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps:                    []resource.TestStep{{Config: template, Check: readsTheTemplate()}},
	})
}

func TestAccProviderByWrongEnvironment(t *testing.T) {
	m := acctest.StartMock(t, mockserver.Options{})
	t.Setenv("WECHATPAY_MAX_RETRIES", "as often as it takes")
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config:      acctest.Config(acctest.ProviderBlock(m), template),
			ExpectError: words("Invalid max_retries", "whole number from 0", "environment variable", "WECHATPAY_MAX_RETRIES"),
		}},
	})
}

func TestAccProviderByFiles(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{})
	dir := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return acctest.Quote(path)
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: acctest.Config(acctest.ProviderBlock(m,
				"private_key_path = "+file("apiclient_key.pem", m.Credentials().PrivateKeyPEM),
				"public_key_path = "+file("pub_key.pem", m.Credentials().PublicKeyPEM),
				"platform_certificate_path = "+file("platform_cert.pem", m.Credentials().PlatformCertificatePEM),
			), template),
			Check: readsTheTemplate(),
		}},
	})
}

func TestAccProviderErrors(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{})
	steps := []resource.TestStep{
		{Config: `provider "wechatpay" {}` + template, ExpectError: words("Missing mchid", "WECHATPAY_MCHID")},
		{Config: `provider "wechatpay" {}` + template, ExpectError: words("Missing private_key", "WECHATPAY_PRIVATE_KEY", "WECHATPAY_PRIVATE_KEY_PATH")},
		{Config: acctest.ProviderBlock(m, `private_key_path = "/no/such/apiclient_key.pem"`) + template,
			ExpectError: words("Invalid private_key_path", "cannot be read", "no such file")},
		{Config: acctest.ProviderBlock(m, `private_key_path = "/"`) + template, ExpectError: words("Invalid private_key_path", "is a directory")},
		{Config: acctest.ProviderBlock(m, `endpoint = "http://192.0.2.1"`) + template, ExpectError: words("Invalid endpoint", "loopback")},
		{Config: acctest.ProviderBlock(m, `request_timeout = "1h"`) + template, ExpectError: words("Invalid request_timeout", "100ms to 5m")},
		{Config: acctest.ProviderBlock(m, `max_retries = 2.5`) + template, ExpectError: words("Invalid max_retries", "a whole number from 0", "WECHATPAY_MAX_RETRIES")},
		{Config: acctest.ProviderBlock(m, `requests_per_second = 1e309`) + template, ExpectError: words("Invalid requests_per_second", "0.1 to 1000", "WECHATPAY_REQUESTS_PER_SECOND")},
	}
	for i, step := range steps {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			step.PlanOnly = true
			resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: acctest.Factories(), Steps: []resource.TestStep{step}})
		})
	}
}

// words matches them in this order, however Terraform breaks the lines.
func words(texts ...string) *regexp.Regexp {
	pattern := `(?s)`
	for _, text := range texts {
		pattern += `.*` + regexp.MustCompile(`\\? `).ReplaceAllString(regexp.QuoteMeta(text), `\s+(?:│\s+)?`)
	}
	return regexp.MustCompile(pattern)
}
