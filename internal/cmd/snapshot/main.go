// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Snapshot builds what a release consists of, without signing or publishing it: an archive
// for each platform, their checksums and the Registry's manifest, under the names that
// .goreleaser.yml gives them. It does so by itself because goreleaser is a large program
// that would have to be built first, and follows newer versions of Go than this module.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/provider"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/sandbox"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/terraformcli"
)

// everyPlatform is what a release is built for.
const everyPlatform = "linux_amd64,linux_arm64,darwin_amd64,darwin_arm64,windows_amd64,windows_arm64,freebsd_amd64,freebsd_arm64"

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
	flags := flag.NewFlagSet("snapshot", flag.ContinueOnError)
	flags.SetOutput(stderr)
	dir := flags.String("dir", "dist", "`folder` to put the archives into")
	release := flags.String("release", "", "`version` of the archives; "+terraformcli.Unreleased+" where there is none")
	platforms := flags.String("platforms", everyPlatform,
		"what to build for, as a `list` of os_arch")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *release == "" {
		*release = terraformcli.Unreleased
	}
	address, err := terraformcli.ParseAddress(provider.Address)
	if err != nil {
		return err
	}
	root, err := sandbox.ModuleFile(ctx, ".")
	if err != nil {
		return err
	}
	s := snapshot{root: root, dir: *dir, address: address, version: *release}
	if err := os.MkdirAll(s.dir, 0o755); err != nil { //nolint:gosec // archives are for everybody
		return err
	}
	for platform := range strings.SplitSeq(*platforms, ",") {
		file, err := s.archive(ctx, platform)
		if err != nil {
			return err
		}
		fmt.Fprintln(stdout, file)
	}
	if err := s.manifest(); err != nil {
		return err
	}
	fmt.Fprintln(stdout, filepath.Join(s.dir, s.name("SHA256SUMS")))
	return s.checksums()
}
