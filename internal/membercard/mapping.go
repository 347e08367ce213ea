// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"maps"
	"math/big"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/phonenumber"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// This file maps between the resource's model and the types of package wechatpay.
// It makes no call and needs no server.

// ref names the card of m at WeChat Pay.
func (m *model) ref() wechatpay.CardRef {
	return wechatpay.CardRef{
		BrandID:      text(m.BrandID),
		CardID:       text(m.CardID),
		UserCardCode: text(m.UserCardCode),
		OpenID:       text(m.OpenID),
	}
}

// importRequest is the import call for the planned member m. The phone number is given
// apart, since a write-only one is in the configuration alone.
func importRequest(m *model, phone wechatpay.Personal) wechatpay.ImportRequest {
	return wechatpay.ImportRequest{
		CardRef:              wechatpay.CardRef{BrandID: text(m.BrandID), CardID: text(m.CardID), UserCardCode: text(m.UserCardCode)},
		PhoneNumber:          phone,
		CardColor:            text(m.CardColor),
		CardPictureURL:       text(m.CardPictureURL),
		Level:                text(m.Level),
		UserInformation:      userInformationRequest(m.UserInformation),
		ValidDateInformation: validDateRequest(m.ValidDateInformation),
		PickupTime:           text(m.PickupTime),
	}
}

// modifyRequest is the modify call that brings the named attributes of a card to what m plans.
func modifyRequest(m *model, phone wechatpay.Personal, attributes []string) wechatpay.ModifyUserCardRequest {
	req := wechatpay.ModifyUserCardRequest{CardRef: m.ref()}
	for _, name := range attributes {
		switch name {
		case attrPhoneNumber:
			req.PhoneNumber = phone
		case attrCardColor:
			req.CardColor = text(m.CardColor)
		case attrCardPictureURL:
			req.CardPictureURL = text(m.CardPictureURL)
		case attrLevel:
			req.Level = text(m.Level)
		case attrAttach:
			req.Attach = text(m.Attach)
		case attrValidDate:
			req.ValidDateInformation = validDateRequest(m.ValidDateInformation)
		case attrUserInformation:
			req.UserInformation = userInformationRequest(m.UserInformation)
		}
	}
	return req
}

func validDateRequest(o types.Object) *wechatpay.ValidDateInformation {
	v, ok := validDateOf(o)
	if !ok {
		return nil
	}
	return &wechatpay.ValidDateInformation{
		Type:                     wechatpay.ValidDateType(text(v.Type)),
		AvailableBeginTime:       text(v.AvailableBeginTime),
		AvailableEndTime:         text(v.AvailableEndTime),
		AvailableDayAfterReceive: daysOf(v.AvailableDayAfterReceive),
	}
}

func userInformationRequest(o types.Object) *wechatpay.UserInformation {
	u, ok := userInformationOf(o)
	if !ok {
		return nil
	}
	var info wechatpay.UserInformation
	common := texts(u.CommonFields)
	for _, name := range slices.Sorted(maps.Keys(common)) {
		info.CommonFields = append(info.CommonFields, wechatpay.CommonField{Name: name, Value: wechatpay.Personal(common[name])})
	}
	custom := choices(u.CustomFields)
	for _, name := range slices.Sorted(maps.Keys(custom)) {
		field := wechatpay.CustomField{Name: name}
		for _, value := range custom[name] {
			field.UserChosenValues = append(field.UserChosenValues, wechatpay.Personal(value))
		}
		info.CustomFields = append(info.CustomFields, field)
	}
	if len(info.CommonFields) == 0 && len(info.CustomFields) == 0 {
		return nil
	}
	return &info
}

// observed is what WeChat Pay holds, in the resource's shapes. What only a configuration
// knows (policies, the write-only phone number, timeouts) is null in it.
func observed(card *wechatpay.UserCard) *model {
	return &model{
		ID:                   types.StringValue(importID{card.BrandID, card.CardID, card.UserCardCode, ""}.withoutOpenID()),
		BrandID:              types.StringValue(card.BrandID),
		CardID:               types.StringValue(card.CardID),
		UserCardCode:         types.StringValue(card.UserCardCode),
		PhoneNumber:          optional(canonicalPhone(card.PhoneNumber.Reveal())),
		PhoneNumberMasked:    maskedPhone(card.PhoneNumber.Reveal()),
		OpenID:               optional(card.OpenID),
		CardColor:            optional(card.CardColor),
		CardPictureURL:       optional(card.CardPictureURL),
		Level:                optional(card.Level),
		Attach:               optional(card.Attach),
		PickupTime:           optional(card.PickupTime),
		ValidDateInformation: observedValidDate(card.ValidDateInformation),
		UserInformation:      observedUserInformation(card.UserInformation),
		CardType:             optional(string(card.CardType)),
		UserCardState:        optional(string(card.UserCardState)),
		InvalidReason:        optional(card.InvalidReason),
		InvalidTime:          optional(card.InvalidTime),
		CreateTime:           optional(card.CreateTime),
		ModifyTime:           optional(card.ModifyTime),
	}
}

