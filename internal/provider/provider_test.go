// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/provider"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

func TestMain(m *testing.M) { acctest.Main(m) }

func noEnvironment() provider.Option {
	return provider.WithEnvironment(func(string) string { return "" })
}

// terraform validate runs in CI without credentials.
func TestValidateNeedsNoCredentials(t *testing.T) {
	t.Parallel()
	validated, configured := acctest.Configure(t, nil, noEnvironment())
	if len(validated) > 0 {
		t.Errorf("validate: %s", validated)
	}
	for _, attribute := range []string{"mchid", "certificate_serial_no", "private_key", "public_key"} {
		if len(configured.Errors().At(attribute)) != 1 {
			t.Errorf("configure: want one error on %s: %s", attribute, configured)
		}
	}
}

func TestValidateRefusesWhatIsWrongAnyway(t *testing.T) {
	t.Parallel()
	validated, _ := acctest.Configure(t, map[string]any{
		"mchid": "abc", "endpoint": "http://192.0.2.1", "max_retries": 11, "requests_per_second": 0.01,
		"private_key": "a", "private_key_path": "b",
	}, noEnvironment())
	for _, attribute := range []string{"mchid", "endpoint", "max_retries", "requests_per_second", "private_key"} {
		if len(validated.Errors().At(attribute)) != 1 {
			t.Errorf("want one error on %s: %s", attribute, validated)
		}
	}
	if len(validated) != 5 {
		t.Errorf("want five errors: %s", validated)
	}
}

// A key from Vault that is made in the same run is unknown while planning.
func TestUnknownValuesAreNoMistakeWhilePlanning(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{})
	complete := acctest.ProviderConfig(m)
	for name := range complete {
		t.Run(name, func(t *testing.T) {
			acctest.NewProcess(t, m, map[string]any{name: tfdriver.Unknown}, noEnvironment())
		})
	}
	t.Run("all", func(t *testing.T) {
		config := map[string]any{}
		for name := range complete {
			config[name] = tfdriver.Unknown
		}
		acctest.NewProcess(t, m, config, noEnvironment())
	})
	if n := len(m.Requests()); n > 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestUnknownValuesDoNotHideMistakes(t *testing.T) {
	t.Parallel()
	validated, configured := acctest.Configure(t, map[string]any{
		"private_key": tfdriver.Unknown, "public_key_path": "no/such/file.pem", "public_key_id": "PUB_KEY_ID_01", "mchid": "1900000109",
	}, noEnvironment())
	if len(validated) > 0 {
		t.Errorf("validate read a file: %s", validated)
	}
	if len(configured) != 2 || len(configured.Errors().At("public_key_path")) != 1 || len(configured.Errors().At("certificate_serial_no")) != 1 {
		t.Errorf("want the file and the serial number: %s", configured)
	}
}

func TestRequestsNameProviderAndTerraform(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{})
	p := acctest.NewProcess(t, m, nil, noEnvironment())
	if _, diags := p.DataSource("wechatpay_member_card_template", map[string]any{"card_id": mockserver.TemplatePermanent}); diags.HasErrors() {
		t.Fatal(diags)
	}
	requests := m.Requests()
	if len(requests) != 1 {
		t.Fatalf("%d requests", len(requests))
	}
	want := "terraform-provider-wechatpay/" + acctest.Version + " (terraform/1.11.4)"
	if got := requests[0].Header.Get("User-Agent"); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Either kind of WeChat Pay's keys is enough, and both together while a merchant migrates.
func TestKeysOfEitherKind(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		signsWith  string
		publicKey  bool
		platform   bool
		wantSerial func(mockserver.Credentials) string
	}{
		{"public key", "public key", true, false, func(c mockserver.Credentials) string { return c.PublicKeyID }},
		{"platform certificate", "certificate", false, true, func(c mockserver.Credentials) string { return c.PlatformCertificateSerialNo }},
		{"both, the certificate signs", "certificate", true, true, func(c mockserver.Credentials) string { return c.PublicKeyID }},
		{"both, the public key signs", "public key", true, true, func(c mockserver.Credentials) string { return c.PublicKeyID }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := acctest.StartMock(t, mockserver.Options{SignWithPlatformCertificate: c.signsWith == "certificate"})
			config := map[string]any{}
			if !c.publicKey {
				config["public_key"], config["public_key_id"] = nil, nil
			}
			if c.platform {
				config["platform_certificate"] = m.Credentials().PlatformCertificatePEM
			}
			p := acctest.NewProcess(t, m, config, noEnvironment())
			p.Resource("wechatpay_member_card_import").MustRun(tfdriver.State{}, map[string]any{
				"card_id": mockserver.TemplatePermanent, "user_card_code": "1001", "phone_number": "13800138000",
			})
			for _, r := range m.Requests() {
				if got, want := r.Header.Get("Wechatpay-Serial"), c.wantSerial(m.Credentials()); r.Method == http.MethodPost && got != want {
					t.Errorf("%s %s was encrypted with %q, not %q", r.Method, r.Operation, got, want)
				}
			}
		})
	}
}

func TestAddressHasTheTypeName(t *testing.T) {
	t.Parallel()
	if !strings.HasSuffix(provider.Address, "/"+provider.TypeName) {
		t.Errorf("%s is not a provider of type %s", provider.Address, provider.TypeName)
	}
}
