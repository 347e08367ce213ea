// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"time"
)

// The headers that sign an answer.
const (
	headerTimestamp     = "Wechatpay-Timestamp"
	headerNonce         = "Wechatpay-Nonce"
	headerSignature     = "Wechatpay-Signature"
	headerSerial        = "Wechatpay-Serial"
	headerSignatureType = "Wechatpay-Signature-Type"
	headerRequestID     = "Request-Id"
)

// answerKey signs answers. serial is its name for Wechatpay-Serial.
type answerKey struct {
	key    *rsa.PrivateKey
	serial string
}

// sign sets the headers that sign a body at a given time.
func (m *mode) sign(header http.Header, body []byte, at time.Time) error {
	return m.signWith(m.answerKey, header, body, at)
}

func (m *mode) signWith(k answerKey, header http.Header, body []byte, at time.Time) error {
	timestamp, nonce := strconv.FormatInt(at.Unix(), 10), rand.Text()
	sum := sha256.Sum256([]byte(timestamp + "\n" + nonce + "\n" + string(body) + "\n"))
	signature, err := rsa.SignPKCS1v15(rand.Reader, k.key, crypto.SHA256, sum[:])
	if err != nil {
		return err
	}
	header.Set(headerTimestamp, timestamp)
	header.Set(headerNonce, nonce)
	header.Set(headerSignature, base64.StdEncoding.EncodeToString(signature))
	header.Set(headerSerial, k.serial)
	header.Set(headerSignatureType, m.scheme)
	return nil
}
