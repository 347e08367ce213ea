// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"crypto/rand"
	"crypto/rsa"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/journal"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/providerdata"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// A journal that fails after the import costs the member nothing but the journal's line, and says so.
func TestJournalThatCannotBeWrittenIsAWarning(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "journal")
	j, err := journal.Open(file, key)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(file, 0o700); err != nil {
		t.Fatal(err)
	}
	var diags diag.Diagnostics
	r := &importResource{data: &providerdata.Data{Journal: j}}
	r.appendToJournal(wechatpay.CardRef{BrandID: "1004", CardID: "p1", UserCardCode: "VIP-1", OpenID: "oUser"}, &diags)
	if diags.HasError() || diags.WarningsCount() != 1 || !strings.Contains(diags[0].Detail(), "The openid is in the state") {
		t.Errorf("got %v", diags)
	}
}
