// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package journal

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
)

// A line is a JSON Web Encryption in compact form (RFC 7516) with RSA-OAEP-256 and A256GCM:
// an AES key of its own for every line, encrypted to the merchant's RSA key, because an
// entry is too long for a single OAEP block. Any JOSE tool with the private key can read it.
const (
	keyAlgorithm     = "RSA-OAEP-256"
	contentAlgorithm = "A256GCM"

	aesKeyBytes = 32
	nonceBytes  = 12
	tagBytes    = 16
	// idBytes is the length of key ids and lookup values: collisions do not happen by chance.
	idBytes = 16
)

// errDamaged never says more: a line may contain anything.
var errDamaged = errors.New("the line is damaged")

// lineHeader is the part of a line that is authenticated and not encrypted.
type lineHeader struct {
	Algorithm string `json:"alg"`
	Encoding  string `json:"enc"`
	// KeyID is derived from the public key that the line is encrypted to.
	KeyID string `json:"kid"`
	// Lookup is derived from the private key and the card, so that a card's line is found
	// without decrypting all of them. It says nothing to those who lack the private key.
	Lookup string `json:"lookup"`
}

// lineBody is the encrypted part of a line.
type lineBody struct {
	BrandID      string `json:"brand_id"`
	CardID       string `json:"card_id"`
	UserCardCode string `json:"user_card_code"`
	OpenID       string `json:"openid"`
}

// lineCrypto encrypts and decrypts lines for one key.
type lineCrypto struct {
	key       *rsa.PrivateKey
	keyID     string
	lookupKey []byte
}

func newLineCrypto(key *rsa.PrivateKey) (*lineCrypto, error) {
	public, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		return nil, err
	}
	id := sha256.Sum256(public)
	const purpose = "terraform-provider-wechatpay journal lookup"
	lookupKey, err := hkdf.Key(sha256.New, x509.MarshalPKCS1PrivateKey(key), nil, purpose, sha256.Size)
	if err != nil {
		return nil, err
	}
	return &lineCrypto{key: key, keyID: hex.EncodeToString(id[:idBytes]), lookupKey: lookupKey}, nil
}

// lookup returns the lookup value of a card.
func (c *lineCrypto) lookup(k Key) string {
	mac := hmac.New(sha256.New, c.lookupKey)
	// A JSON list is unambiguous, whatever the parts contain.
	_ = json.NewEncoder(mac).Encode([]string{k.BrandID, k.CardID, k.UserCardCode})
	return hex.EncodeToString(mac.Sum(nil)[:idBytes])
}

// encrypt returns an entry as a line without its end.
func (c *lineCrypto) encrypt(e Entry) ([]byte, error) {
	header, err := json.Marshal(lineHeader{keyAlgorithm, contentAlgorithm, c.keyID, c.lookup(e.Key)})
	if err != nil {
		return nil, err
	}
	body, err := json.Marshal(lineBody{e.BrandID, e.CardID, e.UserCardCode, e.OpenID})
	if err != nil {
		return nil, err
	}
	aesKey := make([]byte, aesKeyBytes)
	_, _ = rand.Read(aesKey) // never fails
	encryptedKey, err := rsa.EncryptOAEP(sha256.New(), rand.Reader, &c.key.PublicKey, aesKey, nil)
	if err != nil {
		return nil, err
	}
	aead, err := newAEAD(aesKey)
	if err != nil {
		return nil, err
	}
	first := encode(header)
	encrypted := aead.Seal(nil, nil, body, []byte(first)) //nolint:gosec // NewGCMWithRandomNonce makes the nonce
	ciphertext, tag := encrypted[nonceBytes:len(encrypted)-tagBytes], encrypted[len(encrypted)-tagBytes:]
	return []byte(strings.Join([]string{first, encode(encryptedKey), encode(encrypted[:nonceBytes]), encode(ciphertext), encode(tag)}, ".")), nil
}

// decrypt returns the entry of a line that encrypt made for the same key.
func (c *lineCrypto) decrypt(line []byte) (Entry, error) {
	parts, err := split(line)
	if err != nil {
		return Entry{}, err
	}
	var decoded [4][]byte
	for i, part := range parts[1:] {
		if decoded[i], err = decode(part); err != nil {
			return Entry{}, errDamaged
		}
	}
	encryptedKey, nonce, ciphertext, tag := decoded[0], decoded[1], decoded[2], decoded[3]
	aesKey, err := rsa.DecryptOAEP(sha256.New(), nil, c.key, encryptedKey, nil)
	if err != nil || len(aesKey) != aesKeyBytes || len(nonce) != nonceBytes || len(tag) != tagBytes {
		return Entry{}, errDamaged
	}
	aead, err := newAEAD(aesKey)
	if err != nil {
		return Entry{}, errDamaged
	}
	plain, err := aead.Open(nil, nil, bytes.Join([][]byte{nonce, ciphertext, tag}, nil), parts[0])
	if err != nil {
		return Entry{}, errDamaged
	}
	var body lineBody
	if err := json.Unmarshal(plain, &body); err != nil {
		return Entry{}, errDamaged
	}
	return Entry{Key: Key{BrandID: body.BrandID, CardID: body.CardID, UserCardCode: body.UserCardCode}, OpenID: body.OpenID}, nil
}

// parseHeader reads the header of a line and checks that the line has all its parts.
func parseHeader(line []byte) (lineHeader, error) {
	parts, err := split(line)
	if err != nil {
		return lineHeader{}, err
	}
	text, err := decode(parts[0])
	if err != nil {
		return lineHeader{}, errDamaged
	}
	var h lineHeader
	if err := json.Unmarshal(text, &h); err != nil {
		return lineHeader{}, errDamaged
	}
	if tag, err := decode(parts[4]); err != nil || len(tag) != tagBytes || h.Algorithm != keyAlgorithm || h.Encoding != contentAlgorithm || h.KeyID == "" || h.Lookup == "" {
		return lineHeader{}, errDamaged
	}
	return h, nil
}

func split(line []byte) ([][]byte, error) {
	const parts = 5
	p := bytes.Split(bytes.TrimSpace(line), []byte("."))
	if len(p) != parts {
		return nil, errDamaged
	}
	return p, nil
}

func newAEAD(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

func encode(data []byte) string { return base64.RawURLEncoding.EncodeToString(data) }

func decode(text []byte) ([]byte, error) { return base64.RawURLEncoding.AppendDecode(nil, text) }
