// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"math/big"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// printSerial is the command that prints the serial number of the right certificate.
const printSerial = "openssl x509 -in apiclient_cert.pem -noout -serial"

// credentials reads the keys: the merchant's private key, which signs and decrypts, and WeChat
// Pay's keys, which encrypt and verify.
func (r *reader) credentials(m model, s *settings) state {
	private, privateState := r.privateKey(m, s)
	publicKeyState := r.publicKey(m, s, private)
	certificateState := r.platformCertificate(m, s, private)

	if publicKeyState == absent && certificateState == absent {
		publicKeyState = r.missingPublicKey()
	}

	// The public key encrypts when there is one. While it is unknown, the limit is unknown too.
	switch {
	case publicKeyState == given:
		s.maxPlaintextBytes = wechatpay.MaxPlaintextBytes(s.client.PublicKey)
	case publicKeyState == absent && certificateState == given:
		if key, ok := s.client.PlatformCertificate.PublicKey.(*rsa.PublicKey); ok {
			s.maxPlaintextBytes = wechatpay.MaxPlaintextBytes(key)
		}
	}
	return leastKnown(privateState, publicKeyState, certificateState)
}

// missingPublicKey adds the diagnostic of the keys that encrypt and verify.
func (r *reader) missingPublicKey() state {
	if r.mode.isUnknown() {
		return pending
	}
	message := fmt.Sprintf("WeChat Pay's key is needed to encrypt requests and to verify answers. "+
		"Set public_key_id together with public_key or public_key_path (environment variables %s, %s, %s), from the %s.",
		variable("public_key_id"), variable("public_key"), variable("public_key_path"), r.mode.publicKeyPlace)
	if !r.mode.isBrand() {
		message += fmt.Sprintf(" A merchant that still uses platform certificates sets platform_certificate or platform_certificate_path (%s, %s) instead.",
			variable("platform_certificate"), variable("platform_certificate_path"))
	}
	r.missing("public_key", message)
	return refused
}

func (r *reader) privateKey(m model, s *settings) (*rsa.PrivateKey, state) {
	in := r.content(r.findPair("private_key", m.PrivateKey, m.PrivateKeyPath))
	switch in.state {
	case absent:
		if r.mode.isUnknown() {
			return nil, pending
		}
		r.missing("private_key", fmt.Sprintf(
			"Set private_key or private_key_path in the provider block, or the environment variable %s or %s, "+
				"to the private key of the %s (apiclient_key.pem): its PEM text or the path of its file.",
			variable("private_key"), variable("private_key_path"), r.mode.certificate))
		return nil, refused
	case given:
		s.secrets = append(s.secrets, in.text)
		found, message := wantedPrivateKey.read(in, r.mode)
		if message != "" {
			return nil, r.refuse(in, message).state
		}
		s.client.PrivateKey = found.private
		return found.private, r.certificateBesideKey(m, s, in, found.private)
	default:
		return nil, in.state
	}
}

// certificateBesideKey compares the serial number with that of the merchant API certificate,
// when the private key's text contains the certificate as well.
func (r *reader) certificateBesideKey(m model, s *settings, in input, private *rsa.PrivateKey) state {
	for _, other := range readMaterial([]byte(in.text)) {
		if other.kind != certificate || !private.PublicKey.Equal(other.certificate.PublicKey) || s.client.CertificateSerialNo == "" {
			continue
		}
		if sameSerial(other.certificate, s.client.CertificateSerialNo) {
			return given
		}
		return r.refuse(r.find("certificate_serial_no", m.CertificateSerialNo), fmt.Sprintf(
			"It is not the serial number of the certificate that stands beside the private key. Print the right one: %s.", printSerial)).state
	}
	return given
}

// publicKey reads the WeChat Pay public key and its ID, which go together.
func (r *reader) publicKey(m model, s *settings, private *rsa.PrivateKey) state {
	id, idState := optional(r, "public_key_id", m.PublicKeyID, "", checkPublicKeyID)
	in := r.content(r.findPair("public_key", m.PublicKey, m.PublicKeyPath))

	if in.state == given {
		found, message := wantedPublicKey.read(in, r.mode)
		switch {
		case message != "":
			in = r.refuse(in, message)
		case private != nil && found.public.Equal(&private.PublicKey):
			in = r.refuse(in, "It is the public half of your own private key. WeChat Pay's public key (pub_key.pem) belongs here: "+r.mode.publicKeyPlace+".")
		default:
			s.client.PublicKey = found.public
		}
	}
	s.client.PublicKeyID = id

	switch {
	case idState == absent && in.state == absent:
		return absent
	case idState == absent && (in.state == given || in.state == refused):
		r.missing("public_key_id", fmt.Sprintf(
			"A WeChat Pay public key is given without its ID. Set public_key_id in the provider block, or the environment variable %s, "+
				"to the ID that is shown beside the key (%s); it begins with PUB_KEY_ID_.",
			variable("public_key_id"), r.mode.publicKeyPlace))
		return refused
	case in.state == absent && (idState == given || idState == refused):
		r.missing("public_key", fmt.Sprintf(
			"The ID of a WeChat Pay public key is given (public_key_id or %s) without the key. Set public_key or public_key_path in the provider block, "+
				"or the environment variable %s or %s, to the key (pub_key.pem): its PEM text or the path of its file.",
			variable("public_key_id"), variable("public_key"), variable("public_key_path")))
		return refused
	default:
		// While one of the two is pending, the other may be absent: the pending one may be null.
		return leastKnown(idState, in.state)
	}
}

func (r *reader) platformCertificate(m model, s *settings, private *rsa.PrivateKey) state {
	if r.mode.isBrand() {
		const why = "A brand verifies answers with the WeChat Pay public key of the brand platform only, not with platform certificates."
		return max(r.onlyServiceProvider("platform_certificate", m.PlatformCertificate, why),
			r.onlyServiceProvider("platform_certificate_path", m.PlatformCertificatePath, why)) // absent or refused
	}
	in := r.content(r.findPair("platform_certificate", m.PlatformCertificate, m.PlatformCertificatePath))
	if in.state != given {
		return in.state
	}
	found, message := wantedCertificate.read(in, r.mode)
	if message != "" {
		return r.refuse(in, message).state
	}
	c := found.certificate
	switch {
	case c.IsCA:
		return r.refuse(in, "It is the certificate of a certificate authority (rootca.pem). A platform certificate of WeChat Pay belongs here, "+
			"as its platform certificate call returns it.").state
	case private != nil && private.PublicKey.Equal(c.PublicKey), s.client.MchID != "" && c.Subject.CommonName == s.client.MchID:
		return r.refuse(in, "It is the merchant's own API certificate (apiclient_cert.pem). A platform certificate of WeChat Pay belongs here, "+
			"as its platform certificate call returns it.").state
	}
	if message := checkValidity(c, r.src.now()); message != "" {
		return r.refuse(in, message).state
	}
	s.client.PlatformCertificate = c
	if sameSerial(c, s.client.CertificateSerialNo) {
		return r.refuse(r.find("certificate_serial_no", m.CertificateSerialNo), fmt.Sprintf(
			"It is the serial number of WeChat Pay's platform certificate. The serial number of the merchant API certificate belongs here. Print it: %s.", printSerial)).state
	}
	return given
}

// sameSerial compares serial numbers as numbers: some tools print a leading zero, some do not.
func sameSerial(c *x509.Certificate, serial string) bool {
	number, ok := new(big.Int).SetString(serial, 16)
	return ok && number.Cmp(c.SerialNumber) == 0
}
