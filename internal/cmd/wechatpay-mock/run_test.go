// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

// program is run in the background, with the environment that it printed.
type program struct {
	environment map[string]string
	comments    string
	stop        context.CancelFunc
	done        chan error
	stderr      *bytes.Buffer
}

func startProgram(t *testing.T, args ...string) *program {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	reader, writer := io.Pipe()
	p := &program{environment: map[string]string{}, stop: stop, done: make(chan error, 1), stderr: &bytes.Buffer{}}
	go func() {
		err := run(ctx, args, writer, p.stderr)
		_ = writer.CloseWithError(err)
		p.done <- err
	}()
	t.Cleanup(stop)
	lines := bufio.NewScanner(reader)
	export := regexp.MustCompile(`^export ([A-Z_]+)='(.*)'$`)
	for lines.Scan() {
		if match := export.FindStringSubmatch(lines.Text()); match != nil {
			p.environment[match[1]] = strings.ReplaceAll(match[2], `'\''`, `'`)
			continue
		}
		p.comments += lines.Text() + "\n"
		if strings.Contains(lines.Text(), "RANGE ") || strings.Contains(lines.Text(), "pbA ") { // The last line.
			go func() { _, _ = io.Copy(io.Discard, reader) }()
			return p
		}
	}
	t.Fatalf("it ended early: %v", lines.Err())
	return nil
}

func (p *program) end(t *testing.T) {
	t.Helper()
	p.stop()
	if err := <-p.done; err != nil {
		t.Error(err)
	}
}

// echo makes one signed call with what the program printed.
func (p *program) echo(t *testing.T) int {
	t.Helper()
	text, err := os.ReadFile(p.environment["WECHATPAY_PRIVATE_KEY_PATH"])
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(text)
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	payload := `{"echo_message":"hello"}`
	timestamp, nonce := strconv.FormatInt(time.Now().Unix(), 10), rand.Text()
	sum := sha256.Sum256([]byte("POST\n/v3/security/echo\n" + timestamp + "\n" + nonce + "\n" + payload + "\n"))
	signature, err := rsa.SignPKCS1v15(rand.Reader, parsed.(*rsa.PrivateKey), crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.environment["WECHATPAY_ENDPOINT"]+"/v3/security/echo", strings.NewReader(payload))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", fmt.Sprintf(`WECHATPAY2-SHA256-RSA2048 mchid="%s",nonce_str="%s",signature="%s",timestamp="%s",serial_no="%s"`,
		p.environment["WECHATPAY_MCHID"], nonce, base64.StdEncoding.EncodeToString(signature), timestamp, p.environment["WECHATPAY_CERTIFICATE_SERIAL_NO"]))
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	response, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.StatusCode
}

func TestRunServesUntilItIsStopped(t *testing.T) {
	envFile := filepath.Join(t.TempDir(), "mock.env")
	p := startProgram(t, "-log", "-env-file", envFile)
	for _, name := range []string{
		"WECHATPAY_MCHID", "WECHATPAY_CERTIFICATE_SERIAL_NO", "WECHATPAY_PRIVATE_KEY_PATH", "WECHATPAY_PUBLIC_KEY_ID",
		"WECHATPAY_PUBLIC_KEY_PATH", "WECHATPAY_ENDPOINT", "WECHATPAY_BRAND_ID",
	} {
		if p.environment[name] == "" {
			t.Errorf("%s is not printed", name)
		}
	}
	if !strings.Contains(p.comments, p.environment["WECHATPAY_ENDPOINT"]+"/_mock/") || !strings.Contains(p.comments, mockserver.TemplatePermanent) {
		t.Errorf("comments:\n%s", p.comments)
	}
	if status := p.echo(t); status != http.StatusOK {
		t.Errorf("a signed call answers %d", status)
	}
	written, err := os.ReadFile(envFile)
	if err != nil || !strings.Contains(string(written), "export WECHATPAY_ENDPOINT='"+p.environment["WECHATPAY_ENDPOINT"]+"'") {
		t.Errorf("%s %v", written, err)
	}
	p.end(t)
	if _, err := os.Stat(p.environment["WECHATPAY_PRIVATE_KEY_PATH"]); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the temporary keys are left: %v", err)
	}
	for _, want := range []string{
		"POST echo 200 request-id=", "listens on " + p.environment["WECHATPAY_ENDPOINT"], "source '" + envFile + "'",
		p.environment["WECHATPAY_ENDPOINT"] + "/_mock/", "Ctrl-C",
	} {
		if !strings.Contains(p.stderr.String(), want) {
			t.Errorf("stderr does not say %q:\n%s", want, p.stderr.String())
		}
	}
}

