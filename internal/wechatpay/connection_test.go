// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// importAll has n callers import at the same time, and returns their errors.
func importAll(t *testing.T, client *Client, n int) []error {
	t.Helper()
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { _, errs[i] = client.ImportByPhone(t.Context(), importRequest()) })
	}
	wg.Wait()
	return errs
}

// wantOneCause checks that one call has the full error, and that all others refer to it.
func wantOneCause(t *testing.T, errs []error, kind Kind) {
	t.Helper()
	full := 0
	for _, err := range errs {
		e := asError(t, err)
		if e.First == nil {
			full++
		} else if e.First.Kind != kind {
			t.Errorf("refers to %v", e.First)
		}
		if e.Kind != kind || e.AlreadyExists() {
			t.Errorf("got kind %q, want %q", e.Kind, kind)
		}
	}
	if full != 1 {
		t.Errorf("%d full errors, want 1", full)
	}
}

func TestWritesGoOneAtATimeUntilAnAnswerVerifies(t *testing.T) {
	t.Parallel()
	testKeys()
	const hold = 5 * time.Second
	held := func(re reply) reply { re.hold = hold; return re }
	for name, tc := range map[string]struct {
		first  reply
		proves bool
	}{
		"done":                    {done(), true},
		"signed error":            {signed(refused(400, "INVALID_REQUEST", "手机号未绑定微信号,无法导入")), true},
		"signed error of a limit": {signed(refused(429, "RATELIMIT_EXCEEDED", "频率超限")), true},
		"signed but not JSON":     {reply{body: "<html>"}, true},
		"unsigned error":          {refused(400, "INVALID_REQUEST", "手机号未绑定微信号,无法导入"), false},
		"page of a gateway":       {reply{status: 502, body: "<html>"}, false},
		"cut connection":          {reply{err: errReset}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newService(t, func(n int, _ *received) reply {
					if n == 0 {
						return held(tc.first)
					}
					return held(done())
				})
				client := newTestClient(t, s, func(c *Config) { c.MaxRetries, c.RequestsPerSecond = 0, 1000 })
				begun := time.Now()
				importAll(t, client, 6)
				counts := map[int]int{}
				for _, at := range s.sendTimes() {
					counts[int(at.Sub(begun)/hold)]++
				}
				want := map[int]int{0: 1, 1: 5}
				if !tc.proves {
					want = map[int]int{0: 1, 1: 1, 2: 4}
				}
				for period := range 3 {
					if counts[period] != want[period] {
						t.Errorf("requests by answer time: %v, want %v", counts, want)
						break
					}
				}
				if !client.connection.isProven() {
					t.Error("not proven after a verified answer")
				}
			})
		})
	}
}

func TestReadProvesTheConnection(t *testing.T) {
	t.Parallel()
	testKeys()
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, replies(signed(refused(404, "RESOURCE_NOT_EXISTS", "不存在")), reply{body: cardJSON(nil), hold: 5 * time.Second}))
		client := newTestClient(t, s, func(c *Config) { c.RequestsPerSecond = 1000 })
		if client.connection.isProven() {
			t.Error("proven before any answer")
		}
		_, err := client.GetUserCard(t.Context(), cardRef())
		wantError(t, err, KindNotFound, false)
		begun := time.Now()
		importTogether(t, client, 10)
		if took := time.Since(begun); took > 6*time.Second {
			t.Errorf("took %v: one at a time", took)
		}
	})
}

func TestNothingIsSentAfterACredentialFailed(t *testing.T) {
	t.Parallel()
	testKeys()
	for name, tc := range map[string]struct {
		reply    reply
		kind     Kind
		requests int
	}{
		"401":                {refused(401, "SIGN_ERROR", "签名错误"), KindSign, 1},
		"401, signed":        {signed(refused(401, "SIGN_ERROR", "签名错误")), KindSign, 1},
		"401, of a stranger": {reply{status: 401, body: "{}", key: otherKey(), signed: true}, KindSign, 1},
		"unsigned":           {reply{body: cardJSON(nil), unsigned: true}, KindSignature, maxUnverified},
		"forged":             {reply{body: cardJSON(nil), key: otherKey()}, KindSignature, maxUnverified},
		"unknown serial":     {reply{body: cardJSON(nil), key: otherKey(), serial: "0A1B2C3D4E"}, KindSignature, maxUnverified},
		"error of a key that is not configured": {
			reply{status: 400, body: `{"code":"INVALID_REQUEST","message":"该手机号或会员卡code已存在"}`, key: otherKey(), serial: "0A1B2C3D4E", signed: true}, KindSignature, maxUnverified,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newService(t, replies(tc.reply))
				client := newTestClient(t, s)
				begun := time.Now()
				wantOneCause(t, importAll(t, client, 200), tc.kind)
				if s.count() != tc.requests || s.count() > 3 {
					t.Errorf("%d requests, want %d", s.count(), tc.requests)
				}
				if took := time.Since(begun); took > 10*time.Second {
					t.Errorf("took %v", took)
				}
				_, err := client.GetUserCard(t.Context(), cardRef())
				e := asError(t, err)
				if e.First == nil || e.Attempts != 0 || e.OutcomeUnknown || s.count() != tc.requests {
					t.Errorf("a later read: %+v after %d requests", e, s.count())
				}
			})
		})
	}
}

