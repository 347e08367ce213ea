// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

// terraformRuns skips a test that runs Terraform where that is not asked for, and has what
// it makes put into a folder of its own.
func terraformRuns(t *testing.T) (temporary string) {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("runs Terraform: set TF_ACC=1")
	}
	temporary = t.TempDir()
	t.Setenv("TMPDIR", temporary)
	return temporary
}

func assertEmpty(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		t.Errorf("left behind: %s", entry.Name())
	}
}

func TestDemoPassesAndLeavesNothingBehind(t *testing.T) {
	temporary := terraformRuns(t)
	var output strings.Builder
	if err := run(t.Context(), &output, false); err != nil {
		t.Fatalf("%v\n%s", err, output.String())
	}
	if !strings.Contains(output.String(), "All 10 checks hold: 20 members imported") {
		t.Errorf("it ends without saying so:\n%s", output.String())
	}
	if strings.Contains(output.String(), "13800138") {
		t.Error("a phone number is shown")
	}
	assertDrawn(t, output.String())
	// Last of all, so that it is of all: a key, the members' phone numbers and their ciphertexts,
	// and the signatures of their imports and of two readings of each.
	_, search, _ := strings.Cut(output.String(), "cards live on at WeChat Pay")
	if _, search, _ = strings.Cut(search, "none of "); search == "" {
		t.Fatalf("no search after the last command:\n%s", output.String())
	}
	if n, err := strconv.Atoi(strings.Fields(search)[0]); err != nil || n < 1+5*20 {
		t.Errorf("searched for %d secrets: %v", n, err)
	}
	assertEmpty(t, temporary)
}

// assertDrawn fails if the picture in the repository shows another demo. The order in which
// Terraform completes resources is another each time.
func assertDrawn(t *testing.T, printed string) {
	t.Helper()
	drawn, err := os.ReadFile("demo.svg")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range shorten(printed) {
		line = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "✓"))
		if !strings.HasSuffix(line, ": Creation complete") && !strings.Contains(string(drawn), escape(line)) {
			t.Errorf("demo.svg does not show %q: run make demo ARGS='-picture internal/cmd/demo/demo.svg'", line)
		}
	}
}

func TestThePictureIsShortAndTheSameEachTime(t *testing.T) {
	t.Parallel()
	printed := "\n\x1b[1m1. terraform apply\x1b[0m\n" + strings.Repeat("   a.b: Creation complete after 12s [id=1004/2/3]\n", 5) +
		"   Terraform says much else.\n   \x1b[32m✓\x1b[0m none of 9 secrets is in 471 KiB of output: keys\n"
	want := []string{"", "1. terraform apply", "   a.b: Creation complete", "   a.b: Creation complete", "   a.b: Creation complete", "   ...", "   ✓ no secret is in the output: keys"}
	if got := shorten(printed); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestAnInterruptedDemoCleansUp(t *testing.T) {
	temporary := terraformRuns(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var output strings.Builder
	err := run(ctx, writerFunc(func(p []byte) {
		output.Write(p)
		if strings.Contains(string(p), ": Creation complete") {
			cancel()
		}
	}), false)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v\n%s", err, output.String())
	}
	assertEmpty(t, temporary)
}

type writerFunc func([]byte)

func (f writerFunc) Write(p []byte) (int, error) { f(p); return len(p), nil }

func TestAFailedCheckFailsTheDemo(t *testing.T) {
	t.Parallel()
	var output strings.Builder
	d := &demo{screen: newScreen(&output, false)}
	d.check(true, "one and one is two")
	d.check(false, "none of %d secrets is in the output%s", 3, list([]string{"b", "a", "b"}))
	err := d.conclude()
	if err == nil || !strings.Contains(err.Error(), "none of 3 secrets is in the output: found a, b") {
		t.Errorf("the error is %v", err)
	}
	if !strings.Contains(output.String(), "✓ one and one") || !strings.Contains(output.String(), "✗ none of 3") {
		t.Errorf("shown: %s", output.String())
	}
}

func TestAPlanShowsItsFirstMemberOnly(t *testing.T) {
	t.Parallel()
	block := func(code string) string {
		return "  # wechatpay_member_card_import.y[\"" + code + "\"] will be created\n  + resource \"x\" \"y\" {\n      + o = {\n        }\n    }\n\n"
	}
	got := abridge("before\n" + block("VIP-0001") + block("VIP-0002") + block("VIP-0003") + "Plan: 3 to add\n\n────\nSaved")
	want := "before\n" + block("VIP-0001") + "  (and 2 more members, which this demo leaves out)\n\nPlan: 3 to add\n\n"
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestUnknownArgumentsAreRefused(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-members", "5"}, {"everything"}} {
		var stdout, stderr strings.Builder
		if code := start(t.Context(), args, &stdout, &stderr); code != 2 || stdout.Len() > 0 || !strings.Contains(stderr.String(), "usage:") {
			t.Errorf("%v: exit code %d, %s%s", args, code, stdout.String(), stderr.String())
		}
	}
}

// A machine that stutters sends six requests within a second. That is no failure.
func TestARefusalThatWasRetriedIsCountedApart(t *testing.T) {
	t.Parallel()
	requests := []mockserver.Request{
		{Operation: mockserver.OperationUploadImage, Status: 200},
		{Operation: mockserver.OperationListTemplates, Status: 200},
		{Operation: mockserver.OperationCreateTemplate, Status: 200},
		{Operation: mockserver.OperationImportByPhone, Status: 429},
		{Operation: mockserver.OperationImportByPhone, Status: 200},
		{Operation: mockserver.OperationImportByOpenID, Status: 200},
		{Operation: mockserver.OperationImportByPhone, Status: 500},
		{Operation: mockserver.OperationGet, Status: 200},
	}
	want := counts{pictures: 1, templates: 1, byPhone: 1, byOpenID: 1, limited: 1, others: 2}
	if got := countRequests(requests); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestColourIsOnlyForTerminals(t *testing.T) {
	t.Parallel()
	for _, colored := range []bool{true, false} {
		var output strings.Builder
		s := newScreen(&output, colored)
		s.heading("title")
		s.check(true, "holds")
		s.check(false, "does not")
		s.note("note")
		if got := strings.Count(output.String(), "\x1b["); (got > 0) != colored {
			t.Errorf("coloured %v: %d escape sequences in %q", colored, got, output.String())
		}
	}
}
