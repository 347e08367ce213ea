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

func (m *mode) decrypterFor(serial string) decrypter {
	if key := m.decryptionKeys[serial]; key != nil {
		return decrypter{key: key}
	}
	if serial == "" {
		return decrypter{err: refuseRules("a request with encrypted fields needs the Wechatpay-Serial header")}
	}
	return decrypter{err: refuseRules("Wechatpay-Serial names no key of WeChat Pay")}
}

// checkSerial checks Wechatpay-Serial where every request must have it.
func (m *mode) checkSerial(serial string) *apiError {
	if !m.serialRequired {
		return nil
	}
	return m.decrypterFor(serial).err
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

// encrypt encrypts a value with the caller's public key.
func (m *mode) encrypt(plain string) (string, error) {
	raw, err := rsa.EncryptOAEP(sha1.New(), rand.Reader, m.callerKey, []byte(plain), nil)
	return base64.StdEncoding.EncodeToString(raw), err
}
