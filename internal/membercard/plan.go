// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// ModifyPlan implements resource.ResourceWithModifyPlan: it plans what can be known, and
// refuses or warns of what would go wrong in the apply.
func (r *importResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	defer recovered("planning the member", &resp.Diagnostics)
	if r.data == nil {
		return
	}
	var state *model
	if !req.State.Raw.IsNull() {
		state = new(model)
		resp.Diagnostics.Append(req.State.Get(ctx, state)...)
	}
	if req.Plan.Raw.IsNull() {
		if state != nil && !resp.Diagnostics.HasError() {
			planDestroy(state, &resp.Diagnostics)
			r.planDeparture(state, instanceOf(ctx, req.Private, resp.Private, &resp.Diagnostics), &resp.Diagnostics)
		}
		return
	}
	var config, plan model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	before := plan
	p := planning{r: r, state: state, config: &config, plan: &plan, diags: &resp.Diagnostics}
	p.planNames(resp)
	if resp.Diagnostics.HasError() {
		return
	}
	instance := instanceOf(ctx, req.Private, resp.Private, &resp.Diagnostics)
	if state != nil && replaces(state, &plan) {
		p.replacement()
		r.planDeparture(state, instance, &resp.Diagnostics)
	} else {
		if state != nil {
			p.update(pendingOf(ctx, req.Private, &resp.Diagnostics))
		}
		r.validatePlanned(&plan, p.changes, state == nil, &resp.Diagnostics)
		p.claim(instance)
		p.planArrival(instance)
		if state == nil || slices.Contains(p.changes, attrValidDate) || slices.Contains(p.changes, attrUserInformation) {
			r.checkTemplate(ctx, p.wanted(), &resp.Diagnostics)
		}
	}
	if !samePlanned(&before, &plan) {
		resp.Diagnostics.Append(resp.Plan.Set(ctx, &plan)...)
	}
}

// planning is one resource's plan under way.
type planning struct {
	r                   *importResource
	state, config, plan *model // state is nil for a card to be made
	diags               *diag.Diagnostics
	changes             []string
}

// planNames plans the brand, the id and the masked phone number, and whether another brand replaces.
func (p *planning) planNames(resp *resource.ModifyPlanResponse) {
	data := p.r.data
	if p.config.BrandID.IsNull() {
		switch {
		case data.BrandID != "":
			p.plan.BrandID = types.StringValue(data.BrandID)
		case p.state != nil:
			p.plan.BrandID = p.state.BrandID
		case data.BrandIDUnknown:
			p.plan.BrandID = types.StringUnknown()
		default:
			missingBrand().addTo(p.diags)
			return
		}
	}
	if p.state != nil && !p.plan.BrandID.Equal(p.state.BrandID) {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("brand_id"))
	}
	if known(p.plan.BrandID) && known(p.plan.CardID) && known(p.plan.UserCardCode) {
		p.plan.ID = types.StringValue(importID{text(p.plan.BrandID), text(p.plan.CardID), text(p.plan.UserCardCode), ""}.withoutOpenID())
	} else {
		p.plan.ID = types.StringUnknown()
	}
	p.plan.PhoneNumberMasked = p.plannedMask()
}

func (p *planning) plannedMask() types.String {
	writeOnly := !p.config.PhoneNumberWO.IsNull()
	if writeOnly && p.state != nil && !phoneChanged(p.state, p.plan) && !p.state.PhoneNumberMasked.IsNull() {
		return p.state.PhoneNumberMasked
	}
	if p.config.PhoneNumber.IsUnknown() || p.config.PhoneNumberWO.IsUnknown() {
		return types.StringUnknown()
	}
	return masked(configuredPhone(p.config))
}

// replaces reports whether plan is another card than state's. The framework does not tell
// ModifyPlan what the attributes' own plan modifiers have decided.
func replaces(state, plan *model) bool {
	return !plan.BrandID.Equal(state.BrandID) || !plan.CardID.Equal(state.CardID) || !plan.UserCardCode.Equal(state.UserCardCode)
}

