// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/provider"
)

// TestAccFaultMatrix takes the telling cells of the matrix through a real Terraform: an error
// shows, no member is tainted, and when the fault is over the next apply does what is left.
func TestAccFaultMatrix(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		site  site
		fault string
		lasts bool
	}{
		{siteImport, "the host's name cannot be resolved", true},
		{siteImport, "the connection is cut, after the work", false},
		{siteImport, "the connection is cut, after the work", true},
		{siteImport, "503, before the work", false},
		{siteImport, "a probing signature, after the work", false},
		{siteImport, "an answer about another card, after the work", true},
		{siteImport, "400 PARAM_ERROR", true},
		{siteAttach, "500 SYSTEM_ERROR, before the work", true},
		{siteModify, "no answer in time, after the work", true},
		{siteModify, "429", true},
		{siteInvalidate, "502 with HTML, after the work", true},
		{siteRefresh, "404 with HTML", true},
		{siteLookUp, "504 with nothing, before the work", true},
	} {
		t.Run(fmt.Sprintf("%s, %s, lasting %v", c.site, c.fault, c.lasts), func(t *testing.T) {
			t.Parallel()
			all := faults()
			f := all[slices.IndexFunc(all, func(f fault) bool { return f.name == c.fault })]
			testAccFault(t, c.site, f, c.lasts)
		})
	}
}

func testAccFault(t *testing.T, s site, f fault, lasts bool) {
	t.Helper()
	m, l := acctest.StartMock(t, mockserver.Options{}), newLine()
	t.Cleanup(l.close)
	c := &cell{t: t, s: s, f: f, m: m, l: l}
	want := s.expect(f, lasts)
	config := func(member map[string]any) string {
		return acctest.Config(
			acctest.ProviderBlock(m, fmt.Sprintf("max_retries = %d", retries), fmt.Sprintf("check_templates = %v", s == siteLookUp)),
			acctest.Member("test", expressions(member)))
	}
	keeps := func(want kept) resource.TestCheckFunc {
		return func(state *terraform.State) error {
			if got := c.keptAs(); want != "" && got != want {
				return fmt.Errorf("WeChat Pay holds %s, want %s", got, want)
			}
			if r := state.RootModule().Resources[address]; r != nil && r.Primary.Tainted {
				return fmt.Errorf("the member is tainted")
			}
			return nil
		}
	}

	var steps []resource.TestStep
	if s == siteModify || s == siteInvalidate || s == siteRefresh {
		before := c.config()
		if s == siteModify {
			before = plain(nil)
		}
		steps = append(steps, resource.TestStep{Config: config(before)})
	}
	failing := resource.TestStep{
		PreConfig:          func() { f.inject(m, l, s, lasts) },
		Config:             config(c.config()),
		Destroy:            s == siteInvalidate,
		ExpectNonEmptyPlan: s == siteAttach,
	}
	if want.summary != "" && !want.warns {
		// Terraform breaks lines anywhere between words, and draws a frame beside them.
		failing.ExpectError = regexp.MustCompile(strings.Join(strings.Fields(regexp.QuoteMeta(want.summary)), `[\s│]+`))
	} else if s != siteInvalidate {
		failing.Check = keeps(want.kept)
	}
	steps = append(steps, failing)
	if s != siteInvalidate {
		steps = append(steps, resource.TestStep{
			PreConfig: func() {
				m.ClearFaults()
				l.mend()
			},
			Config: config(c.config()),
			Check:  keeps(want.nextKept),
		})
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(provider.WithTransport(l)),
		Steps:                    steps,
	})
	if s == siteInvalidate && c.keptAs() != want.kept {
		t.Errorf("WeChat Pay holds %s, want %s", c.keptAs(), want.kept)
	}
	c.checkImports()
}
