// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Package registry is what the member resources of one run tell one another, so that two of
// them never manage one member, and none adopts what another has just made or released.
//
// It makes no call, keeps everything in memory, phone numbers too, and knows no Terraform type.
package registry

import (
	"cmp"
	"sync"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// Kind says which value of a member a claim is on.
type Kind string

// The kinds of claims.
const (
	UserCardCode Kind = "user_card_code"
	OpenID       Kind = "openid"
	PhoneNumber  Kind = "phone_number"
	// MaskedPhoneNumber stands in for a phone number that is in no state (write-only). Two members
	// may have the same one: it is never claimed, only matched between deletes and upserts.
	MaskedPhoneNumber Kind = "phone_number_masked"
)

// Claim is a member's value under one card template. Only one resource of a run may have it,
// but for a MaskedPhoneNumber.
type Claim struct {
	BrandID, CardID string
	Kind            Kind
	Value           string
}

// Owner is the resource that made a claim. Terraform gives a provider no address, so
// Instance, a random token, tells resources apart, and ID names them to people. Each plan of a new
// resource makes a token, and its create another one: plan and apply are processes of their own.
type Owner struct {
	Instance string
	ID       string
}

// Name is the id for people. A resource may have no id before it is applied.
func (o Owner) Name() string { return cmp.Or(o.ID, "one whose code is not known yet") }

// Import is what this run knows of a member that a resource imports or adopts.
type Import struct {
	Owner
	// Done is whether the resource has the card. False: the import is under way, or its outcome
	// is unknown, or it failed.
	Done bool
	// Failed is whether the import has certainly made no card.
	Failed bool
}

// Registry belongs to one configured provider process: a run has one for each of the provider's
// aliases. Its zero value is ready; it is safe for concurrent use.
type Registry struct {
	mu      sync.Mutex
	planned map[Claim]Owner
	imports map[Claim]Import
	deletes map[Claim][]PlannedDelete
	upserts map[Claim][]PlannedUpsert
	// released are cards that this run has taken out of the state, abandoned or invalidated.
	released []Card
	// unverified are cards that this run has adopted without reading them.
	unverified []Card
}

// New returns an empty registry.
func New() *Registry { return &Registry{} }

// ClaimPlanned makes a claim for a planned resource. ok is false where another resource has
// it: existing is that one. The same resource may claim again: Terraform plans twice what
// -replace or replace_triggered_by replaces.
func (r *Registry) ClaimPlanned(c Claim, requested Owner) (existing Owner, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if existing, claimed := r.planned[c]; claimed && existing.Instance != requested.Instance {
		return existing, false
	}
	if r.planned == nil {
		r.planned = map[Claim]Owner{}
	}
	r.planned[c] = requested
	return requested, true
}

// BeginImport makes the claims of a member that is about to be imported: all of them, or none.
// ok is false where another resource has one of them: taken is that claim, and existing that
// resource. After it comes FinishImport or AbortImport; after neither of them the outcome of
// the import counts as unknown.
func (r *Registry) BeginImport(claims []Claim, requested Owner) (taken Claim, existing Owner, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range claims {
		if other, claimed := r.imports[c]; claimed && !other.Failed && other.Instance != requested.Instance {
			return c, other.Owner, false
		}
	}
	r.setImports(claims, Import{Owner: requested})
	return Claim{}, requested, true
}

// FinishImport notes that the resource has imported or adopted the member with these claims.
func (r *Registry) FinishImport(claims []Claim, owner Owner) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.setImports(claims, Import{Owner: owner, Done: true})
}

func (r *Registry) setImports(claims []Claim, i Import) {
	if r.imports == nil {
		r.imports = map[Claim]Import{}
	}
	for _, c := range claims {
		r.imports[c] = i
	}
}

// AbortImport notes that an import has certainly made no card. Another resource may import the
// member then, but its configuration still wants the card: nobody may end it in this run.
func (r *Registry) AbortImport(claims []Claim, owner Owner) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range claims {
		if r.imports[c].Instance == owner.Instance {
			r.imports[c] = Import{Owner: owner, Failed: true}
		}
	}
}

// ImportedBy returns the last import of the member with a claim.
func (r *Registry) ImportedBy(c Claim) (Import, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	i, ok := r.imports[c]
	return i, ok
}

// Card is a card as the registry remembers it.
type Card struct {
	// Ref names the card; its OpenID is empty where it is unknown.
	Ref wechatpay.CardRef
	// Phone is empty where the phone number is not in the state (write-only).
	Phone wechatpay.Personal
	// Masked is the masked phone number, which is known in either case.
	Masked string
	// Invalid is whether the card is invalid, as a released one may be.
	Invalid bool
}

// Release remembers a card that this run has taken out of the state, abandoned or invalidated.
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
