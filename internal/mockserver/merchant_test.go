// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

const (
	brand      = mockserver.DefaultBrandID
	phone      = "13800138000"
	otherPhone = "13800138001"
	userCards  = "/v3/brand/partner/card-member/user-cards"
	byPhone    = userCards + "/import-by-phone"
	scheme     = "WECHATPAY2-SHA256-RSA2048"
)

// sharedKeys are the keys of all tests: generating them takes time.
var sharedKeys = sync.OnceValues(mockserver.GenerateKeys)

// noon is the time of tests that set the clock.
func noon() time.Time { return time.Date(2025, 6, 22, 12, 0, 0, 0, time.UTC) }

// clock is a clock that tests set.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: noon()} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) add(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// merchant calls the server with its own code on the standard library's crypto.
type merchant struct {
	caller
	t      *testing.T
	server *mockserver.Server
	keys   *mockserver.Keys
	clock  *clock
	client *http.Client
}

// caller is what a service provider or a brand calls with.
type caller struct {
	scheme, identityName, identityValue, serial string
	key                                         *rsa.PrivateKey
	// publicKeyID and public are WeChat Pay's key.
	publicKeyID string
	public      *rsa.PublicKey
	// alwaysSerial sends Wechatpay-Serial with requests without a body, too.
	alwaysSerial bool
}

// asBrand returns the merchant that calls the same server as a brand.
func (m *merchant) asBrand() *merchant {
	credentials := m.server.BrandCredentials()
	brand := *m
	brand.caller = caller{
		scheme: "WECHATPAY-BRAND-SHA256-RSA2048", identityName: "brand_id", identityValue: credentials.BrandID,
		serial: credentials.CertificateSerialNo, key: m.keys.BrandKey,
		publicKeyID: m.keys.BrandPublicKeyID, public: &m.keys.BrandWeChatPayKey.PublicKey, alwaysSerial: true,
	}
	return &brand
}

func start(t *testing.T, options mockserver.Options) *merchant {
	t.Helper()
	keys, err := sharedKeys()
	if err != nil {
		t.Fatal(err)
	}
	c := newClock()
	options.Keys = keys
	if options.Now == nil {
		options.Now = c.Now
	}
	server, err := mockserver.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	t.Cleanup(func() {
		transport.CloseIdleConnections()
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	client := &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	credentials := server.Credentials()
	return &merchant{t: t, server: server, keys: keys, clock: c, client: client, caller: caller{
		scheme: scheme, identityName: "mchid", identityValue: credentials.MchID,
		serial: credentials.CertificateSerialNo, key: keys.MerchantKey,
		publicKeyID: keys.PublicKeyID, public: &keys.WeChatPayKey.PublicKey,
	}}
}

// body is a request body before it is encoded as JSON.
type body map[string]any

func (m *merchant) encrypt(plain string) string {
	return m.encryptWith(m.public, plain)
}

func (m *merchant) encryptWith(key *rsa.PublicKey, plain string) string {
	m.t.Helper()
	raw, err := rsa.EncryptOAEP(sha1.New(), rand.Reader, key, []byte(plain), nil)
	if err != nil {
		m.t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(raw)
}

func (m *merchant) decrypt(ciphertext any) string {
	m.t.Helper()
	text, _ := ciphertext.(string)
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		m.t.Fatal(err)
	}
	plain, err := rsa.DecryptOAEP(sha1.New(), nil, m.key, raw, nil)
	if err != nil {
		m.t.Fatalf("decrypting %q: %v", text, err)
	}
	return string(plain)
}

// importBody returns the required fields of an import under TemplatePermanent.
func (m *merchant) importBody(code, phone string) body {
	return body{
		"brand_id": brand, "card_id": mockserver.TemplatePermanent,
		"user_card_code": code, "phone_number": m.encrypt(phone),
	}
}

func sign(t *testing.T, key *rsa.PrivateKey, message string) string {
	t.Helper()
	sum := sha256.Sum256([]byte(message))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(signature)
}

// signed has the parts of an Authorization header, which tests corrupt.
type signed struct {
	// name is mchid or brand_id; mchID is its value.
	scheme, name, mchID, serial, nonce, timestamp string
	key                                           *rsa.PrivateKey
}

func (m *merchant) identity() signed {
	return signed{
		scheme: m.scheme, name: m.identityName, mchID: m.identityValue, serial: m.serial, nonce: rand.Text(),
		timestamp: strconv.FormatInt(m.clock.Now().Unix(), 10), key: m.key,
	}
}

func (m *merchant) authorization(id signed, method, target string, payload []byte) string {
	signature := sign(m.t, id.key, method+"\n"+target+"\n"+id.timestamp+"\n"+id.nonce+"\n"+string(payload)+"\n")
	return fmt.Sprintf(`%s %s="%s",nonce_str="%s",signature="%s",timestamp="%s",serial_no="%s"`,
		id.scheme, id.name, id.mchID, id.nonce, signature, id.timestamp, id.serial)
}

// request returns a correct, signed request.
func (m *merchant) request(method, target string, payload []byte) *http.Request {
	m.t.Helper()
	r, err := http.NewRequestWithContext(m.t.Context(), method, m.server.URL()+target, bytes.NewReader(payload))
	if err != nil {
		m.t.Fatal(err)
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "mockserver-test")
	r.Header.Set("Authorization", m.authorization(m.identity(), method, target, payload))
	if len(payload) > 0 {
		r.Header.Set("Content-Type", "application/json")
	}
	if len(payload) > 0 || m.alwaysSerial {
		r.Header.Set("Wechatpay-Serial", m.publicKeyID)
	}
	return r
}

func (m *merchant) encode(b body) []byte {
	m.t.Helper()
	if b == nil {
		return nil
	}
	payload, err := json.Marshal(b)
	if err != nil {
		m.t.Fatal(err)
	}
	return payload
}

// reply is a whole answer.
type reply struct {
	status int
	header http.Header
	raw    []byte
	json   body
}

func (r reply) text(name string) string {
	text, _ := r.json[name].(string)
	return text
}

// do sends a request and verifies the signature of its answer.
func (m *merchant) do(r *http.Request) reply {
	m.t.Helper()
	got, err := m.try(r)
	if err != nil {
		m.t.Fatal(err)
	}
	if err := m.verify(got); err != nil {
		m.t.Errorf("%s %s: %d: %v", r.Method, r.URL, got.status, err)
	}
	if got.header.Get("Request-ID") == "" {
		m.t.Error("no Request-ID")
	}
	return got
}

// try sends a request and returns what fails to the caller.
func (m *merchant) try(r *http.Request) (reply, error) {
	response, err := m.client.Do(r)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = response.Body.Close() }()
	got := reply{status: response.StatusCode, header: response.Header}
	if got.raw, err = io.ReadAll(response.Body); err != nil {
		return got, err
	}
	_ = json.Unmarshal(got.raw, &got.json) // Not every answer is an object.
	return got, nil
}

var errVerify = errors.New("the answer's signature does not verify")

func (m *merchant) verify(got reply) error {
	key := m.public
	switch serial := got.header.Get("Wechatpay-Serial"); serial {
	case m.publicKeyID:
	case mockserver.SerialNumber(m.keys.PlatformCertificate):
		key = &m.keys.PlatformKey.PublicKey
	default:
		return fmt.Errorf("%w: unknown serial %q", errVerify, serial)
	}
	if kind := got.header.Get("Wechatpay-Signature-Type"); kind != m.scheme {
		return fmt.Errorf("%w: type %q", errVerify, kind)
	}
	timestamp := got.header.Get("Wechatpay-Timestamp")
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || m.clock.Now().Sub(time.Unix(seconds, 0)).Abs() > 5*time.Minute {
		return fmt.Errorf("%w: timestamp %q", errVerify, timestamp)
	}
	signature, err := base64.StdEncoding.DecodeString(got.header.Get("Wechatpay-Signature"))
	if err != nil {
		return fmt.Errorf("%w: %w", errVerify, err)
	}
	sum := sha256.Sum256([]byte(timestamp + "\n" + got.header.Get("Wechatpay-Nonce") + "\n" + string(got.raw) + "\n"))
	if rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature) != nil {
		return errVerify
	}
	return nil
}

