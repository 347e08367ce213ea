// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package sandbox

import (
	"slices"
	"testing"
)

func TestLeaksFindsSecretsAndLinesOfKeys(t *testing.T) {
	t.Parallel()
	secrets := map[string]string{
		"phone": "13800138000",
		"key":   "-----BEGIN PRIVATE KEY-----\nMIIEvQ\nIBADAN\n-----END PRIVATE KEY-----\n",
		"empty": "",
	}
	for text, want := range map[string][]string{
		"phone_number = 13800138000":              {"phone"},
		"log: IBADAN":                             {"key"},
		"138****8000 -----BEGIN PRIVATE KEY-----": nil,
	} {
		if got := Leaks(text, secrets); !slices.Equal(got, want) {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
