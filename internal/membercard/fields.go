// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/validity"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// The attributes that code names one by one.
const (
	attrUserCardCode    = "user_card_code"
	attrPhoneNumber     = "phone_number"
	attrAttach          = "attach"
	attrPickupTime      = "pickup_time"
	attrUserInformation = "user_information"
)

// field is an attribute of a member that WeChat Pay holds. The table of fields drives what is
// compared, what a modify call carries, what a plan leaves unknown, and what a reading or an
// answer fills in. A new attribute needs the schema, the model, the client, and a row here.
type field struct {
	// name is the attribute's, and the API's.
	name string
	// get and set read and write the attribute of a model.
	get func(*model) attr.Value
	set func(*model, attr.Value)
	// fromAPI reads it from a card.
	fromAPI func(*wechatpay.UserCard) attr.Value
	// toModify puts it into a modify call; nil where no call changes it.
	toModify func(*model, *wechatpay.ModifyUserCardRequest)
	// same compares a configured value with the one that WeChat Pay holds.
	same func(desired, actual attr.Value) bool
	// keep returns the value for the state after a reading: the state's spelling where both mean the same.
	keep func(state, actual attr.Value) attr.Value
	// partly reports whether a part of a value is unknown.
	partly func(attr.Value) bool
	// configurable is whether the configuration may set it.
	configurable bool
	// computed is whether WeChat Pay fills it in where it is not configured.
	computed bool
	// null and unknown are the attribute without a value.
	null, unknown attr.Value
}

// fields is the table, in the order in which attributes are named to people. The phone number
// is not in it: it may be write-only, and an answer has it only sometimes.
func fields() []field { return memberFields }

var memberFields = []field{
	configurableText("card_color", func(m *model) *types.String { return &m.CardColor }, framework.SameColor,
		func(c *wechatpay.UserCard) string { return c.CardColor },
		func(m *model, r *wechatpay.ModifyUserCardRequest) { r.CardColor = framework.Text(m.CardColor) }),
	configurableText("card_picture_url", func(m *model) *types.String { return &m.CardPictureURL }, framework.Same,
		func(c *wechatpay.UserCard) string { return c.CardPictureURL },
		func(m *model, r *wechatpay.ModifyUserCardRequest) {
			r.CardPictureURL = framework.Text(m.CardPictureURL)
		}),
	configurableText("level", func(m *model) *types.String { return &m.Level }, framework.Same,
		func(c *wechatpay.UserCard) string { return c.Level },
		func(m *model, r *wechatpay.ModifyUserCardRequest) { r.Level = framework.Text(m.Level) }),
	configurableText(attrAttach, func(m *model) *types.String { return &m.Attach }, framework.Same,
		func(c *wechatpay.UserCard) string { return c.Attach },
		func(m *model, r *wechatpay.ModifyUserCardRequest) { r.Attach = framework.Text(m.Attach) }),
	keptWhenAbsent(configurableText(attrPickupTime, func(m *model) *types.String { return &m.PickupTime }, framework.SameInstant,
		func(c *wechatpay.UserCard) string { return c.PickupTime },
		nil)), // no edition of the modify call after the first takes it
	{
		name: validity.Attribute, configurable: true, computed: true,
		get:     func(m *model) attr.Value { return m.ValidDateInformation },
		set:     func(m *model, v attr.Value) { m.ValidDateInformation, _ = v.(types.Object) },
		fromAPI: func(c *wechatpay.UserCard) attr.Value { return validity.FromAPI(c.ValidDateInformation) },
		toModify: func(m *model, r *wechatpay.ModifyUserCardRequest) {
			r.ValidDateInformation = validity.ToAPI(m.ValidDateInformation)
		},
		same:   validity.Same,
		keep:   validity.KeepSpelling,
		partly: attr.Value.IsUnknown,
		null:   validity.Null(), unknown: validity.Unknown(),
	},
	{
		name: attrUserInformation, configurable: true,
		get:     func(m *model) attr.Value { return m.UserInformation },
		set:     func(m *model, v attr.Value) { m.UserInformation, _ = v.(types.Object) },
		fromAPI: func(c *wechatpay.UserCard) attr.Value { return userInformationFromAPI(c.UserInformation) },
		toModify: func(m *model, r *wechatpay.ModifyUserCardRequest) {
			r.UserInformation = userInformationToAPI(m.UserInformation)
		},
		same: coversUserInformation,
		keep: managedUserInformation,
		partly: func(v attr.Value) bool {
			u, ok := userInformationOf(v)
			return !ok || hasUnknown(u)
		},
		null: types.ObjectNull(userInformationTypes()), unknown: types.ObjectUnknown(userInformationTypes()),
	},
	computedText("card_type", func(m *model) *types.String { return &m.CardType }, framework.Same,
		func(c *wechatpay.UserCard) string { return string(c.CardType) }),
	computedText("user_card_state", func(m *model) *types.String { return &m.UserCardState }, framework.Same,
		func(c *wechatpay.UserCard) string { return string(c.UserCardState) }),
	computedText("invalid_reason", func(m *model) *types.String { return &m.InvalidReason }, framework.Same,
		func(c *wechatpay.UserCard) string { return c.InvalidReason }),
	computedText("invalid_time", func(m *model) *types.String { return &m.InvalidTime }, framework.SameInstant,
		func(c *wechatpay.UserCard) string { return c.InvalidTime }),
	computedText("create_time", func(m *model) *types.String { return &m.CreateTime }, framework.SameInstant,
		func(c *wechatpay.UserCard) string { return c.CreateTime }),
	computedText("modify_time", func(m *model) *types.String { return &m.ModifyTime }, framework.SameInstant,
		func(c *wechatpay.UserCard) string { return c.ModifyTime }),
}

