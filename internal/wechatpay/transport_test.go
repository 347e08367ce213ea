// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

func discardLogger() *log.Logger { return log.New(io.Discard, "", 0) }

func TestReadsHaveNoBodyAndNoContentType(t *testing.T) {
	t.Parallel()
	s := newService(t, replies(done()))
	client := newTestClient(t, nil, func(c *Config) { c.Endpoint = overHTTP(t, s) })
	if _, err := client.GetUserCard(t.Context(), cardRef()); err != nil {
		t.Fatal(err)
	}
	r := s.all()[0]
	if len(r.body) != 0 || !r.signedOK {
		t.Errorf("body %q, signed %t", r.body, r.signedOK)
	}
	for _, name := range []string{"Content-Type", "Content-Length", "Transfer-Encoding"} {
		if got, ok := r.header[name]; ok {
			t.Errorf("%s: %q", name, got)
		}
	}
	if got := r.header.Get("Accept"); got != "application/json" {
		t.Errorf("Accept: %q", got)
	}
}

func TestRedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	var reached atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	t.Cleanup(elsewhere.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		s := newService(t, replies(reply{status: status, header: http.Header{"Location": {elsewhere.URL + "/x?openid=1"}}}))
		client := newTestClient(t, nil, func(c *Config) { c.Endpoint = overHTTP(t, s) })
		_, err := client.ImportByPhone(t.Context(), importRequest())
		e := wantError(t, err, KindRedirect, false)
		if "http://"+e.RedirectHost != elsewhere.URL || strings.Contains(err.Error(), "openid") {
			t.Errorf("got %+v", e)
		}
	}
	if reached.Load() != 0 {
		t.Error("a signed body went elsewhere")
	}
}

func TestHugeAnswersAreNotRead(t *testing.T) {
	t.Parallel()
	var sent atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		block := make([]byte, 64<<10)
		for range 1 << 12 {
			n, err := w.Write(block)
			sent.Add(int64(n))
			if err != nil {
				return
			}
		}
	}))
	t.Cleanup(server.Close)
	client := newTestClient(t, nil, func(c *Config) { c.Endpoint, c.MaxRetries = server.URL, 0 })
	_, err := client.ImportByPhone(t.Context(), importRequest())
	wantError(t, err, KindAnswer, true)
	server.Close()
	if sent.Load() > 64<<20 {
		t.Errorf("%d bytes were taken", sent.Load())
	}
}

// endlessBody is what net/http hands out behind a 101: the connection itself, which no deadline ends.
type endlessBody struct {
	read, closed bool
}

func (b *endlessBody) Read([]byte) (int, error) { b.read = true; return 0, io.EOF }
func (b *endlessBody) Close() error             { b.closed = true; return nil }

func TestConnectionThatChangesItsProtocolIsNotRead(t *testing.T) {
	t.Parallel()
	var body endlessBody
	client := newTestClient(t, transportFunc(func(req *http.Request) (*http.Response, error) {
		_ = readAll(t, req)
		return &http.Response{StatusCode: http.StatusSwitchingProtocols, Header: http.Header{}, Body: &body, Request: req}, nil
	}), func(c *Config) { c.MaxRetries = 0 })
	_, err := client.ImportByPhone(t.Context(), importRequest())
	if e := wantError(t, err, KindAnswer, true); e.StatusCode != http.StatusSwitchingProtocols {
		t.Errorf("got %+v", e)
	}
	if body.read || !body.closed {
		t.Errorf("read %t and closed %t", body.read, body.closed)
	}
}

func TestConnectionCutAfterTheRequestIsUnknown(t *testing.T) {
	t.Parallel()
	s := newService(t, replies(reply{err: errReset}, reply{err: errReset}, reply{body: cardJSON(nil)[:40], cut: errReset}))
	client := newTestClient(t, nil, func(c *Config) { c.Endpoint, c.MaxRetries = overHTTP(t, s), 0 })
	_, err := client.ImportByPhone(t.Context(), importRequest())
	wantError(t, err, KindTransport, true)
	_, err = client.GetUserCard(t.Context(), cardRef())
	wantError(t, err, KindTransport, true)
	if s.count() != 2 {
		t.Errorf("%d requests, want 2: net/http must send none by itself", s.count())
	}
	_, err = client.ImportByPhone(t.Context(), importRequest())
	if e := wantError(t, err, KindTransport, true); e.StatusCode != 200 {
		t.Errorf("got %+v", e)
	}
}

