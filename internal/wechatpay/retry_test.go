// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

var errReset = &wrapped{syscall.ECONNRESET}

// wrapped stands for what net/http wraps around an error: text that is not to be shown.
type wrapped struct{ err error }

func (w *wrapped) Error() string {
	return "Get \"https://api.mch.weixin.qq.com/?openid=" + testOpenID + "\": " + testPhone + ": " + w.err.Error()
}
func (w *wrapped) Unwrap() error { return w.err }

func TestWhatIsRetriedAndWhatIsNot(t *testing.T) {
	t.Parallel()
	testKeys()
	other := cardJSON(map[string]any{"user_card_code": "another"})
	for name, tc := range map[string]struct {
		first     reply
		retryable bool
		kind      Kind
		unknown   bool
	}{
		"202":                    {reply{status: 202, body: "{}"}, true, KindAccepted, true},
		"202 without signature":  {reply{status: 202, body: "{}", unsigned: true}, true, KindSignature, true},
		"204":                    {reply{status: 204}, true, KindAnswer, true},
		"429":                    {refused(429, "RATELIMIT_EXCEEDED", "频率超限"), true, KindRate, false},
		"500":                    {refused(500, "SYSTEM_ERROR", "系统异常,请稍后重试"), true, KindSystem, true},
		"502 with a page":        {reply{status: 502, body: "<html>"}, true, KindSystem, true},
		"503":                    {reply{status: 503}, true, KindSystem, true},
		"504":                    {reply{status: 504}, true, KindSystem, true},
		"cut connection":         {reply{err: errReset}, true, KindTransport, true},
		"time-out":               {reply{hold: time.Hour}, true, KindTransport, true},
		"cut answer":             {reply{body: "{", cut: io.ErrUnexpectedEOF}, true, KindTransport, true},
		"cut refusal":            {reply{status: 400, body: "{", cut: io.ErrUnexpectedEOF}, true, KindTransport, true},
		"cut 500":                {reply{status: 500, body: "{", cut: io.ErrUnexpectedEOF}, true, KindSystem, true},
		"cut 429":                {reply{status: 429, body: "{", cut: io.ErrUnexpectedEOF}, true, KindRate, false},
		"no signature":           {reply{body: cardJSON(nil), unsigned: true}, true, KindSignature, true},
		"forged":                 {reply{body: cardJSON(nil), key: otherKey()}, true, KindSignature, true},
		"not JSON":               {reply{body: "<html>"}, true, KindAnswer, true},
		"null":                   {reply{body: "null"}, true, KindAnswer, true},
		"a list":                 {reply{body: "[]"}, true, KindAnswer, true},
		"another shape":          {reply{body: `{"openid": {}}`}, true, KindAnswer, true},
		"no openid":              {reply{body: cardJSON(map[string]any{"openid": nil})}, true, KindAnswer, true},
		"trailing bytes":         {reply{body: cardJSON(nil) + "{}"}, true, KindAnswer, true},
		"too large":              {reply{body: string(bytes.Repeat([]byte(" "), maxBody)) + cardJSON(nil)}, true, KindAnswer, true},
		"another card":           {reply{body: other}, false, KindAnswer, true},
		"redirect":               {reply{status: 307, header: http.Header{"Location": {"https://elsewhere.example/path?q=1"}}}, false, KindRedirect, false},
		"redirect nowhere":       {reply{status: 302, header: http.Header{"Location": {"://%zz"}}}, false, KindRedirect, false},
		"400":                    {refused(400, "PARAM_ERROR", "参数错误"), false, KindParameter, false},
		"400 business":           {signed(refused(400, "INVALID_REQUEST", "该手机号已被导入过")), false, KindPhoneImported, false},
		"401":                    {refused(401, "SIGN_ERROR", "验证不通过"), false, KindSign, false},
		"403":                    {refused(403, "NO_AUTH", "无权限"), false, KindNoAuth, false},
		"404 of the API":         {refused(404, "RESOURCE_NOT_EXISTS", "不存在"), false, KindNotFound, false},
		"404 of something else":  {reply{status: 404, body: "<html>not found</html>"}, false, KindRefused, false},
		"408":                    {reply{status: 408}, false, KindRefused, false},
		"418":                    {refused(418, "TEAPOT", ""), false, KindRefused, false},
		"status none of HTTP's":  {reply{status: 777}, true, KindAnswer, true},
		"refusal larger than it": {reply{status: 400, body: string(bytes.Repeat([]byte(" "), maxBody+1))}, false, KindRefused, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newService(t, replies(tc.first, done()))
				_, err := newTestClient(t, s).ImportByPhone(t.Context(), importRequest())
				if tc.retryable {
					if err != nil || s.count() != 2 {
						t.Errorf("%d requests and error %v, want a second one that is answered", s.count(), err)
					}
				} else {
					wantError(t, err, tc.kind, tc.unknown)
					if s.count() != 1 {
						t.Errorf("%d requests, want 1", s.count())
					}
				}

				// Without retries the first answer is the call's.
				s = newService(t, replies(tc.first))
				_, err = newTestClient(t, s, func(c *Config) { c.MaxRetries = 0 }).ImportByPhone(t.Context(), importRequest())
				e := wantError(t, err, tc.kind, tc.unknown)
				if e.Operation != "import-by-phone" || e.Attempts != 1 || s.count() != 1 {
					t.Errorf("got %+v after %d requests", e, s.count())
				}
				status := tc.first.status
				if status == 0 && tc.first.body != "" {
					status = 200
				}
				if e.StatusCode != status {
					t.Errorf("status %d, want %d", e.StatusCode, status)
				}
			})
		})
	}
}

