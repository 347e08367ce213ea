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

// This file maps between the resource's model and the types of package wechatpay.
// It makes no call and needs no server.

// ref names the card of m at WeChat Pay.
func (m *model) ref() wechatpay.CardRef {
	return wechatpay.CardRef{
		BrandID:      framework.Text(m.BrandID),
		CardID:       framework.Text(m.CardID),
		UserCardCode: framework.Text(m.UserCardCode),
		OpenID:       framework.Text(m.OpenID),
	}
}

// toImportRequest is the import call for the planned member m. The phone number is given
// separately, since a write-only one is only in the configuration.
func toImportRequest(m *model, phone wechatpay.Personal) wechatpay.ImportRequest {
	return wechatpay.ImportRequest{
		CardRef:              m.ref(),
		PhoneNumber:          phone,
		CardColor:            framework.Text(m.CardColor),
		CardPictureURL:       framework.Text(m.CardPictureURL),
		Level:                framework.Text(m.Level),
		UserInformation:      userInformationToAPI(m.UserInformation),
		ValidDateInformation: validity.ToAPI(m.ValidDateInformation),
		PickupTime:           framework.Text(m.PickupTime),
	}
}

// toModifyRequest is the modify call that brings the named attributes of a card to what m plans.
func toModifyRequest(m *model, phone wechatpay.Personal, names []string) wechatpay.ModifyUserCardRequest {
	req := wechatpay.ModifyUserCardRequest{CardRef: m.ref()}
	if slices.Contains(names, attrPhoneNumber) {
		req.PhoneNumber = phone
	}
	for _, f := range fields() {
		if f.toModify != nil && slices.Contains(names, f.name) {
			f.toModify(m, &req)
		}
	}
	return req
}

// modelFromAPI is what WeChat Pay holds, in the resource's shapes. What only a configuration
// knows (policies, the write-only phone number, timeouts) is null in it.
func modelFromAPI(card *wechatpay.UserCard) *model {
	m := &model{cardModel: cardModel{
		ID:                types.StringValue(resourceID(card.CardRef)),
		BrandID:           types.StringValue(card.BrandID),
		CardID:            types.StringValue(card.CardID),
		UserCardCode:      types.StringValue(card.UserCardCode),
		PhoneNumber:       framework.Optional(canonicalPhone(card.PhoneNumber.Reveal())),
		PhoneNumberMasked: maskedPhone(card.PhoneNumber),
		OpenID:            framework.Optional(card.OpenID),
	}}
	for _, f := range fields() {
		f.set(m, f.fromAPI(card))
	}
	return m
}

func userInformationToAPI(o types.Object) *wechatpay.UserInformation {
	u, ok := userInformationOf(o)
	if !ok {
		return nil
	}
	var info wechatpay.UserInformation
	common := framework.TextMap(u.CommonFields)
	for _, name := range slices.Sorted(maps.Keys(common)) {
		info.CommonFields = append(info.CommonFields, wechatpay.CommonField{Name: name, Value: wechatpay.Personal(common[name])})
	}
	custom := framework.TextListMap(u.CustomFields)
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

func userInformationFromAPI(info *wechatpay.UserInformation) types.Object {
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

// userInformationOf reads user_information; ok is false where it is null or unknown.
func userInformationOf(v attr.Value) (u userInformation, ok bool) {
	if !framework.Known(v) {
		return userInformation{}, false
	}
	attrs := framework.ObjectOf(v).Attributes()
	u.CommonFields, _ = attrs["common_fields"].(types.Map)
	u.CustomFields, _ = attrs["custom_fields"].(types.Map)
	return u, true
}
