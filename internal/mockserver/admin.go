// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// adminCall is one call of the administration.
type adminCall struct {
	// pattern is as [http.ServeMux] takes it.
	pattern string
	// does and example are for the page that lists the calls; example is a body.
	does, example string
	handle        func(*http.Request) (any, error)
}

// adminCalls are all calls of the administration.
func (s *Server) adminCalls() []adminCall {
	return []adminCall{
		{"GET /cards", "list the cards", "", func(*http.Request) (any, error) { return s.Cards(), nil }},
		{
			"POST /cards", "add a card, as if somebody else had imported it",
			`{"brand_id": "1004", "card_id": "…", "user_card_code": "1001", "phone_number": "13800138000", "user_card_state": "UNACTIVATED"}`,
			s.adminPutCard,
		},
		{"GET /cards/{brand}/{card}/{code}", "one card", "", s.adminGetCard},
		{
			"POST /cards/{brand}/{card}/{code}", "change a card, as if somebody else had: only the members sent change",
			`{"level": "钻石会员"}`, s.adminChangeCard,
		},
		{"DELETE /cards/{brand}/{card}/{code}", "remove a card: reading it then answers 404", "", s.adminDeleteCard},
		{
			"POST /cards/{brand}/{card}/{code}/state", "change the state of a card",
			`{"user_card_state": "INVALID", "invalid_reason": "退会"}`, s.adminSetState,
		},
		{"GET /templates", "list the card templates", "", func(*http.Request) (any, error) { return s.Templates(), nil }},
		{"POST /templates", "add or replace a card template", `{"brand_id": "1004", "card_id": "pbNew", "card_title": "会员卡"}`, s.adminPutTemplate},
		{"GET /templates/{card}", "one card template", "", s.adminGetTemplate},
		{
			"POST /templates/{card}", "change a card template, as if somebody else had: only the members sent change",
			`{"card_title": "金卡"}`, s.adminChangeTemplate,
		},
		{"DELETE /templates/{card}", "remove a card template; its cards stay", "", s.adminDeleteTemplate},
		{"POST /templates/{card}/state", "change the state of a card template", `{"state": "CARD_INVALID"}`, s.adminSetTemplateState},
		{"GET /pictures", "list the pictures that were uploaded, without their bytes", "", func(*http.Request) (any, error) { return s.Pictures(), nil }},
		{
			"POST /phones", "set whether a WeChat account is bound to a phone number",
			`{"phone_number": "13800138000", "bound": false}`, s.adminSetPhone,
		},
		{
			"POST /openids", "set whether an openid is valid: import-by-openid refuses one that is not",
			`{"openid": "o…", "valid": false}`, s.adminSetOpenID,
		},
		{"GET /openid", "the openid of ?phone_number=13800138000; &appid=… for another AppID than the default", "", s.adminOpenID},
		{"GET /requests", "every request received, in order, decrypted", "", func(*http.Request) (any, error) { return s.Requests(), nil }},
		{"GET /requests/counts", "how many requests of each call were received", "", func(*http.Request) (any, error) { return s.RequestCounts(), nil }},
		{"DELETE /requests", "empty the log of requests", "", func(*http.Request) (any, error) { s.ResetRequests(); return nil, nil }},
		{"GET /faults", "the active faults, and how many requests each has hit", "", func(*http.Request) (any, error) { return s.adminFaults(), nil }},
		{
			"POST /faults", "make the next matching requests fail",
			`{"kind": "status", "status": 500, "code": "SYSTEM_ERROR", "operation": "import-by-phone", "count": 3}`, s.adminInject,
		},
		{"DELETE /faults", "remove all faults", "", func(*http.Request) (any, error) { s.ClearFaults(); return nil, nil }},
		{"POST /reset", "restore the state at the start, without faults and requests", "", s.adminReset},
	}
}

// adminHandler serves the administration. Bodies are limited like those of the
// API.
func (s *Server) adminHandler() http.Handler {
	mux := http.NewServeMux()
	for _, call := range s.adminCalls() {
		mux.HandleFunc(call.pattern, func(w http.ResponseWriter, r *http.Request) {
			r.Body = http.MaxBytesReader(w, r.Body, maxRequestBody)
			value, err := call.handle(r)
			writeAdmin(w, value, err)
		})
	}
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, s.adminPage()) // An error means that the client disconnected.
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		writeAdmin(w, nil, fmt.Errorf("%w: %s lists those there are", errNoAdminCall, s.AdminURL()))
	})
	return mux
}