func TestReadsStopAfterACredentialFailed(t *testing.T) {
	t.Parallel()
	testKeys()
	for name, tc := range map[string]struct {
		reply reply
		kind  Kind
	}{
		"401":    {refused(401, "SIGN_ERROR", "签名错误"), KindSign},
		"forged": {reply{body: cardJSON(nil), key: otherKey()}, KindSignature},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newService(t, replies(tc.reply))
				client := newTestClient(t, s)
				errs, begun := make([]error, 200), time.Now()
				var wg sync.WaitGroup
				for i := range errs {
					wg.Go(func() { _, errs[i] = client.GetUserCard(t.Context(), cardRef()) })
				}
				wg.Wait()
				wantOneCause(t, errs, tc.kind)
				if s.count() > 3 {
					t.Errorf("%d requests", s.count())
				}
				// Nobody waits for a turn in which nothing could be sent.
				if took := time.Since(begun); took > 5*time.Second {
					t.Errorf("took %v", took)
				}
			})
		})
	}
}

func TestRefusedCredentialStopsAProvenConnectionToo(t *testing.T) {
	t.Parallel()
	testKeys()
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, replies(done(), refused(401, "SIGN_ERROR", "签名错误")))
		client := newTestClient(t, s)
		importTogether(t, client, 1)
		wantOneCause(t, importAll(t, client, 5), KindSign)
		if s.count() > 3 {
			t.Errorf("%d requests", s.count())
		}
	})
}

func TestAnswerThatDoesNotVerifyOnAProvenConnectionIsOnlyItsOwn(t *testing.T) {
	t.Parallel()
	testKeys()
	synctest.Test(t, func(t *testing.T) {
		probes := reply{body: cardJSON(nil), tamper: probe}
		s := newService(t, replies(done(), probes, probes, probes, probes, done()))
		client := newTestClient(t, s, func(c *Config) { c.MaxRetries = 0 })
		importTogether(t, client, 1)
		for range 4 {
			_, err := client.ImportByPhone(t.Context(), importRequest())
			e := wantError(t, err, KindSignature, true)
			if e.First != nil {
				t.Errorf("got %+v", e)
			}
		}
		importTogether(t, client, 1)
	})
}

// Answers that do not verify any more make a proven connection an unproven one: few cards are
// made, none is adopted on unsigned words, and the run's writing stops.
func TestVerificationThatEndsOnAProvenConnection(t *testing.T) {
	t.Parallel()
	testKeys()
	const members = 40
	exists := refused(400, "INVALID_REQUEST", "该手机号或会员卡code已存在")
	forged := reply{body: cardJSON(nil), key: otherKey(), serial: "0A1B2C3D4E"}
	unsigned := reply{unsigned: true}
	template := `{"brand_id":"` + testBrand + `","card_id":"` + testCard + `"}`
	for name, tc := range map[string]struct {
		answer reply
		// again is what a second attempt of an import is answered.
		again reply
		// later is how reading the template is answered once imports have begun.
		later reply
	}{
		"headers are dropped":                  {unsigned, exists, reply{body: template, unsigned: true}},
		"headers are dropped of writes only":   {unsigned, exists, reply{body: template}},
		"another key signs":                    {forged, reply{status: 400, body: exists.body, key: otherKey(), serial: "0A1B2C3D4E", signed: true}, forged},
		"another key signs, but not a refusal": {forged, exists, forged},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				var mu sync.Mutex
				made := map[any]bool{}
				s := newService(t, func(_ int, r *received) reply {
					mu.Lock()
					defer mu.Unlock()
					code := r.fields["user_card_code"]
					switch {
					case r.method == http.MethodGet && len(made) == 0:
						return reply{body: template}
					case r.method == http.MethodGet:
						return tc.later
					case made[code]:
						return tc.again
					}
					made[code] = true
					answer := tc.answer
					answer.body, answer.hold = cardJSON(map[string]any{"user_card_code": code}), 100*time.Millisecond
					return answer
				})
				client := newTestClient(t, s)
				if _, err := client.GetCardTemplate(t.Context(), testBrand, testCard); err != nil || !client.connection.isProven() {
					t.Fatalf("not proven: %v", err)
				}
				errs := make([]error, members)
				var wg sync.WaitGroup
				// Terraform makes ten changes at a time.
				queue := make(chan struct{}, 10)
				for i := range errs {
					wg.Go(func() {
						queue <- struct{}{}
						defer func() { <-queue }()
						req := importRequest()
						req.UserCardCode = fmt.Sprint("VIP-", i)
						_, errs[i] = client.ImportByPhone(t.Context(), req)
					})
				}
				wg.Wait()
				if len(made) > 10 {
					t.Errorf("%d cards were made", len(made))
				}
				full := 0
				for _, err := range errs {
					e := asError(t, err)
					if e.AlreadyExists() && !e.Unproven {
						t.Errorf("would be adopted: %+v", e)
					}
					if e.First == nil {
						full++
					}
				}
				if full > 10+1 || client.connection.blocked(&call{}) == nil {
					t.Errorf("%d full errors; the run's writing was not stopped", full)
				}
			})
		})
	}
}

