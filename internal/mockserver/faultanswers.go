// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	hugeBodySize  = 2 << 20
	timestampSlip = 10 * time.Minute
	slowDripPause = 20 * time.Millisecond
	unknownKeyID  = "PUB_KEY_ID_0100000000000000000000000000"
	probePrefix   = "WECHATPAY/SIGNTEST/"
	// strayBytes contain the sample phone number, which must not get into a log.
	strayBytes = "phone_number=13800138000\r\n"
)

// fail answers, or does not answer, a request that a fault has hit.
func (s *Server) fail(e *exchange, f *Fault, o outcome) {
	if !f.AfterWork && f.Kind != FaultSlowDrip && !s.wait(e, f.Delay) {
		return
	}
	if f.Kind == FaultDelay {
		a := s.work(e, true, o)
		if !f.AfterWork || s.wait(e, f.Delay) {
			s.send(e, f.Header, a)
		}
		return
	}
	if f.Kind == FaultOtherCard {
		e.answerForOtherCard = true
	}
	a := s.work(e, f.AfterWork, o)
	if f.AfterWork && f.Kind != FaultSlowDrip && !s.wait(e, f.Delay) {
		return
	}
	switch f.Kind {
	case FaultHang:
		s.hang(e)
	case FaultCutConnection:
		cut(e.w)
	case FaultStatus:
		s.failStatus(e, f)
	case FaultAccepted:
		s.send(e, f.Header, answer{status: http.StatusAccepted, body: f.Body, contentType: f.ContentType})
	case FaultNoContent:
		s.send(e, f.Header, answer{status: http.StatusNoContent})
	case FaultRedirect:
		s.redirect(e, f)
	case FaultTruncated, FaultSlowDrip:
		s.sendPartly(e, f, a)
	case FaultHugeBody:
		a.body = append(a.body, bytes.Repeat([]byte(" "), max(0, hugeBodySize-len(a.body)))...)
		s.send(e, f.Header, a)
	case FaultMalformedJSON:
		s.send(e, f.Header, corrupt(f, `{"user_card_code":"478515832665","card_id"`))
	case FaultOtherShape:
		s.send(e, f.Header, corrupt(f, `{"result":{"ok":true},"items":[1,2,3]}`))
	case FaultOtherCard:
		s.send(e, f.Header, a)
	case FaultIDsOnly:
		s.send(e, f.Header, changeFields(a, keepIDs))
	case FaultChangedFields:
		s.send(e, f.Header, changeFields(a, f.changeFields))
	case FaultStrayBytes:
		s.sendWithStrayBytes(e, f, a)
	default:
		s.sendForged(e, f, a)
	}
}

// answerForOtherCard changes an outcome so that it describes another card or
// another template. Its cards and template are copies of what is stored.
func (o *outcome) answerForOtherCard() {
	var cards []*Card
	if o.card != nil {
		cards = append(cards, o.card)
	}
	if o.page != nil {
		for i := range o.page.cards {
			cards = append(cards, &o.page.cards[i])
		}
	}
	for _, card := range cards {
		card.UserCardCode = another(card.UserCardCode)
		card.OpenID = OpenIDUnder("", "another user")
	}
	if o.template != nil {
		o.template.CardID = another(o.template.CardID)
	}
	if o.templates != nil {
		for i := range o.templates.templates {
			o.templates.templates[i].CardID = another(o.templates.templates[i].CardID)
		}
	}
}

// another returns an id that differs from the one given and is no longer than
// ids may be.
func another(id string) string { return "OTHER" + id[:min(len(id), limitID-len("OTHER"))] }

// wait waits for d. It returns false when the client disconnected or the server
// closed before.
func (s *Server) wait(e *exchange, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-e.r.Context().Done():
	case <-s.closing:
	}
	cut(e.w)
	return false
}

func (s *Server) hang(e *exchange) {
	select {
	case <-e.r.Context().Done():
	case <-s.closing:
	}
	cut(e.w)
}

// cut resets the connection, so that the client sees an error instead of a
// regular end of the stream.
func cut(w http.ResponseWriter) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := connection.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // On an error the connection is closed regularly.
	}
	_ = connection.Close()
}

func (s *Server) failStatus(e *exchange, f *Fault) {
	if f.Code == "" && (f.Status != 0 || f.Body != nil) {
		status := f.Status
		if status == 0 {
			status = http.StatusBadGateway
		}
		contentType := f.ContentType
		if contentType == "" && len(f.Body) > 0 {
			contentType = "text/html"
		}
		s.sendUnsigned(e, f.Header, answer{status: status, body: f.Body, contentType: contentType})
		return
	}
	r := &apiError{status: f.Status, code: f.Code, message: f.Message, detail: f.Detail}
	if r.status == 0 {
		r.status = http.StatusInternalServerError
	}
	setDefault(&r.code, codeSystem)
	if r.code == codeSystem {
		setDefault(&r.message, messageSystem)
	}
	a := s.renderError(r)
	switch f.Signing {
	case NotSigned:
		s.sendUnsigned(e, f.Header, a)
	case SignedWrongly:
		wrong := *f
		wrong.Kind = FaultBadSignature
		s.sendForged(e, &wrong, a)
	default:
		s.send(e, f.Header, a)
	}
}