func TestRedirectNamesTheHostAlone(t *testing.T) {
	t.Parallel()
	testKeys()
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, replies(reply{status: 302, header: http.Header{"Location": {"https://user:pw@elsewhere.example:8443/secret?openid=1"}}}))
		_, err := newTestClient(t, s).GetUserCard(t.Context(), cardRef())
		if e := wantError(t, err, KindRedirect, false); e.RedirectHost != "elsewhere.example:8443" || s.count() != 1 {
			t.Errorf("host %q after %d requests", e.RedirectHost, s.count())
		}
	})
}

func TestRetriesEnd(t *testing.T) {
	t.Parallel()
	testKeys()
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, replies(refused(500, "SYSTEM_ERROR", "系统异常")))
		_, err := newTestClient(t, s, func(c *Config) { c.MaxRetries = 3 }).GetUserCard(t.Context(), cardRef())
		e := wantError(t, err, KindSystem, true)
		if s.count() != 4 || e.Attempts != 4 || e.Code != "SYSTEM_ERROR" || e.RequestID == "" {
			t.Errorf("%d requests, error %+v", s.count(), e)
		}
	})
}

func TestEveryAttemptIsSignedAfreshAndEncryptedOnce(t *testing.T) {
	t.Parallel()
	testKeys()
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, replies(reply{status: 500}, reply{status: 202, body: "{}"}, done()))
		if _, err := newTestClient(t, s).ImportByPhone(t.Context(), importRequest()); err != nil {
			t.Fatal(err)
		}
		nonces := map[string]bool{}
		for _, r := range s.all() {
			if !r.signedOK || nonces[r.nonce] {
				t.Errorf("signed %t with nonce %q", r.signedOK, r.nonce)
			}
			nonces[r.nonce] = true
			if !bytes.Equal(r.body, s.all()[0].body) {
				t.Error("the body changed between attempts")
			}
		}
		if got := decrypted(t, wechatKey(), s.all()[2].phone()); got != testPhone {
			t.Error("the phone number was encrypted twice")
		}
	})
}

func TestUnknownOutcomeIsRememberedAcrossAttempts(t *testing.T) {
	t.Parallel()
	testKeys()
	exists := signed(refused(400, "INVALID_REQUEST", "该手机号或会员卡code已存在"))
	for name, tc := range map[string]struct {
		first   reply
		unknown bool
	}{
		"time-out":  {reply{hold: time.Hour}, true},
		"cut":       {reply{err: errReset}, true},
		"202":       {reply{status: 202, body: "{}"}, true},
		"204":       {reply{status: 204}, true},
		"500":       {reply{status: 500}, true},
		"forgery":   {reply{body: cardJSON(nil), key: otherKey()}, true},
		"probe":     {reply{body: cardJSON(nil), tamper: probe}, true},
		"malformed": {reply{body: "{"}, true},
		"429":       {reply{status: 429}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newService(t, replies(tc.first, exists))
				_, err := newTestClient(t, s).ImportByPhone(t.Context(), importRequest())
				e := wantError(t, err, KindPhoneOrCodeExists, tc.unknown)
				if e.Attempts != 2 || !e.AlreadyExists() {
					t.Errorf("got %+v", e)
				}
			})
		})
	}
}

