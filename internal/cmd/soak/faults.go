// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"math/rand/v2"
	"net/http"
	"slices"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

// transientFaults are faults after which the provider tries again by itself. Each occurs before
// and after the work. Answers that lie about whether a card exists are not among them: nothing
// that WeChat Pay offers helps against those.
func transientFaults() []mockserver.Fault {
	return []mockserver.Fault{
		{Status: http.StatusInternalServerError, Code: "SYSTEM_ERROR"},
		{Status: http.StatusBadGateway, Body: []byte("<html>502 Bad Gateway</html>")},
		{Status: http.StatusServiceUnavailable, Code: "SERVICE_UNAVAILABLE", Message: "服务不可用"},
		{Status: http.StatusGatewayTimeout},
		{Kind: mockserver.FaultAccepted},
		{Kind: mockserver.FaultNoContent},
		{Kind: mockserver.FaultCutConnection},
		{Kind: mockserver.FaultHang},
		{Kind: mockserver.FaultSlowDrip},
		{Kind: mockserver.FaultTruncated},
		{Kind: mockserver.FaultMalformedJSON},
		{Kind: mockserver.FaultOtherShape},
		{Kind: mockserver.FaultHugeBody},
		{Kind: mockserver.FaultBadSignature},
		{Kind: mockserver.FaultMissingSignature},
		{Kind: mockserver.FaultOldTimestamp},
		{Kind: mockserver.FaultFutureTimestamp},
		{Kind: mockserver.FaultProbeSignature},
		{Kind: mockserver.FaultWrongSerial},
	}
}

// permanentFaults are faults after which the provider gives up, so that Terraform has to be run
// again. Only calls that change something have them: a plan reads every card, and with a
// hundred cards it would fail every time.
func permanentFaults() []mockserver.Fault {
	return []mockserver.Fault{
		{Status: http.StatusUnauthorized, Code: "SIGN_ERROR", Message: "验证不通过"},
		{Status: http.StatusForbidden, Code: "NO_AUTH", Message: "无权限"},
		{Status: http.StatusNotFound, Body: []byte("<html>404 Not Found</html>")},
		{Status: http.StatusBadRequest, Code: "PARAM_ERROR", Message: "参数错误"},
		{Status: http.StatusBadRequest, Code: "INVALID_REQUEST", Message: "手机号未绑定微信号，无法导入"},
		{Kind: mockserver.FaultRedirect},
		{Kind: mockserver.FaultOtherCard},
		{Kind: mockserver.FaultOtherCard, AfterWork: true},
	}
}

// inject makes the given share of every call's requests fail, with every fault equally often.
func inject(m *mockserver.Server, rate float64, seed uint64) {
	if rate == 0 {
		return
	}
	both := []mockserver.Fault{{Status: http.StatusTooManyRequests, Code: mockserver.FrequencyLimited}}
	for _, f := range transientFaults() {
		after := f
		after.AfterWork = true
		both = append(both, f, after)
	}
	// Seeds that follow one another would draw alike.
	seeds := rand.New(rand.NewPCG(seed, 0)) //nolint:gosec // repeatable randomness, not a secret
	for _, operation := range []mockserver.Operation{
		mockserver.OperationImportByPhone, mockserver.OperationImportByOpenID, mockserver.OperationModify,
		mockserver.OperationGet, mockserver.OperationTemplate,
	} {
		kinds := both
		if operation != mockserver.OperationGet && operation != mockserver.OperationTemplate {
			kinds = slices.Concat(both, permanentFaults())
		}
		share := rate / float64(len(kinds))
		for i, f := range kinds {
			// A request draws until it is hit: later draws are for what is left of it.
			f.Operation, f.Count, f.Seed = operation, -1, seeds.Uint64()
			f.Probability = share / (1 - float64(i)*share)
			m.Inject(f)
		}
	}
}
