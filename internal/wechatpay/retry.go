// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"
)

const (
	// longestWait is the longest wait between two attempts, as a multiple of the first.
	longestWait = 30
	// longestRetryAfter limits what a Retry-After can ask for: on an error it is not authenticated.
	longestRetryAfter = 2 * time.Minute
)

// progress is what a call knows of its attempts so far.
type progress struct {
	attempts int
	unknown  bool
	// last is the error of the last attempt.
	last *Error
	// waiting is true between two attempts.
	waiting bool
	// unverified counts whole answers that could not be verified on a connection that was not
	// proven. anyUnverified is true after one on any connection.
	unverified     int
	lastUnverified *Error
	anyUnverified  bool
	// release ends the turn of a write that goes by itself; nil where it has none.
	release func()
	// first is the error of an earlier call that had the same cause.
	first *Error
	// gaveUp is why there was no next attempt: ctx ended, or would have ended before it.
	gaveUp error
}

// do makes a call, and retries it as far as that helps and is allowed. Its error is an *Error.
func (c *Client) do(ctx context.Context, cl *call) error {
	var p progress
	defer func() {
		if p.release != nil {
			p.release()
		}
	}()
	options := []backoff.RetryOption{
		backoff.WithBackOff(newBackOff(c.cfg.RetryWait)),
		backoff.WithMaxTries(uint(c.cfg.MaxRetries) + 1),
		backoff.WithMaxElapsedTime(untilDeadline(ctx)),
		backoff.WithNotify(func(_ error, wait time.Duration) {
			p.waiting = true
			c.logWait(ctx, cl, string(p.last.Kind), wait)
		}),
	}
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		p.waiting = false
		return struct{}{}, c.try(ctx, cl, &p)
	}, options...)
	if err == nil {
		return nil
	}
	return c.finish(ctx, cl, &p, p.failure(ctx, cl))
}

// newBackOff waits exponentially with full jitter: a random time between 0 and an interval
// that begins with first and doubles.
func newBackOff(first time.Duration) *backoff.ExponentialBackOff {
	return &backoff.ExponentialBackOff{
		// The library spreads an interval by a factor to both sides: half the interval, spread
		// by 1, is anything from 0 to the whole.
		InitialInterval:     first / 2,
		RandomizationFactor: 1,
		Multiplier:          2,
		MaxInterval:         longestWait * first / 2,
	}
}

// untilDeadline is how long ctx lasts: a wait that would end after its deadline is not begun.
// 0 means without limit.
func untilDeadline(ctx context.Context) time.Duration {
	deadline, ok := ctx.Deadline()
	if !ok {
		return 0
	}
	return max(time.Until(deadline), 1)
}

// try makes one attempt. When no connection to the main host can be made, it makes another one
// at the backup host at once.
func (c *Client) try(ctx context.Context, cl *call, p *progress) error {
	r, err := c.attempt(ctx, cl, c.hosts.pick, p)
	if err != nil {
		return err
	}
	if r.notConnected && ctx.Err() == nil {
		if next := c.hosts.unreachable(r.endpoint); next != "" {
			c.logFailover(ctx, cl, r.endpoint, next)
			if r, err = c.attempt(ctx, cl, func() string { return next }, p); err != nil {
				return err
			}
			if r.notConnected {
				c.hosts.unreachable(next)
			}
		}
	}
	switch {
	case r.err == nil:
		return nil
	case !r.retryable, cl.once, cl.createsAnother && r.outcome == outcomeUnknown:
		return backoff.Permanent(r.err)
	case r.retryAfter > 0:
		return &backoff.RetryAfterError{Duration: r.retryAfter}
	default:
		return r.err
	}
}

