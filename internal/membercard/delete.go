// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// Delete implements resource.Resource, by the deletion policy in the state.
func (r *importResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	defer recovered("destroying the member", &resp.Diagnostics)
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	card := cardOf(&state, wechatpay.Personal(text(state.PhoneNumber)))
	if r.data != nil && r.data.run.hasTakenOver(card) {
		takenOver(&state).addTo(&resp.Diagnostics)
		return
	}
	heir, inherited := r.heir(ctx, req, &state, &resp.Diagnostics)
	switch deletionPolicy(&state) {
	case deletionPrevent:
		prevented(&state).addTo(&resp.Diagnostics)
		return
	case deletionInvalidate:
		if inherited {
			standsFor(&state, heir).addTo(&resp.Diagnostics)
			return
		}
		if !r.invalidate(ctx, &state, &resp.Diagnostics) {
			return
		}
	default:
		detail := fmt.Sprintf("The card %s is out of the state, but WeChat Pay keeps it (deletion_policy = \"abandon\").", text(state.ID))
		if inherited && !state.OpenID.IsNull() {
			detail += fmt.Sprintf(" Another resource of this run stands for it now: if that one was taken over unverified, set openid = %q there to have it verified.", text(state.OpenID))
		}
		resp.Diagnostics.AddWarning("The member's card lives on", detail)
	}
	if r.data != nil {
		r.data.run.release(card)
	}
}

// heir is another resource that has made, or taken over, this very member in this run.
func (r *importResource) heir(ctx context.Context, req resource.DeleteRequest, state *model, diags *diag.Diagnostics) (holder, bool) {
	if r.data == nil {
		return holder{}, false
	}
	var instance string
	getPrivate(ctx, req.Private, privateInstance, &instance, diags)
	by, ok := r.data.run.createdBy(claim{text(state.BrandID), text(state.CardID), attrUserCardCode, text(state.UserCardCode)})
	return by, ok && by.instance != instance
}

// invalidate ends the card; a card that is already invalid, or gone, is as it should be.
func (r *importResource) invalidate(ctx context.Context, state *model, diags *diag.Diagnostics) bool {
	if state.OpenID.IsNull() {
		invalidateWithoutOpenID(state).addTo(diags)
		return false
	}
	if text(state.UserCardState) == string(wechatpay.UserCardStateInvalid) {
		return true
	}
	if !r.data.ready(diags) {
		return false
	}
	timeout, d := state.Timeouts.Delete(ctx, defaultTimeout)
	diags.Append(d...)
	if d.HasError() {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	if err := invalidateCard(ctx, r.data.Client, wechatpay.InvalidateUserCardRequest{
		CardRef: state.ref(), InvalidReason: text(state.InvalidateReason),
	}); err != nil {
		explain(err, "invalidating the member's card", phonePath(state)).addTo(diags)
		return false
	}
	return true
}

// invalidateCard ends a card. A card that is invalid already, or gone, is as it should be:
// somebody else may have ended it, or an attempt that got no answer may have.
func invalidateCard(ctx context.Context, client wechatpay.API, req wechatpay.InvalidateUserCardRequest) error {
	_, err := client.InvalidateUserCard(ctx, req)
	if err == nil || isNotFound(err) {
		return nil
	}
	card, readErr := client.GetUserCard(ctx, req.CardRef)
	if isNotFound(readErr) || (readErr == nil && card.UserCardState == wechatpay.UserCardStateInvalid) {
		return nil
	}
	return err
}

func isNotFound(err error) bool {
	var e *wechatpay.Error
	return errors.As(err, &e) && e.Kind == wechatpay.KindNotFound
}

func deletionPolicy(m *model) string {
	if known(m.DeletionPolicy) {
		return text(m.DeletionPolicy)
	}
	return deletionAbandon
}

func prevented(state *model) problem {
	return problem{path.Root("deletion_policy"), "The member is protected from being destroyed",
		fmt.Sprintf("The card %s has deletion_policy = \"prevent\" in the state. To destroy or replace it, set another policy and apply that first: "+
			"the policy in the state counts.", text(state.ID))}
}

// takenOver is the error of a card whose phone number this run has taken over under another code.
// Where a replacement did that, terraform state rm takes both cards out of the state, and with
// this one its openid: so the error has all that an import needs.
func takenOver(state *model) problem {
	detail := fmt.Sprintf("In this run another resource met \"already exists\" for the phone number of %s and took it over unverified, under another code. "+
		"Most likely WeChat Pay meant this very card, and the other code has none: a replacement with create_before_destroy does that. "+
		"This card stays in the state. Go back to this card's code, and take the other one out of the state with terraform state rm. ", text(state.ID))
	if state.OpenID.IsNull() {
		detail += "Where both have one address, that takes this card out as well."
	} else {
		detail += "Where both have one address, that takes this card out as well; import it again then: " + importIDOf(state).command()
	}
	return problem{phonePath(state), "Another resource has taken this member over", detail}
}

// standsFor is the error of a card that is not invalidated because another resource has it now.
func standsFor(state *model, heir holder) problem {
	detail := fmt.Sprintf("In this run another resource has imported or taken over the member %s, and invalidating would end its card for ever. This resource stays in the state, and nothing was sent. "+
		"Take it out of the state with terraform state rm.", heir.id)
	if !state.OpenID.IsNull() {
		detail += fmt.Sprintf(" If the other one was taken over unverified, set openid = %q there to have it verified.", text(state.OpenID))
	}
	return problem{path.Root("deletion_policy"), "Another resource stands for this card", detail}
}

func invalidateWithoutOpenID(state *model) problem {
	return problem{path.Root("openid"), "The card cannot be invalidated without its openid",
		fmt.Sprintf("The card %s was taken over unverified, so that its openid is unknown, and WeChat Pay invalidates no card without it. "+
			"Set openid and apply, or set deletion_policy = \"abandon\" and apply; then destroy.", text(state.ID))}
}
