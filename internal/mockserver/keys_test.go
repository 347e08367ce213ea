// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

func TestKeysAreKeptInADirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	first, err := mockserver.LoadKeys(dir)
	if err != nil {
		t.Fatal(err)
	}
	again, err := mockserver.LoadKeys(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !first.MerchantKey.Equal(again.MerchantKey) || first.PublicKeyID != again.PublicKeyID ||
		mockserver.SerialNumber(first.MerchantCertificate) != mockserver.SerialNumber(again.MerchantCertificate) ||
		!first.PlatformKey.Equal(again.PlatformKey) || !first.WeChatPayKey.Equal(again.WeChatPayKey) {
		t.Error("the second run has other keys")
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %o", entry.Name(), info.Mode().Perm())
		}
	}
	if err := os.Remove(filepath.Join(dir, mockserver.PublicKeyFile)); err != nil {
		t.Fatal(err)
	}
	if _, err := mockserver.LoadKeys(dir); err == nil {
		t.Error("a directory with some of the keys is taken")
	}
}
