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

// answerKey returns the key that signs answers, and its serial for Wechatpay-Serial.
func (s *Server) answerKey() (*rsa.PrivateKey, string) {
	if s.options.SignWithPlatformCertificate {
		return s.keys.PlatformKey, SerialNumber(s.keys.PlatformCertificate)
	}
	return s.keys.WeChatPayKey, s.keys.PublicKeyID
}

// sign sets the headers that sign a body at a given time.
func (s *Server) sign(header http.Header, body []byte, at time.Time) error {
	key, serial := s.answerKey()
	timestamp, nonce := strconv.FormatInt(at.Unix(), 10), rand.Text()
	sum := sha256.Sum256([]byte(timestamp + "\n" + nonce + "\n" + string(body) + "\n"))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		return err
	}
	header.Set(headerTimestamp, timestamp)
	header.Set(headerNonce, nonce)
	header.Set(headerSignature, base64.StdEncoding.EncodeToString(signature))
	header.Set(headerSerial, serial)
	header.Set(headerSignatureType, signatureScheme)
	return nil
}
