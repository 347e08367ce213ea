// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"regexp"
	"sync"
	"syscall"
)

// TransportReason says why there was no answer.
type TransportReason string

// The reasons for which there was no answer.
const (
	// ReasonNameResolution: the host's name could not be resolved.
	ReasonNameResolution TransportReason = "the host's name could not be resolved"
	// ReasonTimeout: the time of one attempt ran out.
	ReasonTimeout TransportReason = "no answer in time"
	// ReasonTLS: no trusted connection could be made.
	ReasonTLS TransportReason = "no trusted TLS connection"
	// ReasonRefused: nothing listens there.
	ReasonRefused TransportReason = "connection refused"
	// ReasonProxy: the proxy, not WeChat Pay, is in the way.
	ReasonProxy TransportReason = "the proxy could not be reached or refused the connection"
	// ReasonUnreachable: no way to the host.
	ReasonUnreachable TransportReason = "the host could not be reached"
	// ReasonCut: the connection ended before the answer did.
	ReasonCut TransportReason = "the connection was cut"
	// ReasonOther: anything else, for instance an answer that is not HTTP.
	ReasonOther TransportReason = "the connection failed"
)

// TransportError is the cause of a KindTransport. The errors of the standard library are
// not kept: their texts carry URLs with their queries, and bytes of what came back.
type TransportError struct {
	Reason TransportReason
	// Err is a value of the standard library that carries no text of its own:
	// context.DeadlineExceeded, io.ErrUnexpectedEOF, a syscall.Errno. It may be nil.
	Err error
}

// Error implements error.
func (e *TransportError) Error() string { return string(e.Reason) }

// Unwrap returns the cause.
func (e *TransportError) Unwrap() error { return e.Err }

// newTransportError keeps of err what is safe to print.
func newTransportError(err error) *TransportError {
	var (
		dns      *net.DNSError
		timeout  net.Error
		op       *net.OpError
		errno    syscall.Errno
		verify   *tls.CertificateVerificationError
		record   tls.RecordHeaderError
		alert    tls.AlertError
		unknown  x509.UnknownAuthorityError
		hostname x509.HostnameError
		invalid  x509.CertificateInvalidError
	)
	errors.As(err, &errno)
	var cause error
	if errno != 0 {
		cause = errno
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, errAborted), errors.As(err, &timeout) && timeout.Timeout():
		return &TransportError{ReasonTimeout, context.DeadlineExceeded}
	case errors.Is(err, errProxy), errors.As(err, &op) && op.Op == "proxyconnect":
		return &TransportError{ReasonProxy, cause}
	case errors.As(err, &dns):
		return &TransportError{ReasonNameResolution, nil}
	case errors.As(err, &verify), errors.As(err, &record), errors.As(err, &alert),
		errors.As(err, &unknown), errors.As(err, &hostname), errors.As(err, &invalid):
		return &TransportError{ReasonTLS, nil}
	case errors.Is(err, syscall.ECONNREFUSED):
		return &TransportError{ReasonRefused, cause}
	case errors.As(err, &op) && op.Op == "dial":
		return &TransportError{ReasonUnreachable, cause}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, net.ErrClosed):
		if cause == nil {
			cause = io.ErrUnexpectedEOF
		}
		return &TransportError{ReasonCut, cause}
	default:
		return &TransportError{ReasonOther, cause}
	}
}

// unprocessedPattern matches the errors of net/http by which an HTTP/2 server says that it did not
// process a request: REFUSED_STREAM, and GOAWAY with the id of an earlier stream. The second has a
// text of its own where the stream is the connection's first and GOAWAY gives an error. They have
// no type, and no other text of net/http's begins like this. "http2: server sent GOAWAY and closed
// the connection" says nothing about the stream.
// https://www.rfc-editor.org/rfc/rfc9113#section-8.7
var unprocessedPattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^(?:http2: Transport: cannot retry err \[(?:stream error: stream ID \d+; REFUSED_STREAM|http2: Transport received Server's graceful shutdown GOAWAY)|http2: Transport received GOAWAY from server ErrCode:)`)
})

// isUnprocessed reports whether err says that the server did not process the request.
func isUnprocessed(err error) bool { return unprocessedPattern().MatchString(err.Error()) }
