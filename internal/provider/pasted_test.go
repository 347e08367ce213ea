// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"encoding/pem"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// pasted is a value as a person pasted it. It is tried in the environment and in the
// provider block, and for keys and certificates also as the content of a file.
type pasted struct {
	name      string
	attribute string
	value     string
	// says: the words of the one error. Without words the value is read like the right one.
	says []string
	// at is the attribute of the error, when it is another one.
	at string
	// file or text: tried only as a file, or only as a text.
	file, text bool
}

// pastedValues are real-world inputs. A new one is one more line.
func pastedValues() []pasted {
	p := testPEMs()
	der := func(text string) string {
		block, _ := pem.Decode([]byte(text))
		return string(block.Bytes)
	}
	base64Of := func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
	oneLine := func(text string) string { return strings.Join(strings.Fields(text), " ") }
	escaped := func(text string) string { return strings.ReplaceAll(text, "\n", `\n`) }
	beforeEnd, _, _ := strings.Cut(p.private, "-----END")
	relabel := strings.ReplaceAll
	const serial, mchID = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1", "1900000109"
	zip := "PK\x03\x04\x14\x00\x00\x00\x08\x00"
	sm2 := string(derWithOID(asn1.ObjectIdentifier{1, 2, 156, 10197, 1, 301}))

	return []pasted{
		// Numbers and IDs.
		{name: "line end", attribute: "mchid", value: mchID + "\n"},
		{name: "CRLF", attribute: "mchid", value: mchID + "\r\n"},
		{name: "blanks", attribute: "mchid", value: "  " + mchID + "\t"},
		{name: "full-width blank", attribute: "mchid", value: mchID + "\u3000"},
		{name: "no-break space", attribute: "mchid", value: "\u00a0" + mchID},
		{name: "byte-order mark", attribute: "mchid", value: "\ufeff" + mchID},
		{name: "left-to-right mark of a chat program", attribute: "mchid", value: mchID + "\u200e"},
		{name: "quotation marks", attribute: "mchid", value: `"` + mchID + `"`},
		{name: "single quotation marks and a line end", attribute: "mchid", value: "'" + mchID + "'\n"},
		{name: "typographic quotation marks", attribute: "mchid", value: "“" + mchID + "”"},
		{name: "blank inside", attribute: "mchid", value: "1900 000 109", says: []string{"1 to 32 digits"}},
		{name: "one quotation mark", attribute: "mchid", value: `"` + mchID, says: []string{"1 to 32 digits"}},
		{name: "label", attribute: "mchid", value: "商户号:" + mchID, says: []string{"1 to 32 digits"}},
		{name: "variable of a shell", attribute: "mchid", value: "$MCHID", says: []string{"did not replace"}},
		{name: "variable of a CI system", attribute: "mchid", value: "${{ secrets.MCHID }}", says: []string{"did not replace"}},
		{name: "variable of Windows", attribute: "mchid", value: "%MCHID%", says: []string{"did not replace"}},

		{name: "lower case", attribute: "certificate_serial_no", value: strings.ToLower(serial)},
		{name: "line end", attribute: "certificate_serial_no", value: serial + "\n"},
		{name: "as openssl prints it", attribute: "certificate_serial_no", value: "serial=" + serial + "\n"},
		{name: "as openssl -text prints it", attribute: "certificate_serial_no", value: pairs(strings.ToLower(serial), ":")},
		{name: "as Windows shows it", attribute: "certificate_serial_no", value: pairs(strings.ToLower(serial), " ")},
		{name: "0x", attribute: "certificate_serial_no", value: "0x" + serial},
		{name: "sign byte", attribute: "certificate_serial_no", value: "00" + serial},
		{name: "decimal", attribute: "certificate_serial_no", value: "464397154210325403829083211946105306498932783329", says: []string{"decimal", printSerial}},
		{name: "ID of the public key", attribute: "certificate_serial_no", value: testPublicKeyID, says: []string{"public_key_id", printSerial}},
		{name: "the certificate itself", attribute: "certificate_serial_no", value: p.own, says: []string{"It is a certificate or a key", printSerial}},
		{name: "letter O for zero", attribute: "certificate_serial_no", value: "O" + serial[1:], says: []string{"hexadecimal", printSerial}},
		{name: "merchant number", attribute: "certificate_serial_no", value: mchID, says: []string{"merchant number", printSerial}},

		{name: "line end", attribute: "public_key_id", value: testPublicKeyID + "\n"},
		{name: "quotation marks", attribute: "public_key_id", value: "'" + testPublicKeyID + "'"},
		{name: "serial number", attribute: "public_key_id", value: serial, says: []string{"PUB_KEY_ID_", "not the serial number"}},
		{name: "the key itself", attribute: "public_key_id", value: p.public, says: []string{"public_key (WECHATPAY_PUBLIC_KEY)"}},
		{name: "without its beginning", attribute: "public_key_id", value: testPublicKeyID[11:], says: []string{"begins with PUB_KEY_ID_"}},

		{name: "blank", attribute: "brand_id", value: "1004 "},
		{name: "quotation marks", attribute: "brand_id", value: `"1004"`},

		{name: "slash at the end", attribute: "endpoint", value: wechatpay.MainEndpoint + "/"},
		{name: "line end", attribute: "endpoint", value: wechatpay.MainEndpoint + "\n"},
		{name: "capital letters", attribute: "endpoint", value: "HTTPS://API.mch.weixin.qq.com"},
		{name: "Cyrillic letter", attribute: "endpoint", value: "https://\u0430pi.mch.weixin.qq.com", says: []string{"U+0430", "type the URL"}},
		{name: "full-width colon", attribute: "endpoint", value: "https：//api.mch.weixin.qq.com", says: []string{"U+FF1A"}},
		{name: "Greek letter in capitals", attribute: "endpoint", value: "https://\u0391PI.mch.weixin.qq.com", says: []string{"U+0391"}},
		{name: "two slashes at the end", attribute: "endpoint", value: wechatpay.MainEndpoint + "//", says: []string{"path"}},
		{name: "path of the API", attribute: "endpoint", value: wechatpay.MainEndpoint + "/v3", says: []string{"path"}},
		{name: "no scheme", attribute: "endpoint", value: "proxy.example.com", says: []string{"https://"}},

		// The private key.
		{name: "line ends of Windows", attribute: "private_key", value: relabel(p.private, "\n", "\r\n")},
		{name: "indented", attribute: "private_key", value: relabel("\n"+p.private, "\n", "\n      ")},
		{name: "escaped line ends", attribute: "private_key", value: escaped(p.private)},
		{name: "escaped line ends of Windows", attribute: "private_key", value: strings.ReplaceAll(p.private, "\n", `\r\n`)},
		{name: "a string of JSON", attribute: "private_key", value: `"` + escaped(p.private) + `"`},
		{name: "on one line", attribute: "private_key", value: oneLine(p.private)},
		{name: "without any line ends", attribute: "private_key", value: relabel(p.private, "\n", "")},
		{name: "quotation marks", attribute: "private_key", value: "'" + p.private + "'"},
		{name: "quoted in a mail", attribute: "private_key", value: relabel("\n"+p.private, "\n", "\n> ")},
		{name: "dashes of a word processor", attribute: "private_key", value: relabel(p.private, "-----", "—–-")},
		{name: "without END line", attribute: "private_key", value: beforeEnd},
		{name: "base64 without its lines", attribute: "private_key", value: base64Of(der(p.private))},
		{name: "base64 without its lines, wrapped", attribute: "private_key", value: strings.Join(strings.Split(p.private, "\n")[1:27], "\n")},
		{name: "base64 without its padding", attribute: "private_key", value: strings.TrimRight(base64Of(der(p.private)), "=")},
		{name: "base64 of the whole file", attribute: "private_key", value: base64Of(p.private) + "\n"},
		{name: "PKCS#1 label, PKCS#8 content", attribute: "private_key", value: relabel(p.private, "PRIVATE KEY", "RSA PRIVATE KEY")},
		{name: "PKCS#8 label, PKCS#1 content", attribute: "private_key", value: relabel(p.privatePKCS1, "RSA PRIVATE KEY", "PRIVATE KEY")},
		{name: "label of a certificate", attribute: "private_key", value: relabel(p.private, "PRIVATE KEY", "CERTIFICATE")},
		{name: "other text before it", attribute: "private_key", value: "Bag Attributes\n    friendlyName: Tenpay Certificate\nKey Attributes: <No Attributes>\n" + p.private},
		{name: "WeChat Pay's certificate before it", attribute: "private_key", value: p.certificate + p.private},
		{name: "the certificate before it, another serial number", attribute: "private_key", value: p.own + p.private,
			at: "certificate_serial_no", says: []string{"stands beside the private key", printSerial}},
		{name: "a note in GBK before it", attribute: "private_key", value: "\xc3\xdc\xd4\xbf\n" + p.private, file: true},
		{name: "a stray byte before it", attribute: "private_key", value: "\xff" + p.private, file: true},
		{name: "certificate", attribute: "private_key", value: p.own, says: []string{"It is a certificate", "apiclient_key.pem"}},
		{name: "public key", attribute: "private_key", value: p.public, says: []string{"It is a public key", "apiclient_key.pem"}},
		{name: "DER", attribute: "private_key", value: der(p.private), file: true, says: []string{"binary form (DER)", "openssl pkey -inform DER"}},
		{name: "PKCS#12", attribute: "private_key", value: pkcs12(), file: true, says: []string{"PKCS#12", "openssl pkcs12 -in apiclient_cert.p12 -nocerts"}},
		{name: "base64 of PKCS#12", attribute: "private_key", value: base64Of(pkcs12()), says: []string{"PKCS#12", "openssl pkcs12 -in apiclient_cert.p12 -nocerts"}},
		{name: "certificate, DER", attribute: "private_key", value: der(p.own), file: true, says: []string{"It is a certificate"}},
		{name: "passphrase", attribute: "private_key", value: p.privateEncrypted, says: []string{"passphrase", "openssl pkey"}},
		{name: "passphrase, PKCS#1", attribute: "private_key", value: "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\nYWJj\n-----END RSA PRIVATE KEY-----\n", says: []string{"passphrase"}},
		{name: "passphrase, DER", attribute: "private_key", value: string(derWithOID(asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 5, 13})), file: true, says: []string{"passphrase"}},
		{name: "EC", attribute: "private_key", value: p.privateEC, says: []string{"not an RSA key"}},
		{name: "EC with parameters", attribute: "private_key", value: "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n" + p.privateEC, says: []string{"not an RSA key"}},
		{name: "SM2", attribute: "private_key", value: text("PRIVATE KEY", []byte(sm2)), says: []string{"SM2", "RSA"}},
		{name: "1024 bits", attribute: "private_key", value: p.privateShort, says: []string{"1024 bits"}},
		{name: "SSH", attribute: "private_key", value: "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmU=\n-----END OPENSSH PRIVATE KEY-----\n", says: []string{"SSH key"}},
		{name: "certificate request", attribute: "private_key", value: request(), says: []string{"certificate request"}},
		{name: "cut", attribute: "private_key", value: p.private[:len(p.private)/2], says: []string{"damaged", "END line"}},
		{name: "cut, on one line", attribute: "private_key", value: base64Of(der(p.private))[:800], says: []string{"damaged"}},
		{name: "a character missing", attribute: "private_key", value: p.private[:500] + p.private[501:], says: []string{"damaged"}},
		{name: "the BEGIN line only, as .env files keep it", attribute: "private_key", value: "-----BEGIN PRIVATE KEY-----", says: []string{"damaged"}},
		{name: "path", attribute: "private_key", value: "/etc/wechatpay/merchant.pem", text: true, says: []string{"looks like the path", "private_key_path"}},
		{name: "name of a file", attribute: "private_key", value: "merchant.pem", text: true, says: []string{"looks like the path", "WECHATPAY_PRIVATE_KEY_PATH"}},
		{name: "path on Windows", attribute: "private_key", value: `C:\wechatpay\merchant.pem`, text: true, says: []string{"looks like the path"}},
		{name: "path in a file", attribute: "private_key", value: "/etc/wechatpay/merchant.pem\n", file: true, says: []string{"path of another file"}},
		{name: "APIv3 key", attribute: "private_key", value: "Abcdefghijklmnopqrstuvwxyz012345", says: []string{"APIv3 key"}},
		{name: "serial number", attribute: "private_key", value: serial, says: []string{"serial number"}},
		{name: "zip archive", attribute: "private_key", value: zip, file: true, says: []string{"zip archive"}},
		{name: "Java keystore", attribute: "private_key", value: "\xfe\xed\xfe\xed\x00\x00\x00\x02", file: true, says: []string{"Java keystore"}},
		{name: "web page", attribute: "private_key", value: "<!DOCTYPE html><html><body>登录</body></html>", says: []string{"HTML page"}},
		{name: "anything", attribute: "private_key", value: "changeme", says: []string{"neither PEM text nor base64"}},
		{name: "command of a shell", attribute: "private_key", value: "$(cat merchant.pem)", text: true, says: []string{"did not replace"}},

		// The path of the private key.
		{name: "line end", attribute: "private_key_path", value: "good.pem\n"},
		{name: "quotation marks", attribute: "private_key_path", value: `"good.pem"`},
		{name: "a key", attribute: "private_key_path", value: p.private, says: []string{"content of a file, not its path", "WECHATPAY_PRIVATE_KEY"}},
		{name: "a key on one line", attribute: "private_key_path", value: oneLine(p.private), says: []string{"content of a file, not its path"}},
		{name: "base64 of a key", attribute: "private_key_path", value: base64Of(der(p.private)), says: []string{"content of a file, not its path"}},
		{name: "home directory", attribute: "private_key_path", value: "~/wechatpay/merchant.pem", says: []string{"pathexpand"}},
		{name: "variable of a shell in it", attribute: "private_key_path", value: "$HOME/key.pem", says: []string{"name of a variable", "pathexpand"}},
		{name: "variable of a shell in the middle", attribute: "private_key_path", value: "/home/${USER}/key.pem", says: []string{"name of a variable"}},
		{name: "variable of PowerShell in it", attribute: "private_key_path", value: `$env:USERPROFILE\key.pem`, says: []string{"name of a variable"}},
		{name: "variable of Windows in it", attribute: "private_key_path", value: `%USERPROFILE%\key.pem`, says: []string{"name of a variable"}},
		{name: "URL", attribute: "private_key_path", value: "file:///etc/wechatpay/merchant.pem", says: []string{"without file://"}},

		// The WeChat Pay public key.
		{name: "escaped line ends", attribute: "public_key", value: escaped(p.public)},
		{name: "base64 without its lines", attribute: "public_key", value: base64Of(der(p.public))},
		{name: "base64 of the whole file", attribute: "public_key", value: base64Of(p.public)},
		{name: "PKCS#1", attribute: "public_key", value: p.publicPKCS1},
		{name: "PKIX label, PKCS#1 content", attribute: "public_key", value: relabel(p.publicPKCS1, "RSA PUBLIC KEY", "PUBLIC KEY")},
		{name: "PKCS#1 label, PKIX content", attribute: "public_key", value: relabel(p.public, "PUBLIC KEY", "RSA PUBLIC KEY")},
		{name: "DER", attribute: "public_key", value: der(p.public), file: true, says: []string{"binary form (DER)", "-pubin"}},
		{name: "private key", attribute: "public_key", value: p.privateOther, says: []string{"It is a private key", "pub_key.pem"}},
		{name: "private key with the label of a public one", attribute: "public_key", value: relabel(p.privateOther, "PRIVATE KEY", "PUBLIC KEY"), says: []string{"It is a private key"}},
		{name: "the merchant's own", attribute: "public_key", value: p.publicOwn, says: []string{"public half of your own private key"}},
		{name: "certificate", attribute: "public_key", value: p.certificate, says: []string{"It is a certificate", "WECHATPAY_PLATFORM_CERTIFICATE"}},
		{name: "PKCS#12", attribute: "public_key", value: pkcs12(), file: true, says: []string{"PKCS#12", "pub_key.pem"}},
		{name: "its ID", attribute: "public_key", value: testPublicKeyID, says: []string{"belongs in public_key_id"}},

		// The platform certificate.
		{name: "escaped line ends", attribute: "platform_certificate", value: escaped(p.certificate)},
		{name: "base64 without its lines", attribute: "platform_certificate", value: base64Of(der(p.certificate))},
		{name: "trusted label of openssl", attribute: "platform_certificate", value: relabel(p.certificate, "CERTIFICATE", "TRUSTED CERTIFICATE")},
		{name: "DER", attribute: "platform_certificate", value: der(p.certificate), file: true, says: []string{"binary form (DER)", "openssl x509 -inform DER"}},
		{name: "public key", attribute: "platform_certificate", value: p.public, says: []string{"It is a public key", "WECHATPAY_PUBLIC_KEY"}},
		{name: "ID of the public key", attribute: "platform_certificate", value: testPublicKeyID, says: []string{"public_key_id", "not needed"}},
		{name: "answer of the certificate call", attribute: "platform_certificate", value: `{"data":[{"encrypt_certificate":{"ciphertext":"abc"}}]}`, says: []string{"JSON", "decrypt it with the APIv3 key"}},
		{name: "the merchant's own", attribute: "platform_certificate", value: p.own, says: []string{"merchant's own API certificate"}},
		{name: "the merchant's own, known by its name only", attribute: "platform_certificate", value: p.renewed, says: []string{"merchant's own API certificate"}},
		{name: "certificate authority", attribute: "platform_certificate", value: p.authority, says: []string{"certificate authority"}},
		{name: "PKCS#7", attribute: "platform_certificate", value: text("PKCS7", []byte("abc")), says: []string{"PKCS#7"}},
		{name: "EC", attribute: "platform_certificate", value: p.certificateEC, says: []string{"not an RSA key"}},
		{name: "1024 bits", attribute: "platform_certificate", value: p.certificateShort, says: []string{"1024 bits"}},

		// The rest.
		{name: "blank", attribute: "requests_per_second", value: "5 "},
		{name: "unit", attribute: "requests_per_second", value: "5/s", text: true, says: []string{"0.1 to 1000"}},
		{name: "quotation marks", attribute: "max_retries", value: `"4"`},
		{name: "line end", attribute: "request_timeout", value: "30s\n"},
		{name: "blank before the unit", attribute: "request_timeout", value: "30 s", says: []string{"100ms to 5m"}},
		{name: "capital letter", attribute: "check_templates", value: "True"},
		{name: "another language", attribute: "check_templates", value: "是", says: []string{"true or false"}},
	}
}

