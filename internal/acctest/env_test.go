// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"os"
	"testing"
)

// Not parallel: the environment is everybody's.
func TestEnvironmentOfThePersonIsHidden(t *testing.T) {
	hidden := []string{
		"WECHATPAY_PRIVATE_KEY", "TF_VAR_phone", "TF_CLI_ARGS", "TF_CLI_ARGS_plan", "TF_LOG", "TF_LOG_PATH", "TF_DATA_DIR",
		"TF_WORKSPACE", "TF_PLUGIN_CACHE_DIR", "TF_REATTACH_PROVIDERS", "TOFU_CPU_PROFILE",
	}
	for _, name := range hidden {
		t.Setenv(name, "leak")
	}
	t.Setenv("TF_CLI_CONFIG_FILE", "/no/such/file")
	t.Setenv("CHECKPOINT_DISABLE", "")
	t.Setenv("TF_ACC", os.Getenv("TF_ACC"))
	t.Setenv("TF_ACC_TERRAFORM_PATH", "/some/terraform")
	cleanup, err := isolate()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range hidden {
		if value, ok := os.LookupEnv(name); ok {
			t.Errorf("%s is still %q", name, value)
		}
	}
	if got := os.Getenv("TF_ACC_TERRAFORM_PATH"); got != "/some/terraform" {
		t.Errorf("the Terraform that was asked for became %q", got)
	}
	if os.Getenv("CHECKPOINT_DISABLE") == "" {
		t.Error("Terraform would ask the network for updates")
	}
	config := os.Getenv("TF_CLI_CONFIG_FILE")
	if info, err := os.Stat(config); err != nil || info.Size() != 0 {
		t.Errorf("the CLI configuration is not an empty file: %v", err)
	}
	cleanup()
	if _, err := os.Stat(config); !os.IsNotExist(err) {
		t.Errorf("something was left behind: %v", err)
	}
}

func TestAcceptanceTestsNeedATerraform(t *testing.T) {
	t.Setenv("TF_ACC", "1")
	t.Setenv("TF_ACC_TERRAFORM_PATH", "")
	t.Setenv("TF_ACC_TERRAFORM_VERSION", "")
	t.Setenv("TF_CLI_CONFIG_FILE", os.Getenv("TF_CLI_CONFIG_FILE"))
	t.Setenv("PATH", t.TempDir())
	if _, err := isolate(); err == nil {
		t.Error("acceptance tests would run without a Terraform")
	}
}
