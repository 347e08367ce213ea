// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

package cardtemplate_test

import (
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

// Terraform and the provider are killed after WeChat Pay has made the template and before its
// answer is read. Nothing is in the state, and the next apply finds the one template.
func TestAccKilledTerraformLeadsToOneTemplate(t *testing.T) {
	t.Parallel()
	s, w := workspace(t)
	configure(t, s, w, block())
	if _, err := w.Init(t.Context()); err != nil {
		t.Fatal(err)
	}
	for try := range 20 {
		configure(t, s, w, block(fmt.Sprintf("card_title = \"会员卡%d\"", try)))
		s.Mock.ClearFaults()
		s.Mock.ResetRequests()
		s.Mock.Inject(mockserver.Fault{Operation: mockserver.OperationCreateTemplate, AfterWork: true, Kind: mockserver.FaultHang})
		cmd := exec.CommandContext(t.Context(), s.CLI.Terraform(), "apply", "-auto-approve", "-no-color")
		cmd.Dir, cmd.Env = w.Dir(), w.Environ()
		// A group of its own, so that the provider is killed as well.
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if err := s.Mock.WaitForRequests(t.Context(), 2); err != nil { // the list and the create
			t.Error(err)
		}
		if err := syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		_ = cmd.Wait() // It was killed.
		result, err := w.Apply(t.Context())
		if err != nil || !strings.Contains(flat(result.Stdout), "The card template existed already") {
			t.Fatalf("try %d: %v\n%s", try, err, result.Stdout)
		}
		if n := len(s.Mock.Templates()); n != try+1 {
			t.Errorf("try %d: WeChat Pay has %d templates", try, n)
		}
		if _, err := w.Run(t.Context(), "state", "rm", address); err != nil {
			t.Fatal(err)
		}
	}
}
