// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
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
	instance := framework.NewInstance()
	owner := registry.Owner{Instance: instance, ID: framework.Text(plan.ID)}
	claims := claimsOf(plan, phone)
	// No other resource of this run may import the same member: the second would meet "already
	// exists" and adopt the first.
	if taken, existing, ok := r.registry.BeginImport(claims, owner); !ok {
		duplicate(taken, existing, owner, phonePath(plan)).AddError(&resp.Diagnostics)
		return
	}
	planned := planning{r: r, config: config, plan: plan}
	if !r.isTemplateUsable(planned.wanted(), &resp.Diagnostics) {
		r.registry.AbortImport(claims, owner)
		return
	}

	var result createResult
	card, err := r.importMember(ctx, plan, phone)
	if err == nil {
		result = r.afterImport(ctx, plan, card, &resp.Diagnostics)
	} else {
		result = r.afterFailedImport(ctx, plan, phone, err, &resp.Diagnostics)
	}
	switch {
	case result.state != nil:
		r.registry.FinishImport(claims, owner)
	case !mayHaveImported(err):
		r.registry.AbortImport(claims, owner)
	}
	if result.state == nil {
		return
	}

	resp.State.Raw = result.state.value(ctx, req.Plan.Raw, &resp.Diagnostics)
	setIdentity(ctx, resp.Identity, result.state, &resp.Diagnostics)
	framework.SetPrivate(ctx, resp.Private, framework.PrivateInstance, instance, &resp.Diagnostics)
	if len(result.pending) > 0 {
		framework.SetPrivate(ctx, resp.Private, privatePending, result.pending, &resp.Diagnostics)
	}
	if result.wasRead && r.data.RefreshInterval > 0 {
		framework.SetReadTime(ctx, resp.Private, r.data.Now(), &resp.Diagnostics)
	}
}

