// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package framework

import (
	"strings"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

func TestRedirectThatNamesNoHostIsSaidInWords(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]string{
		"":                    "redirects without naming another host. ",
		"portal.example:8443": `redirects to the host "portal.example:8443". `,
	} {
		err := &wechatpay.Error{Operation: "get", Kind: wechatpay.KindRedirect, StatusCode: 302, RedirectHost: host}
		if got := (CallContext{Doing: "reading the card"}).Explain(err).Detail; !strings.Contains(got, want) {
			t.Errorf("%q: %s", host, got)
		}
	}
}
