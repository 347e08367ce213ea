// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// This file finds out what a text or a file is, where a key or a certificate is expected.
// Labels are not trusted: people swap them. What counts is the content.

// kind says what was found.
type kind int

const (
	// unknownText and unknownBinary: nothing that is known here.
	unknownText kind = iota
	unknownBinary
	// damaged: PEM or base64 of a key or certificate that is cut or changed.
	damaged
	privateKey
	publicKey
	certificate
	certificateRequest
	// encryptedKey: a private key with a passphrase.
	encryptedKey
	// otherKey: a key of another algorithm than RSA; sm2Key: of China's national one.
	otherKey
	sm2Key
	// sshKey: a key in a form of OpenSSH or PuTTY.
	sshKey
	pkcs12File
	pkcs7File
	javaKeystore
	zipFile
	jsonText
	htmlText
	pathText
	serialText
	publicKeyIDText
	// apiKeyText: 32 letters and digits, as an APIv3 key has.
	apiKeyText
)

// material is one thing that was found.
type material struct {
	kind kind
	// der is true for a binary file.
	der         bool
	private     *rsa.PrivateKey
	public      *rsa.PublicKey
	certificate *x509.Certificate
}

const (
	// minBase64 is shorter than the base64 of any key or certificate.
	minBase64 = 64
	// maxPath is longer than any path that people use.
	maxPath = 1024
)

var (
	// pemBegin and pemEnd allow for dashes that a word processor or a mail program changed.
	pemBegin = regexp.MustCompile(`[-‐-―−]+[ \t]*BEGIN ([A-Z0-9 ]+?)[ \t]*[-‐-―−]+`)
	pemEnd   = regexp.MustCompile(`[-‐-―−]+[ \t]*END `)

	base64Only    = regexp.MustCompile(`^[A-Za-z0-9+/]+=*$`)
	derAsBase64   = regexp.MustCompile(`^MI[E-L]`)
	pathLike      = regexp.MustCompile(`^(?:[A-Za-z]:\\|file:|~|\.{0,2}[/\\])|[^\s]+\.(?i:pem|key|p12|pfx|crt|cer|der|txt)$`)
	serialLike    = regexp.MustCompile(`^[0-9A-Fa-f]{40}$`)
	apiKeyPattern = regexp.MustCompile(`^[0-9A-Za-z]{32}$`)

	sm2OID = []byte{0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d}
)

// readMaterial returns what is in data: every PEM block, or the one thing that it is.
func readMaterial(data []byte) []material {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	// A stray byte of another encoding makes no binary file of PEM.
	if isBinary(data) && !pemBegin.Match(data) {
		m := parseDER(data)
		m.der = true
		if m.kind == damaged {
			m.kind = binaryKind(data)
		}
		return []material{m}
	}
	// Many environment variables hold the two characters \ and n for a line end.
	text := strings.NewReplacer(`\r`, "\n", `\n`, "\n", `\t`, " ").Replace(string(data))
	if found := readPEM(text); len(found) > 0 {
		return found
	}
	if found := readBase64(text); len(found) > 0 {
		return found
	}
	return []material{{kind: textKind(strings.TrimSpace(string(data)))}}
}

// readPEM accepts blocks on one line, with indentation, with any line ends, and without an END line.
func readPEM(text string) []material {
	var found []material
	for {
		begin := pemBegin.FindStringSubmatchIndex(text)
		if begin == nil {
			return found
		}
		label, body := text[begin[2]:begin[3]], text[begin[1]:]
		end := len(body)
		for _, next := range []*regexp.Regexp{pemEnd, pemBegin} {
			if at := next.FindStringIndex(body); at != nil {
				end = min(end, at[0])
			}
		}
		found = append(found, parseBlock(label, body[:end]))
		text = body[end:]
	}
}

func parseBlock(label, body string) material {
	switch {
	case strings.Contains(body, "ENCRYPTED"), label == "ENCRYPTED PRIVATE KEY":
		return material{kind: encryptedKey}
	case strings.HasPrefix(label, "OPENSSH "), strings.HasPrefix(label, "SSH2 "):
		return material{kind: sshKey}
	case strings.HasPrefix(label, "DSA "):
		return material{kind: otherKey}
	case label == "PKCS7":
		return material{kind: pkcs7File}
	}
	der, ok := decodeBase64(body)
	if !ok {
		return material{kind: damaged}
	}
	return parseDER(der)
}

