// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package injection

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"syscall"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

// Breakage is what a broken transport does with a request; healthy is the transport as it should be.
type Breakage func(healthy http.RoundTripper, req *http.Request) (*http.Response, error)

// Transport carries requests to the mock. It counts those that are handed to it, also the ones
// that never arrive. It fails without waiting, so that tests need not.
type Transport struct {
	healthy *http.Transport

	mu        sync.Mutex
	counts    map[mockserver.Operation]int
	broken    Breakage
	operation mockserver.Operation
	left      int
}

// NewTransport is a transport that is healthy.
func NewTransport() *Transport {
	return &Transport{healthy: &http.Transport{}, counts: map[mockserver.Operation]int{}}
}

// Close closes its connections.
func (t *Transport) Close() { t.healthy.CloseIdleConnections() }

// BreakFor breaks the next count requests of an operation; a negative count breaks all.
func (t *Transport) BreakFor(operation mockserver.Operation, count int, how Breakage) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.operation, t.left, t.broken = operation, count, how
}

// Repair makes it healthy again.
func (t *Transport) Repair() { t.BreakFor("", 0, nil) }

// Reset forgets the counts.
func (t *Transport) Reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	clear(t.counts)
}

// Requests are the counts by operation.
func (t *Transport) Requests() map[mockserver.Operation]int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return maps.Clone(t.counts)
}

// RoundTrip implements http.RoundTripper.
func (t *Transport) RoundTrip(req *http.Request) (*http.Response, error) {
	operation := OperationOf(req)
	t.mu.Lock()
	t.counts[operation]++
	broken := t.broken
	if operation != t.operation || t.left == 0 {
		broken = nil
	} else {
		t.left--
	}
	t.mu.Unlock()
	if broken != nil {
		return broken(t.healthy, req)
	}
	return t.healthy.RoundTrip(req)
}

// failsToConnect is a host that no connection can be made to.
func failsToConnect(err error) Breakage {
	return dials(func() (net.Conn, error) { return nil, &net.OpError{Op: "dial", Net: "tcp", Err: err} })
}

// resets is a connection that ends before anything was written.
func resets() Breakage {
	return dials(func() (net.Conn, error) {
		near, far := net.Pipe()
		return &brokenPipe{Conn: near, far: far}, nil
	})
}

func dials(dial func() (net.Conn, error)) Breakage {
	return func(_ http.RoundTripper, req *http.Request) (*http.Response, error) {
		broken := &http.Transport{
			DisableKeepAlives: true,
			DialContext:       func(context.Context, string, string) (net.Conn, error) { return dial() },
		}
		return broken.RoundTrip(req)
	}
}

type brokenPipe struct {
	net.Conn
	far net.Conn
}

func (p *brokenPipe) Write([]byte) (int, error) {
	return 0, &net.OpError{Op: "write", Net: "tcp", Err: os.NewSyscallError("write", syscall.ECONNRESET)}
}

func (p *brokenPipe) Close() error { return errors.Join(p.Conn.Close(), p.far.Close()) }

// loses is an attempt whose time runs out: the request gets lost, or its answer.
func loses(answer bool) Breakage {
	return func(healthy http.RoundTripper, req *http.Request) (*http.Response, error) {
		if !answer {
			_, err := io.Copy(io.Discard, req.Body)
			return nil, errors.Join(err, context.DeadlineExceeded)
		}
		resp, err := healthy.RoundTrip(req)
		if err != nil {
			return nil, fmt.Errorf("the mock did not answer: %w", err)
		}
		_, err = io.Copy(io.Discard, resp.Body)
		return nil, errors.Join(err, resp.Body.Close(), context.DeadlineExceeded)
	}
}

// drips is an answer of which only the beginning comes in time.
func drips() Breakage {
	return func(healthy http.RoundTripper, req *http.Request) (*http.Response, error) {
		resp, err := healthy.RoundTrip(req)
		if err != nil {
			return nil, fmt.Errorf("the mock did not answer: %w", err)
		}
		whole, err := io.ReadAll(resp.Body)
		if err := errors.Join(err, resp.Body.Close()); err != nil {
			return nil, err
		}
		resp.Body = io.NopCloser(io.MultiReader(bytes.NewReader(whole[:len(whole)/2]), timedOut{}))
		return resp, nil
	}
}

type timedOut struct{}

func (timedOut) Read([]byte) (int, error) { return 0, context.DeadlineExceeded }

// The beginnings of the calls' paths, and the upload's.
const (
	requestPath = "/v3/brand/partner/card-member/"
	uploadPath  = "/v3/marketing/favor/media/image-upload"
)

// OperationOf is the call that a service provider's request makes.
func OperationOf(req *http.Request) mockserver.Operation {
	path := strings.TrimPrefix(req.URL.Path, requestPath)
	if path == uploadPath {
		return mockserver.OperationUploadImage
	}
	if path == "cards" || strings.HasPrefix(path, "cards/") {
		return templateOperation(req.Method, path)
	}
	switch {
	case path == "user-cards":
		return mockserver.OperationList
	case strings.HasSuffix(path, "/import-by-phone"):
		return mockserver.OperationImportByPhone
	case strings.HasSuffix(path, "/import-by-openid"):
		return mockserver.OperationImportByOpenID
	case strings.HasSuffix(path, "/invalidate"):
		return mockserver.OperationInvalidate
	case req.Method == http.MethodPatch:
		return mockserver.OperationModify
	default:
		return mockserver.OperationGet
	}
}

func templateOperation(method, path string) mockserver.Operation {
	switch {
	case strings.HasSuffix(path, "/invalidate"):
		return mockserver.OperationInvalidateTemplate
	case method == http.MethodPatch:
		return mockserver.OperationModifyTemplate
	case method == http.MethodPost:
		return mockserver.OperationCreateTemplate
	case path == "cards":
		return mockserver.OperationListTemplates
	default:
		return mockserver.OperationTemplate
	}
}
