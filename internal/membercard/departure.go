// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// This file is about members whom one run lets go under one address and makes under another,
// as a resource that was renamed without a moved block does. Terraform sees two resources
// that have nothing to do with one another; WeChat Pay sees one card, of which it does not
// tell the openid again.

// departure is a resource that this run plans to destroy.
type departure struct {
	holder
	// invalidates is whether its card is to be ended.
	invalidates bool
	// card is what imports its card again.
	card importID
}

// arrival is a resource that this run plans to have.
type arrival struct {
	holder
	// isNew is whether it is to be imported.
	isNew bool
	// unverified is whether it was taken over unverified, and stays so.
	unverified bool
}

// clash is a departure and an arrival that have a claim in common.
type clash struct {
	claim claim
	from  departure
	to    arrival
}

// matters reports whether a clash is worth a word: a resource that stays is harmed by an
// invalidation of its card alone, or when its card is most likely the one that is let go.
func (c clash) matters() bool {
	return c.isTheOnlyCard() || c.from.instance != c.to.instance && (c.to.isNew || c.from.invalidates && c.claim.what == attrUserCardCode)
}

// isTheOnlyCard reports whether a member that was taken over unverified has the phone number of the one
// that is let go, as a failed replacement with create_before_destroy leaves them (under one address, and
// as one instance): two cards of one template have no phone number in common.
func (c clash) isTheOnlyCard() bool {
	return c.to.unverified && c.claim.what == attrPhoneNumber && c.from.card.openID != ""
}

// depart notes what a planned destruction lets go. It returns what was planned to have it.
func (s *runState) depart(from departure, claims []claim) []clash {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.leaving == nil {
		s.leaving = map[claim][]departure{}
	}
	var clashes []clash
	for _, c := range claims {
		s.leaving[c] = append(s.leaving[c], from)
		for _, to := range s.arriving[c] {
			clashes = append(clashes, clash{c, from, to})
		}
	}
	return worst(clashes)
}

// arrive notes what a planned resource will have. It returns what was planned to let it go.
func (s *runState) arrive(to arrival, claims []claim) []clash {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.arriving == nil {
		s.arriving = map[claim][]arrival{}
	}
	var clashes []clash
	for _, c := range claims {
		s.arriving[c] = append(s.arriving[c], to)
		for _, from := range s.leaving[c] {
			clashes = append(clashes, clash{c, from, to})
		}
	}
	return worst(clashes)
}

// worst leaves at most one clash: that of the codes says more than that of the phone numbers.
func worst(clashes []clash) []clash {
	clashes = slices.DeleteFunc(clashes, func(c clash) bool { return !c.matters() })
	return clashes[:min(len(clashes), 1)]
}

// attrPhoneMasked is the claim on what is left of a phone number that is in no state.
const attrPhoneMasked = "phone_number_masked"

// departing is what the state's resource lets go. claimsOf names the code first.
func departing(state *model) []claim {
	claims := claimsOf(state, wechatpay.Personal(text(state.PhoneNumber)))
	if state.PhoneNumber.IsNull() && known(state.PhoneNumberMasked) {
		claims = append(claims, claim{text(state.BrandID), text(state.CardID), attrPhoneMasked, text(state.PhoneNumberMasked)})
	}
	return claims
}

// planDeparture warns when what is destroyed is planned to be made, too.
func (r *importResource) planDeparture(state *model, instance string, diags *diag.Diagnostics) {
	from := departure{holder{instance, text(state.ID)}, deletionPolicy(state) == deletionInvalidate, importIDOf(state)}
	for _, c := range r.data.run.depart(from, departing(state)) {
		c.tell(phonePath(state), diags)
	}
}

// planArrival warns when what is planned to be had is planned to be let go, too.
func (p *planning) planArrival(instance string) {
	phone := configuredPhone(p.config)
	claims := claimsOf(p.plan, phone)
	if phone != "" && len(claims) > 0 {
		claims = append(claims, claim{text(p.plan.BrandID), text(p.plan.CardID), attrPhoneMasked, text(masked(phone))})
	}
	to := arrival{holder{instance, text(p.plan.ID)}, p.state == nil, p.state != nil && p.state.OpenID.IsNull() && p.config.OpenID.IsNull()}
	for _, c := range p.r.data.run.arrive(to, claims) {
		c.tell(phonePath(p.plan), p.diags)
	}
}

// tell says what a clash will come to.
func (c clash) tell(phone path.Path, diags *diag.Diagnostics) {
	advice := "If only its address has changed, say so with a moved block. " +
		"If one resource is to give it up and another to have it, take it out of the state first, by terraform state rm or a removed block with destroy = false, and import it where it belongs"
	if c.from.card.openID == "" {
		advice += "."
	} else {
		advice += ": " + c.from.card.command()
	}
	switch {
	case c.isTheOnlyCard():
		problem{phone, "The card that another resource was taken over for would be let go",
			fmt.Sprintf("The member %[1]s was taken over unverified and has the phone number of %[2]s, which is destroyed. Most likely WeChat Pay meant %[2]s when it said that the phone number exists, "+
				"and %[1]s has no card. Go back to the code of %[2]s and take %[1]s out of the state with terraform state rm. Where both have one address, that takes %[2]s out as well; import it again then: %[3]s\n\n"+
				"If %[1]s does have a card, set its openid.", c.to.id, c.from.holder.id, c.from.card.command())}.addTo(diags)
	case c.claim.what != attrUserCardCode:
		phoneMayBeRefused(phone, fmt.Sprintf("The member %s is destroyed, and its phone number is imported again for another member: %s.", c.from.name(), c.to.name())).warn(diags)
	case c.from.invalidates:
		problem{path.Root(attrUserCardCode), "The card of a planned member would be invalidated",
			fmt.Sprintf("One resource of this run stands for the member %s, and another one, which is destroyed, would invalidate that very card for ever (deletion_policy = \"invalidate\"). ", c.to.id) + advice}.addTo(diags)
	default:
		problem{path.Root(attrUserCardCode), "A card is let go and taken over again",
			fmt.Sprintf("One resource of this run that stands for the member %s is destroyed, and another one is made. Its card stays at WeChat Pay, which will say that it exists, and does not tell its openid again: "+
				"if the new resource comes first, it takes the card over unverified. ", c.to.id) + advice}.warn(diags)
	}
}

// phoneMayBeRefused is the warning of a phone number that is imported again.
func phoneMayBeRefused(at path.Path, what string) problem {
	return problem{at, "WeChat Pay may refuse the phone number", what + " WeChat Pay may refuse a phone number that was imported before, " +
		"whatever became of its card; the old card would then be out of the state and the new one not made. " +
		"Keep the old code, or give the new member another phone number."}
}