func TestNoRequestCanBeReplayedBelowTheClient(t *testing.T) {
	t.Parallel()
	s := newService(t, replies(done()))
	client := newTestClient(t, transportFunc(func(req *http.Request) (*http.Response, error) {
		if req.GetBody != nil || req.Body == nil || req.Body == http.NoBody {
			t.Errorf("net/http may send this %s again by itself", req.Method)
		}
		return s.RoundTrip(req)
	}))
	if _, err := client.ImportByPhone(t.Context(), importRequest()); err != nil {
		t.Error(err)
	}
	if _, err := client.GetUserCard(t.Context(), cardRef()); err != nil {
		t.Error(err)
	}
}

// A kept connection that the other side closes on the next request makes net/http send a read
// again by itself, with the same nonce and past the limiter; and it could do so for a write.
func TestNothingIsSentTwiceInOneAttempt(t *testing.T) {
	t.Parallel()
	var requests atomic.Int32
	s := newService(t, replies(done()))
	good := overHTTP(t, s)
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{ErrorLog: discardLogger(), ReadHeaderTimeout: http.DefaultClient.Timeout, Handler: http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if requests.Add(1) > 1 {
			panic(http.ErrAbortHandler)
		}
		req2, _ := http.NewRequestWithContext(req.Context(), req.Method, good+req.URL.RequestURI(), nil)
		resp, err := http.DefaultTransport.RoundTrip(req2)
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = resp.Body.Close() }()
		maps.Copy(w.Header(), resp.Header)
		_, _ = io.Copy(w, resp.Body)
	})}
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(func() { _ = server.Close() })

	client := newTestClient(t, nil, func(c *Config) {
		c.Endpoint, c.MaxRetries, c.RequestsPerSecond = "http://"+listener.Addr().String(), 0, 1000
	})
	if _, err := client.GetUserCard(t.Context(), cardRef()); err != nil {
		t.Fatal(err)
	}
	_, err = client.GetUserCard(t.Context(), cardRef())
	wantError(t, err, KindTransport, true)
	if got := requests.Load(); got != 2 {
		t.Errorf("%d requests for two attempts", got)
	}
}

func TestAnswerThatIsNotHTTPIsNotRepeated(t *testing.T) {
	t.Parallel()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 1<<16))
			_, _ = io.WriteString(conn, "phone "+testPhone+"\r\n\r\n")
			_ = conn.Close()
		}
	}()
	client := newTestClient(t, nil, func(c *Config) { c.Endpoint, c.MaxRetries = "http://"+listener.Addr().String(), 0 })
	_, err = client.ImportByPhone(t.Context(), importRequest())
	wantError(t, err, KindTransport, true)
	for unwrapped := err; unwrapped != nil; {
		if strings.Contains(unwrapped.Error(), testPhone) {
			t.Errorf("%T repeats what came back", unwrapped)
		}
		u, ok := unwrapped.(interface{ Unwrap() error })
		if !ok {
			break
		}
		unwrapped = u.Unwrap()
	}
}

func TestCallsTravelOverHTTP2(t *testing.T) {
	t.Parallel()
	s := newService(t, replies(done()))
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.ProtoMajor != 2 {
			t.Errorf("got %s", req.Proto)
		}
		resp, err := s.RoundTrip(req)
		if err != nil {
			t.Error(err)
			return
		}
		defer func() { _ = resp.Body.Close() }()
		maps.Copy(w.Header(), resp.Header)
		_, _ = io.Copy(w, resp.Body)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	client := newTestClient(t, server.Client().Transport, func(c *Config) { c.Endpoint = server.URL })
	if _, err := client.ImportByPhone(t.Context(), importRequest()); err != nil {
		t.Error(err)
	}
	if _, err := client.GetUserCard(t.Context(), cardRef()); err != nil {
		t.Error(err)
	}
	for _, r := range s.all() {
		if !r.signedOK {
			t.Errorf("%s %s is not signed as it was sent", r.method, r.uri)
		}
	}
}