func (s *Server) adminSetPhone(r *http.Request) (any, error) {
	var sent struct {
		PhoneNumber string `json:"phone_number"`
		Bound       *bool  `json:"bound"`
	}
	if err := readStrict(r.Body, &sent); err != nil {
		return nil, err
	}
	if phoneIssue(sent.PhoneNumber) != "" || sent.Bound == nil {
		return nil, errors.New("phone_number, as in 13800138000, and bound are needed")
	}
	s.SetPhoneBound(sent.PhoneNumber, *sent.Bound)
	return nil, nil
}

func (s *Server) adminSetOpenID(r *http.Request) (any, error) {
	var sent struct {
		OpenID string `json:"openid"`
		Valid  *bool  `json:"valid"`
	}
	if err := readStrict(r.Body, &sent); err != nil {
		return nil, err
	}
	if sent.OpenID == "" || sent.Valid == nil {
		return nil, errors.New("openid and valid are needed")
	}
	s.SetOpenIDValid(sent.OpenID, *sent.Valid)
	return nil, nil
}

func (s *Server) adminOpenID(r *http.Request) (any, error) {
	query := r.URL.Query()
	appID := query.Get("appid")
	setDefault(&appID, s.options.AppID)
	return map[string]string{"openid": OpenIDUnder(appID, query.Get("phone_number"))}, nil
}

func (s *Server) adminReset(*http.Request) (any, error) {
	s.ClearFaults()
	s.ResetRequests()
	return nil, s.resetState()
}

// These errors answer 404; a body that is too large answers 413, and every other
// error 400.
var (
	errNoCard      = errors.New("there is no such card")
	errNoTemplate  = errors.New("there is no such card template")
	errNoAdminCall = errors.New("there is no such call")
)

