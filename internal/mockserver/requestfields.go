// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

// The most characters of each text (official page 4015336982).
const (
	limitID         = 32
	limitOpenID     = 128
	limitCiphertext = 512
	limitColor      = 7
	limitURL        = 256
	limitLevel      = 10
	limitAttach     = 256
	limitReason     = 32
	limitTime       = 32
)

// bodyFields returns the fields of a call's body; nil for a call without a body.
func (s *Server) bodyFields(operation Operation) []field {
	switch operation {
	case OperationImportByPhone:
		return append(importFields(), phoneField(true))
	case OperationImportByOpenID:
		return append(importFields(), phoneField(false), openIDField())
	case OperationModify:
		return s.modifyFields()
	case OperationInvalidate:
		return []field{
			openIDField(),
			{name: "invalid_reason", limit: limitReason},
		}
	case OperationEcho:
		return []field{
			{name: "echo_message", required: true},
			{name: "encrypted_echo_message", sensitive: true},
			{name: "notify_url", limit: limitURL, issue: urlIssue},
		}
	}
	return nil
}

func importFields() []field {
	return append([]field{
		{name: "brand_id", required: true, limit: limitID},
		{name: "card_id", required: true, limit: limitID},
		{name: "user_card_code", required: true, limit: limitID, issue: cardCodeIssue},
		validDateField(),
	}, lookFields()...)
}

// lookFields are the optional fields that imports and modify calls share.
func lookFields() []field {
	return []field{
		{name: "card_color", limit: limitColor, issue: colorIssue},
		{name: "card_picture_url", limit: limitURL, issue: urlIssue},
		{name: "level", limit: limitLevel},
		{name: "pickup_time", limit: limitTime, issue: timeIssue},
		userInformationField(),
	}
}

func (s *Server) modifyFields() []field {
	fields := append([]field{
		{name: "brand_id", required: true, limit: limitID},
		openIDField(), phoneField(false),
		validDateField(),
		{name: "attach", limit: limitAttach},
	}, lookFields()...)
	for i, f := range fields {
		switch f.name {
		case "card_color", "card_picture_url", "level", "attach":
			fields[i].mayBeEmpty = s.options.EmptyTextClears
		}
	}
	return fields
}

func openIDField() field {
	return field{name: "openid", required: true, limit: limitOpenID}
}

func phoneField(required bool) field {
	return field{name: "phone_number", required: required, limit: limitCiphertext, sensitive: true, issue: phoneIssue}
}

func validDateField() field {
	return field{name: "valid_date_information", kind: record, fields: []field{
		{name: "type", required: true, values: validTypes()},
		{name: "available_begin_time", limit: limitTime, issue: timeIssue},
		{name: "available_end_time", limit: limitTime, issue: timeIssue},
		{name: "available_day_after_receive", kind: integer},
	}}
}

func userInformationField() field {
	return field{name: "user_information", kind: record, fields: []field{
		{name: "common_field_list", kind: list, fields: []field{
			{name: "name", required: true, values: commonFieldNames()},
			{name: "value", required: true, sensitive: true},
		}},
		{name: "custom_field_list", kind: list, fields: []field{
			{name: "name", required: true},
			{name: "user_chosen_values", required: true, kind: list, texts: &field{sensitive: true}},
		}},
	}}
}

// queryParameters returns the query parameters of a call, and whether each is
// required.
func queryParameters(operation Operation) map[string]bool {
	switch operation {
	case OperationGet:
		return map[string]bool{"brand_id": true, "card_id": true, "openid": true}
	case OperationModify:
		return map[string]bool{"card_id": true}
	case OperationInvalidate:
		return map[string]bool{"brand_id": true, "card_id": true}
	case OperationList:
		return map[string]bool{"brand_id": true, "openid": true, "user_card_state": false, "offset": true, "limit": true}
	case OperationTemplate:
		return map[string]bool{"brand_id": true}
	}
	return nil
}
