// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver_test

import (
	"bufio"
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

// curl sends requests with the curl command, signed and verified with openssl.
type curl struct {
	openSSL
	m               *merchant
	private, public string
}

func newCurl(t *testing.T, m *merchant) curl {
	t.Helper()
	for _, name := range []string{"openssl", "curl"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("there is no %s command on PATH", name)
		}
	}
	o := openSSL{t, t.TempDir()}
	credentials := m.server.Credentials()
	return curl{
		openSSL: o, m: m,
		private: o.file("apiclient_key.pem", []byte(credentials.PrivateKeyPEM)),
		public:  o.file("pub_key.pem", []byte(credentials.PublicKeyPEM)),
	}
}

// send signs what is to be signed, sends it with the arguments, verifies the
// answer and returns it.
func (c curl) send(method, target string, signed []byte, args ...string) body {
	c.t.Helper()
	id := c.m.identity()
	message := method + "\n" + target + "\n" + id.timestamp + "\n" + id.nonce + "\n" + string(signed) + "\n"
	signature := base64.StdEncoding.EncodeToString(c.run([]byte(message), "dgst", "-sha256", "-sign", c.private))
	headers, answer := filepath.Join(c.dir, "headers"), filepath.Join(c.dir, "answer")
	command := exec.CommandContext(c.t.Context(), "curl", append([]string{
		"--silent", "--show-error", "--noproxy", "*", "--request", method, "--dump-header", headers, "--output", answer, "--write-out", "%{http_code}",
		"--header", "Accept: application/json",
		"--header", fmt.Sprintf(`Authorization: %s mchid="%s",nonce_str="%s",signature="%s",timestamp="%s",serial_no="%s"`,
			scheme, id.mchID, id.nonce, signature, id.timestamp, id.serial),
		c.m.server.URL() + target,
	}, args...)...)
	output, err := command.CombinedOutput()
	if err != nil {
		c.t.Fatalf("curl: %v\n%s", err, output)
	}
	raw := c.read(answer)
	_, lines, _ := strings.Cut(string(c.read(headers)), "\r\n") // The first is the status line.
	header, err := textproto.NewReader(bufio.NewReader(strings.NewReader(lines))).ReadMIMEHeader()
	if err != nil {
		c.t.Fatal(err)
	}
	answered, err := base64.StdEncoding.DecodeString(header.Get("Wechatpay-Signature"))
	if err != nil {
		c.t.Fatal(err)
	}
	message = header.Get("Wechatpay-Timestamp") + "\n" + header.Get("Wechatpay-Nonce") + "\n" + string(raw) + "\n"
	c.run([]byte(message), "dgst", "-sha256", "-verify", c.public, "-signature", c.file("signature", answered))
	var got body
	if err := json.Unmarshal(raw, &got); err != nil || string(output) != "200" {
		c.t.Fatalf("%s %s: %s %s %v", method, target, output, raw, err)
	}
	return got
}

func (c curl) read(path string) []byte {
	c.t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		c.t.Fatal(err)
	}
	return content
}

func TestOpenSSLAndCurlUploadAPictureAndMakeATemplate(t *testing.T) {
	m := start(t, none(mockserver.Options{PicturesMustBeUploaded: true}))
	c := newCurl(t, m)
	content := samplePNG(t, 716, 320)
	picture := c.file("card.png", content)
	digest := strings.Fields(string(c.run(content, "dgst", "-sha256", "-r")))[0]
	meta := fmt.Appendf(nil, `{"filename": "card.png", "sha256": "%s"}`, digest)
	uploaded := c.send(http.MethodPost, uploads, meta,
		"--form", "meta=<"+c.file("meta.json", meta)+";type=application/json",
		"--form", "file=@"+picture+";type=image/png;filename=card.png")

	b := templateBody("curl-1")
	b["card_picture_url"] = uploaded["media_url"]
	sendJSON := func(method, target string, b body) body {
		payload := m.encode(b)
		return c.send(method, target, payload, "--header", "Content-Type: application/json", "--data-binary", "@"+c.file("body.json", payload))
	}
	made := sendJSON(http.MethodPost, templates, b)
	id := fmt.Sprint(made["card_id"])
	if listed := c.send(http.MethodGet, templates+"?brand_id="+brand+"&offset=0&limit=20", nil); listed["total_count"] != 1.0 {
		t.Errorf("listed %v", listed)
	}
	sendJSON(http.MethodPatch, templates+"/"+id, body{"brand_id": brand, "benefits": "新权益"})
	sendJSON(http.MethodPost, templates+"/"+id+"/invalidate", body{"brand_id": brand})
	if read := c.send(http.MethodGet, templates+"/"+id+"?brand_id="+brand, nil); read["benefits"] != "新权益" || read["state"] != "CARD_INVALID" {
		t.Errorf("read %v", read)
	}
}
