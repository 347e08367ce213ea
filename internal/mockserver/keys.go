// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

const keyBits = 2048

// Keys are the key pairs of both sides, all RSA of 2048 bits: those of a service
// provider, and those of a brand that calls for itself.
type Keys struct {
	// MerchantKey signs the merchant's requests and decrypts sensitive fields of
	// answers. The real WeChat Pay never has it. The mock uses its public half
	// only, and gives the private key to the caller in [Credentials].
	MerchantKey *rsa.PrivateKey
	// MerchantCertificate is the merchant API certificate, whose serial number
	// Authorization names.
	MerchantCertificate *x509.Certificate
	// WeChatPayKey is the private key of the WeChat Pay public key.
	WeChatPayKey *rsa.PrivateKey
	// PublicKeyID names the WeChat Pay public key: PUB_KEY_ID_ and digits.
	PublicKeyID string
	// PlatformKey is the private key of the platform certificate.
	PlatformKey *rsa.PrivateKey
	// PlatformCertificate is what merchants used before the WeChat Pay public key.
	PlatformCertificate *x509.Certificate

	// BrandKey signs the requests of the brand and decrypts sensitive fields of
	// answers to it.
	BrandKey *rsa.PrivateKey
	// BrandCertificate is the brand API certificate.
	BrandCertificate *x509.Certificate
	// BrandWeChatPayKey is the private key of the WeChat Pay public key that a
	// brand has: another one than a service provider's.
	BrandWeChatPayKey *rsa.PrivateKey
	// BrandPublicKeyID names that WeChat Pay public key.
	BrandPublicKeyID string
}

// BrandCredentials are what a brand configures to call the mock for itself.
type BrandCredentials struct {
	BrandID string
	// CertificateSerialNo is the brand API certificate's, upper-case hexadecimal.
	CertificateSerialNo string
	// PrivateKeyPEM is the brand's private key, PKCS#8.
	PrivateKeyPEM string
	PublicKeyID   string
	// PublicKeyPEM is the WeChat Pay public key of the brand, PKIX.
	PublicKeyPEM string
}

// Credentials are what a service provider configures to talk to the mock.
type Credentials struct {
	MchID string
	// CertificateSerialNo is the merchant API certificate's, upper-case hexadecimal.
	CertificateSerialNo string
	// PrivateKeyPEM is the merchant's private key, PKCS#8.
	PrivateKeyPEM string
	PublicKeyID   string
	// PublicKeyPEM is the WeChat Pay public key, PKIX.
	PublicKeyPEM                string
	PlatformCertificatePEM      string
	PlatformCertificateSerialNo string
}

// GenerateKeys makes new keys for both sides.
func GenerateKeys() (*Keys, error) {
	var keys [5]*rsa.PrivateKey
	var errs [5]error
	var group sync.WaitGroup
	for i := range keys {
		group.Go(func() { keys[i], errs[i] = rsa.GenerateKey(rand.Reader, keyBits) })
	}
	group.Wait()
	if err := errors.Join(errs[:]...); err != nil {
		return nil, fmt.Errorf("generating keys: %w", err)
	}
	merchant, err := selfSign(keys[0], "WeChat Pay mock merchant")
	if err != nil {
		return nil, err
	}
	platform, err := selfSign(keys[2], "WeChat Pay mock platform")
	if err != nil {
		return nil, err
	}
	brand, err := selfSign(keys[3], "WeChat Pay mock brand")
	if err != nil {
		return nil, err
	}
	k := &Keys{
		MerchantKey: keys[0], MerchantCertificate: merchant,
		WeChatPayKey: keys[1],
		PlatformKey:  keys[2], PlatformCertificate: platform,
		BrandKey: keys[3], BrandCertificate: brand,
		BrandWeChatPayKey: keys[4],
	}
	err = k.setPublicKeyIDs()
	return k, err
}

