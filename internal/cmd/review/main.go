// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Review draws the reviews of examples/pull-request as they come from a real plan and apply against the mock. Its
// tests prove what the review promises, and that the pictures in the repository are of this tree.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/cmd/cmdmain"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/sandbox"
)

func main() {
	if calledAsJQ() {
		os.Exit(runJQ())
	}
	cmdmain.Run(run)
}

func run(ctx context.Context, args []string, _, stderr io.Writer) (err error) {
	folder, err := sandbox.ModuleFile(ctx, exampleFolder)
	if err != nil {
		return err
	}
	flags := flag.NewFlagSet("review", flag.ContinueOnError)
	flags.SetOutput(stderr)
	output := flags.String("output", folder, "folder of the pictures")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unknown argument %q", flags.Arg(0))
	}
	s, err := sandbox.Start(ctx, storyOptions())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	drawn, err := drawAll(ctx, s)
	if err != nil {
		return err
	}
	for file, svg := range drawn {
		if err := os.WriteFile(filepath.Join(*output, file), []byte(svg), 0o644); err != nil { //nolint:gosec // a picture for everybody
			return err
		}
	}
	return nil
}
