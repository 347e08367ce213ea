// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Demo shows the provider at work, without a merchant number and without a network: a real
// Terraform uploads a picture, makes a card template and imports the members of
// examples/from-nothing, through a real build of the provider, into a mock of WeChat Pay,
// which checks every signature and decrypts what it is sent. Then it compares what arrived
// with the roster. Its exit code is 0 only if every check holds, 2 for unknown arguments, and
// 130 after Ctrl-C.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/fatih/color"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := start(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// start parses the arguments, runs the demo and returns the exit code.
func start(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() { fmt.Fprintln(stderr, "usage: demo [-picture FILE]") }
	file := flags.String("picture", "", "`FILE` to draw the output into, as SVG")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		return 2
	case flags.NArg() > 0:
		fmt.Fprintf(stderr, "unknown argument %q\n", flags.Arg(0))
		flags.Usage()
		return 2
	}
	// color.NoColor is false on a terminal, unless NO_COLOR is set.
	var printed strings.Builder
	err := run(ctx, io.MultiWriter(stdout, &printed), !color.NoColor)
	if err == nil && *file != "" {
		err = os.WriteFile(*file, []byte(picture(printed.String())), 0o644) //nolint:gosec // a picture for everybody
	}
	switch {
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(stderr, "\nInterrupted. Everything that the demo made is removed.")
		return 130
	case err != nil:
		fmt.Fprintf(stderr, "\nThe demo failed: %v\n", err)
		return 1
	}
	return 0
}