// update plans a change in place.
func (p *planning) update(pending []string) {
	if !p.state.OpenID.IsNull() && known(p.config.OpenID) && !p.config.OpenID.Equal(p.state.OpenID) {
		p.diags.AddAttributeError(path.Root("openid"), "The openid cannot change",
			fmt.Sprintf("The member %s has the openid %q in the state, and %q is configured. A card belongs to one user for ever: "+
				"correct openid or leave it out. For another user make another member, with a code of its own.", text(p.plan.ID), text(p.state.OpenID), text(p.config.OpenID)))
	}
	p.changes = changed(p.state, p.plan)
	if p.plan.OpenID.IsNull() {
		p.refuseWithoutOpenID()
		return
	}
	p.warnPhoneTakenOver()
	verifying := p.state.OpenID.IsNull()
	if verifying {
		p.openComputed()
	}
	if verifying || len(p.changes) > 0 || len(pending) > 0 {
		p.plan.ModifyTime = types.StringUnknown()
	}
	if slices.Contains(p.changes, attrValidDate) || slices.Contains(p.changes, attrPickupTime) {
		p.plan.UserCardState = types.StringUnknown()
	}
}

// refuseWithoutOpenID refuses every change of a card that cannot be changed.
func (p *planning) refuseWithoutOpenID() {
	for _, name := range p.changes {
		if unknownAttribute(p.plan, name) {
			continue
		}
		at := path.Root(name)
		if name == attrPhoneNumber {
			at = phonePath(p.plan)
		}
		p.diags.AddAttributeError(at, "A change needs the openid",
			fmt.Sprintf("The member %s was taken over unverified, so that its openid is unknown, and WeChat Pay changes no card without it. "+
				"Set openid to have the card verified and changed, or take the change back.", text(p.plan.ID)))
	}
}

// warnPhoneTakenOver speaks up when a write-only phone number is taken over without sending
// although the state shows that the card has another one.
func (p *planning) warnPhoneTakenOver() {
	phone := configuredPhone(p.config)
	if p.state.PhoneNumberWOVersion.IsNull() && known(p.config.PhoneNumberWO) && known(p.state.PhoneNumber) &&
		canonicalPhone(phone.Reveal()) != canonicalPhone(text(p.state.PhoneNumber)) {
		p.diags.AddAttributeWarning(path.Root("phone_number_wo"), "The card has another phone number",
			fmt.Sprintf("The card %s has the phone number %s, not the configured one. A state without phone_number_wo_version takes the configured one over without sending it: "+
				"change the version once more after this apply to send it.", text(p.plan.ID), text(p.state.PhoneNumberMasked)))
	}
}

// openComputed leaves open what the verification of a card will find.
func (p *planning) openComputed() {
	config := p.config.computedTexts()
	for i, field := range p.plan.computedTexts() {
		switch field {
		case &p.plan.ID, &p.plan.BrandID, &p.plan.OpenID, &p.plan.PhoneNumberMasked:
			continue
		}
		if config[i].IsNull() {
			*field = types.StringUnknown()
		}
	}
	if p.config.ValidDateInformation.IsNull() {
		p.plan.ValidDateInformation = types.ObjectUnknown(validDateTypes())
	}
}

// wanted is the plan without what is left to WeChat Pay: unknown and not configured is null.
func (p *planning) wanted() *model {
	m := *p.plan
	config := p.config.computedTexts()
	for i, field := range m.computedTexts() {
		if field.IsUnknown() && config[i].IsNull() {
			*field = types.StringNull()
		}
	}
	if m.ValidDateInformation.IsUnknown() && p.config.ValidDateInformation.IsNull() {
		m.ValidDateInformation = types.ObjectNull(validDateTypes())
	}
	return &m
}

// replacement warns of what a replacement does; the card to be made is planned by a second
// call, as if it were new.
func (p *planning) replacement() {
	planDestroy(p.state, p.diags)
	phone := configuredPhone(p.config)
	same := text(p.state.PhoneNumber) == phone.Reveal()
	if p.state.PhoneNumber.IsNull() {
		same = phone != "" && masked(phone).Equal(p.state.PhoneNumberMasked)
	}
	if same {
		phoneMayBeRefused(phonePath(p.plan), fmt.Sprintf("The member %s is replaced and keeps its phone number.", text(p.state.ID))).warn(p.diags)
	}
}

