// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package connection

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

func TestErrorsNameTheCredential(t *testing.T) {
	t.Parallel()
	unverified := func(reason wechatpay.ValidationReason, serial string) error {
		return &wechatpay.Error{Kind: wechatpay.KindSignature, StatusCode: 200, RequestID: "08F1D2B3",
			Err: &wechatpay.ValidationError{Reason: reason, Serial: serial, Skew: 400 * time.Second}}
	}
	for _, c := range []struct {
		name      string
		err       error
		brandMode bool
		summary   string
		says      []string
	}{
		{"401", &wechatpay.Error{Kind: wechatpay.KindSign, StatusCode: 401, Code: "SIGN_ERROR", Message: "商户证书序列号有误", RequestID: "08F1D2B3"}, false,
			"mchid, certificate_serial_no or private_key is wrong", []string{"账户中心", "openssl", "商户证书序列号有误", "08F1D2B3"}},
		{"401 of a brand", &wechatpay.Error{Kind: wechatpay.KindSign, StatusCode: 401, Code: "SIGN_ERROR", Message: "签名错误"}, true,
			"brand_id, certificate_serial_no or private_key is wrong", []string{"品牌经营平台", "merchant_mode"}},
		{"another public key", unverified(wechatpay.ReasonUnknownSerial, "PUB_KEY_ID_01"), false,
			"public_key_id is not the key that WeChat Pay signs with", []string{`"PUB_KEY_ID_01"`, "nothing of it was used", "08F1D2B3"}},
		{"platform certificate", unverified(wechatpay.ReasonUnknownSerial, "5157F09E"), false,
			"WeChat Pay signs with another key than the configured one", []string{`"5157F09E"`, "platform_certificate"}},
		{"platform certificate, to a brand", unverified(wechatpay.ReasonUnknownSerial, "5157F09E"), true,
			"WeChat Pay signs with another key than the configured one", []string{`"5157F09E"`, "品牌经营平台"}},
		{"wrong key of the right ID", unverified(wechatpay.ReasonBadSignature, "PUB_KEY_ID_01"), true,
			"public_key does not belong to public_key_id", []string{"品牌经营平台", "a proxy"}},
		{"clock", unverified(wechatpay.ReasonClock, "PUB_KEY_ID_01"), false, "This machine's clock is wrong", []string{"Set the clock right", "6m40s"}},
		{"missing header", unverified(wechatpay.ReasonMissingHeader, ""), false, "The answer's signature is not WeChat Pay's", nil},
		{"encryption", &wechatpay.Error{Kind: wechatpay.KindParameter, StatusCode: 400, Code: "PARAM_ERROR", Message: "敏感信息解密失败"}, false,
			"WeChat Pay did not accept public_key_id or public_key", []string{"public_key_id and public_key", "敏感信息解密失败"}},
		{"no connection", &wechatpay.Error{Kind: wechatpay.KindTransport, Err: errors.New("connection refused")}, false, "WeChat Pay could not be reached", []string{"endpoint"}},
		{"another error", errors.New("anything"), false, "Testing the connection failed", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := explain(c.err, c.brandMode)
			if d.Summary != c.summary {
				t.Errorf("summary %q", d.Summary)
			}
			for _, words := range c.says {
				if !strings.Contains(d.Detail, words) {
					t.Errorf("%q is not said: %s", words, d.Detail)
				}
			}
			if c.brandMode && strings.Contains(d.Detail, "platform_certificate") {
				t.Errorf("a brand has no platform_certificate: %s", d.Detail)
			}
		})
	}
}

func TestBrandHasNoMerchantNumberAndEncryptsNothing(t *testing.T) {
	t.Parallel()
	answer := &wechatpay.EchoResult{Host: "api.mch.weixin.qq.com", KeyID: "PUB_KEY_ID_01", ClockOffset: -3 * time.Second}
	if m := newModel(answer, ""); !m.MchID.IsNull() || !m.EncryptionVerified.IsNull() || !m.RequestID.IsNull() || m.ClockOffset.ValueInt64() != -3 {
		t.Errorf("%+v", m)
	}
	verified := false
	answer.EncryptionVerified = &verified
	if m := newModel(answer, "1900000109"); m.MchID.ValueString() != "1900000109" || m.EncryptionVerified.IsNull() {
		t.Errorf("%+v", m)
	}
}
