// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

func str(s string) types.String { return types.StringValue(s) }

func number(n float64) types.Number { return types.NumberValue(big.NewFloat(n)) }

func TestResolveTakesEverythingFromTheEnvironment(t *testing.T) {
	t.Parallel()
	e := completeEnv()
	for name, value := range map[string]string{
		"BRAND_ID": "1004", "ENDPOINT": "https://API.example.com:8443", "BACKUP_ENDPOINT": "https://backup.example.com",
		"REQUESTS_PER_SECOND": "2.5", "MAX_RETRIES": "0", "REQUEST_TIMEOUT": "1m30s", "REFRESH_INTERVAL": "15m", "CHECK_TEMPLATES": "false",
		"PLATFORM_CERTIFICATE": testPEMs().certificate,
	} {
		e.vars["WECHATPAY_"+name] = value
	}
	s, diags := resolve(model{}, e.sources(t))
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	got := []any{
		s.client.MchID, s.client.CertificateSerialNo, s.client.PublicKeyID, s.brandID, s.client.Endpoint, s.client.BackupEndpoint,
		s.client.RequestsPerSecond, s.client.MaxRetries, s.client.RequestTimeout, s.refreshInterval, s.checkTemplates,
		s.complete, s.brandIDUnknown, s.maxPlaintextBytes,
		s.client.PrivateKey != nil, s.client.PublicKey != nil, s.client.PlatformCertificate != nil,
	}
	want := []any{
		"1900000109", "5157F09EFDC096DE15EBE81A47057A7232F1B8E1", testPublicKeyID, "1004", "https://api.example.com:8443", "https://backup.example.com",
		2.5, 0, 90 * time.Second, 15 * time.Minute, false,
		true, false, 214,
		true, true, true,
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestResolveDefaults(t *testing.T) {
	t.Parallel()
	e := completeEnv()
	// Empty variables count as none: CI systems define them for secrets that are not there.
	for _, name := range []string{"ENDPOINT", "MAX_RETRIES", "BRAND_ID", "PRIVATE_KEY_PATH", "CHECK_TEMPLATES"} {
		e.vars["WECHATPAY_"+name] = ""
	}
	s, diags := resolve(model{}, e.sources(t))
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	got := []any{s.client.Endpoint, s.client.BackupEndpoint, s.client.RequestsPerSecond, s.client.MaxRetries, s.client.RequestTimeout, s.refreshInterval, s.checkTemplates, s.brandID}
	want := []any{wechatpay.MainEndpoint, wechatpay.BackupEndpoint, 5.0, 4, 30 * time.Second, time.Duration(0), true, ""}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

func TestResolveConfigurationWinsOverEnvironment(t *testing.T) {
	t.Parallel()
	e := completeEnv()
	for _, name := range []string{
		"MCHID", "CERTIFICATE_SERIAL_NO", "PRIVATE_KEY", "PRIVATE_KEY_PATH", "PUBLIC_KEY_ID", "PUBLIC_KEY", "PUBLIC_KEY_PATH",
		"PLATFORM_CERTIFICATE", "PLATFORM_CERTIFICATE_PATH", "BRAND_ID", "ENDPOINT", "BACKUP_ENDPOINT", "REQUESTS_PER_SECOND",
		"MAX_RETRIES", "REQUEST_TIMEOUT", "REFRESH_INTERVAL", "CHECK_TEMPLATES",
	} {
		// None of these would pass: reading any of them is an error.
		e.vars["WECHATPAY_"+name] = "!/ nonsense"
	}
	e.files["pub_key.pem"] = testPEMs().public
	m := model{
		MchID: str("1900000110"), CertificateSerialNo: str("ab12"), PrivateKey: str(testPEMs().privatePKCS1),
		PublicKeyID: str(testPublicKeyID), PublicKeyPath: str("pub_key.pem"), PlatformCertificate: str(testPEMs().certificate),
		BrandID: str("1005"), Endpoint: str("http://127.0.0.1:1"), BackupEndpoint: str("http://[::1]:2"),
		RequestsPerSecond: number(1000), MaxRetries: number(10), RequestTimeout: str("100ms"),
		RefreshInterval: str("0s"), CheckTemplates: types.BoolValue(true),
	}
	s, diags := resolve(m, e.sources(t))
	if len(diags) > 0 {
		t.Fatal(diags)
	}
	if s.client.CertificateSerialNo != "AB12" {
		t.Errorf("the serial number is %q; WeChat Pay spells it in upper case", s.client.CertificateSerialNo)
	}
	if s.client.MchID != "1900000110" || s.brandID != "1005" || s.client.MaxRetries != 10 || s.client.RequestTimeout != 100*time.Millisecond || !s.complete {
		t.Errorf("the environment won: %+v", s)
	}
}

func TestResolveReadsFiles(t *testing.T) {
	t.Parallel()
	for _, origin := range []string{"configuration", "environment"} {
		t.Run(origin, func(t *testing.T) {
			t.Parallel()
			e := completeEnv()
			e.files = map[string]string{"key.pem": testPEMs().private, "pub.pem": testPEMs().public, "cert.pem": testPEMs().certificate}
			delete(e.vars, "WECHATPAY_PRIVATE_KEY")
			delete(e.vars, "WECHATPAY_PUBLIC_KEY")
			m := model{PrivateKeyPath: str("key.pem"), PublicKeyPath: str("pub.pem"), PlatformCertificatePath: str("cert.pem")}
			if origin == "environment" {
				m = model{}
				e.vars["WECHATPAY_PRIVATE_KEY_PATH"] = "key.pem"
				e.vars["WECHATPAY_PUBLIC_KEY_PATH"] = "pub.pem"
				e.vars["WECHATPAY_PLATFORM_CERTIFICATE_PATH"] = "cert.pem"
			}
			s, diags := resolve(m, e.sources(t))
			if len(diags) > 0 {
				t.Fatal(diags)
			}
			if s.client.PrivateKey == nil || s.client.PublicKey == nil || s.client.PlatformCertificate == nil || !s.complete {
				t.Errorf("a key is missing: %+v", s)
			}
			if !slices.Contains(s.secrets, testPEMs().private) {
				t.Error("the private key of a file is not kept out of the log")
			}
		})
	}
}

func TestResolveWithPlatformCertificateAlone(t *testing.T) {
	t.Parallel()
	e := completeEnv()
	delete(e.vars, "WECHATPAY_PUBLIC_KEY")
	delete(e.vars, "WECHATPAY_PUBLIC_KEY_ID")
	s, diags := resolve(model{PlatformCertificate: str(testPEMs().certificate)}, e.sources(t))
	if len(diags) > 0 || !s.complete || s.maxPlaintextBytes != 214 {
		t.Errorf("%+v %v", s, diags)
	}
}

// expectation is one diagnostic that a case must have: where, and what it must name.
type expectation struct {
	attribute string
	names     []string
}

func at(attribute string, names ...string) expectation {
	if len(names) == 0 {
		names = []string{variable(attribute)}
	}
	return expectation{attribute, names}
}

// refusal is a case that must be refused. Bad is put in place of a valid value, either in
// the configuration or the environment, and may not occur in any diagnostic.
type refusal struct {
	name string
	// attribute and bad: the wrong value; config puts it into a provider block.
	attribute string
	bad       string
	config    func(m *model, bad string)
	// notInEnvironment: the value is possible in a configuration only.
	notInEnvironment bool
	// words of which one diagnostic must have all.
	words []string
}

func refusals() []refusal {
	p := testPEMs()
	setMchID := func(m *model, bad string) { m.MchID = str(bad) }
	setSerial := func(m *model, bad string) { m.CertificateSerialNo = str(bad) }
	setPrivate := func(m *model, bad string) { m.PrivateKey = str(bad) }
	setPublic := func(m *model, bad string) { m.PublicKey = str(bad) }
	setPublicID := func(m *model, bad string) { m.PublicKeyID = str(bad) }
	setCertificate := func(m *model, bad string) { m.PlatformCertificate = str(bad) }
	setBrand := func(m *model, bad string) { m.BrandID = str(bad) }
	setEndpoint := func(m *model, bad string) { m.Endpoint = str(bad) }
	setBackup := func(m *model, bad string) { m.BackupEndpoint = str(bad) }
	setTimeout := func(m *model, bad string) { m.RequestTimeout = str(bad) }
	setRefresh := func(m *model, bad string) { m.RefreshInterval = str(bad) }
	setRate := func(value float64) func(*model, string) {
		return func(m *model, _ string) { m.RequestsPerSecond = number(value) }
	}
	setRetries := func(value float64) func(*model, string) {
		return func(m *model, _ string) { m.MaxRetries = number(value) }
	}
	return []refusal{
		{name: "letters", attribute: "mchid", bad: "19O0000109", config: setMchID},
		{name: "full-width digits", attribute: "mchid", bad: "１９００", config: setMchID},
		{name: "too long", attribute: "mchid", bad: strings.Repeat("7", 33), config: setMchID, words: []string{"32 digits"}},
		{name: "not hexadecimal", attribute: "certificate_serial_no", bad: "5157G09E", config: setSerial},
		{name: "too long", attribute: "certificate_serial_no", bad: strings.Repeat("7", 41), config: setSerial},

		{name: "no PEM", attribute: "private_key", bad: "my own key", config: setPrivate, words: []string{"PEM"}},
		{name: "public key", attribute: "private_key", bad: p.public, config: setPrivate, words: []string{"It is a public key."}},
		{name: "certificate", attribute: "private_key", bad: p.own, config: setPrivate, words: []string{"It is a certificate."}},
		{name: "encrypted", attribute: "private_key", bad: p.privateEncrypted, config: setPrivate, words: []string{"passphrase"}},
		{name: "EC", attribute: "private_key", bad: p.privateEC, config: setPrivate, words: []string{"not an RSA key"}},
		{name: "short", attribute: "private_key", bad: p.privateShort, config: setPrivate, words: []string{"1024 bits"}},
		{name: "cut", attribute: "private_key", bad: p.private[:len(p.private)/2], config: setPrivate, words: []string{"damaged"}},

		{name: "a serial number", attribute: "public_key_id", bad: "5157F09EFDC096DE15EBE81A47057A7232F1B8E2", config: setPublicID, words: []string{"PUB_KEY_ID_"}},
		{name: "no PEM", attribute: "public_key", bad: "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A", config: setPublic, words: []string{"damaged", "BEGIN line"}},
		{name: "private key", attribute: "public_key", bad: p.privateOther, config: setPublic, words: []string{"It is a private key."}},
		{name: "certificate", attribute: "public_key", bad: p.certificate, config: setPublic, words: []string{"It is a certificate."}},
		{name: "EC", attribute: "public_key", bad: p.publicEC, config: setPublic, words: []string{"not an RSA key"}},
		{name: "short", attribute: "public_key", bad: p.publicShort, config: setPublic, words: []string{"1024 bits"}},

		{name: "public key", attribute: "platform_certificate", bad: p.public, config: setCertificate, words: []string{"It is a public key."}},
		{name: "private key", attribute: "platform_certificate", bad: p.privateOther, config: setCertificate, words: []string{"It is a private key."}},
		{name: "expired", attribute: "platform_certificate", bad: p.expired, config: setCertificate, words: []string{"expired on 2026-02-28"}},
		{name: "not yet valid", attribute: "platform_certificate", bad: p.early, config: setCertificate, words: []string{"not valid before 2026-03-02"}},

		{name: "too long", attribute: "brand_id", bad: strings.Repeat("b", 33), config: setBrand, words: []string{"32"}},
		{name: "slash", attribute: "brand_id", bad: "10/04", config: setBrand},
		{name: "space", attribute: "brand_id", bad: "10 04", config: setBrand},

		{name: "no scheme", attribute: "endpoint", bad: "api.mch.weixin.qq.example", config: setEndpoint},
		{name: "http", attribute: "endpoint", bad: "http://api.mch.weixin.qq.example", config: setEndpoint, words: []string{"loopback"}},
		{name: "http of a host that begins like loopback", attribute: "endpoint", bad: "http://127.0.0.1.example.net", config: setEndpoint},
		{name: "http of a host that begins like localhost", attribute: "endpoint", bad: "http://localhost.example.net", config: setEndpoint},
		{name: "other scheme", attribute: "endpoint", bad: "ftp://api.mch.weixin.qq.example", config: setEndpoint},
		{name: "path", attribute: "endpoint", bad: "https://proxy.example/wechat", config: setEndpoint, words: []string{"path"}},
		{name: "query", attribute: "endpoint", bad: "https://proxy.example?a=1", config: setEndpoint},
		{name: "empty query", attribute: "endpoint", bad: "https://proxy.example?", config: setEndpoint},
		{name: "fragment", attribute: "endpoint", bad: "https://proxy.example#a", config: setEndpoint},
		{name: "empty fragment", attribute: "endpoint", bad: "https://proxy.example#", config: setEndpoint},
		{name: "password", attribute: "endpoint", bad: "https://me:hunter2@proxy.example", config: setEndpoint, words: []string{"password"}},
		{name: "no host", attribute: "endpoint", bad: "https://:443", config: setEndpoint},
		{name: "empty port", attribute: "endpoint", bad: "https://proxy.example:", config: setEndpoint, words: []string{"port"}},
		{name: "port out of range", attribute: "endpoint", bad: "https://proxy.example:65536", config: setEndpoint},
		{name: "port zero", attribute: "endpoint", bad: "https://proxy.example:0", config: setEndpoint, words: []string{"port"}},
		{name: "no URL", attribute: "endpoint", bad: "https://proxy.example:%zz", config: setEndpoint},
		{name: "path", attribute: "backup_endpoint", bad: "https://proxy.example/wechat", config: setBackup},
		{name: "http", attribute: "backup_endpoint", bad: "http://api.mch.weixin.qq.example", config: setBackup},

		{name: "nothing", attribute: "requests_per_second", bad: "0", config: setRate(0), words: []string{"0.1 to 1000"}},
		{name: "negative", attribute: "requests_per_second", bad: "-3", config: setRate(-3)},
		{name: "too many", attribute: "requests_per_second", bad: "1000.5", config: setRate(1000.5)},
		{name: "huge", attribute: "requests_per_second", bad: "1e+309", config: func(m *model, _ string) {
			m.RequestsPerSecond = types.NumberValue(new(big.Float).SetMantExp(big.NewFloat(1), 1030))
		}},
		{name: "no number", attribute: "requests_per_second", bad: "five"},
		{name: "not a number", attribute: "requests_per_second", bad: "NaN"},
		{name: "negative", attribute: "max_retries", bad: "-2", config: setRetries(-2)},
		{name: "too many", attribute: "max_retries", bad: "11", config: setRetries(11), words: []string{"0 (never try again) to 10"}},
		{name: "no number", attribute: "max_retries", bad: "abc"},
		{name: "fraction", attribute: "max_retries", bad: "2.5", config: setRetries(2.5), words: []string{"whole number"}},
		{name: "huge", attribute: "max_retries", bad: "1e+30", config: setRetries(1e30)},
		{name: "no unit", attribute: "request_timeout", bad: "47", config: setTimeout, words: []string{"100ms to 5m"}},
		{name: "too short", attribute: "request_timeout", bad: "99ms", config: setTimeout},
		{name: "too long", attribute: "request_timeout", bad: "5m1s", config: setTimeout},
		{name: "negative", attribute: "refresh_interval", bad: "-15m", config: setRefresh},
		{name: "no unit", attribute: "refresh_interval", bad: "900", config: setRefresh},
		{name: "days", attribute: "refresh_interval", bad: "2d", config: setRefresh},
		{name: "no truth", attribute: "check_templates", bad: "maybe"},

		{name: "empty", attribute: "mchid", config: setMchID, notInEnvironment: true, words: []string{"empty"}},
		{name: "empty", attribute: "private_key", config: setPrivate, notInEnvironment: true, words: []string{"empty"}},
		{name: "empty", attribute: "backup_endpoint", config: setBackup, notInEnvironment: true, words: []string{"empty"}},
	}
}

// A wrong value in the configuration is refused at once, without credentials.
func TestWrongConfigurationIsRefusedWhileValidating(t *testing.T) {
	t.Parallel()
	for _, c := range refusals() {
		if c.config == nil {
			continue
		}
		t.Run(c.attribute+"/"+c.name, func(t *testing.T) {
			t.Parallel()
			var m model
			c.config(&m, c.bad)
			_, diags := resolve(m, sources{now: testNow})
			expect(t, diags, []string{c.bad}, at(c.attribute, append(c.words, variable(c.attribute), "provider block")...))
		})
	}
}

// A backup is compared with an endpoint that is known: the environment may yet name one.
func TestValidateDoesNotCompareWithTheDefaultEndpoint(t *testing.T) {
	t.Parallel()
	if _, diags := resolve(model{BackupEndpoint: str(wechatpay.MainEndpoint)}, sources{now: testNow}); len(diags) > 0 {
		t.Error(diags)
	}
}

// With credentials it is still one diagnostic.
func TestWrongConfigurationIsRefusedOnce(t *testing.T) {
	t.Parallel()
	for _, c := range refusals() {
		if c.config == nil {
			continue
		}
		t.Run(c.attribute+"/"+c.name, func(t *testing.T) {
			t.Parallel()
			var m model
			c.config(&m, c.bad)
			s, diags := resolve(m, completeEnv().sources(t))
			expect(t, diags, []string{c.bad}, at(c.attribute))
			if s.complete {
				t.Error("the client would be built")
			}
		})
	}
}

func TestWrongEnvironmentIsRefused(t *testing.T) {
	t.Parallel()
	for _, c := range refusals() {
		if c.notInEnvironment {
			continue
		}
		t.Run(c.attribute+"/"+c.name, func(t *testing.T) {
			t.Parallel()
			e := completeEnv()
			e.vars[variable(c.attribute)] = c.bad
			_, diags := resolve(model{}, e.sources(t))
			expect(t, diags, []string{c.bad}, at(c.attribute, append(c.words, "comes from the environment variable "+variable(c.attribute))...))

			if _, diags := resolve(model{}, sources{now: testNow}); len(diags) > 0 {
				t.Errorf("validating looked at the environment: %v", diags)
			}
		})
	}
}

func TestWrongFileIsRefused(t *testing.T) {
	t.Parallel()
	for _, c := range refusals() {
		var set func(m *model, path string)
		switch c.attribute {
		case "private_key":
			set = func(m *model, path string) { m.PrivateKeyPath = str(path) }
		case "public_key":
			set = func(m *model, path string) { m.PublicKeyPath = str(path) }
		case "platform_certificate":
			set = func(m *model, path string) { m.PlatformCertificatePath = str(path) }
		default:
			continue
		}
		t.Run(c.attribute+"/"+c.name, func(t *testing.T) {
			t.Parallel()
			e := completeEnv()
			delete(e.vars, variable(c.attribute))
			e.files["wrong.file"] = c.bad
			filePath := c.attribute + "_path"

			e.vars[variable(filePath)] = "wrong.file"
			_, diags := resolve(model{}, e.sources(t))
			expect(t, diags, []string{c.bad}, at(filePath, "comes from the environment variable "+variable(filePath)))

			delete(e.vars, variable(filePath))
			var m model
			set(&m, "wrong.file")
			_, diags = resolve(m, e.sources(t))
			expect(t, diags, []string{c.bad}, at(filePath))
		})
	}
}

func TestOtherRefusals(t *testing.T) {
	t.Parallel()
	p := testPEMs()
	for _, c := range []struct {
		name   string
		change func(m *model, e testEnv)
		want   []expectation
		hidden []string
		// static: `terraform validate` refuses it, too.
		static bool
	}{
		{
			name:   "nothing given at all: all that is missing, once each",
			change: func(_ *model, e testEnv) { clear(e.vars) },
			want: []expectation{
				at("mchid"), at("certificate_serial_no"), at("private_key", "WECHATPAY_PRIVATE_KEY", "WECHATPAY_PRIVATE_KEY_PATH"),
				at("public_key", "WECHATPAY_PUBLIC_KEY_ID", "WECHATPAY_PUBLIC_KEY", "WECHATPAY_PUBLIC_KEY_PATH",
					"WECHATPAY_PLATFORM_CERTIFICATE", "WECHATPAY_PLATFORM_CERTIFICATE_PATH"),
			},
		},
		{
			name:   "public key without its ID",
			change: func(_ *model, e testEnv) { delete(e.vars, "WECHATPAY_PUBLIC_KEY_ID") },
			want:   []expectation{at("public_key_id")},
		},
		{
			name:   "ID without the public key",
			change: func(_ *model, e testEnv) { delete(e.vars, "WECHATPAY_PUBLIC_KEY") },
			want:   []expectation{at("public_key", "WECHATPAY_PUBLIC_KEY", "WECHATPAY_PUBLIC_KEY_PATH")},
		},
		{
			name: "ID without the public key, beside a platform certificate",
			change: func(m *model, e testEnv) {
				delete(e.vars, "WECHATPAY_PUBLIC_KEY")
				m.PlatformCertificate = str(p.certificate)
			},
			want: []expectation{at("public_key")},
		},
		{
			name:   "both of a pair in the configuration",
			change: func(m *model, _ testEnv) { m.PrivateKey, m.PrivateKeyPath = str(p.private), str("key.pem") },
			want:   []expectation{at("private_key", "private_key_path")},
			hidden: []string{p.private}, static: true,
		},
		{
			name:   "both of a pair in the configuration, public key",
			change: func(m *model, _ testEnv) { m.PublicKey, m.PublicKeyPath = str(p.public), str("key.pem") },
			want:   []expectation{at("public_key", "public_key_path")},
			hidden: []string{p.public}, static: true,
		},
		{
			name: "both of a pair in the configuration, platform certificate",
			change: func(m *model, _ testEnv) {
				m.PlatformCertificate, m.PlatformCertificatePath = str(p.certificate), str("key.pem")
			},
			want:   []expectation{at("platform_certificate", "platform_certificate_path")},
			hidden: []string{p.certificate}, static: true,
		},
		{
			name:   "both of a pair in the environment",
			change: func(_ *model, e testEnv) { e.vars["WECHATPAY_PRIVATE_KEY_PATH"] = "key.pem" },
			want:   []expectation{at("private_key", "WECHATPAY_PRIVATE_KEY ", "WECHATPAY_PRIVATE_KEY_PATH")},
			hidden: []string{p.private, "key.pem"},
		},
		{
			name:   "a file that is not there",
			change: func(m *model, _ testEnv) { m.PrivateKeyPath = str("secrets/apiclient_key.pem") },
			want:   []expectation{at("private_key_path", "file does not exist", "WECHATPAY_PRIVATE_KEY_PATH", "WECHATPAY_PRIVATE_KEY)")},
			hidden: []string{"secrets/apiclient_key.pem"},
		},
		{
			name:   "a key where a path belongs",
			change: func(m *model, _ testEnv) { m.PrivateKeyPath = str(p.private) },
			want:   []expectation{at("private_key_path", "private_key (environment variable WECHATPAY_PRIVATE_KEY)")},
			hidden: []string{p.private}, static: true,
		},
		{
			name:   "a line of a key where a path belongs",
			change: func(m *model, _ testEnv) { m.PrivateKeyPath = str(strings.Split(p.private, "\n")[3]) },
			want:   []expectation{at("private_key_path", "content itself")},
			hidden: []string{p.private},
		},
		{
			name: "a key where a path belongs, on one line, in the environment",
			change: func(_ *model, e testEnv) {
				delete(e.vars, "WECHATPAY_PRIVATE_KEY")
				e.vars["WECHATPAY_PRIVATE_KEY_PATH"] = strings.Join(strings.Split(p.private, "\n")[1:20], "")
			},
			want:   []expectation{at("private_key_path")},
			hidden: []string{p.private},
		},
		{
			name:   "the merchant's own public key for WeChat Pay's",
			change: func(m *model, _ testEnv) { m.PublicKey = str(p.publicOwn) },
			want:   []expectation{at("public_key", "your own private key")},
			hidden: []string{p.publicOwn},
		},
		{
			name:   "the merchant's own certificate for WeChat Pay's",
			change: func(m *model, _ testEnv) { m.PlatformCertificate = str(p.own) },
			want:   []expectation{at("platform_certificate", "apiclient_cert.pem")},
			hidden: []string{p.own, p.ownSerial},
		},
		{
			name: "the platform certificate's serial number for the merchant's",
			change: func(m *model, _ testEnv) {
				m.CertificateSerialNo, m.PlatformCertificate = str(p.certificateSerial), str(p.certificate)
			},
			want:   []expectation{at("certificate_serial_no", "WeChat Pay's platform certificate", printSerial)},
			hidden: []string{p.certificate, p.certificateSerial}, static: true,
		},
		{
			name: "the same endpoint twice",
			change: func(m *model, _ testEnv) {
				m.Endpoint, m.BackupEndpoint = str("https://One.example"), str("https://one.example:443")
			},
			want:   []expectation{at("backup_endpoint")},
			hidden: []string{"one.example"}, static: true,
		},
		{
			name: "the same endpoint twice, on loopback",
			change: func(m *model, _ testEnv) {
				m.Endpoint, m.BackupEndpoint = str("http://localhost"), str("http://localhost:80")
			},
			want: []expectation{at("backup_endpoint")}, static: true,
		},
		{
			name: "a wrong endpoint is not compared",
			change: func(m *model, _ testEnv) {
				m.Endpoint, m.BackupEndpoint = str("https://one.example/path"), str(wechatpay.MainEndpoint)
			},
			want: []expectation{at("endpoint")}, static: true,
		},
		{
			name: "a wrong public key, and no ID",
			change: func(_ *model, e testEnv) {
				delete(e.vars, "WECHATPAY_PUBLIC_KEY_ID")
				e.vars["WECHATPAY_PUBLIC_KEY"] = p.publicShort
			},
			want:   []expectation{at("public_key", "1024 bits"), at("public_key_id")},
			hidden: []string{p.publicShort},
		},
		{
			name: "a wrong ID, and no public key",
			change: func(_ *model, e testEnv) {
				delete(e.vars, "WECHATPAY_PUBLIC_KEY")
				e.vars["WECHATPAY_PUBLIC_KEY_ID"] = "5157F09E"
			},
			want:   []expectation{at("public_key_id", "PUB_KEY_ID_"), at("public_key", "WECHATPAY_PUBLIC_KEY_PATH")},
			hidden: []string{"5157F09E"},
		},
		{
			name:   "the default endpoint as backup",
			change: func(_ *model, e testEnv) { e.vars["WECHATPAY_BACKUP_ENDPOINT"] = wechatpay.MainEndpoint },
			want:   []expectation{at("backup_endpoint")},
		},
		{
			name: "several at once",
			change: func(m *model, e testEnv) {
				delete(e.vars, "WECHATPAY_MCHID")
				e.vars["WECHATPAY_PRIVATE_KEY"] = p.privateShort
				e.vars["WECHATPAY_MAX_RETRIES"] = "abc"
				m.Endpoint = str("http://192.0.2.1")
				m.RequestTimeout = str("forever")
			},
			want:   []expectation{at("mchid"), at("private_key", "1024 bits"), at("max_retries"), at("endpoint"), at("request_timeout")},
			hidden: []string{"abc", "192.0.2.1", "forever", p.privateShort},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := completeEnv()
			var m model
			c.change(&m, e)
			s, diags := resolve(m, e.sources(t))
			expect(t, diags, c.hidden, c.want...)
			if s.complete {
				t.Error("the client would be built")
			}
			_, diags = resolve(m, sources{now: testNow})
			if c.static {
				expect(t, diags, c.hidden, c.want...)
			}
		})
	}
}

func TestUnknownValuesPostpone(t *testing.T) {
	t.Parallel()
	unknown := types.StringUnknown()
	for name, change := range map[string]func(m *model){
		"mchid":                     func(m *model) { m.MchID = unknown },
		"certificate_serial_no":     func(m *model) { m.CertificateSerialNo = unknown },
		"private_key":               func(m *model) { m.PrivateKey = unknown },
		"private_key_path":          func(m *model) { m.PrivateKeyPath = unknown },
		"public_key_id":             func(m *model) { m.PublicKeyID = unknown },
		"public_key":                func(m *model) { m.PublicKey = unknown },
		"public_key_path":           func(m *model) { m.PublicKeyPath = unknown },
		"platform_certificate":      func(m *model) { m.PlatformCertificate = unknown },
		"platform_certificate_path": func(m *model) { m.PlatformCertificatePath = unknown },
		"endpoint":                  func(m *model) { m.Endpoint = unknown },
		"backup_endpoint":           func(m *model) { m.BackupEndpoint = unknown },
		"requests_per_second":       func(m *model) { m.RequestsPerSecond = types.NumberUnknown() },
		"max_retries":               func(m *model) { m.MaxRetries = types.NumberUnknown() },
		"request_timeout":           func(m *model) { m.RequestTimeout = unknown },
		// It may turn out to be another than the backup.
		"endpoint, backup known": func(m *model) { m.Endpoint, m.BackupEndpoint = unknown, str(wechatpay.MainEndpoint) },
		// One of a pair may turn out to be null.
		"one of a pair":       func(m *model) { m.PrivateKey, m.PrivateKeyPath = unknown, str("no such file") },
		"the other of a pair": func(m *model) { m.PrivateKey, m.PrivateKeyPath = str(testPEMs().private), unknown },
		"only the ID":         func(m *model) { m.PublicKeyID, m.PublicKeyPath = unknown, unknown },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var m model
			change(&m)
			s, diags := resolve(m, completeEnv().sources(t))
			if len(diags) > 0 {
				t.Errorf("an unknown value is no mistake: %v", diags)
			}
			if s.complete {
				t.Error("the client would be built without it")
			}
			if _, diags := resolve(m, sources{now: testNow}); len(diags) > 0 {
				t.Errorf("an unknown value is no mistake: %v", diags)
			}
			m.RequestTimeout, m.MaxRetries = str("forever"), number(11)
			_, diags = resolve(m, completeEnv().sources(t))
			expect(t, diags, []string{"forever"}, at("max_retries"), at("request_timeout"))
		})
	}
}

