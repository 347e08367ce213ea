// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/membercard/registry"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// This file makes a member's claims for the registry, and words what it finds: two resources
// for one member, and a member that one run deletes and creates.

// claimsOf is what only m may have under its template, as far as it is known. The code comes first.
func claimsOf(m *model, phone wechatpay.Personal) []registry.Claim {
	if !framework.Known(m.BrandID) || !framework.Known(m.CardID) {
		return nil
	}
	var claims []registry.Claim
	add := func(kind registry.Kind, value string) {
		claims = append(claims, registry.Claim{BrandID: framework.Text(m.BrandID), CardID: framework.Text(m.CardID), Kind: kind, Value: value})
	}
	if framework.Known(m.UserCardCode) {
		add(registry.UserCardCode, framework.Text(m.UserCardCode))
	}
	if framework.Known(m.OpenID) {
		add(registry.OpenID, framework.Text(m.OpenID))
	}
	if phone != "" {
		add(registry.PhoneNumber, canonicalPhone(phone.Reveal()))
	}
	return claims
}

// cardOf is m as the registry remembers it.
func cardOf(m *model, phone wechatpay.Personal) registry.Card {
	card := registry.Card{Ref: m.ref(), Phone: phone, Masked: framework.Text(m.PhoneNumberMasked)}
	if phone != "" {
		card.Masked = framework.Text(maskedPhone(phone))
	}
	return card
}

// deleteClaims is what the state's resource gives up.
func deleteClaims(state *model) []registry.Claim {
	claims := claimsOf(state, wechatpay.Personal(framework.Text(state.PhoneNumber)))
	if state.PhoneNumber.IsNull() && framework.Known(state.PhoneNumberMasked) {
		claims = append(claims, registry.Claim{
			BrandID: framework.Text(state.BrandID), CardID: framework.Text(state.CardID),
			Kind: registry.MaskedPhoneNumber, Value: framework.Text(state.PhoneNumberMasked),
		})
	}
	return claims
}

// claim makes sure that no two resources of this run manage one member.
func (p *planning) claim(instance string) {
	requested := registry.Owner{Instance: instance, ID: framework.Text(p.plan.ID)}
	for _, c := range claimsOf(p.plan, configuredPhone(p.config)) {
		if existing, ok := p.r.registry.ClaimPlanned(c, requested); !ok {
			duplicate(c, existing, requested, phonePath(p.plan)).AddError(p.diags)
		}
	}
}

// duplicate is the error of two resources for one member.
func duplicate(c registry.Claim, existing, requested registry.Owner, phone path.Path) framework.Diagnostic {
	switch c.Kind {
	case registry.PhoneNumber:
		return framework.At(phone, "Two members have one phone number",
			fmt.Sprintf("Two members have the same phone_number (or phone_number_wo) under one card template: %s and %s. Each member needs a phone number of its own.", existing.Name(), requested.Name()))
	case registry.OpenID:
		return framework.At(path.Root("openid"), "Two members have one openid",
			fmt.Sprintf("Two members have the same openid under one card template: %s and %s. A user has one effective card of a template.", existing.Name(), requested.Name()))
	}
	return framework.At(path.Root(attrUserCardCode), "Two members have one code",
		fmt.Sprintf("Two resources of this run manage the member %s. A code is unique under its card template: give each member a user_card_code of its own.", requested.ID))
}

// registerDelete warns when what is destroyed is planned to be created, too.
func (r *importResource) registerDelete(state *model, instance string, diags *diag.Diagnostics) {
	planned := registry.PlannedDelete{
		Owner:       registry.Owner{Instance: instance, ID: framework.Text(state.ID)},
		Invalidates: deletionPolicy(state) == deletionInvalidate && !isInvalid(state),
		Card:        state.ref(),
	}
	if c, found := r.registry.RegisterDelete(planned, deleteClaims(state)); found {
		reportConflict(c, phonePath(state), diags)
	}
}

