// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"context"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	// spacingMargin widens the space between requests, so that what the network adds to one
	// and not to the next does not put one more than the limit into a second where they arrive.
	spacingMargin = 1.05
	// paceMargin is the same at the moment of sending. It is smaller than spacingMargin so that
	// a queue that slow connections made there drains.
	paceMargin = 1.04
	// paceUnits are what one request takes of the pace, which counts in fractions of requests.
	paceUnits = 1000
	// slowestShare is how far 429 answers can slow requests down.
	slowestShare = 1.0 / 16
	// recoveryShare is how much of the limit each answer gives back after that.
	recoveryShare = 1.0 / 32
)

// limiter keeps all callers of a client to WeChat Pay's rate. It grants one request at a
// time, evenly spaced: the rate counts in every window of a second, so there are no bursts.
type limiter struct {
	// turn admits one waiting caller at a time, first come first served: only one
	// reservation is ever in the future, so slowing down works for all the others at once.
	turn chan struct{}
	rate *rate.Limiter
	sent *rate.Limiter
	full rate.Limit

	mu          sync.Mutex
	pausedUntil time.Time
	generation  int
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
		sent: rate.NewLimiter(paceUnits*rate.Limit(requestsPerSecond/paceMargin), paceUnits),
		full: full,
	}
}

// admit waits for this caller's turn. It returns the limiter's generation, which slowDown
// asks for, and fails only when ctx ends or its deadline comes before the turn would.
func (l *limiter) admit(ctx context.Context) (generation int, err error) {
	select {
	case l.turn <- struct{}{}:
		defer func() { <-l.turn }()
	case <-ctx.Done():
		return 0, ctx.Err()
	}
	for {
		if err := l.sitOut(ctx); err != nil {
			return 0, err
		}
		if err := l.rate.Wait(ctx); err != nil {
			if ctx.Err() != nil {
				return 0, ctx.Err()
			}
			return 0, context.DeadlineExceeded
		}
		// A 429 of somebody else may have paused everybody in the meantime.
		l.mu.Lock()
		paused, generation := time.Now().Before(l.pausedUntil), l.generation
		l.mu.Unlock()
		if !paused {
			return generation, nil
		}
	}
}

// sitOut waits while everybody is paused.
func (l *limiter) sitOut(ctx context.Context) error {
	for {
		l.mu.Lock()
		until := l.pausedUntil
		l.mu.Unlock()
		left := time.Until(until)
		if left <= 0 {
			return ctx.Err()
		}
		if deadline, ok := ctx.Deadline(); ok && deadline.Before(until) {
			return context.DeadlineExceeded
		}
		timer := time.NewTimer(left)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
}

// pace waits, right before a request is written, until it is far enough from the one before:
// connecting and signing take longer for some requests than for others. It fails, and does
// not wait, when ctx ends before that.
func (l *limiter) pace(ctx context.Context) error { return l.sent.WaitN(ctx, paceUnits) }

// written is told that a request, whose turn to be written came before, is on its way. On a busy
// machine that takes a while, and those that follow keep their distance from then on.
func (l *limiter) written(turn time.Time) {
	now := time.Now()
	late := float64(l.sent.Limit()) * now.Sub(turn).Seconds()
	l.sent.ReserveN(now, int(min(late, paceUnits)))
}

// slowDown answers a 429: everybody's rate is halved, and everybody pauses as long as
// WeChat Pay asked. Answers to requests that were on their way before the last
// slow-down, of the generation before, say nothing new about the rate.
func (l *limiter) slowDown(generation int, pause time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if until := time.Now().Add(pause); pause > 0 && until.After(l.pausedUntil) {
		l.pausedUntil = until
	}
	if generation != l.generation {
		return
	}
	l.generation++
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
