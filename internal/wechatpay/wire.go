// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

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

	PhoneNumber          string                `json:"phone_number,omitempty"`
	CardColor            string                `json:"card_color,omitempty"`
	CardPictureURL       string                `json:"card_picture_url,omitempty"`
	Level                string                `json:"level,omitempty"`
	UserInformation      *wireUserInfo         `json:"user_information,omitempty"`
	ValidDateInformation *ValidDateInformation `json:"valid_date_information,omitempty"`
	PickupTime           string                `json:"pickup_time,omitempty"`
}

type wireModify struct {
	wireKeys

	CardColor            string                `json:"card_color,omitempty"`
	CardPictureURL       string                `json:"card_picture_url,omitempty"`
	PhoneNumber          string                `json:"phone_number,omitempty"`
	Level                string                `json:"level,omitempty"`
	ValidDateInformation *ValidDateInformation `json:"valid_date_information,omitempty"`
	UserInformation      *wireUserInfo         `json:"user_information,omitempty"`
	Attach               string                `json:"attach,omitempty"`
}

// wireCreateTemplate and wireModifyTemplate have no sensitive field, so their fields are sent as
// the request has them.
type wireCreateTemplate struct {
	wireKeys
	CardTemplateFixedSettings
	CardTemplateSettings
}

type wireModifyTemplate struct {
	wireKeys
	CardTemplateSettings
}

type wireInvalidate struct {
	wireKeys

	InvalidReason string `json:"invalid_reason,omitempty"`
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
