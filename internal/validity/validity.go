// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Package validity is the attribute valid_date_information, which member cards and card
// templates have in common: its shape, its rules, and its mapping to and from WeChat Pay.
// It knows neither of the two. It is a package of its own because templates would otherwise
// depend on members, or have the same rules twice.
package validity

import (
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// Attribute is the attribute's name, which is the API's.
const Attribute = "valid_date_information"

// The names within it.
const (
	fieldType  = "type"
	fieldBegin = "available_begin_time"
	fieldEnd   = "available_end_time"
	fieldDays  = "available_day_after_receive"
)

// MaxDays is the largest available_day_after_receive that WeChat Pay documents: 30 years.
// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336970
const MaxDays = 10958

// Validity is the attribute's value.
type Validity struct {
	Type  types.String
	Begin types.String
	End   types.String
	Days  types.Number
}

// Types are the types of the object's attributes.
func Types() map[string]attr.Type {
	return map[string]attr.Type{
		fieldType:  types.StringType,
		fieldBegin: types.StringType,
		fieldEnd:   types.StringType,
		fieldDays:  types.NumberType,
	}
}

// Null is the attribute where there is none.
func Null() types.Object { return types.ObjectNull(Types()) }

// Unknown is the attribute while it is not known.
func Unknown() types.Object { return types.ObjectUnknown(Types()) }

// Of reads an attribute; ok is false where it is null or unknown.
func Of(o types.Object) (v Validity, ok bool) {
	if !framework.Known(o) {
		return Validity{}, false
	}
	attributes := o.Attributes()
	v.Type, _ = attributes[fieldType].(types.String)
	v.Begin, _ = attributes[fieldBegin].(types.String)
	v.End, _ = attributes[fieldEnd].(types.String)
	v.Days, _ = attributes[fieldDays].(types.Number)
	return v, true
}

// Object is v as an attribute.
func (v Validity) Object() types.Object {
	return types.ObjectValueMust(Types(), map[string]attr.Value{
		fieldType: v.Type, fieldBegin: v.Begin, fieldEnd: v.End, fieldDays: v.Days,
	})
}

// ToAPI maps the attribute to a request; nil where it is null or unknown.
func ToAPI(o types.Object) *wechatpay.ValidDateInformation {
	v, ok := Of(o)
	if !ok {
		return nil
	}
	return &wechatpay.ValidDateInformation{
		Type:                     wechatpay.ValidDateType(framework.Text(v.Type)),
		AvailableBeginTime:       framework.Text(v.Begin),
		AvailableEndTime:         framework.Text(v.End),
		AvailableDayAfterReceive: framework.Int(v.Days),
	}
}

// FromAPI maps an answer to the attribute. It keeps only the fields that the type needs: the
// official page's own example returns times and days for PERMANENT as well.
func FromAPI(api *wechatpay.ValidDateInformation) types.Object {
	if api == nil || api.Type == "" {
		return Null()
	}
	v := Validity{Type: types.StringValue(string(api.Type))}
	switch api.Type {
	case wechatpay.ValidDateFixTimeRange:
		v.Begin, v.End = framework.Optional(api.AvailableBeginTime), framework.Optional(api.AvailableEndTime)
	case wechatpay.ValidDateFixTerm:
		v.Days = framework.Number(api.AvailableDayAfterReceive)
	}
	return v.Object()
}

// Same compares two validities, times by instant. An unknown one differs from any other.
func Same(a, b attr.Value) bool {
	va, okA := Of(framework.ObjectOf(a))
	vb, okB := Of(framework.ObjectOf(b))
	if !okA || !okB {
		return a.IsNull() && b.IsNull()
	}
	return va.Type.Equal(vb.Type) &&
		framework.SameInstantValue(va.Begin, vb.Begin) &&
		framework.SameInstantValue(va.End, vb.End) &&
		va.Days.Equal(vb.Days)
}

// KeepSpelling returns other with the state's spelling of times that mean the same.
func KeepSpelling(state, other attr.Value) attr.Value {
	s, okS := Of(framework.ObjectOf(state))
	o, okO := Of(framework.ObjectOf(other))
	if !okS || !okO {
		return other
	}
	o.Begin = framework.KeepSpelling(s.Begin, o.Begin, framework.SameInstant)
	o.End = framework.KeepSpelling(s.End, o.End, framework.SameInstant)
	return o.Object()
}

// Path is the path of the attribute, or of a name within it.
func Path(names ...string) path.Path {
	p := path.Root(Attribute)
	for _, name := range names {
		p = p.AtName(name)
	}
	return p
}

// Fields maps the API's fields of an error to attributes.
func Fields() map[string]path.Path {
	fields := map[string]path.Path{Attribute: Path()}
	for _, name := range []string{fieldType, fieldBegin, fieldEnd, fieldDays} {
		fields[Attribute+"."+name] = Path(name)
	}
	return fields
}

// TypePath is the path of the type.
func TypePath() path.Path { return Path(fieldType) }

// EndPath is the path of the end.
func EndPath() path.Path { return Path(fieldEnd) }

// DaysPath is the path of the number of days.
func DaysPath() path.Path { return Path(fieldDays) }

// Validate checks that a configured validity has exactly the fields that its type needs and
// ends after it begins. What is unknown is not looked at.
func Validate(configured types.Object, diags *diag.Diagnostics) {
	v, ok := Of(configured)
	if !ok {
		return
	}
	begin, okBegin := framework.ParseInstant(framework.Text(v.Begin))
	end, okEnd := framework.ParseInstant(framework.Text(v.End))
	if okBegin && okEnd && !begin.Before(end) {
		diags.AddAttributeError(EndPath(), "A validity ends before it begins",
			"valid_date_information.available_end_time must be later than available_begin_time.")
	}
	if !framework.Known(v.Type) {
		return
	}
	kind := framework.Text(v.Type)
	for _, field := range []struct {
		name   string
		value  attr.Value
		needed bool
	}{
		{fieldBegin, v.Begin, kind == string(wechatpay.ValidDateFixTimeRange)},
		{fieldEnd, v.End, kind == string(wechatpay.ValidDateFixTimeRange)},
		{fieldDays, v.Days, kind == string(wechatpay.ValidDateFixTerm)},
	} {
		switch {
		case field.needed && field.value.IsNull():
			diags.AddAttributeError(Path(field.name), "A validity is incomplete",
				fmt.Sprintf("valid_date_information of type %s needs %s.", kind, field.name))
		case !field.needed && framework.Known(field.value): // What is unknown may become null.
			diags.AddAttributeError(Path(field.name), "A validity has a field that its type does not have",
				fmt.Sprintf("valid_date_information of type %s has no %s. Leave it out.", kind, field.name))
		}
	}
}

// EndOfTerm is when a validity of type FIX_TERM ends. days must be at most MaxDays.
func EndOfTerm(pickup time.Time, days int64) time.Time {
	return pickup.Add(time.Duration(days) * 24 * time.Hour)
}