// registerUpsert warns when what is planned to be there is planned to be destroyed, too.
func (p *planning) registerUpsert(instance string) {
	phone := configuredPhone(p.config)
	claims := claimsOf(p.plan, phone)
	if phone != "" && len(claims) > 0 {
		claims = append(claims, registry.Claim{
			BrandID: framework.Text(p.plan.BrandID), CardID: framework.Text(p.plan.CardID),
			Kind: registry.MaskedPhoneNumber, Value: framework.Text(maskedPhone(phone)),
		})
	}
	planned := registry.PlannedUpsert{
		Owner:      registry.Owner{Instance: instance, ID: framework.Text(p.plan.ID)},
		IsNew:      p.state == nil,
		Unverified: p.state != nil && p.state.OpenID.IsNull() && p.plan.OpenID.IsNull(),
	}
	if c, found := p.r.registry.RegisterUpsert(planned, claims); found {
		reportConflict(c, phonePath(p.plan), p.diags)
	}
}

// reportConflict says what a conflict will lead to.
func reportConflict(c registry.Conflict, phone path.Path, diags *diag.Diagnostics) {
	code := path.Root(attrUserCardCode)
	switch {
	case c.DeletesOnlyCard():
		framework.At(phone, "The only card of a member would be released",
			fmt.Sprintf("%[1]s was adopted unverified and has the phone number of %[2]s, which is destroyed. Most likely WeChat Pay meant %[2]s, and %[1]s has no card. "+
				"If %[1]s does have one, set its openid. Otherwise:\n%[3]s", c.Upsert.ID, c.Delete.ID, keepCardSteps(c.Delete.Card))).AddError(diags)
	case c.Claim.Kind == registry.OpenID:
		userMayBeRefused(fmt.Sprintf("The member %s is destroyed, and its user is imported again for another member: %s.", c.Delete.Name(), c.Upsert.Name())).AddWarning(diags)
	case c.Claim.Kind != registry.UserCardCode:
		phoneMayBeRefused(phone, fmt.Sprintf("The member %s is destroyed, and its phone number is imported again for another member: %s.", c.Delete.Name(), c.Upsert.Name())).AddWarning(diags)
	case c.Delete.Invalidates:
		framework.At(code, "The card of a planned member would be invalidated",
			destroyedAndPlanned(c)).AddError(diags)
	default:
		framework.At(code, "A card is released and adopted again",
			destroyedAndPlanned(c)).AddWarning(diags)
	}
}

// userMayBeRefused is the warning of a user who is imported again.
func userMayBeRefused(what string) framework.Diagnostic {
	return framework.At(path.Root("openid"), "WeChat Pay may refuse the user", what+" WeChat Pay does not import a user who has an effective card: "+
		"with deletion_policy = \"abandon\" the old card stays. Keep the old code, or invalidate the old card first.")
}

// destroyedAndPlanned says that one run destroys and keeps, or creates, one member, and what to do.
func destroyedAndPlanned(c registry.Conflict) string {
	if !c.Upsert.IsNew {
		return fmt.Sprintf("This run destroys one resource of the member %s and keeps another. "+
			"Remove the one that is destroyed from the state (terraform state rm): the other one keeps the card.", c.Upsert.ID)
	}
	return fmt.Sprintf("This run destroys one resource of the member %s and creates another. If only the address changed, add a moved block. "+
		"Otherwise remove it from the state (terraform state rm), then: %s", c.Upsert.ID, importAdvice(c.Delete.Card))
}

// keepCardSteps is how to keep a card whose phone number was adopted unverified under another code. The
// two may have one address: terraform state rm then takes both out of the state, and with the
// card its openid.
func keepCardSteps(card wechatpay.CardRef) string {
	back := "apply again, which adopts it unverified"
	if card.OpenID != "" {
		back = importCommand(card)
	}
	return fmt.Sprintf("1. Go back to the code of %[1]s.\n2. Take the unverified member out of the state: terraform state rm ADDRESS\n"+
		"3. If %[1]s had the same address, it has left the state, too. Then: %[2]s", resourceID(card), back)
}
