// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Soak applies a large roster by a real Terraform while WeChat Pay fails in every way that it
// may, before and after the work, by chance but repeatably: the seed is printed. However often
// Terraform has to be run, in the end the state and WeChat Pay agree about every member, there
// is one card for each, and nothing personal was printed or logged. Its exit code is 0 only
// when all of that holds.
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
	members := flags.Int("members", 2000, "how many members")
	rate := flags.Float64("fault-rate", 0.1, "the probability that a request fails, from 0 to 1")
	seed := flags.Uint64("seed", 0, "seed of the random numbers; 0: a new one")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *members < 1 || *members > maxMembers || *rate < 0 || *rate > 1 {
		return fmt.Errorf("-members is from 1 to %d, and -fault-rate from 0 to 1", maxMembers)
	}
	if flags.NArg() > 0 {
		return errors.New("soak takes no arguments but flags")
	}
	if *seed == 0 {
		*seed = rand.Uint64() //nolint:gosec // repeatable randomness, not a secret
	}
	return (&soak{members: *members, rate: *rate, seed: *seed, output: stdout}).run(ctx)
}
