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

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// Update implements resource.Resource: at most one modify call, which carries only what
// changed; before it, the reading that verifies a card whose openid has become known.
func (r *importResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	defer framework.RecoverPanic("changing the member's card", &resp.Diagnostics)
	state := readModel(ctx, req.State.Raw, &resp.Diagnostics)
	plan := readModel(ctx, req.Plan.Raw, &resp.Diagnostics)
	config := readModel(ctx, req.Config.Raw, &resp.Diagnostics)
	if resp.Diagnostics.HasError() || !r.data.Ready(&resp.Diagnostics) {
		return
	}
	ctx, cancel, ok := framework.WithTimeout(ctx, plan.Timeouts.Update, &resp.Diagnostics)
	defer cancel()
	if !ok {
		return
	}

	phone := configuredPhone(config)
	var card *wechatpay.UserCard
	var names []string
	// forgotten: what was left to send is not wanted any more, and is in the state all the same.
	var forgotten bool
	if state.OpenID.IsNull() && framework.Known(plan.OpenID) {
		card = r.verify(ctx, state, plan, config, &resp.Diagnostics)
		if card == nil {
			return
		}
		names = attributesToReconcile(plan, card)
		if phoneChanged(state, plan) {
			names = append([]string{attrPhoneNumber}, names...)
		}
	} else {
		left := pendingOf(ctx, req.Private, &resp.Diagnostics)
		wanted := configured(config, left)
		forgotten = len(wanted) < len(left)
		names = union(attributesToSend(state, plan), wanted)
	}
	if len(names) > 0 {
		answer, err := r.data.Client.ModifyUserCard(ctx, toModifyRequest(plan, phone, names))
		if err != nil {
			r.data.ReportError(err, explain(err, "changing the member's card", phonePath(plan)), framework.Text(plan.ID), &resp.Diagnostics)
			// The card may not be as it was read: changed by this call, invalidated or gone.
			framework.ClearReadTime(ctx, resp.Private, &resp.Diagnostics)
			return
		}
		card = answer
	}

	got := state
	if card != nil {
		got = modelFromAPI(card)
	}
	next := stateAfterApply(plan, got)
	resp.State.Raw = next.value(ctx, req.Plan.Raw, &resp.Diagnostics)
	setIdentity(ctx, resp.Identity, next, &resp.Diagnostics)
	framework.SetPrivate(ctx, resp.Private, privatePending, nil, &resp.Diagnostics)
	if card != nil {
		warnInvalid(card, &resp.Diagnostics)
		warnUnread(card, &resp.Diagnostics)
	}
	switch {
	case forgotten, card != nil && !agrees(plan, card):
		framework.ClearReadTime(ctx, resp.Private, &resp.Diagnostics)
	case card != nil && r.data.RefreshInterval > 0:
		framework.SetReadTime(ctx, resp.Private, r.data.Now(), &resp.Diagnostics)
	}
}

// configured are those of names that the configuration still sets.
func configured(config *model, names []string) []string {
	set := driftedAttributes(config, emptyModel())
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !slices.Contains(set, name) })
}

// openIDSource says where the openid of a card that was adopted unverified comes from, and what to
// do where it is not the member's.
func openIDSource(config *model) (source, correct string) {
	if config.OpenID.IsNull() {
		return "from the journal", "Set the member's openid, or run without journal_path"
	}
	return "that is configured now", "Correct openid"
}

// verify reads a card that was adopted unverified, now that its openid is known, and makes sure
// that it is the member's. It returns nil where it is not.
func (r *importResource) verify(ctx context.Context, state, plan, config *model, diags *diag.Diagnostics) *wechatpay.UserCard {
	source, correct := openIDSource(config)
	phone := configuredPhone(config)
	// The card was adopted with the state's phone number; what is configured now may already be a change of it.
	if !state.PhoneNumber.IsNull() {
		phone = wechatpay.Personal(framework.Text(state.PhoneNumber))
	} else if phoneChanged(state, plan) {
		phone = ""
	}
	card, err := r.data.Client.GetUserCard(ctx, plan.ref())
	read := readingOf(card, err, plan, phone)
	if read == readMatch && phone == "" && otherMask(state, card) {
		read = readOtherPhone
	}
	switch read {
	case readMatch:
		return card
	case readNotFound:
		framework.At(path.Root("openid"), "This user has no card under this code",
			fmt.Sprintf("The member %s was adopted unverified, and the user with the openid %s has no such card. "+
				"Either another user has the code, or the phone number's card is under another code. Nothing was changed. "+
				"%s, or take the member out of the state with terraform state rm and start again.", framework.Text(plan.ID), source, correct)).WithAPIDetails(err).AddError(diags)
	case readOtherPhone:
		framework.At(phonePath(plan), "The card belongs to another phone number",
			fmt.Sprintf("The member %s was adopted unverified, and the card of the user with the openid %s has another phone number. "+
				"Nothing was changed. %s, or correct the phone number.", framework.Text(plan.ID), source, correct)).AddError(diags)
	case readOtherPickupTime:
		pickupTimeDiffers(framework.Text(plan.ID), card.PickupTime).AddError(diags)
	default:
		r.data.ReportError(err, explainRead(err, "reading the member's card to verify it", phonePath(plan)), framework.Text(plan.ID), diags)
	}
	return nil
}

// attributesToSend is changedAttributes without what no call changes.
func attributesToSend(state, plan *model) []string {
	return slices.DeleteFunc(changedAttributes(state, plan), func(name string) bool { return name == attrPickupTime })
}

func union(a, b []string) []string {
	for _, name := range b {
		if !slices.Contains(a, name) {
			a = append(a, name)
		}
	}
	return a
}
