// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"context"
	"crypto/rsa"
	"fmt"
	"unicode/utf8"

	"github.com/wechatpay-apiv3/wechatpay-go/core/cipher/decryptors"
	"github.com/wechatpay-apiv3/wechatpay-go/core/cipher/encryptors"
)

// fieldCipher encrypts the sensitive fields of requests for WeChat Pay and decrypts those of
// answers, which are encrypted for the merchant: RSAES-OAEP, SHA-1, base64.
type fieldCipher struct {
	serial    string
	max       int
	encryptor *encryptors.WechatPayPubKeyEncryptor
	decryptor *decryptors.WechatPayDecryptor
}

func newFieldCipher(serial string, public *rsa.PublicKey, private *rsa.PrivateKey) *fieldCipher {
	return &fieldCipher{
		serial:    serial,
		max:       MaxPlaintextBytes(public),
		encryptor: encryptors.NewWechatPayPubKeyEncryptor(serial, *public),
		decryptor: decryptors.NewWechatPayDecryptor(private),
	}
}

// encrypter encrypts the sensitive fields of one request, and gives their values to the masker.
type encrypter struct {
	ctx       context.Context
	operation Operation
	cipher    *fieldCipher
	masker    *masker
	err       *Error
}

// encrypt returns the ciphertext of value. After the first error it does nothing.
func (s *encrypter) encrypt(field string, value Personal) string {
	if s.err != nil || value == "" {
		return ""
	}
	if n := len(value); n > s.cipher.max {
		s.fail(field, fmt.Errorf("%s has %d bytes of UTF-8; at most %d can be encrypted", field, n, s.cipher.max))
		return ""
	}
	ciphertext, err := s.cipher.encryptor.Encrypt(s.ctx, s.cipher.serial, value.Reveal())
	if err != nil {
		s.fail(field, fmt.Errorf("%s could not be encrypted", field))
		return ""
	}
	return ciphertext
}

func (s *encrypter) fail(field string, err error) {
	s.err = &Error{Operation: s.operation, Kind: KindEncrypt, Field: field, Err: err}
}

func (s *encrypter) phone(value Personal) string {
	s.masker.value(value.Reveal())
	return s.encrypt("phone_number", value)
}

func (s *encrypter) userInformation(u *UserInformation) *wireUserInfo {
	if u == nil || len(u.CommonFields) == 0 && len(u.CustomFields) == 0 {
		return nil
	}
	s.masker.userInformation(u)
	wire := &wireUserInfo{}
	for i, f := range u.CommonFields {
		wire.CommonFieldList = append(wire.CommonFieldList, wireCommonField{
			Name:  f.Name,
			Value: s.encrypt(fmt.Sprintf("user_information.common_field_list.%d.value", i), f.Value),
		})
	}
	for i, f := range u.CustomFields {
		// Not nil, which would be null in JSON.
		values := make([]string, 0, len(f.UserChosenValues))
		for j, v := range f.UserChosenValues {
			values = append(values, s.encrypt(fmt.Sprintf("user_information.custom_field_list.%d.user_chosen_values.%d", i, j), v))
		}
		wire.CustomFieldList = append(wire.CustomFieldList, wireCustomField{Name: f.Name, UserChosenValues: values})
	}
	return wire
}

// decrypt returns the plain text of an answer's field; an empty one stays empty.
func (c *fieldCipher) decrypt(ctx context.Context, field, ciphertext string) (Personal, error) {
	text, err := c.decryptor.Decrypt(ctx, ciphertext)
	if err != nil || !utf8.ValidString(text) {
		return "", fmt.Errorf("%s in the answer could not be decrypted with the merchant's private key", field)
	}
	return Personal(text), nil
}
