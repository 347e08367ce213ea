// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// This file decides what the state holds after a call or a reading.

// stateAfterApply turns a plan into a state: what the plan left unknown comes from answered,
// or becomes null where answered is nil. What the plan promised stays, because Terraform holds
// a provider to it; a difference shows at the next refresh.
func stateAfterApply(plan, answered *model) *model {
	state := *plan
	if answered == nil {
		answered = emptyModel()
	}
	for _, field := range []struct{ state, answered *types.String }{
		{&state.ID, &answered.ID}, {&state.BrandID, &answered.BrandID},
		{&state.OpenID, &answered.OpenID}, {&state.PhoneNumberMasked, &answered.PhoneNumberMasked},
	} {
		if field.state.IsUnknown() {
			*field.state = *field.answered
		}
	}
	for _, f := range fields() {
		if f.computed && f.get(&state).IsUnknown() {
			f.set(&state, f.get(answered))
		}
	}
	if state.Adopted.IsUnknown() {
		state.Adopted = answered.Adopted
	}
	state.PhoneNumberWO = types.StringNull()
	return &state
}

// emptyModel is a model whose fields are null.
func emptyModel() *model {
	m := &model{}
	for _, f := range fields() {
		f.set(m, f.null)
	}
	return m
}

// stateAfterRead is the state after card was read. Values that mean the same keep the state's
// spelling. importing is true for the first reading of an import into the state, which
// keeps all that WeChat Pay returns.
func stateAfterRead(state *model, card *wechatpay.UserCard, importing bool) *model {
	next, actual := *state, modelFromAPI(card)
	next.ID, next.OpenID = actual.ID, actual.OpenID
	for _, f := range fields() {
		if importing {
			f.set(&next, f.get(actual))
			continue
		}
		f.set(&next, f.keep(f.get(state), f.get(actual)))
	}
	// An answer carries the phone number only sometimes: without it, nothing is known to have changed.
	if !actual.PhoneNumber.IsNull() {
		if importing || !state.PhoneNumberMasked.IsNull() {
			next.PhoneNumberMasked = actual.PhoneNumberMasked
		}
		if importing || !state.PhoneNumber.IsNull() {
			next.PhoneNumber = actual.PhoneNumber
		}
	}
	return &next
}
