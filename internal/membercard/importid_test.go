// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

func TestParseImportID(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]wechatpay.CardRef{
		"1004/pbLatj/VIP-1/oUser":      {BrandID: "1004", CardID: "pbLatj", UserCardCode: "VIP-1", OpenID: "oUser"},
		"1004/pbLatj/VIP/2024/1/oUser": {BrandID: "1004", CardID: "pbLatj", UserCardCode: "VIP/2024/1", OpenID: "oUser"},
		"1004/pbLatj//x/oUser":         {BrandID: "1004", CardID: "pbLatj", UserCardCode: "/x", OpenID: "oUser"},
		"1004/pbLatj/x//oUser":         {BrandID: "1004", CardID: "pbLatj", UserCardCode: "x/", OpenID: "oUser"},
		"1004/pbLatj/VIP-1":            {BrandID: "1004", CardID: "pbLatj", UserCardCode: "VIP-1", OpenID: ""},
		"1004/pbLatj/VIP-1/":           {BrandID: "1004", CardID: "pbLatj", UserCardCode: "VIP-1", OpenID: ""},
	} {
		got, err := parseImportID(text)
		if err != nil || got != want {
			t.Errorf("parseImportID(%q) = %+v, %v; want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "1004", "1004/pbLatj", "//", "1004//VIP-1/oUser", "/pbLatj/VIP-1/oUser", "1004/pbLatj//oUser", "1004/pbLatj/", "1004/pbLatj/./oUser", "1004/pbLatj/../oUser"} {
		if got, err := parseImportID(text); err == nil {
			t.Errorf("parseImportID(%q) = %+v, want an error", text, got)
		}
	}
}

func FuzzParseImportID(f *testing.F) {
	for _, seed := range []string{"1004/pbLatj/VIP-1/oUser", "a/b/c/d/e", "//", "a/b//", ""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		ref, err := parseImportID(text)
		if err != nil {
			return
		}
		if ref.BrandID == "" || ref.CardID == "" || ref.UserCardCode == "" {
			t.Fatalf("parseImportID(%q) = %+v has an empty part", text, ref)
		}
		if ref.OpenID == "" {
			return
		}
		again, err := parseImportID(resourceID(ref) + "/" + ref.OpenID)
		if err != nil || again != ref {
			t.Fatalf("%+v came back as %+v, %v", ref, again, err)
		}
	})
}
