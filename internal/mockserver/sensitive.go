// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // WeChat Pay's RSAES-OAEP is defined with SHA-1.
	"encoding/base64"
	"unicode/utf8"
)

// decrypter decrypts the sensitive fields of one request with the key that its
// Wechatpay-Serial names. It has a key or an error.
type decrypter struct {
	key *rsa.PrivateKey
	err *apiError
}

func (s *Server) decrypterFor(serial string) decrypter {
	switch serial {
	case "":
		return decrypter{err: refuseRules("a request with encrypted fields needs the Wechatpay-Serial header")}
	case s.keys.PublicKeyID:
		return decrypter{key: s.keys.WeChatPayKey}
	case SerialNumber(s.keys.PlatformCertificate):
		return decrypter{key: s.keys.PlatformKey}
	}
	return decrypter{err: refuseRules("Wechatpay-Serial names no key of WeChat Pay")}
}

// decrypt returns the plain text, or an error for the field at the path.
func (d decrypter) decrypt(path, ciphertext string) (string, *apiError) {
	if d.err != nil {
		return "", d.err
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(ciphertext)
	if err != nil {
		return "", refuseBody(path, ciphertext, "is not encrypted")
	}
	plain, err := rsa.DecryptOAEP(sha1.New(), nil, d.key, raw, nil)
	if err != nil {
		return "", refuseBody(path, ciphertext, "cannot be decrypted")
	}
	if issue := textIssue(string(plain)); issue != "" {
		return "", refuseBody(path, ciphertext, issue)
	}
	return string(plain), nil
}

// textIssue says why WeChat Pay would not accept a text, "" when it would.
func textIssue(text string) string {
	if !utf8.ValidString(text) {
		return "is not UTF-8"
	}
	for _, r := range text {
		if utf8.RuneLen(r) > 3 {
			return "holds a character of four UTF-8 bytes"
		}
	}
	return ""
}

// encrypt encrypts a value with the merchant's public key.
func (s *Server) encrypt(plain string) (string, error) {
	raw, err := rsa.EncryptOAEP(sha1.New(), rand.Reader, &s.keys.MerchantKey.PublicKey, []byte(plain), nil)
	return base64.StdEncoding.EncodeToString(raw), err
}
