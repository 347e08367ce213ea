// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/time/rate"
)

// busiestSecond is the largest number of times within any window of one second.
func busiestSecond(times []time.Time) int {
	slices.SortFunc(times, time.Time.Compare)
	busiest, begin := 0, 0
	for end := range times {
		for times[end].Sub(times[begin]) >= time.Second {
			begin++
		}
		busiest = max(busiest, end-begin+1)
	}
	return busiest
}

// importTogether has n callers import at the same time, and waits for all.
func importTogether(t *testing.T, client *Client, n int) {
	t.Helper()
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			if _, err := client.ImportByPhone(t.Context(), importRequest()); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestNoSecondCarriesMoreThanTheLimit(t *testing.T) {
	t.Parallel()
	for _, limit := range []float64{0.5, 1, 2, 5, 5.5, 7, 50} {
		synctest.Test(t, func(t *testing.T) {
			l := newLimiter(limit)
			var (
				mu    sync.Mutex
				times []time.Time
				wg    sync.WaitGroup
			)
			const workers, each = 12, 8
			for range workers {
				wg.Go(func() {
					for range each {
						if _, err := l.Wait(t.Context()); err != nil {
							t.Error(err)
						}
						mu.Lock()
						times = append(times, time.Now())
						mu.Unlock()
						// Pauses must not save up anything for a burst.
						time.Sleep(time.Duration(rand.IntN(3000)) * time.Millisecond)
					}
				})
			}
			wg.Wait()
			allowed := max(1, int(limit))
			if got := busiestSecond(times); got > allowed {
				t.Errorf("%v a second: %d in one second", limit, got)
			}
		})
	}
}

func TestJitterOfTheNetworkPutsNoSixthIntoASecond(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(5)
		var times []time.Time
		for range 40 {
			if _, err := l.Wait(t.Context()); err != nil {
				t.Fatal(err)
			}
			times = append(times, time.Now().Add(time.Duration(rand.IntN(49))*time.Millisecond))
		}
		if got := busiestSecond(slices.Clone(times)); got > 5 {
			t.Errorf("%d in one second", got)
		}
	})
}

func TestFortyCallsTakeHardlyLongerThanTheLimitAsks(t *testing.T) {
	t.Parallel()
	testKeys()
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, replies(reply{body: cardJSON(nil), hold: 100 * time.Millisecond}))
		client := newTestClient(t, s)
		begun := time.Now()
		importTogether(t, client, 40)
		ideal := 39 * 200 * time.Millisecond
		if took := time.Since(begun); took > ideal*110/100 || took < ideal {
			t.Errorf("took %v, ideal %v", took, ideal)
		}
		if got := busiestSecond(s.sendTimes()); got > 5 {
			t.Errorf("%d in one second", got)
		}
	})
}

func TestEveryAttemptCounts(t *testing.T) {
	t.Parallel()
	testKeys()
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, replies(reply{status: 500}))
		client := newTestClient(t, s, func(c *Config) { c.MaxRetries, c.RequestsPerSecond = 6, 2 })
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				_, err := client.GetUserCard(t.Context(), cardRef())
				wantError(t, err, KindSystem, true)
			})
		}
		wg.Wait()
		if got := busiestSecond(s.sendTimes()); got > 2 || s.count() != 70 {
			t.Errorf("%d of %d in one second", got, s.count())
		}
	})
}

func TestSlowConnectionsDoNotPileUp(t *testing.T) {
	t.Parallel()
	testKeys()
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, replies(done()))
		// The first connections take long, the others none: without waitToSend they would all arrive together.
		var mu sync.Mutex
		n := 0
		transport := transportFunc(func(req *http.Request) (*http.Response, error) {
			mu.Lock()
			n++
			delay := time.Duration(max(0, 6-n)) * 300 * time.Millisecond
			mu.Unlock()
			return (&ignoringTransport{next: s, delay: delay}).RoundTrip(req)
		})
		client := newTestClient(t, transport)
		importTogether(t, client, 20)
		if got := busiestSecond(s.sendTimes()); got > 5 {
			t.Errorf("%d in one second", got)
		}
	})
}