func configurableText(name string, of func(*model) *types.String, same func(a, b string) bool, fromAPI func(*wechatpay.UserCard) string, toModify func(*model, *wechatpay.ModifyUserCardRequest)) field {
	f := computedText(name, of, same, fromAPI)
	f.configurable, f.toModify = true, toModify
	return f
}

// keptWhenAbsent is a field whose value stays in the state where a reading has none: no call could
// send it again, so that a plan could do nothing about the difference.
func keptWhenAbsent(f field) field {
	keep := f.keep
	f.keep = func(state, actual attr.Value) attr.Value {
		if actual.IsNull() {
			return state
		}
		return keep(state, actual)
	}
	return f
}

func computedText(name string, of func(*model) *types.String, same func(a, b string) bool, fromAPI func(*wechatpay.UserCard) string) field {
	return field{
		name: name, computed: true,
		get:     func(m *model) attr.Value { return *of(m) },
		set:     func(m *model, v attr.Value) { *of(m), _ = v.(types.String) },
		fromAPI: func(c *wechatpay.UserCard) attr.Value { return framework.Optional(fromAPI(c)) },
		same: func(desired, actual attr.Value) bool {
			return !desired.IsUnknown() && !actual.IsNull() && same(framework.TextOf(desired), framework.TextOf(actual))
		},
		keep:   framework.KeepSpellingBy(same),
		partly: attr.Value.IsUnknown,
		null:   types.StringNull(), unknown: types.StringUnknown(),
	}
}

// driftedAttributes names the attributes that desired sets and that actual has otherwise, in
// the table's order. What desired leaves open is no difference; what it does not know yet is one.
func driftedAttributes(desired, actual *model) []string {
	var names []string
	for _, f := range fields() {
		if v := f.get(desired); f.configurable && !v.IsNull() && !f.same(v, f.get(actual)) {
			names = append(names, f.name)
		}
	}
	return names
}

// changedAttributes names the attributes that a modify call must carry to bring the state to the plan.
func changedAttributes(state, plan *model) []string {
	names := driftedAttributes(plan, state)
	if phoneChanged(state, plan) {
		names = slices.Insert(names, 0, attrPhoneNumber)
	}
	return names
}

// isPartlyUnknown reports whether the named attribute, or a part of it, is not known yet.
func isPartlyUnknown(m *model, name string) bool {
	if name == attrPhoneNumber {
		return m.PhoneNumber.IsUnknown() || m.PhoneNumberWOVersion.IsUnknown()
	}
	for _, f := range fields() {
		if f.name == name {
			return f.partly(f.get(m))
		}
	}
	return false
}

// coversUserInformation reports whether actual has every name of desired with the same
// value. Other names of actual do not count, nor does the order of chosen values.
func coversUserInformation(desired, actual attr.Value) bool {
	d, ok := userInformationOf(desired)
	if !ok || hasUnknown(d) {
		return false
	}
	a, _ := userInformationOf(actual)
	values := framework.TextMap(a.CommonFields)
	for name, value := range framework.TextMap(d.CommonFields) {
		if got, ok := values[name]; !ok || got != value {
			return false
		}
	}
	lists := framework.TextListMap(a.CustomFields)
	for name, chosen := range framework.TextListMap(d.CustomFields) {
		if got, ok := lists[name]; !ok || !framework.SameSet(got, chosen) {
			return false
		}
	}
	return true
}

func hasUnknown(u userInformation) bool {
	return !u.CommonFields.IsNull() && !framework.WhollyKnown(u.CommonFields) ||
		!u.CustomFields.IsNull() && !framework.WhollyKnown(u.CustomFields)
}

// managedUserInformation is what actual holds of the names that state has. A name that is gone
// at WeChat Pay is gone from the state, so that the next plan sets it again.
func managedUserInformation(state, actual attr.Value) attr.Value {
	if state.IsNull() || actual.IsNull() {
		// Not managed; or an answer without any, which says nothing.
		return state
	}
	s, _ := userInformationOf(state)
	a, _ := userInformationOf(actual)
	common := framework.TextMap(a.CommonFields)
	managed := framework.TextMap(s.CommonFields)
	maps.DeleteFunc(common, func(name string, _ string) bool { _, ok := managed[name]; return !ok })
	custom, chosen := framework.TextListMap(a.CustomFields), framework.TextListMap(s.CustomFields)
	maps.DeleteFunc(custom, func(name string, _ []string) bool { _, ok := chosen[name]; return !ok })
	for name, values := range custom {
		if framework.SameSet(values, chosen[name]) {
			custom[name] = chosen[name]
		}
	}
	return userInformationObject(common, custom)
}
