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
	"os"
	"strings"
	"syscall"
	"testing"
)

func TestWhyThereWasNoAnswer(t *testing.T) {
	t.Parallel()
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	errno := func(e syscall.Errno) error { return os.NewSyscallError("connect", e) }
	for name, tc := range map[string]struct {
		err    error
		reason TransportReason
		cause  error
	}{
		"the attempt's time":    {context.DeadlineExceeded, ReasonTimeout, context.DeadlineExceeded},
		"out of turn":           {errAborted, ReasonTimeout, context.DeadlineExceeded},
		"connecting":            {dial(os.ErrDeadlineExceeded), ReasonTimeout, context.DeadlineExceeded},
		"resolving":             {dial(&net.DNSError{Err: "i/o timeout", IsTimeout: true}), ReasonTimeout, context.DeadlineExceeded},
		"no such host":          {dial(&net.DNSError{Err: "no such host", IsNotFound: true}), ReasonNameResolution, nil},
		"certificate":           {&tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, ReasonTLS, nil},
		"name in it":            {x509.HostnameError{Certificate: &x509.Certificate{}, Host: testPhone}, ReasonTLS, nil},
		"no TLS there":          {tls.RecordHeaderError{Msg: testPhone}, ReasonTLS, nil},
		"nobody listens":        {dial(errno(syscall.ECONNREFUSED)), ReasonRefused, syscall.ECONNREFUSED},
		"no way":                {dial(errno(syscall.ENETUNREACH)), ReasonUnreachable, syscall.ENETUNREACH},
		"no way to the proxy":   {&net.OpError{Op: "proxyconnect", Net: "tcp", Err: dial(errno(syscall.ECONNREFUSED))}, ReasonProxy, syscall.ECONNREFUSED},
		"no name for the proxy": {&net.OpError{Op: "proxyconnect", Net: "tcp", Err: dial(&net.DNSError{IsNotFound: true})}, ReasonProxy, nil},
		"the proxy says no":     {errProxy, ReasonProxy, nil},
		"reset":                 {&net.OpError{Op: "read", Err: errno(syscall.ECONNRESET)}, ReasonCut, syscall.ECONNRESET},
		"closed":                {io.EOF, ReasonCut, io.ErrUnexpectedEOF},
		"anything else":         {errors.New(testPhone), ReasonOther, nil},
	} {
		got := newTransportError(&wrapped{tc.err})
		if got.Reason != tc.reason || got.Err != tc.cause { //nolint:errorlint // the very value
			t.Errorf("%s: got %q because of %v, want %q because of %v", name, got.Reason, got.Err, tc.reason, tc.cause)
		}
		for _, text := range texts(got) {
			if strings.Contains(text, testPhone) {
				t.Errorf("%s: %s", name, text)
			}
		}
	}
}
