// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Package sandbox sets up what the demo, the benchmark and the soak test have in common:
// a WeChat Pay mock, a real Terraform, and a build of the provider.
//
// It knows the provider's environment variables. It must not know a resource.
package sandbox

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/provider"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/terraformcli"
)

// Sandbox is a mock and a Terraform that finds the provider. Close ends both.
type Sandbox struct {
	Mock *mockserver.Server
	CLI  *terraformcli.CLI
}

// Start starts the mock and builds the provider.
func Start(ctx context.Context, options mockserver.Options) (*Sandbox, error) {
	cli, err := terraformcli.New(ctx, terraformcli.Options{Address: provider.Address})
	if err != nil {
		return nil, err
	}
	mock, err := mockserver.Start(options)
	if err != nil {
		return nil, errors.Join(err, cli.Close())
	}
	return &Sandbox{Mock: mock, CLI: cli}, nil
}

// Close stops the mock and removes what Terraform left.
func (s *Sandbox) Close() error { return errors.Join(s.Mock.Close(), s.CLI.Close()) }

// Workspace is a folder for one configuration, whose provider block may be empty.
func (s *Sandbox) Workspace(name string) (*terraformcli.Workspace, error) {
	w, err := s.CLI.Workspace(name)
	if err != nil {
		return nil, err
	}
	credentials := s.Mock.Credentials()
	w.Setenv("WECHATPAY_MCHID", credentials.MchID)
	w.Setenv("WECHATPAY_CERTIFICATE_SERIAL_NO", credentials.CertificateSerialNo)
	w.Setenv("WECHATPAY_PRIVATE_KEY", credentials.PrivateKeyPEM)
	w.Setenv("WECHATPAY_PUBLIC_KEY_ID", credentials.PublicKeyID)
	w.Setenv("WECHATPAY_PUBLIC_KEY", credentials.PublicKeyPEM)
	w.Setenv("WECHATPAY_BRAND_ID", mockserver.DefaultBrandID)
	w.Setenv("WECHATPAY_ENDPOINT", s.Mock.URL())
	return w, nil
}

// UseBrand gives a workspace the credentials of a brand that calls for itself, in the place of the
// service provider's. WECHATPAY_MCHID stays: brand mode ignores it.
func (s *Sandbox) UseBrand(w *terraformcli.Workspace) {
	credentials := s.Mock.BrandCredentials()
	w.Setenv("WECHATPAY_MERCHANT_MODE", "brand")
	w.Setenv("WECHATPAY_CERTIFICATE_SERIAL_NO", credentials.CertificateSerialNo)
	w.Setenv("WECHATPAY_PRIVATE_KEY", credentials.PrivateKeyPEM)
	w.Setenv("WECHATPAY_PUBLIC_KEY_ID", credentials.PublicKeyID)
	w.Setenv("WECHATPAY_PUBLIC_KEY", credentials.PublicKeyPEM)
	w.Setenv("WECHATPAY_BRAND_ID", credentials.BrandID)
}

// ModuleFile returns the path of a file of this module, from any folder of the module.
func ModuleFile(ctx context.Context, name string) (string, error) {
	output, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("go env GOMOD: %w", err)
	}
	file := strings.TrimSpace(string(output))
	if file == "" || file == os.DevNull {
		return "", errors.New("run this from inside the module")
	}
	return filepath.Join(filepath.Dir(file), name), nil
}

// Leaks returns the names of those secrets that occur in a text. A secret of several lines,
// as a key in PEM is, occurs when any of its lines does.
func Leaks(text string, secrets map[string]string) []string {
	var found []string
	for name, secret := range secrets {
		for line := range strings.Lines(secret) {
			line = strings.TrimSpace(line)
			if line != "" && !strings.HasPrefix(line, "-----") && strings.Contains(text, line) {
				found = append(found, name)
				break
			}
		}
	}
	return found
}