func TestPastedValues(t *testing.T) {
	t.Parallel()
	rows := pastedValues()
	if len(rows) < 40 {
		t.Errorf("%d rows", len(rows))
	}
	for _, row := range rows {
		t.Run(row.attribute+"/"+row.name, func(t *testing.T) {
			t.Parallel()
			if !row.file {
				e := pastedEnv(row.attribute)
				e.vars[variable(row.attribute)] = row.value
				checkPasted(t, row, row.attribute, model{}, e)
				if m, ok := configuredAs(row.attribute, row.value); ok {
					checkPasted(t, row, row.attribute, m, pastedEnv(row.attribute))
				}
			}
			if _, isKey := map[string]bool{"private_key": true, "public_key": true, "platform_certificate": true}[row.attribute]; isKey && !row.text {
				e := pastedEnv(row.attribute)
				e.files["pasted"] = row.value
				e.vars[variable(row.attribute+"_path")] = "pasted"
				checkPasted(t, row, row.attribute+"_path", model{}, e)
			}
		})
	}
}

// pastedEnv is complete, but for what a row gives.
func pastedEnv(attribute string) testEnv {
	e := completeEnv()
	e.vars["WECHATPAY_BRAND_ID"] = "1004"
	e.files["good.pem"] = testPEMs().private
	delete(e.vars, variable(strings.TrimSuffix(attribute, "_path")))
	return e
}

