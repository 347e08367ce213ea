// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"slices"
)

// resetState restores the cards, templates and unbound phones of the options,
// and forgets the pictures.
// It keeps requests, faults and nonces.
func (s *Server) resetState() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cards, s.templates = map[cardKey]Card{}, map[string]Template{}
	s.origins, s.pictures = map[string]origin{}, nil
	s.unbound, s.invalidOpenIDs = map[string]bool{}, map[string]bool{}
	for _, openID := range s.options.InvalidOpenIDs {
		s.invalidOpenIDs[openID] = true
	}
	for _, t := range s.options.Templates {
		t = t.withDefaults(s.options.AppID)
		if err := t.validate(); err != nil {
			return err
		}
		if _, twice := s.templates[t.CardID]; twice {
			return fmt.Errorf("template %s comes twice", t.CardID)
		}
		s.storeTemplate(t, nil)
	}
	for _, phone := range s.options.UnboundPhones {
		if phoneIssue(phone) != "" {
			return fmt.Errorf("an unbound phone number is not a phone number")
		}
		s.unbound[samePhone(phone)] = true
	}
	for _, card := range s.options.Cards {
		if err := s.putCard(card); err != nil {
			return err
		}
	}
	return nil
}

// OpenID returns the openid of a phone number under the default AppID. The
// same phone number always has the same openid.
func (s *Server) OpenID(phone string) string { return OpenIDUnder(s.options.AppID, phone) }

// OpenIDUnder returns the openid of a phone number under a template's AppID.
// The same phone number always has the same openid under one AppID.
func OpenIDUnder(appID, phone string) string {
	mac := hmac.New(sha256.New, []byte(appID))
	mac.Write([]byte(samePhone(phone)))
	return "o" + base64.RawURLEncoding.EncodeToString(mac.Sum(nil))[:27]
}

// Cards returns copies of all cards as answers show them now, sorted by brand,
// template and code.
func (s *Server) Cards() []Card {
	now := s.options.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]Card, 0, len(s.cards))
	for _, card := range s.cards {
		list = append(list, card.asOf(now))
	}
	slices.SortFunc(list, compareCards)
	return list
}

// Card returns a copy of one card as answers show it now.
func (s *Server) Card(brandID, cardID, code string) (Card, bool) {
	now := s.options.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	card, ok := s.cards[cardKey{brandID, cardID, code}]
	return card.asOf(now), ok
}

// PutCard adds a card as if somebody else had imported it. Empty fields that a
// card must have are filled in: the openid of the phone number (or one derived
// from the code), the template's type and validity, EFFECTIVE, and the current
// time. A card that exists already is an error.
func (s *Server) PutCard(card Card) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.putCard(card)
}

func (s *Server) putCard(card Card) error {
	card = card.clone()
	now := s.stamp(s.options.Now())
	t := s.templates[card.CardID]
	if t.BrandID != card.BrandID {
		t = Template{}.withDefaults(s.options.AppID)
	}
	setDefault(&card.CardType, t.CardType)
	setDefault(&card.State, StateEffective)
	if card.ValidDate.Type == "" {
		card.ValidDate = t.ValidDate
	}
	if card.OpenID == "" && card.PhoneNumber != "" {
		card.OpenID = OpenIDUnder(t.AppID, card.PhoneNumber)
	} else if card.OpenID == "" {
		card.OpenID = OpenIDUnder(t.AppID, "code "+card.UserCardCode)
	}
	if card.PickupTime.IsZero() {
		card.PickupTime = now
	}
	if card.CreateTime.IsZero() {
		card.CreateTime = now
	}
	if card.ModifyTime.IsZero() {
		card.ModifyTime = card.CreateTime
	}
	if err := card.validate(); err != nil {
		return err
	}
	if _, exists := s.cards[card.key()]; exists {
		return fmt.Errorf("card %s exists already", card.UserCardCode)
	}
	s.cards[card.key()] = card
	return nil
}

// ChangeCard changes a card as if somebody else had. The function gets the
// stored card and must not call the server. modify_time becomes now unless the
// function sets it. The ids of a card cannot change.
func (s *Server) ChangeCard(brandID, cardID, code string, change func(*Card)) error {
	now := s.stamp(s.options.Now())
	s.mu.Lock()
	defer s.mu.Unlock()
	key := cardKey{brandID, cardID, code}
	old, ok := s.cards[key]
	if !ok {
		return fmt.Errorf("there is no card %s", code)
	}
	card := old.clone()
	change(&card)
	if card.key() != key {
		return fmt.Errorf("card %s: its ids cannot change", code)
	}
	if card.ModifyTime.Equal(old.ModifyTime) {
		card.ModifyTime = now
	}
	if err := card.validate(); err != nil {
		return err
	}
	s.cards[key] = card.clone()
	return nil
}

// DeleteCard removes a card, so that reading it answers 404. It reports whether
// there was one.
func (s *Server) DeleteCard(brandID, cardID, code string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	key := cardKey{brandID, cardID, code}
	_, ok := s.cards[key]
	delete(s.cards, key)
	return ok
}

// SetPhoneBound sets whether a WeChat account is bound to a phone number.
func (s *Server) SetPhoneBound(phone string, bound bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.unbound[samePhone(phone)] = !bound
}

// SetOpenIDValid sets whether an openid is valid under the AppIDs of the card
// templates. An openid is, unless it was set otherwise.
func (s *Server) SetOpenIDValid(openID string, valid bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.invalidOpenIDs[openID] = !valid
}