// planDestroy refuses or warns of what destroying will do, by the policy in the state.
func planDestroy(state *model, diags *diag.Diagnostics) {
	switch {
	case deletionPolicy(state) == deletionPrevent:
		prevented(state).addTo(diags)
	case deletionPolicy(state) != deletionInvalidate:
	case state.OpenID.IsNull():
		invalidateWithoutOpenID(state).addTo(diags)
	case text(state.UserCardState) != string(wechatpay.UserCardStateInvalid):
		diags.AddAttributeWarning(path.Root("deletion_policy"), "A card will be invalidated for ever",
			fmt.Sprintf("Destroying the member %s invalidates its card at WeChat Pay, which cannot be undone. Tell the customer first and have consent.", text(state.ID)))
	}
}

// claim makes sure that no two resources of this run stand for one member.
func (p *planning) claim(instance string) {
	by := holder{instance: instance, id: text(p.plan.ID)}
	for _, c := range claimsOf(p.plan, configuredPhone(p.config)) {
		if has, ok := p.r.data.run.plan(c, by); !ok {
			duplicate(c, has, by, phonePath(p.plan)).addTo(p.diags)
		}
	}
}

// claimsOf is what only m may have under its template, as far as it is known.
func claimsOf(m *model, phone wechatpay.Personal) []claim {
	if !known(m.BrandID) || !known(m.CardID) {
		return nil
	}
	c := claim{brandID: text(m.BrandID), cardID: text(m.CardID)}
	var claims []claim
	if known(m.UserCardCode) {
		c.what, c.value = attrUserCardCode, text(m.UserCardCode)
		claims = append(claims, c)
	}
	if phone != "" {
		c.what, c.value = attrPhoneNumber, canonicalPhone(phone.Reveal())
		claims = append(claims, c)
	}
	return claims
}

// duplicate is the error of two resources that stand for one member.
func duplicate(c claim, has, by holder, phone path.Path) problem {
	if c.what == attrPhoneNumber {
		return problem{phone, "Two members have one phone number",
			fmt.Sprintf("Two members have the same phone number under one card template: %s and %s. Each member needs a phone number of its own.", has.name(), by.name())}
	}
	return problem{path.Root(attrUserCardCode), "Two members have one code",
		fmt.Sprintf("Two resources of this run stand for the member %s. A code is unique under its card template: give each member a code of its own.", by.id)}
}

// instanceOf is the token that tells this resource from others within a run. Terraform
// plans a replacement twice and hands the first call's planned private data to the second.
func instanceOf(ctx context.Context, prior privateGetter, next privateSetter, diags *diag.Diagnostics) string {
	var instance string
	if getPrivate(ctx, prior, privateInstance, &instance, diags) {
		return instance
	}
	instance = newInstance()
	setPrivate(ctx, next, privateInstance, instance, diags)
	return instance
}

func newInstance() string { return rand.Text() }

// samePlanned compares what ModifyPlan may have changed.
func samePlanned(a, b *model) bool {
	other := b.computedTexts()
	for i, field := range a.computedTexts() {
		if !field.Equal(*other[i]) {
			return false
		}
	}
	return a.ValidDateInformation.Equal(b.ValidDateInformation)
}

// unknownAttribute reports whether the named attribute is not known yet.
func unknownAttribute(m *model, name string) bool {
	switch name {
	case attrPhoneNumber:
		return m.PhoneNumber.IsUnknown() || m.PhoneNumberWOVersion.IsUnknown()
	case attrCardColor:
		return m.CardColor.IsUnknown()
	case attrCardPictureURL:
		return m.CardPictureURL.IsUnknown()
	case attrLevel:
		return m.Level.IsUnknown()
	case attrAttach:
		return m.Attach.IsUnknown()
	case attrPickupTime:
		return m.PickupTime.IsUnknown()
	case attrValidDate:
		return m.ValidDateInformation.IsUnknown()
	default:
		u, ok := userInformationOf(m.UserInformation)
		return !ok || hasUnknown(u)
	}
}

func sortedKeys(m map[string]attr.Value) []string {
	return slices.Sorted(maps.Keys(m))
}
