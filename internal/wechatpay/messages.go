// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"unicode"
)

// The business errors of the import share one status and one code, so WeChat Pay's words
// are all that tells them apart. This is the one place that looks at them.
// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336982
var businessMessages = [...]struct {
	// words is the message as normalise leaves it.
	words string
	kind  Kind
}{
	{"会员卡模版id不属于该品牌", KindTemplateNotOfBrand},
	{"该手机号已被导入过", KindPhoneImported},
	{"手机号未绑定微信号无法导入", KindPhoneNoWeChat},
	{"该手机号或会员卡code已存在", KindPhoneOrCodeExists},
}

// The codes that are told apart. Those of 429 differ from page to page and are not looked at.
const (
	codeParamError        = "PARAM_ERROR"
	codeInvalidRequest    = "INVALID_REQUEST"
	codeResourceNotExists = "RESOURCE_NOT_EXISTS"
)

// refusal says what a status of 400 to 599 means.
func refusal(status int, code, message string) Kind {
	switch {
	case status >= 500:
		return KindSystem
	case status == http.StatusTooManyRequests:
		return KindRate
	case status == http.StatusUnauthorized:
		return KindSign
	case status == http.StatusForbidden:
		return KindPermission
	case status == http.StatusNotFound && code == codeResourceNotExists:
		return KindNotFound
	case status != http.StatusBadRequest:
		return KindRefused
	case code == codeParamError:
		// Its message repeats what was submitted, so it is not searched for the others.
		return KindParameter
	}
	words := normalise(message)
	for _, m := range businessMessages {
		if strings.Contains(words, m.words) {
			return m.kind
		}
	}
	if code == codeInvalidRequest {
		return KindRequest
	}
	return KindRefused
}

// normalise drops what differs between spellings of one message: spaces, punctuation of
// either width, full-width letters, case, and 模板 for 模版.
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

// errorBody is what is kept of an error's body. It is not authenticated: WeChat Pay's
// signature is only verified on 2xx. detail.value, which repeats what was submitted, is not read.
type errorBody struct {
	code, message, field, issue string
}

// fieldPattern is what a field's path may consist of.
var fieldPattern = regexp.MustCompile(`^[A-Za-z0-9_.\[\]-]+$`)

// fieldInMessage finds the field in the messages that name it in their text alone.
var fieldInMessage = regexp.MustCompile(`/(?:body|query|path)/[A-Za-z0-9_/]+`)

// parseErrorBody reads as much of an error's body as there is: gateways answer with HTML or nothing.
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
	// The pages show an object; other calls of APIv3 answer with a list of them.
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
		e.field = fieldInMessage.FindString(e.message)
	}
	e.field = fieldPath(e.field)
	return e
}

// fieldPath turns "/body/valid_date_information/type" into "valid_date_information.type";
// what does not look like a field is dropped.
func fieldPath(pointer string) string {
	path := strings.Trim(pointer, "/")
	for _, place := range []string{"body/", "query/", "path/"} {
		path = strings.TrimPrefix(path, place)
	}
	path = strings.ReplaceAll(path, "/", ".")
	if len(path) > maxFieldRunes || !fieldPattern.MatchString(path) {
		return ""
	}
	return path
}
