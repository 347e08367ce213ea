// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Soak applies a large roster while WeChat Pay fails in every way that it may, before and
// after the work, by chance but repeatably: the seed is printed. However often Terraform has
// to be run, in the end every member must have one card, with the right phone number, and
// nothing may be left to do; and nothing personal may have been printed or logged.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("soak", flag.ContinueOnError)
	flags.SetOutput(stderr)
	members := flags.Int("members", 200, "how many members")
	faults := flags.Float64("faults", 0.2, "how likely a request is to go wrong, from 0 to 1")
	seed := flags.Uint64("seed", 0, "what chance is drawn from; 0: something new")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *members < 1 || *faults < 0 || *faults > 1 {
		return errors.New("-members is at least 1, and -faults between 0 and 1")
	}
	if *seed == 0 {
		*seed = rand.Uint64() //nolint:gosec // chance that can be repeated is the point
	}
	return (&soak{members: *members, faults: *faults, seed: *seed, output: stdout}).run(ctx)
}
