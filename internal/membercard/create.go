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
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// Create implements resource.Resource: it imports the member, or decides what to do with
// the card that exists.
func (r *importResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	defer recovered("importing the member", &resp.Diagnostics)
	var plan, config model
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() || !r.data.ready(&resp.Diagnostics) {
		return
	}
	timeout, diags := plan.Timeouts.Create(ctx, defaultTimeout)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	phone := configuredPhone(&config)
	instance := newInstance()
	if !r.claimCreate(&plan, phone, instance, &resp.Diagnostics) {
		return
	}

	var result created
	card, err := r.data.Client.ImportByPhone(ctx, importRequest(&plan, phone))
	if err == nil {
		result = r.imported(ctx, &plan, card, &resp.Diagnostics)
	} else {
		result = r.notImported(ctx, &plan, phone, err, &resp.Diagnostics)
	}
	if result.state == nil {
		return
	}

	resp.Diagnostics.Append(resp.State.Set(ctx, result.state)...)
	setIdentity(ctx, resp.Identity, result.state, &resp.Diagnostics)
	setPrivate(ctx, resp.Private, privateInstance, instance, &resp.Diagnostics)
	if len(result.pending) > 0 {
		setPrivate(ctx, resp.Private, privatePending, result.pending, &resp.Diagnostics)
	}
	if result.read {
		setReading(ctx, resp.Private, r.data.Now(), &resp.Diagnostics)
	}
}

// created is what a create leaves behind; state is nil when there is no card to keep.
type created struct {
	state *model
	// pending names attributes that a modify call still has to carry.
	pending []string
	// read is whether the state is what WeChat Pay answered.
	read bool
}

// claimCreate makes sure that no other resource of this run imports the same member: the
// second would meet "already exists" and adopt the first.
func (r *importResource) claimCreate(plan *model, phone wechatpay.Personal, instance string, diags *diag.Diagnostics) bool {
	by := holder{instance: instance, id: text(plan.ID)}
	for _, c := range claimsOf(plan, phone) {
		if has, ok := r.data.run.create(c, by); !ok {
			duplicate(c, has, by, phonePath(plan)).addTo(diags)
			return false
		}
	}
	return true
}

// imported is what follows an answered import: the openid is checked, and attach, which
// the import call does not take, is sent.
func (r *importResource) imported(ctx context.Context, plan *model, card *wechatpay.UserCard, diags *diag.Diagnostics) created {
	state := settle(plan, observed(card))
	state.Adopted = types.BoolValue(false)
	var left []string
	if known(plan.Attach) && card.Attach != text(plan.Attach) {
		left = []string{attrAttach}
	}
	if got := card.OpenID; got != text(state.OpenID) {
		wrong := text(state.OpenID)
		state.OpenID = types.StringValue(got)
		diags.AddAttributeError(path.Root("openid"), "The member has another openid than the configured one",
			fmt.Sprintf("The member was imported, and WeChat Pay answered with the openid %q where openid = %q is configured. "+
				"The card is in the state with the real one. Terraform has marked it as tainted and would replace it: "+
				"first run terraform untaint with the resource's address, then correct openid, or leave it out.", got, wrong))
		return created{state: state, pending: left, read: true}
	}
	if len(left) == 0 {
		return created{state: state, read: true}
	}
	return r.bringIntoLine(ctx, plan, state, left, diags)
}

// bringIntoLine sends the named attributes of a card that was just made or taken over. A
// failure is a warning: an error out of a create would taint the card, and a tainted card
// is replaced. The next apply sends what is left. That holds for a panic, too: the openid
// cannot be had again. The phone number is never among the names.
func (r *importResource) bringIntoLine(ctx context.Context, plan, state *model, names []string, diags *diag.Diagnostics) (result created) {
	const doing = "completing the member's card"
	incomplete := func(p problem) created {
		p.summary = "The member is there, but not complete: " + p.summary
		p.detail = fmt.Sprintf("The card %s exists and is in the state. What is left to send: %s. Nothing else is missing: the next apply sends only that.\n\n%s",
			text(state.ID), join(names), p.detail)
		p.warn(diags)
		return created{state: state, pending: names}
	}
	defer func() {
		if p := recover(); p != nil {
			result = incomplete(bug(doing, p))
		}
	}()
	card, err := r.data.Client.ModifyUserCard(ctx, modifyRequest(state, "", names))
	if err != nil {
		return incomplete(explain(err, doing, phonePath(state)))
	}
	complete := settle(plan, observed(card))
	complete.Adopted = state.Adopted
	return created{state: complete, read: true}
}

