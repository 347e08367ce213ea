// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"os"
	"strings"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/failures"
)

func TestNamesAreGroupedByTheMoment(t *testing.T) {
	t.Parallel()
	got := names([]failures.Fault{"202, before the work", "202, after the work", "503, after the work", "504, before the work", "302"})
	if want := "202; 302<br>*Before the work was done:* 504<br>*After the work was done:* 503"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTextAroundTheTablesStays(t *testing.T) {
	t.Parallel()
	got, err := replaceTables("before\n"+begin+"old\n"+end+"after\n", "new\n")
	if want := "before\n" + begin + "new\n" + end + "after\n"; err != nil || got != want {
		t.Errorf("got %q, want %q: %v", got, want, err)
	}
	if _, err := replaceTables("no marks", "new\n"); err == nil {
		t.Error("a guide without marks is accepted")
	}
}

// The guide says what the tables say: .ci/generate.sh writes it.
func TestGuideIsCurrent(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile("../../../templates/guides/failures.md.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	guide := strings.ReplaceAll(string(content), "\r\n", "\n")
	if got, err := replaceTables(guide, tables(failures.Tables())); err != nil || got != guide {
		t.Errorf("the guide is not current: run go run ./internal/cmd/failuresguide templates/guides/failures.md.tmpl (%v)", err)
	}
}
