// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Review draws the review of examples/pull-request as it comes from a real plan against the mock. Its
// tests prove what the review promises, and that the picture in the repository is of this tree.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/sandbox"
)

func main() {
	if calledAsJQ() {
		os.Exit(runJQ())
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) (err error) {
	picture, err := sandbox.ModuleFile(ctx, pictureFile)
	if err != nil {
		return err
	}
	output := flag.String("output", picture, "file of the picture")
	flag.Parse()
	s, err := sandbox.Start(ctx, mockserver.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	svg, err := picturePlan(ctx, s)
	if err != nil {
		return err
	}
	return os.WriteFile(*output, []byte(svg), 0o644) //nolint:gosec // a picture for everybody
}
