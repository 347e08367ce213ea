// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"cmp"
	"context"
	"sync"
	"sync/atomic"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/phonenumber"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// runState is what the resources of one run tell one another, so that two of them never
// stand for one member and none adopts what another has just made or let go.
// It holds phone numbers in memory alone. Its zero value is ready; it is safe for concurrent use.
type runState struct {
	mu        sync.Mutex
	planned   map[claim]holder
	created   map[claim]holder
	leaving   map[claim][]departure
	arriving  map[claim][]arrival
	letGo     []letGoCard
	takenOver []letGoCard
	templates map[templateKey]*templateLookup
}

// claim is what only one resource of a run may have under one card template.
type claim struct {
	brandID, cardID string
	what            string // attrUserCardCode or attrPhoneNumber
	value           string
}

const attrUserCardCode = "user_card_code"

// holder is the resource that has a claim. Terraform gives a provider no address, so
// instance, a random token, tells resources apart and id names them to people.
type holder struct {
	instance string
	id       string
}

// name is the id for people; a resource may have none before it is applied.
func (h holder) name() string { return cmp.Or(h.id, "one whose code is not known yet") }

// letGoCard is a card that this run has taken out of the state, or has taken over unverified.
type letGoCard struct {
	brandID, cardID, userCardCode string
	// openID is empty where it is unknown.
	openID string
	// phone is empty where the phone number is not in the state (write-only).
	phone  wechatpay.Personal
	masked string
}

// plan claims a code or a phone number for a planned resource. The resource that has it
// already is returned with false. Planning the same resource twice is fine: Terraform does
// so with a replacement.
func (s *runState) plan(c claim, by holder) (holder, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return take(&s.planned, c, by)
}

// create claims a code or a phone number for a card that is about to be imported.
func (s *runState) create(c claim, by holder) (holder, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return take(&s.created, c, by)
}

func take(claims *map[claim]holder, c claim, by holder) (holder, bool) {
	if *claims == nil {
		*claims = map[claim]holder{}
	}
	if has, taken := (*claims)[c]; taken && has.instance != by.instance {
		return has, false
	}
	(*claims)[c] = by
	return by, true
}

// createdBy is the resource that has imported, or taken over, the member with a claim in this run.
func (s *runState) createdBy(c claim) (holder, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	by, ok := s.created[c]
	return by, ok
}

// release remembers a card that this run has let go.
func (s *runState) release(card letGoCard) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.letGo = append(s.letGo, card)
}

// takeOver remembers a card that this run has taken over without reading it.
func (s *runState) takeOver(card letGoCard) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.takenOver = append(s.takenOver, card)
}

// hasLetGo is the card that this run has let go under another code and that has, or may
// have, the phone number of card.
func (s *runState) hasLetGo(card letGoCard) (letGoCard, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return mayShareMember(s.letGo, card)
}

// letGoUnder is the card that this run has let go under the code of card.
func (s *runState) letGoUnder(card letGoCard) (letGoCard, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, other := range s.letGo {
		if other.brandID == card.brandID && other.cardID == card.cardID && other.userCardCode == card.userCardCode {
			return other, true
		}
	}
	return letGoCard{}, false
}

// hasTakenOver is the reverse of hasLetGo: whether this run has taken over, unverified, a card under
// another code that has, or may have, the phone number of card.
func (s *runState) hasTakenOver(card letGoCard) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, shares := mayShareMember(s.takenOver, card)
	return shares
}

func mayShareMember(cards []letGoCard, card letGoCard) (letGoCard, bool) {
	for _, other := range cards {
		if other.brandID != card.brandID || other.cardID != card.cardID || other.userCardCode == card.userCardCode {
			continue
		}
		if other.samePhone(card) {
			return other, true
		}
	}
	return letGoCard{}, false
}

// samePhone reports whether two cards have, or may have, one phone number: where that of
// either is not known, what is left of it under its mask is compared.
func (c letGoCard) samePhone(other letGoCard) bool {
	if c.phone != "" && other.phone != "" {
		return c.phone == other.phone
	}
	return c.masked != "" && c.masked == other.masked
}

// otherPhone reports whether two cards certainly have different phone numbers.
func (c letGoCard) otherPhone(other letGoCard) bool {
	return c.masked != "" && other.masked != "" && !c.samePhone(other)
}

// cardOf is m as the run remembers it.
func cardOf(m *model, phone wechatpay.Personal) letGoCard {
	card := letGoCard{brandID: text(m.BrandID), cardID: text(m.CardID), userCardCode: text(m.UserCardCode), openID: text(m.OpenID), phone: phone}
	if phone != "" {
		card.masked = phonenumber.Mask(phone.Reveal())
	} else {
		card.masked = text(m.PhoneNumberMasked)
	}
	return card
}

type templateKey struct{ brandID, cardID string }

// templateLookup is one template's look-up of this run.
type templateLookup struct {
	once     sync.Once
	template *wechatpay.CardTemplate
	err      error
	warned   atomic.Bool
}

// template looks a card template up, once a run.
func (s *runState) template(ctx context.Context, client wechatpay.API, key templateKey) *templateLookup {
	s.mu.Lock()
	lookup, ok := s.templates[key]
	if !ok {
		if s.templates == nil {
			s.templates = map[templateKey]*templateLookup{}
		}
		lookup = &templateLookup{}
		s.templates[key] = lookup
	}
	s.mu.Unlock()
	lookup.once.Do(func() {
		lookup.template, lookup.err = client.GetCardTemplate(ctx, key.brandID, key.cardID)
	})
	return lookup
}

// firstWarning is true the first time that it is asked.
func (l *templateLookup) firstWarning() bool { return !l.warned.Swap(true) }
