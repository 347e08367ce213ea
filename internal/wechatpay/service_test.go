// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"mime"
	"mime/multipart"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"regexp"
	"strconv"
	"sync"
	"testing"
	"time"
)

// The other side of these tests: it uses only the standard library's crypto.

const (
	testMchID     = "1900000001"
	testMchSerial = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1"
	testKeyID     = "PUB_KEY_ID_0119000000012024010100000000000001"
	testBrand     = "1004"
	testCard      = "pbLatjvWOibDc5-TBnbUk1pD12o0"
	testCode      = "478515832665"
	testOpenID    = "obLatjnx9gnqzS4myYGmLZ7LgLBA"
	testPhone     = "13800138000"
	testTime      = "2020-05-20T13:29:35.120+08:00"
)

var (
	merchantKey = sync.OnceValue(newTestKey)
	wechatKey   = sync.OnceValue(newTestKey)
	otherKey    = sync.OnceValue(newTestKey)
	platform    = sync.OnceValue(func() *x509.Certificate { return newTestCertificate(otherKey(), 0x0A1B2C3D4E) })
)

func newTestKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

func newTestCertificate(key *rsa.PrivateKey, serial int64) *x509.Certificate {
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial),
		Subject:      pkix.Name{CommonName: "Tenpay.com sign"},
		NotBefore:    time.Date(1999, 1, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:     time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		panic(err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		panic(err)
	}
	return certificate
}

// received is one request as it arrived.
type received struct {
	at       time.Time
	host     string
	method   string
	uri      string
	path     string
	query    url.Values
	header   http.Header
	body     []byte
	fields   map[string]any
	nonce    string
	signedOK bool
}

// phone is the ciphertext that was sent.
func (r *received) phone() string {
	s, _ := r.fields["phone_number"].(string)
	return s
}

// reply is what the service answers. The zero value of status is 200.
type reply struct {
	status int
	body   string
	header http.Header
	// key signs; nil is the service's. unsigned leaves the signature away.
	key      *rsa.PrivateKey
	serial   string
	unsigned bool
	// signed signs an error, too.
	signed bool
	// skew is added to the time in the answer.
	skew time.Duration
	// tamper changes the answer after it was signed.
	tamper func(header http.Header, body *string)
	// hold is how long the answer takes; the request counts as received before it.
	hold time.Duration
	// cut ends the body with this error after it was sent.
	cut error
	// err is returned in the place of an answer, after the request was read.
	err error
}

// service is WeChat Pay in memory. It is a RoundTripper, so that it works inside a synctest bubble.
type service struct {
	tb      testing.TB
	respond func(n int, r *received) reply
	// refuse, when set, may fail a request before it is read.
	refuse func(n int, host string) error
	// writing is how long after its turn a request is on its way.
	writing func(n int) time.Duration

	mu       sync.Mutex
	requests []*received
}

func newService(tb testing.TB, respond func(n int, r *received) reply) *service {
	return &service{tb: tb, respond: respond}
}

// replies answers with one reply after the other, and repeats the last one.
func replies(list ...reply) func(int, *received) reply {
	return func(n int, _ *received) reply { return list[min(n, len(list)-1)] }
}

func (s *service) all() []*received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*received(nil), s.requests...)
}

func (s *service) setRespond(respond func(int, *received) reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.respond = respond
}

func (s *service) count() int { return len(s.all()) }

// sendTimes are the times at which the requests came.
func (s *service) sendTimes() (times []time.Time) {
	for _, r := range s.all() {
		times = append(times, r.at)
	}
	return times
}

var authorization = regexp.MustCompile(`^WECHATPAY2-SHA256-RSA2048 mchid="([^"]*)",nonce_str="([^"]*)",timestamp="([^"]*)",serial_no="([^"]*)",signature="([^"]*)"$`)

func (s *service) receive(req *http.Request, body []byte) *received {
	r := &received{
		at: time.Now(), host: req.URL.Host, method: req.Method, uri: req.URL.RequestURI(), path: req.URL.Path,
		query: req.URL.Query(), header: req.Header.Clone(), body: body,
	}
	_ = json.Unmarshal(body, &r.fields)
	if m := authorization.FindStringSubmatch(req.Header.Get("Authorization")); m != nil && m[1] == testMchID && m[4] == testMchSerial {
		r.nonce = m[2]
		message := req.Method + "\n" + r.uri + "\n" + m[3] + "\n" + m[2] + "\n" + signedPart(req, body) + "\n"
		signature, _ := base64.StdEncoding.DecodeString(m[5])
		digest := sha256.Sum256([]byte(message))
		r.signedOK = rsa.VerifyPKCS1v15(&merchantKey().PublicKey, crypto.SHA256, digest[:], signature) == nil
	}
	return r
}

// signedPart is what of a body is signed: all of it, and of an upload the part meta.
func signedPart(req *http.Request, body []byte) string {
	kind, parameters, _ := mime.ParseMediaType(req.Header.Get("Content-Type"))
	if kind != "multipart/form-data" {
		return string(body)
	}
	part, err := multipart.NewReader(bytes.NewReader(body), parameters["boundary"]).NextRawPart()
	if err != nil || part.FormName() != "meta" {
		return "no part meta"
	}
	meta, _ := io.ReadAll(part)
	return string(meta)
}