// selfSign makes a certificate that is valid for a century, so that it fits
// any clock that a test sets.
func selfSign(key *rsa.PrivateKey, name string) (*x509.Certificate, error) {
	serial := make([]byte, 20)
	if _, err := rand.Read(serial); err != nil {
		return nil, err
	}
	// Twenty bytes like a real serial number, positive and without a leading zero.
	serial[0] = serial[0]&0x3f | 0x40
	template := &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(serial),
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:     time.Date(2120, 1, 1, 0, 0, 0, 0, time.UTC),
		KeyUsage:     x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("making the certificate of %s: %w", name, err)
	}
	return x509.ParseCertificate(der)
}

func (k *Keys) setPublicKeyIDs() (err error) {
	if k.PublicKeyID, err = publicKeyID(k.WeChatPayKey); err != nil {
		return err
	}
	k.BrandPublicKeyID, err = publicKeyID(k.BrandWeChatPayKey)
	return err
}

// publicKeyID derives the id from the key, so that a key loaded from disk has
// the same id every time.
func publicKeyID(key *rsa.PrivateKey) (string, error) {
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(der)
	return fmt.Sprintf("PUB_KEY_ID_01%026d", binary.BigEndian.Uint64(sum[:8])), nil
}

// SerialNumber is a certificate's serial number as WeChat Pay writes it: upper-case
// hexadecimal.
func SerialNumber(certificate *x509.Certificate) string {
	return strings.ToUpper(certificate.SerialNumber.Text(16))
}

func (k *Keys) validate() error {
	if k.MerchantKey == nil || k.MerchantCertificate == nil || k.WeChatPayKey == nil ||
		k.PublicKeyID == "" || k.PlatformKey == nil || k.PlatformCertificate == nil ||
		k.BrandKey == nil || k.BrandCertificate == nil || k.BrandWeChatPayKey == nil || k.BrandPublicKeyID == "" {
		return errors.New("keys: one of them is missing")
	}
	return nil
}

func (k *Keys) credentials() (Credentials, error) {
	private, public, err := pemPair(k.MerchantKey, k.WeChatPayKey)
	if err != nil {
		return Credentials{}, err
	}
	return Credentials{
		MchID:                       mchID,
		CertificateSerialNo:         SerialNumber(k.MerchantCertificate),
		PrivateKeyPEM:               private,
		PublicKeyID:                 k.PublicKeyID,
		PublicKeyPEM:                public,
		PlatformCertificatePEM:      pemText("CERTIFICATE", k.PlatformCertificate.Raw),
		PlatformCertificateSerialNo: SerialNumber(k.PlatformCertificate),
	}, nil
}

func (k *Keys) brandCredentials(brandID string) (BrandCredentials, error) {
	private, public, err := pemPair(k.BrandKey, k.BrandWeChatPayKey)
	if err != nil {
		return BrandCredentials{}, err
	}
	return BrandCredentials{
		BrandID:             brandID,
		CertificateSerialNo: SerialNumber(k.BrandCertificate),
		PrivateKeyPEM:       private,
		PublicKeyID:         k.BrandPublicKeyID,
		PublicKeyPEM:        public,
	}, nil
}

// pemPair returns the private key of a caller and the public key of WeChat Pay.
func pemPair(caller, wechatPay *rsa.PrivateKey) (private, public string, err error) {
	privateDER, err := x509.MarshalPKCS8PrivateKey(caller)
	if err != nil {
		return "", "", err
	}
	publicDER, err := x509.MarshalPKIXPublicKey(wechatPay.Public())
	return pemText("PRIVATE KEY", privateDER), pemText("PUBLIC KEY", publicDER), err
}

