// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package connection

import (
	"errors"
	"fmt"
	"strings"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

const doing = "testing the connection"

// explain says which credential is wrong, as far as the error tells.
func explain(err error, brandMode bool) framework.Diagnostic {
	call := framework.CallContext{Doing: doing}
	e, ok := errors.AsType[*wechatpay.Error](err)
	if !ok {
		return call.Explain(err)
	}
	// orCertificate is what else a service provider may have WeChat Pay's key from.
	identity, platform, orCertificate := "mchid", "merchant platform, 账户中心 → API安全", " (or platform_certificate)"
	if brandMode {
		identity, platform, orCertificate = "brand_id", "brand platform (品牌经营平台), 账号管理 → 安全中心", ""
	}
	switch e.Kind {
	case wechatpay.KindSign:
		call = call.With(map[wechatpay.Kind]framework.Diagnostic{e.Kind: {
			Summary: fmt.Sprintf("%s, certificate_serial_no or private_key is wrong", identity),
			Detail: fmt.Sprintf("WeChat Pay did not accept the signature. Compare %[1]s and certificate_serial_no with the %[2]s. "+
				"private_key must be the key of that certificate: openssl x509 -in apiclient_cert.pem -noout -pubkey and "+
				"openssl pkey -in apiclient_key.pem -pubout print the same. This machine's clock must be right to 5 minutes. "+
				"Credentials of a brand work only with merchant_mode = \"brand\", and those of a service provider only without it.", identity, platform)}})
	case wechatpay.KindSignature:
		if summary, detail := explainVerification(e, platform, orCertificate); summary != "" {
			call = call.With(map[wechatpay.Kind]framework.Diagnostic{e.Kind: {Summary: summary, Detail: detail}})
		}
	case wechatpay.KindParameter, wechatpay.KindRequest, wechatpay.KindUndefinedField:
		call = call.With(map[wechatpay.Kind]framework.Diagnostic{e.Kind: {
			Summary: "WeChat Pay did not accept public_key_id or public_key",
			Detail: fmt.Sprintf("the request was refused. Nothing in it but WeChat Pay's key can be wrong: compare public_key_id and public_key%s "+
				"with the %s. WeChat Pay's message may say more.", orCertificate, platform)}})
	}
	return call.Explain(err)
}

// explainVerification says why an answer was not believed. Keys' ids are not secret.
func explainVerification(e *wechatpay.Error, platform, orCertificate string) (summary, detail string) {
	invalid, ok := errors.AsType[*wechatpay.ValidationError](e)
	if !ok {
		return "", ""
	}
	const unbelieved = "an answer came, but its signature could not be verified, so nothing of it was used. "
	switch invalid.Reason {
	case wechatpay.ReasonUnknownSerial:
		detail = unbelieved + fmt.Sprintf("It was signed with the key %q, which is not configured. ", invalid.Serial)
		if strings.HasPrefix(invalid.Serial, "PUB_KEY_ID_") {
			return "public_key_id is not the key that WeChat Pay signs with",
				detail + fmt.Sprintf("Set public_key_id to this ID, and public_key to the key of that ID (%s).", platform)
		}
		const summary = "WeChat Pay signs with another key than the configured one"
		if orCertificate == "" {
			return summary, detail + fmt.Sprintf("A brand's answers are signed with a WeChat Pay public key: compare public_key_id and public_key with the %s, and endpoint.", platform)
		}
		return summary,
			detail + "It looks like the serial number of a platform certificate. Set platform_certificate to that certificate, beside the public key if there is one."
	case wechatpay.ReasonBadSignature:
		return "public_key does not belong to public_key_id",
			unbelieved + fmt.Sprintf("It names the configured key %q, but that key did not sign it. Download public_key%s again, from the %s. "+
				"If it is right, something on the way changes answers: a proxy or a gateway.", invalid.Serial, orCertificate, platform)
	case wechatpay.ReasonClock:
		return "This machine's clock is wrong", unbelieved + "Set the clock right: " + invalid.Error() + "."
	default:
		return "", ""
	}
}
