// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package journal

import (
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"
)

// Others read a line as RFC 7516 says, without this package.
func TestLineIsAJSONWebEncryption(t *testing.T) {
	t.Parallel()
	c, err := newLineCrypto(merchantKey())
	if err != nil {
		t.Fatal(err)
	}
	long := Entry{Key{strings.Repeat("b", 32), strings.Repeat("c", 32), strings.Repeat("d", 32)}, strings.Repeat("o", 128)}
	line, err := c.encrypt(long)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(string(line), ".")
	if len(parts) != 5 {
		t.Fatalf("%d parts", len(parts))
	}
	raw := make([][]byte, len(parts))
	for i, part := range parts {
		if raw[i], err = base64.RawURLEncoding.DecodeString(part); err != nil {
			t.Fatal(err)
		}
	}
	var header map[string]string
	if err := json.Unmarshal(raw[0], &header); err != nil {
		t.Fatal(err)
	}
	if header["alg"] != "RSA-OAEP-256" || header["enc"] != "A256GCM" || !slices.Equal(slices.Sorted(maps.Keys(header)), []string{"alg", "enc", "kid", "lookup"}) {
		t.Errorf("header %v", header)
	}
	key, err := merchantKey().Decrypt(nil, raw[1], &rsa.OAEPOptions{Hash: crypto.SHA256})
	if err != nil {
		t.Fatal(err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := gcm.Open(nil, raw[2], slices.Concat(raw[3], raw[4]), []byte(parts[0]))
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]string
	if err := json.Unmarshal(plain, &got); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"brand_id": long.BrandID, "card_id": long.CardID, "user_card_code": long.UserCardCode, "openid": long.OpenID}
	if !maps.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}
