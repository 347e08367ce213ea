// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package phonenumber_test

import (
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/phonenumber"
)

func TestShortQuantitiesIdentifyNobody(t *testing.T) {
	t.Parallel()

	for text, want := range map[string]bool{
		"1.38E+10": true, "1.38001E+10": true, "1,38e+10": true, "1E+15": true,
		"1.380013E+10": false, "13800138000": false, "13.8E+9": false, "": false,
	} {
		if got := phonenumber.IsShortQuantity(text); got != want {
			t.Errorf("IsShortQuantity(%q) = %t; want %t", text, got, want)
		}
	}
}

func TestLooksLikeFindsPhoneNumbersInOtherText(t *testing.T) {
	t.Parallel()

	for text, want := range map[string]bool{
		"13800138000":        true,
		"+86 138-0013-8000":  true,
		"+85291234567":       true,
		"VIP13800138000":     true,
		"VIP-13800138000-A":  true,
		"13800138000@shop":   true,
		"VIP-138-0013-8000":  true,
		"VIP_138.0013.8000":  true,
		"VIP/8613800138000":  true,
		"no.008613800138000": true,
		"２０２４-１３８００１３８０００":            true,
		"VIP-138\u20130013\u20138000": true,
		"VIP1380\u200b0138000":        true,

		"":                     false,
		"VIP-0001":             false,
		"1380013800":           false,
		"138001380001":         false, // a serial number with as many digits more
		"6222138001380001":     false, // a card number
		"1380013800012345":     false,
		"12800138000":          false,
		"20241380013":          false,
		"VIP-85291234567":      false, // of another country, and no plus says so
		"1-3800-138-000":       true,  // Normalize accepts hyphens anywhere
		"A1-3800-138-000":      false,
		"oUpF8uMuAJO_M2pxb1Q9": false,
		"会员":                   false,
		"\xff13800138000":      true,
	} {
		if got := phonenumber.LooksLike(text); got != want {
			t.Errorf("LooksLike(%q) = %t; want %t", text, got, want)
		}
	}
}

func TestContainsFindsThePhoneNumberOfSomebody(t *testing.T) {
	t.Parallel()

	for _, test := range []struct {
		text, number string
		want         bool
	}{
		{"0113800138000", "13800138000", true},
		{"138001380001", "13800138000", true},
		{"6213800138000999", "13800138000", true},
		{"8613800138000-1", "+86 138-0013-8000", true},
		{"VIP-138-0013-8000", "13800138000", true},
		{"１３８００１３８０００９", "13800138000", true},
		{"85291234567", "+85291234567", true},
		{"91234567", "+85291234567", true},
		{"VIP-9123-4567-1", "00852 9123 4567", true},
		{"4155550100", "+14155550100", true},

		{"138001380002", "13800138001", false},
		{"VIP-38000", "13800138000", false},
		{"VIP-0001", "", false},
		{"0001", "001", false},
		{"VIP-0001", "+852", false},
		{"VIP-8529123", "+85291234567", false},
	} {
		if got := phonenumber.Contains(test.text, test.number); got != test.want {
			t.Errorf("Contains(%q, %q) = %t; want %t", test.text, test.number, got, test.want)
		}
	}
}
