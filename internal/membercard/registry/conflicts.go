// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package registry

import (
	"slices"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// This file finds members that one run deletes under one address and creates under another,
// as a resource that was renamed without a moved block does. Terraform sees two resources
// without any relation; WeChat Pay sees one card, whose openid it does not tell again.

// PlannedDelete is a resource that this run plans to destroy.
type PlannedDelete struct {
	Owner
	// Invalidates is whether the card is to be invalidated.
	Invalidates bool
	// Card imports the card again; its OpenID is empty where it is unknown.
	Card wechatpay.CardRef
}

// PlannedUpsert is a resource that this run plans to create or to keep.
type PlannedUpsert struct {
	Owner
	// IsNew is whether it is to be imported.
	IsNew bool
	// Unverified is whether it was adopted unverified, and stays so.
	Unverified bool
}

// Conflict is a planned delete and a planned upsert with a claim in common.
type Conflict struct {
	Claim  Claim
	Delete PlannedDelete
	Upsert PlannedUpsert
}

// relevant reports whether a conflict is worth a message. A resource that stays is only harmed
// by an invalidation of its card, or when its card is most likely the one that is released.
func (c Conflict) relevant() bool {
	return c.DeletesOnlyCard() || c.Delete.Instance != c.Upsert.Instance && (c.Upsert.IsNew || c.Delete.Invalidates && c.Claim.Kind == UserCardCode)
}

// DeletesOnlyCard reports whether a member that was adopted unverified has the phone number of
// the deleted one, as a failed replacement with create_before_destroy leaves them (under one
// address, and as one instance). Two cards of one template have no phone number in common.
func (c Conflict) DeletesOnlyCard() bool {
	return c.Upsert.Unverified && c.Claim.Kind == PhoneNumber && c.Delete.Card.OpenID != ""
}

// RegisterDelete notes a planned delete with the claims that it gives up. It returns the
// most specific conflict with what was planned before, and none or one.
func (r *Registry) RegisterDelete(d PlannedDelete, claims []Claim) []Conflict {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.deletes == nil {
		r.deletes = map[Claim][]PlannedDelete{}
	}
	var conflicts []Conflict
	for _, c := range claims {
		r.deletes[c] = append(r.deletes[c], d)
		for _, u := range r.upserts[c] {
			conflicts = append(conflicts, Conflict{c, d, u})
		}
	}
	return mostSpecific(conflicts)
}

// RegisterUpsert notes a planned upsert with its claims, as RegisterDelete does.
func (r *Registry) RegisterUpsert(u PlannedUpsert, claims []Claim) []Conflict {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.upserts == nil {
		r.upserts = map[Claim][]PlannedUpsert{}
	}
	var conflicts []Conflict
	for _, c := range claims {
		r.upserts[c] = append(r.upserts[c], u)
		for _, d := range r.deletes[c] {
			conflicts = append(conflicts, Conflict{c, d, u})
		}
	}
	return mostSpecific(conflicts)
}

// mostSpecific keeps at most one relevant conflict. Claims come with the code first: a
// conflict of codes says more than one of phone numbers.
func mostSpecific(conflicts []Conflict) []Conflict {
	conflicts = slices.DeleteFunc(conflicts, func(c Conflict) bool { return !c.relevant() })
	return conflicts[:min(len(conflicts), 1)]
}
