// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/terraformcli"
)

// Main is what a package with acceptance tests calls from its TestMain:
//
//	func TestMain(m *testing.M) { acctest.Main(m) }
//
// It hides the environment of the person who runs the tests:
// no credentials, no Terraform variables, arguments, logs or CLI configuration. With
// TF_ACC=1 it makes sure that there is a Terraform to run. In the end it removes what [Workspace] built.
func Main(m *testing.M) {
	cleanup, err := isolate()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	// The exit code is the test binary's own: it exits with what m.Run found.
	defer cleanup()
	defer func() {
		if installation.cli != nil {
			_ = installation.cli.Close()
		}
	}()
	m.Run()
}

// isolate changes the environment. cleanup removes the files that it made.
func isolate() (cleanup func(), err error) {
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		// Those of the test framework itself stay.
		if terraformcli.Clears(name) && !strings.HasPrefix(name, "TF_ACC") {
			if err := os.Unsetenv(name); err != nil {
				return nil, err
			}
		}
	}
	dir, err := os.MkdirTemp("", "terraform-provider-wechatpay-acctest-")
	if err != nil {
		return nil, err
	}
	cleanup = func() { _ = os.RemoveAll(dir) }
	set := map[string]string{
		"TF_CLI_CONFIG_FILE": filepath.Join(dir, "terraformrc"),
		"CHECKPOINT_DISABLE": "1",
	}
	if os.Getenv("TF_ACC") != "" && os.Getenv("TF_ACC_TERRAFORM_PATH") == "" && os.Getenv("TF_ACC_TERRAFORM_VERSION") == "" {
		terraform, err := terraformcli.Find()
		if err != nil {
			cleanup()
			return nil, fmt.Errorf("acceptance tests (TF_ACC=1): %w", err)
		}
		set["TF_ACC_TERRAFORM_PATH"] = terraform
	}
	if err := os.WriteFile(set["TF_CLI_CONFIG_FILE"], nil, 0o600); err != nil {
		cleanup()
		return nil, err
	}
	for name, value := range set {
		if err := os.Setenv(name, value); err != nil {
			cleanup()
			return nil, err
		}
	}
	return cleanup, nil
}
