// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1" //nolint:gosec // WeChat Pay's OAEP is made of it
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

// callCosts are the bare cryptography of one call.
type callCosts struct {
	// imported is a signature, a ciphertext, a verification and a decryption.
	imported time.Duration
	// read is the same without the ciphertext.
	read time.Duration
}

// cryptography measures the RSA operations of a call by themselves.
func cryptography(keys *mockserver.Keys) (callCosts, error) {
	mock, err := mockserver.Start(mockserver.Options{Keys: keys})
	if err != nil {
		return callCosts{}, err
	}
	text := mock.Credentials().PrivateKeyPEM
	if err := mock.Close(); err != nil {
		return callCosts{}, err
	}
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return callCosts{}, errors.New("the mock's private key is no PEM")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return callCosts{}, err
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return callCosts{}, fmt.Errorf("the mock's private key is a %T", parsed)
	}

	digest := sha256.Sum256([]byte("POST\n"))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
	if err != nil {
		return callCosts{}, err
	}
	phone := []byte("13800138000")
	ciphertext, err := rsa.EncryptOAEP(sha1.New(), rand.Reader, &key.PublicKey, phone, nil)
	if err != nil {
		return callCosts{}, err
	}
	sign := perCall(func() error {
		_, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
		return err
	})
	verify := perCall(func() error { return rsa.VerifyPKCS1v15(&key.PublicKey, crypto.SHA256, digest[:], signature) })
	encrypt := perCall(func() error {
		_, err := rsa.EncryptOAEP(sha1.New(), rand.Reader, &key.PublicKey, phone, nil)
		return err
	})
	decrypt := perCall(func() error {
		_, err := rsa.DecryptOAEP(sha1.New(), nil, key, ciphertext, nil)
		return err
	})
	read := sign + verify + decrypt
	return callCosts{imported: read + encrypt, read: read}, nil
}

// perCall returns the shortest time of several tries of an operation.
func perCall(operation func() error) time.Duration {
	const tries, operations = 10, 20
	best := time.Duration(0)
	for try := range tries {
		began := time.Now()
		for range operations {
			if err := operation(); err != nil {
				panic(err) // it succeeded a moment ago, with the same input
			}
		}
		if took := time.Since(began) / operations; try == 0 || took < best {
			best = took
		}
	}
	return best
}