// One answer that does not verify makes the unsigned words after it those of nobody.
func TestAlreadyExistsAfterAnAnswerThatDidNotVerify(t *testing.T) {
	t.Parallel()
	testKeys()
	exists := refused(400, "INVALID_REQUEST", "该手机号或会员卡code已存在")
	for name, tc := range map[string]struct {
		first, exists reply
		unproven      bool
	}{
		"after an unsigned one":         {reply{body: cardJSON(nil), unsigned: true}, exists, true},
		"after a probe":                 {reply{body: cardJSON(nil), tamper: probe}, exists, true},
		"after an unsigned one, signed": {reply{body: cardJSON(nil), unsigned: true}, signed(exists), false},
		"after a lost one":              {reply{err: errReset}, exists, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				client := newTestClient(t, newService(t, replies(done(), tc.first, tc.exists)))
				importTogether(t, client, 1)
				_, err := client.ImportByPhone(t.Context(), importRequest())
				if e := wantError(t, err, KindPhoneOrCodeExists, true); e.Unproven != tc.unproven || !client.connection.isProven() {
					t.Errorf("got %+v", e)
				}
			})
		})
	}
}

// A connection that has ceased to be proven becomes so again by what ceased to verify.
func TestConnectionIsProvenAgain(t *testing.T) {
	t.Parallel()
	testKeys()
	forged := reply{body: cardJSON(nil), key: otherKey()}
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, replies(done(), forged, forged, forged, done(), done()))
		client := newTestClient(t, s, func(c *Config) { c.MaxRetries = 2 })
		importTogether(t, client, 1)
		_, err := client.ImportByPhone(t.Context(), importRequest())
		if e := wantError(t, err, KindSignature, true); client.connection.isProven() {
			t.Errorf("proven after three answers in a row that did not verify: %v", e)
		}
		if _, err := client.GetUserCard(t.Context(), cardRef()); err != nil || client.connection.isProven() {
			t.Errorf("a read's answer: %v, proven %t", err, client.connection.isProven())
		}
		if importTogether(t, client, 1); !client.connection.isProven() {
			t.Error("not proven after a write's answer verified")
		}
	})
}

func TestFewReadsAreUnderWayUntilAnAnswerVerifies(t *testing.T) {
	t.Parallel()
	testKeys()
	for name, tc := range map[string]struct {
		answer   reply
		requests int
	}{
		"wrong credential": {refused(401, "SIGN_ERROR", "签名错误"), 3},
		"right credential": {reply{body: cardJSON(nil)}, 20},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				tc.answer.hold = 10 * time.Second
				s := newService(t, replies(tc.answer))
				client := newTestClient(t, s)
				begun := time.Now()
				var wg sync.WaitGroup
				for range 20 {
					wg.Go(func() { _, _ = client.GetUserCard(t.Context(), cardRef()) })
				}
				wg.Wait()
				early := 0
				for _, at := range s.sendTimes() {
					if at.Sub(begun) < tc.answer.hold {
						early++
					}
				}
				if early > maxRequestsUnproven || s.count() != tc.requests {
					t.Errorf("%d requests before the first answer, %d in all", early, s.count())
				}
			})
		})
	}
}

