// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// Update implements resource.Resource: at most one modify call, which carries only what
// changed; before it, the reading that verifies a card whose openid has become known.
func (r *importResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	defer recovered("changing the member's card", &resp.Diagnostics)
	var state, plan, config model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() || !r.data.ready(&resp.Diagnostics) {
		return
	}
	timeout, diags := plan.Timeouts.Update(ctx, defaultTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	phone := configuredPhone(&config)
	var card *wechatpay.UserCard
	var names []string
	// forgotten: what was left to send is not wanted any more, and is in the state all the same.
	var forgotten bool
	if state.OpenID.IsNull() && known(plan.OpenID) {
		card = r.verify(ctx, &state, &plan, phone, &resp.Diagnostics)
		if card == nil {
			return
		}
		names = convergence(&plan, card)
		if phoneChanged(&state, &plan) {
			names = append([]string{attrPhoneNumber}, names...)
		}
	} else {
		left := pendingOf(ctx, req.Private, &resp.Diagnostics)
		wanted := configured(&config, left)
		forgotten = len(wanted) < len(left)
		names = union(changed(&state, &plan), wanted)
	}
	if len(names) > 0 {
		answer, err := r.data.Client.ModifyUserCard(ctx, modifyRequest(&plan, phone, names))
		if err != nil {
			explain(err, "changing the member's card", phonePath(&plan)).addTo(&resp.Diagnostics)
			// The card may not be as it was read: changed by this call, invalidated or gone.
			forgetReading(ctx, resp.Private, &resp.Diagnostics)
			return
		}
		card = answer
	}

	got := &state
	if card != nil {
		got = observed(card)
	}
	next := settle(&plan, got)
	resp.Diagnostics.Append(resp.State.Set(ctx, next)...)
	setIdentity(ctx, resp.Identity, next, &resp.Diagnostics)
	setPrivate(ctx, resp.Private, privatePending, nil, &resp.Diagnostics)
	if card != nil {
		warnInvalid(card, &resp.Diagnostics)
		setReading(ctx, resp.Private, r.data.Now(), &resp.Diagnostics)
	}
	if forgotten {
		forgetReading(ctx, resp.Private, &resp.Diagnostics)
	}
}

// configured are those of names that the configuration still sets.
func configured(config *model, names []string) []string {
	set := differing(config, new(model))
	return slices.DeleteFunc(slices.Clone(names), func(name string) bool { return !slices.Contains(set, name) })
}

// verify reads a card that was taken over unverified, now that its openid is configured,
// and makes sure that it is the member's. It returns nil where it is not.
func (r *importResource) verify(ctx context.Context, state, plan *model, phone wechatpay.Personal, diags *diag.Diagnostics) *wechatpay.UserCard {
	// The card was taken over with the state's phone number; what is configured now may already be a change of it.
	if !state.PhoneNumber.IsNull() {
		phone = wechatpay.Personal(text(state.PhoneNumber))
	} else if phoneChanged(state, plan) {
		phone = ""
	}
	card, err := r.data.Client.GetUserCard(ctx, plan.ref())
	read := readingOf(card, err, phone)
	if read == readMatch && phone == "" && otherMask(state, card) {
		read = readOtherPhone
	}
	switch read {
	case readMatch:
		return card
	case readNotFound:
		p := problem{path.Root("openid"), "The configured user has no card under this code",
			fmt.Sprintf("The member %s was taken over unverified, and the user with the openid that is now configured has no such card. "+
				"Either the code is held by somebody else, or the phone number sits under another code. Nothing was changed. "+
				"Correct openid, or take the member out of the state with terraform state rm and start anew.", text(plan.ID))}
		if e, ok := errors.AsType[*wechatpay.Error](err); ok {
			p.detail += ownWords(e)
		}
		p.addTo(diags)
	case readOtherPhone:
		p := problem{phonePath(plan), "The card belongs to another phone number",
			fmt.Sprintf("The member %s was taken over unverified, and the card of the user with the openid that is now configured has another phone number. "+
				"Nothing was changed. Correct openid or the phone number.", text(plan.ID))}
		p.addTo(diags)
	default:
		explain(err, "reading the member's card to verify it", phonePath(plan)).addTo(diags)
	}
	return nil
}

// otherMask reports whether the card's phone number does not even look like the one that
// the state shows of a write-only one.
func otherMask(state *model, card *wechatpay.UserCard) bool {
	got := maskedPhone(card.PhoneNumber.Reveal())
	return !got.IsNull() && !state.PhoneNumberMasked.IsNull() && !got.Equal(state.PhoneNumberMasked)
}

// changed names the attributes that a modify call must carry to bring the state to the plan.
func changed(state, plan *model) []string {
	names := slices.DeleteFunc(differing(plan, state), func(name string) bool { return name == attrPhoneNumber })
	if phoneChanged(state, plan) {
		names = append([]string{attrPhoneNumber}, names...)
	}
	return names
}

// phoneChanged reports whether the phone number is to be sent: another one, or, for a
// write-only one, another version. A state without a version (an import) takes the
// configured one over without sending.
func phoneChanged(state, plan *model) bool {
	// ignore_changes may keep either attribute in the plan although the other is configured.
	if !plan.PhoneNumber.IsNull() && !plan.PhoneNumber.Equal(state.PhoneNumber) {
		return true
	}
	return !plan.PhoneNumberWOVersion.IsNull() && !state.PhoneNumberWOVersion.IsNull() && !state.PhoneNumberWOVersion.Equal(plan.PhoneNumberWOVersion)
}

func union(a, b []string) []string {
	for _, name := range b {
		if !slices.Contains(a, name) {
			a = append(a, name)
		}
	}
	return a
}
