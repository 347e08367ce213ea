// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"strings"
	"time"
)

// This file says which key or certificate belongs in which attribute, and what to do about
// any other. No message contains a part of what was given.

// minKeyBits is the size of every key that WeChat Pay issues or accepts.
const minKeyBits = 2048

// wantedKey describes what belongs in an attribute.
type wantedKey struct {
	attribute string
	kind      kind
	// name begins a sentence.
	name string
	// file is the usual name of the file.
	file string
	// convert makes PEM of a DER file.
	convert string
}

var (
	wantedPrivateKey = wantedKey{"private_key", privateKey,
		"The private key of your API certificate", "apiclient_key.pem",
		"openssl pkey -inform DER -in FILE -out apiclient_key.pem"}
	wantedPublicKey = wantedKey{"public_key", publicKey,
		"The WeChat Pay public key", "pub_key.pem",
		"openssl pkey -pubin -inform DER -in FILE -out pub_key.pem"}
	wantedCertificate = wantedKey{"platform_certificate", certificate,
		"WeChat Pay's platform certificate", "platform_cert.pem",
		"openssl x509 -inform DER -in FILE -out platform_cert.pem"}
)

// find returns the first thing of the wanted kind, or a message. A file may have more, such
// as a certificate beside its key.
func (w wantedKey) find(data []byte, mode merchantMode) (material, string) {
	all := readMaterial(data)
	for _, m := range all {
		if m.kind != w.kind {
			continue
		}
		if m.der {
			return material{}, fmt.Sprintf("It is the right kind, but in binary form (DER). PEM text is needed: %s.", w.convert)
		}
		public := m.public
		switch {
		case m.private != nil:
			public = &m.private.PublicKey
		case m.certificate != nil:
			var ok bool
			if public, ok = m.certificate.PublicKey.(*rsa.PublicKey); !ok {
				return material{}, w.message(material{kind: otherKey}, mode)
			}
		}
		if bits := public.N.BitLen(); bits < minKeyBits {
			return material{}, fmt.Sprintf("The key has %d bits. WeChat Pay's keys have %d bits or more.", bits, minKeyBits)
		}
		return m, ""
	}
	return material{}, w.message(mostTelling(all), mode)
}

// mostTelling prefers what was recognised: a key of another algorithm has its parameters
// in a block before it, for instance.
func mostTelling(all []material) material {
	for _, m := range all {
		if m.kind != damaged {
			return m
		}
	}
	return all[0]
}

// message says what was found, and how to get what is wanted.
func (w wantedKey) message(found material, mode merchantMode) string {
	advice, ok := keyAdvice[[2]kind{w.kind, found.kind}]
	if ok && (!mode.isBrand() || !advice.notForBrands) {
		return advice.text
	}
	what, ok := kindNames[found.kind]
	if !ok {
		what = "It is neither PEM text nor base64 of a key or a certificate."
	}
	where := map[kind]string{
		privateKey:  fmt.Sprintf("%s belongs here (%s).", w.name, w.file),
		publicKey:   fmt.Sprintf("%s belongs here (%s): %s.", w.name, w.file, mode.publicKeyPlace),
		certificate: fmt.Sprintf("%s belongs here (PEM text, BEGIN CERTIFICATE).", w.name),
	}[w.kind]
	return what + " " + where
}

// kindNames has a sentence for everything that people give by mistake.
var kindNames = map[kind]string{
	unknownBinary:      "It is a binary file of an unknown kind.",
	damaged:            "The text is damaged: it was cut or changed when it was copied. Copy the whole file, from the BEGIN line to the END line.",
	privateKey:         "It is a private key.",
	publicKey:          "It is a public key.",
	certificate:        "It is a certificate.",
	certificateRequest: "It is a certificate request (CSR), which is needed only to apply for a certificate.",
	encryptedKey:       "It is a private key with a passphrase.",
	otherKey:           "It is not an RSA key. WeChat Pay needs RSA keys of 2048 bits.",
	sm2Key:             "It is an SM2 key (国密). This provider works with RSA keys: choose RSA in the merchant platform.",
	sshKey:             "It is an SSH key.",
	pkcs12File:         "It is a PKCS#12 file (apiclient_cert.p12).",
	pkcs7File:          "It is a PKCS#7 file.",
	javaKeystore:       "It is a Java keystore.",
	zipFile:            "It is a zip archive. Unpack it first.",
	jsonText:           "It is JSON.",
	htmlText:           "It is an HTML page.",
	serialText:         "It is a serial number, not the key or certificate itself.",
	publicKeyIDText:    "It is the ID of the WeChat Pay public key, which belongs in public_key_id (WECHATPAY_PUBLIC_KEY_ID).",
	apiKeyText:         "It has 32 letters and digits, as an APIv3 key has. The provider does not need the APIv3 key.",
}