// createResult is what a create leaves behind; state is nil when there is no card to keep.
type createResult struct {
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

// mayHaveImported reports whether an import that failed may have made the card all the same.
func mayHaveImported(err error) bool {
	e, ok := errors.AsType[*wechatpay.Error](err)
	return !ok || e.OutcomeUnknown
}

// afterImport is what follows an answered import: what the import call does not take is sent.
func (r *importResource) afterImport(ctx context.Context, plan *model, card *wechatpay.UserCard, diags *diag.Diagnostics) createResult {
	r.appendToJournal(card.CardRef, diags)
	state := stateAfterApply(plan, modelFromAPI(card))
	state.Adopted = types.BoolValue(false)
	warnUnread(card, diags)
	if framework.Known(plan.Attach) && card.Attach != framework.Text(plan.Attach) {
		return r.reconcile(ctx, plan, state, []string{attrAttach}, diags)
	}
	return createResult{state: state, wasRead: agrees(plan, card)}
}

// agrees reports whether an answer shows what was planned. One that does not is no reading:
// the next refresh reads the card.
func agrees(plan *model, card *wechatpay.UserCard) bool {
	return len(card.Unread) == 0 && len(attributesToReconcile(plan, card)) == 0 && !hasOtherPickupTime(plan, card) &&
		!phoneDiffers(configuredPhone(plan), card) && !otherMask(plan, card)
}

// hasOtherPickupTime reports whether a card has another pickup_time than the configured one. A card
// whose answer has none has no other.
func hasOtherPickupTime(plan *model, card *wechatpay.UserCard) bool {
	return framework.Known(plan.PickupTime) && card.PickupTime != "" && !framework.SameInstant(framework.Text(plan.PickupTime), card.PickupTime)
}

// reconcile sends the named attributes of a card that was just imported or adopted. A failure
// is a warning: an error of a create would taint the card, and a tainted card is replaced.
// The next apply sends what is left. A panic is a warning for the same reason. The phone number is never among the names.
func (r *importResource) reconcile(ctx context.Context, plan, state *model, names []string, diags *diag.Diagnostics) (result createResult) {
	const doing = "completing the member's card"
	incomplete := func(d framework.Diagnostic) createResult {
		d.Summary = "The member is there, but not complete: " + d.Summary
		d.AddWarning(diags)
		return createResult{state: state, pending: names}
	}
	defer func() {
		if recover() != nil {
			d := framework.PanicDiagnostic(doing)
			d.Detail = notSentYet(names, nil) + "\n" + d.Detail
			result = incomplete(d)
		}
	}()
	card, err := r.data.Client.ModifyUserCard(ctx, toModifyRequest(state, "", names))
	if err != nil {
		d := explain(err, doing, phonePath(state))
		if e, ok := errors.AsType[*wechatpay.Error](err); ok {
			d.Detail = notSentYet(names, e) + framework.APIErrorCause(e)
		}
		return incomplete(d)
	}
	complete := stateAfterApply(plan, modelFromAPI(card))
	complete.Adopted = state.Adopted
	return createResult{state: complete, wasRead: agrees(plan, card)}
}

// notSentYet says what is left to send, and what to do. Many members may have this warning, and
// its title says the cause: so it is short.
func notSentYet(names []string, e *wechatpay.Error) string {
	switch {
	case e == nil:
		return fmt.Sprintf("Not sent yet: %s.", join(names))
	case e.OutcomeUnknown:
		return fmt.Sprintf("Not confirmed yet: %s. The call may have been carried out. Apply again.", join(names))
	case e.Kind == wechatpay.KindParameter || e.Kind == wechatpay.KindTimeFormat:
		return fmt.Sprintf("Not sent yet: %s. Correct it, then apply again.", join(names))
	}
	return fmt.Sprintf("Not sent yet: %s. Apply again.", join(names))
}

// afterFailedImport is what follows a failed import.
func (r *importResource) afterFailedImport(ctx context.Context, plan *model, phone wechatpay.Personal, err error, diags *diag.Diagnostics) createResult {
	e, ok := errors.AsType[*wechatpay.Error](err)
	if !ok || !e.AlreadyExists() && e.Kind != wechatpay.KindUserCardWaiting {
		if a := r.readAfterUnknown(ctx, plan, phone, e, diags); a != nil {
			return r.adoptVerified(ctx, a, diags)
		}
		r.reportImportError(err, plan, diags)
		return createResult{}
	}
	a := r.newAdoption(plan, phone, e, diags)
	if a == nil {
		return createResult{}
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
		a.unverifiedWarning().AddWarning(diags)
		r.registry.AdoptUnverified(a.member)
		state := stateAfterApply(plan, nil)
		state.Adopted = types.BoolValue(true)
		return createResult{state: state}
	default:
		if a.facts.reading == readNotFound {
			a.findElsewhere(ctx, r.data.Client)
		}
		r.reportRefusal(a, decision, diags)
		return createResult{}
	}
}

// reportRefusal adds the error of a card that exists and is not adopted. Doubtful
// words, or a reading that failed for a cause of the whole run, are reported in full once.
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
// allow to adopt one that may have been there before. e is nil for an error that is not WeChat Pay's.
func (r *importResource) readAfterUnknown(ctx context.Context, plan *model, phone wechatpay.Personal, e *wechatpay.Error, diags *diag.Diagnostics) *adoption {
	if e == nil || !e.OutcomeUnknown || e.Kind == wechatpay.KindCanceled || !framework.Known(plan.OpenID) || onExisting(plan) == onExistingError {
		return nil
	}
	// The openid is configured, so that no journal is searched and nothing can fail.
	a := r.newAdoption(plan, phone, e, diags)
	a.read(ctx, r.data.Client)
	if a.facts.reading != readMatch || a.card.UserCardState == wechatpay.UserCardStateInvalid {
		return nil
	}
	return a
}

// adoptVerified adopts a card that was read, and sends configured attributes that differ in
// one modify call.
func (r *importResource) adoptVerified(ctx context.Context, a *adoption, diags *diag.Diagnostics) createResult {
	r.appendToJournal(a.card.CardRef, diags)
	state := stateAfterApply(a.plan, modelFromAPI(a.card))
	state.Adopted = types.BoolValue(true)
	warnInvalid(a.card, diags)
	warnUnread(a.card, diags)
	names := attributesToReconcile(a.plan, a.card)
	if len(names) == 0 {
		return createResult{state: state, wasRead: len(a.card.Unread) == 0}
	}
	return r.reconcile(ctx, a.plan, state, names, diags)
}

// attributesToReconcile names what a card has otherwise than configured and a modify call can
// change. The phone number is no row of fields(), and no call takes pickup_time.
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
