// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

// openSSL runs the openssl command on files in a directory. Its cryptography is
// independent of the server's and of the other tests'.
type openSSL struct {
	t   *testing.T
	dir string
}

func (o openSSL) file(name string, content []byte) string {
	o.t.Helper()
	path := filepath.Join(o.dir, name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		o.t.Fatal(err)
	}
	return path
}

func (o openSSL) run(input []byte, args ...string) []byte {
	o.t.Helper()
	command := exec.CommandContext(o.t.Context(), "openssl", args...)
	command.Stdin = bytes.NewReader(input)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	output, err := command.Output()
	if err != nil {
		o.t.Fatalf("openssl %s: %v\n%s%s", strings.Join(args, " "), err, output, stderr.String())
	}
	return output
}

func oaep(args ...string) []string {
	return append(append([]string{"pkeyutl"}, args...),
		"-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt", "rsa_oaep_md:sha1", "-pkeyopt", "rsa_mgf1_md:sha1")
}

func TestOpenSSLTalksToTheMock(t *testing.T) {
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("there is no openssl command on PATH")
	}
	for name, tc := range map[string]struct{ byCertificate, asBrand bool }{
		"public key": {}, "platform certificate": {byCertificate: true}, "brand": {asBrand: true},
	} {
		t.Run(name, func(t *testing.T) {
			m := start(t, mockserver.Options{SignWithPlatformCertificate: tc.byCertificate})
			o := openSSL{t, t.TempDir()}
			credentials, brandCredentials := m.server.Credentials(), m.server.BrandCredentials()
			private := o.file("apiclient_key.pem", []byte(credentials.PrivateKeyPEM))
			public, keyID := o.file("pub_key.pem", []byte(credentials.PublicKeyPEM)), credentials.PublicKeyID
			target, ids := byPhone, `"brand_id":"`+brand+`",`
			switch {
			case tc.byCertificate:
				certificate := o.file("platform_cert.pem", []byte(credentials.PlatformCertificatePEM))
				public = o.file("platform_pub.pem", o.run(nil, "x509", "-in", certificate, "-noout", "-pubkey"))
				serial := string(o.run(nil, "x509", "-in", certificate, "-noout", "-serial"))
				keyID = strings.TrimSpace(strings.TrimPrefix(serial, "serial="))
			case tc.asBrand:
				m = m.asBrand()
				private = o.file("brand_key.pem", []byte(brandCredentials.PrivateKeyPEM))
				public, keyID = o.file("brand_pub_key.pem", []byte(brandCredentials.PublicKeyPEM)), brandCredentials.PublicKeyID
				target, ids = brandUserCards+"/import-by-openid", `"openid":"oSample",`
			}

			encrypted := o.run([]byte(phone), oaep("-encrypt", "-pubin", "-inkey", public)...)
			payload := fmt.Appendf(nil, `{%s"card_id":"%s","user_card_code":"1001","phone_number":"%s"}`,
				ids, mockserver.TemplatePermanent, base64.StdEncoding.EncodeToString(encrypted))
			id := m.identity()
			message := "POST\n" + target + "\n" + id.timestamp + "\n" + id.nonce + "\n" + string(payload) + "\n"
			signature := o.run([]byte(message), "dgst", "-sha256", "-sign", private)
			r := m.request(http.MethodPost, target, payload)
			r.Header.Set("Wechatpay-Serial", keyID)
			r.Header.Set("Authorization", fmt.Sprintf(`%s %s="%s",nonce_str="%s",signature="%s",timestamp="%s",serial_no="%s"`,
				m.scheme, m.identityName, m.identityValue, id.nonce, base64.StdEncoding.EncodeToString(signature), id.timestamp, id.serial))
			got, err := m.try(r)
			if err != nil || got.status != http.StatusOK {
				t.Fatalf("%d %s %v", got.status, got.raw, err)
			}

			if got.header.Get("Wechatpay-Serial") != keyID {
				t.Errorf("signed by %s, want %s", got.header.Get("Wechatpay-Serial"), keyID)
			}
			answered, err := base64.StdEncoding.DecodeString(got.header.Get("Wechatpay-Signature"))
			if err != nil {
				t.Fatal(err)
			}
			message = got.header.Get("Wechatpay-Timestamp") + "\n" + got.header.Get("Wechatpay-Nonce") + "\n" + string(got.raw) + "\n"
			o.run([]byte(message), "dgst", "-sha256", "-verify", public, "-signature", o.file("signature", answered))
			secret, err := base64.StdEncoding.DecodeString(got.text("phone_number"))
			if err != nil {
				t.Fatal(err)
			}
			if plain := o.run(secret, oaep("-decrypt", "-inkey", private)...); string(plain) != phone {
				t.Errorf("the phone number decrypts to %q", plain)
			}
		})
	}
}
