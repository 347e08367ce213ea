// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"context"
	"errors"
	"net/http"
	"sync"
)

const (
	// maxUnverified is how many whole answers in a row that cannot be verified a process takes in. On
	// an unproven connection this many, reads and writes together, stop everything; on a proven one,
	// this many of either make it unproven. WeChat Pay sends a wrong signature on purpose now and then, but not this often in a row.
	maxUnverified = 3
	// maxRequestsUnproven is how many requests are under way at the same time on a connection that is not
	// proven: where a credential is wrong, this many learn it.
	maxRequestsUnproven = 3
)

// connection is what this process knows about its connection to WeChat Pay: whether its answers
// verify, and whether requests may still be sent.
//
// Until an answer has verified, and again after several in a row have not, writes go one at a
// time. If their answers cannot be verified, or if WeChat Pay does not accept a request's
// signature, nothing more is sent: what a write did could not be learnt from its answer, and the
// openid in it would be lost.
type connection struct {
	// stopped is closed when nothing more may be sent.
	stopped chan struct{}
	// write and requests hold tokens on a connection that is not proven: write one through all
	// attempts of a write, requests one for each attempt of any call.
	write, requests chan struct{}

	mu sync.Mutex
	// proven is closed once an answer has verified. A new one takes its place when answers do not
	// verify any more.
	proven chan struct{}
	// needsWrite is true after the answers of writes did not verify any more: reads may verify all
	// the same, so only a write's answer makes the connection proven again.
	needsWrite bool
	// cause is the error that stopped everything.
	cause *Error
	// forbidden holds the error of each operation for which there is no permission, or which is not
	// open yet.
	forbidden map[permission]*Error
	// unverifiedReads and unverifiedWrites count whole answers in a row that could not be verified.
	unverifiedReads, unverifiedWrites int
}

// permission is what a missing permission, or a call that is not open, is about.
type permission struct {
	operation Operation
	brandID   string
}

func newConnection() *connection {
	return &connection{
		proven:    make(chan struct{}),
		stopped:   make(chan struct{}),
		write:     make(chan struct{}, 1),
		requests:  make(chan struct{}, maxRequestsUnproven),
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

// whenProven returns a channel that is closed once the connection is proven. Ask anew each time:
// a connection may cease to be proven.
func (c *connection) whenProven() <-chan struct{} {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.proven
}

// isProven reports whether answers of this process verify, a rightly signed error included.
func (c *connection) isProven() bool { return isClosed(c.whenProven()) }

// take waits for a place in queue, which is used only while the connection is not proven. The caller
// calls release when it is done; release is nil on a proven connection. Whether anything may be
// sent at all is for blocked to say.
func (c *connection) take(ctx context.Context, queue chan struct{}) (release func(), err error) {
	proven := c.whenProven()
	if isClosed(proven) {
		return nil, nil
	}
	select {
	case <-proven:
		return nil, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case queue <- struct{}{}:
		return func() { <-queue }, nil
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
	if r.verified {
		c.tookVerified(cl.write())
	}
	if r.err == nil {
		return nil
	}
	switch {
	case r.err.StatusCode == http.StatusUnauthorized:
		return c.stop(r.err)
	case r.unverified:
		return c.tookUnverified(cl.write(), r.err)
	case r.err.Kind == KindNoAuth, r.err.Kind == KindNotOpen:
		key := permission{cl.operation, cl.ref.BrandID}
		if first := c.forbidden[key]; first != nil {
			return first
		}
		c.forbidden[key] = r.err
	}
	return nil
}

// tookVerified notes that an answer verified; c.mu is held.
func (c *connection) tookVerified(write bool) {
	c.unverifiedReads = 0
	if write {
		c.unverifiedWrites, c.needsWrite = 0, false
	}
	if !c.needsWrite && !isClosed(c.proven) {
		c.unverifiedWrites = 0
		close(c.proven)
	}
}

// tookUnverified notes that an answer did not verify; c.mu is held. It returns the error that had
// stopped everything before.
func (c *connection) tookUnverified(write bool, e *Error) (first *Error) {
	proven := isClosed(c.proven)
	if invalid, ok := errors.AsType[*ValidationError](e); ok && proven && invalid.Reason == ReasonSignatureProbe {
		// It says itself that it is wrong on purpose.
		return nil
	}
	if write {
		c.unverifiedWrites++
	} else {
		c.unverifiedReads++
	}
	switch {
	case !proven && c.unverifiedReads+c.unverifiedWrites >= maxUnverified:
		return c.stop(e)
	case proven && max(c.unverifiedReads, c.unverifiedWrites) >= maxUnverified:
		c.needsWrite = c.unverifiedWrites >= maxUnverified
		c.unverifiedReads, c.unverifiedWrites = 0, 0
		c.proven = make(chan struct{})
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

// finish has the last word on the error of a call that failed: what an answer says is
// doubtful where no answer can be verified.
func (c *Client) finish(ctx context.Context, cl *call, p *progress, e *Error) *Error {
	if e.First != nil || !cl.write() {
		return e
	}
	doubtful := e.AlreadyExists() && (!e.SignatureVerified || p.unverified > 0)
	if doubtful && !c.connection.isProven() {
		// WeChat Pay may leave errors unsigned. Reading the template tells whether answers can be
		// verified. Its error is ignored: isProven tells the rest. It is not repeated where an answer
		// that did not verify was seen already.
		_, _ = c.getCardTemplate(ctx, cl.ref.BrandID, cl.ref.CardID, p.unverified > 0)
	}
	proven := c.connection.isProven()
	e.Unproven = doubtful && (!proven || p.anyUnverified)
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
