// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/journal"
)

func TestJournalIsHandedOn(t *testing.T) {
	t.Parallel()
	for _, origin := range []string{"configuration", "environment"} {
		t.Run(origin, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "journal")
			e, block := completeEnv(), map[string]tftypes.Value{}
			if origin == "environment" {
				e.vars["WECHATPAY_JOURNAL_PATH"] = path + "\n"
			} else {
				block["journal_path"] = tftypes.NewValue(tftypes.String, path)
			}
			data := providerData(t, configure(t, e, block))
			if data.Journal == nil {
				t.Fatal("there is no journal")
			}
			entry := journal.Entry{Key: journal.Key{BrandID: "1004", CardID: "c", UserCardCode: "1001"}, OpenID: "o"}
			if err := data.Journal.Append(entry); err != nil {
				t.Fatal(err)
			}
			// The key is the merchant's, so the next process reads it.
			again := providerData(t, configure(t, e, block))
			if got, ok, err := again.Journal.Find(entry.Key); got != entry || !ok || err != nil {
				t.Errorf("got %+v, %v, %v", got, ok, err)
			}
		})
	}
	if data := providerData(t, configure(t, completeEnv(), nil)); data.Journal != nil {
		t.Error("there is a journal that nobody configured")
	}
}

func TestJournalThatCannotBeWrittenIsAnError(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	roster := filepath.Join(dir, "members.csv")
	if err := os.WriteFile(roster, []byte("user_card_code\n1001\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ path, says string }{
		"no folder":    {filepath.Join(dir, "missing", "journal"), "no such file"},
		"a folder":     {dir, "directory"},
		"other file":   {roster, "not a journal"},
		"home":         {"~/journal", "pathexpand"},
		"a device":     {os.DevNull, "not a regular file"},
		"below a file": {filepath.Join(roster, "journal"), "cannot be written"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, diags := resolve(model{JournalPath: str(c.path)}, completeEnv().sources(t))
			expect(t, diags, nil, at("journal_path", c.says, "WECHATPAY_JOURNAL_PATH"))
			if s.journal != nil || s.complete {
				t.Error("members would be imported")
			}
		})
	}
}

// terraform validate, and a plan that cannot import anything, make no file.
func TestJournalIsNotMadeInVain(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "journal")
	for name, c := range map[string]struct {
		m   model
		src sources
	}{
		"validate":      {model{JournalPath: str(path)}, sources{now: testNow}},
		"unknown key":   {model{JournalPath: str(path), PrivateKey: types.StringUnknown()}, completeEnv().sources(t)},
		"unknown path":  {model{JournalPath: types.StringUnknown()}, completeEnv().sources(t)},
		"another error": {model{JournalPath: str(path), MchID: str("x")}, completeEnv().sources(t)},
	} {
		s, _ := resolve(c.m, c.src)
		if s.journal != nil {
			t.Errorf("%s: there is a journal", name)
		}
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("the file was made")
	}
	if s, _ := resolve(model{JournalPath: types.StringUnknown()}, completeEnv().sources(t)); !s.complete {
		t.Error("an unknown path does not keep a plan from reading")
	}
}
