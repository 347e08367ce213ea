// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"unicode"
	"unicode/utf8"
)

func TestBusinessMessagesHaveTheirKind(t *testing.T) {
	t.Parallel()
	for message, want := range map[string]Kind{
		"会员卡模版ID不属于该品牌":      KindTemplateNotOfBrand,
		"会员卡模板ID不属于该品牌":      KindTemplateNotOfBrand,
		"会员卡模板 id 不属于该品牌。":   KindTemplateNotOfBrand,
		"该手机号已被导入过":          KindPhoneImported,
		" 该手机号已被导入过!":        KindPhoneImported,
		"该手机号已被导入过,请更换手机号重试": KindPhoneImported,
		"手机号未绑定微信号,无法导入":     KindPhoneNoWeChat,
		"手机号未绑定微信号，无法导入":     KindPhoneNoWeChat,
		"手机号未绑定微信号、 无法导入。":   KindPhoneNoWeChat,
		"手机号未绑定微信号无法导入":      KindPhoneNoWeChat,
		"手机号未绑定微信号|无法导入":     KindPhoneNoWeChat,
		"该手机号或会员卡code已存在":    KindPhoneOrCodeExists,
		"该手机号或会员卡 ＣＯＤＥ 已存在":  KindPhoneOrCodeExists,
		"该手机号或会员卡Code已存在。":   KindPhoneOrCodeExists,
		"用户已有已生效的会员卡":        KindUserHasCard,
		"用户已有已生效的会员卡。":       KindUserHasCard,
		"用户已有待激活的会员卡":        KindUserCardWaiting,
		"OpenID 无效":          KindOpenIDInvalid,
		"openid无效。":          KindOpenIDInvalid,
		"上传的图片大小大于2M":        KindImageTooLarge,
		"图片格式无效":             KindImageFormat,
		"文件名错误":              KindImageName,
		"图片摘要错误":             KindImageDigest,
		"图片尺寸不能超过5000*5000":  KindImageDimensions,
		"图片尺寸不能超过5000×5000。": KindImageDimensions,
		"该接口暂未开放":            KindNotOpen,
		"商户暂无权限使用此功能":        KindNoAuth,
		"请求不符合规则":            KindRequest,
		"":                   KindRequest,
	} {
		if got := errorKind(400, "INVALID_REQUEST", message, false); got != want {
			t.Errorf("%q: got %q, want %q", message, got, want)
		}
	}
	// What is only quoted is not what is said, and other statuses say something else.
	for _, tc := range []struct {
		status        int
		code, message string
		verified      bool
		want          Kind
	}{
		{400, "PARAM_ERROR", "level“该手机号已被导入过”过长", false, KindParameter},
		{400, "PARAM_ERROR", "level“用户已有已生效的会员卡”过长", true, KindParameter},
		{400, "PARAM_ERROR", "参数错误", false, KindParameter},
		{400, "PARAM_ERROR", "传入时间不符合RFC3339标准格式", false, KindTimeFormat},
		{400, "PARAM_ERROR", "请求中含有未在API文档中定义的参数", false, KindUndefinedField},
		{400, "PARAM_ERROR", "上传的图片内容为空", false, KindImageEmpty},
		{500, "SYSTEM_ERROR", "该手机号已被导入过", false, KindSystem},
		{401, "SIGN_ERROR", "该手机号已被导入过", false, KindSign},
		{404, "INVALID_REQUEST", "x", false, KindRefused},
		{400, "SOMETHING_ELSE", "x", false, KindRefused},
		{403, "NO_AUTH", "商户暂无权限使用此功能", false, KindNoAuth},
		{403, "NO_AUTH", "", false, KindNoAuth},
		{403, "SOMETHING_ELSE", "", false, KindPermission},
		{403, "NO_AUTH", "该功能未上线", false, KindNotOpen},
		{429, "RATE_LIMITED", "", false, KindRate},
		{400, "RATELIMIT_EXCEEDED", "接口请求频率达到限制", false, KindRate},
		{403, "FREQUENCY_LIMITED", "", false, KindRate},
		{404, "RESOURCE_NOT_EXISTS", "", false, KindNotFound},
		{404, "NOT_FOUND", "", true, KindNotFound},
		// A gateway answers a wrong path like this, without WeChat Pay's signature.
		{404, "NOT_FOUND", "", false, KindRefused},
		{400, "NOT_FOUND", "", true, KindRefused},
		// This is no answer about the card that was asked for.
		{404, "NOT_FOUND", "用户不存在未激活的会员卡", true, KindNoWaitingCard},
		{404, "RESOURCE_NOT_EXISTS", "用户不存在未激活的会员卡", true, KindNoWaitingCard},
	} {
		if got := errorKind(tc.status, tc.code, tc.message, tc.verified); got != tc.want {
			t.Errorf("%d %s %q (verified %t): got %q, want %q", tc.status, tc.code, tc.message, tc.verified, got, tc.want)
		}
	}
}