// notImported is what follows a failed import.
func (r *importResource) notImported(ctx context.Context, plan *model, phone wechatpay.Personal, err error, diags *diag.Diagnostics) created {
	var e *wechatpay.Error
	if !errors.As(err, &e) || !e.AlreadyExists() {
		explain(err, "importing the member", phonePath(plan)).addTo(diags)
		return created{}
	}
	member := cardOf(plan, phone)
	gone, letGo := r.data.run.hasLetGo(member)
	facts := existing{
		policy:         onExisting(plan),
		kind:           e.Kind,
		earlierUnknown: e.OutcomeUnknown,
		letGo:          letGo,
	}
	ref := plan.ref()
	before, hadIt := r.data.run.letGoUnder(member)
	if ref.OpenID == "" && hadIt {
		// This run has had this very card in the state, and so knows what WeChat Pay does not tell.
		ref.OpenID = before.openID
	}
	facts.openIDKnown = ref.OpenID != ""
	verdict := decide(facts)
	var card *wechatpay.UserCard
	var readErr error
	if verdict == decideRead {
		card, readErr = r.data.Client.GetUserCard(ctx, ref)
		facts.reading = readingOf(card, readErr, phone)
		if facts.reading == readMatch && hadIt && before.otherPhone(member) {
			facts.reading = readOtherPhone
		}
		verdict = decide(facts)
	}
	switch verdict {
	case decideAdoptVerified:
		return r.adoptVerified(ctx, plan, card, diags)
	case decideAdoptUnverified:
		unverified(plan, facts, e).warn(diags)
		r.data.run.takeOver(member)
		state := settle(plan, nil)
		state.Adopted = types.BoolValue(true)
		return created{state: state}
	default:
		refusal(verdict, plan, ref, gone, facts, e, readErr).addTo(diags)
		return created{}
	}
}

// adoptVerified takes over a card that was read, and brings configured attributes that
// differ into line with one modify call.
func (r *importResource) adoptVerified(ctx context.Context, plan *model, card *wechatpay.UserCard, diags *diag.Diagnostics) created {
	state := settle(plan, observed(card))
	state.Adopted = types.BoolValue(true)
	warnInvalid(card, diags)
	names := convergence(plan, card)
	if len(names) == 0 {
		return created{state: state, read: true}
	}
	return r.bringIntoLine(ctx, plan, state, names, diags)
}

// convergence names what a verified card has otherwise than configured. The phone number is
// not among it: it is the same, or WeChat Pay did not tell.
func convergence(desired *model, card *wechatpay.UserCard) []string {
	open := *desired
	for _, field := range open.computedTexts() {
		if field.IsUnknown() {
			*field = types.StringNull()
		}
	}
	if open.ValidDateInformation.IsUnknown() {
		open.ValidDateInformation = types.ObjectNull(validDateTypes())
	}
	names := differing(&open, observed(card))
	return slices.DeleteFunc(names, func(name string) bool { return name == attrPhoneNumber })
}

// readingOf says what reading an existing card by its openid gave.
func readingOf(card *wechatpay.UserCard, err error, phone wechatpay.Personal) reading {
	switch {
	case isNotFound(err):
		return readNotFound
	case err != nil:
		return readFailed
	case comparePhone(phone, card) == phoneOther:
		return readOtherPhone
	default:
		return readMatch
	}
}

func onExisting(m *model) string {
	if known(m.OnExisting) {
		return text(m.OnExisting)
	}
	return onExistingAdopt
}