// A machine that is busy when the requests begin writes the first of them late.
func TestSlowWritesDoNotPileUp(t *testing.T) {
	t.Parallel()
	testKeys()
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, replies(done()))
		s.writing = func(n int) time.Duration { return time.Duration(max(0, 3-n)) * 150 * time.Millisecond }
		client := newTestClient(t, s)
		importTogether(t, client, 20)
		if got := busiestSecond(s.sendTimes()); got > 5 {
			t.Errorf("%d in one second", got)
		}
	})
}

// A connection that came so late that the turn would be after the attempt's time is of no
// use: what went out at once would be out of turn, and most likely without an answer in time.
func TestLateConnectionsStayWithinTheLimit(t *testing.T) {
	t.Parallel()
	testKeys()
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, replies(done()))
		begun := time.Now()
		var mu sync.Mutex
		n := 0
		// For almost two seconds nobody gets a connection, and then the last first.
		client := newTestClient(t, transportFunc(func(req *http.Request) (*http.Response, error) {
			mu.Lock()
			n++
			delay := time.Until(begun.Add(1950*time.Millisecond - time.Duration(n)*time.Millisecond))
			mu.Unlock()
			return (&ignoringTransport{next: s, delay: delay}).RoundTrip(req)
		}), func(c *Config) { c.RequestTimeout = 2 * time.Second })
		importTogether(t, client, 12)
		var times []time.Time
		for _, r := range s.all() {
			if len(r.body) > 0 {
				times = append(times, r.at)
			}
		}
		if got := busiestSecond(times); got > 5 || len(times) != 12 {
			t.Errorf("%d of %d in one second", got, len(times))
		}
	})
}

// The same without another try: nothing was sent, and that is known.
func TestWriteWithoutTimeToBeSentIsNotSent(t *testing.T) {
	t.Parallel()
	testKeys()
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, replies(done()))
		client := newTestClient(t, s, func(c *Config) { c.RequestTimeout, c.MaxRetries = 100*time.Millisecond, 0 })
		if err := client.limiter.waitToSend(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, err := client.ImportByPhone(t.Context(), importRequest())
		wantError(t, err, KindTransport, false)
		var transport *TransportError
		if !errors.As(err, &transport) || transport.Reason != ReasonTimeout {
			t.Errorf("got %v", err)
		}
		if all := s.all(); len(all) != 1 || len(all[0].body) != 0 {
			t.Error("it was sent")
		}
	})
}

type transportFunc func(*http.Request) (*http.Response, error)

// RoundTrip implements http.RoundTripper.
func (f transportFunc) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

func TestTooManyRequestsSlowsEverybodyDown(t *testing.T) {
	t.Parallel()
	testKeys()
	synctest.Test(t, func(t *testing.T) {
		var full rate.Limit
		s := newService(t, replies(reply{status: 429}, done()))
		client := newTestClient(t, s, func(c *Config) { c.MaxRetries = 0 })
		full = client.limiter.full
		_, err := client.GetUserCard(t.Context(), cardRef())
		wantError(t, err, KindRate, false)
		if got := client.limiter.rate.Limit(); got != full/2 {
			t.Errorf("slowed down to %v of %v", got, full)
		}
		// Step by step it comes back, and not further than it was.
		for range 16 {
			before := client.limiter.rate.Limit()
			if _, err := client.GetUserCard(t.Context(), cardRef()); err != nil {
				t.Fatal(err)
			}
			if after := client.limiter.rate.Limit(); after <= before || after > before+full/8 {
				t.Errorf("from %v to %v", before, after)
			}
		}
		if _, err := client.GetUserCard(t.Context(), cardRef()); err != nil || client.limiter.rate.Limit() != full {
			t.Errorf("recovered to %v of %v, error %v", client.limiter.rate.Limit(), full, err)
		}
		// There is a floor.
		s.respond = replies(reply{status: 429})
		for range 20 {
			_, err := client.GetUserCard(t.Context(), cardRef())
			wantError(t, err, KindRate, false)
		}
		if got := client.limiter.rate.Limit(); got != full*slowestShare {
			t.Errorf("slowed down to %v of %v", got, full)
		}
	})
}

