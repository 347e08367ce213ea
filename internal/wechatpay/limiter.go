// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"context"
	"errors"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	// spacingMargin makes the time between two requests a little longer than the limit asks.
	// The network delays some requests more than others; without the margin, one request too
	// many could arrive within a second.
	spacingMargin = 1.05
	// sendMargin does the same at the moment of sending. It is smaller than spacingMargin, so
	// that a queue that slow connections caused becomes shorter again.
	sendMargin = 1.04
	// sendUnits is one request in the units of limiter.sent, which counts fractions of requests.
	sendUnits = 1000
	// slowestShare is the smallest share of the limit that 429 answers can reduce the rate to.
	slowestShare = 1.0 / 16
	// recoveryShare is the share of the limit that each answer which says what was done gives back.
	recoveryShare = 1.0 / 32
)

// errStopped says that nothing more may be sent; connection.blocked knows why.
var errStopped = errors.New("nothing more is sent after an earlier error")

// limiter keeps all callers of a client within WeChat Pay's rate. It lets one request pass at
// a time, evenly spaced: the limit holds in every window of one second, so there are no bursts.
//
// A request passes it twice: Wait before it is signed, waitToSend right before it is written.
type limiter struct {
	// turn lets one caller wait for rate at a time, in the order in which they came. A waiting caller
	// has reserved at the rate of that moment, so a lower rate reaches all who are behind it.
	turn chan struct{}
	// rate is for Wait; 429 answers lower it.
	rate *rate.Limiter
	// sent is for waitToSend.
	sent *rate.Limiter
	// full is what rate is without any 429.
	full rate.Limit
	// shared lets other processes take part; nil means that there are none.
	shared *sharedRate
	// stopped is closed when nothing more may be sent; nil means never.
	stopped <-chan struct{}

	mu          sync.Mutex
	pausedUntil time.Time
	// epoch counts how often the rate was lowered.
	epoch int
}

func newLimiter(requestsPerSecond float64) *limiter {
	if requestsPerSecond > 1 {
		// With 5.5 a second, six requests would fit into some seconds.
		requestsPerSecond = math.Floor(requestsPerSecond)
	}
	full := rate.Limit(requestsPerSecond / spacingMargin)
	return &limiter{
		turn: make(chan struct{}, 1),
		rate: rate.NewLimiter(full, 1),
		sent: rate.NewLimiter(sendUnits*rate.Limit(requestsPerSecond/sendMargin), sendUnits),
		full: full,
	}
}

// Wait waits until this caller may send a request. It returns the limiter's epoch, which
// slowDown needs. It fails when ctx ends, or would end before the wait does. It may fail with
// errStopped; whether anything may be sent is for connection.blocked to say.
func (l *limiter) Wait(ctx context.Context) (epoch int, err error) {
	select {
	case l.turn <- struct{}{}:
		defer func() { <-l.turn }()
	case <-l.stopped:
		return 0, errStopped
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	for {
		if err := l.waitPause(ctx); err != nil {
			return 0, err
		}
		if err := l.rate.Wait(ctx); err != nil {
			if ctx.Err() != nil {
				return 0, ctx.Err()
			}
			return 0, context.DeadlineExceeded
		}
		// The full rate: a 429 slows this process only, since another machine may have caused it.
		if err := l.waitShared(ctx, stageTurn, l.full); err != nil {
			return 0, err
		}
		// Another call's 429 may have paused all callers in the meantime.
		l.mu.Lock()
		paused, epoch := time.Now().Before(l.pausedUntil), l.epoch
		l.mu.Unlock()
		if !paused {
			return epoch, nil
		}
	}
}

// waitPause waits until the pause that a Retry-After asked for is over.
func (l *limiter) waitPause(ctx context.Context) error {
	for {
		l.mu.Lock()
		until := l.pausedUntil
		l.mu.Unlock()
		if !time.Now().Before(until) {
			return ctx.Err()
		}
		if err := l.sleep(ctx, until); err != nil {
			return err
		}
	}
}

// waitShared waits for a moment that no other process uses.
func (l *limiter) waitShared(ctx context.Context, st stage, limit rate.Limit) error {
	if l.shared == nil {
		return nil
	}
	return l.sleep(ctx, l.shared.reserve(ctx, st, interval(limit)))
}

// sleep waits until a moment. Where ctx would end before, it fails at once.
func (l *limiter) sleep(ctx context.Context, until time.Time) error {
	if deadline, ok := ctx.Deadline(); ok && deadline.Before(until) {
		return context.DeadlineExceeded
	}
	timer := time.NewTimer(time.Until(until))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-l.stopped:
		return errStopped
	case <-ctx.Done():
		return ctx.Err()
	}
}

// waitToSend waits, right before a request is written, until enough time has passed since the
// one before: connecting and signing take longer for some requests than for others. Where ctx
// would end first, it fails at once.
func (l *limiter) waitToSend(ctx context.Context) error {
	if err := l.sent.WaitN(ctx, sendUnits); err != nil {
		return err
	}
	return l.waitShared(ctx, stageSend, l.sent.Limit()/sendUnits)
}

// recordSent says that a request, which waitToSend let pass at allowed, has been written. On a
// busy machine that takes a while; the next requests keep their distance from the later moment.
func (l *limiter) recordSent(ctx context.Context, allowed time.Time) {
	now := time.Now()
	late := float64(l.sent.Limit()) * now.Sub(allowed).Seconds()
	l.sent.ReserveN(now, int(min(late, sendUnits)))
	if l.shared != nil {
		l.shared.delay(ctx, stageSend, min(now.Sub(allowed), interval(l.sent.Limit()/sendUnits)))
	}
}

// interval is the time between two requests at a limit.
func interval(limit rate.Limit) time.Duration {
	return time.Duration(float64(time.Second) / float64(limit))
}

// slowDown reacts to a 429: it halves the rate for all callers and pauses them as long as
// WeChat Pay asked. epoch is the one in which the request was sent: an answer to a request
// from before the last slowDown says nothing new about the rate.
func (l *limiter) slowDown(epoch int, pause time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if until := time.Now().Add(pause); pause > 0 && until.After(l.pausedUntil) {
		l.pausedUntil = until
	}
	if epoch != l.epoch {
		return
	}
	l.epoch++
	l.rate.SetLimit(max(l.rate.Limit()/2, l.full*slowestShare))
}

// speedUp gives back a step of what slowDown took.
func (l *limiter) speedUp() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if limit := l.rate.Limit(); limit < l.full {
		l.rate.SetLimit(min(limit+l.full*recoveryShare, l.full))
	}
}