func configuredAs(attribute, value string) (model, bool) {
	var m model
	v := reflect.ValueOf(&m).Elem()
	for i := range v.NumField() {
		if v.Type().Field(i).Tag.Get("tfsdk") == attribute {
			s, ok := reflect.TypeAssert[*types.String](v.Field(i).Addr())
			if ok {
				*s = types.StringValue(value)
			}
			return m, ok
		}
	}
	return m, false
}

func checkPasted(t *testing.T, row pasted, attribute string, m model, e testEnv) {
	t.Helper()
	s, diags := resolve(m, e.sources(t))
	if row.says != nil {
		if row.at != "" {
			attribute = row.at
		}
		hidden := []string{row.value}
		if len(row.value) < 8 {
			hidden = nil // the words of a message may contain it by chance
		}
		expect(t, diags, hidden, at(attribute, row.says...))
		for _, d := range diags {
			if strings.Contains(d.Detail(), "?.") || strings.Contains(d.Detail(), "..") {
				t.Errorf("the sentence ends oddly: %s", d.Detail())
			}
		}
		return
	}
	right, rightDiags := rightSettings(t)
	if len(diags) > 0 || len(rightDiags) > 0 || !s.complete {
		t.Fatalf("not read as %s: %v", attribute, diags)
	}
	if row.attribute == "platform_certificate" {
		if !s.client.PlatformCertificate.Equal(right.client.PlatformCertificate) {
			t.Error("another certificate was read")
		}
	} else {
		right.client.PlatformCertificate = nil
	}
	if !s.client.PrivateKey.Equal(right.client.PrivateKey) || !s.client.PublicKey.Equal(right.client.PublicKey) {
		t.Error("another key was read")
	}
	for _, c := range []*wechatpay.Config{&s.client, &right.client} {
		c.PrivateKey, c.PublicKey, c.PlatformCertificate = nil, nil, nil
	}
	s.secrets, right.secrets = nil, nil
	// A configured endpoint has no backup.
	s.client.BackupEndpoint, right.client.BackupEndpoint = "", ""
	if !reflect.DeepEqual(s, right) {
		t.Errorf("got  %+v\nwant %+v", s, right)
	}
}

