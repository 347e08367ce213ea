// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"fmt"
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

// The environment of a process is everybody's, so this is not parallel.
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

func TestAccProviderErrors(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{})
	steps := []resource.TestStep{
		{Config: `provider "wechatpay" {}` + template, ExpectError: words("Missing mchid", "WECHATPAY_MCHID")},
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
