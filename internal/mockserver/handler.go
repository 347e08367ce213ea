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

// maxRequestBody is the most bytes that are read of a request's body: far more
// than any call needs but an upload.
const maxRequestBody = 1 << 20

func maxBody(operation Operation) int64 {
	if operation == OperationUploadImage {
		return maxUploadBody
	}
	return maxRequestBody
}

// exchange is one request together with what is needed to answer it.
type exchange struct {
	w     http.ResponseWriter
	r     *http.Request
	entry *Request
	mode  *mode
	call  *call
	// file is the picture of an upload.
	file *uploadedFile
	// answerForOtherCard makes the answer describe another card or template.
	answerForOtherCard bool
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if !s.begin() {
		panic(http.ErrAbortHandler)
	}
	defer s.running.Done()
	if r.URL.Path+"/" == adminPrefix {
		http.Redirect(w, r, adminPrefix, http.StatusFound)
		return
	}
	if strings.HasPrefix(r.URL.Path, adminPrefix) {
		s.admin.ServeHTTP(w, r)
		return
	}
	target := requestTarget(r)
	path, rawQuery, _ := strings.Cut(target, "?")
	rt, known := s.findRoute(r.Method, path)
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody(rt.operation)))
	var tooLarge *http.MaxBytesError
	if err != nil && !errors.As(err, &tooLarge) {
		return // The client disconnected before it had sent its request.
	}
	apiErr := checkHeaders(r, rt.operation, body)
	var file *uploadedFile
	if rt.operation == OperationUploadImage {
		// From here on the body is the part that is JSON and that is signed.
		var uploadErr *apiError
		if body, file, uploadErr = splitUpload(r.Header.Get("Content-Type"), body); apiErr == nil {
			apiErr = uploadErr
		}
	}
	e := &exchange{w: w, r: r, mode: rt.mode, entry: s.newEntry(r, rt, path, rawQuery, body), file: file}
	s.requests.add(e.entry)
	w.Header().Set(headerRequestID, e.entry.RequestID)
	defer s.logLine(e.entry)

	if tooLarge != nil {
		apiErr = refuseRules("the body is too large")
	}
	if apiErr == nil {
		apiErr = s.checkAuthorization(rt.mode, r.Header.Get("Authorization"), r.Method, target, body)
	}
	if apiErr == nil {
		apiErr = rt.mode.checkSerial(r.Header.Get(headerSerial))
	}
	if apiErr == nil && !rt.mode.rate.accept(s.options.Now()) {
		apiErr = s.refuseRate()
	}
	if apiErr == nil && !known {
		apiErr = &apiError{status: http.StatusNotFound, code: codeNotFound, message: messagePath}
	}
	if apiErr != nil {
		s.send(e, nil, s.renderError(apiErr))
		return
	}
	s.serveCall(e, rt, rawQuery, body)
}

// serveCall answers a request that is correctly signed and within the rate limit.
func (s *Server) serveCall(e *exchange, rt route, rawQuery string, body []byte) {
	c, apiErr := s.parseCall(rt, rawQuery, e.r.Header, body)
	if c != nil {
		c.file = e.file
		e.call = c
		s.requests.update(e.entry, func(r *Request) { r.Plain = c.body })
	}
	if notOpen := s.refuseNotOpen(rt.operation); notOpen != nil {
		apiErr = notOpen
	}
	if f := s.faults.pick(rt.operation, e.entry.UserCardCode); f != nil {
		s.requests.update(e.entry, func(r *Request) { r.Fault = f.Kind })
		s.fail(e, f, outcome{err: apiErr})
		return
	}
	s.send(e, nil, s.work(e, true, outcome{err: apiErr}))
}

// work processes the call and, if keep is set, stores what it changes. A call
// that was refused before stays refused.
func (s *Server) work(e *exchange, keep bool, o outcome) answer {
	if o.err == nil {
		o = s.decide(e, keep)
	}
	if e.answerForOtherCard {
		o.answerForOtherCard()
	}
	return s.render(e.mode, o)
}

func (s *Server) decide(e *exchange, keep bool) outcome {
	now := s.options.Now()
	s.mu.Lock()
	o := s.perform(e.call, now)
	if o.changed && keep {
		s.cards[o.card.key()] = o.card.clone()
	}
	if o.store != nil && keep {
		o.store()
	}
	s.mu.Unlock()
	if o.card != nil {
		current := o.card.asOf(now)
		o.card = &current
	}
	if o.err == nil && keep {
		s.requests.update(e.entry, func(r *Request) { r.WorkDone = true })
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
	// A malformed query is refused later; the log shows what could be parsed.
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
	if err := e.mode.sign(e.w.Header(), a.body, s.options.Now()); err != nil {
		cut(e.w)
		return
	}
	s.sendUnsigned(e, extra, a)
}

func (s *Server) sendUnsigned(e *exchange, extra http.Header, a answer) {
	// Recorded before it is sent, so that a test that has the answer finds it in the log.
	s.requests.update(e.entry, func(r *Request) { r.Status, r.Code = a.status, a.code })
	header := e.w.Header()
	if a.contentType != "" {
		header.Set("Content-Type", a.contentType)
	} else {
		header["Content-Type"] = nil // Otherwise net/http guesses one.
	}
	for name, values := range extra {
		header[http.CanonicalHeaderKey(name)] = values
	}
	e.w.WriteHeader(a.status)
	if len(a.body) > 0 {
		_, _ = e.w.Write(a.body) // An error means that the client disconnected.
	}
}

// logLine writes one line to the log. It contains no personal data: no path,
// because a path contains a card code, and no bodies.
func (s *Server) logLine(entry *Request) {
	if s.options.Log == nil {
		return
	}
	var line string
	s.requests.update(entry, func(r *Request) {
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
