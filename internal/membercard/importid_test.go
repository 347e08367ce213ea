// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import "testing"

func TestParseImportID(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]importID{
		"1004/pbLatj/VIP-1/oUser":      {"1004", "pbLatj", "VIP-1", "oUser"},
		"1004/pbLatj/VIP/2024/1/oUser": {"1004", "pbLatj", "VIP/2024/1", "oUser"},
		"1004/pbLatj//x/oUser":         {"1004", "pbLatj", "/x", "oUser"},
		"1004/pbLatj/x//oUser":         {"1004", "pbLatj", "x/", "oUser"},
		"1004/pbLatj/VIP-1":            {"1004", "pbLatj", "VIP-1", ""},
		"1004/pbLatj/VIP-1/":           {"1004", "pbLatj", "VIP-1", ""},
	} {
		got, err := parseImportID(text)
		if err != nil || got != want {
			t.Errorf("parseImportID(%q) = %+v, %v; want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "1004", "1004/pbLatj", "//", "1004//VIP-1/oUser", "/pbLatj/VIP-1/oUser", "1004/pbLatj//oUser", "1004/pbLatj/"} {
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
		id, err := parseImportID(text)
		if err != nil {
			return
		}
		if id.brandID == "" || id.cardID == "" || id.userCardCode == "" {
			t.Fatalf("parseImportID(%q) = %+v has an empty part", text, id)
		}
		if id.openID == "" {
			return
		}
		again, err := parseImportID(id.whole())
		if err != nil || again != id {
			t.Fatalf("%+v came back as %+v, %v", id, again, err)
		}
	})
}
