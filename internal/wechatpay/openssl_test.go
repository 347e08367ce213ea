// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"bytes"
	"context"
	"encoding/base64"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// openssl runs the command with input and returns what it prints.
func openssl(tb testing.TB, input []byte, arguments ...string) ([]byte, error) {
	tb.Helper()
	command := exec.CommandContext(tb.Context(), "openssl", arguments...)
	command.Stdin = bytes.NewReader(input)
	return command.Output()
}

// A third implementation agrees with what goes out and with what comes in.
func TestOpenSSLAgreesWithTheClient(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("openssl is not on PATH")
	}
	folder := t.TempDir()
	file := func(name string, content []byte) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	merchantPublic := file("merchant_pub.pem", []byte(pkixPEM(&merchantKey().PublicKey)))
	wechatPrivate := file("wechat.pem", []byte(pkcs8PEM(wechatKey())))
	oaep := []string{"-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt", "rsa_oaep_md:sha1", "-pkeyopt", "rsa_mgf1_md:sha1"}
	must := func(input []byte, arguments ...string) []byte {
		t.Helper()
		output, err := openssl(t, input, arguments...)
		if err != nil {
			t.Fatalf("openssl %s: %v", arguments[0], err)
		}
		return output
	}

	const address = "北京市东城区长安街1号"
	transport := transportFunc(func(req *http.Request) (*http.Response, error) {
		r := (&service{}).receive(req, readAll(t, req))

		// What the client signed and encrypted.
		m := authorization.FindStringSubmatch(req.Header.Get("Authorization"))
		if m == nil {
			t.Fatalf("Authorization: %q", req.Header.Get("Authorization"))
		}
		signature, err := base64.StdEncoding.DecodeString(m[5])
		if err != nil {
			t.Fatal(err)
		}
		message := []byte(req.Method + "\n" + r.uri + "\n" + m[3] + "\n" + m[2] + "\n" + string(r.body) + "\n")
		output := must(message, "dgst", "-sha256", "-verify", merchantPublic, "-signature", file("request.sig", signature))
		if !strings.Contains(string(output), "Verified OK") {
			t.Errorf("openssl says %q", output)
		}
		ciphertext, err := base64.StdEncoding.DecodeString(r.phone())
		if err != nil {
			t.Fatal(err)
		}
		if got := must(ciphertext, append([]string{"pkeyutl", "-decrypt", "-inkey", wechatPrivate}, oaep...)...); string(got) != testPhone {
			t.Errorf("openssl decrypts %d bytes of something else", len(got))
		}

		// What the client is to verify and decrypt.
		encrypt := func(text string) string {
			return base64.StdEncoding.EncodeToString(must([]byte(text), append([]string{"pkeyutl", "-encrypt", "-pubin", "-inkey", merchantPublic}, oaep...)...))
		}
		body := cardJSON(map[string]any{
			"phone_number":     encrypt(testPhone),
			"user_information": map[string]any{"common_field_list": []any{map[string]any{"name": "USER_FORM_FLAG_ADDRESS", "value": encrypt(address)}}},
		})
		timestamp := strconv.FormatInt(time.Now().Unix(), 10)
		answer := reply{body: body, unsigned: true, header: http.Header{}}
		answer.header.Set("Wechatpay-Timestamp", timestamp)
		answer.header.Set("Wechatpay-Nonce", "abc")
		answer.header.Set("Wechatpay-Serial", testKeyID)
		answer.header.Set("Wechatpay-Signature", base64.StdEncoding.EncodeToString(must([]byte(timestamp+"\nabc\n"+body+"\n"), "dgst", "-sha256", "-sign", wechatPrivate)))
		return answer.response(req), nil
	})

	card, err := newTestClient(t, transport).ImportByPhone(context.WithoutCancel(t.Context()), importRequest())
	if err != nil {
		t.Fatal(err)
	}
	if card.PhoneNumber != testPhone || card.UserInformation == nil || card.UserInformation.CommonFields[0].Value != address {
		t.Error("what openssl encrypted came out as something else")
	}
}
