// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/wechatpay-apiv3/wechatpay-go/core/consts"
)

const (
	// maxBody is the size at which an answer is no longer read; the largest documented
	// answer, twenty cards with forms, stays far below it.
	maxBody = 1 << 20
	// dialTimeout is how long a connection may take, well below the time of an attempt: it
	// leaves time to go to the backup host.
	dialTimeout = 10 * time.Second
)

var (
	errTooLarge = errors.New("the answer is larger than 1 MiB")
	errAborted  = errors.New("the request was aborted before it was sent")
	errNoAnswer = errors.New("the answer has a status that no answer can have")
	errProxy    = errors.New("the proxy refused the connection")
)

// attempt is what is seen on the wire during one attempt of a call. It travels in the request's
// context, because the SDK between the call and the wire passes none of it on completely.
type attempt struct {
	// started is true once the request reached our RoundTripper, signed.
	started bool
	// write is true for calls whose body is their content.
	write bool
	// endpoint is where the request goes.
	endpoint string

	// body is the state of a write's body: one of the body… constants.
	body         atomic.Int32
	traced       atomic.Bool
	connected    atomic.Bool
	wroteHeaders atomic.Bool
	// unprocessed is true when the server said that it did nothing with the request.
	unprocessed atomic.Bool
	// allowedAt is when waitToSend let the request pass; nil when it did not.
	allowedAt atomic.Pointer[time.Time]

	// status is 0 when there was no answer.
	status  int
	header  http.Header
	answer  []byte
	readErr error
}

const (
	bodyUnread int32 = iota
	// bodyRead: the body, or a part of it, is on its way.
	bodyRead
	// bodyAborted: the caller gave up before that. The body is never sent.
	bodyAborted
)

// abort prevents the request from being sent. It returns false when it is already on its way.
func (a *attempt) abort() bool { return a.body.CompareAndSwap(bodyUnread, bodyAborted) }

// notSent reports whether WeChat Pay certainly did not process this attempt's request.
func (a *attempt) notSent() bool {
	if a.unprocessed.Load() {
		return true
	}
	if a.write {
		return a.body.Load() != bodyRead
	}
	// Without a body only the trace knows. A RoundTripper that does not trace proves nothing.
	return a.traced.Load() && !a.wroteHeaders.Load()
}

// notConnected reports whether no connection was made.
func (a *attempt) notConnected() bool { return a.notSent() && !a.connected.Load() }

type attemptKey struct{}

func withAttempt(ctx context.Context, a *attempt) context.Context {
	return context.WithValue(ctx, attemptKey{}, a)
}

// roundTripper corrects what the SDK gets wrong on the wire: headers, answers of any size, and
// requests that net/http would send a second time. It records what happened in the attempt.
type roundTripper struct {
	base      http.RoundTripper
	userAgent string
	mode      mode
	limiter   *limiter
}

// RoundTrip implements http.RoundTripper.
func (t *roundTripper) RoundTrip(req *http.Request) (*http.Response, error) {
	a, ok := req.Context().Value(attemptKey{}).(*attempt)
	if !ok {
		return nil, errors.New("a request outside a call")
	}
	a.started = true

	out := req.Clone(httptrace.WithClientTrace(req.Context(), &httptrace.ClientTrace{
		GetConn: func(string) { a.traced.Store(true) },
		GotConn: func(httptrace.GotConnInfo) {
			a.connected.Store(true)
			if t.limiter.waitToSend(req.Context()) != nil {
				// Sent now, it would exceed the rate, with hardly any time left for an answer.
				// (A read, which cannot be stopped here, does no harm.)
				a.abort()
				return
			}
			now := time.Now()
			a.allowedAt.Store(&now)
		},
		WroteHeaders: func() { a.wroteHeaders.Store(true) },
		WroteRequest: func(httptrace.WroteRequestInfo) {
			if allowed := a.allowedAt.Load(); allowed != nil {
				t.limiter.recordSent(req.Context(), *allowed)
			}
		},
	}))
	out.Header.Set(consts.Accept, consts.ApplicationJSON)
	out.Header.Set(consts.UserAgent, t.userAgent)
	out.Header.Set(consts.Authorization, t.mode.authorization(out.Header.Get(consts.Authorization)))
	// Without GetBody net/http does not send a request a second time by itself when a reused
	// connection turns out to be closed: every attempt must be counted and signed here.
	out.GetBody = nil
	if req.Body == nil || req.Body == http.NoBody {
		out.Header.Del(consts.ContentType)
		out.Body = io.NopCloser(bytes.NewReader(nil))
	}
	if a.write {
		// An empty body tells, too, when it is read: the request is being sent.
		out.Body = &sentBody{ReadCloser: out.Body, attempt: a}
	}

	resp, err := t.base.RoundTrip(out)
	if err != nil {
		a.unprocessed.Store(isUnprocessed(err))
		return nil, err
	}
	// A copy: the SDK unmarshals an error's body into its own error, and a "Header" in that
	// body would write into the map that it shares with the answer.
	a.status, a.header = resp.StatusCode, resp.Header.Clone()
	if resp.StatusCode < http.StatusOK {
		// The body of a 101 is the connection itself, and no deadline ends reading it.
		_ = resp.Body.Close()
		return nil, errNoAnswer
	}
	a.answer, err = io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	_ = resp.Body.Close()
	switch {
	case err != nil:
		a.readErr = err
	case len(a.answer) > maxBody:
		a.answer, a.readErr = nil, errTooLarge
	}
	if a.readErr != nil {
		return nil, a.readErr
	}
	resp.Body = io.NopCloser(bytes.NewReader(a.answer))
	return resp, nil
}

// sentBody notes that a request's body is on its way, or refuses when the attempt was aborted.
type sentBody struct {
	io.ReadCloser
	attempt *attempt
}

// Read implements io.Reader.
func (b *sentBody) Read(p []byte) (int, error) {
	if !b.attempt.body.CompareAndSwap(bodyUnread, bodyRead) && b.attempt.body.Load() == bodyAborted {
		return 0, errAborted
	}
	return b.ReadCloser.Read(p)
}

// newHTTPClient is the HTTP client that the SDK is given: it follows no redirect, since a
// signed body is meant only for WeChat Pay.
func newHTTPClient(base http.RoundTripper, userAgent string, mode mode, limiter *limiter) *http.Client {
	if base == nil {
		base = defaultTransport()
	}
	return &http.Client{
		Transport:     &roundTripper{base: base, userAgent: userAgent, mode: mode, limiter: limiter},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// defaultTransport has the standard library's settings, proxies from the environment included.
func defaultTransport() http.RoundTripper {
	base, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		// It was replaced: the replacement is what this process is meant to use.
		return http.DefaultTransport
	}
	clone := base.Clone()
	clone.DialContext = (&net.Dialer{Timeout: dialTimeout, KeepAlive: 30 * time.Second}).DialContext
	clone.TLSHandshakeTimeout = dialTimeout
	// net/http's own error for such an answer is a text that cannot be told from others.
	clone.OnProxyConnectResponse = func(_ context.Context, _ *url.URL, _ *http.Request, answer *http.Response) error {
		if answer.StatusCode != http.StatusOK {
			return errProxy
		}
		return nil
	}
	return clone
}