// The page of the administration names every flag, so that a reader of it finds them.
func TestThePageNamesEveryFlag(t *testing.T) {
	var usage strings.Builder
	if _, err := parseFlags([]string{"-h"}, &usage); !errors.Is(err, flag.ErrHelp) {
		t.Fatal(err)
	}
	p := startProgram(t)
	defer p.end(t)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.environment["WECHATPAY_ENDPOINT"]+"/_mock/", nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if err != nil {
		t.Fatal(err)
	}
	flags := 0
	for line := range strings.Lines(usage.String()) {
		if rest, ok := strings.CutPrefix(line, "  -"); ok {
			flags++
			if name := strings.Fields(rest)[0]; !strings.Contains(string(page), "-"+name) {
				t.Errorf("the page does not name -%s", name)
			}
		}
	}
	if flags < 10 {
		t.Errorf("found only %d flags", flags)
	}
}

// A brand gets its own credentials; its key and its serial number belong together.
func TestRunPrintsTheEnvironmentOfABrand(t *testing.T) {
	keys := t.TempDir()
	p := startProgram(t, "-mode", "brand", "-keys", filepath.Join(keys, "keys"))
	defer p.end(t)
	loaded, err := mockserver.LoadKeys(filepath.Join(keys, "keys"))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"WECHATPAY_MERCHANT_MODE":         "brand",
		"WECHATPAY_CERTIFICATE_SERIAL_NO": mockserver.SerialNumber(loaded.BrandCertificate),
		"WECHATPAY_PRIVATE_KEY_PATH":      filepath.Join(keys, "keys", mockserver.BrandKeyFile),
		"WECHATPAY_PUBLIC_KEY_ID":         loaded.BrandPublicKeyID,
		"WECHATPAY_PUBLIC_KEY_PATH":       filepath.Join(keys, "keys", mockserver.BrandPublicKeyFile),
		"WECHATPAY_BRAND_ID":              mockserver.DefaultBrandID,
		"WECHATPAY_MCHID":                 "",
	} {
		if p.environment[name] != want {
			t.Errorf("%s is %q, want %q", name, p.environment[name], want)
		}
	}
}

func TestFlagsCloseCalls(t *testing.T) {
	for flag, want := range map[string]mockserver.Options{
		"-no-import-by-phone": {ImportByPhoneNotOpen: true},
		"-no-permission":      {NoPermission: true},
		"-log=false":          {},
	} {
		set, err := parseFlags([]string{flag}, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		options, err := set.options(io.Discard)
		if err != nil || options.ImportByPhoneNotOpen != want.ImportByPhoneNotOpen || options.NoPermission != want.NoPermission {
			t.Errorf("%s: %+v %v", flag, options, err)
		}
	}
}

func TestRunKeepsItsKeysAndReadsItsData(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data.json")
	text := `{"templates":[{"brand_id":"1005","card_id":"pbA"}],"cards":[{"brand_id":"1005","card_id":"pbA","user_card_code":"1"}]}`
	if err := os.WriteFile(data, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	keys := filepath.Join(dir, "it's keys")
	first := startProgram(t, "-keys", keys, "-data", data)
	first.end(t)
	second := startProgram(t, "-keys", keys, "-data", data, "-rate", "0.001")
	for _, name := range []string{"WECHATPAY_PUBLIC_KEY_ID", "WECHATPAY_CERTIFICATE_SERIAL_NO", "WECHATPAY_PRIVATE_KEY_PATH"} {
		if first.environment[name] != second.environment[name] {
			t.Errorf("%s changed from %q to %q", name, first.environment[name], second.environment[name])
		}
	}
	if second.environment["WECHATPAY_BRAND_ID"] != "1005" {
		t.Errorf("brand %s", second.environment["WECHATPAY_BRAND_ID"])
	}
	if statuses := [2]int{second.echo(t), second.echo(t)}; statuses[0] != http.StatusOK || statuses[1] != http.StatusTooManyRequests {
		t.Errorf("statuses %v at a rate of one in a thousand seconds", statuses)
	}
	second.end(t)
}

func TestRunRefuses(t *testing.T) {
	dir := t.TempDir()
	bad := filepath.Join(dir, "bad.json")
	if err := os.WriteFile(bad, []byte(`{"template":[]}`), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		args []string
		want string
	}{
		"an unknown flag":         {[]string{"-port", "80"}, "not defined"},
		"an argument":             {[]string{"now"}, "flags only"},
		"an unknown mode":         {[]string{"-mode", "merchant"}, `-mode "merchant"`},
		"an address for everyone": {[]string{"-addr", "0.0.0.0:0"}, "not a loopback address"},
		"a data file not there":   {[]string{"-data", filepath.Join(dir, "none.json")}, "none.json"},
		"an unknown member":       {[]string{"-data", bad}, `bad.json: json: unknown field "template"`},
		"a negative rate":         {[]string{"-rate", "-1"}, "requests per second"},
	} {
		t.Run(name, func(t *testing.T) {
			err := run(t.Context(), tc.args, io.Discard, io.Discard)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%v, want %q", err, tc.want)
			}
		})
	}
	if err := run(t.Context(), []string{"-h"}, io.Discard, io.Discard); !errors.Is(err, flag.ErrHelp) {
		t.Error(err)
	}
}
