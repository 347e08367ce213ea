// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package cardtemplate

import (
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/validity"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// field is an attribute of a template that WeChat Pay holds. The table of fields drives what a
// create and a modify call carry, what is compared, and what an answer fills in.
type field struct {
	name    string
	get     func(*template) attr.Value
	set     func(*template, attr.Value)
	fromAPI func(*wechatpay.CardTemplate) attr.Value
	// toSettings puts the attribute into a create or modify call; nil where no call changes it.
	toSettings func(*template, *wechatpay.CardTemplateSettings)
	// toFixed puts it into a create call only.
	toFixed func(*template, *wechatpay.CardTemplateFixedSettings)
	// same compares two known values; nil compares with Equal.
	same func(a, b attr.Value) bool
	// keep returns the value for the state after a reading; nil takes what was read.
	keep func(state, actual attr.Value) attr.Value
}

// isSame compares two values by meaning.
func (f field) isSame(a, b attr.Value) bool {
	if f.same != nil && framework.Known(a) && framework.Known(b) {
		return f.same(a, b)
	}
	return a.Equal(b)
}

type (
	fixed    = wechatpay.CardTemplateFixedSettings
	settings = wechatpay.CardTemplateSettings
	answer   = wechatpay.CardTemplate
)

// fields is the table, in the order in which attributes are named to people.
func fields() []field { return templateFields }

var templateFields = []field{
	fixedText("out_request_no", func(t *template) *types.String { return &t.OutRequestNo }, func(f *fixed) *string { return &f.OutRequestNo }),
	fixedText("appid", func(t *template) *types.String { return &t.AppID }, func(f *fixed) *string { return &f.AppID }),
	fixedText("card_type", func(t *template) *types.String { return &t.CardType }, func(f *fixed) *string { return (*string)(&f.CardType) }),
	settingText("card_title", func(t *template) *types.String { return &t.CardTitle }, func(s *settings) *string { return &s.CardTitle }, framework.Same),
	settingText("card_color", func(t *template) *types.String { return &t.CardColor }, func(s *settings) *string { return &s.CardColor }, framework.SameColor),
	settingText("card_picture_url", func(t *template) *types.String { return &t.CardPictureURL }, func(s *settings) *string { return &s.CardPictureURL }, framework.Same),
	fixedText("code_mode", func(t *template) *types.String { return &t.CodeMode }, func(f *fixed) *string { return (*string)(&f.CodeMode) }),
	fixedText("code_type", func(t *template) *types.String { return &t.CodeType }, func(f *fixed) *string { return (*string)(&f.CodeType) }),
	jump("code_jump_information", func(t *template) *types.Object { return &t.CodeJumpInformation }, func(s *settings) **wechatpay.JumpInformation { return &s.CodeJumpInformation }),
	settingText("benefits", func(t *template) *types.String { return &t.Benefits }, func(s *settings) *string { return &s.Benefits }, framework.Same),
	settingText("notify_url", func(t *template) *types.String { return &t.NotifyURL }, func(s *settings) *string { return &s.NotifyURL }, framework.Same),
	flag("need_pinned", func(t *template) *types.Bool { return &t.NeedPinned }, func(s *settings) **bool { return &s.NeedPinned }),
	flag("need_display_level", func(t *template) *types.Bool { return &t.NeedDisplayLevel }, func(s *settings) **bool { return &s.NeedDisplayLevel }),
	fixedText("init_level", func(t *template) *types.String { return &t.InitLevel }, func(f *fixed) *string { return &f.InitLevel }),
	settingText("service_phone", func(t *template) *types.String { return &t.ServicePhone }, func(s *settings) *string { return &s.ServicePhone }, framework.Same),
	fixedText("legal_agreement", func(t *template) *types.String { return &t.LegalAgreement }, func(f *fixed) *string { return &f.LegalAgreement }),
	{
		name:       validity.Attribute,
		get:        func(t *template) attr.Value { return t.ValidDateInformation },
		set:        func(t *template, v attr.Value) { t.ValidDateInformation = framework.ObjectOf(v) },
		fromAPI:    func(a *answer) attr.Value { return validity.FromAPI(a.ValidDateInformation) },
		toSettings: func(t *template, s *settings) { s.ValidDateInformation = validity.ToAPI(t.ValidDateInformation) },
		same:       validity.Same,
		keep:       validity.KeepSpelling,
	},
	jump("member_information", func(t *template) *types.Object { return &t.MemberInformation }, func(s *settings) **wechatpay.JumpInformation { return &s.MemberInformation }),
	jump("points_information", func(t *template) *types.Object { return &t.PointsInformation }, func(s *settings) **wechatpay.JumpInformation { return &s.PointsInformation }),
	jump("balance_information", func(t *template) *types.Object { return &t.BalanceInformation }, func(s *settings) **wechatpay.JumpInformation { return &s.BalanceInformation }),
	{
		name:       "purchase_information",
		get:        func(t *template) attr.Value { return t.PurchaseInformation },
		set:        func(t *template, v attr.Value) { t.PurchaseInformation = framework.ObjectOf(v) },
		fromAPI:    func(a *answer) attr.Value { return purchaseFromAPI(a.PurchaseInformation) },
		toSettings: func(t *template, s *settings) { s.PurchaseInformation = purchaseToAPI(t.PurchaseInformation) },
	},
	{
		name:       "user_information",
		get:        func(t *template) attr.Value { return t.UserInformation },
		set:        func(t *template, v attr.Value) { t.UserInformation = framework.ObjectOf(v) },
		fromAPI:    func(a *answer) attr.Value { return formFromAPI(a.UserInformation) },
		toSettings: func(t *template, s *settings) { s.UserInformation = formToAPI(t.UserInformation) },
	},
	computedText("state", func(t *template) *types.String { return &t.State }, func(a *answer) string { return string(a.State) }),
	computedTime("create_time", func(t *template) *types.String { return &t.CreateTime }, func(a *answer) string { return a.CreateTime }),
	computedTime("modify_time", func(t *template) *types.String { return &t.ModifyTime }, func(a *answer) string { return a.ModifyTime }),
}

func computedText(name string, of func(*template) *types.String, fromAPI func(*answer) string) field {
	return field{
		name:    name,
		get:     func(t *template) attr.Value { return *of(t) },
		set:     func(t *template, v attr.Value) { *of(t), _ = v.(types.String) },
		fromAPI: func(a *answer) attr.Value { return framework.Optional(fromAPI(a)) },
	}
}

func computedTime(name string, of func(*template) *types.String, fromAPI func(*answer) string) field {
	return withSpelling(computedText(name, of, fromAPI), framework.SameInstant)
}

func withSpelling(f field, same func(a, b string) bool) field {
	f.same = func(a, b attr.Value) bool { return same(framework.TextOf(a), framework.TextOf(b)) }
	f.keep = framework.KeepSpellingBy(same)
	return f
}

func fixedText(name string, of func(*template) *types.String, api func(*fixed) *string) field {
	f := computedText(name, of, func(a *answer) string { return *api(&a.CardTemplateFixedSettings) })
	f.toFixed = func(t *template, fixed *fixed) { *api(fixed) = framework.Text(*of(t)) }
	return f
}

func settingText(name string, of func(*template) *types.String, api func(*settings) *string, same func(a, b string) bool) field {
	f := computedText(name, of, func(a *answer) string { return *api(&a.CardTemplateSettings) })
	f.toSettings = func(t *template, s *settings) { *api(s) = framework.Text(*of(t)) }
	return withSpelling(f, same)
}

// flag is a boolean whose documented default is false: absent in an answer means false.
func flag(name string, of func(*template) *types.Bool, api func(*settings) **bool) field {
	return field{
		name: name,
		get:  func(t *template) attr.Value { return *of(t) },
		set:  func(t *template, v attr.Value) { *of(t), _ = v.(types.Bool) },
		fromAPI: func(a *answer) attr.Value {
			value := *api(&a.CardTemplateSettings)
			return types.BoolValue(value != nil && *value)
		},
		toSettings: func(t *template, s *settings) {
			if framework.Known(*of(t)) {
				*api(s) = of(t).ValueBoolPointer()
			}
		},
	}
}

func jump(name string, of func(*template) *types.Object, api func(*settings) **wechatpay.JumpInformation) field {
	return field{
		name:       name,
		get:        func(t *template) attr.Value { return *of(t) },
		set:        func(t *template, v attr.Value) { *of(t) = framework.ObjectOf(v) },
		fromAPI:    func(a *answer) attr.Value { return jumpFromAPI(*api(&a.CardTemplateSettings)) },
		toSettings: func(t *template, s *settings) { *api(s) = jumpToAPI(*of(t)) },
	}
}

// changedSettings names the attributes that a modify call must carry to bring state to plan.
func changedSettings(state, plan *template) []string {
	var names []string
	for _, f := range fields() {
		if v := f.get(plan); f.toSettings != nil && !v.IsNull() && !f.isSame(v, f.get(state)) {
			names = append(names, f.name)
		}
	}
	return names
}

// differences names the configured attributes that a template has otherwise. What is not
// configured is no difference, and neither is a time that WeChat Pay sets.
func differences(config *template, actual *template) []string {
	var names []string
	for _, f := range fields() {
		if v := f.get(config); (f.toSettings != nil || f.toFixed != nil) && framework.Known(v) && !f.isSame(v, f.get(actual)) {
			names = append(names, f.name)
		}
	}
	return names
}

// templateFromAPI is an answer in Terraform's shapes.
func templateFromAPI(a *answer) *template {
	t := &template{
		ID:      types.StringValue(resourceID(a.BrandID, a.CardID)),
		BrandID: types.StringValue(a.BrandID),
		CardID:  types.StringValue(a.CardID),
	}
	for _, f := range fields() {
		f.set(t, f.fromAPI(a))
	}
	return t
}

// toCreateRequest is the create call for a planned template.
func toCreateRequest(t *template) wechatpay.CreateCardTemplateRequest {
	req := wechatpay.CreateCardTemplateRequest{}
	req.BrandID = framework.Text(t.BrandID)
	for _, f := range fields() {
		switch {
		case f.toSettings != nil:
			f.toSettings(t, &req.CardTemplateSettings)
		case f.toFixed != nil:
			f.toFixed(t, &req.CardTemplateFixedSettings)
		}
	}
	return req
}

// toModifyRequest is the modify call with the named attributes.
func toModifyRequest(t *template, names []string) wechatpay.ModifyCardTemplateRequest {
	req := wechatpay.ModifyCardTemplateRequest{BrandID: framework.Text(t.BrandID), CardID: framework.Text(t.CardID)}
	for _, f := range fields() {
		if f.toSettings != nil && slices.Contains(names, f.name) {
			f.toSettings(t, &req.CardTemplateSettings)
		}
	}
	return req
}

// toAPI is a planned template as members are checked against it. A list of the form that is not
// wholly known is left out, so that nothing is said against members' fields.
func toAPI(t *template) *wechatpay.CardTemplate {
	req := toCreateRequest(t)
	return &wechatpay.CardTemplate{
		CardID:                    framework.Text(t.CardID),
		CardTemplateFixedSettings: req.CardTemplateFixedSettings,
		CardTemplateSettings:      req.CardTemplateSettings,
		State:                     wechatpay.CardTemplateState(framework.Text(t.State)),
	}
}

// stateAfterApply turns a plan into a state: what the plan left unknown comes from answered, or
// becomes null where answered is nil.
func stateAfterApply(plan *model, answered *template) *model {
	state := *plan
	if answered == nil {
		answered = &template{
			ID: types.StringNull(), CardID: types.StringNull(), BrandID: types.StringNull(),
			CodeJumpInformation: types.ObjectNull(jumpTypes()), ValidDateInformation: validity.Null(),
			MemberInformation: types.ObjectNull(jumpTypes()), PointsInformation: types.ObjectNull(jumpTypes()),
			BalanceInformation: types.ObjectNull(jumpTypes()), PurchaseInformation: types.ObjectNull(purchaseTypes()),
			UserInformation: types.ObjectNull(formTypes()),
		}
	}
	for _, id := range []struct{ state, answered *types.String }{
		{&state.ID, &answered.ID}, {&state.CardID, &answered.CardID}, {&state.BrandID, &answered.BrandID},
	} {
		if id.state.IsUnknown() {
			*id.state = *id.answered
		}
	}
	for _, f := range fields() {
		if f.get(&state.template).IsUnknown() {
			f.set(&state.template, f.get(answered))
		}
	}
	return &state
}

// stateAfterRead is the state after a template was read. Values that mean the same keep the
// state's spelling, and what could not be read of the answer keeps the state's value.
func stateAfterRead(state *model, a *answer) *model {
	next, actual := *state, templateFromAPI(a)
	next.ID, next.CardID = actual.ID, actual.CardID
	for _, f := range fields() {
		value := f.get(actual)
		switch {
		case slices.Contains(a.Unread, f.name):
			continue
		case f.toFixed != nil && value.IsNull():
			continue // it cannot change, so the answer lacks it only
		case f.keep != nil:
			value = f.keep(f.get(&state.template), value)
		}
		f.set(&next.template, value)
	}
	return &next
}

func jumpFromAPI(j *wechatpay.JumpInformation) types.Object {
	if j == nil || *j == (wechatpay.JumpInformation{}) {
		return types.ObjectNull(jumpTypes())
	}
	return types.ObjectValueMust(jumpTypes(), map[string]attr.Value{
		"jump_appid": framework.Optional(j.JumpAppID), "jump_path": framework.Optional(j.JumpPath),
	})
}

func jumpToAPI(o types.Object) *wechatpay.JumpInformation {
	if !framework.Known(o) {
		return nil
	}
	parts := o.Attributes()
	return &wechatpay.JumpInformation{JumpAppID: framework.TextOf(parts["jump_appid"]), JumpPath: framework.TextOf(parts["jump_path"])}
}

func purchaseFromAPI(p *wechatpay.PurchaseInformation) types.Object {
	if p == nil || *p == (wechatpay.PurchaseInformation{}) {
		return types.ObjectNull(purchaseTypes())
	}
	price := types.NumberNull()
	if p.Price != nil {
		price = framework.Number(*p.Price)
	}
	return types.ObjectValueMust(purchaseTypes(), map[string]attr.Value{
		"price": price, "jump_appid": framework.Optional(p.JumpAppID), "jump_path": framework.Optional(p.JumpPath),
	})
}

func purchaseToAPI(o types.Object) *wechatpay.PurchaseInformation {
	if !framework.Known(o) {
		return nil
	}
	parts := o.Attributes()
	p := &wechatpay.PurchaseInformation{JumpAppID: framework.TextOf(parts["jump_appid"]), JumpPath: framework.TextOf(parts["jump_path"])}
	if price, ok := parts["price"].(types.Number); ok && framework.Known(price) {
		p.Price = new(framework.Int(price))
	}
	return p
}

func formFromAPI(form *wechatpay.TemplateUserInformation) types.Object {
	if form == nil || len(form.CommonFields) == 0 && len(form.CustomFields) == 0 {
		return types.ObjectNull(formTypes())
	}
	common := types.SetNull(types.StringType)
	if len(form.CommonFields) > 0 {
		common = types.SetValueMust(types.StringType, texts(slices.Compact(slices.Sorted(slices.Values(form.CommonFields)))))
	}
	fieldType := types.ObjectType{AttrTypes: customFieldTypes()}
	custom := types.ListNull(fieldType)
	if len(form.CustomFields) > 0 {
		elements := make([]attr.Value, 0, len(form.CustomFields))
		for _, f := range form.CustomFields {
			elements = append(elements, types.ObjectValueMust(customFieldTypes(), map[string]attr.Value{
				"type": framework.Optional(string(f.Type)), "name": framework.Optional(f.Name),
				"values": types.ListValueMust(types.StringType, texts(f.Values)),
			}))
		}
		custom = types.ListValueMust(fieldType, elements)
	}
	return types.ObjectValueMust(formTypes(), map[string]attr.Value{"common_field_list": common, "custom_field_list": custom})
}

func texts(values []string) []attr.Value {
	out := make([]attr.Value, 0, len(values))
	for _, value := range values {
		out = append(out, types.StringValue(value))
	}
	return out
}

// knownElements are the elements of a list, or none where a part of one is unknown. A call is made
// of known values only; the plan that members are checked against may have others.
func knownElements(elements []attr.Value) []attr.Value {
	if slices.ContainsFunc(elements, func(v attr.Value) bool { return !isWhollyKnown(v) }) {
		return nil
	}
	return elements
}

func isWhollyKnown(v attr.Value) bool {
	switch v := v.(type) {
	case types.Object:
		return !v.IsUnknown() && len(knownElements(slices.Collect(maps.Values(v.Attributes())))) == len(v.Attributes())
	case types.List:
		return !v.IsUnknown() && len(knownElements(v.Elements())) == len(v.Elements())
	default:
		return !v.IsUnknown()
	}
}

func formToAPI(o types.Object) *wechatpay.TemplateUserInformation {
	if !framework.Known(o) {
		return nil
	}
	form := &wechatpay.TemplateUserInformation{}
	if common, ok := o.Attributes()["common_field_list"].(types.Set); ok {
		for _, name := range knownElements(common.Elements()) {
			form.CommonFields = append(form.CommonFields, framework.TextOf(name))
		}
		slices.Sort(form.CommonFields)
	}
	if custom, ok := o.Attributes()["custom_field_list"].(types.List); ok {
		for _, element := range knownElements(custom.Elements()) {
			attributes := framework.ObjectOf(element).Attributes()
			values, _ := attributes["values"].(types.List)
			form.CustomFields = append(form.CustomFields, wechatpay.TemplateCustomField{
				Type: wechatpay.CustomFieldType(framework.TextOf(attributes["type"])), Name: framework.TextOf(attributes["name"]), Values: framework.TextList(values),
			})
		}
	}
	return form
}
