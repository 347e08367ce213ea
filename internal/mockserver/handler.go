// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// maxRequestBody is far beyond any call's body.
const maxRequestBody = 1 << 20

// exchange is one request on its way to its answer.
type exchange struct {
	w     http.ResponseWriter
	r     *http.Request
	entry *Request
	call  *call
	// disguise makes the answer that of another card or template.
	disguise bool
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if !s.begin() {
		panic(http.ErrAbortHandler)
	}
	defer s.running.Done()
	if strings.HasPrefix(r.URL.Path, adminPrefix) {
		s.admin.ServeHTTP(w, r)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxRequestBody))
	var tooLarge *http.MaxBytesError
	if err != nil && !errors.As(err, &tooLarge) {
		return // The client went before it had asked anything.
	}
	target := requestTarget(r)
	path, rawQuery, _ := strings.Cut(target, "?")
	rt, known := findRoute(r.Method, path)
	e := &exchange{w: w, r: r, entry: s.newEntry(r, rt, path, rawQuery, body)}
	s.journal.add(e.entry)
	w.Header().Set(headerRequestID, e.entry.RequestID)
	defer s.logLine(e.entry)

	problem := checkHeaders(r, body)
	if tooLarge != nil {
		problem = refuseRules("the body is too large")
	}
	if problem == nil {
		problem = s.checkAuthorization(r.Header.Get("Authorization"), r.Method, target, body)
	}
	if problem == nil && !s.rate.accept(s.options.Now()) {
		problem = &refusal{status: http.StatusTooManyRequests, code: s.options.RateCode, message: messageRate}
	}
	if problem == nil && !known {
		problem = &refusal{status: http.StatusNotFound, code: codeNotFound, message: "请求的接口不存在"}
	}
	if problem != nil {
		s.send(e, nil, s.renderRefusal(problem))
		return
	}
	s.serveCall(e, rt, rawQuery, body)
}

// serveCall answers a request that comes from the merchant and is not too much.
func (s *Server) serveCall(e *exchange, rt route, rawQuery string, body []byte) {
	c, problem := s.parseCall(rt, rawQuery, e.r.Header, body)
	if c != nil {
		e.call = c
		s.journal.update(e.entry, func(r *Request) { r.Plain = c.body })
	}
	if f := s.faults.pick(rt.operation, e.entry.UserCardCode); f != nil {
		s.journal.update(e.entry, func(r *Request) { r.Fault = f.Kind })
		s.fail(e, f, outcome{problem: problem})
		return
	}
	s.send(e, nil, s.work(e, true, outcome{problem: problem}))
}

// work decides the call and, if it is to be kept, changes the state. A call
// that was refused before stays refused.
func (s *Server) work(e *exchange, keep bool, o outcome) answer {
	if o.problem == nil {
		o = s.decide(e, keep)
	}
	if e.disguise {
		o.disguise()
	}
	return s.render(o)
}

func (s *Server) decide(e *exchange, keep bool) outcome {
	now := s.options.Now()
	s.mu.Lock()
	o := s.perform(e.call, now)
	if o.changed && keep {
		s.cards[o.card.key()] = o.card.clone()
	}
	s.mu.Unlock()
	if o.card != nil {
		shown := o.card.shown(now)
		o.card = &shown
	}
	if o.problem == nil && keep {
		s.journal.update(e.entry, func(r *Request) { r.WorkDone = true })
	}
	return o
}

// requestTarget is the path and query as the client sent and signed them.
func requestTarget(r *http.Request) string {
	if strings.HasPrefix(r.RequestURI, "/") {
		return r.RequestURI
	}
	return r.URL.RequestURI()
}

func (s *Server) newEntry(r *http.Request, rt route, path, rawQuery string, body []byte) *Request {
	// A malformed query is refused later; what can be read of it is shown.
	query, _ := url.ParseQuery(rawQuery)
	entry := &Request{
		At: s.options.Now(), Operation: rt.operation, Method: r.Method, Path: path, Query: query,
		Header: r.Header.Clone(), Body: body, RequestID: "08" + rand.Text() + "-0",
	}
	switch rt.operation {
	case OperationGet, OperationModify, OperationInvalidate:
		entry.UserCardCode = rt.id
	case OperationImportByPhone, OperationImportByOpenID:
		var sent struct {
			UserCardCode string `json:"user_card_code"`
		}
		if json.Unmarshal(body, &sent) == nil {
			entry.UserCardCode = sent.UserCardCode
		}
	}
	return entry
}

// send signs an answer and sends it.
func (s *Server) send(e *exchange, extra http.Header, a answer) {
	if err := s.sign(e.w.Header(), a.body, s.options.Now()); err != nil {
		cut(e.w)
		return
	}
	s.sendUnsigned(e, extra, a)
}

func (s *Server) sendUnsigned(e *exchange, extra http.Header, a answer) {
	// Noted before it is sent: whoever has the answer finds it noted.
	s.journal.update(e.entry, func(r *Request) { r.Status, r.Code = a.status, a.code })
	header := e.w.Header()
	if a.contentType != "" {
		header.Set("Content-Type", a.contentType)
	} else {
		header["Content-Type"] = nil // Nothing to sniff.
	}
	for name, values := range extra {
		header[http.CanonicalHeaderKey(name)] = values
	}
	e.w.WriteHeader(a.status)
	if len(a.body) > 0 {
		_, _ = e.w.Write(a.body) // A client that went does not want to know.
	}
}

// logLine says nothing personal: no path, for it holds the card's code, and no bodies.
func (s *Server) logLine(entry *Request) {
	if s.options.Log == nil {
		return
	}
	var line string
	s.journal.update(entry, func(r *Request) {
		operation := r.Operation
		if operation == "" {
			operation = "unknown"
		}
		line = fmt.Sprintf("%s %s %s %d", r.At.UTC().Format("2006-01-02T15:04:05.000Z"), r.Method, operation, r.Status)
		if r.Code != "" {
			line += " " + r.Code
		}
		if r.Fault != "" {
			line += " fault=" + string(r.Fault)
		}
		line += " request-id=" + r.RequestID + "\n"
	})
	s.logMu.Lock()
	defer s.logMu.Unlock()
	_, _ = io.WriteString(s.options.Log, line) // A log that cannot be written must not fail a request.
}
