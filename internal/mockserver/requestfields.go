// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import "slices"

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
func (s *Server) bodyFields(rt route) []field {
	switch operation := rt.operation; operation {
	case OperationImportByPhone:
		return append(rt.mode.importFields(operation), phoneField(true))
	case OperationImportByOpenID:
		return append(rt.mode.importFields(operation), phoneField(false))
	case OperationModify:
		return s.modifyFields(rt.mode)
	case OperationInvalidate:
		return append(rt.mode.keyFields(operation), field{name: "invalid_reason", limit: limitReason})
	case OperationEcho:
		return []field{
			{name: "echo_message", required: true},
			{name: "encrypted_echo_message", sensitive: true},
			{name: "notify_url", limit: limitURL, issue: urlIssue},
		}
	case OperationUploadImage:
		return uploadMetaFields(rt.id)
	}
	return s.templateFields(rt)
}

func (m *mode) importFields(operation Operation) []field {
	return slices.Concat(m.keyFields(operation), []field{
		{name: "user_card_code", required: true, limit: limitID, issue: cardCodeIssue},
		validDateField(), pickupTimeField(),
	}, lookFields())
}

// lookFields are the optional fields that imports and modify calls share.
func lookFields() []field {
	return []field{
		{name: "card_color", limit: limitColor, issue: colorIssue},
		{name: "card_picture_url", limit: limitURL, issue: urlIssue},
		{name: "level", limit: limitLevel},
		userInformationField(),
	}
}

func (s *Server) modifyFields(m *mode) []field {
	fields := slices.Concat(m.keyFields(OperationModify), []field{
		phoneField(false), validDateField(), {name: "attach", limit: limitAttach},
	}, lookFields())
	if s.options.ModifyTakesPickupTime {
		fields = append(fields, pickupTimeField())
	}
	for i, f := range fields {
		switch f.name {
		case "card_color", "card_picture_url", "level", "attach":
			fields[i].mayBeEmpty = s.options.EmptyTextClears
		}
	}
	return fields
}

func pickupTimeField() field {
	return field{name: "pickup_time", limit: limitTime, issue: timeIssue}
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
func (m *mode) queryParameters(operation Operation) map[string]bool {
	parameters := map[string]bool{}
	for _, name := range m.cardKeys(operation).query {
		parameters[name] = true
	}
	switch operation {
	case OperationList:
		parameters["offset"], parameters["limit"], parameters["user_card_state"] = true, true, false
	case OperationListTemplates:
		parameters["offset"], parameters["limit"], parameters["state"] = true, true, false
	}
	return parameters
}