// RoundTrip implements http.RoundTripper.
func (s *service) RoundTrip(req *http.Request) (*http.Response, error) {
	s.mu.Lock()
	n := len(s.requests)
	s.requests = append(s.requests, nil)
	s.mu.Unlock()

	peek := &received{host: req.URL.Host, method: req.Method, at: time.Now()}
	var body []byte
	if req.Body != nil {
		defer func() { _ = req.Body.Close() }()
	}
	// A transport tells how far it came.
	trace := httptrace.ContextClientTrace(req.Context())
	if trace == nil {
		trace = &httptrace.ClientTrace{
			GetConn: func(string) {}, GotConn: func(httptrace.GotConnInfo) {},
			WroteHeaders: func() {}, WroteRequest: func(httptrace.WroteRequestInfo) {},
		}
	}
	trace.GetConn(req.URL.Host)
	if s.refuse != nil {
		if err := s.refuse(n, req.URL.Host); err != nil {
			s.note(n, peek)
			return nil, err
		}
	}
	trace.GotConn(httptrace.GotConnInfo{})
	if s.writing != nil {
		<-time.After(s.writing(n))
	}
	trace.WroteHeaders()
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			s.note(n, peek)
			return nil, err
		}
	}
	trace.WroteRequest(httptrace.WroteRequestInfo{})
	r := s.receive(req, body)
	s.note(n, r)
	s.mu.Lock()
	respond := s.respond
	s.mu.Unlock()
	re := respond(n, r)
	if re.hold > 0 {
		timer := time.NewTimer(re.hold)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-req.Context().Done():
			return nil, req.Context().Err()
		}
	}
	if re.err != nil {
		return nil, re.err
	}
	return re.response(req), nil
}

func (s *service) note(n int, r *received) {
	s.mu.Lock()
	s.requests[n] = r
	s.mu.Unlock()
}

func (re reply) response(req *http.Request) *http.Response {
	header := re.header.Clone()
	if header == nil {
		header = http.Header{}
	}
	status := re.status
	if status == 0 {
		status = http.StatusOK
	}
	body := re.body
	if header.Get("Request-ID") == "" {
		header.Set("Request-ID", "08F78BB3AF0610D302187F20A9B5A4E03")
	}
	if !re.unsigned && (status < 300 || re.signed) {
		sign(header, body, re.key, re.serial, time.Now().Add(re.skew))
	}
	if re.tamper != nil {
		re.tamper(header, &body)
	}
	var reader io.Reader = bytes.NewReader([]byte(body))
	if re.cut != nil {
		reader = io.MultiReader(reader, failingReader{re.cut})
	}
	return &http.Response{
		StatusCode: status, Status: strconv.Itoa(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: io.NopCloser(reader), ContentLength: -1, Request: req,
	}
}

type failingReader struct{ err error }

func (f failingReader) Read([]byte) (int, error) { return 0, f.err }

// sign signs an answer as WeChat Pay does.
func sign(header http.Header, body string, key *rsa.PrivateKey, serial string, at time.Time) {
	if key == nil {
		key = wechatKey()
	}
	if serial == "" {
		serial = testKeyID
	}
	timestamp := strconv.FormatInt(at.Unix(), 10)
	nonce := rand.Text()
	digest := sha256.Sum256([]byte(timestamp + "\n" + nonce + "\n" + body + "\n"))
	signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:])
	if err != nil {
		panic(err)
	}
	header.Set("Wechatpay-Timestamp", timestamp)
	header.Set("Wechatpay-Nonce", nonce)
	header.Set("Wechatpay-Serial", serial)
	header.Set("Wechatpay-Signature", base64.StdEncoding.EncodeToString(signature))
	header.Set("Wechatpay-Signature-Type", "WECHATPAY2-SHA256-RSA2048")
}

// encryptFor encrypts as WeChat Pay does for the merchant.
func encryptFor(key *rsa.PublicKey, text string) string {
	ciphertext, err := rsa.EncryptOAEP(sha1.New(), rand.Reader, key, []byte(text), nil)
	if err != nil {
		panic(err)
	}
	return base64.StdEncoding.EncodeToString(ciphertext)
}

// decrypted decrypts what the client sent.
func decrypted(tb testing.TB, key *rsa.PrivateKey, ciphertext string) string {
	tb.Helper()
	raw, err := base64.StdEncoding.DecodeString(ciphertext)
	if err != nil {
		tb.Fatalf("not base64: %v", err)
	}
	text, err := rsa.DecryptOAEP(sha1.New(), nil, key, raw, nil)
	if err != nil {
		tb.Fatalf("cannot be decrypted: %v", err)
	}
	return string(text)
}

