// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Package injection makes the faults of package failures happen: by the mock, or by the transport
// that carries requests to it. It knows the calls, and not the provider that makes them.
package injection

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/failures"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

// Fault makes one fault of package failures happen.
type Fault struct {
	Name failures.Fault
	// Pause is how long the fault asks to wait, and Now the clock that it needs; nil for any clock.
	Pause time.Duration
	Now   func() time.Time

	// One of these makes it happen: WeChat Pay itself, or the transport.
	Mock      func(failures.Call) mockserver.Fault
	Transport Breakage
}

// All are all faults, in the order in which the guide lists them.
func All() []Fault {
	all := append(notSentFaults(), lostAnswerFaults()...)
	return append(append(all, refusalFaults()...), rateFaults()...)
}

// notSentFaults let nothing reach WeChat Pay.
func notSentFaults() []Fault {
	return []Fault{
		{Name: failures.UnknownHost, Transport: failsToConnect(&net.DNSError{Err: "no such host", Name: "api.mch.weixin.qq.com", IsNotFound: true})},
		{Name: failures.ConnectionRefused, Transport: failsToConnect(os.NewSyscallError("connect", syscall.ECONNREFUSED))},
		{Name: failures.ConnectionReset, Transport: resets()},
	}
}

// lostAnswerFaults lose the answer: WeChat Pay has carried the call out, or not.
func lostAnswerFaults() []Fault {
	lost := func(name failures.Fault, afterWork bool, f mockserver.Fault) Fault {
		f.AfterWork = afterWork
		return Fault{Name: name, Mock: func(c failures.Call) mockserver.Fault {
			made := f
			if body := otherObject(c); f.Kind == mockserver.FaultOtherCard && body != "" {
				made.Kind, made.Body = mockserver.FaultOtherShape, []byte(body)
			}
			return made
		}}
	}
	both := func(before, after failures.Fault, f mockserver.Fault) []Fault {
		return []Fault{lost(before, false, f), lost(after, true, f)}
	}
	kind := func(k mockserver.FaultKind) mockserver.Fault { return mockserver.Fault{Kind: k} }
	all := both(failures.CutBefore, failures.CutAfter, kind(mockserver.FaultCutConnection))
	all = append(all,
		Fault{Name: failures.NoAnswerBefore, Transport: loses(false)},
		Fault{Name: failures.NoAnswerAfter, Transport: loses(true)},
		Fault{Name: failures.SlowAnswer, Transport: drips()})
	for _, pair := range [][]Fault{
		both(failures.AcceptedBefore, failures.AcceptedAfter, kind(mockserver.FaultAccepted)),
		both(failures.NoContentBefore, failures.NoContentAfter, kind(mockserver.FaultNoContent)),
		both(failures.SystemErrorBefore, failures.SystemErrorAfter, mockserver.Fault{Status: 500, Code: "SYSTEM_ERROR", Message: "系统异常,请稍后重试"}),
		both(failures.BadGatewayBefore, failures.BadGatewayAfter, mockserver.Fault{Status: 502, Body: []byte("<html><h1>502 Bad Gateway</h1></html>")}),
		both(failures.UnavailableBefore, failures.UnavailableAfter, mockserver.Fault{Status: 503, Code: "SERVICE_UNAVAILABLE", Message: "服务不可用"}),
		both(failures.TimeoutBefore, failures.TimeoutAfter, mockserver.Fault{Status: 504}),
		both(failures.MalformedBefore, failures.MalformedAfter, kind(mockserver.FaultMalformedJSON)),
		both(failures.OtherShapeBefore, failures.OtherShapeAfter, kind(mockserver.FaultOtherShape)),
		both(failures.TruncatedBefore, failures.TruncatedAfter, kind(mockserver.FaultTruncated)),
		both(failures.HugeBefore, failures.HugeAfter, kind(mockserver.FaultHugeBody)),
		both(failures.BadSignatureBefore, failures.BadSignatureAfter, kind(mockserver.FaultBadSignature)),
		both(failures.NoSignatureBefore, failures.NoSignatureAfter, kind(mockserver.FaultMissingSignature)),
		both(failures.OldSignatureBefore, failures.OldSignatureAfter, kind(mockserver.FaultOldTimestamp)),
		both(failures.LateSignatureBefore, failures.LateSignatureAfter, kind(mockserver.FaultFutureTimestamp)),
		both(failures.ProbeBefore, failures.ProbeAfter, kind(mockserver.FaultProbeSignature)),
		both(failures.UnknownKeyBefore, failures.UnknownKeyAfter, kind(mockserver.FaultWrongSerial)),
		both(failures.OtherCardBefore, failures.OtherCardAfter, kind(mockserver.FaultOtherCard)),
	} {
		all = append(all, pair...)
	}
	return all
}

