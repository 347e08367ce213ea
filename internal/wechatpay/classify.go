// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/wechatpay-apiv3/wechatpay-go/core/consts"
)

// maxRequestID is the length up to which a Request-ID is shown, in bytes.
const maxRequestID = 128

// outcome is what is known about the effect of one attempt.
type outcome string

const (
	outcomeDone outcome = "done"
	// outcomeRefused: WeChat Pay did nothing, or was not reached.
	outcomeRefused outcome = "refused"
	// outcomeUnknown: the request may have reached WeChat Pay, and no verified answer says what it did.
	outcomeUnknown outcome = "unknown"
)

// attemptResult is the result of one attempt.
type attemptResult struct {
	// err is nil when the call was carried out.
	err     *Error
	outcome outcome
	// status is the answer's, for the log.
	status int
	// verified is true when the answer carried a signature that verified, unverified when it
	// came whole and should have carried one, or carried one, that did not.
	verified, unverified bool
	// retryable is true when the attempt may be repeated.
	retryable  bool
	retryAfter time.Duration
	// endpoint is where the attempt went.
	endpoint string
	// notConnected is true when no connection could be made.
	notConnected bool
}

// classify says what an attempt's result is, and which Request-ID an error has and who called.
func (c *Client) classify(ctx context.Context, cl *call, a *attempt, sdkErr error) attemptResult {
	r := c.classifyAnswer(ctx, cl, a, sdkErr)
	if r.err != nil {
		r.err.RequestID, r.err.Mode = a.requestID(&cl.masker), c.cfg.Mode
	}
	return r
}