func (s *Server) redirect(e *exchange, f *Fault) {
	status, location := f.Status, f.Location
	if status == 0 {
		status = http.StatusTemporaryRedirect
	}
	setDefault(&location, s.URL()+"/redirected")
	e.w.Header().Set("Location", location)
	s.sendUnsigned(e, f.Header, answer{status: status})
}

func corrupt(f *Fault, body string) answer {
	if f.Body != nil {
		body = string(f.Body)
	}
	return answer{status: http.StatusOK, contentType: jsonType, body: []byte(body)}
}

// sendForged sends an answer whose signature headers are wrong as the fault says.
func (s *Server) sendForged(e *exchange, f *Fault, a answer) {
	header, now := e.w.Header(), s.options.Now()
	at, signed := now, a.body
	key := e.mode.answerKey
	switch f.Kind {
	case FaultOtherKey:
		key = e.mode.otherKey
	case FaultRewritten:
		a.body = indent(a.body)
	case FaultOldTimestamp:
		at = now.Add(-timestampSlip)
	case FaultFutureTimestamp:
		at = now.Add(timestampSlip)
	case FaultBadSignature:
		signed = append([]byte("forged"), a.body...)
	}
	if err := e.mode.signWith(key, header, signed, at); err != nil {
		cut(e.w)
		return
	}
	switch f.Kind {
	case FaultNoSignatureHeaders:
		for _, name := range []string{headerTimestamp, headerNonce, headerSignature, headerSerial, headerSignatureType} {
			header.Del(name)
		}
	case FaultMissingSignature:
		header.Del(headerSignature)
	case FaultProbeSignature:
		header.Set(headerSignature, probePrefix+strings.TrimPrefix(header.Get(headerSignature), "/")[:344-len(probePrefix)])
	case FaultWrongSerial:
		header.Set(headerSerial, unknownKeyID)
	}
	s.sendUnsigned(e, f.Header, a)
}

// sendPartly sends only a part of an answer, or all of it very slowly.
func (s *Server) sendPartly(e *exchange, f *Fault, a answer) {
	if err := e.mode.sign(e.w.Header(), a.body, s.options.Now()); err != nil {
		cut(e.w)
		return
	}
	body := a.body
	a.body = nil
	e.w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	s.sendUnsigned(e, f.Header, a)
	controller := http.NewResponseController(e.w)
	if f.Kind == FaultTruncated {
		if _, err := e.w.Write(body[:len(body)/2]); err == nil {
			_ = controller.Flush() // An error means that the client disconnected.
		}
		cut(e.w)
		return
	}
	pause := f.Delay
	if pause == 0 {
		pause = slowDripPause
	}
	for i := range body {
		if _, err := e.w.Write(body[i : i+1]); err != nil || controller.Flush() != nil || !s.wait(e, pause) {
			return
		}
	}
}

// changeFields applies change to the object of an answer, and then to every
// element of its data when it is a list. Error answers stay as they are.
func changeFields(a answer, change func(o map[string]any, isList bool)) answer {
	var body map[string]any
	if a.status != http.StatusOK || json.Unmarshal(a.body, &body) != nil {
		return a
	}
	elements, isList := body["data"].([]any)
	change(body, isList)
	for _, element := range elements {
		if card, ok := element.(map[string]any); ok {
			change(card, false)
		}
	}
	a.body = encodeJSON(body)
	return a
}

func keepIDs(card map[string]any, isList bool) {
	if isList {
		return
	}
	maps.DeleteFunc(card, func(name string, _ any) bool {
		return !slices.Contains([]string{"brand_id", "card_id", "user_card_code", "openid"}, name)
	})
}

// changeFields changes the fields that a list has, and all fields of anything
// else.
func (f *Fault) changeFields(o map[string]any, isList bool) {
	for name, value := range f.Fields {
		_, has := o[name]
		switch {
		case isList && !has:
		case value == nil:
			delete(o, name)
		default:
			o[name] = value
		}
	}
}

// indent writes JSON in another layout; other text gets a line end.
func indent(body []byte) []byte {
	var buffer bytes.Buffer
	if err := json.Indent(&buffer, body, "", "  "); err != nil {
		return append(slices.Clone(body), '\n')
	}
	return buffer.Bytes()
}

// sendWithStrayBytes writes a whole answer, and more bytes behind it, to the
// connection itself: net/http's own writer would not.
func (s *Server) sendWithStrayBytes(e *exchange, f *Fault, a answer) {
	header := e.w.Header()
	if err := e.mode.sign(header, a.body, s.options.Now()); err != nil {
		cut(e.w)
		return
	}
	s.requests.update(e.entry, func(r *Request) { r.Status, r.Code = a.status, a.code })
	connection, buffered, err := http.NewResponseController(e.w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	defer func() { _ = connection.Close() }() // Everything has been written by then.
	header.Set("Content-Length", strconv.Itoa(len(a.body)))
	header.Set("Content-Type", a.contentType)
	for name, values := range f.Header {
		header[http.CanonicalHeaderKey(name)] = values
	}
	stray := f.Body
	if stray == nil {
		stray = []byte(strayBytes)
	}
	_, _ = fmt.Fprintf(buffered, "HTTP/1.1 %d %s\r\n", a.status, http.StatusText(a.status))
	_ = header.Write(buffered)
	_, _ = buffered.WriteString("\r\n" + string(a.body) + string(stray))
	_ = buffered.Flush() // bufio keeps the first error; it means that the client disconnected.
}
