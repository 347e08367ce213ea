// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// The wire structs are the JSON of requests and answers; sensitive fields in them are ciphertext.
// A request leaves out the fields that are not set, because WeChat Pay refuses null.
//
// encoding/json writes <, > and & as \u003c, \u003e and \u0026. Every JSON parser reads them the
// same, and the signature covers the bytes as they are sent.

// wireKeys are the keys that a call's route puts into the body.
type wireKeys struct {
	BrandID      string `json:"brand_id,omitempty"`
	CardID       string `json:"card_id,omitempty"`
	UserCardCode string `json:"user_card_code,omitempty"`
	OpenID       string `json:"openid,omitempty"`
}

type wireImport struct {
	wireKeys

	PhoneNumber          string        `json:"phone_number,omitempty"`
	CardColor            string        `json:"card_color,omitempty"`
	CardPictureURL       string        `json:"card_picture_url,omitempty"`
	Level                string        `json:"level,omitempty"`
	UserInformation      *wireUserInfo `json:"user_information,omitempty"`
	ValidDateInformation *wireDate     `json:"valid_date_information,omitempty"`
	PickupTime           string        `json:"pickup_time,omitempty"`
}

type wireModify struct {
	wireKeys

	CardColor            string        `json:"card_color,omitempty"`
	CardPictureURL       string        `json:"card_picture_url,omitempty"`
	PhoneNumber          string        `json:"phone_number,omitempty"`
	Level                string        `json:"level,omitempty"`
	ValidDateInformation *wireDate     `json:"valid_date_information,omitempty"`
	UserInformation      *wireUserInfo `json:"user_information,omitempty"`
	Attach               string        `json:"attach,omitempty"`
}

type wireInvalidate struct {
	wireKeys

	InvalidReason string `json:"invalid_reason,omitempty"`
}

type wireDate struct {
	Type                     string `json:"type"`
	AvailableBeginTime       string `json:"available_begin_time,omitempty"`
	AvailableEndTime         string `json:"available_end_time,omitempty"`
	AvailableDayAfterReceive int64  `json:"available_day_after_receive,omitempty"`
}

type wireUserInfo struct {
	CommonFieldList []wireCommonField `json:"common_field_list,omitempty"`
	CustomFieldList []wireCustomField `json:"custom_field_list,omitempty"`
}

type wireCommonField struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type wireCustomField struct {
	Name             string   `json:"name"`
	UserChosenValues []string `json:"user_chosen_values"`
}

func newWireDate(d *ValidDateInformation) *wireDate {
	if d == nil {
		return nil
	}
	return &wireDate{
		Type:                     string(d.Type),
		AvailableBeginTime:       d.AvailableBeginTime,
		AvailableEndTime:         d.AvailableEndTime,
		AvailableDayAfterReceive: d.AvailableDayAfterReceive,
	}
}

// wireCard is a user card in an answer. The ids, the openid and the encrypted fields must have
// the documented types. The other fields may have any: an import's openid must not be lost
// because of a field that is not needed.
type wireCard struct {
	UserCardCode         string          `json:"user_card_code"`
	CardID               string          `json:"card_id"`
	OpenID               string          `json:"openid"`
	BrandID              string          `json:"brand_id"`
	CardColor            lenientString   `json:"card_color"`
	CardPictureURL       lenientString   `json:"card_picture_url"`
	CardType             lenientString   `json:"card_type"`
	PhoneNumber          string          `json:"phone_number"`
	Level                lenientString   `json:"level"`
	ValidDateInformation *wireAnswerDate `json:"valid_date_information"`
	PickupTime           lenientString   `json:"pickup_time"`
	UserInformation      *wireUserInfo   `json:"user_information"`
	Attach               lenientString   `json:"attach"`
	UserCardState        lenientString   `json:"user_card_state"`
	InvalidReason        lenientString   `json:"invalid_reason"`
	InvalidTime          lenientString   `json:"invalid_time"`
	CreateTime           lenientString   `json:"create_time"`
	ModifyTime           lenientString   `json:"modify_time"`
}

type wireList struct {
	TotalCount *int64            `json:"total_count"`
	Data       []json.RawMessage `json:"data"`
}

