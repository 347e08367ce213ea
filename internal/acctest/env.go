// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Main is what a package with acceptance tests calls from its TestMain:
//
//	func TestMain(m *testing.M) { acctest.Main(m) }
//
// It hides the environment of the person who runs the tests:
// no credentials, no Terraform variables, arguments, logs or CLI configuration. With
// TF_ACC=1 it makes sure that there is a Terraform to run.
func Main(m *testing.M) {
	cleanup, err := isolate()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	// The exit code is the test binary's own: it exits with what m.Run found.
	defer cleanup()
	m.Run()
}

// isolate changes the environment. cleanup removes the files that it made.
func isolate() (cleanup func(), err error) {
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if leaks(name) {
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
		terraform, err := exec.LookPath("terraform")
		if err != nil {
			cleanup()
			return nil, fmt.Errorf("acceptance tests (TF_ACC=1) need the Terraform command, and none is on PATH: %w\n"+
				"Install it from https://developer.hashicorp.com/terraform/install, or set TF_ACC_TERRAFORM_PATH to one", err)
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

// leaks reports whether a variable changes what Terraform or the provider does. Those of
// the test framework itself (TF_ACC…) stay.
func leaks(name string) bool {
	return strings.HasPrefix(name, "WECHATPAY_") || strings.HasPrefix(name, "TOFU_") ||
		strings.HasPrefix(name, "TF_") && !strings.HasPrefix(name, "TF_ACC")
}
