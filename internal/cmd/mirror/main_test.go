// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/provider"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/terraformcli"
)

func TestTheFolderIsRequired(t *testing.T) {
	t.Parallel()
	if err := run(t.Context(), []string{"-dir", ""}, io.Discard, io.Discard); err == nil || !strings.Contains(err.Error(), "DIR=") {
		t.Errorf("the error is %v", err)
	}
}

// Terraform is given the printed lines, in another folder than the mirror was made from.
func TestTerraformInstallsFromTheMirrorWithThePrintedLines(t *testing.T) {
	if os.Getenv("TF_ACC") == "" {
		t.Skip("runs Terraform: set TF_ACC=1")
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	relative, err := filepath.Rel(here, filepath.Join(t.TempDir(), "a mirror"))
	if err != nil {
		t.Fatal(err)
	}
	var printed strings.Builder
	for range 2 { // the second build replaces the first
		printed.Reset()
		if err := run(t.Context(), []string{"-dir", relative, "-release", "1.2.3"}, &printed, t.Output()); err != nil {
			t.Fatal(err)
		}
	}
	cli, err := terraformcli.New(t.Context(), terraformcli.Options{Address: provider.Address, Mirror: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cli.Close(); err != nil {
			t.Error(err)
		}
	})
	w, err := cli.Workspace("mirror")
	if err != nil {
		t.Fatal(err)
	}
	config := regexp.MustCompile(`(?s)provider_installation \{.*`).FindString(printed.String())
	w.Setenv("TF_CLI_CONFIG_FILE", filepath.Join(w.Dir(), "printed.rc"))
	if err := w.WriteFile("printed.rc", config); err != nil {
		t.Fatal(err)
	}
	if err := w.WriteFile("main.tf", cli.Address().RequiredProviders()); err != nil {
		t.Fatal(err)
	}
	if result, err := w.Init(t.Context()); err != nil || !strings.Contains(result.Stdout, "Installed wechatpay-iac/wechatpay v1.2.3") {
		t.Errorf("init: %v\n%s\nprinted:\n%s", err, result.Stdout, printed.String())
	}
}

// Terraform on Windows looks into %APPDATA%, and elsewhere into the home.
func TestMakeInstallChoosesTheFolderThatTerraformLooksInto(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("make"); err != nil {
		t.Skip("there is no make command on PATH")
	}
	for want, variables := range map[string][]string{
		`-dir "C:\Users\shop\AppData\Roaming/terraform.d/plugins"`: {"OS=Windows_NT", `APPDATA=C:\Users\shop\AppData\Roaming`, "HOME=/c/Users/shop"},
		`-dir "/home/shop/.terraform.d/plugins"`:                   {"OS=", "APPDATA=", "HOME=/home/shop"},
		`-dir "elsewhere"`:                                         {"OS=Windows_NT", "DIR=elsewhere"},
	} {
		command := exec.CommandContext(t.Context(), "make", append([]string{"-n", "install"}, variables...)...)
		command.Dir = filepath.Join("..", "..", "..")
		output, err := command.CombinedOutput()
		if err != nil || !strings.Contains(string(output), want) {
			t.Errorf("%v prints %v\n%s, want %s", variables, err, output, want)
		}
	}
}
