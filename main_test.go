// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// Logs are off where nobody asked for them, and as they were where anybody did.
func TestLogsThatNobodyAskedForAreOff(t *testing.T) {
	for name, c := range map[string]struct {
		set  string
		want string
	}{
		"nothing":                   {"", "OFF"},
		"a file without a level":    {"TF_LOG_PATH=terraform.log", "OFF"},
		"only Terraform's own":      {"TF_LOG_CORE=TRACE", "OFF"},
		"everything":                {"TF_LOG=INFO", ""},
		"all providers":             {"TF_LOG_PROVIDER=DEBUG", ""},
		"this provider":             {"TF_LOG_PROVIDER_WECHATPAY=TRACE", ""},
		"the framework":             {"TF_LOG_SDK_FRAMEWORK=TRACE", ""},
		"a folder for the protocol": {"TF_LOG_SDK_PROTO_DATA_DIR=dump", ""},
	} {
		t.Run(name, func(t *testing.T) {
			for _, entry := range os.Environ() {
				if variable, _, _ := strings.Cut(entry, "="); strings.HasPrefix(variable, "TF_LOG") {
					t.Setenv(variable, "")
				}
			}
			for _, variable := range []string{"TF_LOG_SDK", "TF_LOG_SDK_PROTO", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_PROVIDER_WECHATPAY"} {
				t.Setenv(variable, "")
			}
			if variable, value, ok := strings.Cut(c.set, "="); ok {
				t.Setenv(variable, value)
			}
			turnOffUnwantedLogs()
			if got := os.Getenv("TF_LOG_SDK"); got != c.want {
				t.Errorf("TF_LOG_SDK is %q, want %q", got, c.want)
			}
		})
	}
}

// What tests and tools need is not in the binary that users download and start several times a command.
func TestProviderLinksNothingOfTestsAndTools(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	const own = "github.com/wechatpay-iac/terraform-provider-wechatpay/internal/"
	for linked := range strings.FieldsSeq(string(out)) {
		for _, unwanted := range []string{
			own + "acctest", own + "cmd/", own + "failures", own + "mockserver", own + "sandbox", own + "terraformcli", own + "tfdriver",
			"github.com/xuri/", "github.com/itchyny/", "github.com/google/go-cmp", "github.com/hashicorp/terraform-plugin-testing",
			"github.com/hashicorp/terraform-plugin-sdk", "github.com/hashicorp/terraform-exec", "github.com/hashicorp/hcl", "github.com/zclconf/",
		} {
			if strings.HasPrefix(linked, unwanted) {
				t.Errorf("the provider links %s", linked)
			}
		}
	}
}
