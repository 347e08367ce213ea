// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package failures

// The faults. Those with ", before the work" and ", after the work" lose WeChat Pay's answer:
// nobody can know from it whether the call was carried out.
const (
	UnknownHost       Fault = "the host's name cannot be resolved"
	ConnectionRefused Fault = "the connection is refused"
	ConnectionReset   Fault = "the connection is reset before the request is sent"

	CutBefore           Fault = "the connection is cut" + Before
	CutAfter            Fault = "the connection is cut" + After
	NoAnswerBefore      Fault = "no answer in time" + Before
	NoAnswerAfter       Fault = "no answer in time" + After
	SlowAnswer          Fault = "the answer comes too slowly"
	AcceptedBefore      Fault = "202" + Before
	AcceptedAfter       Fault = "202" + After
	NoContentBefore     Fault = "204" + Before
	NoContentAfter      Fault = "204" + After
	SystemErrorBefore   Fault = "500 SYSTEM_ERROR" + Before
	SystemErrorAfter    Fault = "500 SYSTEM_ERROR" + After
	BadGatewayBefore    Fault = "502 with HTML" + Before
	BadGatewayAfter     Fault = "502 with HTML" + After
	UnavailableBefore   Fault = "503" + Before
	UnavailableAfter    Fault = "503" + After
	TimeoutBefore       Fault = "504 with nothing" + Before
	TimeoutAfter        Fault = "504 with nothing" + After
	MalformedBefore     Fault = "malformed JSON" + Before
	MalformedAfter      Fault = "malformed JSON" + After
	OtherShapeBefore    Fault = "JSON of another shape" + Before
	OtherShapeAfter     Fault = "JSON of another shape" + After
	TruncatedBefore     Fault = "a truncated answer" + Before
	TruncatedAfter      Fault = "a truncated answer" + After
	HugeBefore          Fault = "an answer of more than 1 MiB" + Before
	HugeAfter           Fault = "an answer of more than 1 MiB" + After
	BadSignatureBefore  Fault = "a wrong signature" + Before
	BadSignatureAfter   Fault = "a wrong signature" + After
	NoSignatureBefore   Fault = "no signature" + Before
	NoSignatureAfter    Fault = "no signature" + After
	OldSignatureBefore  Fault = "a signature of ten minutes ago" + Before
	OldSignatureAfter   Fault = "a signature of ten minutes ago" + After
	LateSignatureBefore Fault = "a signature of ten minutes ahead" + Before
	LateSignatureAfter  Fault = "a signature of ten minutes ahead" + After
	ProbeBefore         Fault = "a probing signature" + Before
	ProbeAfter          Fault = "a probing signature" + After
	UnknownKeyBefore    Fault = "a signature by an unknown key" + Before
	UnknownKeyAfter     Fault = "a signature by an unknown key" + After
	OtherCardBefore     Fault = "an answer about another card" + Before
	OtherCardAfter      Fault = "an answer about another card" + After

	Redirect302        Fault = "302"
	Redirect307        Fault = "307"
	TemplateNotOfBrand Fault = "400 会员卡模版ID不属于该品牌"
	PhoneImported      Fault = "400 该手机号已被导入过"
	PhoneNoWeChat      Fault = "400 手机号未绑定微信号，无法导入"
	PhoneOrCodeExists  Fault = "400 该手机号或会员卡code已存在"
	UserHasCard        Fault = "400 用户已有已生效的会员卡"
	UserCardWaiting    Fault = "400 用户已有待激活的会员卡"
	OpenIDInvalid      Fault = "400 OpenID 无效"
	NotOpen            Fault = "400 该接口未开放"
	OtherRequest       Fault = "400 HTTP 请求不符合微信支付 APIv3 接口规则"
	Parameter          Fault = "400 PARAM_ERROR"
	TimeFormat         Fault = "400 传入时间不符合RFC3339标准格式"
	UndefinedField     Fault = "400 请求中含有未在API文档中定义的参数"
	SignError          Fault = "401 SIGN_ERROR"
	NoAuth             Fault = "403 NO_AUTH"
	Forbidden          Fault = "403 with another code"
	NotExists          Fault = "404 RESOURCE_NOT_EXISTS"
	NotFound           Fault = "404 NOT_FOUND, rightly signed"
	NotFoundUnsigned   Fault = "404 NOT_FOUND, not signed"
	NoWaitingCard      Fault = "404 用户不存在未激活的会员卡"
	ForbiddenPage      Fault = "403 with HTML"
	NotFoundPage       Fault = "404 with HTML"
	Conflict           Fault = "409"
	TooMany            Fault = "429"
	TooManyRetryAfter  Fault = "429 with Retry-After"
)

// The endings of faults that lose WeChat Pay's answer, before or after it did the work.
const (
	Before = ", before the work"
	After  = ", after the work"
)
