// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"context"
	"net/http"
	"sync"
)

// maxUnverified is how many whole answers that cannot be verified a process takes in before the
// first one that verifies. WeChat Pay sends a wrong signature on purpose now and then, but not
// this often in a row.
const maxUnverified = 3

// connection is what this process knows about its connection to WeChat Pay: whether any answer
// has verified, and whether requests may still be sent.
//
// Until an answer has verified, writes go one at a time. If their answers cannot be verified,
// or if WeChat Pay does not accept a request's signature, nothing more is sent: what a write
// did could not be learnt from its answer, and the openid in it would be lost.
type connection struct {
	// proven is closed once an answer has verified.
	proven chan struct{}
	// stopped is closed when nothing more may be sent.
	stopped chan struct{}
	// write holds a token while a write is under way on a connection that is not proven.
	write chan struct{}

	mu sync.Mutex
	// cause is the error that stopped everything.
	cause *Error
	// forbidden holds the error of each operation for which there is no permission.
	forbidden map[permission]*Error
	// unverified counts whole answers that could not be verified, before the first that could.
	unverified int
}

// permission is what a 403 without permission is about.
type permission struct {
	operation Operation
	brandID   string
}

func newConnection() *connection {
	return &connection{
		proven:    make(chan struct{}),
		stopped:   make(chan struct{}),
		write:     make(chan struct{}, 1),
		forbidden: map[permission]*Error{},
	}
}

func isClosed(ch <-chan struct{}) bool {
	select {
	case <-ch:
		return true
	default:
		return false
	}
}

// isProven reports whether an answer of this process has verified.
func (c *connection) isProven() bool { return isClosed(c.proven) }

// begin waits until cl may be sent: on a connection that is not proven, writes go one at a
// time. Whether anything may be sent at all is for blocked to say. The caller calls done when the call has ended, with all its attempts.
func (c *connection) begin(ctx context.Context, cl *call) (done func(), err error) {
	nothing := func() {}
	if !cl.write() || c.isProven() {
		return nothing, nil
	}
	select {
	case <-c.proven:
		return nothing, nil
	case <-ctx.Done():
		return nothing, ctx.Err()
	case c.write <- struct{}{}:
		return func() { <-c.write }, nil
	}
}

// blocked returns the earlier error because of which cl must not be sent, or nil.
func (c *connection) blocked(cl *call) *Error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.cause != nil {
		return c.cause
	}
	return c.forbidden[permission{cl.operation, cl.ref.BrandID}]
}

// record learns from the result of an attempt. It returns the error of an earlier call when
// that had the same cause.
func (c *connection) record(cl *call, r attemptResult) *Error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r.verified && !isClosed(c.proven) {
		close(c.proven)
	}
	if r.err == nil {
		return nil
	}
	switch {
	case r.err.StatusCode == http.StatusUnauthorized:
		return c.stop(r.err)
	case r.unverified && !isClosed(c.proven):
		if c.unverified++; c.unverified >= maxUnverified {
			return c.stop(r.err)
		}
	case r.err.Kind == KindNoAuth:
		key := permission{cl.operation, cl.ref.BrandID}
		if first := c.forbidden[key]; first != nil {
			return first
		}
		c.forbidden[key] = r.err
	}
	return nil
}

// end is told the error of a write whose answers could not be verified. It stops everything, or
// returns the error that had done so before.
func (c *connection) end(e *Error) (first *Error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.stop(e)
}

// stop ends all sending; c.mu is held. It returns the error that had done so before.
func (c *connection) stop(e *Error) (first *Error) {
	if c.cause != nil {
		return c.cause
	}
	c.cause = e
	close(c.stopped)
	return nil
}

// Proven reports whether an answer of this process has verified, a rightly signed error included.
func (c *Client) Proven() bool { return c.connection.isProven() }

// finish has the last word on the error of a call that failed: what an answer says counts less
// where no answer can be verified.
func (c *Client) finish(ctx context.Context, cl *call, p *progress, e *Error) *Error {
	if e.First != nil || !cl.write() {
		return e
	}
	exists := e.AlreadyExists() && (!e.SignatureVerified || p.unverified > 0)
	if exists && !c.connection.isProven() {
		// WeChat Pay may leave errors unsigned. Reading the template tells whether answers can be
		// verified; its error says nothing that isProven does not say.
		_, _ = c.GetCardTemplate(ctx, cl.ref.BrandID, cl.ref.CardID)
	}
	proven := c.connection.isProven()
	e.Unproven = exists && (!proven || p.unverified > 0)
	if proven || p.unverified == 0 {
		return e
	}
	// The write may have been carried out, and its answer cannot be verified: it is the last.
	last := *p.lastUnverified
	last.Attempts, last.OutcomeUnknown = p.attempts, true
	if first := c.connection.end(&last); first != p.lastUnverified {
		last.First = first
	}
	return &last
}