// advice is a better sentence for a combination that happens often.
type advice struct {
	text string
	// notForBrands: it names what only service providers have.
	notForBrands bool
}

// keyAdvice is by what is wanted and what was found.
var keyAdvice = map[[2]kind]advice{
	{privateKey, certificate}:  {text: "It is a certificate. The private key is in the file apiclient_key.pem, beside the certificate (apiclient_cert.pem)."},
	{privateKey, encryptedKey}: {text: "It is a private key with a passphrase. Remove the passphrase: openssl pkey -in FILE -out apiclient_key.pem."},
	{privateKey, pkcs12File}: {text: "It is a PKCS#12 file (apiclient_cert.p12). Extract the private key from it: " +
		"openssl pkcs12 -in apiclient_cert.p12 -nocerts -nodes -out apiclient_key.pem. " +
		"The password is the merchant number. OpenSSL 3 may need -legacy, too."},
	{publicKey, certificate}: {notForBrands: true, text: "It is a certificate. The WeChat Pay public key belongs here (pub_key.pem). " +
		"A platform certificate of WeChat Pay belongs in platform_certificate (WECHATPAY_PLATFORM_CERTIFICATE)."},
	{publicKey, pkcs12File}: {notForBrands: true, text: "It is a PKCS#12 file (apiclient_cert.p12), which has the merchant's own key. " +
		"The WeChat Pay public key is another download (pub_key.pem): merchant platform, 账户中心 → API安全 → 微信支付公钥."},
	{certificate, publicKey}: {text: "It is a public key. The WeChat Pay public key belongs in public_key (WECHATPAY_PUBLIC_KEY), together with public_key_id."},
	{certificate, publicKeyIDText}: {text: "It is the ID of the WeChat Pay public key, which belongs in public_key_id (WECHATPAY_PUBLIC_KEY_ID), " +
		"together with public_key. A platform certificate is not needed then."},
	{certificate, jsonText}: {text: "It is JSON, perhaps the answer of WeChat Pay's certificate call. The certificate in it is encrypted: " +
		"decrypt it with the APIv3 key first (https://pay.weixin.qq.com/doc/v3/partner/4012715700)."},
}

// pathAdvice says that a path was given where content belongs.
func (w wantedKey) pathAdvice(fromFile bool) string {
	if fromFile {
		return fmt.Sprintf("The file has the path of another file in it. Set that path. %s belongs in the file (%s).", w.name, w.file)
	}
	return fmt.Sprintf("It looks like the path of a file. Set it as %s_path (environment variable %s) instead.", w.attribute, variable(w.attribute+"_path"))
}

// read is find, with a message for an input's own attribute.
func (w wantedKey) read(in input, mode merchantMode) (material, string) {
	m, message := w.find([]byte(in.text), mode)
	if message != "" && readMaterial([]byte(in.text))[0].kind == pathText {
		message = w.pathAdvice(strings.HasSuffix(in.attribute, "_path"))
	}
	return m, message
}

// checkValidity refuses a platform certificate that WeChat Pay does not use now: it neither
// signs with it nor accepts what it encrypted.
func checkValidity(c *x509.Certificate, now time.Time) string {
	switch {
	case now.After(c.NotAfter):
		return fmt.Sprintf("The platform certificate expired on %s. Download the current one, or change to the WeChat Pay public key.", c.NotAfter.UTC().Format(time.RFC3339))
	case now.Before(c.NotBefore):
		return fmt.Sprintf("The platform certificate is not valid before %s. Check this machine's clock.", c.NotBefore.UTC().Format(time.RFC3339))
	default:
		return ""
	}
}
