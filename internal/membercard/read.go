// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// Read implements resource.Resource. Without an openid nothing can be read and the state stays.
func (r *importResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	defer framework.RecoverPanic("reading the member's card", &resp.Diagnostics)
	state := readModel(ctx, req.State.Raw, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	setIdentity(ctx, resp.Identity, state, &resp.Diagnostics)
	if state.OpenID.IsNull() {
		return
	}
	var importing bool
	framework.GetPrivate(ctx, req.Private, privateImported, &importing, &resp.Diagnostics)
	// An import that is not read knows nothing of the card, so that the apply would overwrite it.
	if importing && !r.data.Ready(&resp.Diagnostics) {
		return
	}
	if r.data == nil || r.data.Client == nil {
		resp.Diagnostics.AddWarning("A member's card was not refreshed",
			"A part of the provider's configuration is not known while planning, so that the state is taken as it is.")
		return
	}
	pending := pendingOf(ctx, req.Private, &resp.Diagnostics)
	if !importing && len(pending) == 0 && framework.ReadWithin(ctx, req.Private, r.data.RefreshInterval, r.data.Now(), &resp.Diagnostics) {
		return
	}
	ctx, cancel, ok := framework.WithTimeout(ctx, state.Timeouts.Read, &resp.Diagnostics)
	defer cancel()
	if !ok {
		return
	}

	card, err := r.data.Client.GetUserCard(ctx, state.ref())
	if wechatpay.IsNotFound(err) {
		if importing {
			unknownImport(state.ref(), err).AddError(&resp.Diagnostics)
			return
		}
		goneElsewhere(state.ref(), err).AddWarning(&resp.Diagnostics)
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		report := r.data.ReportWhilePlanning
		if importing {
			// Without an error Terraform would take what the import knows for the whole card.
			report = r.data.ReportError
		}
		report(err, explainRead(err, "reading the member's card", phonePath(state)), framework.Text(state.ID), &resp.Diagnostics)
		return
	}
	warnInvalid(card, &resp.Diagnostics)
	warnUnread(card, &resp.Diagnostics)
	next := stateAfterRead(state, card, importing)
	resp.State.Raw = next.value(ctx, req.State.Raw, &resp.Diagnostics)
	setIdentity(ctx, resp.Identity, next, &resp.Diagnostics)
	if importing {
		framework.SetPrivate(ctx, resp.Private, privateImported, nil, &resp.Diagnostics)
	}
	if len(pending) > 0 {
		// The state now shows what WeChat Pay holds, so that what is left shows as a change.
		framework.SetPrivate(ctx, resp.Private, privatePending, nil, &resp.Diagnostics)
	}
	if importing || r.data.RefreshInterval > 0 {
		framework.SetReadTime(ctx, resp.Private, r.data.Now(), &resp.Diagnostics)
	}
}

// pendingOf names the attributes that a modify call still has to carry.
func pendingOf(ctx context.Context, private framework.PrivateGetter, diags *diag.Diagnostics) []string {
	var names []string
	framework.GetPrivate(ctx, private, privatePending, &names, diags)
	return names
}

// goneElsewhere is the warning of a card that WeChat Pay does not know any more. The openid is
// in no state from then on, so the warning has all that an import needs.
func goneElsewhere(ref wechatpay.CardRef, err error) framework.Diagnostic {
	return framework.At(path.Empty(), "The member's card does not exist any more",
		fmt.Sprintf("WeChat Pay has no card %s of this user, who may have deleted it. The card is removed from the state and the next apply imports the member again. "+
			"If the card does exist: %s", resourceID(ref), importCommand(ref))).WithAPIDetails(err)
}

// unknownImport is the error of an import id that names no card.
func unknownImport(ref wechatpay.CardRef, err error) framework.Diagnostic {
	return framework.At(path.Empty(), "There is no such card to import",
		fmt.Sprintf("WeChat Pay has no card %s of the user whose openid was given. Check each part of brand_id/card_id/user_card_code/openid; "+
			"the openid must be the one under the AppID of the card template.", resourceID(ref))).WithAPIDetails(err)
}