func TestCallThatIsNotOpenStopsOnlyItself(t *testing.T) {
	t.Parallel()
	testKeys()
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, func(_ int, r *received) reply {
			if strings.HasSuffix(r.path, "/import-by-phone") {
				return refused(400, "INVALID_REQUEST", "接口未开放")
			}
			return done()
		})
		client := newTestClient(t, s, func(c *Config) { c.MaxRetries = 0 })
		wantOneCause(t, importAll(t, client, 50), KindNotOpen)
		if s.count() != 1 {
			t.Errorf("%d requests", s.count())
		}
		if _, err := client.ImportByOpenID(t.Context(), openIDRequest()); err != nil {
			t.Errorf("import by openid: %v", err)
		}
	})
}

// A lost answer says nothing about the credentials.
func TestLostAnswersDoNotEndTheRun(t *testing.T) {
	t.Parallel()
	testKeys()
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, replies(reply{err: errReset}, reply{body: "{", cut: errReset}, reply{status: 502}, done()))
		client := newTestClient(t, s, func(c *Config) { c.MaxRetries = 0 })
		for range 3 {
			_, err := client.ImportByPhone(t.Context(), importRequest())
			if e := asError(t, err); !e.OutcomeUnknown || e.First != nil {
				t.Errorf("got %+v", e)
			}
		}
		importTogether(t, client, 3)
	})
}

func TestWriteThatWaitsForAnotherEndsWithItsContext(t *testing.T) {
	t.Parallel()
	testKeys()
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, replies(reply{body: cardJSON(nil), hold: 20 * time.Second}))
		client := newTestClient(t, s)
		var wg sync.WaitGroup
		wg.Go(func() { importTogether(t, client, 1) })
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err := client.ImportByPhone(ctx, importRequest())
		if e := wantError(t, err, KindCanceled, false); e.Attempts != 0 {
			t.Errorf("got %+v", e)
		}
		wg.Wait()
		if s.count() != 1 {
			t.Errorf("%d requests", s.count())
		}
	})
}

func TestAlreadyExistsOfAnUnprovenConnection(t *testing.T) {
	t.Parallel()
	testKeys()
	exists := refused(400, "INVALID_REQUEST", "该手机号或会员卡code已存在")
	forged := reply{body: cardJSON(nil), key: otherKey()}
	template := reply{body: `{"brand_id":"` + testBrand + `","card_id":"` + testCard + `"}`}
	for name, tc := range map[string]struct {
		imports  []reply
		template reply
		kind     Kind
		unproven bool
		requests int
		stopped  bool
	}{
		"signed":                                {[]reply{signed(exists)}, template, KindPhoneOrCodeExists, false, 1, false},
		"unsigned, and the template verifies":   {[]reply{exists}, template, KindPhoneOrCodeExists, false, 2, false},
		"unsigned, and a signed error verifies": {[]reply{exists}, signed(refused(404, "RESOURCE_NOT_EXISTS", "")), KindPhoneOrCodeExists, false, 2, false},
		"unsigned, and nothing verifies":        {[]reply{exists}, refused(403, "NO_AUTH", ""), KindPhoneOrCodeExists, true, 2, false},
		"unsigned, and the template is forged":  {[]reply{exists}, reply{body: template.body, key: otherKey()}, KindPhoneOrCodeExists, true, 4, true},
		"after a forged one, all forged":        {[]reply{forged, exists}, reply{body: template.body, key: otherKey()}, KindSignature, false, 3, true},
		"after a lost answer":                   {[]reply{{err: errReset}, exists}, template, KindPhoneOrCodeExists, false, 3, false},
		"after a forged one, signed":            {[]reply{forged, signed(exists)}, template, KindPhoneOrCodeExists, true, 2, false},
		"after a forged one, unsigned":          {[]reply{forged, exists}, template, KindPhoneOrCodeExists, true, 3, false},
		"after a forged one, nothing verifies":  {[]reply{forged, exists}, refused(403, "NO_AUTH", ""), KindSignature, false, 3, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				imports := replies(tc.imports...)
				s := newService(t, func(n int, r *received) reply {
					if r.method == http.MethodGet {
						return tc.template
					}
					return imports(n, r)
				})
				client := newTestClient(t, s)
				_, err := client.ImportByPhone(t.Context(), importRequest())
				e := asError(t, err)
				if e.Kind != tc.kind || e.Unproven != tc.unproven || s.count() != tc.requests {
					t.Errorf("got %+v after %d requests", e, s.count())
				}
				if stopped := client.connection.blocked(&call{}) != nil; stopped != tc.stopped {
					t.Errorf("stopped: %t", stopped)
				}
			})
		})
	}
}