// cardJSON is a whole user card, with what the answers of templates and uploads must have beside
// it; changes replace or (nil) remove fields.
func cardJSON(changes map[string]any) string {
	card := map[string]any{
		"user_card_code": testCode, "card_id": testCard, "openid": testOpenID, "brand_id": testBrand,
		"card_color": "#FFFF00", "card_picture_url": "https://wxpaylogo.qpic.cn/a/0", "card_type": "NORMAL",
		"phone_number": encryptFor(&merchantKey().PublicKey, testPhone), "level": "钻石会员",
		"valid_date_information": map[string]any{"type": "PERMANENT"}, "pickup_time": testTime,
		"user_card_state": "EFFECTIVE", "create_time": testTime, "modify_time": testTime, "media_url": testMediaURL,
	}
	for name, value := range changes {
		if value == nil {
			delete(card, name)
		} else {
			card[name] = value
		}
	}
	text, err := json.Marshal(card)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// done is the answer to a call that was carried out.
func done() reply { return reply{body: cardJSON(nil)} }

// refused is an error of WeChat Pay's.
func refused(status int, code, message string) reply {
	text, err := json.Marshal(map[string]any{"code": code, "message": message})
	if err != nil {
		panic(err)
	}
	return reply{status: status, body: string(text)}
}

// signed makes WeChat Pay sign an error.
func signed(re reply) reply {
	re.signed = true
	return re
}

func testConfig(transport http.RoundTripper) Config {
	return Config{
		MchID: testMchID, CertificateSerialNo: testMchSerial, PrivateKey: merchantKey(),
		PublicKeyID: testKeyID, PublicKey: &wechatKey().PublicKey,
		RequestsPerSecond: 5, MaxRetries: 4, UserAgent: "terraform-provider-wechatpay/test (terraform/1.14.0)",
		Transport: transport,
	}
}

// testKeys makes the keys outside of any bubble.
func testKeys() { merchantKey(); wechatKey(); otherKey(); platform() }

func newTestClient(tb testing.TB, transport http.RoundTripper, changes ...func(*Config)) *Client {
	tb.Helper()
	cfg := testConfig(transport)
	for _, change := range changes {
		change(&cfg)
	}
	client, err := New(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	return client
}

func importRequest() ImportRequest {
	return ImportRequest{CardRef: CardRef{BrandID: testBrand, CardID: testCard, UserCardCode: testCode}, PhoneNumber: testPhone}
}

func openIDRequest() ImportRequest { return ImportRequest{CardRef: cardRef()} }

func cardRef() CardRef {
	return CardRef{BrandID: testBrand, CardID: testCard, UserCardCode: testCode, OpenID: testOpenID}
}

// asError is the call's error, which must be of the one type.
func asError(tb testing.TB, err error) *Error {
	tb.Helper()
	e, ok := err.(*Error) //nolint:errorlint // the calls promise this type itself
	if !ok {
		tb.Fatalf("got %T (%v), want an *Error", err, err)
	}
	return e
}

func wantError(tb testing.TB, err error, kind Kind, unknown bool) *Error {
	tb.Helper()
	e := asError(tb, err)
	if e.Kind != kind || e.OutcomeUnknown != unknown {
		tb.Fatalf("got kind %q with OutcomeUnknown %t, want %q with %t: %v", e.Kind, e.OutcomeUnknown, kind, unknown, e)
	}
	return e
}

// events collects what the client logs.
type events struct {
	mu   sync.Mutex
	list []event
}

type event struct {
	message string
	fields  map[string]any
}

func (e *events) log(_ context.Context, message string, fields map[string]any) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.list = append(e.list, event{message, fields})
}

func (e *events) named(message string) []event {
	e.mu.Lock()
	defer e.mu.Unlock()
	var found []event
	for _, ev := range e.list {
		if ev.message == message {
			found = append(found, ev)
		}
	}
	return found
}

func (e *events) String() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return fmt.Sprintf("%+v %#v", e.list, e.list)
}

// slowTransport connects slowly, and notices when the request ends in the meantime.
type slowTransport struct {
	next  http.RoundTripper
	delay time.Duration
}

func slow(next http.RoundTripper, delay time.Duration) http.RoundTripper {
	return &slowTransport{next, delay}
}

// RoundTrip implements http.RoundTripper.
func (s *slowTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	httptrace.ContextClientTrace(req.Context()).GetConn(req.URL.Host)
	timer := time.NewTimer(s.delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return s.next.RoundTrip(req)
	case <-req.Context().Done():
		return nil, req.Context().Err()
	}
}

// ignoringTransport connects slowly and does not notice when the request ends in the meantime.
type ignoringTransport struct {
	next  http.RoundTripper
	delay time.Duration
}

// RoundTrip implements http.RoundTripper.
func (d *ignoringTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	<-time.After(d.delay)
	return d.next.RoundTrip(req)
}

// probe makes a signature one of WeChat Pay's deliberate wrong ones.
func probe(header http.Header, _ *string) {
	header.Set("Wechatpay-Signature", "WECHATPAY/SIGNTEST/"+header.Get("Wechatpay-Signature"))
}

func readAll(tb testing.TB, req *http.Request) []byte {
	tb.Helper()
	body, err := io.ReadAll(req.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return body
}
