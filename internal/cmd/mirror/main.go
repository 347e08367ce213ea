// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Mirror builds the provider and puts it into a filesystem mirror, from where Terraform
// installs it. Without -dir that is the folder into which Terraform looks by itself.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/cmd/cmdmain"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/provider"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/terraformcli"
)

func main() { cmdmain.Run(run) }

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("mirror", flag.ContinueOnError)
	flags.SetOutput(stderr)
	dir := flags.String("dir", "", "`folder` of the mirror")
	release := flags.String("release", "", "`version` that the mirror offers; "+terraformcli.Unreleased+" where there is none")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *dir == "" {
		return errors.New("into which folder? -dir names it, and DIR=folder in `make install`")
	}
	if *release == "" {
		*release = terraformcli.Unreleased
	}
	// What is printed below must hold wherever it is pasted.
	mirror, err := filepath.Abs(*dir)
	if err != nil {
		return err
	}
	address, err := terraformcli.ParseAddress(provider.Address)
	if err != nil {
		return err
	}
	made, err := terraformcli.BuildIntoMirror(ctx, mirror, address, terraformcli.Module, *release, "-trimpath")
	if err != nil {
		return err
	}
	for _, folder := range made {
		fmt.Fprintln(stdout, folder)
	}
	fmt.Fprintf(stdout, `
Version %s is in the mirror %s.
Terraform and OpenTofu look into ~/.terraform.d/plugins (on Windows %%APPDATA%%\terraform.d\plugins) by
themselves. For any other folder the CLI configuration (~/.terraformrc or ~/.tofurc, on Windows
%%APPDATA%%\terraform.rc or tofu.rc, or the file that TF_CLI_CONFIG_FILE names) needs

%s`, *release, mirror, terraformcli.InstallationConfig(mirror, address))
	return nil
}
