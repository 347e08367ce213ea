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

// The business errors of an import share one status and one code; only the message tells them
// apart. No other place looks at the text of a message.
// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336982
var businessMessages = [...]struct {
	// words is the message after normalise.
	words string
	kind  Kind
}{
	{"会员卡模版id不属于该品牌", KindTemplateNotOfBrand},
	{"该手机号已被导入过", KindPhoneImported},
	{"手机号未绑定微信号无法导入", KindPhoneNoWeChat},
	{"该手机号或会员卡code已存在", KindPhoneOrCodeExists},
}

// The error codes that have a meaning here. The codes of a 429 differ from page to page, so its
// status decides.
const (
	codeParamError        = "PARAM_ERROR"
	codeInvalidRequest    = "INVALID_REQUEST"
	codeResourceNotExists = "RESOURCE_NOT_EXISTS"
)

// refusal returns the kind of an answer with a status of 400 to 599.
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
		// Its message repeats submitted values, so it is not compared with business messages.
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
var fieldPattern = regexp.MustCompile(`^[A-Za-z0-9_.\[\]-]+$`)

// fieldInMessage finds the field in a message, for answers that have no detail.
var fieldInMessage = regexp.MustCompile(`/(?:body|query|path)/[A-Za-z0-9_/]+`)

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
		e.field = fieldInMessage.FindString(e.message)
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
	if len(path) > maxFieldRunes || !fieldPattern.MatchString(path) {
		return ""
	}
	return path
}