func TestRetryAfterIsObeyed(t *testing.T) {
	t.Parallel()
	testKeys()
	for name, tc := range map[string]struct {
		value func(now time.Time) string
		least time.Duration
		most  time.Duration
	}{
		"seconds":        {func(time.Time) string { return "17" }, 17 * time.Second, 18 * time.Second},
		"date":           {func(now time.Time) string { return now.Add(23 * time.Second).UTC().Format(http.TimeFormat) }, 22 * time.Second, 24 * time.Second},
		"bounded":        {func(time.Time) string { return "86400" }, longestRetryAfter, longestRetryAfter + time.Second},
		"huge":           {func(time.Time) string { return strconv.FormatInt(1<<62, 10) }, longestRetryAfter, longestRetryAfter + time.Second},
		"date far away":  {func(now time.Time) string { return now.AddDate(9, 0, 0).UTC().Format(http.TimeFormat) }, longestRetryAfter, longestRetryAfter + time.Second},
		"past":           {func(now time.Time) string { return now.Add(-time.Hour).UTC().Format(http.TimeFormat) }, 0, 2 * time.Second},
		"beyond 64 bits": {func(time.Time) string { return "99999999999999999999" }, longestRetryAfter, longestRetryAfter + time.Second},
		"negative":       {func(time.Time) string { return "-5" }, 0, 2 * time.Second},
		// As nanoseconds it would wrap around to a large positive number.
		"very negative": {func(time.Time) string { return "-9223372037" }, 0, 2 * time.Second},
		"nonsense":      {func(time.Time) string { return "soon" }, 0, 2 * time.Second},
		"none":          {func(time.Time) string { return "" }, 0, 2 * time.Second},
	} {
		for _, status := range []int{202, 429, 503} {
			t.Run(name+" "+strconv.Itoa(status), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					s := newService(t, func(n int, r *received) reply {
						if n == 0 {
							return reply{status: status, body: "{}", header: http.Header{"Retry-After": {tc.value(r.at)}}}
						}
						return done()
					})
					if _, err := newTestClient(t, s).GetUserCard(t.Context(), cardRef()); err != nil {
						t.Fatal(err)
					}
					all := s.all()
					if wait := all[1].at.Sub(all[0].at); wait < tc.least || wait > tc.most {
						t.Errorf("waited %v, want %v to %v", wait, tc.least, tc.most)
					}
				})
			})
		}
	}
}

func TestWaitsGrowWithFullJitter(t *testing.T) {
	t.Parallel()
	const retries, runs = 8, 1000
	const first = 2 * time.Second
	for n := range retries {
		interval := min(first<<n, 30*first)
		shortest, longest, sum := time.Hour, time.Duration(0), time.Duration(0)
		for range runs {
			b := newBackOff(first)
			b.Reset()
			for range n {
				b.NextBackOff()
			}
			wait := b.NextBackOff()
			shortest, longest, sum = min(shortest, wait), max(longest, wait), sum+wait
		}
		if shortest > interval/10 || longest < interval*9/10 || longest > interval+1 {
			t.Errorf("wait %d: %v to %v, want anything up to %v", n, shortest, longest, interval)
		}
		if mean := sum / runs; mean < interval*4/10 || mean > interval*6/10 {
			t.Errorf("wait %d: %v in the mean, want half of %v", n, mean, interval)
		}
	}
}

func TestWaitsAreTheBackOffs(t *testing.T) {
	t.Parallel()
	testKeys()
	synctest.Test(t, func(t *testing.T) {
		var log events
		s := newService(t, replies(reply{status: 500}))
		_, err := newTestClient(t, s, func(c *Config) {
			c.MaxRetries, c.Log, c.RequestsPerSecond, c.RetryWait = 6, log.log, 1e6, 3*time.Second
		}).GetUserCard(t.Context(), cardRef())
		wantError(t, err, KindSystem, true)
		all, n := s.all(), 0
		for _, e := range log.named("WeChat Pay wait") {
			if e.fields["why"] != string(KindSystem) {
				continue
			}
			told, waited := e.fields["wait_ms"], all[n+1].at.Sub(all[n].at)
			if told != waited.Truncate(time.Millisecond).Milliseconds() || waited > (3*time.Second)<<n+time.Millisecond {
				t.Errorf("wait %d: %v and told %v", n, waited, told)
			}
			n++
		}
		if n != 6 {
			t.Errorf("%d waits", n)
		}
	})
}

func TestDeadlineEndsTheWaiting(t *testing.T) {
	t.Parallel()
	testKeys()
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, replies(reply{status: 503, body: `{"code":"SYSTEM_ERROR","message":"忙"}`, header: http.Header{"Retry-After": {"60"}}}))
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		begun := time.Now()
		_, err := newTestClient(t, s).ImportByPhone(ctx, importRequest())
		e := wantError(t, err, KindSystem, true)
		if e.Message != "忙" || e.Attempts != 1 || time.Since(begun) > time.Second {
			t.Errorf("after %v: %+v", time.Since(begun), e)
		}

		// The last answer is the answer as well when it is one's turn that comes too late.
		s = newService(t, replies(reply{status: 500}))
		_, err = newTestClient(t, s, func(c *Config) { c.RequestsPerSecond = 0.01 }).ImportByPhone(ctx, importRequest())
		if e := wantError(t, err, KindSystem, true); e.Attempts != 1 || time.Since(begun) > 3*time.Second {
			t.Errorf("after %v: %+v", time.Since(begun), e)
		}

		// Nobody waits for a pause that lasts longer.
		s = newService(t, replies(reply{status: 429, header: http.Header{"Retry-After": {"60"}}}))
		client := newTestClient(t, s)
		begun = time.Now()
		_, err = client.ImportByPhone(ctx, importRequest())
		wantError(t, err, KindRate, false)
		_, err = client.ImportByPhone(ctx, importRequest())
		e = wantError(t, err, KindCanceled, false)
		if !errors.Is(err, context.DeadlineExceeded) || e.Attempts != 0 || s.count() != 1 || time.Since(begun) > time.Second {
			t.Errorf("after %v and %d requests: %+v", time.Since(begun), s.count(), e)
		}
	})
}
