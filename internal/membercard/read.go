// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// Read implements resource.Resource. Without an openid nothing can be read and the state stays.
func (r *importResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	defer recovered("reading the member's card", &resp.Diagnostics)
	var state model
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	setIdentity(ctx, resp.Identity, &state, &resp.Diagnostics)
	if state.OpenID.IsNull() {
		return
	}
	var importing bool
	getPrivate(ctx, req.Private, privateImported, &importing, &resp.Diagnostics)
	// An import that is not read knows nothing of the card, so that the apply would overwrite it.
	if importing && !r.data.ready(&resp.Diagnostics) {
		return
	}
	if r.data == nil || r.data.Client == nil {
		resp.Diagnostics.AddWarning("A member's card was not refreshed",
			"A part of the provider's configuration is not known while planning, so that the state is taken as it is.")
		return
	}
	pending := pendingOf(ctx, req.Private, &resp.Diagnostics)
	if !importing && len(pending) == 0 && readWithin(ctx, req.Private, r.data.RefreshInterval, r.data.Now(), &resp.Diagnostics) {
		return
	}
	timeout, diags := state.Timeouts.Read(ctx, defaultTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	card, err := r.data.Client.GetUserCard(ctx, state.ref())
	if isNotFound(err) {
		resp.State.RemoveResource(ctx)
		return
	}
	if err != nil {
		explain(err, "reading the member's card", phonePath(&state)).addTo(&resp.Diagnostics)
		return
	}
	warnInvalid(card, &resp.Diagnostics)
	next := refreshed(&state, card, importing)
	resp.Diagnostics.Append(resp.State.Set(ctx, next)...)
	setIdentity(ctx, resp.Identity, next, &resp.Diagnostics)
	if importing {
		setPrivate(ctx, resp.Private, privateImported, nil, &resp.Diagnostics)
	}
	if len(pending) > 0 {
		// The state now shows what WeChat Pay holds, so that what is left shows as a change.
		setPrivate(ctx, resp.Private, privatePending, nil, &resp.Diagnostics)
	}
	if importing || r.data.RefreshInterval > 0 {
		setReading(ctx, resp.Private, r.data.Now(), &resp.Diagnostics)
	}
}

// pendingOf names the attributes that a modify call still has to carry.
func pendingOf(ctx context.Context, private privateGetter, diags *diag.Diagnostics) []string {
	var names []string
	getPrivate(ctx, private, privatePending, &names, diags)
	return names
}
