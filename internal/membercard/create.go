// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/membercard/registry"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// Create implements resource.Resource: it imports the member, or decides what to do with
// the card that exists.
func (r *importResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	defer framework.RecoverPanic("importing the member", &resp.Diagnostics)
	plan := readModel(ctx, req.Plan.Raw, &resp.Diagnostics)
	config := readModel(ctx, req.Config.Raw, &resp.Diagnostics)
	if resp.Diagnostics.HasError() || !r.data.Ready(&resp.Diagnostics) {
		return
	}
	ctx, cancel, ok := framework.WithTimeout(ctx, plan.Timeouts.Create, &resp.Diagnostics)
	defer cancel()
	if !ok {
		return
	}

	phone := configuredPhone(config)
	instance := newInstance()
	if !r.claimCreated(plan, phone, instance, &resp.Diagnostics) {
		return
	}

	planned := planning{r: r, config: config, plan: plan}
	if !r.isTemplateUsable(planned.wanted(), &resp.Diagnostics) {
		return
	}
	var result created
	card, err := r.importMember(ctx, plan, phone)
	if err == nil {
		result = r.imported(ctx, plan, card, &resp.Diagnostics)
	} else {
		result = r.notImported(ctx, plan, phone, err, &resp.Diagnostics)
	}
	if result.state == nil {
		return
	}

	resp.State.Raw = result.state.value(ctx, req.Plan.Raw, &resp.Diagnostics)
	setIdentity(ctx, resp.Identity, result.state, &resp.Diagnostics)
	framework.SetPrivate(ctx, resp.Private, privateInstance, instance, &resp.Diagnostics)
	if len(result.pending) > 0 {
		framework.SetPrivate(ctx, resp.Private, privatePending, result.pending, &resp.Diagnostics)
	}
	if result.wasRead && r.data.RefreshInterval > 0 {
		framework.SetReadTime(ctx, resp.Private, r.data.Now(), &resp.Diagnostics)
	}
}

// created is what a create leaves behind; state is nil when there is no card to keep.
type created struct {
	state *model
	// pending names attributes that a modify call still has to carry.
	pending []string
	// wasRead is whether the state is what WeChat Pay answered.
	wasRead bool
}

// importMember makes the import call: by openid where it is known, by phone number otherwise.
func (r *importResource) importMember(ctx context.Context, plan *model, phone wechatpay.Personal) (*wechatpay.UserCard, error) {
	req := toImportRequest(plan, phone)
	if req.OpenID != "" {
		return r.data.Client.ImportByOpenID(ctx, req)
	}
	return r.data.Client.ImportByPhone(ctx, req)
}

// claimCreated makes sure that no other resource of this run imports the same member: the
// second would meet "already exists" and adopt the first.
func (r *importResource) claimCreated(plan *model, phone wechatpay.Personal, instance string, diags *diag.Diagnostics) bool {
	requested := registry.Owner{Instance: instance, ID: framework.Text(plan.ID)}
	for _, c := range claimsOf(plan, phone) {
		if existing, ok := r.registry.ClaimCreated(c, requested); !ok {
			duplicate(c, existing, requested, phonePath(plan)).AddError(diags)
			return false
		}
	}
	return true
}

// imported is what follows an answered import: what the import call does not take is sent.
func (r *importResource) imported(ctx context.Context, plan *model, card *wechatpay.UserCard, diags *diag.Diagnostics) created {
	r.record(card.CardRef, diags)
	state := stateAfterApply(plan, modelFromAPI(card))
	state.Adopted = types.BoolValue(false)
	warnUnread(card, diags)
	if framework.Known(plan.Attach) && card.Attach != framework.Text(plan.Attach) {
		return r.reconcile(ctx, plan, state, []string{attrAttach}, diags)
	}
	return created{state: state, wasRead: agrees(plan, card)}
}

