// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// This file words the outcomes of an adoption decision.

// whichCard says which card WeChat Pay most likely means, in sentences with a blank before each;
// "" where nothing is known.
func (a *adoption) whichCard() string {
	var b strings.Builder
	if a.err.OutcomeUnknown {
		b.WriteString(" An earlier attempt of this import had no valid answer, so most likely it made the card.")
	}
	switch a.facts.kind {
	case wechatpay.KindPhoneImported:
		b.WriteString(" WeChat Pay speaks of the phone number: its card may be under another code.")
	case wechatpay.KindUserHasCard:
		b.WriteString(" WeChat Pay speaks of the user: the card may be under another code.")
	}
	return b.String()
}

// unverifiedWarning is the warning of a card that was adopted as configured. Many members may
// have it: it is short.
func (a *adoption) unverifiedWarning() framework.Diagnostic {
	detail := fmt.Sprintf("%s exists, and nobody knows whose card it is. Set openid to have it read and verified.", framework.Text(a.plan.ID))
	if which := strings.TrimSpace(a.whichCard()); which != "" {
		detail += "\n" + which
	}
	return framework.At(path.Root("openid"), "The member was adopted unverified", detail+framework.APIErrorDetails(a.err))
}

// refusal is the error of a card that exists and is not adopted.
func (a *adoption) refusal(d decision) framework.Diagnostic {
	out := a.refusalWithoutDetails(d)
	if d == decideRefuseUnread {
		return out // it has the details of the reading
	}
	if a.samePhone != nil && a.samePhone.Ref.OpenID != "" && !a.samePhone.Invalid {
		out.Detail += fmt.Sprintf("\nTo import the card %s, which this run has taken out of the state: %s", resourceID(a.samePhone.Ref), importCommand(a.samePhone.Ref))
	}
	out.Detail += framework.APIErrorDetails(a.err)
	return out
}

func (a *adoption) refusalWithoutDetails(d decision) framework.Diagnostic {
	id := framework.Text(a.plan.ID)
	command := importAdvice(a.ref)
	switch d {
	case decideRefusePolicy:
		return framework.At(path.Root("on_existing"), "The member exists already",
			fmt.Sprintf("The member %s exists at WeChat Pay, and on_existing = \"error\" does not adopt it.%s "+
				"To manage the existing card, import it into the state: %s", id, a.whichCard(), command))
	case decideRefuseUnverified:
		return framework.At(path.Root("openid"), "The member exists already and cannot be verified",
			fmt.Sprintf("The member %s exists at WeChat Pay.%s on_existing = \"verify\" adopts a card only after reading it, which needs its openid. "+
				"Set openid, or import the card into the state: %s", id, a.whichCard(), command))
	case decideRefuseReleased:
		if a.samePhone.Invalid {
			return framework.At(phonePath(a.plan), "The phone number belongs to a card that is invalid now",
				fmt.Sprintf("The member %s replaces a card with the same phone number under another code. That card is invalid now, and WeChat Pay does not import its phone number again. "+
					"Give the new member another phone number, or import it by openid without one.", id))
		}
		return framework.At(phonePath(a.plan), "The phone number belongs to the card that this run has just released",
			fmt.Sprintf("The member %s replaces a card with the same phone number under another code. That card still exists, and WeChat Pay does not import its phone number again. "+
				"Go back to the old code and import that card into the state, or give the new member another phone number.", id))
	case decideRefuseWaiting:
		return framework.At(path.Root(attrUserCardCode), "The user has opened a card that waits for confirmation",
			fmt.Sprintf("The member %s was not imported: the user has opened a card of this template, and the merchant has not confirmed it yet. "+
				"Confirm it with the call https://pay.weixin.qq.com/doc/v3/partner/4015336979 (usually your event server's job), then import that card into the state.", id))
	case decideRefuseUnproven:
		return framework.At(path.Empty(), "The member exists already, through a connection that is not proven",
			fmt.Sprintf("The member %s was not adopted: an answer to its import did not verify, so that \"already exists\" may not be WeChat Pay's words. "+
				"Check public_key_id and public_key, or platform_certificate: a plan with data \"wechatpay_connection\" tests them without a side effect. Then apply again.", id))
	case decideRefuseUnread:
		out := explainRead(a.readErr, "reading the card that exists already", phonePath(a.plan))
		out.Summary = "The member exists already and could not be read: " + out.Summary
		return out
	default:
		return a.mismatch(id)
	}
}

// mismatch is the error of a card that is not the configured member's.
func (a *adoption) mismatch(id string) framework.Diagnostic {
	whose := "the configured openid"
	switch {
	case a.fromJournal:
		whose = "the openid that the journal has"
	case !framework.Known(a.plan.OpenID):
		whose = "the openid that this run had in the state"
	}
	switch a.facts.reading {
	case readOtherPhone:
		return framework.At(phonePath(a.plan), "The code belongs to another phone number",
			fmt.Sprintf("WeChat Pay has a card %s with %s, but its phone number is not the configured one. "+
				"Nothing was adopted or changed. Correct user_card_code, openid or the phone number.", id, whose))
	case readOtherPickupTime:
		return pickupTimeDiffers(id, a.card.PickupTime)
	}
	if a.elsewhere != nil {
		return framework.At(path.Root(attrUserCardCode), "The user has a card under another code",
			fmt.Sprintf("The member %s was not imported: the user with %s has the card %s of this template. "+
				"Set user_card_code = %q and import that card into the state: %s\nOr invalidate it first; WeChat Pay then imports the user again.",
				id, whose, resourceID(a.elsewhere.CardRef), a.elsewhere.UserCardCode, importCommand(a.elsewhere.CardRef)))
	}
	return framework.At(path.Root("openid"), "This user has no card under this code",
		fmt.Sprintf("WeChat Pay says that the member %s exists, but the user with %s has no card under this template and code. "+
			"Either another user has the code, or the phone number's card is under another code. Nothing was adopted. Correct user_card_code, openid or the phone number.", id, whose))
}

// pickupTimeDiffers is the error of a card whose pickup_time is not the configured one. actual
// is empty where WeChat Pay returned none.
func pickupTimeDiffers(id, actual string) framework.Diagnostic {
	has := fmt.Sprintf("has pickup_time = %q", actual)
	if actual == "" {
		has = "has no pickup_time"
	}
	return framework.At(path.Root(attrPickupTime), "The card has another pickup_time",
		fmt.Sprintf("The card %s %s. WeChat Pay takes pickup_time only with the import, and no call changes it afterwards: "+
			"configure the card's own, or leave pickup_time out.", id, has))
}