func TestOnlyAnswersGiveTheRateBack(t *testing.T) {
	t.Parallel()
	testKeys()
	for name, tc := range map[string]struct {
		reply reply
		back  bool
	}{
		"done": {done(), true}, "refused": {refused(400, "PARAM_ERROR", "参数错误"), true},
		"failed": {reply{status: 500}, false}, "cut": {reply{err: errReset}, false}, "forged": {reply{body: cardJSON(nil), key: otherKey()}, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newService(t, replies(reply{status: 429}, tc.reply))
			client := newTestClient(t, s, func(c *Config) { c.MaxRetries = 0 })
			for range 2 {
				_, _ = client.GetUserCard(t.Context(), cardRef())
			}
			if got := client.limiter.rate.Limit() > client.limiter.full/2; got != tc.back {
				t.Errorf("%s: gave back: %t", name, got)
			}
			// Nor does a host that nobody answers at.
			before := client.limiter.rate.Limit()
			s.refuse = func(int, string) error { return syscall.ECONNREFUSED }
			_, _ = client.GetUserCard(t.Context(), cardRef())
			if client.limiter.rate.Limit() != before {
				t.Errorf("%s: an unreachable host gave back", name)
			}
		})
	}
}

func TestPauseIsNeverShortened(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l, begun := newLimiter(5), time.Now()
		l.slowDown(0, time.Minute)
		l.slowDown(0, time.Second)
		l.slowDown(1, 0)
		if _, err := l.Wait(t.Context()); err != nil || time.Since(begun) < time.Minute {
			t.Errorf("after %v: %v", time.Since(begun), err)
		}
	})
}

func TestAnswersToOlderRequestsSlowDownOnce(t *testing.T) {
	t.Parallel()
	testKeys()
	synctest.Test(t, func(t *testing.T) {
		s := newService(t, replies(done(), reply{status: 429, hold: 5 * time.Second}))
		client := newTestClient(t, s, func(c *Config) { c.MaxRetries = 0 })
		importTogether(t, client, 1)
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				_, err := client.GetUserCard(t.Context(), cardRef())
				wantError(t, err, KindRate, false)
			})
		}
		wg.Wait()
		if got := client.limiter.rate.Limit(); got != client.limiter.full/2 {
			t.Errorf("slowed down to %v of %v", got, client.limiter.full)
		}
	})
}

func TestRetryAfterPausesEverybody(t *testing.T) {
	t.Parallel()
	testKeys()
	synctest.Test(t, func(t *testing.T) {
		begun := time.Now()
		s := newService(t, func(n int, _ *received) reply {
			if n == 0 {
				// By then the next one waits for its time.
				return reply{status: 429, hold: 100 * time.Millisecond, header: http.Header{"Retry-After": {"30"}}}
			}
			return done()
		})
		client := newTestClient(t, s)
		importTogether(t, client, 10)
		var times []time.Time
		for _, r := range s.all()[1:] {
			if since := r.at.Sub(begun); since < 30*time.Second {
				t.Errorf("one was sent after %v", since)
			}
			times = append(times, r.at)
		}
		if got := busiestSecond(times[:4]); got > 3 {
			t.Errorf("%d in one second after a 429", got)
		}
	})
}

func TestWaitEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(0.01)
		if _, err := l.Wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		// The first waits for the time, the second for its turn, and gives up earlier.
		var wg sync.WaitGroup
		for _, patience := range []time.Duration{10 * time.Second, time.Second} {
			wg.Go(func() {
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(patience, cancel)
				begun := time.Now()
				if _, err := l.Wait(ctx); !errors.Is(err, context.Canceled) || time.Since(begun) != patience {
					t.Errorf("after %v: %v", time.Since(begun), err)
				}
			})
			synctest.Wait()
		}
		wg.Wait()
		// A deadline that comes too early is no reason to wait for it.
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		begun := time.Now()
		if _, err := l.Wait(ctx); !errors.Is(err, context.DeadlineExceeded) || time.Since(begun) != 0 {
			t.Errorf("after %v: %v", time.Since(begun), err)
		}
	})
}
