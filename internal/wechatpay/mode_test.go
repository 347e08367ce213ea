// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the recorded requests anew")

// changing matches what differs each time in a request: nonce, time, signature, ciphertext, and
// the boundary of an upload.
var changing = regexp.MustCompile(`(nonce_str|timestamp|signature|boundary)="?[^",\s]*"?|"[A-Za-z0-9+/]{342}=="|--[0-9a-f]{60}|(echo_message":")[^"]*`)

// recordedRequests are all calls with all fields, as they arrive.
func recordedRequests(t *testing.T, change func(*Config)) string {
	t.Helper()
	var b strings.Builder
	calls := fullCalls(t)
	for _, operation := range slices.Sorted(maps.Keys(calls)) {
		s := newService(t, replies(refused(400, "INVALID_REQUEST", "x")))
		_ = calls[operation](t.Context(), newTestClient(t, s, change))
		fmt.Fprintf(&b, "## %s\n", operation)
		for _, r := range s.all() {
			fmt.Fprintf(&b, "%s https://%s%s\n", r.method, r.host, r.uri)
			for _, name := range slices.Sorted(maps.Keys(r.header)) {
				fmt.Fprintf(&b, "%s: %s\n", name, strings.Join(r.header[name], ", "))
			}
			fmt.Fprintf(&b, "\n%q\n", changing.ReplaceAllString(string(r.body), "$1$2"))
		}
	}
	return changing.ReplaceAllString(b.String(), "$1")
}

// asBrand makes a client that of a brand, which has no merchant number.
func asBrand(c *Config) { c.Mode, c.MchID, c.BrandID = ModeBrand, "", testBrand }

// A change for one kind of merchant must change nothing for the other.
func TestRequestsAreAsRecorded(t *testing.T) {
	t.Parallel()
	for mode, change := range map[string]func(*Config){
		"service-provider": func(*Config) {},
		"brand":            asBrand,
	} {
		file := filepath.Join("testdata", "requests-"+mode+".golden")
		got := recordedRequests(t, change)
		if *update {
			if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s:\n%s", mode, diff)
		}
	}
}

var brandAuthorization = regexp.MustCompile(`^WECHATPAY-BRAND-SHA256-RSA2048 brand_id="1004",nonce_str="([^"]+)",timestamp="([0-9]+)",serial_no="5157F09EFDC096DE15EBE81A47057A7232F1B8E1",signature="([^"]+)"$`)

// A brand is named in Authorization only; there is no merchant number anywhere.
func TestBrandModeOfEveryCall(t *testing.T) {
	t.Parallel()
	for operation, call := range fullCalls(t) {
		t.Run(string(operation), func(t *testing.T) {
			t.Parallel()
			s := newService(t, replies(refused(400, "INVALID_REQUEST", "x")))
			_ = call(t.Context(), newTestClient(t, s, asBrand))
			for _, r := range s.all() {
				m := brandAuthorization.FindStringSubmatch(r.header.Get("Authorization"))
				if m == nil {
					t.Fatalf("Authorization: %s", r.header.Get("Authorization"))
				}
				signed := signedPart(&http.Request{Header: r.header}, r.body)
				digest := sha256.Sum256([]byte(r.method + "\n" + r.uri + "\n" + m[2] + "\n" + m[1] + "\n" + signed + "\n"))
				signature, err := base64.StdEncoding.DecodeString(m[3])
				if err != nil || rsa.VerifyPKCS1v15(&merchantKey().PublicKey, crypto.SHA256, digest[:], signature) != nil {
					t.Error("the signature does not belong to the request")
				}
				if got := r.header.Get("Wechatpay-Serial"); got != testKeyID {
					t.Errorf("Wechatpay-Serial: %q", got)
				}
				if !strings.HasPrefix(r.uri, "/brand/card-member/") {
					t.Errorf("path: %s", r.uri)
				}
				// What is signed is looked at, not a picture's bytes.
				for _, word := range []string{"brand_id", "mchid", testMchID, `"` + testBrand + `"`, "=" + testBrand} {
					if strings.Contains(r.uri+signed, word) {
						t.Errorf("%s in %s %s", word, r.uri, signed)
					}
				}
				for name, values := range r.header {
					// The two that were looked at above: the ID of a key begins with a merchant number.
					if name == "Authorization" || name == "Wechatpay-Serial" {
						continue
					}
					value, _, _ := strings.Cut(strings.Join(values, " "), "boundary=") // a boundary is random
					if strings.Contains(value, testBrand) || strings.Contains(value, testMchID) {
						t.Errorf("%s: %s", name, value)
					}
				}
			}
			// The import by phone number is not offered, and the echo makes another call of the mode.
			if want := map[bool]int{true: 0, false: 1}[operation == OperationImport]; s.count() != want {
				t.Errorf("%d requests, want %d", s.count(), want)
			}
		})
	}
}

// The requests of a brand name no brand: a call about another one would read or change its own.
func TestABrandMakesNoCallAboutAnotherBrand(t *testing.T) {
	t.Parallel()
	for operation, call := range fullCalls(t) {
		switch operation {
		case OperationImport, OperationEcho, OperationUploadImage:
			// Not offered, or about no brand.
			continue
		}
		s := newService(t, replies(refused(400, "INVALID_REQUEST", "x")))
		err := asError(t, call(t.Context(), newTestClient(t, s, asBrand, func(c *Config) { c.BrandID = "1005" })))
		if err.Kind != KindOtherBrand || err.Mode != ModeBrand || s.count() != 0 || err.OutcomeUnknown {
			t.Errorf("%s: %d requests: %v", operation, s.count(), err)
		}
	}
}

// A call that is added to a mode is in all tests of this file.
func TestEveryCallIsRecorded(t *testing.T) {
	t.Parallel()
	calls := fullCalls(t)
	for mode, routes := range map[MerchantMode]routes{ModeServiceProvider: serviceProviderRoutes(), ModeBrand: brandRoutes()} {
		for operation := range routes {
			if calls[operation] == nil {
				t.Errorf("%s: the call %s is not in fullCalls", mode, operation)
			}
		}
	}
}

func TestConfigOfAMode(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		change  func(*Config)
		missing string
	}{
		"service provider":                    {func(*Config) {}, ""},
		"service provider without its number": {func(c *Config) { c.MchID, c.BrandID = "", testBrand }, "MchID"},
		"brand":                               {asBrand, ""},
		"brand without its id":                {func(c *Config) { c.Mode = ModeBrand }, "BrandID"},
		"brand with a platform certificate only": {func(c *Config) {
			asBrand(c)
			c.PublicKey, c.PublicKeyID, c.PlatformCertificate = nil, "", platform()
		}, "PublicKey"},
	} {
		cfg := testConfig(nil)
		tc.change(&cfg)
		_, err := New(cfg)
		var bad *ConfigError
		if errors.As(err, &bad) != (tc.missing != "") || bad != nil && bad.Field != tc.missing {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
