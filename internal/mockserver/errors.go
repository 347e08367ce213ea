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

// The error codes that the official pages list. codeNotFound answers a path
// that does not exist; codeNotExists a card or template that does not.
const (
	codeParam          = "PARAM_ERROR"
	codeInvalidRequest = "INVALID_REQUEST"
	codeSign           = "SIGN_ERROR"
	codeSystem         = "SYSTEM_ERROR"
	codeNotExists      = "RESOURCE_NOT_EXISTS"
	codeNotFound       = "NOT_FOUND"
)

// The messages of the official page of import-by-phone (4015336982), to the letter.
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
	messageOpenIDTaken   = "该用户已被导入过"
)

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
		message: messageParam + ":" + field + " " + issue, detail: detail,
	}
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

func refuseMissing(message string) *apiError {
	return &apiError{status: http.StatusNotFound, code: codeNotExists, message: message}
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