func rightSettings(t *testing.T) (settings, diag.Diagnostics) {
	t.Helper()
	e := pastedEnv("none")
	return resolve(model{PlatformCertificate: str(testPEMs().certificate)}, e.sources(t))
}

func pairs(hex, separator string) string {
	var out []string
	for pair := range slices.Chunk([]byte(hex), 2) {
		out = append(out, string(pair))
	}
	return strings.Join(out, separator)
}

// derWithOID has the outermost structure of an encrypted PKCS#8 key with this algorithm.
func derWithOID(oid asn1.ObjectIdentifier) []byte {
	der, err := asn1.Marshal(struct {
		Algorithm struct{ ID asn1.ObjectIdentifier }
		Data      []byte
	}{struct{ ID asn1.ObjectIdentifier }{oid}, bytes.Repeat([]byte("data"), 20)})
	check(err)
	return der
}

// pkcs12 has the outermost structure of a PKCS#12 file.
func pkcs12() string {
	der, err := asn1.Marshal(struct {
		Version int
		Content struct {
			Type asn1.ObjectIdentifier
			Data []byte `asn1:"explicit,tag:0"`
		}
	}{3, struct {
		Type asn1.ObjectIdentifier
		Data []byte `asn1:"explicit,tag:0"`
	}{asn1.ObjectIdentifier{1, 2, 840, 113549, 1, 7, 1}, bytes.Repeat([]byte("data"), 20)}})
	check(err)
	return string(der)
}

func request() string {
	block, _ := pem.Decode([]byte(testPEMs().private))
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	check(err)
	der, err := x509.CreateCertificateRequest(nil, &x509.CertificateRequest{}, key.(*rsa.PrivateKey))
	check(err)
	return text("CERTIFICATE REQUEST", der)
}

// Nothing that people paste makes it panic, and no message repeats it.
func FuzzPastedKeys(f *testing.F) {
	for _, row := range pastedValues() {
		f.Add([]byte(row.value))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, w := range []wantedKey{wantedPrivateKey, wantedPublicKey, wantedCertificate} {
			m, message := w.read(input{attribute: w.attribute, text: string(data)}, unknownMode())
			if (message == "") != (m.kind == w.kind) {
				t.Errorf("kind %d, message %q", m.kind, message)
			}
			for line := range bytes.Lines(data) {
				if line = bytes.TrimSpace(line); len(line) > 40 && strings.Contains(message, string(line)) {
					t.Errorf("%q repeats what was given", message)
				}
			}
		}
	})
}
