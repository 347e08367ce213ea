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

// A person looks for what an error names: a brand has no merchant number and no platform
// certificate, and a service provider has no brand API certificate.
func TestErrorsNameTheCredentialsOfTheirMode(t *testing.T) {
	t.Parallel()
	foreign := map[wechatpay.MerchantMode][]string{
		wechatpay.ModeBrand:           {"mchid", "merchant number", "merchant platform", "platform_certificate", "authorise"},
		wechatpay.ModeServiceProvider: {"brand_id", "brand platform", "品牌", "brand API certificate"},
	}
	own := map[wechatpay.Kind]map[wechatpay.MerchantMode]string{
		wechatpay.KindSign:       {wechatpay.ModeBrand: "brand_id, certificate_serial_no", wechatpay.ModeServiceProvider: "mchid, certificate_serial_no"},
		wechatpay.KindNoAuth:     {wechatpay.ModeBrand: "open for this brand", wechatpay.ModeServiceProvider: "have the brand authorise"},
		wechatpay.KindPermission: {wechatpay.ModeBrand: "the brand may not make", wechatpay.ModeServiceProvider: "the brand has authorised"},
		wechatpay.KindRate:       {wechatpay.ModeBrand: "of one brand share", wechatpay.ModeServiceProvider: "of one merchant number share"},
	}
	for kind, says := range own {
		for mode, want := range says {
			e := &wechatpay.Error{Operation: wechatpay.OperationGet, Kind: kind, Mode: mode, StatusCode: 403, Code: "X"}
			got := (CallContext{Doing: "reading the card"}).Explain(e)
			if !strings.Contains(got.Detail, want) {
				t.Errorf("%s, %s: want %q in: %s", mode, kind, want, got.Detail)
			}
			for _, word := range foreign[mode] {
				if strings.Contains(got.Detail, word) {
					t.Errorf("%s, %s: %q in: %s", mode, kind, word, got.Detail)
				}
			}
		}
	}
	for _, reason := range []wechatpay.ValidationReason{wechatpay.ReasonUnknownSerial, wechatpay.ReasonBadSignature} {
		for mode, words := range foreign {
			e := &wechatpay.Error{Kind: wechatpay.KindSignature, Mode: mode, Err: &wechatpay.ValidationError{Reason: reason}}
			detail := (CallContext{Doing: "reading the card"}).Explain(e).Detail
			for _, word := range words {
				if strings.Contains(detail, word) {
					t.Errorf("%s, %s: %q in: %s", mode, reason, word, detail)
				}
			}
		}
	}
}

// A signature that is refused is often that of the other mode: each mode's error says so.
func TestRefusedSignatureNamesTheOtherMode(t *testing.T) {
	t.Parallel()
	for mode, want := range map[wechatpay.MerchantMode]string{
		wechatpay.ModeBrand: "a service provider's merchant API certificate is not accepted", wechatpay.ModeServiceProvider: `set merchant_mode = "brand"`,
	} {
		e := &wechatpay.Error{Operation: wechatpay.OperationGet, Kind: wechatpay.KindSign, Mode: mode, StatusCode: 401, Code: "SIGN_ERROR"}
		if got := (CallContext{Doing: "reading the card"}).Explain(e).Detail; !strings.Contains(got, want) {
			t.Errorf("%s: %s", mode, got)
		}
	}
}