// readBase64 reads base64 without PEM lines, of a key or of a whole PEM file.
func readBase64(text string) []material {
	compact := compactBase64(text)
	if len(compact) < minBase64 || !base64Only.MatchString(compact) {
		return nil
	}
	data, ok := decodeBase64(compact)
	if !ok {
		if derAsBase64.MatchString(compact) {
			return []material{{kind: damaged}}
		}
		return nil
	}
	if !isBinary(data) {
		return readPEM(string(data))
	}
	if m := parseDER(data); m.kind != damaged || derAsBase64.MatchString(compact) {
		return []material{m}
	}
	return nil
}

// compactBase64 removes what copying leaves between the lines of base64: blanks, invisible
// characters, and the ">" of a quoted mail.
func compactBase64(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '>' || isInvisible(r) {
			return -1
		}
		return r
	}, text)
}

func decodeBase64(text string) ([]byte, bool) {
	data, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(compactBase64(text), "="))
	return data, err == nil && len(data) > 0
}

// parseDER reads a key or a certificate of any kind, or returns damaged.
func parseDER(der []byte) material {
	if key, err := x509.ParsePKCS8PrivateKey(der); err == nil {
		if private, ok := key.(*rsa.PrivateKey); ok {
			return material{kind: privateKey, private: private}
		}
		return material{kind: otherKey}
	}
	if private, err := x509.ParsePKCS1PrivateKey(der); err == nil {
		return material{kind: privateKey, private: private}
	}
	if key, err := x509.ParsePKIXPublicKey(der); err == nil {
		if public, ok := key.(*rsa.PublicKey); ok {
			return material{kind: publicKey, public: public}
		}
		return material{kind: otherKey}
	}
	if public, err := x509.ParsePKCS1PublicKey(der); err == nil {
		return material{kind: publicKey, public: public}
	}
	if _, err := x509.ParseECPrivateKey(der); err == nil {
		return material{kind: otherKey}
	}
	if c, err := x509.ParseCertificate(der); err == nil {
		return material{kind: certificate, certificate: c}
	}
	if _, err := x509.ParseCertificateRequest(der); err == nil {
		return material{kind: certificateRequest}
	}
	if bytes.Contains(der, sm2OID) {
		return material{kind: sm2Key}
	}
	return material{kind: containerKind(der)}
}

// containerKind recognises PKCS#12, PKCS#7 and encrypted PKCS#8 by their outermost structure.
func containerKind(der []byte) kind {
	var pkcs12 struct {
		Version int
		Content struct {
			Type asn1.ObjectIdentifier
			Rest asn1.RawValue `asn1:"optional"`
		}
		MAC asn1.RawValue `asn1:"optional"`
	}
	const pkcs12Version = 3
	if _, err := asn1.Unmarshal(der, &pkcs12); err == nil && pkcs12.Version == pkcs12Version {
		return pkcs12File
	}
	var pkcs7 struct {
		Type    asn1.ObjectIdentifier
		Content asn1.RawValue
	}
	if _, err := asn1.Unmarshal(der, &pkcs7); err == nil {
		return pkcs7File
	}
	var encrypted struct {
		Algorithm struct {
			ID         asn1.ObjectIdentifier
			Parameters asn1.RawValue `asn1:"optional"`
		}
		Data []byte
	}
	if _, err := asn1.Unmarshal(der, &encrypted); err == nil {
		return encryptedKey
	}
	return damaged
}

func isBinary(data []byte) bool {
	if !utf8.Valid(data) {
		return true
	}
	return bytes.ContainsFunc(data, func(r rune) bool { return unicode.IsControl(r) && !unicode.IsSpace(r) })
}

func binaryKind(data []byte) kind {
	switch {
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		return zipFile
	case bytes.HasPrefix(data, []byte("\xfe\xed\xfe\xed")):
		return javaKeystore
	default:
		return unknownBinary
	}
}

func textKind(text string) kind {
	lower := strings.ToLower(text)
	switch {
	case derAsBase64.MatchString(text) && base64Only.MatchString(compactBase64(text)):
		return damaged
	case strings.HasPrefix(text, "PUB_KEY_ID_"):
		return publicKeyIDText
	case serialLike.MatchString(text):
		return serialText
	case apiKeyPattern.MatchString(text):
		return apiKeyText
	case strings.HasPrefix(text, "{"), strings.HasPrefix(text, "["):
		return jsonText
	case strings.HasPrefix(lower, "<!doctype"), strings.HasPrefix(lower, "<html"):
		return htmlText
	case strings.HasPrefix(text, "ssh-"), strings.HasPrefix(text, "PuTTY-User-Key-File"):
		return sshKey
	case len(text) < maxPath && !strings.Contains(text, "\n") && pathLike.MatchString(text):
		return pathText
	default:
		return unknownText
	}
}
