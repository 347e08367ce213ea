// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"unicode"
)

// messageKinds are the errors that share a code with others, so that only the message tells them
// apart. No other place looks at the text of a message.
// Official pages: https://pay.weixin.qq.com/doc/v3/partner/4015336982 (import by phone) and
// https://pay.weixin.qq.com/doc/v3/partner/4023146634 (the whole product; it names no HTTP statuses).
var messageKinds = [...]struct {
	code string
	// words is the message after normalise.
	words string
	kind  Kind
}{
	{codeInvalidRequest, "会员卡模版id不属于该品牌", KindTemplateNotOfBrand},
	{codeInvalidRequest, "该手机号已被导入过", KindPhoneImported},
	{codeInvalidRequest, "手机号未绑定微信号无法导入", KindPhoneNoWeChat},
	{codeInvalidRequest, "该手机号或会员卡code已存在", KindPhoneOrCodeExists},
	{codeInvalidRequest, "用户已有待激活的会员卡", KindUserCardWaiting},
	{codeInvalidRequest, "用户已有已生效的会员卡", KindUserHasCard},
	{codeInvalidRequest, "openid无效", KindOpenIDInvalid},
	{codeInvalidRequest, "上传的图片大小大于2m", KindImageTooLarge},
	{codeInvalidRequest, "图片格式无效", KindImageFormat},
	{codeInvalidRequest, "文件名错误", KindImageName},
	{codeInvalidRequest, "图片摘要错误", KindImageDigest},
	{codeInvalidRequest, "图片尺寸不能超过50005000", KindImageDimensions},
	{codeNotFound, "用户不存在未激活的会员卡", KindNoWaitingCard},
	{codeParamError, "传入时间不符合rfc3339标准格式", KindTimeFormat},
	{codeParamError, "请求中含有未在api文档中定义的参数", KindUndefinedField},
	{codeParamError, "上传的图片内容为空", KindImageEmpty},
	{codeNoAuth, "商户暂无权限使用此功能", KindNoAuth},
	{codeInvalidRequest, "商户暂无权限使用此功能", KindNoAuth},
	// What a call answers that is not open yet is not documented. These are the guides' words.
	{codeInvalidRequest, "未开放", KindNotOpen},
	{codeInvalidRequest, "未上线", KindNotOpen},
}

// The error codes that have a meaning here. A rate limit's code differs from page to page.
const (
	codeParamError        = "PARAM_ERROR"
	codeInvalidRequest    = "INVALID_REQUEST"
	codeResourceNotExists = "RESOURCE_NOT_EXISTS"
	codeNotFound          = "NOT_FOUND"
	codeNoAuth            = "NO_AUTH"
	codeRateLimitExceeded = "RATELIMIT_EXCEEDED"
	codeRateLimited       = "RATE_LIMITED"
	codeFrequencyLimited  = "FREQUENCY_LIMITED"
)

// errorKind returns the kind of an answer with a status of 400 to 599. verified says that the
// answer's signature was there and right: an error needs none.
func errorKind(status int, code, message string, verified bool) Kind {
	switch {
	case status >= http.StatusInternalServerError:
		return KindSystem
	case status == http.StatusTooManyRequests, code == codeRateLimitExceeded, code == codeRateLimited, code == codeFrequencyLimited:
		return KindRate
	case status == http.StatusUnauthorized:
		return KindSign
	}
	if kind, ok := messageKind(code, message); ok {
		return kind
	}
	switch {
	case code == codeNoAuth:
		return KindNoAuth
	case status == http.StatusForbidden:
		return KindPermission
	case status == http.StatusNotFound && (code == codeResourceNotExists || code == codeNotFound && verified):
		return KindNotFound
	case status != http.StatusBadRequest:
		return KindRefused
	case code == codeParamError:
		return KindParameter
	case code == codeInvalidRequest:
		return KindRequest
	default:
		return KindRefused
	}
}

// messageKind returns the kind that the message means. A PARAM_ERROR repeats submitted values in
// its message, so it is compared with the messages of that code only: a value that quotes
// another message must not look like that message. Other codes vary.
func messageKind(code, message string) (Kind, bool) {
	words := normalise(message)
	for _, m := range &messageKinds {
		if (code == codeParamError) == (m.code == codeParamError) && strings.Contains(words, m.words) {
			return m.kind, true
		}
	}
	return "", false
}

// normalise removes the differences between spellings of one message: spaces, punctuation,
// full-width letters, case, and 模板 for 模版.
func normalise(message string) string {
	message = strings.Map(func(r rune) rune {
		if r >= '！' && r <= '～' {
			r -= '！' - '!'
		}
		if unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.IsSymbol(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, message)
	return strings.ReplaceAll(message, "模板", "模版")
}

// errorBody holds the parts of an error's body that are used. It is not authenticated: only the
// signature of a 2xx is required. detail.value is not read, because it repeats a submitted value.
type errorBody struct {
	code, message, field, issue string
}

// fieldPattern matches the path of a field.
var fieldPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9_.\[\]-]+$`) })

// fieldInMessage finds the field in a message, for answers that have no detail.
var fieldInMessage = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`/(?:body|query|path)/[A-Za-z0-9_/]+`) })

// parseErrorBody reads an error's body. Gateways answer with HTML or nothing: the result is then empty.
func parseErrorBody(body []byte) errorBody {
	var wire struct {
		Code    lenientString
		Message lenientString
		Detail  json.RawMessage
	}
	if json.Unmarshal(body, &wire) != nil {
		return errorBody{}
	}
	var detail struct {
		Field lenientString
		Issue lenientString
	}
	// The pages show an object; other calls of APIv3 answer with a list of objects.
	if raw := bytes.TrimSpace(wire.Detail); len(raw) > 0 && raw[0] == '[' {
		var list []json.RawMessage
		if json.Unmarshal(raw, &list) == nil && len(list) > 0 {
			_ = json.Unmarshal(list[0], &detail)
		}
	} else if len(raw) > 0 {
		_ = json.Unmarshal(raw, &detail)
	}
	e := errorBody{code: string(wire.Code), message: string(wire.Message), field: string(detail.Field), issue: string(detail.Issue)}
	if e.field == "" && e.code == codeParamError {
		e.field = fieldInMessage().FindString(e.message)
	}
	e.field = fieldPath(e.field)
	return e
}

// fieldPath turns "/body/valid_date_information/type" into "valid_date_information.type";
// it returns "" for text that is no path of a field.
func fieldPath(pointer string) string {
	path := strings.Trim(pointer, "/")
	for _, place := range []string{"body/", "query/", "path/"} {
		path = strings.TrimPrefix(path, place)
	}
	path = strings.ReplaceAll(path, "/", ".")
	if len(path) > maxFieldRunes || !fieldPattern().MatchString(path) {
		return ""
	}
	return path
}

// lenientString reads a string; null becomes empty, and any other value becomes its JSON text.
type lenientString string

func (s *lenientString) UnmarshalJSON(data []byte) error {
	*s = ""
	if bytes.Equal(data, []byte("null")) {
		return nil
	}
	if text := (*string)(s); json.Unmarshal(data, text) != nil {
		*s = lenientString(data)
	}
	return nil
}