// requestID is what WeChat Pay's support can use of the answer's Request-ID, masked. It is ""
// for anything else than an id.
func (a *attempt) requestID(m *masker) string {
	id := a.header.Get("Request-ID")
	if len(id) > maxRequestID || strings.ContainsFunc(id, func(r rune) bool {
		return (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && (r < '0' || r > '9') && !strings.ContainsRune("._:/+=-", r)
	}) {
		return ""
	}
	return m.identifier(id)
}

// classifyAnswer says what an attempt's result is, by what was seen on the wire. Of sdkErr only the
// validator's error is used: the SDK fills its own errors from unauthenticated bodies.
func (c *Client) classifyAnswer(ctx context.Context, cl *call, a *attempt, sdkErr error) attemptResult {
	e := &Error{Operation: cl.operation, StatusCode: a.status}
	// The body of an error tells kinds of refusals apart: where it was cut, another attempt may
	// get it whole. For 429 and 5xx the status is enough.
	cut := a.readErr != nil && !errors.Is(a.readErr, errTooLarge)
	switch status := a.status; {
	case status == 0:
		return c.classifyNoAnswer(ctx, cl, a, e, sdkErr)
	case cut && (status < 300 || status >= 400 && status < 500 && status != http.StatusTooManyRequests):
		return classifyCutAnswer(ctx, cl, e, a.readErr)
	case status >= 200 && status < 300:
		return c.classifySuccess(cl, a, e, sdkErr)
	case status >= 300 && status < 400:
		e.Kind = KindRedirect
		if target, err := url.Parse(a.header.Get("Location")); err == nil {
			e.RedirectHost = clean(cl.masker.identifier(target.Host), maxHostRunes)
		}
		return attemptResult{err: e, outcome: outcomeRefused}
	case status >= 400 && status < 600:
		return c.classifyErrorStatus(ctx, cl, a, e)
	default:
		e.Kind, e.Err = KindAnswer, errNoAnswer
		return attemptResult{err: e, outcome: outcomeUnknown, retryable: true}
	}
}

// classifyNoAnswer is for attempts that got no answer.
func (c *Client) classifyNoAnswer(ctx context.Context, cl *call, a *attempt, e *Error, sdkErr error) attemptResult {
	if !a.started {
		e.Kind, e.Err = KindSign, errors.New("the request could not be signed")
		return attemptResult{err: e, outcome: outcomeRefused}
	}
	r := attemptResult{err: e, outcome: outcomeUnknown, retryable: true}
	if a.notSent() {
		r.outcome, r.notConnected = outcomeRefused, a.notConnected()
	}
	// A write that is on its way continues after ctx ends: it did not fail because of ctx.
	if err := ctx.Err(); err != nil && (!cl.write() || a.notSent()) {
		e.Kind, e.Err = KindCanceled, err
		r.retryable, r.notConnected = false, false
		return r
	}
	e.Kind, e.Err = KindTransport, newTransportError(sdkErr)
	return r
}

// classifyCutAnswer is for answers whose body did not arrive completely.
func classifyCutAnswer(ctx context.Context, cl *call, e *Error, readErr error) attemptResult {
	if err := ctx.Err(); err != nil && !cl.write() {
		e.Kind, e.Err = KindCanceled, err
		return attemptResult{err: e, outcome: outcomeUnknown}
	}
	e.Kind, e.Err = KindTransport, newTransportError(readErr)
	return attemptResult{err: e, outcome: outcomeUnknown, retryable: true}
}

// classifySuccess is for 2xx: only a verified answer is used, and only a body that says what was
// done is a success.
func (c *Client) classifySuccess(cl *call, a *attempt, e *Error, sdkErr error) attemptResult {
	r := attemptResult{err: e, outcome: outcomeUnknown, retryable: true, retryAfter: retryAfter(a.header, c.cfg.Now())}
	var invalid *ValidationError
	switch {
	case a.readErr != nil:
		e.Kind, e.Err = KindAnswer, a.readErr
		return r
	case errors.As(sdkErr, &invalid):
		r.unverified = true
		e.Kind, e.Err = KindSignature, shownTo(&cl.masker, invalid)
		return r
	case sdkErr != nil:
		r.unverified = true
		e.Kind, e.Err = KindAnswer, errors.New("the answer could not be verified")
		return r
	}
	r.verified, e.SignatureVerified = true, true
	if a.status == http.StatusAccepted {
		e.Kind = KindAccepted
		return r
	}
	cl.answered = a
	bad := cl.read(a.answer)
	if bad == nil {
		return attemptResult{outcome: outcomeDone, status: a.status, verified: true}
	}
	e.Kind, e.Err, r.retryable = KindAnswer, bad.err, bad.retryable
	return r
}

// shownTo returns err with what was submitted masked.
func shownTo(m *masker, err *ValidationError) error {
	shown := *err
	shown.Serial = m.identifier(shown.Serial)
	return &shown
}

// classifyErrorStatus is for 4xx and 5xx. Their answers need no signature, but one that is
// there must verify.
func (c *Client) classifyErrorStatus(ctx context.Context, cl *call, a *attempt, e *Error) attemptResult {
	r := attemptResult{err: e, outcome: outcomeRefused, retryAfter: retryAfter(a.header, c.cfg.Now())}
	if a.readErr == nil && a.header.Get(consts.WechatPaySignature) != "" {
		err := c.validator.check(ctx, a.header, a.answer)
		r.verified, e.SignatureVerified = err == nil, err == nil
		var invalid *ValidationError
		// A 401 needs no belief: nothing more is sent after it.
		if errors.As(err, &invalid) && a.status != http.StatusUnauthorized {
			r.outcome, r.retryable, r.unverified = outcomeUnknown, true, true
			e.Kind, e.Err = KindSignature, shownTo(&cl.masker, invalid)
			return r
		}
	}
	body := parseErrorBody(a.answer)
	// The kind is found from the original words; what is kept of them is masked.
	e.Kind = errorKind(a.status, body.code, body.message, r.verified)
	e.Code = clean(cl.masker.identifier(body.code), maxCodeRunes)
	e.Message = clean(cl.masker.text(body.message), maxMessageRunes)
	e.Issue = clean(cl.masker.text(body.issue), maxMessageRunes)
	if cl.masker.identifier(body.field) == body.field {
		e.Field = body.field
	}
	switch e.Kind {
	case KindRate:
		r.retryable = true
	case KindSystem:
		r.retryable, r.outcome = true, outcomeUnknown
	}
	return r
}
