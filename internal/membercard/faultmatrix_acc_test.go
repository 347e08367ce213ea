// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest/injection"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/failures"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/provider"
)

// TestAccFaultMatrix takes one row of each kind through a real Terraform: an error shows, no
// member is tainted, and when the fault is over the next apply does what is left.
func TestAccFaultMatrix(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		call  failures.Call
		fault failures.Fault
		lasts bool
	}{
		{failures.ImportByPhone, failures.CutAfter, false},
		{failures.ImportByPhone, failures.CutAfter, true},
		{failures.ImportByPhone, failures.Parameter, true},
		{failures.ImportByOpenID, failures.CutAfter, false},
		{failures.Attach, failures.SystemErrorBefore, true},
		{failures.Modify, failures.NoAnswerAfter, true},
		{failures.Invalidate, failures.BadGatewayAfter, true},
		{failures.Refresh, failures.NotFoundPage, true},
		{failures.LookUp, failures.TimeoutBefore, true},
		{failures.LookUp, failures.SignError, true},
	} {
		t.Run(fmt.Sprintf("%s, %s, lasting %v", c.call, c.fault, c.lasts), func(t *testing.T) {
			t.Parallel()
			testAccFault(t, c.call, c.fault, c.lasts)
		})
	}
}

// outcomeOf looks a fact up.
func outcomeOf(t *testing.T, call failures.Call, fault failures.Fault, lasts bool) failures.Outcome {
	t.Helper()
	for _, table := range failures.MemberTables() {
		for _, row := range table.Rows {
			if table.Call == call && slices.Contains(row.Faults, fault) {
				if lasts {
					return row.Lasts
				}
				return row.Once
			}
		}
	}
	t.Fatalf("%s has no fault %q", call, fault)
	return failures.Outcome{}
}

func testAccFault(t *testing.T, call failures.Call, fault failures.Fault, lasts bool) {
	t.Helper()
	c := newFaultCase(t, call, fault)
	want := outcomeOf(t, call, fault, lasts)
	config := func(member map[string]any) string {
		return acctest.Config(
			acctest.ProviderBlock(c.m, fmt.Sprintf("max_retries = %d", injection.Retries), fmt.Sprintf("check_templates = %v", call == failures.LookUp)),
			acctest.Member("test", expressions(member)))
	}
	holds := func(want failures.Held) resource.TestCheckFunc {
		return func(state *terraform.State) error {
			if got := c.held(); want != "" && got != want {
				return fmt.Errorf("WeChat Pay holds %s, want %s", got, want)
			}
			if r := state.RootModule().Resources[address]; r != nil && r.Primary.Tainted {
				return fmt.Errorf("the member is tainted")
			}
			return nil
		}
	}

	var steps []resource.TestStep
	if call == failures.Modify || call == failures.Invalidate || call == failures.Refresh {
		before := c.config()
		if call == failures.Modify {
			before = plain(nil)
		}
		steps = append(steps, resource.TestStep{Config: config(before)})
	}
	failing := resource.TestStep{
		PreConfig:          func() { c.fault.Inject(c.m, c.transport, call, lasts) },
		Config:             config(c.config()),
		Destroy:            call == failures.Invalidate,
		ExpectNonEmptyPlan: call == failures.Attach,
	}
	if want.Error != "" {
		failing.ExpectError = wrapped(want.Error)
	} else if call != failures.Invalidate {
		failing.Check = holds(want.Held)
	}
	steps = append(steps, failing)
	if call != failures.Invalidate {
		steps = append(steps, resource.TestStep{
			PreConfig: func() {
				c.m.ClearFaults()
				c.transport.Repair()
			},
			Config: config(c.config()),
			Check:  holds(want.NextHeld),
		})
	}
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(provider.WithTransport(c.transport)),
		Steps:                    steps,
	})
	if call == failures.Invalidate && c.held() != want.Held {
		t.Errorf("WeChat Pay holds %s, want %s", c.held(), want.Held)
	}
	c.checkImports()
}
