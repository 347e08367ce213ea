// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Examples has Terraform validate every example against a build of this tree. An example
// that names no provider, because a page of the documentation shows only what is its own,
// is given the block that asks for it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/cmd/cmdmain"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/provider"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/sandbox"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/terraformcli"
)

func main() { cmdmain.Run(run) }

func run(ctx context.Context, _ []string, output, _ io.Writer) (err error) {
	root, err := sandbox.ModuleFile(ctx, "examples")
	if err != nil {
		return err
	}
	examples, err := find(root)
	if err != nil {
		return err
	}
	cli, err := terraformcli.New(ctx, terraformcli.Options{Address: provider.Address})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cli.Close()) }()
	terraform, err := commandOf(ctx, cli)
	if err != nil {
		return err
	}

	var errs []error
	for _, e := range examples {
		switch err := e.validate(ctx, cli, terraform); {
		case errors.Is(err, errUnsupported):
			fmt.Fprintf(output, "%s: skipped, %v\n", e, err)
		case err != nil:
			errs = append(errs, fmt.Errorf("%s: %w", e, err))
		default:
			fmt.Fprintf(output, "%s: valid\n", e)
		}
	}
	return errors.Join(errs...)
}
