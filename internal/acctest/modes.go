// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"maps"
	"strings"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

// Mode is one of the two kinds of merchant that the provider serves, for tests that promise
// the same of both. A mock serves both at the same time.
type Mode struct {
	// Name is the value of merchant_mode.
	Name string
	// ImportsByPhone is whether the mode has an import by phone number.
	ImportsByPhone bool

	scheme, identity, paths string
	changes                 func(*mockserver.Server) map[string]any
	publicKeyID             func(*mockserver.Server) string
}

// Modes are both.
func Modes() []Mode {
	return []Mode{
		{
			Name: "service_provider", ImportsByPhone: true,
			scheme: "WECHATPAY2-SHA256-RSA2048", identity: "mchid", paths: "/v3/",
			changes:     func(*mockserver.Server) map[string]any { return map[string]any{"merchant_mode": "service_provider"} },
			publicKeyID: func(m *mockserver.Server) string { return m.Credentials().PublicKeyID },
		},
		{
			Name:   "brand",
			scheme: "WECHATPAY-BRAND-SHA256-RSA2048", identity: "brand_id", paths: "/brand/card-member/",
			changes:     BrandConfig,
			publicKeyID: func(m *mockserver.Server) string { return m.BrandCredentials().PublicKeyID },
		},
	}
}

// InBothModes runs a test once for each mode, in parallel.
func InBothModes(t *testing.T, test func(t *testing.T, mode Mode)) {
	t.Helper()
	for _, mode := range Modes() {
		t.Run(mode.Name, func(t *testing.T) {
			t.Parallel()
			test(t, mode)
		})
	}
}

// IsBrand reports whether a brand calls for itself.
func (m Mode) IsBrand() bool { return m.identity == "brand_id" }

// PublicKeyID is the ID of WeChat Pay's key that signs the answers to this mode.
func (m Mode) PublicKeyID(mock *mockserver.Server) string { return m.publicKeyID(mock) }

// Changes are what [NewProcess] takes for a merchant of this mode, with further changes.
func (m Mode) Changes(mock *mockserver.Server, further map[string]any) map[string]any {
	changes := m.changes(mock)
	maps.Copy(changes, further)
	return changes
}

// ProviderBlock is [ProviderBlock] for a merchant of this mode.
func (m Mode) ProviderBlock(mock *mockserver.Server, extra ...string) string {
	config := ProviderConfig(mock)
	maps.Copy(config, m.changes(mock))
	return providerBlock(config, extra)
}

// CheckRequests checks that each request that the mock received since the last reset is one of
// this mode: its paths and its signature, and the brand and the merchant number where the mode
// has them and nowhere else.
func (m Mode) CheckRequests(t testing.TB, mock *mockserver.Server) {
	t.Helper()
	for _, r := range mock.Requests() {
		m.CheckRequest(t, mock, r)
	}
}

// CheckRequest is [Mode.CheckRequests] for one request.
func (m Mode) CheckRequest(t testing.TB, mock *mockserver.Server, r mockserver.Request) {
	t.Helper()
	authorization := r.Header.Get("Authorization")
	if !strings.HasPrefix(authorization, m.scheme+" "+m.identity+`="`) || !strings.HasPrefix(r.Path, m.paths) {
		t.Errorf("%s %s is no request of mode %s: %.60s…", r.Method, r.Path, m.Name, authorization)
	}
	content := r.Path + "?" + r.Query.Encode() + string(r.Body)
	if strings.Contains(content, "mchid") {
		t.Errorf("%s %s carries mchid", r.Method, r.Path)
	}
	named := r.Operation != mockserver.OperationEcho && r.Operation != mockserver.OperationUploadImage
	if m.IsBrand() {
		named = false
		if strings.Contains(authorization, "mchid") {
			t.Errorf("%s %s has mchid in Authorization", r.Method, r.Path)
		}
		if serial := r.Header.Get("Wechatpay-Serial"); serial != m.PublicKeyID(mock) {
			t.Errorf("%s %s has Wechatpay-Serial %q", r.Method, r.Path, serial)
		}
	}
	if got := strings.Contains(content, "brand_id"); got != named {
		t.Errorf("%s %s carries brand_id: %v, want %v", r.Method, r.Path, got, named)
	}
}