func writeAdmin(w http.ResponseWriter, value any, err error) {
	if err != nil {
		status := http.StatusBadRequest
		var tooLarge *http.MaxBytesError
		switch {
		case errors.Is(err, errNoCard), errors.Is(err, errNoTemplate), errors.Is(err, errNoAdminCall):
			status = http.StatusNotFound
		case errors.As(err, &tooLarge):
			status = http.StatusRequestEntityTooLarge
		}
		w.Header().Set("Content-Type", jsonType)
		w.WriteHeader(status)
		_, _ = w.Write(append(encodeJSON(map[string]string{"error": err.Error()}), '\n'))
		return
	}
	if value == nil {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.Header().Set("Content-Type", jsonType)
	_, _ = w.Write(append(encodeJSON(value), '\n'))
}

// readStrict decodes one JSON value; an unknown member is an error. Fields of
// value that the JSON does not name keep what they have.
func readStrict(r io.Reader, value any) error {
	decoder := json.NewDecoder(r)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(value); err != nil {
		return err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is more after the JSON value")
	}
	return nil
}

func adminCardKey(r *http.Request) cardKey {
	return cardKey{r.PathValue("brand"), r.PathValue("card"), r.PathValue("code")}
}

func (s *Server) adminCard(key cardKey) (any, error) {
	card, ok := s.Card(key.brandID, key.cardID, key.code)
	if !ok {
		return nil, errNoCard
	}
	return card, nil
}

func (s *Server) adminGetCard(r *http.Request) (any, error) { return s.adminCard(adminCardKey(r)) }

func (s *Server) adminPutCard(r *http.Request) (any, error) {
	var card Card
	if err := readStrict(r.Body, &card); err != nil {
		return nil, err
	}
	if err := s.PutCard(card); err != nil {
		return nil, err
	}
	return s.adminCard(card.key())
}

func (s *Server) adminChangeCard(r *http.Request) (any, error) {
	key := adminCardKey(r)
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	return s.adminChange(key, func(card *Card) error { return readStrict(bytes.NewReader(body), card) })
}

func (s *Server) adminSetState(r *http.Request) (any, error) {
	var sent struct {
		State  string `json:"user_card_state"`
		Reason string `json:"invalid_reason"`
	}
	if err := readStrict(r.Body, &sent); err != nil {
		return nil, err
	}
	return s.adminChange(adminCardKey(r), func(card *Card) error {
		card.State, card.InvalidReason, card.InvalidTime = sent.State, sent.Reason, time.Time{}
		if sent.State == StateInvalid {
			card.InvalidTime = s.stamp(s.options.Now())
		}
		return nil
	})
}

func (s *Server) adminChange(key cardKey, change func(*Card) error) (any, error) {
	if _, ok := s.Card(key.brandID, key.cardID, key.code); !ok {
		return nil, errNoCard
	}
	var changeErr error
	err := s.ChangeCard(key.brandID, key.cardID, key.code, func(card *Card) {
		changed := card.clone()
		if changeErr = change(&changed); changeErr == nil {
			*card = changed
		}
	})
	if err := errors.Join(changeErr, err); err != nil {
		return nil, err
	}
	return s.adminCard(key)
}

func (s *Server) adminDeleteCard(r *http.Request) (any, error) {
	key := adminCardKey(r)
	if !s.DeleteCard(key.brandID, key.cardID, key.code) {
		return nil, errNoCard
	}
	return nil, nil
}

// faultJSON is a [Fault] in JSON: Body is text and Delay as in "1.5s".
type faultJSON struct {
	Operation    Operation      `json:"operation,omitempty"`
	UserCardCode string         `json:"user_card_code,omitempty"`
	Skip         int            `json:"skip,omitempty"`
	Count        int            `json:"count,omitempty"`
	Probability  float64        `json:"probability,omitempty"`
	Seed         uint64         `json:"seed,omitempty"`
	AfterWork    bool           `json:"after_work,omitempty"`
	Kind         FaultKind      `json:"kind"`
	Status       int            `json:"status,omitempty"`
	Code         string         `json:"code,omitempty"`
	Message      string         `json:"message,omitempty"`
	Detail       map[string]any `json:"detail,omitempty"`
	Signing      Signing        `json:"signing,omitempty"`
	Fields       map[string]any `json:"fields,omitempty"`
	Header       http.Header    `json:"header,omitempty"`
	Body         *string        `json:"body,omitempty"`
	ContentType  string         `json:"content_type,omitempty"`
	Delay        string         `json:"delay,omitempty"`
	Location     string         `json:"location,omitempty"`
	// Hits is how many requests the fault has hit. Only in answers.
	Hits int `json:"hits,omitempty"`
}

func (s *Server) adminInject(r *http.Request) (any, error) {
	var sent faultJSON
	if err := readStrict(r.Body, &sent); err != nil {
		return nil, err
	}
	f := Fault{
		Operation: sent.Operation, UserCardCode: sent.UserCardCode, Skip: sent.Skip, Count: sent.Count,
		Probability: sent.Probability, Seed: sent.Seed, AfterWork: sent.AfterWork, Kind: sent.Kind,
		Status: sent.Status, Code: sent.Code, Message: sent.Message, Detail: sent.Detail, Header: sent.Header,
		Signing: sent.Signing, Fields: sent.Fields,
		ContentType: sent.ContentType, Location: sent.Location,
	}
	if sent.Body != nil {
		f.Body = []byte(*sent.Body)
	}
	if sent.Delay != "" {
		delay, err := time.ParseDuration(sent.Delay)
		if err != nil {
			return nil, fmt.Errorf("delay: %w", err)
		}
		f.Delay = delay
	}
	return nil, s.inject(f)
}

func (s *Server) adminFaults() []faultJSON {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	list := []faultJSON{}
	for _, a := range s.faults.list {
		f := faultJSON{
			Operation: a.Operation, UserCardCode: a.UserCardCode, Skip: a.Skip, Count: a.Count,
			Probability: a.Probability, Seed: a.Seed, AfterWork: a.AfterWork, Kind: a.Kind,
			Status: a.Status, Code: a.Code, Message: a.Message, Detail: a.Detail, Header: a.Header,
			Signing: a.Signing, Fields: a.Fields,
			ContentType: a.ContentType, Location: a.Location, Hits: a.hits,
		}
		if a.Body != nil {
			body := string(a.Body)
			f.Body = &body
		}
		if a.Delay > 0 {
			f.Delay = a.Delay.String()
		}
		list = append(list, f)
	}
	return list
}
