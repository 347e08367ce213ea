// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"fmt"
	"strings"
)

// Kind says what an Error means to the caller.
type Kind string

// The kinds of errors.
const (
	// KindTemplateNotOfBrand: 会员卡模版ID不属于该品牌.
	KindTemplateNotOfBrand Kind = "template not of brand"
	// KindPhoneImported: 该手机号已被导入过. The phone number was imported before, perhaps under another code.
	KindPhoneImported Kind = "phone imported before"
	// KindPhoneNoWeChat: 手机号未绑定微信号,无法导入.
	KindPhoneNoWeChat Kind = "phone has no WeChat"
	// KindPhoneOrCodeExists: 该手机号或会员卡code已存在.
	KindPhoneOrCodeExists Kind = "phone or code exists"
	// KindNotFound: 404 with code RESOURCE_NOT_EXISTS. Any other 404 is KindRefused.
	KindNotFound Kind = "not found"
	// KindParameter: 400 PARAM_ERROR; Field names the parameter where WeChat Pay does.
	KindParameter Kind = "parameter"
	// KindRequest: 400 INVALID_REQUEST with none of the known business messages.
	KindRequest Kind = "request"
	// KindSign: 401, WeChat Pay does not accept the signature: wrong key, serial or clock. Also
	// when the request could not be signed at all: StatusCode is then 0.
	KindSign Kind = "sign"
	// KindPermission: 403.
	KindPermission Kind = "permission"
	// KindRate: 429 after all tries.
	KindRate Kind = "rate"
	// KindSystem: 5xx after all tries.
	KindSystem Kind = "system"
	// KindAccepted: 202 after all tries: accepted, not known to be done.
	KindAccepted Kind = "accepted"
	// KindRedirect: 3xx. It is never followed.
	KindRedirect Kind = "redirect"
	// KindRefused: any other 4xx.
	KindRefused Kind = "refused"
	// KindSignature: the answer failed verification; see ValidationError for the reason.
	KindSignature Kind = "signature"
	// KindAnswer: the answer was verified but could not be read, or names another card.
	KindAnswer Kind = "answer"
	// KindTransport: no answer: name resolution, connection, TLS, a cut connection, a time-out.
	KindTransport Kind = "transport"
	// KindCanceled: the call's context ended (interruption or deadline) before an answer.
	KindCanceled Kind = "canceled"
	// KindEncrypt: a value could not be encrypted, for instance because it is too long for one block.
	KindEncrypt Kind = "encrypt"
)

// Operation names a call of API in errors and log events.
type Operation string

// The operations. Where the official path has a name for the call, it is the same name.
const (
	OperationImport     Operation = "import-by-phone"
	OperationGet        Operation = "get"
	OperationModify     Operation = "modify"
	OperationInvalidate Operation = "invalidate"
	OperationList       Operation = "list"
	OperationTemplate   Operation = "template"
)

// Error is the one error that the client's calls return.
// Its text and its fields carry no personal value: what was submitted is masked.
type Error struct {
	Operation Operation
	Kind      Kind
	// StatusCode is the HTTP status of the last answer, 0 when there was none.
	StatusCode int
	// Code and Message are WeChat Pay's, from the last answer; empty when it had none.
	Code    string
	Message string
	// Field is the request's field that WeChat Pay complains of, as a dotted path of JSON
	// names without /body/ ("level", "valid_date_information.type"); empty when it names none.
	Field string
	// Issue is what WeChat Pay says of that field; empty when it says nothing.
	Issue string
	// RequestID is the Request-ID of the last answer, which WeChat Pay's support asks for; empty when there was none.
	RequestID string
	// RedirectHost is the target's host of a KindRedirect.
	RedirectHost string
	// Attempts counts the requests that were sent or tried: 0 when the call ended before its first.
	Attempts int
	// OutcomeUnknown is true when WeChat Pay may have carried out an attempt of this call although
	// no verified answer says so: a time-out, a cut connection, 202, 204, 5xx, an answer that
	// failed verification or could not be read.
	OutcomeUnknown bool
	// Err is the cause; its text is safe to print.
	Err error
}

// Error implements error. The text is for logs; people get a diagnostic.
func (e *Error) Error() string {
	s := fmt.Sprintf("wechatpay %s: %s", e.Operation, e.Kind)
	if e.StatusCode != 0 {
		s += strings.TrimRight(fmt.Sprintf(" (HTTP %d %s", e.StatusCode, e.Code), " ") + ")"
	}
	if e.Message != "" {
		s += ": " + e.Message
	}
	if e.RequestID != "" {
		s += " [Request-ID " + e.RequestID + "]"
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// AlreadyExists reports whether WeChat Pay said that the phone number or the code exists.
func (e *Error) AlreadyExists() bool {
	return e.Kind == KindPhoneImported || e.Kind == KindPhoneOrCodeExists
}