// refusalFaults are a "no" of WeChat Pay or of something on the way.
func refusalFaults() []Fault {
	answer := func(name failures.Fault, f mockserver.Fault) Fault {
		return Fault{Name: name, Mock: func(failures.Call) mockserver.Fault { return f }}
	}
	status := func(name failures.Fault, status int, code, message string) Fault {
		return answer(name, mockserver.Fault{Status: status, Code: code, Message: message})
	}
	business := func(name failures.Fault, message string) Fault {
		return status(name, 400, "INVALID_REQUEST", message)
	}
	return []Fault{
		answer(failures.Redirect302, mockserver.Fault{Kind: mockserver.FaultRedirect, Status: 302}),
		answer(failures.Redirect307, mockserver.Fault{Kind: mockserver.FaultRedirect, Status: 307}),
		business(failures.TemplateNotOfBrand, "会员卡模版ID不属于该品牌"),
		business(failures.PhoneImported, "该手机号已被导入过"),
		business(failures.PhoneNoWeChat, "手机号未绑定微信号，无法导入"),
		business(failures.PhoneOrCodeExists, "该手机号或会员卡code已存在"),
		business(failures.UserHasCard, "用户已有已生效的会员卡"),
		business(failures.UserCardWaiting, "用户已有待激活的会员卡"),
		business(failures.OpenIDInvalid, "OpenID 无效"),
		business(failures.NotOpen, "该接口未开放"),
		business(failures.OtherRequest, "HTTP 请求不符合微信支付 APIv3 接口规则"),
		{Name: failures.Parameter, Mock: func(c failures.Call) mockserver.Fault {
			return mockserver.Fault{Status: 400, Code: "PARAM_ERROR", Message: "参数错误", Detail: map[string]any{
				"field": sentField(c), "value": sampleValue, "issue": "值" + sampleValue + "不符合要求", "location": "body",
			}}
		}},
		status(failures.TimeFormat, 400, "PARAM_ERROR", "传入时间不符合RFC3339标准格式"),
		status(failures.UndefinedField, 400, "PARAM_ERROR", "请求中含有未在API文档中定义的参数"),
		status(failures.SignError, 401, "SIGN_ERROR", "验证不通过"),
		status(failures.NoAuth, 403, "NO_AUTH", "商户暂无权限使用此功能"),
		status(failures.Forbidden, 403, "RULE_LIMIT", "业务规则限制"),
		status(failures.NotExists, 404, "RESOURCE_NOT_EXISTS", "资源不存在"),
		status(failures.NotFound, 404, "NOT_FOUND", "资源不存在"),
		answer(failures.NotFoundUnsigned, mockserver.Fault{Status: 404, Code: "NOT_FOUND", Message: "资源不存在", Signing: mockserver.NotSigned}),
		status(failures.NoWaitingCard, 404, "NOT_FOUND", "用户不存在未激活的会员卡"),
		answer(failures.ForbiddenPage, mockserver.Fault{Status: 403, Body: []byte("<html><h1>403 Forbidden</h1></html>")}),
		answer(failures.NotFoundPage, mockserver.Fault{Status: 404, Body: []byte("<html><h1>404 Not Found</h1></html>")}),
		status(failures.Conflict, 409, "CONFLICT", "请求冲突"),
	}
}

// Named returns a fault as it is now. Make it in the test that injects it: the clock of some faults
// stands still, and WeChat Pay's answers must not be minutes away from it.
func Named(t *testing.T, name failures.Fault) Fault {
	t.Helper()
	all := All()
	i := slices.IndexFunc(all, func(f Fault) bool { return f.Name == name })
	if i < 0 {
		t.Fatalf("no fault is called %q", name)
	}
	return all[i]
}

func rateFaults() []Fault {
	tooMany := mockserver.Fault{Status: 429, Code: mockserver.RateLimitExceeded, Message: "请求频率超过限制"}
	const pause = 5 * time.Millisecond
	now := time.Now().Truncate(time.Second).Add(time.Second - pause)
	later := tooMany
	later.Header = http.Header{"Retry-After": {now.Add(pause).UTC().Format(http.TimeFormat)}}
	return []Fault{
		{Name: failures.TooMany, Mock: func(failures.Call) mockserver.Fault { return tooMany }},
		{Name: failures.TooManyRetryAfter, Pause: pause, Now: func() time.Time { return now }, Mock: func(failures.Call) mockserver.Fault { return later }},
	}
}

