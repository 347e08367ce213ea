// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"bytes"
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // WeChat Pay's OAEP uses SHA-1
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/wechatpay-apiv3/wechatpay-go/utils"
)

// minKeyBits is the size of every key that WeChat Pay issues or asks for.
const minKeyBits = 2048

// KeyProblem says what is wrong with a key or certificate that was given.
type KeyProblem string

// The problems of keys and certificates.
const (
	// KeyNoPEM: the text has no PEM block at all.
	KeyNoPEM KeyProblem = "no PEM block"
	// KeyEscapedNewlines: the line ends are the two characters \ and n, a common mishap of environment variables.
	KeyEscapedNewlines KeyProblem = "escaped newlines"
	// KeyWrongKind: a PEM block of another kind, for instance a private key where a public key belongs.
	KeyWrongKind KeyProblem = "wrong kind"
	// KeyEncrypted: a private key that is protected by a passphrase.
	KeyEncrypted KeyProblem = "encrypted"
	// KeyNotRSA: a key of another algorithm.
	KeyNotRSA KeyProblem = "not RSA"
	// KeyTooShort: an RSA key of fewer than 2048 bits.
	KeyTooShort KeyProblem = "too short"
	// KeyMalformed: the block is of the right kind but its content cannot be read.
	KeyMalformed KeyProblem = "malformed"
	// CertificateExpired: the certificate's time is over.
	CertificateExpired KeyProblem = "expired"
	// CertificateNotYetValid: the certificate's time has not begun.
	CertificateNotYetValid KeyProblem = "not yet valid"
)

// KeyError is what the Parse functions return. Its text is for people and never
// carries a byte of what was given.
type KeyError struct {
	Problem KeyProblem
	text    string
}

// Error implements error.
func (e *KeyError) Error() string { return e.text }

func keyError(problem KeyProblem, format string, args ...any) *KeyError {
	return &KeyError{Problem: problem, text: fmt.Sprintf(format, args...)}
}

// ParsePrivateKey reads the merchant API certificate's private key (apiclient_key.pem):
// RSA, 2048 bits or more, PEM as PKCS#8 or PKCS#1. Errors are *KeyError.
// Official page: https://pay.weixin.qq.com/doc/v3/partner/4013058924
func ParsePrivateKey(text []byte) (*rsa.PrivateKey, error) {
	const want = "a private key (BEGIN PRIVATE KEY or BEGIN RSA PRIVATE KEY)"
	block, err := findBlock(text, want, "PRIVATE KEY", "RSA PRIVATE KEY")
	if err != nil {
		return nil, err
	}
	if strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED") {
		return nil, errEncryptedKey()
	}
	var key *rsa.PrivateKey
	if block.Type == "RSA PRIVATE KEY" {
		if key, err = x509.ParsePKCS1PrivateKey(block.Bytes); err != nil {
			return nil, keyError(KeyMalformed, "the private key's PEM block cannot be read as PKCS#1; was it cut or changed when it was copied?")
		}
	} else {
		parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil {
			return nil, keyError(KeyMalformed, "the private key's PEM block cannot be read as PKCS#8; was it cut or changed when it was copied?")
		}
		var ok bool
		if key, ok = parsed.(*rsa.PrivateKey); !ok {
			return nil, keyError(KeyNotRSA, "the private key is not an RSA key; WeChat Pay needs an RSA key of %d bits or more", minKeyBits)
		}
	}
	if err := checkSize("the private key", &key.PublicKey); err != nil {
		return nil, err
	}
	return key, nil
}

// ParsePublicKey reads the WeChat Pay public key (pub_key.pem): RSA, 2048 bits or more,
// PEM as PKIX (PKCS#1 is taken too). Errors are *KeyError; a private key or a certificate
// given instead is said plainly.
// Official page: https://pay.weixin.qq.com/doc/v3/partner/4013038589
func ParsePublicKey(text []byte) (*rsa.PublicKey, error) {
	const want = "the WeChat Pay public key (BEGIN PUBLIC KEY)"
	block, err := findBlock(text, want, "PUBLIC KEY", "RSA PUBLIC KEY")
	if err != nil {
		return nil, err
	}
	var key *rsa.PublicKey
	if block.Type == "RSA PUBLIC KEY" {
		if key, err = x509.ParsePKCS1PublicKey(block.Bytes); err != nil {
			return nil, keyError(KeyMalformed, "the public key's PEM block cannot be read as PKCS#1; was it cut or changed when it was copied?")
		}
	} else {
		parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
		if err != nil {
			return nil, keyError(KeyMalformed, "the public key's PEM block cannot be read as PKIX; was it cut or changed when it was copied?")
		}
		var ok bool
		if key, ok = parsed.(*rsa.PublicKey); !ok {
			return nil, keyError(KeyNotRSA, "the public key is not an RSA key; WeChat Pay's is an RSA key of %d bits or more", minKeyBits)
		}
	}
	if err := checkSize("the public key", key); err != nil {
		return nil, err
	}
	return key, nil
}

