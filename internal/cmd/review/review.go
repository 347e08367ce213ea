// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/sandbox"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/terraformcli"
)

// reviewed is what one run of review.sh left.
type reviewed struct {
	// markdown is the review, and log what the script printed.
	markdown, log string
	// exitCode is the script's, -1 if it did not end by itself.
	exitCode int
}

// runReview runs examples/pull-request/review.sh in a workspace. jqFolder has the command jq, or is empty.
// settings are variables of the environment, as NAME=value. An exit code other than 0 is no error.
func runReview(ctx context.Context, w *terraformcli.Workspace, terraform, jqFolder, mode string, settings ...string) (*reviewed, error) {
	script, err := sandbox.ModuleFile(ctx, filepath.Join("examples", "pull-request", "review.sh"))
	if err != nil {
		return nil, err
	}
	environ := append(w.Environ(), "TERRAFORM="+terraform)
	if environ, err = linkJQ(jqFolder, environ); err != nil {
		return nil, err
	}
	output := filepath.Join(jqFolder, "review.md")
	cmd := exec.CommandContext(ctx, "bash", script, mode, output) //nolint:gosec // a script of this repository
	cmd.Dir = w.Dir()
	cmd.Env = slices.Concat(environ, settings)
	log, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		return nil, err
	}
	result := &reviewed{log: string(log), exitCode: cmd.ProcessState.ExitCode()}
	content, err := os.ReadFile(output) //nolint:gosec // what the script wrote
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	result.markdown = string(content)
	return result, nil
}