func TestUnknownValuesThatTheClientDoesNotNeed(t *testing.T) {
	t.Parallel()
	m := model{BrandID: types.StringUnknown(), RefreshInterval: types.StringUnknown(), CheckTemplates: types.BoolUnknown()}
	s, diags := resolve(m, completeEnv().sources(t))
	if len(diags) > 0 || !s.complete {
		t.Fatalf("%+v %v", s, diags)
	}
	if !s.brandIDUnknown || s.refreshInterval != 0 || s.checkTemplates {
		t.Errorf("unknown values were guessed: %+v", s)
	}
}

func TestUnknownKeyLeavesTheLimitUnknown(t *testing.T) {
	t.Parallel()
	e := completeEnv()
	e.vars["WECHATPAY_PLATFORM_CERTIFICATE"] = testPEMs().certificate
	s, _ := resolve(model{PublicKey: types.StringUnknown()}, e.sources(t))
	if s.maxPlaintextBytes != 0 {
		t.Errorf("limit %d, but the public key will encrypt, and it is unknown", s.maxPlaintextBytes)
	}
	s, _ = resolve(model{MchID: types.StringUnknown()}, e.sources(t))
	if s.maxPlaintextBytes != 214 {
		t.Errorf("limit %d, but the encrypting key is known", s.maxPlaintextBytes)
	}
}

