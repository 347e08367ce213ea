// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // WeChat Pay's OAEP uses SHA-1
	"crypto/x509"

	"github.com/wechatpay-apiv3/wechatpay-go/utils"
)

// CertificateSerial is a certificate's serial number as WeChat Pay writes it: hexadecimal, upper case.
func CertificateSerial(certificate *x509.Certificate) string {
	return utils.GetCertificateSerialNumber(*certificate)
}

// MaxPlaintextBytes is how many bytes of UTF-8 one sensitive field carries when key
// encrypts it with OAEP and SHA-1: 214 for 2048 bits.
func MaxPlaintextBytes(key *rsa.PublicKey) int { return key.Size() - 2*sha1.Size - 2 }
