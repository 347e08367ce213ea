// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/phonenumber"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// This file decides what the state holds after a call or a reading.

// computedTexts are the plain attributes that an answer can fill in, in a fixed order.
func (m *model) computedTexts() []*types.String {
	return []*types.String{
		&m.ID, &m.BrandID, &m.OpenID, &m.PhoneNumberMasked,
		&m.CardColor, &m.CardPictureURL, &m.Level, &m.Attach, &m.PickupTime,
		&m.CardType, &m.UserCardState, &m.InvalidReason, &m.InvalidTime, &m.CreateTime, &m.ModifyTime,
	}
}

// settle turns a plan into a state: what the plan left unknown comes from got, or becomes
// null where got is nil. What the plan promised stays as it is, because Terraform holds a
// provider to it; a difference shows at the next refresh.
func settle(plan, got *model) *model {
	state := *plan
	if got == nil {
		got = &model{ValidDateInformation: types.ObjectNull(validDateTypes())}
	}
	values := got.computedTexts()
	for i, field := range state.computedTexts() {
		if field.IsUnknown() {
			*field = *values[i]
		}
	}
	if state.ValidDateInformation.IsUnknown() {
		state.ValidDateInformation = got.ValidDateInformation
	}
	if state.Adopted.IsUnknown() {
		state.Adopted = got.Adopted
	}
	state.PhoneNumberWO = types.StringNull()
	return &state
}

// refreshed is the state after card was read. Values that mean the same keep the state's
// spelling. importing is true for the first reading of an import into the state, which
// keeps all that WeChat Pay returns.
func refreshed(state *model, card *wechatpay.UserCard, importing bool) *model {
	next, got := *state, observed(card)

	next.ID, next.OpenID = got.ID, got.OpenID
	next.CardColor = keep(state.CardColor, got.CardColor, sameColor)
	next.CardPictureURL, next.Level, next.Attach = got.CardPictureURL, got.Level, got.Attach
	next.PickupTime = keep(state.PickupTime, got.PickupTime, sameInstant)
	next.ValidDateInformation = keepValidDate(state.ValidDateInformation, got.ValidDateInformation)
	next.CardType, next.UserCardState = got.CardType, got.UserCardState
	next.InvalidReason = got.InvalidReason
	next.InvalidTime = keep(state.InvalidTime, got.InvalidTime, sameInstant)
	next.CreateTime = keep(state.CreateTime, got.CreateTime, sameInstant)
	next.ModifyTime = keep(state.ModifyTime, got.ModifyTime, sameInstant)

	// An answer carries the phone number only sometimes: without it, nothing is known to have changed.
	if !got.PhoneNumber.IsNull() {
		next.PhoneNumberMasked = got.PhoneNumberMasked
		if importing || !state.PhoneNumber.IsNull() {
			next.PhoneNumber = got.PhoneNumber
		}
	}

	switch {
	case importing:
		next.UserInformation = got.UserInformation
	case !state.UserInformation.IsNull() && !got.UserInformation.IsNull():
		// An answer without any says as little as one without the phone number.
		next.UserInformation = managedUserInformation(state.UserInformation, got.UserInformation)
	}
	return &next
}

func keep(state, got types.String, same func(a, b string) bool) types.String {
	if known(state) && known(got) && same(text(state), text(got)) {
		return state
	}
	return got
}

// keepValidDate keeps the state's spelling time by time.
func keepValidDate(state, got types.Object) types.Object {
	s, okS := validDateOf(state)
	g, okG := validDateOf(got)
	if !okS || !okG {
		return got
	}
	g.AvailableBeginTime = keep(s.AvailableBeginTime, g.AvailableBeginTime, sameInstant)
	g.AvailableEndTime = keep(s.AvailableEndTime, g.AvailableEndTime, sameInstant)
	return g.object()
}

// managedUserInformation is what got holds of the names that state has. A name that is gone
// at WeChat Pay is gone from the state, so that the next plan sets it again.
func managedUserInformation(state, got types.Object) types.Object {
	s, _ := userInformationOf(state)
	g, _ := userInformationOf(got)
	common, haveCommon := map[string]string{}, texts(g.CommonFields)
	for name := range texts(s.CommonFields) {
		if value, ok := haveCommon[name]; ok {
			common[name] = value
		}
	}
	custom, haveCustom := map[string][]string{}, choices(g.CustomFields)
	for name, values := range choices(s.CustomFields) {
		if value, ok := haveCustom[name]; ok {
			if sameSet(value, values) {
				value = values
			}
			custom[name] = value
		}
	}
	return userInformationObject(common, custom)
}

// phoneMatch compares the configured phone number with the one of a card.
type phoneMatch int

const (
	// phoneAbsent: the answer carried no phone number, or none is configured to compare with.
	phoneAbsent phoneMatch = iota
	phoneSame
	phoneOther
)

func comparePhone(configured wechatpay.Personal, card *wechatpay.UserCard) phoneMatch {
	switch {
	case configured == "" || card.PhoneNumber == "":
		return phoneAbsent
	case canonicalPhone(configured.Reveal()) == canonicalPhone(card.PhoneNumber.Reveal()):
		return phoneSame
	default:
		return phoneOther
	}
}

// masked is what a reviewer may see of phone.
func masked(phone wechatpay.Personal) types.String {
	return types.StringValue(phonenumber.Mask(phone.Reveal()))
}