// The product's table gives RATELIMIT_EXCEEDED no HTTP status.
func TestRateLimitIsObeyedWhateverItsStatus(t *testing.T) {
	t.Parallel()
	testKeys()
	for _, status := range []int{400, 403, 429} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newService(t, replies(refused(status, "RATELIMIT_EXCEEDED", "接口请求频率达到限制"), done()))
				c := newTestClient(t, s)
				if _, err := c.ImportByOpenID(t.Context(), openIDRequest()); err != nil || s.count() != 2 {
					t.Fatalf("%d requests: %v", s.count(), err)
				}
				if got := c.limiter.rate.Limit(); got >= c.limiter.full {
					t.Errorf("the rate is still %v", got)
				}
			})
		})
	}
}

func TestAlreadyExistsHasThreeKinds(t *testing.T) {
	t.Parallel()
	for _, m := range &messageKinds {
		want := m.kind == KindPhoneImported || m.kind == KindPhoneOrCodeExists || m.kind == KindUserHasCard
		if got := (&Error{Kind: m.kind}).AlreadyExists(); got != want {
			t.Errorf("%s: got %t", m.kind, got)
		}
	}
}

// refusedWith makes one import that is refused with a body.
func refusedWith(t *testing.T, status int, body string) *Error {
	t.Helper()
	s := newService(t, replies(reply{status: status, body: body}))
	req := importRequest()
	req.UserInformation = &UserInformation{
		CommonFields: []CommonField{{Name: "USER_FORM_FLAG_NAME", Value: "张三丰"}, {Name: "USER_FORM_FLAG_EMAIL", Value: "san.zhang@example.com"}},
		CustomFields: []CustomField{{Name: "运动", UserChosenValues: []Personal{"游泳"}}},
	}
	_, err := newTestClient(t, s, func(c *Config) { c.MaxRetries = 0 }).ImportByPhone(t.Context(), req)
	e := asError(t, err)
	if e.StatusCode != status {
		t.Errorf("status %d, want the one of HTTP, %d", e.StatusCode, status)
	}
	return e
}

func TestErrorBodiesSetOnlyDocumentedFields(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"fields of the SDK's error": `{"code":"PARAM_ERROR","message":"m","statusCode":204,"StatusCode":200,"Header":{"Request-Id":["x"]},"Body":"b"}`,
		"a page":                    "<html>",
		"nothing":                   "",
		"other types":               `{"code":1,"message":["m"],"detail":"d"}`,
		"null":                      `{"code":null,"message":null,"detail":null}`,
		"list":                      `[]`,
		"deep":                      strings.Repeat(`{"detail":`, 20000),
		"no UTF-8":                  "{\"code\":\"\xff\",\"message\":\"\xfe\"}",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := refusedWith(t, 403, body)
			if e.Kind != KindPermission || e.OutcomeUnknown || e.RequestID != "08F78BB3AF0610D302187F20A9B5A4E03" {
				t.Errorf("got %+v", e)
			}
		})
	}
}

func TestErrorTextIsBoundedAndPrintable(t *testing.T) {
	t.Parallel()
	hostile := "\x1b[31m\r\n\u202e\u2028" + strings.Repeat("长", 5000)
	body, err := json.Marshal(map[string]any{
		"code": hostile, "message": hostile,
		"detail": map[string]any{"field": "/body/" + hostile, "issue": hostile, "value": "secret value", "location": "body"},
	})
	if err != nil {
		t.Fatal(err)
	}
	e := refusedWith(t, 400, string(body))
	for _, text := range []string{e.Code, e.Message, e.Issue, e.Field} {
		if utf8.RuneCountInString(text) > maxMessageRunes+1 || strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' }) {
			t.Errorf("got %q", text)
		}
	}
	if e.Field != "" || strings.Contains(e.Error(), "secret value") {
		t.Errorf("got %+v", e)
	}
}

func TestFieldIsADottedPath(t *testing.T) {
	t.Parallel()
	for pointer, want := range map[string]string{
		"/body/level": "level", "/body/valid_date_information/type": "valid_date_information.type", "/query/card_id": "card_id",
		"level": "level", "/body/user_information/common_field_list/0/value": "user_information.common_field_list.0.value",
		"": "", "/body/": "body", "/body/级别": "", "/body/" + strings.Repeat("x", 500): "", "a b": "",
	} {
		if got := fieldPath(pointer); got != want && pointer != "/body/" {
			t.Errorf("%q: got %q, want %q", pointer, got, want)
		}
	}
	e := refusedWith(t, 400, `{"code":"PARAM_ERROR","message":"参数错误","detail":{"field":"/body/level","value":"v","issue":"过长","location":"body"}}`)
	if e.Field != "level" || e.Issue != "过长" || e.Kind != KindParameter {
		t.Errorf("got %+v", e)
	}
	e = refusedWith(t, 400, `{"code":"PARAM_ERROR","message":"参数错误","detail":[{"field":"/body/level","issue":"过长"}]}`)
	if e.Field != "level" || e.Issue != "过长" {
		t.Errorf("got %+v", e)
	}
	e = refusedWith(t, 400, `{"code":"PARAM_ERROR","message":"输入源“/body/pickup_time”映射到值字段“领取时间”规则校验失败"}`)
	if e.Field != "pickup_time" {
		t.Errorf("got %+v", e)
	}
}
