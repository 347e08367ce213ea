// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Meter stands in for a provider in a mirror: it runs the file "metered" beside it and, when
// that ends, appends its processor time in nanoseconds and its most memory in bytes to the
// file that METER_FILE names. Terraform's own processor time includes its providers', so that there is
// no other way to tell them apart. Only Terraform starts it.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/terraformcli"
)

func main() {
	err := run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		os.Exit(exit.ExitCode())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(filepath.Join(filepath.Dir(self), "metered"), os.Args[1:]...) //nolint:gosec,noctx // the provider; Terraform ends it
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	result := cmd.Run()
	if cmd.ProcessState == nil {
		return result
	}
	file, err := os.OpenFile(os.Getenv("METER_FILE"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return errors.Join(result, err)
	}
	processor := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	_, err = fmt.Fprintln(file, processor.Nanoseconds(), terraformcli.PeakMemory(cmd.ProcessState))
	return errors.Join(result, err, file.Close())
}
