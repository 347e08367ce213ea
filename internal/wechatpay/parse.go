// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// errNotJSON carries nothing of the body, in which personal data may stand.
var errNotJSON = errors.New("the answer's body is not the JSON that was expected")

// parseObject reads a JSON object; what of it must be there is for the caller to check.
func parseObject(body []byte, into any) error {
	if len(bytes.TrimSpace(body)) == 0 {
		return errors.New("the answer has no body")
	}
	if json.Unmarshal(body, into) != nil {
		return errNotJSON
	}
	return nil
}

// parseCard reads a user card, still encrypted.
func parseCard(body []byte) (*wireCard, error) {
	var wire wireCard
	if err := parseObject(body, &wire); err != nil {
		return nil, err
	}
	for _, id := range [...]struct{ name, value string }{
		{"brand_id", wire.BrandID}, {"card_id", wire.CardID}, {"user_card_code", wire.UserCardCode}, {"openid", wire.OpenID},
	} {
		if id.value == "" {
			return nil, fmt.Errorf("the answer has no %s", id.name)
		}
	}
	return &wire, nil
}

// card decrypts a user card.
func (c *fieldCipher) card(ctx context.Context, wire *wireCard) (*UserCard, error) {
	phone, err := c.decrypt(ctx, "phone_number", wire.PhoneNumber)
	if err != nil {
		return nil, err
	}
	information, err := c.userInformation(ctx, wire.UserInformation)
	if err != nil {
		return nil, err
	}
	return &UserCard{
		CardRef:              CardRef{BrandID: wire.BrandID, CardID: wire.CardID, UserCardCode: wire.UserCardCode, OpenID: wire.OpenID},
		CardColor:            string(wire.CardColor),
		CardPictureURL:       string(wire.CardPictureURL),
		CardType:             CardType(wire.CardType),
		PhoneNumber:          phone,
		Level:                string(wire.Level),
		ValidDateInformation: wire.ValidDateInformation.value(),
		PickupTime:           string(wire.PickupTime),
		UserInformation:      information,
		Attach:               string(wire.Attach),
		UserCardState:        UserCardState(wire.UserCardState),
		InvalidReason:        string(wire.InvalidReason),
		InvalidTime:          string(wire.InvalidTime),
		CreateTime:           string(wire.CreateTime),
		ModifyTime:           string(wire.ModifyTime),
	}, nil
}

// userInformation decrypts a form. One without any field is nil.
func (c *fieldCipher) userInformation(ctx context.Context, wire *wireUserInfo) (*UserInformation, error) {
	if wire == nil || len(wire.CommonFieldList) == 0 && len(wire.CustomFieldList) == 0 {
		return nil, nil
	}
	u := &UserInformation{}
	for i, f := range wire.CommonFieldList {
		value, err := c.decrypt(ctx, fmt.Sprintf("user_information.common_field_list.%d.value", i), f.Value)
		if err != nil {
			return nil, err
		}
		u.CommonFields = append(u.CommonFields, CommonField{Name: f.Name, Value: value})
	}
	for i, f := range wire.CustomFieldList {
		field := CustomField{Name: f.Name}
		for j, ciphertext := range f.UserChosenValues {
			value, err := c.decrypt(ctx, fmt.Sprintf("user_information.custom_field_list.%d.user_chosen_values.%d", i, j), ciphertext)
			if err != nil {
				return nil, err
			}
			field.UserChosenValues = append(field.UserChosenValues, value)
		}
		u.CustomFields = append(u.CustomFields, field)
	}
	return u, nil
}

func parseList(body []byte) (total int64, data []json.RawMessage, err error) {
	var wire wireList
	if err := parseObject(body, &wire); err != nil {
		return 0, nil, err
	}
	if wire.TotalCount == nil || *wire.TotalCount < 0 {
		return 0, nil, errors.New("the answer has no total_count")
	}
	return *wire.TotalCount, wire.Data, nil
}

func parseTemplate(body []byte) (*CardTemplate, error) {
	var wire wireTemplate
	if err := parseObject(body, &wire); err != nil {
		return nil, err
	}
	if wire.BrandID == "" || wire.CardID == "" {
		return nil, errors.New("the answer has no brand_id or no card_id")
	}
	return &CardTemplate{
		CardID:               wire.CardID,
		BrandID:              wire.BrandID,
		AppID:                string(wire.AppID),
		CardType:             CardType(wire.CardType),
		CardTitle:            string(wire.CardTitle),
		CardColor:            string(wire.CardColor),
		CardPictureURL:       string(wire.CardPictureURL),
		CodeMode:             string(wire.CodeMode),
		CodeType:             string(wire.CodeType),
		Benefits:             string(wire.Benefits),
		NotifyURL:            string(wire.NotifyURL),
		NeedPinned:           wire.NeedPinned.value,
		NeedDisplayLevel:     wire.NeedDisplayLevel.value,
		InitLevel:            string(wire.InitLevel),
		ServicePhone:         string(wire.ServicePhone),
		LegalAgreement:       string(wire.LegalAgreement),
		ValidDateInformation: wire.ValidDateInformation.value(),
		PointsInformation:    compact(wire.PointsInformation),
		BalanceInformation:   compact(wire.BalanceInformation),
		PurchaseInformation:  compact(wire.PurchaseInformation),
		UserInformation:      wire.UserInformation.value(),
		State:                CardTemplateState(wire.State),
		CreateTime:           string(wire.CreateTime),
		UpdateTime:           string(wire.UpdateTime),
	}, nil
}

func (f *wireForm) value() *TemplateUserInformation {
	if f == nil || len(f.CommonFieldList) == 0 && len(f.CustomFieldList) == 0 {
		return nil
	}
	u := &TemplateUserInformation{}
	for _, name := range f.CommonFieldList {
		u.CommonFields = append(u.CommonFields, string(name))
	}
	for _, custom := range f.CustomFieldList {
		field := TemplateCustomField{Type: string(custom.Type), Name: string(custom.Name)}
		for _, v := range custom.Values {
			field.Values = append(field.Values, string(v))
		}
		u.CustomFields = append(u.CustomFields, field)
	}
	return u
}
