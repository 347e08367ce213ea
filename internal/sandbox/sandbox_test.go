// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package sandbox

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

func TestSentHasCiphertextsAndSignatures(t *testing.T) {
	t.Parallel()
	encrypted := strings.Repeat("aB+/", 86)
	got := Sent([]mockserver.Request{{
		Header: http.Header{"Authorization": {`SCHEME nonce_str="x",signature="c2ln",serial_no="1"`}},
		Body:   []byte(`{"user_card_code":"VIP-1","phone_number":"` + encrypted + `"}`),
	}})
	if want := map[string]string{"ciphertext 0 of request 0": encrypted, "the signature of request 0": "c2ln"}; !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

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
