// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/membercard/registry"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// Delete implements resource.Resource, by the deletion policy in the state.
func (r *importResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	defer framework.RecoverPanic("destroying the member", &resp.Diagnostics)
	state := readModel(ctx, req.State.Raw, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	card := cardOf(state, wechatpay.Personal(framework.Text(state.PhoneNumber)))
	if r.data != nil && r.registry.AdoptedWithPhone(card) {
		adoptedUnderOtherCode(state).AddError(&resp.Diagnostics)
		return
	}
	owner, hasOwner := r.newOwner(ctx, req, state, &resp.Diagnostics)
	switch deletionPolicy(state) {
	case deletionPrevent:
		prevented(state).AddError(&resp.Diagnostics)
		return
	case deletionInvalidate:
		if hasOwner && !isInvalid(state) {
			ownedElsewhere(state, owner).AddError(&resp.Diagnostics)
			return
		}
		if !r.invalidate(ctx, state, &resp.Diagnostics) {
			return
		}
		card.Invalid = true
	default:
		if hasOwner && !owner.Failed {
			releasedToOwner(state, owner).AddWarning(&resp.Diagnostics)
		}
		card.Invalid = isInvalid(state)
	}
	if r.data != nil {
		r.registry.Release(card)
	}
}

// newOwner is the import of this very member by another resource of this run.
func (r *importResource) newOwner(ctx context.Context, req resource.DeleteRequest, state *model, diags *diag.Diagnostics) (registry.Import, bool) {
	if r.data == nil {
		return registry.Import{}, false
	}
	var instance string
	framework.GetPrivate(ctx, req.Private, framework.PrivateInstance, &instance, diags)
	owner, ok := r.registry.ImportedBy(registry.Claim{
		BrandID: framework.Text(state.BrandID), CardID: framework.Text(state.CardID),
		Kind: registry.UserCardCode, Value: framework.Text(state.UserCardCode),
	})
	return owner, ok && owner.Instance != instance
}

// invalidate ends the card. It returns false after an error.
func (r *importResource) invalidate(ctx context.Context, state *model, diags *diag.Diagnostics) bool {
	if state.OpenID.IsNull() {
		invalidateWithoutOpenID(state).AddError(diags)
		return false
	}
	if isInvalid(state) {
		return true
	}
	if !r.data.Ready(diags) {
		return false
	}
	ctx, cancel, ok := framework.WithTimeout(ctx, state.Timeouts.Delete, diags)
	defer cancel()
	if !ok {
		return false
	}
	if err := invalidateCard(ctx, r.data.Client, wechatpay.InvalidateUserCardRequest{
		CardRef: state.ref(), InvalidReason: framework.Text(state.InvalidateReason),
	}); err != nil {
		r.data.ReportError(err, explain(err, "invalidating the member's card", phonePath(state)), framework.Text(state.ID), diags)
		return false
	}
	return true
}

// errStillValid is the error of an invalidation that WeChat Pay answered, and that did nothing.
var errStillValid = errors.New("WeChat Pay answered the invalidation, but the card is not INVALID. Apply again; if it stays, ask WeChat Pay's support")

// invalidateCard ends a card. It is done when the answer, or a reading after it, says INVALID,
// or that there is no such card: another person may have ended it, or an attempt that had no answer.
func invalidateCard(ctx context.Context, client wechatpay.API, req wechatpay.InvalidateUserCardRequest) error {
	card, err := client.InvalidateUserCard(ctx, req)
	if wechatpay.IsNotFound(err) || err == nil && card.UserCardState == wechatpay.UserCardStateInvalid {
		return nil
	}
	card, readErr := client.GetUserCard(ctx, req.CardRef)
	if wechatpay.IsNotFound(readErr) || readErr == nil && card.UserCardState == wechatpay.UserCardStateInvalid {
		return nil
	}
	return cmp.Or(err, readErr, errStillValid)
}

// planDestroy refuses or warns of what destroying will do, by the policy in the state.
func planDestroy(state *model, diags *diag.Diagnostics) {
	switch {
	case deletionPolicy(state) == deletionPrevent:
		prevented(state).AddError(diags)
	case isInvalid(state):
	case deletionPolicy(state) != deletionInvalidate:
		framework.At(path.Empty(), "A member's card stays at WeChat Pay",
			fmt.Sprintf("The card %s leaves the state and stays %s (deletion_policy = \"abandon\"). "+
				"To invalidate it instead, set deletion_policy = \"invalidate\" and apply that before removing the member.", framework.Text(state.ID), whereItStays(state))).AddWarning(diags)
	case state.OpenID.IsNull():
		invalidateWithoutOpenID(state).AddError(diags)
	default:
		framework.At(path.Root("deletion_policy"), "A card will be permanently invalidated",
			fmt.Sprintf("Destroying the member %s invalidates its card at WeChat Pay, which cannot be undone. Tell the customer first and have consent.", framework.Text(state.ID))).AddWarning(diags)
	}
}

// whereItStays says what becomes of a card that is not invalidated. That of an unverified member has
// no known state.
func whereItStays(state *model) string {
	switch wechatpay.UserCardState(framework.Text(state.UserCardState)) {
	case wechatpay.UserCardStateEffective:
		return "valid at WeChat Pay"
	case wechatpay.UserCardStateExpired:
		return "at WeChat Pay, where it has expired"
	case wechatpay.UserCardStateUnactivated:
		return "at WeChat Pay, where the user can still activate it"
	}
	return "at WeChat Pay"
}

func prevented(state *model) framework.Diagnostic {
	return framework.At(path.Root("deletion_policy"), "The member is protected from being destroyed",
		fmt.Sprintf("The card %s has deletion_policy = \"prevent\" in the state. To destroy or replace it, set another policy and apply that first: "+
			"the policy in the state counts.", framework.Text(state.ID)))
}

// adoptedUnderOtherCode is the error of a card whose phone number this run has adopted under
// another code, as a replacement with create_before_destroy does.
func adoptedUnderOtherCode(state *model) framework.Diagnostic {
	return framework.At(phonePath(state), "Another resource has adopted this member",
		fmt.Sprintf("%s stays in the state: this run has adopted its phone number unverified under another code. Most likely WeChat Pay meant this card, and the other code has none.\n%s",
			framework.Text(state.ID), keepCardSteps(state.ref())))
}

// ownedElsewhere is the error of a card that is not invalidated because another resource
// manages it now, or may do so.
func ownedElsewhere(state *model, owner registry.Import) framework.Diagnostic {
	at := path.Root("deletion_policy")
	switch {
	case owner.Failed:
		return framework.At(at, "Another resource may manage this card",
			fmt.Sprintf("In this run another resource was to import the member %s, and that failed. Invalidating would permanently end the card that it wants. "+
				"This resource stays in the state, and nothing was sent. If only the address changed, write a moved block; otherwise correct the import first.", owner.ID))
	case !owner.Done:
		return framework.At(at, "Another resource may manage this card",
			fmt.Sprintf("In this run another resource may have imported the member %s: its import is under way, or had no valid answer. Invalidating could end its card permanently. "+
				"This resource stays in the state, and nothing was sent. Apply again when the import has an outcome.", owner.ID))
	}
	return framework.At(at, "Another resource manages this card",
		fmt.Sprintf("In this run another resource has imported or adopted the member %s, and invalidating would end its card permanently. This resource stays in the state, and nothing was sent. "+
			"Take it out of the state with terraform state rm.%s", owner.ID, setOpenIDThere(state)))
}

// releasedToOwner is the warning of a card that stays at WeChat Pay and that another resource
// manages now, or may manage.
func releasedToOwner(state *model, owner registry.Import) framework.Diagnostic {
	if !owner.Done {
		return framework.At(path.Empty(), "Another resource may manage this card",
			fmt.Sprintf("Another resource of this run may have imported the card %s: its import is under way, or had no valid answer.%s", framework.Text(state.ID), setOpenIDThere(state)))
	}
	return framework.At(path.Empty(), "Another resource manages this card",
		fmt.Sprintf("Another resource of this run manages the card %s now.%s", framework.Text(state.ID), setOpenIDThere(state)))
}

// setOpenIDThere tells the openid before it leaves the state, where it is known.
func setOpenIDThere(state *model) string {
	if state.OpenID.IsNull() {
		return ""
	}
	return fmt.Sprintf(" If that one was adopted unverified, set openid = %q there to have it verified.", framework.Text(state.OpenID))
}

func invalidateWithoutOpenID(state *model) framework.Diagnostic {
	return framework.At(path.Root("openid"), "The card cannot be invalidated without its openid",
		fmt.Sprintf("The card %s was adopted unverified, so that its openid is unknown, and WeChat Pay invalidates no card without it. "+
			"Set openid and apply, or set deletion_policy = \"abandon\" and apply; then destroy.", framework.Text(state.ID)))
}
