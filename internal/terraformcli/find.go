// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package terraformcli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// ErrNotFound is returned when there is no Terraform to run.
var ErrNotFound = errors.New("no Terraform found: put `terraform` 1.11 or later on PATH " +
	"(https://developer.hashicorp.com/terraform/install), or set TF_ACC_TERRAFORM_PATH to the binary, " +
	"which may be OpenTofu's")

// Find returns the path of the Terraform to run: what TF_ACC_TERRAFORM_PATH names (the variable
// that terraform-plugin-testing reads, so that one setting serves every test), else `terraform`
// on PATH. It never downloads one. The path is absolute, since commands run in other folders.
func Find() (string, error) {
	if path := os.Getenv("TF_ACC_TERRAFORM_PATH"); path != "" {
		found, err := exec.LookPath(path)
		if err != nil {
			return "", fmt.Errorf("TF_ACC_TERRAFORM_PATH: %w", err)
		}
		return filepath.Abs(found)
	}
	found, err := exec.LookPath("terraform")
	if err != nil {
		return "", ErrNotFound
	}
	return filepath.Abs(found)
}

// IsOpenTofu reports whether a command, of which Find returned the path, is OpenTofu's. Its versions
// say nothing of what Terraform of the same version can do: it has no list resources and no actions.
func IsOpenTofu(ctx context.Context, command string) (bool, error) {
	cmd := exec.CommandContext(ctx, command, "version")
	cmd.Env = environment(os.Environ(), map[string]string{
		"CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": os.DevNull,
	})
	output, err := cmd.Output()
	if err != nil {
		return false, fmt.Errorf("%s version: %w", command, err)
	}
	return bytes.HasPrefix(output, []byte("OpenTofu")), nil
}
