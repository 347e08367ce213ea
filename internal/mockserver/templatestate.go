// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"fmt"
	"maps"
	"slices"
)

// origin is how a template came to be.
type origin struct {
	// serial is its place in the order in which templates were made.
	serial int
	// request is the body of the call that made it; nil when it was put there
	// from outside.
	request map[string]any
}

// storeTemplate adds a template or replaces the one of its id. The caller holds s.mu.
func (s *Server) storeTemplate(t Template, request map[string]any) {
	if _, known := s.origins[t.CardID]; !known {
		s.created++
		s.origins[t.CardID] = origin{serial: s.created, request: request}
	}
	s.templates[t.CardID] = t
}

// SetTemplate adds a card template or replaces the one with the same id. It
// panics for an invalid one, which is a mistake in a test.
func (s *Server) SetTemplate(t Template) {
	if err := s.setTemplate(t); err != nil {
		panic("mockserver: " + err.Error())
	}
}

func (s *Server) setTemplate(t Template) error {
	t = t.withDefaults(s.options.AppID)
	if err := t.validate(); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.storeTemplate(t, nil)
	return nil
}

// DeleteTemplate removes a card template; its cards stay. It reports whether
// there was one.
func (s *Server) DeleteTemplate(cardID string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.templates[cardID]
	delete(s.templates, cardID)
	delete(s.origins, cardID)
	return ok
}

// Templates returns copies of all card templates, sorted by id.
func (s *Server) Templates() []Template {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Template, 0, len(s.templates))
	for _, id := range slices.Sorted(maps.Keys(s.templates)) {
		list = append(list, s.templates[id].clone())
	}
	return list
}

// Template is a copy of one card template.
func (s *Server) Template(cardID string) (Template, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, ok := s.templates[cardID]
	return t.clone(), ok
}

// ChangeTemplate changes a card template as if somebody else had. The function
// gets the template as it is stored and must not call the server; modify_time
// moves to now unless the function sets it. The ids of a template cannot change.
func (s *Server) ChangeTemplate(cardID string, change func(*Template)) error {
	now := s.stamp(s.options.Now())
	s.mu.Lock()
	defer s.mu.Unlock()
	old, ok := s.templates[cardID]
	if !ok {
		return fmt.Errorf("there is no template %s", cardID)
	}
	t := old.clone()
	change(&t)
	if t.CardID != old.CardID || t.BrandID != old.BrandID {
		return fmt.Errorf("template %s: its ids cannot change", cardID)
	}
	if t.ModifyTime.Equal(old.ModifyTime) {
		t.ModifyTime = now
	}
	if err := t.validate(); err != nil {
		return err
	}
	s.templates[cardID] = t.clone()
	if old.State != t.State {
		s.endCards(t)
	}
	return nil
}

// SetTemplateState makes a card template effective or invalid, as if somebody
// else had: WeChat Pay itself only goes one way.
func (s *Server) SetTemplateState(cardID, state string) error {
	return s.ChangeTemplate(cardID, func(t *Template) { t.State = state })
}
