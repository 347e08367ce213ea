// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"time"
)

// requestIDPattern is what WeChat Pay's support can use; anything else is not an id.
var requestIDPattern = regexp.MustCompile(`^[A-Za-z0-9._:/+=-]{1,128}$`)

// outcome is what is known of one attempt's effect.
type outcome string

const (
	outcomeDone outcome = "done"
	// outcomeRefused: WeChat Pay did nothing, or was not reached.
	outcomeRefused outcome = "refused"
	// outcomeUnknown: the request may have reached WeChat Pay, and no believable answer says what became of it.
	outcomeUnknown outcome = "unknown"
)

// verdict is what one attempt came to.
type verdict struct {
	// err is nil when the attempt did the call.
	err     *Error
	outcome outcome
	// status and requestID are the answer's, for the log.
	status    int
	requestID string
	// again is true when the attempt may be repeated.
	again      bool
	retryAfter time.Duration
	// endpoint is where the attempt went.
	endpoint string
	// unconnected is true when no connection could be made.
	unconnected bool
}

// judge classifies an attempt by what was seen on the wire. sdkErr is only asked for the
// validator's error: the SDK's own errors are filled from unauthenticated bodies.
func (c *Client) judge(ctx context.Context, cl *call, a *attempt, sdkErr error) verdict {
	e := &Error{Operation: cl.operation, StatusCode: a.status}
	if id := a.header.Get("Request-ID"); requestIDPattern.MatchString(id) {
		e.RequestID = cl.masker.mask(id)
	}
	// An error's body that was cut tells less than one that may come whole; what the
	// status says by itself stands.
	cut := a.readErr != nil && !errors.Is(a.readErr, errTooLarge)
	switch status := a.status; {
	case status == 0:
		return c.judgeSilence(ctx, cl, a, e, sdkErr)
	case cut && (status < 300 || status >= 400 && status < 500 && status != http.StatusTooManyRequests):
		return judgeCut(ctx, cl, e, a.readErr)
	case status >= 200 && status < 300:
		return c.judgeSuccess(cl, a, e, sdkErr)
	case status >= 300 && status < 400:
		e.Kind = KindRedirect
		if target, err := url.Parse(a.header.Get("Location")); err == nil {
			e.RedirectHost = clean(cl.masker.mask(target.Host), maxHostRunes)
		}
		return verdict{err: e, outcome: outcomeRefused}
	case status >= 400 && status < 600:
		return c.judgeRefusal(cl, a, e)
	default:
		e.Kind, e.Err = KindAnswer, errNoAnswer
		return verdict{err: e, outcome: outcomeUnknown, again: true}
	}
}

// judgeSilence is for attempts without an answer.
func (c *Client) judgeSilence(ctx context.Context, cl *call, a *attempt, e *Error, sdkErr error) verdict {
	if !a.started {
		e.Kind, e.Err = KindSign, errors.New("the request could not be signed")
		return verdict{err: e, outcome: outcomeRefused}
	}
	v := verdict{err: e, outcome: outcomeUnknown, again: true}
	if a.unsent() {
		v.outcome, v.unconnected = outcomeRefused, a.unconnected()
	}
	// A write that is on its way outlives ctx: it did not end because of it.
	if err := ctx.Err(); err != nil && (!cl.write() || a.unsent()) {
		e.Kind, e.Err = KindCanceled, err
		v.again, v.unconnected = false, false
		return v
	}
	e.Kind, e.Err = KindTransport, newTransportError(sdkErr)
	return v
}

// judgeCut is for answers that ended before their end.
func judgeCut(ctx context.Context, cl *call, e *Error, readErr error) verdict {
	if err := ctx.Err(); err != nil && !cl.write() {
		e.Kind, e.Err = KindCanceled, err
		return verdict{err: e, outcome: outcomeUnknown}
	}
	e.Kind, e.Err = KindTransport, newTransportError(readErr)
	return verdict{err: e, outcome: outcomeUnknown, again: true}
}

// judgeSuccess is for 2xx: nothing in it is believed before it is verified, and only a body
// that says what was done is a success.
func (c *Client) judgeSuccess(cl *call, a *attempt, e *Error, sdkErr error) verdict {
	v := verdict{err: e, outcome: outcomeUnknown, again: true, retryAfter: retryAfter(a.header, c.cfg.Now())}
	var invalid *ValidationError
	switch {
	case a.readErr != nil:
		e.Kind, e.Err = KindAnswer, a.readErr
	case errors.As(sdkErr, &invalid):
		shown := *invalid
		shown.Serial = cl.masker.mask(shown.Serial)
		e.Kind, e.Err = KindSignature, &shown
	case sdkErr != nil:
		e.Kind, e.Err = KindAnswer, errors.New("the answer could not be verified")
	case a.status == http.StatusAccepted:
		e.Kind = KindAccepted
	default:
		bad := cl.read(a.answer)
		if bad == nil {
			return verdict{outcome: outcomeDone, status: a.status, requestID: e.RequestID}
		}
		e.Kind, e.Err, v.again = KindAnswer, bad.err, bad.again
	}
	return v
}

// judgeRefusal is for 4xx and 5xx, whose bodies nobody signed.
func (c *Client) judgeRefusal(cl *call, a *attempt, e *Error) verdict {
	body := parseErrorBody(a.answer)
	// What the words mean is told from the words as they came; what is kept of them is masked.
	e.Kind = refusal(a.status, body.code, body.message)
	e.Code = clean(cl.masker.mask(body.code), maxCodeRunes)
	e.Message = clean(cl.masker.mask(body.message), maxMessageRunes)
	e.Issue = clean(cl.masker.mask(body.issue), maxMessageRunes)
	if cl.masker.mask(body.field) == body.field {
		e.Field = body.field
	}
	v := verdict{err: e, outcome: outcomeRefused, retryAfter: retryAfter(a.header, c.cfg.Now())}
	switch e.Kind {
	case KindRate:
		v.again = true
	case KindSystem:
		v.again, v.outcome = true, outcomeUnknown
	}
	return v
}