// agrees reports whether an answer shows what was planned. One that does not is no reading:
// the next refresh reads the card.
func agrees(plan *model, card *wechatpay.UserCard) bool {
	return len(card.Unread) == 0 && len(attributesToReconcile(plan, card)) == 0 && !hasOtherPickupTime(plan, card) &&
		comparePhone(configuredPhone(plan), card) != phoneDiffers && !otherMask(plan, card)
}

// hasOtherPickupTime reports whether a card has another pickup_time than the configured one. A card
// whose answer has none has no other.
func hasOtherPickupTime(plan *model, card *wechatpay.UserCard) bool {
	return framework.Known(plan.PickupTime) && card.PickupTime != "" && !framework.SameInstant(framework.Text(plan.PickupTime), card.PickupTime)
}

// reconcile sends the named attributes of a card that was just imported or adopted. A failure
// is a warning: an error of a create would taint the card, and a tainted card is replaced.
// The next apply sends what is left. That holds for a panic, too: the openid cannot be had
// again. The phone number is never among the names.
func (r *importResource) reconcile(ctx context.Context, plan, state *model, names []string, diags *diag.Diagnostics) (result created) {
	const doing = "completing the member's card"
	incomplete := func(d framework.Diagnostic) created {
		d.Summary = "The member is there, but not complete: " + d.Summary
		d.Detail = fmt.Sprintf("The card %s exists and is in the state. Not sent yet: %s. The next apply sends only that.\n\n%s",
			framework.Text(state.ID), join(names), d.Detail)
		d.AddWarning(diags)
		return created{state: state, pending: names}
	}
	defer func() {
		if p := recover(); p != nil {
			result = incomplete(framework.PanicDiagnostic(doing, p))
		}
	}()
	card, err := r.data.Client.ModifyUserCard(ctx, toModifyRequest(state, "", names))
	if err != nil {
		return incomplete(explain(err, doing, phonePath(state)))
	}
	complete := stateAfterApply(plan, modelFromAPI(card))
	complete.Adopted = state.Adopted
	return created{state: complete, wasRead: agrees(plan, card)}
}

// notImported is what follows a failed import.
func (r *importResource) notImported(ctx context.Context, plan *model, phone wechatpay.Personal, err error, diags *diag.Diagnostics) created {
	var e *wechatpay.Error
	if !errors.As(err, &e) {
		r.reportImportError(err, plan, diags)
		return created{}
	}
	if !e.AlreadyExists() && e.Kind != wechatpay.KindUserCardWaiting {
		if a := r.readAfterUnknown(ctx, plan, phone, e, diags); a != nil {
			return r.adoptVerified(ctx, a, diags)
		}
		r.reportImportError(err, plan, diags)
		return created{}
	}
	a := r.newAdoption(plan, phone, e, diags)
	if a == nil {
		return created{}
	}
	decision := decide(a.facts)
	if decision == decideRead {
		a.read(ctx, r.data.Client)
		decision = decide(a.facts)
	}
	switch decision {
	case decideAdoptVerified:
		return r.adoptVerified(ctx, a, diags)
	case decideAdoptUnverified:
		a.unverified().AddWarning(diags)
		r.registry.AdoptUnverified(a.member)
		state := stateAfterApply(plan, nil)
		state.Adopted = types.BoolValue(true)
		return created{state: state}
	default:
		if a.facts.reading == readNotFound {
			a.findElsewhere(ctx, r.data.Client)
		}
		r.reportRefusal(a, decision, diags)
		return created{}
	}
}

// reportRefusal adds the error of a card that exists and is not adopted. A connection that is not
// proven, or a reading that failed because of it, is a cause of the whole run.
func (r *importResource) reportRefusal(a *adoption, decision decision, diags *diag.Diagnostics) {
	var cause string
	switch decision {
	case decideRefuseUnread:
		cause = framework.RunCause(a.readErr)
	case decideRefuseUnproven:
		cause = "unproven connection"
	}
	r.data.ReportCause(cause, a.err, a.refusal(decision), framework.Text(a.plan.ID), diags)
}