func TestEndpointOfOnesOwnHasNoBackup(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ endpoint, backup, want string }{
		{"", "", wechatpay.BackupEndpoint},
		{"https://proxy.example", "", ""},
		{wechatpay.MainEndpoint, "", ""},
		{wechatpay.BackupEndpoint, "", ""},
		{"", "https://backup.example", "https://backup.example"},
		{"https://proxy.example", "https://backup.example", "https://backup.example"},
		{"http://localhost:1", "http://127.0.0.2:1", "http://127.0.0.2:1"},
		{"http://[::1]", "http://LOCALHOST", "http://localhost"},
	} {
		t.Run(fmt.Sprintf("%s+%s", c.endpoint, c.backup), func(t *testing.T) {
			t.Parallel()
			e := completeEnv()
			e.vars["WECHATPAY_ENDPOINT"], e.vars["WECHATPAY_BACKUP_ENDPOINT"] = c.endpoint, c.backup
			s, diags := resolve(model{}, e.sources(t))
			if len(diags) > 0 || s.client.BackupEndpoint != c.want {
				t.Errorf("got %q, want %q: %v", s.client.BackupEndpoint, c.want, diags)
			}
		})
	}
}

func TestWarnsOfMoreThanTheDocumentedRate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		endpoint string
		rate     float64
		warns    bool
	}{
		{"", 5, false}, {"", 5.1, true}, {wechatpay.BackupEndpoint, 20, true}, {"http://127.0.0.1:1", 1000, false},
	} {
		m := model{RequestsPerSecond: number(c.rate)}
		if c.endpoint != "" {
			m.Endpoint = str(c.endpoint)
		}
		s, diags := resolve(m, completeEnv().sources(t))
		if got := diags.WarningsCount() == 1; got != c.warns || diags.HasError() || !s.complete {
			t.Errorf("%v: warned %v, %v", c, got, diags)
		}
	}
}