type wireTemplate struct {
	CardID               string          `json:"card_id"`
	BrandID              string          `json:"brand_id"`
	AppID                lenientString   `json:"appid"`
	CardType             lenientString   `json:"card_type"`
	CardTitle            lenientString   `json:"card_title"`
	CardColor            lenientString   `json:"card_color"`
	CardPictureURL       lenientString   `json:"card_picture_url"`
	CodeMode             lenientString   `json:"code_mode"`
	CodeType             lenientString   `json:"code_type"`
	Benefits             lenientString   `json:"benefits"`
	NotifyURL            lenientString   `json:"notify_url"`
	NeedPinned           lenientBool     `json:"need_pinned"`
	NeedDisplayLevel     lenientBool     `json:"need_display_level"`
	InitLevel            lenientString   `json:"init_level"`
	ServicePhone         lenientString   `json:"service_phone"`
	LegalAgreement       lenientString   `json:"legal_agreement"`
	ValidDateInformation *wireAnswerDate `json:"valid_date_information"`
	PointsInformation    json.RawMessage `json:"points_information"`
	BalanceInformation   json.RawMessage `json:"balance_information"`
	PurchaseInformation  json.RawMessage `json:"purchase_information"`
	UserInformation      *wireForm       `json:"user_information"`
	State                lenientString   `json:"state"`
	CreateTime           lenientString   `json:"create_time"`
	UpdateTime           lenientString   `json:"update_time"`
}

// wireForm is the form that a template asks members to fill in.
type wireForm struct {
	CommonFieldList []wireFieldName `json:"common_field_list"`
	CustomFieldList []struct {
		Type   lenientString   `json:"type"`
		Name   lenientString   `json:"name"`
		Values []lenientString `json:"values"`
	} `json:"custom_field_list"`
}

// wireFieldName is a common field's name: a string, or an object with a name.
type wireFieldName string

func (n *wireFieldName) UnmarshalJSON(data []byte) error {
	var object struct {
		Name lenientString `json:"name"`
	}
	if json.Unmarshal(data, &object) == nil {
		*n = wireFieldName(object.Name)
		return nil
	}
	var s lenientString
	err := json.Unmarshal(data, &s)
	*n = wireFieldName(s)
	return err
}

// wireAnswerDate is a validity in an answer. Anything but an object is read as empty.
type wireAnswerDate struct {
	Type                     lenientString
	AvailableBeginTime       lenientString
	AvailableEndTime         lenientString
	AvailableDayAfterReceive lenientString
}

func (d *wireAnswerDate) UnmarshalJSON(data []byte) error {
	var object struct {
		Type                     lenientString `json:"type"`
		AvailableBeginTime       lenientString `json:"available_begin_time"`
		AvailableEndTime         lenientString `json:"available_end_time"`
		AvailableDayAfterReceive lenientString `json:"available_day_after_receive"`
	}
	if json.Unmarshal(data, &object) == nil {
		*d = wireAnswerDate(object)
	}
	return nil
}

func (d *wireAnswerDate) value() *ValidDateInformation {
	if d == nil || *d == (wireAnswerDate{}) {
		return nil
	}
	days, err := strconv.ParseInt(string(d.AvailableDayAfterReceive), 10, 64)
	if err != nil {
		days = 0
	}
	return &ValidDateInformation{
		Type:                     ValidDateType(d.Type),
		AvailableBeginTime:       string(d.AvailableBeginTime),
		AvailableEndTime:         string(d.AvailableEndTime),
		AvailableDayAfterReceive: days,
	}
}

// lenientString reads a string; null becomes empty, and any other value becomes its JSON text.
type lenientString string

func (s *lenientString) UnmarshalJSON(data []byte) error {
	*s = ""
	if bytes.Equal(data, []byte("null")) {
		return nil
	}
	if text := (*string)(s); json.Unmarshal(data, text) != nil {
		*s = lenientString(compact(data))
	}
	return nil
}

// lenientBool reads a bool; any other value counts as absent.
type lenientBool struct{ value *bool }

func (b *lenientBool) UnmarshalJSON(data []byte) error {
	var value *bool
	if json.Unmarshal(data, &value) == nil {
		b.value = value
	}
	return nil
}

// compact returns JSON text without insignificant spaces, and "" for null.
func compact(raw json.RawMessage) string {
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil || b.String() == "null" {
		return ""
	}
	return b.String()
}
