// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"os"
	"sync"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/provider"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/sandbox"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/terraformcli"
)

// installation is a build of the provider that Terraform finds, made once for a test binary: linking
// it takes seconds. Main removes it.
var installation struct {
	once sync.Once
	cli  *terraformcli.CLI
	err  error
}

// Workspace is a mock of the test's own, and a folder in which a real Terraform starts the provider
// as users' Terraform does, with its log and its exit code. The test is skipped without TF_ACC.
func Workspace(t testing.TB, options mockserver.Options) (*sandbox.Sandbox, *terraformcli.Workspace) {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("runs Terraform: set TF_ACC=1")
	}
	installation.once.Do(func() {
		installation.cli, installation.err = terraformcli.New(t.Context(), terraformcli.Options{Address: provider.Address})
	})
	if installation.err != nil {
		t.Fatalf("cannot install the provider: %v", installation.err)
	}
	s := &sandbox.Sandbox{Mock: StartMock(t, options), CLI: installation.cli}
	w, err := s.Workspace("test")
	if err != nil {
		t.Fatal(err)
	}
	return s, w
}
