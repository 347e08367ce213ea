// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver_test

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/textproto"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

// openSSL talks to the mock with the commands openssl and curl, by files in a directory. Its
// cryptography is independent of the server's and of the other tests'.
type openSSL struct {
	t   *testing.T
	dir string
	m   *merchant
	// private and public are the files of the merchant's key, and of the one that answers verify by.
	private, public string
}

func newOpenSSL(t *testing.T, m *merchant, private, public string) openSSL {
	t.Helper()
	for _, name := range []string{"openssl", "curl"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("there is no %s command on PATH", name)
		}
	}
	o := openSSL{t: t, dir: t.TempDir(), m: m}
	o.private, o.public = o.file("apiclient_key.pem", []byte(private)), o.file("pub_key.pem", []byte(public))
	return o
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

// send signs what is to be signed, sends it with the arguments, verifies the answer and returns it.
func (o openSSL) send(method, target string, signed []byte, args ...string) reply {
	o.t.Helper()
	id := o.m.identity()
	message := method + "\n" + target + "\n" + id.timestamp + "\n" + id.nonce + "\n" + string(signed) + "\n"
	signature := base64.StdEncoding.EncodeToString(o.run([]byte(message), "dgst", "-sha256", "-sign", o.private))
	headers, answer := filepath.Join(o.dir, "headers"), filepath.Join(o.dir, "answer")
	command := exec.CommandContext(o.t.Context(), "curl", append([]string{
		"--silent", "--show-error", "--noproxy", "*", "--request", method, "--dump-header", headers, "--output", answer, "--write-out", "%{http_code}",
		"--header", "Accept: application/json",
		"--header", fmt.Sprintf(`Authorization: %s %s="%s",nonce_str="%s",signature="%s",timestamp="%s",serial_no="%s"`,
			id.scheme, id.name, id.mchID, id.nonce, signature, id.timestamp, id.serial),
		o.m.server.URL() + target,
	}, args...)...)
	output, err := command.CombinedOutput()
	if err != nil {
		o.t.Fatalf("curl: %v\n%s", err, output)
	}
	got := reply{raw: o.read(answer)}
	_, lines, _ := strings.Cut(string(o.read(headers)), "\r\n") // The first is the status line.
	header, err := textproto.NewReader(bufio.NewReader(strings.NewReader(lines))).ReadMIMEHeader()
	if err != nil {
		o.t.Fatal(err)
	}
	got.header = http.Header(header)
	answered := o.base64(got.header.Get("Wechatpay-Signature"))
	message = got.header.Get("Wechatpay-Timestamp") + "\n" + got.header.Get("Wechatpay-Nonce") + "\n" + string(got.raw) + "\n"
	o.run([]byte(message), "dgst", "-sha256", "-verify", o.public, "-signature", o.file("signature", answered))
	if err := json.Unmarshal(got.raw, &got.json); err != nil || string(output) != "200" {
		o.t.Fatalf("%s %s: %s %s %v", method, target, output, got.raw, err)
	}
	return got
}

// sendJSON is send with a body in JSON.
func (o openSSL) sendJSON(method, target string, payload []byte, args ...string) reply {
	o.t.Helper()
	return o.send(method, target, payload,
		append(args, "--header", "Content-Type: application/json", "--data-binary", "@"+o.file("body.json", payload))...)
}

func (o openSSL) read(path string) []byte {
	o.t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		o.t.Fatal(err)
	}
	return content
}

func (o openSSL) base64(text string) []byte {
	o.t.Helper()
	decoded, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		o.t.Fatal(err)
	}
	return decoded
}

func TestOpenSSLTalksToTheMock(t *testing.T) {
	for name, tc := range map[string]struct{ byCertificate, asBrand bool }{
		"public key": {}, "platform certificate": {byCertificate: true}, "brand": {asBrand: true},
	} {
		t.Run(name, func(t *testing.T) {
			m := start(t, mockserver.Options{SignWithPlatformCertificate: tc.byCertificate})
			credentials, brandCredentials := m.server.Credentials(), m.server.BrandCredentials()
			o := newOpenSSL(t, m, credentials.PrivateKeyPEM, credentials.PublicKeyPEM)
			keyID, target, ids := credentials.PublicKeyID, byPhone, `"brand_id":"`+brand+`",`
			switch {
			case tc.byCertificate:
				certificate := o.file("platform_cert.pem", []byte(credentials.PlatformCertificatePEM))
				o.public = o.file("platform_pub.pem", o.run(nil, "x509", "-in", certificate, "-noout", "-pubkey"))
				serial := string(o.run(nil, "x509", "-in", certificate, "-noout", "-serial"))
				keyID = strings.TrimSpace(strings.TrimPrefix(serial, "serial="))
			case tc.asBrand:
				o = newOpenSSL(t, m.asBrand(), brandCredentials.PrivateKeyPEM, brandCredentials.PublicKeyPEM)
				keyID, target, ids = brandCredentials.PublicKeyID, brandUserCards+"/import-by-openid", `"openid":"oSample",`
			}

			encrypted := o.run([]byte(phone), oaep("-encrypt", "-pubin", "-inkey", o.public)...)
			payload := fmt.Appendf(nil, `{%s"card_id":"%s","user_card_code":"1001","phone_number":"%s"}`,
				ids, mockserver.TemplatePermanent, base64.StdEncoding.EncodeToString(encrypted))
			got := o.sendJSON(http.MethodPost, target, payload, "--header", "Wechatpay-Serial: "+keyID)
			if got.header.Get("Wechatpay-Serial") != keyID {
				t.Errorf("signed by %s, want %s", got.header.Get("Wechatpay-Serial"), keyID)
			}
			if plain := o.run(o.base64(got.text("phone_number")), oaep("-decrypt", "-inkey", o.private)...); string(plain) != phone {
				t.Errorf("the phone number decrypts to %q", plain)
			}
		})
	}
}

func TestOpenSSLAndCurlUploadAPictureAndMakeATemplate(t *testing.T) {
	m := start(t, none(mockserver.Options{PicturesMustBeUploaded: true}))
	c := newOpenSSL(t, m, m.server.Credentials().PrivateKeyPEM, m.server.Credentials().PublicKeyPEM)
	content := samplePNG(t, 716, 320)
	picture := c.file("card.png", content)
	digest := strings.Fields(string(c.run(content, "dgst", "-sha256", "-r")))[0]
	meta := fmt.Appendf(nil, `{"filename": "card.png", "sha256": "%s"}`, digest)
	uploaded := c.send(http.MethodPost, uploads, meta,
		"--form", "meta=<"+c.file("meta.json", meta)+";type=application/json",
		"--form", "file=@"+picture+";type=image/png;filename=card.png")

	b := templateBody("curl-1")
	b["card_picture_url"] = uploaded.text("media_url")
	id := c.sendJSON(http.MethodPost, templates, m.encode(b)).text("card_id")
	if listed := c.send(http.MethodGet, templates+"?brand_id="+brand+"&offset=0&limit=20", nil); listed.json["total_count"] != 1.0 {
		t.Errorf("listed %v", listed.json)
	}
	c.sendJSON(http.MethodPatch, templates+"/"+id, m.encode(body{"brand_id": brand, "benefits": "新权益"}))
	c.sendJSON(http.MethodPost, templates+"/"+id+"/invalidate", m.encode(body{"brand_id": brand}))
	if read := c.send(http.MethodGet, templates+"/"+id+"?brand_id="+brand, nil); read.text("benefits") != "新权益" || read.text("state") != "CARD_INVALID" {
		t.Errorf("read %v", read.json)
	}
}