// readAfterUnknown reads the card of a member that was imported by openid and whose import has
// no known outcome. It returns nil where there is no such card, or where on_existing does not
// allow to adopt one that may have been there before.
func (r *importResource) readAfterUnknown(ctx context.Context, plan *model, phone wechatpay.Personal, e *wechatpay.Error, diags *diag.Diagnostics) *adoption {
	if !e.OutcomeUnknown || e.Kind == wechatpay.KindCanceled || !framework.Known(plan.OpenID) || onExisting(plan) == onExistingError {
		return nil
	}
	a := r.newAdoption(plan, phone, e, diags)
	a.read(ctx, r.data.Client)
	if a.facts.reading != readMatch || a.card.UserCardState == wechatpay.UserCardStateInvalid {
		return nil
	}
	return a
}

// adoptVerified adopts a card that was read, and sends configured attributes that differ in
// one modify call.
func (r *importResource) adoptVerified(ctx context.Context, a *adoption, diags *diag.Diagnostics) created {
	r.record(a.card.CardRef, diags)
	state := stateAfterApply(a.plan, modelFromAPI(a.card))
	state.Adopted = types.BoolValue(true)
	warnInvalid(a.card, diags)
	warnUnread(a.card, diags)
	names := attributesToReconcile(a.plan, a.card)
	if len(names) == 0 {
		return created{state: state, wasRead: len(a.card.Unread) == 0}
	}
	return r.reconcile(ctx, a.plan, state, names, diags)
}

// attributesToReconcile names what a card has otherwise than configured. The phone number is
// not among it: it is the same, or WeChat Pay did not return it.
func attributesToReconcile(desired *model, card *wechatpay.UserCard) []string {
	configured := *desired
	for _, f := range fields() {
		if f.computed && f.get(&configured).IsUnknown() {
			f.set(&configured, f.null)
		}
	}
	names := driftedAttributes(&configured, modelFromAPI(card))
	return slices.DeleteFunc(names, func(name string) bool { return name == attrPickupTime || slices.Contains(card.Unread, name) })
}

// readingOf says what reading an existing card by its openid came to.
func readingOf(card *wechatpay.UserCard, err error, plan *model, phone wechatpay.Personal) reading {
	switch {
	case isNotFound(err):
		return readNotFound
	case err != nil:
		return readFailed
	case comparePhone(phone, card) == phoneDiffers:
		return readOtherPhone
	case hasOtherPickupTime(plan, card):
		return readOtherPickupTime
	default:
		return readMatch
	}
}

// warnUnread warns of the parts of an answer that could not be read. They are absent in the state.
func warnUnread(card *wechatpay.UserCard, diags *diag.Diagnostics) {
	if len(card.Unread) == 0 {
		return
	}
	diags.AddWarning("A part of WeChat Pay's answer could not be read",
		fmt.Sprintf("The answer about the card %s could not be read in: %s. These attributes are taken as absent; everything else of the answer was used. "+
			"Usually the merchant's private key does not fit what was encrypted, or WeChat Pay has changed the field: if it stays, please report it.",
			resourceID(card.CardRef), strings.Join(card.Unread, ", ")))
}

// warnInvalid warns of a card that was invalidated elsewhere: it stays in the state, since
// only a new import could take its place.
func warnInvalid(card *wechatpay.UserCard, diags *diag.Diagnostics) {
	if card.UserCardState != wechatpay.UserCardStateInvalid {
		return
	}
	diags.AddAttributeWarning(path.Root("user_card_state"), "The card is invalid",
		fmt.Sprintf("The card %s was invalidated, which cannot be undone. It stays in the state, and no new card is made without being asked for: "+
			"remove the member, give it another user_card_code, or replace it with terraform apply -replace.", resourceID(card.CardRef)))
}

func onExisting(m *model) string {
	if framework.Known(m.OnExisting) {
		return framework.Text(m.OnExisting)
	}
	return onExistingAdopt
}

func join(names []string) string { return strings.Join(names, ", ") }