func pemText(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

// The files in the directory of [LoadKeys] that a service provider or a brand
// has, named as WeChat Pay names them or close to it. The others are WeChat
// Pay's own.
const (
	MerchantKeyFile         = "apiclient_key.pem"
	MerchantCertificateFile = "apiclient_cert.pem"
	PublicKeyFile           = "pub_key.pem"
	PlatformCertificateFile = "platform_cert.pem"
	BrandKeyFile            = "brand_key.pem"
	BrandCertificateFile    = "brand_cert.pem"
	BrandPublicKeyFile      = "brand_pub_key.pem"
	wechatPayKeyFile        = "wechatpay_key.pem"
	platformKeyFile         = "platform_key.pem"
	brandWeChatPayKeyFile   = "brand_wechatpay_key.pem"
)

// LoadKeys reads the keys in a directory, or generates them there when it has
// none of them. Only the owner can read directory and files. A directory that
// has some of the files is an error.
func LoadKeys(dir string) (*Keys, error) {
	missing := 0
	names := []string{
		MerchantKeyFile, MerchantCertificateFile, PublicKeyFile, PlatformCertificateFile, wechatPayKeyFile, platformKeyFile,
		BrandKeyFile, BrandCertificateFile, BrandPublicKeyFile, brandWeChatPayKeyFile,
	}
	for _, name := range names {
		if _, err := os.Stat(filepath.Join(dir, name)); errors.Is(err, os.ErrNotExist) {
			missing++
		}
	}
	switch missing {
	case 0:
		return readKeys(dir)
	case len(names):
		keys, err := GenerateKeys()
		if err != nil {
			return nil, err
		}
		return keys, writeKeys(dir, keys)
	}
	return nil, fmt.Errorf("keys in %s: some of %s are missing", dir, strings.Join(names, ", "))
}

func writeKeys(dir string, keys *Keys) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	credentials, err := keys.credentials()
	if err != nil {
		return err
	}
	brand, err := keys.brandCredentials("")
	if err != nil {
		return err
	}
	files := map[string]string{
		BrandKeyFile:            brand.PrivateKeyPEM,
		BrandCertificateFile:    pemText("CERTIFICATE", keys.BrandCertificate.Raw),
		BrandPublicKeyFile:      brand.PublicKeyPEM,
		MerchantKeyFile:         credentials.PrivateKeyPEM,
		MerchantCertificateFile: pemText("CERTIFICATE", keys.MerchantCertificate.Raw),
		PublicKeyFile:           credentials.PublicKeyPEM,
		PlatformCertificateFile: credentials.PlatformCertificatePEM,
	}
	for name, key := range map[string]*rsa.PrivateKey{
		wechatPayKeyFile: keys.WeChatPayKey, platformKeyFile: keys.PlatformKey, brandWeChatPayKeyFile: keys.BrandWeChatPayKey,
	} {
		der, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			return err
		}
		files[name] = pemText("PRIVATE KEY", der)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

func readKeys(dir string) (*Keys, error) {
	var keys Keys
	var errs []error
	for name, key := range map[string]**rsa.PrivateKey{
		MerchantKeyFile: &keys.MerchantKey, wechatPayKeyFile: &keys.WeChatPayKey, platformKeyFile: &keys.PlatformKey,
		BrandKeyFile: &keys.BrandKey, brandWeChatPayKeyFile: &keys.BrandWeChatPayKey,
	} {
		var err error
		*key, err = readPrivateKey(filepath.Join(dir, name))
		errs = append(errs, err)
	}
	for name, certificate := range map[string]**x509.Certificate{
		MerchantCertificateFile: &keys.MerchantCertificate, PlatformCertificateFile: &keys.PlatformCertificate,
		BrandCertificateFile: &keys.BrandCertificate,
	} {
		var err error
		*certificate, err = readCertificate(filepath.Join(dir, name))
		errs = append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	err := keys.setPublicKeyIDs()
	return &keys, err
}

func readPEM(path, kind string) ([]byte, error) {
	text, err := os.ReadFile(path) //nolint:gosec // the person who runs the mock names the folder
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	if block == nil || block.Type != kind {
		return nil, fmt.Errorf("%s: not a PEM file of kind %s", path, kind)
	}
	return block.Bytes, nil
}

func readPrivateKey(path string) (*rsa.PrivateKey, error) {
	der, err := readPEM(path, "PRIVATE KEY")
	if err != nil {
		return nil, err
	}
	key, err := x509.ParsePKCS8PrivateKey(der)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if key, ok := key.(*rsa.PrivateKey); ok {
		return key, nil
	}
	return nil, fmt.Errorf("%s: not an RSA key", path)
}

func readCertificate(path string) (*x509.Certificate, error) {
	der, err := readPEM(path, "CERTIFICATE")
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return certificate, nil
}
