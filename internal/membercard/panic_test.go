// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"net/http"
	"strings"
	"testing"
)

// panics is a mistake in the provider, with a personal value in its words.
func panics() fault {
	return fault{name: "a panic", line: func(http.RoundTripper, *http.Request) (*http.Response, error) {
		panic("no card for " + samplePhone)
	}}
}

// A mistake in the provider is a diagnostic that names the operation and the place and
// carries no value. What was known of the member stays in the state.
func TestPanicIsADiagnostic(t *testing.T) {
	t.Parallel()
	for s, operation := range map[site]string{
		siteImport: "Importing the member", siteAttach: "Completing the member's card", siteModify: "Changing the member's card",
		siteInvalidate: "Destroying the member", siteRefresh: "Reading the member's card",
		siteCard: "Reading a member's card", siteCards: "Listing a user's cards", siteTemplate: "Reading a card template",
		siteLookUp: "Planning the member",
	} {
		t.Run(string(s), func(t *testing.T) {
			t.Parallel()
			c := newCell(t, s, panics())
			act, again := c.prepare()
			c.f.inject(c.m, c.l, s, true)
			state, diags := act()
			if len(diags) != 1 || !strings.Contains(diags[0].Summary, "The provider has a bug") || !strings.Contains(diags[0].Detail, operation+" stopped because of a bug") ||
				!strings.Contains(diags[0].Detail, " in membercard_test.") {
				t.Errorf("want one diagnostic that names the operation and the place, got:\n%s", diags)
			}
			if strings.Contains(diags.String(), samplePhone) || strings.Contains(diags.String(), "no card for") {
				t.Errorf("the panic's words are printed:\n%s", diags)
			}
			if state.Tainted {
				t.Error("the member is tainted")
			}
			known := s == siteAttach || s == siteModify || s == siteInvalidate || s == siteRefresh
			if known && state.Get("openid") != c.m.OpenID(samplePhone) {
				t.Errorf("what was known is lost: %v", state.Values())
			}
			// Where the mistake is gone, the next apply does what is left.
			c.l.mend()
			c.p.NewRun()
			if state, diags = again(state); diags.HasErrors() {
				t.Error(diags)
			}
			if s.writes() {
				c.checkNothingLeft(state)
			}
		})
	}
}
