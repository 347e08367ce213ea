// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"
)

// OpenTofu's version numbers run on beside Terraform's, and promise nothing of its features.
func TestSkipWithoutAsksWhichCommandItIs(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the command is a shell script")
	}
	for _, test := range []struct {
		name, says          string
		terraform, openTofu *version.Version
		runs                bool
	}{
		{"Terraform that has it", "Terraform v1.14.0", tfversion.Version1_14_0, nil, true},
		{"Terraform that is older", "Terraform v1.13.9", tfversion.Version1_14_0, nil, false},
		{"OpenTofu that never has it", "OpenTofu v1.14.0", tfversion.Version1_14_0, nil, false},
		{"OpenTofu that has it", "OpenTofu v1.12.0", tfversion.Version1_14_0, tfversion.Version1_12_0, true},
		{"OpenTofu that is older", "OpenTofu v1.11.9", tfversion.Version1_11_0, tfversion.Version1_12_0, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "command")
			if err := os.WriteFile(file, []byte("#!/bin/sh\necho '"+test.says+"'\n"), 0o700); err != nil {
				t.Fatal(err)
			}
			t.Setenv("TF_ACC_TERRAFORM_PATH", file)
			_, number, _ := strings.Cut(test.says, " v")
			var resp tfversion.CheckTerraformVersionResponse
			SkipWithout(test.terraform, test.openTofu).CheckTerraformVersion(t.Context(),
				tfversion.CheckTerraformVersionRequest{TerraformVersion: version.Must(version.NewVersion(number))}, &resp)
			if resp.Error != nil || (resp.Skip == "") != test.runs {
				t.Errorf("the test runs: %v, want %v (%v)", resp.Skip == "", test.runs, resp.Error)
			}
		})
	}
}
