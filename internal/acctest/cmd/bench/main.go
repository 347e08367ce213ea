// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Bench measures how fast a real Terraform imports members into a mock that has no limit,
// beside how fast it makes as many terraform_data, which call nobody, in the same run. The
// difference is what the provider costs: signing, encrypting, verifying, decrypting, HTTP,
// and the mock's share of the same. WeChat Pay itself allows 5 requests a second.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	members := flags.Int("members", 500, "how many members")
	rounds := flags.Int("rounds", 3, "how many rounds; the fastest of each counts")
	parallelism := flags.Int("parallelism", 10, "how many at a time; 10 is Terraform's own default")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *members < 1 || *rounds < 1 || *parallelism < 1 {
		return errors.New("-members, -rounds and -parallelism are at least 1")
	}
	return bench{members: *members, rounds: *rounds, parallelism: *parallelism, output: stdout}.run(ctx)
}
