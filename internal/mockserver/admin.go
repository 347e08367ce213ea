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

// adminHandler serves the administration: see the package comment.
func (s *Server) adminHandler() http.Handler {
	mux := http.NewServeMux()
	handle := func(pattern string, handler func(*http.Request) (any, error)) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			value, err := handler(r)
			writeAdmin(w, value, err)
		})
	}
	handle("GET /cards", func(*http.Request) (any, error) { return s.Cards(), nil })
	handle("POST /cards", s.adminPutCard)
	handle("GET /cards/{brand}/{card}/{code}", s.adminGetCard)
	handle("POST /cards/{brand}/{card}/{code}", s.adminChangeCard)
	handle("DELETE /cards/{brand}/{card}/{code}", s.adminDeleteCard)
	handle("POST /cards/{brand}/{card}/{code}/state", s.adminSetState)
	handle("GET /templates", func(*http.Request) (any, error) { return s.Templates(), nil })
	handle("POST /templates", s.adminPutTemplate)
	handle("GET /templates/{card}", s.adminGetTemplate)
	handle("POST /templates/{card}", s.adminChangeTemplate)
	handle("DELETE /templates/{card}", s.adminDeleteTemplate)
	handle("POST /templates/{card}/state", s.adminSetTemplateState)
	handle("GET /pictures", func(*http.Request) (any, error) { return s.Pictures(), nil })
	handle("GET /requests/counts", func(*http.Request) (any, error) { return s.RequestCounts(), nil })
	handle("GET /requests", func(*http.Request) (any, error) { return s.Requests(), nil })
	handle("DELETE /requests", func(*http.Request) (any, error) { s.ResetRequests(); return nil, nil })
	handle("GET /faults", func(*http.Request) (any, error) { return s.adminFaults(), nil })
	handle("POST /faults", s.adminInject)
	handle("DELETE /faults", func(*http.Request) (any, error) { s.ClearFaults(); return nil, nil })
	handle("GET /openid", func(r *http.Request) (any, error) {
		query := r.URL.Query()
		appID := query.Get("appid")
		setDefault(&appID, s.options.AppID)
		return map[string]string{"openid": OpenIDUnder(appID, query.Get("phone_number"))}, nil
	})
	handle("POST /reset", func(*http.Request) (any, error) {
		s.ClearFaults()
		s.ResetRequests()
		return nil, s.resetState()
	})
	return mux
}

// errNoCard and errNoTemplate answer 404; every other error answers 400.
var (
	errNoCard     = errors.New("there is no such card")
	errNoTemplate = errors.New("there is no such card template")
)

func writeAdmin(w http.ResponseWriter, value any, err error) {
	if err != nil {
		status := http.StatusBadRequest
		if errors.Is(err, errNoCard) || errors.Is(err, errNoTemplate) {
			status = http.StatusNotFound
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
