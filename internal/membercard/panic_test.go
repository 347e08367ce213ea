// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest/injection"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/failures"
)

// panics is a mistake in the provider, with a personal value in its words.
func panics() injection.Fault {
	return injection.Fault{Name: "a panic", Transport: func(http.RoundTripper, *http.Request) (*http.Response, error) {
		panic("no card for " + samplePhone)
	}}
}

// A mistake in the provider is a diagnostic that names the operation and the place and
// carries no value. What was known of the member stays in the state.
func TestPanicIsADiagnostic(t *testing.T) {
	t.Parallel()
	for call, operation := range map[failures.Call]string{
		failures.ImportByPhone: "Importing the member", failures.ImportByOpenID: "Importing the member",
		failures.Attach: "Completing the member's card", failures.Modify: "Changing the member's card",
		failures.Invalidate: "Destroying the member", failures.Refresh: "Reading the member's card",
		failures.Card: "Reading a member's card", failures.Cards: "Listing a user's cards", failures.Template: "Reading a card template",
		failures.LookUp: "Planning the member",
	} {
		t.Run(string(call), func(t *testing.T) {
			t.Parallel()
			c := caseOf(t, call, panics())
			act, again := c.prepare()
			c.fault.Inject(c.m, c.transport, call, true)
			state, diags := act()
			if len(diags) != 1 || !strings.Contains(diags[0].Summary, "The provider has a bug") || !strings.Contains(diags[0].Detail, operation+" stopped unexpectedly (panic") ||
				!strings.Contains(diags[0].Detail, " in membercard_test.") {
				t.Errorf("want one diagnostic that names the operation and the place, got:\n%s", diags)
			}
			if strings.Contains(diags.String(), samplePhone) || strings.Contains(diags.String(), "no card for") {
				t.Errorf("the panic's words are printed:\n%s", diags)
			}
			if state.Tainted {
				t.Error("the member is tainted")
			}
			known := call == failures.Attach || call == failures.Modify || call == failures.Invalidate || call == failures.Refresh
			if known && state.Get("openid") != c.m.OpenID(samplePhone) {
				t.Errorf("what was known is lost: %v", state.Values())
			}
			// Where the mistake is gone, the next apply does what is left.
			c.transport.Repair()
			c.p.NewRun()
			if state, diags = again(state); diags.HasErrors() {
				t.Error(diags)
			}
			if call.Writes() {
				c.checkNothingLeft(state)
			}
		})
	}
}
