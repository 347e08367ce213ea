// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// This file words the outcomes of the adoption decision.

// unverified is the warning of a card that was taken over as configured.
func unverified(plan *model, facts existing, e *wechatpay.Error) problem {
	p := problem{attribute: path.Root("openid"), summary: "The member was taken over unverified"}
	var b strings.Builder
	fmt.Fprintf(&b, "WeChat Pay says that the member %s exists, but not whose card it is. ", text(plan.ID))
	switch {
	case facts.earlierUnknown:
		b.WriteString("An earlier attempt of this very import got no believable answer, so most likely it made the card. ")
	case facts.kind == wechatpay.KindPhoneImported:
		b.WriteString("Its words are that the phone number was imported before: that may have been under another code, and then there is no card under this one. ")
	}
	b.WriteString("The state holds what is configured, and nothing was compared or changed. " +
		"Set openid to have the card read and verified; until then it can be neither read, changed nor invalidated.")
	b.WriteString(ownWords(e))
	p.detail = b.String()
	return p
}

// refusal is the error of a card that exists and is not taken over. gone is the card of that
// phone number which this run has let go, if it has: its openid is in no state any more.
func refusal(verdict decision, plan *model, ref wechatpay.CardRef, gone letGoCard, facts existing, e *wechatpay.Error, readErr error) problem {
	id := importID{ref.BrandID, ref.CardID, ref.UserCardCode, ref.OpenID}
	command := id.command()
	if id.openID == "" {
		command += " (with the member's openid for " + openIDPlaceholder + ")"
	}
	whose := "the configured openid"
	if !known(plan.OpenID) {
		whose = "the openid that this run had in the state"
	}
	probably := ""
	if facts.earlierUnknown {
		probably = " An earlier attempt of this very import got no believable answer, so most likely it made the card."
	}
	elsewhere := ""
	if facts.kind == wechatpay.KindPhoneImported {
		elsewhere = " WeChat Pay's words are that the phone number was imported before, which may have been under another code."
	}
	var p problem
	switch verdict {
	case decideRefusePolicy:
		p = problem{path.Root("on_existing"), "The member exists already",
			fmt.Sprintf("The member %s exists at WeChat Pay, and on_existing = \"error\" refuses to take it over.%s "+
				"To manage the existing card, import it into the state: %s", text(plan.ID), elsewhere, command)}
	case decideRefuseUnverified:
		p = problem{path.Root("openid"), "The member exists already and cannot be verified",
			fmt.Sprintf("The member %s exists at WeChat Pay.%s%s on_existing = \"verify\" takes it over only after reading it, which needs its openid: "+
				"set openid, or import it into the state: %s", text(plan.ID), probably, elsewhere, command)}
	case decideRefuseLetGo:
		p = problem{phonePath(plan), "The phone number belongs to the card that this run has just let go",
			fmt.Sprintf("The member %s replaces a card with the same phone number under another code. That card still exists at WeChat Pay, which refuses to import its phone number again; "+
				"taking it over under the new code would be wrong. Go back to the old code and import that card into the state, or give the new member another phone number.", text(plan.ID))}
	case decideRefuseMismatch:
		if facts.reading == readOtherPhone {
			p = problem{phonePath(plan), "The code belongs to another phone number",
				fmt.Sprintf("WeChat Pay has a card %s with %s, but its phone number is not the configured one. "+
					"Nothing was taken over or changed. Correct user_card_code, openid or the phone number.", text(plan.ID), whose)}
		} else {
			p = problem{path.Root("openid"), "The configured user has no card under this code",
				fmt.Sprintf("WeChat Pay says that the phone number or the code of %s exists, but the user with %s has no card under this template and code. "+
					"Either the code is held by somebody else, or the phone number sits under another code. Nothing was taken over. Correct user_card_code, openid or the phone number.", text(plan.ID), whose)}
		}
	default: // decideRefuseUnread
		p = explain(readErr, "reading the card that exists already", phonePath(plan))
		p.summary = "The member exists already and could not be read: " + p.summary
		return p
	}
	if gone.openID != "" {
		id := importID{gone.brandID, gone.cardID, gone.userCardCode, gone.openID}
		p.detail += fmt.Sprintf("\n\nTo import the card %s, which this run has taken out of the state: %s", id.withoutOpenID(), id.command())
	}
	p.detail += ownWords(e)
	return p
}

// warnInvalid warns of a card that was invalidated elsewhere: it stays in the state, since
// only a new member could take its place.
func warnInvalid(card *wechatpay.UserCard, diags *diag.Diagnostics) {
	if card.UserCardState != wechatpay.UserCardStateInvalid {
		return
	}
	id := importID{card.BrandID, card.CardID, card.UserCardCode, ""}
	diags.AddAttributeWarning(path.Root("user_card_state"), "The card is invalid",
		fmt.Sprintf("The card %s was invalidated, which cannot be undone. It stays in the state and is never made anew silently: "+
			"remove the member, or give it another user_card_code.", id.withoutOpenID()))
}

func join(names []string) string { return strings.Join(names, ", ") }