// observedValidDate keeps only the fields that the type needs: the official page's own
// example returns times and days for a PERMANENT card as well.
func observedValidDate(v *wechatpay.ValidDateInformation) types.Object {
	if v == nil || v.Type == "" {
		return types.ObjectNull(validDateTypes())
	}
	date := validDate{Type: types.StringValue(string(v.Type))}
	switch v.Type {
	case wechatpay.ValidDateFixTimeRange:
		date.AvailableBeginTime = optional(v.AvailableBeginTime)
		date.AvailableEndTime = optional(v.AvailableEndTime)
	case wechatpay.ValidDateFixTerm:
		date.AvailableDayAfterReceive = numberOf(v.AvailableDayAfterReceive)
	}
	return date.object()
}

func observedUserInformation(info *wechatpay.UserInformation) types.Object {
	if info == nil {
		return types.ObjectNull(userInformationTypes())
	}
	common := make(map[string]string, len(info.CommonFields))
	for _, field := range info.CommonFields {
		common[field.Name] = field.Value.Reveal()
	}
	custom := make(map[string][]string, len(info.CustomFields))
	for _, field := range info.CustomFields {
		for _, value := range field.UserChosenValues {
			custom[field.Name] = append(custom[field.Name], value.Reveal())
		}
	}
	return userInformationObject(common, custom)
}

// userInformationObject is null where both maps are empty.
func userInformationObject(common map[string]string, custom map[string][]string) types.Object {
	if len(common) == 0 && len(custom) == 0 {
		return types.ObjectNull(userInformationTypes())
	}
	u := userInformation{CommonFields: types.MapNull(types.StringType), CustomFields: types.MapNull(customFieldType())}
	if len(common) > 0 {
		elements := make(map[string]attr.Value, len(common))
		for name, value := range common {
			elements[name] = types.StringValue(value)
		}
		u.CommonFields = types.MapValueMust(types.StringType, elements)
	}
	if len(custom) > 0 {
		elements := make(map[string]attr.Value, len(custom))
		for name, values := range custom {
			list := make([]attr.Value, 0, len(values))
			for _, value := range values {
				list = append(list, types.StringValue(value))
			}
			elements[name] = types.ListValueMust(types.StringType, list)
		}
		u.CustomFields = types.MapValueMust(customFieldType(), elements)
	}
	return u.object()
}

func numberOf(n int64) types.Number { return types.NumberValue(new(big.Float).SetInt64(n)) }

// daysOf is 0 where there is no number; its rule has seen to it that it is whole.
func daysOf(n types.Number) int64 {
	if !known(n) {
		return 0
	}
	days, _ := n.ValueBigFloat().Int64()
	return days
}

// validDateOf reads valid_date_information; ok is false where it is null or unknown.
func validDateOf(o types.Object) (v validDate, ok bool) {
	if !known(o) {
		return validDate{}, false
	}
	attrs := o.Attributes()
	v.Type, _ = attrs["type"].(types.String)
	v.AvailableBeginTime, _ = attrs["available_begin_time"].(types.String)
	v.AvailableEndTime, _ = attrs["available_end_time"].(types.String)
	v.AvailableDayAfterReceive, _ = attrs["available_day_after_receive"].(types.Number)
	return v, true
}

// userInformationOf reads user_information; ok is false where it is null or unknown.
func userInformationOf(o types.Object) (u userInformation, ok bool) {
	if !known(o) {
		return userInformation{}, false
	}
	attrs := o.Attributes()
	u.CommonFields, _ = attrs["common_fields"].(types.Map)
	u.CustomFields, _ = attrs["custom_fields"].(types.Map)
	return u, true
}

// texts reads the known elements of a map of strings.
func texts(m types.Map) map[string]string {
	out := make(map[string]string, len(m.Elements()))
	for name, v := range m.Elements() {
		if s, ok := v.(types.String); ok && known(s) {
			out[name] = s.ValueString()
		}
	}
	return out
}

// choices reads the known elements of a map of lists of strings.
func choices(m types.Map) map[string][]string {
	out := make(map[string][]string, len(m.Elements()))
	for name, v := range m.Elements() {
		list, ok := v.(types.List)
		if !ok || !known(list) {
			continue
		}
		values := []string{}
		for _, e := range list.Elements() {
			if s, ok := e.(types.String); ok && known(s) {
				values = append(values, s.ValueString())
			}
		}
		out[name] = values
	}
	return out
}

// canonicalPhone is the phone number as an attribute would have it, so that a spelling
// which WeChat Pay prefers (with a country code, say) does not show as a change.
func canonicalPhone(text string) string {
	if normalized, err := phonenumber.Normalize(text); err == nil {
		return normalized
	}
	return text
}

func maskedPhone(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(phonenumber.Mask(canonicalPhone(text)))
}