// ParsePlatformCertificate reads a WeChat Pay platform certificate, PEM, with an RSA key of
// 2048 bits or more, that is valid at now. Errors are *KeyError. A certificate that is
// expired or not yet valid is refused: WeChat Pay neither signs with it nor accepts what it encrypted.
// Official page: https://pay.weixin.qq.com/doc/v3/partner/4012715700
func ParsePlatformCertificate(text []byte, now time.Time) (*x509.Certificate, error) {
	block, err := findBlock(text, "a platform certificate (BEGIN CERTIFICATE)", "CERTIFICATE")
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, keyError(KeyMalformed, "the platform certificate's PEM block cannot be read; was it cut or changed when it was copied?")
	}
	key, ok := certificate.PublicKey.(*rsa.PublicKey)
	if !ok {
		return nil, keyError(KeyNotRSA, "the platform certificate's key is not an RSA key; WeChat Pay's is an RSA key of %d bits or more", minKeyBits)
	}
	if err := checkSize("the platform certificate's key", key); err != nil {
		return nil, err
	}
	if now.After(certificate.NotAfter) {
		return nil, keyError(CertificateExpired, "the platform certificate expired on %s; download the current one, or move to the WeChat Pay public key", certificate.NotAfter.UTC().Format(time.RFC3339))
	}
	if now.Before(certificate.NotBefore) {
		return nil, keyError(CertificateNotYetValid, "the platform certificate is not valid before %s; is this machine's clock right?", certificate.NotBefore.UTC().Format(time.RFC3339))
	}
	return certificate, nil
}

// CertificateSerial is a certificate's serial number as WeChat Pay writes it: hexadecimal, upper case.
func CertificateSerial(certificate *x509.Certificate) string {
	return utils.GetCertificateSerialNumber(*certificate)
}

// MaxPlaintextBytes is how many bytes of UTF-8 one sensitive field carries when key
// encrypts it with OAEP and SHA-1: 214 for 2048 bits.
func MaxPlaintextBytes(key *rsa.PublicKey) int { return key.Size() - 2*sha1.Size - 2 }

func checkSize(what string, key *rsa.PublicKey) error {
	if bits := key.N.BitLen(); bits < minKeyBits {
		return keyError(KeyTooShort, "%s has %d bits; WeChat Pay's keys have %d or more", what, bits, minKeyBits)
	}
	return nil
}

func errEncryptedKey() *KeyError {
	return keyError(KeyEncrypted, "the private key is protected by a passphrase; give it without one (openssl pkey -in encrypted.pem -out plain.pem)")
}

// findBlock returns the first PEM block of one of the wanted types. Files that hold more,
// such as a certificate beside its key, and text around the blocks are accepted.
func findBlock(text []byte, want string, types ...string) (*pem.Block, error) {
	rest := tidyPEM(text)
	other := ""
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if slices.Contains(types, block.Type) {
			return block, nil
		}
		if other == "" {
			other = block.Type
		}
	}
	if other == "" {
		if bytes.Contains(text, []byte(`\n`)) {
			return nil, keyError(KeyEscapedNewlines, `the line ends of the PEM text are the two characters \ and n; give it with real line ends (in a shell: printf '%%b' "$VALUE")`)
		}
		if bytes.Contains(text, []byte("-----BEGIN ")) {
			return nil, keyError(KeyMalformed, "the PEM block is damaged: %s was expected, whole, with its line ends and its END line", want)
		}
		return nil, keyError(KeyNoPEM, "no PEM block was found where %s was expected; if it is a file's name, use the attribute or variable for paths", want)
	}
	return nil, wrongKind(other, want)
}

func wrongKind(found, want string) *KeyError {
	wantsPrivate := strings.HasPrefix(want, "a private key")
	switch {
	case found == "ENCRYPTED PRIVATE KEY" && wantsPrivate:
		return errEncryptedKey()
	case found == "EC PRIVATE KEY" && wantsPrivate, found == "DSA PRIVATE KEY" && wantsPrivate:
		return keyError(KeyNotRSA, "the private key is not an RSA key; WeChat Pay needs an RSA key of %d bits or more", minKeyBits)
	case strings.HasSuffix(found, "PRIVATE KEY"):
		return keyError(KeyWrongKind, "a private key was given where %s belongs", want)
	case found == "CERTIFICATE":
		return keyError(KeyWrongKind, "a certificate was given where %s belongs", want)
	case strings.HasSuffix(found, "PUBLIC KEY"):
		return keyError(KeyWrongKind, "a public key was given where %s belongs", want)
	default:
		// The type of an unknown block is text of the caller's input: it is not repeated.
		return keyError(KeyWrongKind, "a PEM block of another kind was given where %s belongs", want)
	}
}

// tidyPEM drops a byte-order mark and what indentation and CRLF leave around lines,
// which pem.Decode does not accept before BEGIN.
func tidyPEM(text []byte) []byte {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	text = bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
	lines := bytes.Split(text, []byte("\n"))
	for i, line := range lines {
		lines[i] = bytes.TrimSpace(line)
	}
	return append(bytes.Join(lines, []byte("\n")), '\n')
}
