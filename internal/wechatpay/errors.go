// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"errors"
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
	// KindUserHasCard: 用户已有已生效的会员卡. The user has an effective card under this template, perhaps
	// under another code. WeChat Pay's advice: do not import again, or invalidate that card first.
	KindUserHasCard Kind = "user has a card"
	// KindUserCardWaiting: 用户已有待激活的会员卡. The user opened a card that the merchant has not
	// confirmed (call 4015336979). It is no AlreadyExists: there is no effective card to adopt.
	KindUserCardWaiting Kind = "user has a card that waits for confirmation"
	// KindNoWaitingCard: 用户不存在未激活的会员卡. The user has no card that waits for confirmation.
	KindNoWaitingCard Kind = "user has no card that waits for confirmation"
	// KindOpenIDInvalid: OpenID 无效. The openid is not one under the template's AppID.
	KindOpenIDInvalid Kind = "openid invalid"
	// KindNotFound: 404 with code RESOURCE_NOT_EXISTS, or with code NOT_FOUND in an answer whose
	// signature verifies: a gateway uses that code, too. Any other 404 is KindRefused.
	KindNotFound Kind = "not found"
	// KindParameter: 400 PARAM_ERROR; Field names the parameter where WeChat Pay does.
	KindParameter Kind = "parameter"
	// KindTimeFormat: PARAM_ERROR 传入时间不符合RFC3339标准格式. A time is not in RFC 3339.
	KindTimeFormat Kind = "time format"
	// KindUndefinedField: PARAM_ERROR 请求中含有未在API文档中定义的参数. WeChat Pay's page of this call,
	// as it stands now, does not define a field that was sent.
	KindUndefinedField Kind = "undefined field"
	// KindImageEmpty: 上传的图片内容为空.
	KindImageEmpty Kind = "image is empty"
	// KindImageTooLarge: 上传的图片大小大于2M.
	KindImageTooLarge Kind = "image larger than 2 MB"
	// KindImageFormat: 图片格式无效.
	KindImageFormat Kind = "image format"
	// KindImageName: 文件名错误.
	KindImageName Kind = "image file name"
	// KindImageDigest: 图片摘要错误. The digest is not that of the bytes that arrived.
	KindImageDigest Kind = "image digest"
	// KindImageDimensions: 图片尺寸不能超过5000*5000.
	KindImageDimensions Kind = "image dimensions"
	// KindRequest: 400 INVALID_REQUEST with none of the known business messages.
	KindRequest Kind = "request"
	// KindSign: 401, WeChat Pay does not accept the signature: wrong key, serial or clock. Also
	// when the request could not be signed at all: StatusCode is then 0.
	KindSign Kind = "sign"
	// KindPermission: 403 with any other code than NO_AUTH.
	KindPermission Kind = "permission"
	// KindNoAuth: NO_AUTH, 商户暂无权限使用此功能. The merchant has no permission for the product;
	// WeChat Pay's operations staff grants it.
	KindNoAuth Kind = "no permission for the product"
	// KindNotOpen: the call is documented but not open yet (未开放, 未上线). What WeChat Pay answers
	// then is not documented; these are the words of its guides.
	KindNotOpen Kind = "not open yet"
	// KindNotOffered: the merchant mode of this client has no such call. Nothing was sent.
	KindNotOffered Kind = "not offered"
	// KindOtherBrand: a brand that calls for itself was asked about an object of another brand. Its
	// requests name no brand, so that the answer would be about its own. Nothing was sent.
	KindOtherBrand Kind = "another brand"
	// KindRate: 429, or a code that means the same, after all tries.
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
	OperationImport         Operation = "import-by-phone"
	OperationImportByOpenID Operation = "import-by-openid"
	OperationGet            Operation = "get"
	OperationModify         Operation = "modify"
	OperationInvalidate     Operation = "invalidate"
	OperationList           Operation = "list"
	OperationTemplate       Operation = "template"

	OperationCreateTemplate     Operation = "create-template"
	OperationListTemplates      Operation = "list-templates"
	OperationModifyTemplate     Operation = "modify-template"
	OperationInvalidateTemplate Operation = "invalidate-template"

	OperationUploadImage Operation = "image-upload"
	OperationEcho        Operation = "echo"
)

// Error is the one error that the client's calls return.
// Its text and its fields carry no personal value: what was submitted is masked.
type Error struct {
	Operation Operation
	Kind      Kind
	// Mode is the kind of merchant that called: ModeBrand, or a service provider otherwise.
	Mode MerchantMode
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
	// SignatureVerified is true when the last answer carried a signature of WeChat Pay's that
	// verified. Errors need none.
	SignatureVerified bool
	// Unproven is true for an AlreadyExists that must not be adopted unless reading the card
	// succeeds: no answer of this process has verified, or an earlier attempt of this call may
	// have made the card and its answer could not be verified.
	Unproven bool
	// First is the error of an earlier call that had the same cause, and that concerns this call,
	// too. It was returned to another caller. This error repeats it, and mostly nothing was sent
	// (Attempts is 0). nil means that this error is the first of its cause.
	First *Error
	// Err is the cause; its text is safe to print.
	Err error
}

// Error implements error. The text is for logs; people get a diagnostic.
func (e *Error) Error() string {
	s := fmt.Sprintf("wechatpay %s: %s", e.Operation, e.Kind)
	if e.First != nil {
		s = fmt.Sprintf("wechatpay %s: as %s before: %s", e.Operation, e.First.Operation, e.Kind)
	}
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

// IsNotFound reports whether an error says that WeChat Pay has no such object.
func IsNotFound(err error) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Kind == KindNotFound
}

// AlreadyExists reports whether WeChat Pay said that the phone number, the code or the user has
// a card already. Which code that card has is not part of the answer.
func (e *Error) AlreadyExists() bool {
	switch e.Kind {
	case KindPhoneImported, KindPhoneOrCodeExists, KindUserHasCard:
		return true
	default:
		return false
	}
}