func TestMissingPermissionStopsItsOperationOfItsBrand(t *testing.T) {
	t.Parallel()
	testKeys()
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, func(_ int, r *received) reply {
			if r.method == http.MethodPost && r.fields["brand_id"] == testBrand {
				return refused(403, "NO_AUTH", "商户暂无权限使用此功能")
			}
			return done()
		})
		client := newTestClient(t, s, func(c *Config) { c.MaxRetries = 0 })
		wantOneCause(t, importAll(t, client, 50), KindNoAuth)
		if s.count() != 1 {
			t.Errorf("%d requests", s.count())
		}
		if _, err := client.GetUserCard(t.Context(), cardRef()); err != nil {
			t.Errorf("another operation: %v", err)
		}
		req := importRequest()
		req.BrandID = "1005"
		_, err := client.ImportByPhone(t.Context(), req)
		if e := asError(t, err); e.Kind == KindNoAuth || e.Attempts != 1 {
			t.Errorf("another brand: %v", err)
		}
	})
}

// A gateway's 403 says nothing of the merchant's permission.
func TestOther403StopsNothing(t *testing.T) {
	t.Parallel()
	testKeys()
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, replies(reply{status: 403, body: "<html>"}, done()))
		client := newTestClient(t, s)
		_, err := client.ImportByPhone(t.Context(), importRequest())
		wantError(t, err, KindPermission, false)
		importTogether(t, client, 1)
	})
}

func TestErrorsWithAWrongSignatureAreNotBelieved(t *testing.T) {
	t.Parallel()
	testKeys()
	for name, tc := range map[string]struct {
		status int
		code   string
		kind   Kind
	}{
		"business": {400, "INVALID_REQUEST", KindRequest}, "no permission": {403, "NO_AUTH", KindNoAuth},
		"not found": {404, "RESOURCE_NOT_EXISTS", KindNotFound}, "limit": {429, "RATELIMIT_EXCEEDED", KindRate}, "server": {500, "SYSTEM_ERROR", KindSystem},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				for variant, change := range map[string]struct {
					reply    func(reply) reply
					believed bool
					verified bool
				}{
					"unsigned":  {func(re reply) reply { return re }, true, false},
					"signed":    {signed, true, true},
					"forged":    {func(re reply) reply { re.key = otherKey(); return signed(re) }, false, false},
					"old":       {func(re reply) reply { re.skew = -time.Hour; return signed(re) }, false, false},
					"probe":     {func(re reply) reply { re.tamper = probe; return signed(re) }, false, false},
					"of no key": {func(re reply) reply { re.serial = "0A1B"; return signed(re) }, false, false},
					"incomplete": {func(re reply) reply {
						re.tamper = func(h http.Header, _ *string) { h.Del("Wechatpay-Nonce") }
						return signed(re)
					}, false, false},
				} {
					s := newService(t, replies(change.reply(refused(tc.status, tc.code, "x"))))
					_, err := newTestClient(t, s, func(c *Config) { c.MaxRetries = 0 }).ImportByPhone(t.Context(), importRequest())
					e := asError(t, err)
					if !change.believed {
						if e.Kind != KindSignature || !e.OutcomeUnknown || e.Code != "" || e.Message != "" {
							t.Errorf("%s: got %+v", variant, e)
						}
						continue
					}
					if e.Kind != tc.kind || e.SignatureVerified != change.verified {
						t.Errorf("%s: got %+v", variant, e)
					}
				}
			})
		})
	}
}

// Gateways answer NOT_FOUND for a path that does not exist.
func TestNotFoundNeedsASignatureForTheCodeOfGateways(t *testing.T) {
	t.Parallel()
	testKeys()
	for name, tc := range map[string]struct {
		reply reply
		kind  Kind
	}{
		"signed NOT_FOUND":             {signed(refused(404, "NOT_FOUND", "x")), KindNotFound},
		"unsigned NOT_FOUND":           {refused(404, "NOT_FOUND", "x"), KindRefused},
		"signed RESOURCE_NOT_EXISTS":   {signed(refused(404, "RESOURCE_NOT_EXISTS", "x")), KindNotFound},
		"unsigned RESOURCE_NOT_EXISTS": {refused(404, "RESOURCE_NOT_EXISTS", "x"), KindNotFound},
	} {
		synctest.Test(t, func(t *testing.T) {
			_, err := newTestClient(t, newService(t, replies(tc.reply))).GetUserCard(t.Context(), cardRef())
			if e := asError(t, err); e.Kind != tc.kind || e.SignatureVerified != tc.reply.signed {
				t.Errorf("%s: got %+v", name, e)
			}
		})
	}
}
