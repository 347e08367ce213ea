// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"
)

// Request is one request that the mock received, also when it was refused or
// hit by a fault.
type Request struct {
	// At is when it arrived, by the mock's clock.
	At        time.Time `json:"at"`
	Operation Operation `json:"operation,omitempty"`
	Method    string    `json:"method"`
	// Path is the escaped path as sent.
	Path  string     `json:"path"`
	Query url.Values `json:"query,omitempty"`
	// Header is as sent, Authorization included.
	Header http.Header `json:"header"`
	// Body is the body as sent; of an upload only the part meta, which is what
	// the Authorization header signs.
	Body []byte `json:"body,omitempty"`
	// UserCardCode is the card's, from the path or from the body.
	UserCardCode string `json:"user_card_code,omitempty"`
	// Plain is the body with its sensitive fields decrypted: string, int64,
	// []any and map[string]any. Nil when the body was refused.
	Plain map[string]any `json:"plain,omitempty"`
	// Status is the status sent. It is zero until an answer is sent, and stays
	// zero when the connection was cut or no answer came.
	Status int `json:"status"`
	// Code is the code of an error.
	Code string `json:"code,omitempty"`
	// RequestID is the Request-ID of the answer.
	RequestID string `json:"request_id"`
	// Fault is the kind of the fault that hit the request.
	Fault FaultKind `json:"fault,omitempty"`
	// WorkDone says that the call was processed, whatever answer the caller got.
	WorkDone bool `json:"work_done"`
}

func (r Request) clone() Request {
	r.Query = maps.Clone(r.Query)
	r.Header = r.Header.Clone()
	r.Body = slices.Clone(r.Body)
	r.Plain = maps.Clone(r.Plain)
	return r
}

// requestLog keeps the requests in the order in which they came.
type requestLog struct {
	mu      sync.Mutex
	keep    int
	entries []*Request
	seen    int
	counts  map[Operation]int
	// changed is closed and replaced each time a request arrives.
	changed chan struct{}
}

func (j *requestLog) add(r *Request) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.entries = append(j.entries, r)
	j.seen++
	if j.counts == nil {
		j.counts = map[Operation]int{}
	}
	j.counts[r.Operation]++
	if j.keep > 0 && len(j.entries) > j.keep {
		j.entries = slices.Delete(j.entries, 0, len(j.entries)-j.keep)
	}
	close(j.changed)
	j.changed = make(chan struct{})
}

// update changes an entry while holding the lock that readers take.
func (j *requestLog) update(r *Request, change func(*Request)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	change(r)
}

func (j *requestLog) list() []Request {
	j.mu.Lock()
	defer j.mu.Unlock()
	list := make([]Request, 0, len(j.entries))
	for _, r := range j.entries {
		list = append(list, r.clone())
	}
	return list
}

func (j *requestLog) reset() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.entries, j.seen, j.counts = nil, 0, nil
}

// Requests returns copies of the requests received since the start or the last
// [Server.ResetRequests], in the order in which they came.
func (s *Server) Requests() []Request { return s.requests.list() }

// RequestCounts returns how many requests of each call were received since the
// start or the last [Server.ResetRequests], including those that are no longer
// kept. The empty operation counts requests to unknown paths.
func (s *Server) RequestCounts() map[Operation]int {
	s.requests.mu.Lock()
	defer s.requests.mu.Unlock()
	counts := make(map[Operation]int, len(s.requests.counts))
	maps.Copy(counts, s.requests.counts)
	return counts
}

// ResetRequests empties the log of requests.
func (s *Server) ResetRequests() { s.requests.reset() }

// WaitForRequests waits until the mock has received n requests since the start
// or the last [Server.ResetRequests]. They may not be answered yet.
func (s *Server) WaitForRequests(ctx context.Context, n int) error {
	for {
		s.requests.mu.Lock()
		seen, changed := s.requests.seen, s.requests.changed
		s.requests.mu.Unlock()
		if seen >= n {
			return nil
		}
		select {
		case <-changed:
		case <-s.closing:
			return http.ErrServerClosed
		case <-ctx.Done():
			return fmt.Errorf("%d of %d requests: %w", seen, n, context.Cause(ctx))
		}
	}
}
