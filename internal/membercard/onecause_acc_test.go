// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

// roster is a configuration of n members.
func roster(n int) string {
	return fmt.Sprintf(`
resource "wechatpay_member_card_import" "test" {
  for_each       = toset([for i in range(%d) : format("VIP-%%04d", i)])
  card_id        = %q
  user_card_code = each.key
  phone_number   = "1380013${substr(each.key, 4, 4)}"
}
`, n, mockserver.TemplatePermanent)
}

// What goes wrong for the whole run sends few requests, makes at most one card, and fits on a page.
func TestAccOneCauseIsOnePage(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		members int
		fault   *mockserver.Fault
		env     map[string]string
		check   bool
		command string
		// advice is part of the full error.
		advice string
		// requests and cards are the most that may be sent and made.
		requests, cards int
	}{
		"another key signs":         {20, &mockserver.Fault{Kind: mockserver.FaultOtherKey, AfterWork: true, Count: -1}, nil, false, "apply", "Nothing of it was used.", 3, 1},
		"answers without signature": {20, &mockserver.Fault{Kind: mockserver.FaultMissingSignature, AfterWork: true, Count: -1}, nil, false, "apply", "Nothing of it was used.", 3, 1},
		// Looking the template up proves the connection, and then answers cease to verify.
		"answers without signature, once proven": {
			20, &mockserver.Fault{Operation: importCall, Kind: mockserver.FaultNoSignatureHeaders, AfterWork: true, Count: -1}, nil, true, "apply",
			"Nothing of it was used.", 2*parallelism + 3, parallelism,
		},
		"a wrong serial number":       {50, nil, map[string]string{"WECHATPAY_CERTIFICATE_SERIAL_NO": "00AA"}, false, "apply", "Check that mchid, certificate_serial_no", 3, 0},
		"a wrong serial number, plan": {50, nil, map[string]string{"WECHATPAY_CERTIFICATE_SERIAL_NO": "00AA"}, true, "plan", "Check that mchid, certificate_serial_no", 3, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tr, w := acctest.Workspace(t, mockserver.Options{})
			w.Setenv("WECHATPAY_CHECK_TEMPLATES", fmt.Sprint(c.check))
			for name, value := range c.env {
				w.Setenv(name, value)
			}
			if err := w.WriteFile("main.tf", tr.CLI.Address().RequiredProviders()+roster(c.members)); err != nil {
				t.Fatal(err)
			}
			if _, err := w.Init(t.Context()); err != nil {
				t.Fatal(err)
			}
			if c.fault != nil {
				tr.Mock.Inject(*c.fault)
			}
			args := []string{c.command, "-input=false", "-no-color"}
			if c.command == "apply" {
				if _, _, err := w.Plan(t.Context(), "-out=saved"); err != nil {
					t.Fatal(err)
				}
				args = append(args, "saved")
			}
			result, err := w.Run(t.Context(), args...)
			if err == nil {
				t.Fatal("no error")
			}
			// Terraform prints nine lines for an error of one line.
			most := 60
			if c.command == "apply" {
				most += 9 * (c.members - 1)
			}
			text := strings.Join(strings.Fields(result.Stderr), " ")
			if lines := strings.Count(result.Stderr, "\n"); lines > most || strings.Count(text, c.advice) != 1 {
				t.Errorf("%d lines of errors, want at most %d and %q once:\n%s", lines, most, c.advice, result.Stderr)
			}
			if sent, made := len(tr.Mock.Requests()), len(tr.Mock.Cards()); sent > c.requests || made > c.cards {
				t.Errorf("%d requests, %d cards", sent, made)
			}
		})
	}
}

// net/http prints bytes that follow an answer to the standard logger. A provider's standard logger
// goes into Terraform's log.
func TestAccStrayBytesOfAnAnswerAreNotLogged(t *testing.T) {
	t.Parallel()
	const stray = "STRAY-BYTES-13800138000"
	tr, w := acctest.Workspace(t, mockserver.Options{})
	w.Setenv("WECHATPAY_CHECK_TEMPLATES", "false")
	w.Trace(true)
	if err := w.WriteFile("main.tf", tr.CLI.Address().RequiredProviders()+acctest.Member("test", expressions(plain(map[string]any{"attach": "门店"})))); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Init(t.Context()); err != nil {
		t.Fatal(err)
	}
	tr.Mock.Inject(mockserver.Fault{Kind: mockserver.FaultStrayBytes, Body: []byte(stray), Count: -1})
	result, err := w.Apply(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	log, err := os.ReadFile(result.TracePath)
	if err != nil {
		t.Fatal(err)
	}
	if len(tr.Mock.Requests()) == 0 || strings.Contains(result.Stdout+result.Stderr+string(log), stray) {
		t.Errorf("the bytes after an answer are in the log, after %d requests", len(tr.Mock.Requests()))
	}
}