// attempt waits for the limiter, sends the request once and classifies the result. Its error
// says that nothing was sent because the caller gave up. pick chooses the endpoint after the
// wait, during which another call may have found that a host cannot be reached.
func (c *Client) attempt(ctx context.Context, cl *call, pick func() string, p *progress) (attemptResult, error) {
	if first := c.connection.blocked(cl); first != nil {
		p.first = first
		return attemptResult{}, backoff.Permanent(first)
	}
	queued := time.Now()
	epoch, done, err := c.wait(ctx, cl, p)
	defer done()
	if first := c.connection.blocked(cl); first != nil {
		p.first = first
		return attemptResult{}, backoff.Permanent(first)
	}
	if err == nil {
		// Nothing new is sent once ctx has ended.
		err = ctx.Err()
	}
	if err != nil {
		p.gaveUp = err
		return attemptResult{}, backoff.Permanent(err)
	}
	if waited := time.Since(queued); waited >= time.Millisecond {
		c.logWait(ctx, cl, "requests per second", waited)
	}

	p.attempts++
	endpoint, begun := pick(), time.Now()
	a, err := c.send(ctx, cl, endpoint)
	r := c.classify(ctx, cl, a, err)
	r.endpoint = endpoint
	c.logAttempt(ctx, cl, a, p.attempts, time.Since(begun), r)

	if r.unverified {
		p.anyUnverified = true
		if !c.connection.isProven() {
			p.unverified++
			p.lastUnverified = r.err
		}
	}
	p.first = c.connection.record(cl, r)
	if c.connection.blocked(cl) != nil {
		r.retryable = false
	}
	p.last = r.err
	p.unknown = p.unknown || r.outcome == outcomeUnknown
	switch {
	case r.err != nil && r.err.Kind == KindRate:
		c.limiter.slowDown(epoch, r.retryAfter)
	case r.outcome == outcomeDone, r.outcome == outcomeRefused && a.status != 0:
		c.limiter.speedUp()
	}
	return r, nil
}

// wait waits until an attempt may be sent: a write on a connection that is not proven goes by itself,
// with all its attempts, and few requests are under way there. The caller calls done after the
// attempt.
func (c *Client) wait(ctx context.Context, cl *call, p *progress) (epoch int, done func(), err error) {
	for {
		if cl.write() && p.release == nil {
			if p.release, err = c.connection.take(ctx, c.connection.write); err != nil {
				return 0, func() {}, err
			}
		}
		release, err := c.connection.take(ctx, c.connection.requests)
		if err != nil {
			return 0, func() {}, err
		}
		done = func() {}
		if release != nil {
			done = release
		}
		if c.connection.blocked(cl) != nil {
			// It was stopped while this call was queued.
			return 0, done, errStopped
		}
		epoch, err = c.limiter.Wait(ctx)
		queued := release != nil && (!cl.write() || p.release != nil)
		if err != nil || queued || c.connection.isProven() {
			return epoch, done, err
		}
		// Meanwhile the connection has ceased to be proven.
		done()
	}
}

// failure is the call's error when there will be no other attempt.
func (p *progress) failure(ctx context.Context, cl *call) *Error {
	e := &Error{Operation: cl.operation}
	switch {
	case p.first != nil:
		copied := *p.first
		e = &copied
		e.Operation, e.First, e.Unproven = cl.operation, p.first, false
		e.Attempts, e.OutcomeUnknown = p.attempts, p.unknown
		return e
	case p.last != nil:
		copied := *p.last
		e = &copied
	}
	gaveUp := p.gaveUp
	if p.waiting {
		gaveUp = ctx.Err()
	}
	// Where the deadline leaves no time for another attempt, the last answer is the error. An
	// interruption is reported as one, whatever the last answer was.
	if gaveUp != nil && (p.last == nil || !errors.Is(gaveUp, context.DeadlineExceeded)) {
		e.Kind, e.Err = KindCanceled, gaveUp
	}
	e.Attempts, e.OutcomeUnknown = p.attempts, p.unknown
	return e
}

// retryAfter is how long an answer asks to wait: seconds or a date. 0 means that it does not say.
func retryAfter(header http.Header, now time.Time) time.Duration {
	text := strings.TrimSpace(header.Get("Retry-After"))
	wait := time.Duration(0)
	// ParseInt returns the nearest number for one that does not fit. It is limited before it is
	// multiplied, because the product could overflow.
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil || errors.Is(err, strconv.ErrRange) {
		wait = time.Duration(min(max(seconds, 0), int64(longestRetryAfter/time.Second))) * time.Second
	} else if date, err := http.ParseTime(text); err == nil {
		wait = date.Sub(now)
	}
	return min(max(wait, 0), longestRetryAfter)
}
