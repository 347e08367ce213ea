// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"sync"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/sandbox"
)

// keys are made once for a test binary: three RSA keys take a good part of a second.
var keys = sync.OnceValues(mockserver.GenerateKeys)

// Keys are the keys of every mock that StartMock starts without others.
func Keys(t testing.TB) *mockserver.Keys {
	t.Helper()
	k, err := keys()
	if err != nil {
		t.Fatalf("cannot make keys: %v", err)
	}
	return k
}

// StartMock starts a WeChat Pay of the test's own on a free port of loopback. It ends with
// the test. Unless the options have keys, all mocks of a test binary share theirs.
func StartMock(t testing.TB, opts mockserver.Options) *mockserver.Server {
	t.Helper()
	if opts.Keys == nil {
		opts.Keys = Keys(t)
	}
	m, err := mockserver.Start(opts)
	if err != nil {
		t.Fatalf("cannot start the mock: %v", err)
	}
	t.Cleanup(func() {
		if err := m.Close(); err != nil {
			t.Errorf("cannot stop the mock: %v", err)
		}
	})
	return m
}

// requestsPerSecond is high enough that no test waits for the limiter.
const requestsPerSecond = 1000

// ProviderConfig is the provider block that talks to m, as package tfdriver takes it.
func ProviderConfig(m *mockserver.Server) map[string]any {
	config := map[string]any{"requests_per_second": requestsPerSecond}
	for name, value := range sandbox.ServiceProvider(m) {
		config[name] = value
	}
	config["brand_id"] = brandOf(m)
	return config
}

// BrandConfig is what changes in ProviderConfig for a brand that calls m for itself.
func BrandConfig(m *mockserver.Server) map[string]any {
	config := map[string]any{"mchid": nil}
	for name, value := range sandbox.Brand(m) {
		config[name] = value
	}
	return config
}

// brandOf is the brand of the mock's templates.
func brandOf(m *mockserver.Server) string {
	for _, template := range m.Templates() {
		return template.BrandID
	}
	return mockserver.DefaultBrandID
}
