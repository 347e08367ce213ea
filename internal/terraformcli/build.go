// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package terraformcli

import (
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
)

// Module is this module. Its main package is the provider.
const Module = "github.com/wechatpay-iac/terraform-provider-wechatpay"

// Build compiles a main package of this module into file, with the version that it reports.
// More arguments go to `go build`. It must be called from inside the module, as tests and
// `go run` are.
func Build(ctx context.Context, mainPackage, version, file string, args ...string) error {
	file, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	args = append([]string{"build", "-buildvcs=false", "-o", file, "-ldflags", "-X main.version=" + version}, args...)
	cmd := exec.CommandContext(ctx, "go", append(args, mainPackage)...) //nolint:gosec // arguments are our own
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	// Go removes its temporary folders when it is interrupted, and leaves them when it is killed.
	cmd.WaitDelay = stopWithin
	interruptOnCancel(cmd)
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			killGroup(cmd)
			return fmt.Errorf("building %s: %w", mainPackage, context.Cause(ctx))
		}
		return fmt.Errorf("building %s: %w\n%s", mainPackage, err, output.Bytes())
	}
	return nil
}
