// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package terraformcli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
)

// mainPackage is what Build builds.
const mainPackage = "github.com/wechatpay-iac/terraform-provider-wechatpay"

// Target is what to build the provider for.
type Target struct {
	// Version is what the provider reports and what the mirror calls it, without a "v".
	Version string
	// OS and Arch are Go's names; empty means this machine's.
	OS, Arch string
	// Release builds as a release does: without cgo, paths and symbols. Other builds share
	// what the compiler has kept from building the tests, and so take seconds.
	Release bool
}

// String is the target as Terraform names a platform: linux_amd64.
func (t Target) String() string {
	goos, goarch := t.platform()
	return goos + "_" + goarch
}

func (t Target) platform() (goos, goarch string) {
	goos, goarch = t.OS, t.Arch
	if goos == "" {
		goos = runtime.GOOS
	}
	if goarch == "" {
		goarch = runtime.GOARCH
	}
	return goos, goarch
}

// Binary is the file name that Terraform and the Registry expect of the provider with that
// address, built for t.
func (t Target) Binary(address Address) string {
	name := "terraform-provider-" + address.Type + "_v" + t.Version
	if goos, _ := t.platform(); goos == "windows" {
		name += ".exe"
	}
	return name
}

// Build compiles the provider into file. It must be called from inside the module, as tests
// and `go run` are.
func Build(ctx context.Context, t Target, file string) error {
	file, err := filepath.Abs(file)
	if err != nil {
		return err
	}
	goos, goarch := t.platform()
	args := []string{"build", "-buildvcs=false", "-o", file}
	env := append(os.Environ(), "GOOS="+goos, "GOARCH="+goarch)
	flags := "-X main.version=" + t.Version
	if t.Release {
		args = append(args, "-trimpath")
		env = append(env, "CGO_ENABLED=0")
		flags += " -s -w"
	}
	args = append(args, "-ldflags", flags, mainPackage)

	cmd := exec.CommandContext(ctx, "go", args...) //nolint:gosec // arguments are our own
	cmd.Env = env
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	// Go removes its temporary folders when it is interrupted, and leaves them when it is killed.
	cmd.WaitDelay = stopWithin
	interruptOnCancel(cmd)
	if err := cmd.Run(); err != nil {
		if ctx.Err() != nil {
			killGroup(cmd)
			return fmt.Errorf("building the provider for %s: %w", t, context.Cause(ctx))
		}
		return fmt.Errorf("building the provider for %s: %w\n%s", t, err, output.Bytes())
	}
	return nil
}
