// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/validity"
)

// ModifyPlan implements resource.ResourceWithModifyPlan: it plans what can be known, and
// refuses or warns of what would go wrong in the apply.
func (r *importResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	defer framework.RecoverPanic("planning the member", &resp.Diagnostics)
	if r.data == nil {
		return
	}
	var state *model
	if !req.State.Raw.IsNull() {
		state = readModel(ctx, req.State.Raw, &resp.Diagnostics)
	}
	if req.Plan.Raw.IsNull() {
		if state != nil && !resp.Diagnostics.HasError() {
			planDestroy(state, &resp.Diagnostics)
			r.registerDelete(state, framework.Instance(ctx, req.Private, resp.Private, &resp.Diagnostics), &resp.Diagnostics)
		}
		return
	}
	config := readModel(ctx, req.Config.Raw, &resp.Diagnostics)
	plan := readModel(ctx, req.Plan.Raw, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	before := *plan
	p := planning{r: r, state: state, config: config, plan: plan, diags: &resp.Diagnostics}
	p.planIDs(resp)
	if resp.Diagnostics.HasError() {
		return
	}
	instance := framework.Instance(ctx, req.Private, resp.Private, &resp.Diagnostics)
	if state != nil && replaces(state, plan) {
		p.replacement()
		r.registerDelete(state, instance, &resp.Diagnostics)
	} else {
		if state == nil {
			p.create()
		} else {
			p.update(pendingOf(ctx, req.Private, &resp.Diagnostics))
		}
		r.validatePlanned(plan, p.changes, state == nil, &resp.Diagnostics)
		p.claim(instance)
		p.registerUpsert(instance)
		if state == nil || slices.Contains(p.changes, validity.Attribute) || slices.Contains(p.changes, attrUserInformation) {
			r.checkTemplate(ctx, p.wanted(), &resp.Diagnostics)
		}
	}
	if !samePlanned(&before, plan) {
		resp.Plan.Raw = plan.value(ctx, req.Plan.Raw, &resp.Diagnostics)
	}
}

// planning is one resource's plan under way.
type planning struct {
	r                   *importResource
	state, config, plan *model // state is nil for a card to be imported
	diags               *diag.Diagnostics
	changes             []string
}

// planIDs plans the brand, the id and the masked phone number, and whether another brand replaces.
func (p *planning) planIDs(resp *resource.ModifyPlanResponse) {
	stateBrand := types.StringNull()
	if p.state != nil {
		stateBrand = p.state.BrandID
	}
	brand, ok := p.r.data.PlannedBrand(p.config.BrandID, stateBrand, p.diags)
	if !ok {
		return
	}
	p.plan.BrandID = brand
	if p.state != nil && !p.plan.BrandID.Equal(p.state.BrandID) {
		resp.RequiresReplace = append(resp.RequiresReplace, path.Root("brand_id"))
	}
	p.plan.ID = types.StringUnknown()
	if framework.Known(p.plan.BrandID) && framework.Known(p.plan.CardID) && framework.Known(p.plan.UserCardCode) {
		p.plan.ID = types.StringValue(resourceID(p.plan.ref()))
	}
	p.plan.PhoneNumberMasked = p.plannedMask()
}

// replaces reports whether plan is another card than state's. The framework does not tell
// ModifyPlan what the attributes' own plan modifiers have decided.
func replaces(state, plan *model) bool {
	return !plan.BrandID.Equal(state.BrandID) || !plan.CardID.Equal(state.CardID) || !plan.UserCardCode.Equal(state.UserCardCode)
}

// create plans a card to be imported.
func (p *planning) create() {
	if p.r.data.BrandMode && p.config.OpenID.IsNull() {
		framework.Detailf(path.Root("openid"), "A brand imports members by openid only",
			"The member %s has no openid, and with merchant_mode = \"brand\" WeChat Pay offers no import by phone number. Set openid: "+
				"it is the user's under the AppID of the card template. To import by phone number, a service provider of the brand must do it.",
			framework.Text(p.plan.ID)).AddError(p.diags)
	}
	if p.config.OpenID.IsNull() && p.plan.OpenID.IsNull() {
		p.plan.OpenID = types.StringUnknown()
	}
	if code := p.plan.UserCardCode; framework.Known(code) && showsPhone(framework.Text(code), configuredPhone(p.config)) {
		framework.At(path.Empty(), "A card code looks like a phone number",
			"A user_card_code of this configuration is, contains or looks like a phone number. Terraform prints codes and addresses in plans and logs, where everybody can read them. "+
				"Use a code that identifies nobody, such as a member number.").AddWarning(p.diags)
	}
}

// update plans a change in place.
func (p *planning) update(pending []string) {
	if !p.state.OpenID.IsNull() && framework.Known(p.config.OpenID) && !p.config.OpenID.Equal(p.state.OpenID) {
		p.diags.AddAttributeError(path.Root("openid"), "The openid cannot change",
			fmt.Sprintf("The member %s has the openid %q in the state, and %q is configured. A card belongs to one user permanently: "+
				"correct openid or leave it out. For another user add another member, with a code of its own.", framework.Text(p.plan.ID), framework.Text(p.state.OpenID), framework.Text(p.config.OpenID)))
	}
	p.changes = changedAttributes(p.state, p.plan)
	if p.plan.OpenID.IsNull() {
		p.lookInJournal()
	}
	if p.plan.OpenID.IsNull() {
		p.refuseWithoutOpenID()
		return
	}
	p.warnPhoneNotSent()
	verifying := p.state.OpenID.IsNull()
	if verifying {
		p.setComputedUnknown()
	}
	p.planPickupTime(verifying)
	if verifying || len(p.changes) > 0 || len(pending) > 0 {
		p.plan.ModifyTime = types.StringUnknown()
	}
	if slices.Contains(p.changes, validity.Attribute) {
		p.plan.UserCardState = types.StringUnknown()
	}
}

// lookInJournal plans the verification of a card that was adopted unverified, as if its openid were
// configured, where the journal has the openid: a run without journal_path, or with another key, may
// have adopted it.
func (p *planning) lookInJournal() {
	openID, err := p.r.findInJournal(p.state.ref(), p.diags)
	switch {
	case err != nil:
		if p.r.data.FirstReport("reading the journal: "+err.Error(), framework.Text(p.plan.ID)) {
			p.diags.AddWarning("The journal could not be read",
				fmt.Sprintf("Members that were adopted unverified stay so, because the file of journal_path could not be searched for their openids: %s. Check the file, then plan again.", err))
		}
	case openID != "":
		p.plan.OpenID = types.StringValue(openID)
	}
}

// planPickupTime refuses another pickup_time than the card's, since no call changes it. That of
// a card that was adopted unverified is not known before it is read.
func (p *planning) planPickupTime(verifying bool) {
	i := slices.Index(p.changes, attrPickupTime)
	if i < 0 {
		return
	}
	p.changes = slices.Delete(p.changes, i, i+1)
	if !verifying && framework.Known(p.plan.PickupTime) {
		pickupTimeDiffers(framework.Text(p.plan.ID), framework.Text(p.state.PickupTime)).AddError(p.diags)
	}
}

// refuseWithoutOpenID refuses every change of a card that cannot be changed.
func (p *planning) refuseWithoutOpenID() {
	for _, name := range p.changes {
		if isPartlyUnknown(p.plan, name) {
			continue
		}
		at := path.Root(name)
		switch name {
		case attrPhoneNumber:
			at = phonePath(p.plan)
		case attrUserInformation:
			at = path.Empty() // Terraform would print what the member entered
		}
		framework.At(at, "A change needs the openid",
			fmt.Sprintf("The member %s was adopted unverified, so that its openid is unknown, and WeChat Pay changes no card without it. "+
				"Set openid to have the card verified and changed, or undo the change of %s.", framework.Text(p.plan.ID), name)).AddError(p.diags)
	}
}

// setComputedUnknown leaves open what the verification of a card will find.
func (p *planning) setComputedUnknown() {
	for _, f := range fields() {
		if f.computed && f.get(p.config).IsNull() {
			f.set(p.plan, f.unknown)
		}
	}
}

// wanted is the plan without what is left to WeChat Pay: unknown and not configured is null.
func (p *planning) wanted() *model {
	m := *p.plan
	for _, f := range fields() {
		if f.computed && f.get(&m).IsUnknown() && f.get(p.config).IsNull() {
			f.set(&m, f.null)
		}
	}
	return &m
}

// replacement warns of what a replacement does; the card to be imported is planned by a second
// call, as if it were new.
func (p *planning) replacement() {
	planDestroy(p.state, p.diags)
	phone := configuredPhone(p.config)
	same := phone != "" && framework.Text(p.state.PhoneNumber) == phone.Reveal()
	if p.state.PhoneNumber.IsNull() {
		same = phone != "" && maskedPhone(phone).Equal(p.state.PhoneNumberMasked)
	}
	// A user may have a card of each template.
	sameUser := framework.Known(p.config.OpenID) && p.config.OpenID.Equal(p.state.OpenID) && p.plan.BrandID.Equal(p.state.BrandID) && p.plan.CardID.Equal(p.state.CardID)
	switch {
	case same:
		phoneMayBeRefused(phonePath(p.plan), fmt.Sprintf("The member %s is replaced and keeps its phone number.", framework.Text(p.state.ID))).AddWarning(p.diags)
	case sameUser && deletionPolicy(p.state) != deletionInvalidate:
		userMayBeRefused(fmt.Sprintf("The member %s is replaced and keeps its openid.", framework.Text(p.state.ID))).AddWarning(p.diags)
	}
}

// samePlanned compares what ModifyPlan may have changed.
func samePlanned(a, b *model) bool {
	for _, f := range fields() {
		if f.computed && !f.get(a).Equal(f.get(b)) {
			return false
		}
	}
	return a.ID.Equal(b.ID) && a.BrandID.Equal(b.BrandID) && a.OpenID.Equal(b.OpenID) && a.PhoneNumberMasked.Equal(b.PhoneNumberMasked)
}
