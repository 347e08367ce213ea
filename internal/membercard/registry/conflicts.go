// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package registry

import (
	"slices"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// This file finds a member that one run both deletes and keeps or creates, e.g. after a rename
// without a moved block. Terraform sees two resources without any relation; WeChat Pay sees one
// card, whose openid it does not tell again.

// PlannedDelete is a resource that this run plans to destroy.
type PlannedDelete struct {
	Owner
	// Invalidates is whether the card is to be invalidated.
	Invalidates bool
	// Card is what the import command in a message needs; its OpenID is empty where it is unknown.
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

// relevant reports whether a conflict is worth a message. A replacement is none: its two plans
// have one token. A resource that stays is only harmed by an invalidation of its card, or when
// its card is most likely the one that is released.
func (c Conflict) relevant() bool {
	if c.Delete.Instance == c.Upsert.Instance {
		return false
	}
	return c.Upsert.IsNew || c.DeletesOnlyCard() || c.Delete.Invalidates && c.Claim.Kind == UserCardCode
}

// DeletesOnlyCard reports whether a member that was adopted unverified has the phone number of
// the deleted one, as a failed replacement with create_before_destroy leaves them (under one
// Terraform address, with different tokens). WeChat Pay gives a phone number one card per
// template, so the unverified member most likely has none.
func (c Conflict) DeletesOnlyCard() bool {
	return c.Upsert.Unverified && c.Claim.Kind == PhoneNumber && c.Delete.Card.OpenID != ""
}

// RegisterDelete notes a planned delete with the claims that it gives up. It returns the first
// relevant conflict with what was planned before, in the order of claims: the caller puts the
// most specific claim first.
func (r *Registry) RegisterDelete(d PlannedDelete, claims []Claim) (Conflict, bool) {
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
	return firstRelevant(conflicts)
}

// RegisterUpsert notes a planned upsert with its claims, as RegisterDelete does.
func (r *Registry) RegisterUpsert(u PlannedUpsert, claims []Claim) (Conflict, bool) {
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
	return firstRelevant(conflicts)
}

func firstRelevant(conflicts []Conflict) (Conflict, bool) {
	if i := slices.IndexFunc(conflicts, Conflict.relevant); i >= 0 {
		return conflicts[i], true
	}
	return Conflict{}, false
}
