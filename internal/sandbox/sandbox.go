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
	"regexp"
	"strings"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/provider"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/terraformcli"
)

const (
	// DocumentedRate is what WeChat Pay allows one merchant number, in requests per second.
	DocumentedRate = 5
	// Unlimited is requests_per_second where the mock has no limit.
	Unlimited = "1000"
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
	SetVariables(w, ServiceProvider(s.Mock))
	return w, nil
}

// ServiceProvider are the attributes of a provider block for the mock's service provider.
func ServiceProvider(mock *mockserver.Server) map[string]string {
	credentials := mock.Credentials()
	return map[string]string{
		"mchid":                 credentials.MchID,
		"certificate_serial_no": credentials.CertificateSerialNo,
		"private_key":           credentials.PrivateKeyPEM,
		"public_key_id":         credentials.PublicKeyID,
		"public_key":            credentials.PublicKeyPEM,
		"brand_id":              mockserver.DefaultBrandID,
		"endpoint":              mock.URL(),
	}
}

// Brand are those that differ for a brand that calls the mock for itself. mchid stays: brand mode
// ignores it.
func Brand(mock *mockserver.Server) map[string]string {
	credentials := mock.BrandCredentials()
	return map[string]string{
		"merchant_mode":         "brand",
		"certificate_serial_no": credentials.CertificateSerialNo,
		"private_key":           credentials.PrivateKeyPEM,
		"public_key_id":         credentials.PublicKeyID,
		"public_key":            credentials.PublicKeyPEM,
		"brand_id":              credentials.BrandID,
	}
}

// SetVariables sets the environment variables of attributes of a provider block.
func SetVariables(w *terraformcli.Workspace, attributes map[string]string) {
	for name, value := range attributes {
		w.Setenv("WECHATPAY_"+strings.ToUpper(name), value)
	}
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

var ciphertext = regexp.MustCompile(`[A-Za-z0-9+/=]{300,}`)

// Sent are the ciphertexts and signatures of requests, by what they are.
func Sent(requests []mockserver.Request) map[string]string {
	sent := map[string]string{}
	for i, r := range requests {
		for j, text := range ciphertext.FindAllString(string(r.Body), -1) {
			sent[fmt.Sprintf("ciphertext %d of request %d", j, i)] = text
		}
		_, rest, _ := strings.Cut(r.Header.Get("Authorization"), `signature="`)
		signature, _, _ := strings.Cut(rest, `"`)
		sent[fmt.Sprintf("the signature of request %d", i)] = signature
	}
	return sent
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