func (m *merchant) call(method, target string, b body) reply {
	m.t.Helper()
	return m.do(m.request(method, target, m.encode(b)))
}

func (m *merchant) post(target string, b body) reply {
	m.t.Helper()
	return m.call(http.MethodPost, target, b)
}

func (m *merchant) mustImport(code, phone string) reply {
	m.t.Helper()
	got := m.post(byPhone, m.importBody(code, phone))
	if got.status != http.StatusOK {
		m.t.Fatalf("import of %s: %d %s", code, got.status, got.raw)
	}
	return got
}

func cardTarget(code, openID string) string {
	query := url.Values{"brand_id": {brand}, "card_id": {mockserver.TemplatePermanent}, "openid": {openID}}
	return userCards + "/" + url.PathEscape(code) + "?" + query.Encode()
}

func (m *merchant) get(code, openID string) reply {
	m.t.Helper()
	return m.call(http.MethodGet, cardTarget(code, openID), nil)
}

func modifyTarget(code string) string {
	return userCards + "/" + url.PathEscape(code) + "?card_id=" + mockserver.TemplatePermanent
}

func (m *merchant) modify(code, openID string, change body) reply {
	m.t.Helper()
	change["brand_id"], change["openid"] = brand, openID
	return m.call(http.MethodPatch, modifyTarget(code), change)
}

func (m *merchant) invalidate(code, openID string, b body) reply {
	m.t.Helper()
	b["openid"] = openID
	return m.post(userCards+"/"+url.PathEscape(code)+"/invalidate?brand_id="+brand+"&card_id="+mockserver.TemplatePermanent, b)
}

// wantRefused checks the status and the code of an error, and its message
// unless message is empty.
func wantRefused(t *testing.T, got reply, status int, code, message string) {
	t.Helper()
	if got.status != status || got.text("code") != code {
		t.Errorf("answered %d %s, want %d %s", got.status, got.raw, status, code)
	}
	if message != "" && got.text("message") != message {
		t.Errorf("message %q, want %q", got.text("message"), message)
	}
}

// wantParameter checks a PARAM_ERROR and the field that it names.
func wantParameter(t *testing.T, got reply, field string) body {
	t.Helper()
	wantRefused(t, got, http.StatusBadRequest, "PARAM_ERROR", "")
	detail, _ := got.json["detail"].(map[string]any)
	if detail["field"] != field {
		t.Errorf("refused field %v, want %s: %s", detail["field"], field, got.raw)
	}
	return detail
}
