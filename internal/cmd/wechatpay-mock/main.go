// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Command wechatpay-mock runs a mock of WeChat Pay's member card API on loopback,
// for people who have no merchant number.
//
//	go run ./internal/cmd/wechatpay-mock -env-file mock.env
//
// It makes the keys of both sides, prints the environment variables that the
// provider reads, and serves until it is interrupted. The address that ends in
// /_mock/ lists how to look into it and how to make it fail.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
	default:
		fmt.Fprintln(os.Stderr, "wechatpay-mock:", err)
		os.Exit(1)
	}
}
