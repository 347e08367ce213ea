// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Package registry is what the member resources of one run tell one another, so that two of
// them never manage one member, and none adopts what another has just made or released.
//
// Its rules are pure: it makes no call, stores nothing, and knows no Terraform type. It holds
// phone numbers in memory only.
package registry

import (
	"cmp"
	"sync"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// Kind says which value of a member a claim is on.
type Kind string

// The kinds of claims. Of two conflicts the one with the earlier kind says more.
const (
	UserCardCode Kind = "user_card_code"
	OpenID       Kind = "openid"
	PhoneNumber  Kind = "phone_number"
	// MaskedPhoneNumber stands in for a phone number that is in no state (write-only).
	MaskedPhoneNumber Kind = "phone_number_masked"
)

// Claim is a value that only one resource of a run may have under one card template.
type Claim struct {
	BrandID, CardID string
	Kind            Kind
	Value           string
}

// Owner is the resource that made a claim. Terraform gives a provider no address, so
// Instance, a random token, tells resources apart, and ID names them to people.
type Owner struct {
	Instance string
	ID       string
}

// Name is the id for people. A resource may have no id before it is applied.
func (o Owner) Name() string { return cmp.Or(o.ID, "one whose code is not known yet") }

// Registry is one run's. Its zero value is ready; it is safe for concurrent use.
type Registry struct {
	mu      sync.Mutex
	planned map[Claim]Owner
	created map[Claim]Owner
	deletes map[Claim][]PlannedDelete
	upserts map[Claim][]PlannedUpsert
	// released are cards that this run has taken out of the state.
	released []Card
	// unverified are cards that this run has adopted without reading them.
	unverified []Card
}

// New returns an empty registry.
func New() *Registry { return &Registry{} }

// ClaimPlanned makes a claim for a planned resource. ok is false where another resource has
// it: existing is that one. The same resource may claim twice, since Terraform plans a
// replacement twice.
func (r *Registry) ClaimPlanned(c Claim, requested Owner) (existing Owner, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return claim(&r.planned, c, requested)
}

// ClaimCreated makes a claim for a card that is about to be imported, as ClaimPlanned does.
func (r *Registry) ClaimCreated(c Claim, requested Owner) (existing Owner, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return claim(&r.created, c, requested)
}

func claim(claims *map[Claim]Owner, c Claim, requested Owner) (Owner, bool) {
	if *claims == nil {
		*claims = map[Claim]Owner{}
	}
	if existing, claimed := (*claims)[c]; claimed && existing.Instance != requested.Instance {
		return existing, false
	}
	(*claims)[c] = requested
	return requested, true
}

// CreatedBy returns the resource that has imported or adopted the member with a claim in this run.
func (r *Registry) CreatedBy(c Claim) (Owner, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	owner, ok := r.created[c]
	return owner, ok
}

// Card is a card as the registry remembers it.
type Card struct {
	// Ref names the card; its OpenID is empty where it is unknown.
	Ref wechatpay.CardRef
	// Phone is empty where the phone number is not in the state (write-only).
	Phone wechatpay.Personal
	// Masked is the masked phone number, which is known in either case.
	Masked string
}

// Release remembers a card that this run has taken out of the state.
func (r *Registry) Release(card Card) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.released = append(r.released, card)
}

// AdoptUnverified remembers a card that this run has adopted without reading it.
func (r *Registry) AdoptUnverified(card Card) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.unverified = append(r.unverified, card)
}

// ReleasedWithPhone returns the card that this run has released under another code and that
// has, or may have, the phone number of card.
func (r *Registry) ReleasedWithPhone(card Card) (Card, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return otherCodeSamePhone(r.released, card)
}

// ReleasedWithCode returns the card that this run has released under the code of card.
func (r *Registry) ReleasedWithCode(card Card) (Card, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, other := range r.released {
		if sameTemplate(other, card) && other.Ref.UserCardCode == card.Ref.UserCardCode {
			return other, true
		}
	}
	return Card{}, false
}

// AdoptedWithPhone reports whether this run has adopted, unverified, a card under another code
// that has, or may have, the phone number of card.
func (r *Registry) AdoptedWithPhone(card Card) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, found := otherCodeSamePhone(r.unverified, card)
	return found
}

func otherCodeSamePhone(cards []Card, card Card) (Card, bool) {
	for _, other := range cards {
		if sameTemplate(other, card) && other.Ref.UserCardCode != card.Ref.UserCardCode && other.MayHavePhoneOf(card) {
			return other, true
		}
	}
	return Card{}, false
}

func sameTemplate(a, b Card) bool {
	return a.Ref.BrandID == b.Ref.BrandID && a.Ref.CardID == b.Ref.CardID
}

// MayHavePhoneOf reports whether two cards have, or may have, one phone number. Where that of
// either is not known, the masked ones are compared.
func (c Card) MayHavePhoneOf(other Card) bool {
	if c.Phone != "" && other.Phone != "" {
		return c.Phone == other.Phone
	}
	return c.Masked != "" && c.Masked == other.Masked
}

// HasOtherPhoneThan reports whether two cards certainly have different phone numbers.
func (c Card) HasOtherPhoneThan(other Card) bool {
	return c.Masked != "" && other.Masked != "" && !c.MayHavePhoneOf(other)
}
