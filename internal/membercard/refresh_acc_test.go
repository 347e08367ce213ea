// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

// What the guide on large rosters has a nightly job do: it reads every card, and what it has
// read counts in the plans of the day, although nothing has changed.
func TestAccRefreshOnlyKeepsTheTimeOfReading(t *testing.T) {
	t.Parallel()
	box, w := acctest.Workspace(t, mockserver.Options{})
	w.Setenv("WECHATPAY_CHECK_TEMPLATES", "false")
	if err := w.WriteFile("main.tf", box.CLI.Address().RequiredProviders()+acctest.Member("test", expressions(plain(nil)))); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Init(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Apply(t.Context()); err != nil {
		t.Fatal(err)
	}
	// The member was imported long ago: the provider's own note of it is gone.
	file := filepath.Join(w.Dir(), "terraform.tfstate")
	state, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	old := regexp.MustCompile(`"private": "[^"]*"`).ReplaceAll(state, []byte(`"private": "bnVsbA=="`))
	if err := os.WriteFile(file, old, 0o600); err != nil {
		t.Fatal(err)
	}
	box.Mock.ResetRequests()

	w.Setenv("WECHATPAY_REFRESH_INTERVAL", "1s")
	if _, err := w.Apply(t.Context(), "-refresh-only"); err != nil {
		t.Fatal(err)
	}
	if err := countRequests(box.Mock, calls(mockserver.OperationGet)); err != nil {
		t.Errorf("in the night: %v", err)
	}
	w.Setenv("WECHATPAY_REFRESH_INTERVAL", "24h")
	if changes, _, err := w.Plan(t.Context()); err != nil || changes {
		t.Errorf("changes %t, %v", changes, err)
	}
	if err := countRequests(box.Mock, none()); err != nil {
		t.Errorf("in the day: %v", err)
	}
}
