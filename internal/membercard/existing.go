// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/journal"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/membercard/registry"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// This file gathers the facts of an adoption decision.

// adoption is one member that is, or may be, at WeChat Pay.
type adoption struct {
	plan   *model
	phone  wechatpay.Personal
	member registry.Card
	facts  adoptionFacts
	// err is the import's error.
	err *wechatpay.Error
	// ref names the card; its OpenID may come from this run or from the journal.
	ref wechatpay.CardRef
	// sameCode is the card that this run has released under this very code, and samePhone one that
	// it has released under another code with this phone number.
	sameCode, samePhone *registry.Card
	// fromJournal is whether the openid was found in the journal.
	fromJournal bool
	// card and readErr are what reading the card came to.
	card    *wechatpay.UserCard
	readErr error
	// elsewhere is the user's card under another code.
	elsewhere *wechatpay.UserCard
}

// newAdoption gathers what is known, before the card is read, about a member whose import e
// refused or left open. It returns nil after an error was added.
func (r *importResource) newAdoption(plan *model, phone wechatpay.Personal, e *wechatpay.Error, diags *diag.Diagnostics) *adoption {
	a := &adoption{plan: plan, phone: phone, member: cardOf(plan, phone), err: e, ref: plan.ref()}
	if card, ok := r.registry.ReleasedWithPhone(a.member); ok {
		a.samePhone = &card
	}
	if card, ok := r.registry.ReleasedWithCode(a.member); ok {
		a.sameCode = &card
		if a.ref.OpenID == "" {
			// This run has had this very card in the state, and so knows what WeChat Pay does not return.
			a.ref.OpenID = card.Ref.OpenID
		}
	}
	a.facts = adoptionFacts{
		policy:            onExisting(plan),
		kind:              e.Kind,
		doubtful:          e.Unproven,
		releasedOtherCode: a.samePhone != nil,
	}
	// The journal is searched only where an openid could change the decision.
	if a.ref.OpenID == "" && a.facts.policy != onExistingError && e.Kind != wechatpay.KindUserCardWaiting {
		var err error
		if a.ref.OpenID, err = r.findInJournal(a.ref, diags); err != nil {
			r.data.ReportCause("reading the journal: "+err.Error(), nil, framework.At(path.Empty(), "The journal could not be read",
				fmt.Sprintf("The member %s exists at WeChat Pay, and the file of journal_path could not be searched for its openid: %s. Nothing was adopted. Check the file, then apply again.", resourceID(a.ref), err)), resourceID(a.ref), diags)
			return nil
		}
		a.fromJournal = a.ref.OpenID != ""
	}
	a.facts.openIDKnown = a.ref.OpenID != ""
	return a
}

// findInJournal returns the openid of a card that an earlier process has imported; empty where
// there is none, or no journal. It returns an error where the journal cannot be read: the openid
// may be in it, and a card that was adopted without one would stay so until a later plan finds it.
func (r *importResource) findInJournal(ref wechatpay.CardRef, diags *diag.Diagnostics) (openID string, err error) {
	if r.data.Journal == nil {
		return "", nil
	}
	entry, found, err := r.data.Journal.Find(journal.Key{BrandID: ref.BrandID, CardID: ref.CardID, UserCardCode: ref.UserCardCode})
	switch {
	case err != nil:
		return "", err
	case !found && r.data.Journal.OtherKeys() > 0 && r.data.FirstReport("journal keys", resourceID(ref)):
		diags.AddWarning("The journal has lines of another key",
			fmt.Sprintf("The file of journal_path has lines that were encrypted to another key than private_key (%d), usually before the merchant certificate was renewed. They were passed over. "+
				"To use them, run once with the old key, or set openid.", r.data.Journal.OtherKeys()))
	}
	return entry.OpenID, nil
}

// appendToJournal keeps the openid of a card that was imported or adopted in the journal, before Terraform is told.
func (r *importResource) appendToJournal(ref wechatpay.CardRef, diags *diag.Diagnostics) {
	if r.data.Journal == nil {
		return
	}
	err := r.data.Journal.Append(journal.Entry{
		Key: journal.Key{BrandID: ref.BrandID, CardID: ref.CardID, UserCardCode: ref.UserCardCode}, OpenID: ref.OpenID,
	})
	if err != nil {
		diags.AddWarning("The journal could not be written",
			fmt.Sprintf("The openid of the card %s could not be written to the file of journal_path (%s). "+
				"The openid is in the state: only if this process dies before Terraform has stored that, it may be lost. Check the disk and the file's permissions.", resourceID(ref), err))
	}
}

// read reads the card by its openid.
func (a *adoption) read(ctx context.Context, client wechatpay.API) {
	a.card, a.readErr = client.GetUserCard(ctx, a.ref)
	a.facts.reading = readingOf(a.card, a.readErr, a.plan, a.phone)
	if a.facts.reading != readMatch {
		return
	}
	switch {
	case a.sameCode != nil && a.sameCode.HasOtherPhoneThan(a.member):
		a.facts.reading = readOtherPhone
	case a.facts.kind == wechatpay.KindUserHasCard && a.card.UserCardState == wechatpay.UserCardStateInvalid:
		// The effective card that WeChat Pay means is another one.
		a.facts.reading = readNotFound
	}
}

// readingOf says what reading an existing card by its openid came to.
func readingOf(card *wechatpay.UserCard, err error, plan *model, phone wechatpay.Personal) reading {
	switch {
	case wechatpay.IsNotFound(err):
		return readNotFound
	case err != nil:
		return readFailed
	case phoneDiffers(phone, card):
		return readOtherPhone
	case hasOtherPickupTime(plan, card):
		return readOtherPickupTime
	default:
		return readMatch
	}
}

// findElsewhere looks among the user's cards for the one under another code. What fails here
// only makes the message shorter.
func (a *adoption) findElsewhere(ctx context.Context, client wechatpay.API) {
	for card, err := range client.ListUserCards(ctx, wechatpay.ListUserCardsRequest{BrandID: a.ref.BrandID, OpenID: a.ref.OpenID}) {
		if err != nil {
			return
		}
		if card.CardID == a.ref.CardID && card.UserCardCode != a.ref.UserCardCode && card.UserCardState != wechatpay.UserCardStateInvalid {
			a.elsewhere = card
			return
		}
	}
}