// expect fails unless the diagnostics are errors on exactly the expected attributes, one
// each, which name what they must and nowhere repeat what is hidden.
func expect(t *testing.T, diags diag.Diagnostics, hidden []string, want ...expectation) {
	t.Helper()
	left := slices.Clone(diags)
	for _, w := range want {
		i := slices.IndexFunc(left, func(d diag.Diagnostic) bool {
			located, ok := d.(diag.DiagnosticWithPath)
			return ok && located.Path().Equal(path.Root(w.attribute))
		})
		if i < 0 {
			t.Errorf("no diagnostic on %s: %v", w.attribute, diags)
			continue
		}
		if left[i].Severity() != diag.SeverityError {
			t.Errorf("on %s there is no error but %v", w.attribute, left[i])
		}
		for _, name := range w.names {
			if !strings.Contains(left[i].Summary()+"\n"+left[i].Detail(), name) {
				t.Errorf("the diagnostic on %s does not say %q: %v", w.attribute, name, left[i])
			}
		}
		left = slices.Delete(left, i, i+1)
	}
	if len(left) > 0 {
		t.Errorf("more diagnostics than expected: %v", left)
	}
	for _, d := range diags {
		for _, secret := range secretTexts(hidden) {
			// "0" and the like occur in any text that names a limit.
			if len(secret) > 2 && strings.Contains(d.Summary()+"\n"+d.Detail(), secret) {
				t.Errorf("the diagnostic repeats %q: %v", secret, d)
			}
		}
	}
}
