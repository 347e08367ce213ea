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
	// longestWait is how long a wait can become, as a multiple of the first.
	longestWait = 30
	// longestRetryAfter bounds what a Retry-After can ask: on an error it is not authenticated.
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
	// gaveUp is set when ctx ended, or was about to, before the next attempt.
	gaveUp error
}

// do makes a call, with as many attempts as it takes and may take. Its error is an *Error.
func (c *Client) do(ctx context.Context, cl *call) error {
	var p progress
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
	return p.failure(ctx, cl)
}

// newBackOff waits exponentially with full jitter: anything from nothing to the whole
// interval, which is first to begin with.
func newBackOff(first time.Duration) *backoff.ExponentialBackOff {
	return &backoff.ExponentialBackOff{
		// The library spreads an interval by a factor to both sides, and half of it by 1 is
		// anything from 0 to the whole.
		InitialInterval:     first / 2,
		RandomizationFactor: 1,
		Multiplier:          2,
		MaxInterval:         longestWait * first / 2,
	}
}

// untilDeadline is how long ctx lasts: a wait that would pass its deadline is not begun.
// 0 is for ever.
func untilDeadline(ctx context.Context) time.Duration {
	deadline, ok := ctx.Deadline()
	if !ok {
		return 0
	}
	return max(time.Until(deadline), 1)
}

// try makes one attempt, and when no connection to the main host can be made one more at the
// backup host at once.
func (c *Client) try(ctx context.Context, cl *call, p *progress) error {
	v, err := c.attempt(ctx, cl, c.hosts.pick, p)
	if err != nil {
		return err
	}
	if v.unconnected && ctx.Err() == nil {
		if next := c.hosts.unreachable(v.endpoint); next != "" {
			c.logFailover(ctx, cl, v.endpoint, next)
			if v, err = c.attempt(ctx, cl, func() string { return next }, p); err != nil {
				return err
			}
			if v.unconnected {
				c.hosts.unreachable(next)
			}
		}
	}
	switch {
	case v.err == nil:
		return nil
	case !v.again:
		return backoff.Permanent(v.err)
	case v.retryAfter > 0:
		return &backoff.RetryAfterError{Duration: v.retryAfter}
	default:
		return v.err
	}
}

// attempt waits for its turn, sends the request once and records what came of it. Its error
// says that there was no attempt, because the caller gave up. pick is asked for the endpoint
// after the wait, in which others may have learnt that a host cannot be reached.
func (c *Client) attempt(ctx context.Context, cl *call, pick func() string, p *progress) (verdict, error) {
	queued := time.Now()
	generation, err := c.limiter.admit(ctx)
	if err == nil {
		// Nothing new is sent once ctx has ended.
		err = ctx.Err()
	}
	if err != nil {
		p.gaveUp = err
		return verdict{}, backoff.Permanent(err)
	}
	if waited := time.Since(queued); waited >= time.Millisecond {
		c.logWait(ctx, cl, "requests per second", waited)
	}

	p.attempts++
	endpoint, begun := pick(), time.Now()
	a, err := c.send(ctx, cl, endpoint)
	v := c.judge(ctx, cl, a, err)
	v.endpoint = endpoint
	c.logAttempt(ctx, cl, p.attempts, time.Since(begun), v)

	p.last = v.err
	p.unknown = p.unknown || v.outcome == outcomeUnknown
	switch {
	case a.status == http.StatusTooManyRequests:
		c.limiter.slowDown(generation, v.retryAfter)
	case v.outcome == outcomeDone, v.outcome == outcomeRefused && a.status != 0:
		c.limiter.speedUp()
	}
	return v, nil
}

// failure is the call's error once there will be no other attempt.
func (p *progress) failure(ctx context.Context, cl *call) *Error {
	e := &Error{Operation: cl.operation}
	if p.last != nil {
		copied := *p.last
		e = &copied
	}
	gaveUp := p.gaveUp
	if p.waiting {
		gaveUp = ctx.Err()
	}
	// A deadline that leaves no time for another try makes the last answer the answer. An
	// interruption is an interruption, whatever the last answer was.
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
	// A number that does not fit comes as the nearest one that does. It is bounded before it
	// is multiplied, or it would wrap around.
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil || errors.Is(err, strconv.ErrRange) {
		wait = time.Duration(min(max(seconds, 0), int64(longestRetryAfter/time.Second))) * time.Second
	} else if date, err := http.ParseTime(text); err == nil {
		wait = date.Sub(now)
	}
	return min(max(wait, 0), longestRetryAfter)
}
