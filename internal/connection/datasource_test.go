// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package connection_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/provider"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

const typeName = "wechatpay_connection"

func TestMain(m *testing.M) { acctest.Main(m) }

func read(t *testing.T, m *mockserver.Server, changes map[string]any, opts ...provider.Option) (map[string]any, tfdriver.Diagnostics) {
	t.Helper()
	opts = append(opts, provider.WithEnvironment(func(string) string { return "" }))
	return acctest.NewProcess(t, m, changes, opts...).DataSource(typeName, nil)
}

func TestConnectionWorks(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		options mockserver.Options
		config  func(mockserver.Credentials) map[string]any
		key     func(mockserver.Credentials) string
	}{
		{"public key", mockserver.Options{}, func(mockserver.Credentials) map[string]any { return nil },
			func(c mockserver.Credentials) string { return c.PublicKeyID }},
		{"platform certificate", mockserver.Options{SignWithPlatformCertificate: true}, func(c mockserver.Credentials) map[string]any {
			return map[string]any{"public_key": nil, "public_key_id": nil, "platform_certificate": c.PlatformCertificatePEM}
		}, func(c mockserver.Credentials) string { return c.PlatformCertificateSerialNo }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := acctest.StartMock(t, c.options)
			got, diags := read(t, m, c.config(m.Credentials()))
			if len(diags) > 0 {
				t.Fatal(diags)
			}
			for name, want := range map[string]any{
				"host": "127.0.0.1", "mchid": m.Credentials().MchID, "public_key_id": c.key(m.Credentials()), "encryption_verified": true,
			} {
				if got[name] != want {
					t.Errorf("%s = %v, want %v", name, got[name], want)
				}
			}
			requests := m.Requests()
			if len(requests) != 1 || requests[0].Method != "POST" || requests[0].Operation != mockserver.OperationEcho {
				t.Fatalf("requests %v", requests)
			}
			if id, _ := got["request_id"].(string); id == "" {
				t.Error("there is no request_id")
			}
		})
	}
}

func TestClockOffset(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{})
	for _, behind := range []time.Duration{-100 * time.Second, 100 * time.Second} {
		got, diags := read(t, m, nil, provider.WithClock(func() time.Time { return time.Now().Add(-behind) }))
		if len(diags) > 0 {
			t.Fatal(diags)
		}
		// The mock's second may be over when the answer comes.
		if seconds := time.Duration(number(t, got["clock_offset"])) * time.Second; seconds < behind-2*time.Second || seconds > behind+2*time.Second {
			t.Errorf("offset %s, want %s", seconds, behind)
		}
	}
}

// Each wrong credential is named, and none is shown.
func TestWrongCredentialIsNamed(t *testing.T) {
	t.Parallel()
	other := newKey()
	private := pemText("PRIVATE KEY", must(x509.MarshalPKCS8PrivateKey(other)))
	public := pemText("PUBLIC KEY", must(x509.MarshalPKIXPublicKey(&other.PublicKey)))
	for _, c := range []struct {
		name   string
		change map[string]any
		says   []string
	}{
		{"private key", map[string]any{"private_key": private}, []string{"certificate_serial_no or private_key is wrong", "openssl pkey"}},
		{"serial number", map[string]any{"certificate_serial_no": "0123456789ABCDEF0123456789ABCDEF01234567"}, []string{"mchid, certificate_serial_no or private_key is wrong"}},
		{"merchant number", map[string]any{"mchid": "1900000999"}, []string{"mchid, certificate_serial_no or private_key is wrong"}},
		{"public key", map[string]any{"public_key": public}, []string{"public_key does not belong to public_key_id", "账户中心"}},
		{"ID of the public key", map[string]any{"public_key_id": "PUB_KEY_ID_0119999999999999999999999999999999"}, []string{"public_key_id is not the key that WeChat Pay signs with"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := acctest.StartMock(t, mockserver.Options{})
			_, diags := read(t, m, c.change)
			if len(diags.Errors()) != 1 || len(diags) != 1 {
				t.Fatalf("want one error: %s", diags)
			}
			for _, words := range c.says {
				if !diags.Contains(words) {
					t.Errorf("%q is not said: %s", words, diags)
				}
			}
			if strings.Contains(diags.String(), "BEGIN") {
				t.Errorf("a key is shown: %s", diags)
			}
			// An answer that does not verify may be one of WeChat Pay's tests, so it is asked for again.
			if n := len(m.Requests()); n < 1 || n > 3 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

func newKey() *rsa.PrivateKey { return must(rsa.GenerateKey(rand.Reader, 2048)) }

func pemText(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func number(t *testing.T, v any) int64 {
	t.Helper()
	switch v := v.(type) {
	case int64:
		return v
	case int:
		return int64(v)
	case float64:
		return int64(v)
	default:
		t.Fatalf("%v is a %T", v, v)
		return 0
	}
}
