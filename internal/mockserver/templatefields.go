// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"net/url"
	"regexp"
)

// Limits of a template's texts in characters, of the official pages 4015336970
// and 4015336977, and of its numbers.
const (
	limitOutRequestNo = 128
	limitCardTitle    = 10
	limitBenefits     = 32
	limitServicePhone = 32
	limitAgreement    = 20480
	limitJumpPath     = 128
	limitCustomName   = 32
	limitCustomValue  = 8

	maxCustomFields = 1
	maxCustomValues = 10
)

const codeTypeJump = "JUMP_MINI_PROGRAM"

func templateStates() []string { return []string{TemplateStateEffective, TemplateStateInvalid} }

func codeModes() []string { return []string{"SYSTEM_ALLOCATE", "MERCHANT_ALLOCATE"} }

func codeTypes() []string {
	return []string{"NONE_CODE", "BAR_CODE", "QR_CODE", "BAR_CODE_AND_QR_CODE", codeTypeJump}
}

// templateFields are the fields of the body of a template's call; nil for a
// call without a body.
func (s *Server) templateFields(rt route) []field {
	ids := rt.mode.keyFields(rt.operation)
	switch rt.operation {
	case OperationCreateTemplate:
		return append(ids, s.createTemplateFields()...)
	case OperationModifyTemplate:
		return append(ids, s.modifyTemplateFields()...)
	}
	return ids
}

// createTemplateFields are those of the official page 4015336970, without the brand.
func (s *Server) createTemplateFields() []field {
	return append([]field{
		{name: "out_request_no", required: true, limit: limitOutRequestNo, issue: outRequestNoIssue},
		{name: "appid", required: true, limit: limitID},
		{name: "card_type", required: true, values: cardTypes()},
		{name: "code_mode", required: true, values: codeModes()},
		{name: "code_type", required: true, values: codeTypes()},
		{name: "init_level", limit: limitLevel},
		{name: "legal_agreement", limit: limitAgreement},
	}, s.sharedTemplateFields(true)...)
}

// modifyTemplateFields are those of the official page 4015336977, without the brand.
func (s *Server) modifyTemplateFields() []field {
	fields := s.sharedTemplateFields(false)
	if s.options.FirstEditionModify {
		fields = append(fields, field{name: "init_level", limit: limitLevel}, field{name: "legal_agreement", limit: limitAgreement})
	}
	return fields
}

// sharedTemplateFields can be given when a template is made and when it is
// changed; some of them are required when it is made.
func (s *Server) sharedTemplateFields(creation bool) []field {
	return []field{
		{name: "card_title", required: creation, limit: limitCardTitle},
		{name: "card_color", required: creation, limit: limitColor, issue: colorIssue},
		{name: "card_picture_url", required: creation, limit: limitURL, issue: urlIssue},
		{name: "benefits", required: creation, limit: limitBenefits},
		{name: "notify_url", required: creation, limit: limitURL, issue: httpsIssue},
		{name: "need_pinned", kind: boolean},
		{name: "need_display_level", kind: boolean},
		{name: "service_phone", limit: limitServicePhone, mayBeEmpty: !creation && s.options.EmptyTextClears},
		requiredField(validDateField(), creation),
		jumpField("code_jump_information"),
		requiredField(jumpField("member_information"), creation && s.options.RequireMemberInformation),
		jumpField("points_information"),
		jumpField("balance_information"),
		jumpField("purchase_information", field{name: "price", kind: integer}),
		templateFormField(),
	}
}

func requiredField(f field, required bool) field {
	f.required = required
	return f
}

func jumpField(name string, more ...field) field {
	return field{name: name, kind: record, fields: append([]field{
		{name: "jump_appid", limit: limitID},
		{name: "jump_path", limit: limitJumpPath},
	}, more...)}
}

// templateFormField is what a template asks of users. It differs from a card's:
// the common fields are names only.
func templateFormField() field {
	return field{name: "user_information", kind: record, fields: []field{
		{name: "common_field_list", kind: list, texts: &field{values: commonFieldNames()}},
		{name: "custom_field_list", kind: list, fields: []field{
			{name: "type", required: true, values: []string{"CHECK_BOX", "RADIO"}},
			{name: "name", required: true, limit: limitCustomName},
			{name: "values", required: true, kind: list, texts: &field{limit: limitCustomValue}},
		}},
	}}
}

func outRequestNoIssue(number string) string {
	if !regexp.MustCompile(`^[0-9A-Za-z_-]+$`).MatchString(number) {
		return "may hold half-width digits, letters, - and _ only"
	}
	return ""
}

func httpsIssue(text string) string {
	if u, err := url.Parse(text); err != nil || u.Host == "" || u.Scheme != "https" {
		return "is not an HTTPS URL"
	}
	return ""
}