// sampleValue is what the call sends, as WeChat Pay quotes it in errors: nobody may repeat it.
const sampleValue = "13800138000"

// Operation is a call's operation at the mock.
func Operation(c failures.Call) mockserver.Operation {
	switch c {
	case failures.ImportByPhone:
		return mockserver.OperationImportByPhone
	case failures.ImportByOpenID:
		return mockserver.OperationImportByOpenID
	case failures.Attach, failures.Modify:
		return mockserver.OperationModify
	case failures.Invalidate:
		return mockserver.OperationInvalidate
	case failures.Refresh, failures.Card:
		return mockserver.OperationGet
	case failures.Cards:
		return mockserver.OperationList
	case failures.CreateTemplate:
		return mockserver.OperationCreateTemplate
	case failures.ListTemplates:
		return mockserver.OperationListTemplates
	case failures.ModifyTemplate:
		return mockserver.OperationModifyTemplate
	case failures.InvalidateTemplate:
		return mockserver.OperationInvalidateTemplate
	case failures.UploadImage:
		return mockserver.OperationUploadImage
	default:
		return mockserver.OperationTemplate
	}
}

// IsOf reports whether a call can have a fault: most business errors are those of imports.
func IsOf(c failures.Call, f failures.Fault) bool {
	switch f {
	case failures.PhoneImported, failures.PhoneNoWeChat, failures.PhoneOrCodeExists:
		return c == failures.ImportByPhone || c == failures.ImportByOpenID || c == failures.Modify
	case failures.UserHasCard, failures.UserCardWaiting, failures.OpenIDInvalid, failures.NotOpen, failures.NoWaitingCard:
		return c == failures.ImportByPhone || c == failures.ImportByOpenID
	case failures.TemplateNotOfBrand:
		return c != failures.ListTemplates && c != failures.CreateTemplate && c != failures.UploadImage
	case failures.TimeFormat:
		return c.Writes() && c != failures.InvalidateTemplate && c != failures.UploadImage
	case failures.UndefinedField:
		return c.Writes()
	}
	return true
}

// sentField is a field that the call sends, as WeChat Pay names it in errors.
func sentField(c failures.Call) string {
	switch c {
	case failures.ImportByPhone, failures.ImportByOpenID, failures.Modify:
		return "/body/level"
	case failures.Attach:
		return "/body/attach"
	case failures.Invalidate:
		return "/body/invalid_reason"
	case failures.CreateTemplate, failures.ModifyTemplate:
		return "/body/benefits"
	case failures.InvalidateTemplate:
		return "/body/brand_id"
	case failures.UploadImage:
		return "/body/filename"
	case failures.Template, failures.LookUp, failures.RefreshTemplate, failures.ListTemplates:
		return "/query/brand_id"
	default:
		return "/query/openid"
	}
}

// otherObject is an answer about another template or another user's card; empty where the
// mock makes one itself.
func otherObject(c failures.Call) string {
	switch c {
	case failures.Template, failures.LookUp, failures.RefreshTemplate, failures.ModifyTemplate, failures.InvalidateTemplate:
		return fmt.Sprintf(`{"card_id":"another","brand_id":%q,"card_type":"NORMAL","state":"CARD_EFFECTIVE"}`, mockserver.DefaultBrandID)
	case failures.CreateTemplate:
		return `{"card_id":"another","brand_id":"another","card_type":"NORMAL","state":"CARD_EFFECTIVE"}`
	case failures.ListTemplates:
		return `{"total_count":1,"offset":0,"limit":20,"data":[{"card_id":"another","brand_id":"another","card_type":"NORMAL","state":"CARD_EFFECTIVE"}]}`
	case failures.UploadImage:
		return `{"another":"object"}`
	case failures.Cards:
		return fmt.Sprintf(`{"total_count":1,"offset":0,"limit":20,"data":[{"card_id":%q,"brand_id":%q,`+
			`"user_card_code":"OTHER","openid":"oAnotherUser","card_type":"NORMAL","user_card_state":"EFFECTIVE"}]}`,
			mockserver.TemplatePermanent, mockserver.DefaultBrandID)
	default:
		return ""
	}
}

// Inject makes the fault happen to the call: to the next request, or to all.
func (f Fault) Inject(m *mockserver.Server, t *Transport, c failures.Call, lasts bool) {
	count := 1
	if lasts {
		count = -1
	}
	if f.Transport != nil {
		t.BreakFor(Operation(c), count, f.Transport)
		return
	}
	broken := f.Mock(c)
	broken.Operation, broken.Count = Operation(c), count
	m.Inject(broken)
}
