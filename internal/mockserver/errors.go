// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"net/http"
	"strings"
)

// apiError is an error answer of the API: an HTTP status, and the JSON body
// that every APIv3 error has.
type apiError struct {
	status  int
	code    string
	message string
	detail  map[string]any
}

// The error codes that the official pages list.
const (
	codeParam          = "PARAM_ERROR"
	codeInvalidRequest = "INVALID_REQUEST"
	codeSign           = "SIGN_ERROR"
	codeSystem         = "SYSTEM_ERROR"
	codeNotExists      = "RESOURCE_NOT_EXISTS"
	codeNotFound       = "NOT_FOUND"
	codeNoAuth         = "NO_AUTH"
)

// The messages of the official page of import-by-phone (4015336982), and those
// that the mock had to choose because no page gives them.
const (
	messageParam         = "参数错误"
	messageRules         = "HTTP 请求不符合微信支付 APIv3 接口规则"
	messageSign          = "验证不通过"
	messageSystem        = "系统异常,请稍后重试"
	messageNotOfBrand    = "会员卡模版ID不属于该品牌"
	messageImported      = "该手机号已被导入过"
	messageUnbound       = "手机号未绑定微信号,无法导入"
	messagePhoneOrCode   = "该手机号或会员卡code已存在"
	messageRate          = "请求频率超限,请稍后重试"
	messageCardNotFound  = "会员卡不存在"
	messageTemplateGone  = "会员卡模版不存在"
	messageTemplateState = "会员卡模版已失效"
	messageCardInvalid   = "会员卡已失效,无法操作"
	messagePath          = "请求的接口不存在"
)

// The messages of the product's error table (official page 4023146634).
const (
	messageUserWaiting    = "用户已有待激活的会员卡"
	messageUserHasCard    = "用户已有已生效的会员卡"
	messageNoWaitingCard  = "用户不存在未激活的会员卡"
	messageOpenIDInvalid  = "OpenID 无效"
	messageRateOfProduct  = "接口请求频率达到限制"
	messageTime           = "传入时间不符合RFC3339标准格式"
	messageUndefinedField = "请求中含有未在API文档中定义的参数"
)

// messageNoAuth stands on the pages of the older member card product.
const messageNoAuth = "商户暂无权限使用此功能"

// The issues that have a message of their own in the product's error table.
const (
	issueUndefined = "is not a field of this call"
	issueTime      = "is not a time in RFC 3339"
)

// ErrorAnswer is an error as the API answers it.
type ErrorAnswer struct {
	Status  int
	Code    string
	Message string
}

func (e ErrorAnswer) apiError() *apiError {
	return &apiError{status: e.Status, code: e.Code, message: e.Message}
}

// NoAuth is the error that a merchant without permission gets. It stands on the
// pages of the older member card product; this product's pages give none.
func NoAuth() ErrorAnswer { return ErrorAnswer{http.StatusForbidden, codeNoAuth, messageNoAuth} }

// ProductErrors returns the errors of the product's own error table (official
// page 4023146634). The page has no HTTP statuses: these are the likely ones.
func ProductErrors() []ErrorAnswer {
	const badRequest = http.StatusBadRequest
	return []ErrorAnswer{
		{badRequest, codeInvalidRequest, messageUserWaiting},
		{badRequest, codeInvalidRequest, messageUserHasCard},
		{http.StatusNotFound, codeNotFound, messageNoWaitingCard},
		{badRequest, codeInvalidRequest, messageOpenIDInvalid},
		{http.StatusTooManyRequests, RateLimitExceeded, messageRateOfProduct},
		{badRequest, codeParam, messageParam},
		{badRequest, codeParam, messageTime},
		{badRequest, codeParam, messagePictureEmpty},
		{badRequest, codeInvalidRequest, messagePictureLarge},
		{badRequest, codeInvalidRequest, messagePictureFormat},
		{badRequest, codeInvalidRequest, messagePictureName},
		{badRequest, codeInvalidRequest, messagePictureDigest},
		{badRequest, codeInvalidRequest, messagePicturePixels},
		{badRequest, codeParam, messageUndefinedField},
	}
}

// refuseParameter returns a PARAM_ERROR whose detail repeats what was
// submitted, as WeChat Pay's does. Objects and lists are not repeated.
func refuseParameter(location, field string, value any, issue string) *apiError {
	detail := map[string]any{"field": field, "issue": issue, "location": location}
	switch value.(type) {
	case nil, object, []any:
	default:
		detail["value"] = value
	}
	return &apiError{
		status: http.StatusBadRequest, code: codeParam,
		message: parameterMessage(field, issue), detail: detail,
	}
}

func parameterMessage(field, issue string) string {
	switch issue {
	case issueUndefined:
		return messageUndefinedField
	case issueTime:
		return messageTime
	}
	return messageParam + ":" + field + " " + issue
}

func refuseBody(field string, value any, issue string) *apiError {
	return refuseParameter("body", "/body"+field, value, issue)
}

func refuseQuery(name string, value any, issue string) *apiError {
	return refuseParameter("query", "/query/"+name, value, issue)
}

// refuseRules is for a request that breaks the general rules of APIv3.
func refuseRules(issue string) *apiError {
	return &apiError{status: http.StatusBadRequest, code: codeInvalidRequest, message: messageRules + ":" + issue}
}

func refuseSignature(issue string) *apiError {
	return &apiError{
		status: http.StatusUnauthorized, code: codeSign, message: messageSign,
		detail: map[string]any{"field": "signature", "issue": issue, "location": "authorization"},
	}
}

// refuseBusiness is for a rule of member cards. They share one code; only the
// message tells them apart.
func refuseBusiness(message string) *apiError {
	return &apiError{status: http.StatusBadRequest, code: codeInvalidRequest, message: message}
}

// refuseMissing is for a card or a template that does not exist.
func (s *Server) refuseMissing(message string) *apiError {
	return &apiError{status: http.StatusNotFound, code: s.options.NotFoundCode, message: message}
}

func (s *Server) refuseRate() *apiError {
	e := &apiError{status: http.StatusTooManyRequests, code: s.options.RateCode, message: messageRate}
	if e.code == RateLimitExceeded {
		e.message = messageRateOfProduct
	}
	return e
}

// refuseNotOpen returns why the merchant may not use a call, nil when it may.
func (s *Server) refuseNotOpen(operation Operation) *apiError {
	switch {
	case s.options.NoPermission && operation != OperationEcho,
		s.options.ImportByPhoneNotOpen && operation == OperationImportByPhone:
		return s.options.NotOpenAnswer.apiError()
	}
	return nil
}

func (r *apiError) body(fullWidthCommas bool) map[string]any {
	message := r.message
	if fullWidthCommas {
		message = strings.ReplaceAll(message, ",", "\uff0c")
	}
	body := map[string]any{"code": r.code, "message": message}
	if len(r.detail) > 0 {
		body["detail"] = r.detail
	}
	return body
}
