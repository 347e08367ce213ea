// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/provider"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/terraformcli"
)

func TestEveryPlatformOfAReleaseIsBuilt(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", ".goreleaser.yml"))
	if err != nil {
		t.Fatal(err)
	}
	listed := func(name string) []string {
		match := regexp.MustCompile(name + `: \[(.+)\]`).FindSubmatch(text)
		if match == nil {
			t.Fatalf(".goreleaser.yml has no list %s", name)
		}
		return strings.Split(string(match[1]), ", ")
	}
	var want []string
	for _, goos := range listed("goos") {
		for _, goarch := range listed("goarch") {
			want = append(want, goos+"_"+goarch)
		}
	}
	if got := strings.Split(everyPlatform, ","); !slices.Equal(got, want) {
		t.Errorf("built for %v, and a release for %v", got, want)
	}
}

// A release's archive, put into a mirror in its packed layout, is what a company without the
// Registry installs from.
func TestTerraformInstallsAnArchiveFromAMirror(t *testing.T) {
	t.Parallel()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("runs Terraform: set TF_ACC=1")
	}
	dist := t.TempDir()
	platform := terraformcli.Target{}.String()
	if err := run(t.Context(), []string{"-dir", dist, "-release", "1.2.3", "-platforms", platform}, t.Output(), t.Output()); err != nil {
		t.Fatal(err)
	}
	sums, err := os.ReadFile(filepath.Join(dist, "terraform-provider-wechatpay_1.2.3_SHA256SUMS"))
	if err != nil {
		t.Fatal(err)
	}
	archive := "terraform-provider-wechatpay_1.2.3_" + platform + ".zip"
	for _, name := range []string{archive, "terraform-provider-wechatpay_1.2.3_manifest.json"} {
		if !strings.Contains(string(sums), "  "+name+"\n") {
			t.Errorf("no checksum of %s in:\n%s", name, sums)
		}
	}

	mirror := t.TempDir()
	address, err := terraformcli.ParseAddress(provider.Address)
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(dist, archive))
	if err != nil {
		t.Fatal(err)
	}
	// OpenTofu looks for an address without a host under one of its own.
	for _, host := range []string{address.Host, "registry.opentofu.org"} {
		folder := filepath.Join(mirror, host, address.Namespace, address.Type)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, archive), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cli, err := terraformcli.New(t.Context(), terraformcli.Options{Address: provider.Address, Mirror: mirror})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cli.Close(); err != nil {
			t.Error(err)
		}
	})
	w, err := cli.Workspace("mirror")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.WriteFile("main.tf", cli.Address().RequiredProviders()); err != nil {
		t.Fatal(err)
	}
	if result, err := w.Init(t.Context()); err != nil || !strings.Contains(result.Stdout, "Installed wechatpay-iac/wechatpay v1.2.3") {
		t.Fatalf("init: %v\n%s", err, result.Stdout)
	}
	if result, err := w.Run(t.Context(), "providers", "schema", "-json"); err != nil || !strings.Contains(result.Stdout, "wechatpay_member_card_import") {
		t.Errorf("the provider does not start: %v", err)
	}
}
