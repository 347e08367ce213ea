// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

// stored reports whether card 1001 was imported.
func (m *merchant) stored() bool {
	_, ok := m.server.Card(brand, mockserver.TemplatePermanent, "1001")
	return ok
}

// last returns the latest request that the server received.
func (m *merchant) last() mockserver.Request {
	m.t.Helper()
	requests := m.server.Requests()
	if len(requests) == 0 {
		m.t.Fatal("no request was received")
	}
	return requests[len(requests)-1]
}

func TestFaultsCorruptTheAnswer(t *testing.T) {
	type check func(*testing.T, *merchant, reply, error)
	status := func(status int, code string) check {
		return func(t *testing.T, m *merchant, got reply, err error) {
			if err != nil || m.verify(got) != nil {
				t.Errorf("%v, %v", err, m.verify(got))
			}
			if got.status != status || got.text("code") != code {
				t.Errorf("%d %s, want %d %s", got.status, got.raw, status, code)
			}
		}
	}
	unverified := func(part string) check {
		return func(t *testing.T, m *merchant, got reply, err error) {
			if err != nil || got.status != http.StatusOK {
				t.Fatalf("%d %v", got.status, err)
			}
			if verr := m.verify(got); !errors.Is(verr, errVerify) || !strings.Contains(verr.Error(), part) {
				t.Errorf("verification says %v", verr)
			}
		}
	}
	verified := func(more func(reply) bool) check {
		return func(t *testing.T, m *merchant, got reply, err error) {
			if err != nil || got.status != http.StatusOK || m.verify(got) != nil || !more(got) {
				t.Errorf("%d %.200s: %v %v", got.status, got.raw, err, m.verify(got))
			}
		}
	}
	failed := func(t *testing.T, _ *merchant, got reply, err error) {
		if err == nil {
			t.Errorf("answered %d %s", got.status, got.raw)
		}
	}
	for name, tc := range map[string]struct {
		fault mockserver.Fault
		check check
		sent  int // the status that is recorded
	}{
		"nothing set":      {mockserver.Fault{}, status(500, "SYSTEM_ERROR"), 500},
		"status and code":  {mockserver.Fault{Status: 429, Code: "RATE_LIMITED"}, status(429, "RATE_LIMITED"), 429},
		"accepted":         {mockserver.Fault{Kind: mockserver.FaultAccepted}, status(202, ""), 202},
		"no content":       {mockserver.Fault{Kind: mockserver.FaultNoContent}, status(204, ""), 204},
		"bad signature":    {mockserver.Fault{Kind: mockserver.FaultBadSignature}, unverified("does not verify"), 200},
		"old timestamp":    {mockserver.Fault{Kind: mockserver.FaultOldTimestamp}, unverified("timestamp"), 200},
		"future timestamp": {mockserver.Fault{Kind: mockserver.FaultFutureTimestamp}, unverified("timestamp"), 200},
		"wrong serial":     {mockserver.Fault{Kind: mockserver.FaultWrongSerial}, unverified("unknown serial"), 200},
		"cut connection": {mockserver.Fault{Kind: mockserver.FaultCutConnection}, func(t *testing.T, m *merchant, got reply, err error) {
			failed(t, m, got, err)
			if errors.Is(err, io.EOF) {
				t.Error("the connection ended regularly")
			}
		}, 0},
		"truncated":           {mockserver.Fault{Kind: mockserver.FaultTruncated}, failed, 200},
		"huge body":           {mockserver.Fault{Kind: mockserver.FaultHugeBody}, verified(func(r reply) bool { return len(r.raw) > 1<<20 && r.text("openid") != "" }), 200},
		"malformed JSON":      {mockserver.Fault{Kind: mockserver.FaultMalformedJSON}, verified(func(r reply) bool { return r.json == nil }), 200},
		"malformed as given":  {mockserver.Fault{Kind: mockserver.FaultMalformedJSON, Body: []byte("{")}, verified(func(r reply) bool { return string(r.raw) == "{" }), 200},
		"other shape":         {mockserver.Fault{Kind: mockserver.FaultOtherShape}, verified(func(r reply) bool { return r.json != nil && r.text("openid") == "" }), 200},
		"slow drip that ends": {mockserver.Fault{Kind: mockserver.FaultSlowDrip, Delay: time.Microsecond}, verified(func(r reply) bool { return r.text("openid") != "" }), 200},
		"other card": {mockserver.Fault{Kind: mockserver.FaultOtherCard}, verified(func(r reply) bool {
			return r.text("user_card_code") != "1001" && r.text("openid") != "" && r.text("card_id") == mockserver.TemplatePermanent
		}), 200},
		"missing signature": {mockserver.Fault{Kind: mockserver.FaultMissingSignature}, func(t *testing.T, _ *merchant, got reply, err error) {
			if _, ok := got.header["Wechatpay-Signature"]; ok || err != nil || got.status != 200 || got.header.Get("Wechatpay-Timestamp") == "" {
				t.Errorf("%d %v %v", got.status, got.header, err)
			}
		}, 200},
		"probe signature": {mockserver.Fault{Kind: mockserver.FaultProbeSignature}, func(t *testing.T, m *merchant, got reply, err error) {
			if err != nil || !strings.HasPrefix(got.header.Get("Wechatpay-Signature"), "WECHATPAY/SIGNTEST/") || m.verify(got) == nil {
				t.Errorf("%d %v %v", got.status, got.header, err)
			}
		}, 200},
		"gateway page": {mockserver.Fault{Status: 502, Body: []byte("<html>502</html>")}, func(t *testing.T, _ *merchant, got reply, err error) {
			if err != nil || got.status != 502 || string(got.raw) != "<html>502</html>" || got.header.Get("Content-Type") != "text/html" || got.header.Get("Wechatpay-Signature") != "" {
				t.Errorf("%d %s %v %v", got.status, got.raw, got.header, err)
			}
		}, 502},
		"empty 504 with a header": {mockserver.Fault{Status: 504, Header: http.Header{"Retry-After": {"3"}}}, func(t *testing.T, _ *merchant, got reply, err error) {
			if err != nil || got.status != 504 || len(got.raw) != 0 || got.header.Get("Retry-After") != "3" {
				t.Errorf("%d %s %v %v", got.status, got.raw, got.header, err)
			}
		}, 504},
		"other key": {mockserver.Fault{Kind: mockserver.FaultOtherKey}, verified(func(r reply) bool {
			return r.text("openid") != "" && !strings.HasPrefix(r.header.Get("Wechatpay-Serial"), "PUB_KEY_ID_")
		}), 200},
		"no signature headers": {mockserver.Fault{Kind: mockserver.FaultNoSignatureHeaders}, func(t *testing.T, _ *merchant, got reply, err error) {
			for name := range got.header {
				if strings.HasPrefix(name, "Wechatpay-") {
					t.Errorf("the answer has %s", name)
				}
			}
			if err != nil || got.status != 200 || got.text("openid") == "" {
				t.Errorf("%d %s %v", got.status, got.raw, err)
			}
		}, 200},
		"rewritten": {mockserver.Fault{Kind: mockserver.FaultRewritten}, func(t *testing.T, m *merchant, got reply, err error) {
			unverified("does not verify")(t, m, got, err)
			if got.text("openid") != m.server.OpenID(phone) || !bytes.Contains(got.raw, []byte("\n")) {
				t.Errorf("%s", got.raw)
			}
		}, 200},
		"ids only": {mockserver.Fault{Kind: mockserver.FaultIDsOnly}, verified(func(r reply) bool {
			return len(r.json) == 4 && r.text("openid") != "" && r.text("user_card_code") == "1001" && r.text("brand_id") == brand
		}), 200},
		"changed fields": {mockserver.Fault{Kind: mockserver.FaultChangedFields, Fields: map[string]any{
			"openid": strings.Repeat("o", 129), "phone_number": "bm90IGVuY3J5cHRlZA==", "user_information": []any{}, "level": nil, "user_card_state": "EXPIRED",
		}}, verified(func(r reply) bool {
			_, isList := r.json["user_information"].([]any)
			return len(r.text("openid")) == 129 && r.text("phone_number") == "bm90IGVuY3J5cHRlZA==" && isList &&
				r.text("user_card_state") == "EXPIRED" && r.text("user_card_code") == "1001"
		}), 200},
		"not printable": {mockserver.Fault{Kind: mockserver.FaultChangedFields, Fields: map[string]any{"openid": "o\u0007\u202e"}}, verified(func(r reply) bool {
			return r.text("openid") == "o\u0007\u202e"
		}), 200},
		"stray bytes": {mockserver.Fault{Kind: mockserver.FaultStrayBytes}, verified(func(r reply) bool { return r.text("openid") != "" }), 200},
		"unsigned 404": {mockserver.Fault{Status: 404, Code: "RESOURCE_NOT_EXISTS", Signing: mockserver.NotSigned}, func(t *testing.T, _ *merchant, got reply, err error) {
			if err != nil || got.status != 404 || got.text("code") != "RESOURCE_NOT_EXISTS" || got.header.Get("Wechatpay-Signature") != "" || got.header.Get("Wechatpay-Serial") != "" {
				t.Errorf("%d %s %v %v", got.status, got.raw, got.header, err)
			}
		}, 404},
		"wrongly signed error": {mockserver.Fault{Status: 400, Code: "PARAM_ERROR", Signing: mockserver.SignedWrongly}, func(t *testing.T, m *merchant, got reply, err error) {
			if err != nil || got.status != 400 || got.text("code") != "PARAM_ERROR" || !errors.Is(m.verify(got), errVerify) || got.header.Get("Wechatpay-Signature") == "" {
				t.Errorf("%d %s %v %v", got.status, got.raw, got.header, err)
			}
		}, 400},
		"redirect": {mockserver.Fault{Kind: mockserver.FaultRedirect, Status: 302, Location: "https://example.com/"}, func(t *testing.T, _ *merchant, got reply, err error) {
			if err != nil || got.status != 302 || got.header.Get("Location") != "https://example.com/" {
				t.Errorf("%d %v %v", got.status, got.header, err)
			}
		}, 302},
	} {
		for _, afterWork := range []bool{false, true} {
			when := " before the work"
			if afterWork {
				when = " after the work"
			}
			t.Run(name+when, func(t *testing.T) {
				m := start(t, mockserver.Options{})
				fault := tc.fault
				fault.AfterWork = afterWork
				m.server.Inject(fault)
				got, err := m.try(m.request(http.MethodPost, byPhone, m.encode(m.importBody("1001", phone))))
				tc.check(t, m, got, err)
				if err == nil && got.header.Get("Request-ID") == "" {
					t.Error("no Request-ID")
				}
				if m.stored() != afterWork {
					t.Errorf("stored: %t", m.stored())
				}
				last := m.last()
				if last.WorkDone != afterWork || last.Status != tc.sent || last.UserCardCode != "1001" || last.Plain["phone_number"] != phone {
					t.Errorf("recorded %+v", last)
				}
				m.client.CloseIdleConnections() // What was cut must not be used again.
				again := m.post(byPhone, m.importBody("1001", phone))
				if afterWork {
					wantRefused(t, again, http.StatusBadRequest, "INVALID_REQUEST", "该手机号或会员卡code已存在")
				} else if again.status != http.StatusOK {
					t.Errorf("the fault hits a second request: %d %s", again.status, again.raw)
				}
			})
		}
	}
}

func TestOtherCardFaultAppliesToListsAndTemplates(t *testing.T) {
	m := start(t, mockserver.Options{})
	openID := m.mustImport("1001", phone).text("openid")
	m.server.Inject(mockserver.Fault{Kind: mockserver.FaultOtherCard, Count: 2})
	list := m.call(http.MethodGet, userCards+"?brand_id="+brand+"&offset=0&limit=20&openid="+openID, nil)
	card := list.json["data"].([]any)[0].(map[string]any)
	if card["user_card_code"] == "1001" || card["openid"] == openID {
		t.Errorf("the list answers %v", card)
	}
	template := m.call(http.MethodGet, "/v3/brand/partner/card-member/cards/"+mockserver.TemplatePermanent+"?brand_id="+brand, nil)
	if id := template.text("card_id"); template.status != http.StatusOK || id == mockserver.TemplatePermanent || len(id) > 32 {
		t.Errorf("%d %s", template.status, template.raw)
	}
	if got := m.get("1001", openID); got.status != http.StatusOK || got.text("user_card_code") != "1001" {
		t.Errorf("what is stored changed: %d %s", got.status, got.raw)
	}
}

func TestErrorFaultCarriesItsDetail(t *testing.T) {
	m := start(t, mockserver.Options{})
	m.server.Inject(mockserver.Fault{Status: 400, Code: "PARAM_ERROR", Message: "参数错误", Detail: map[string]any{"field": "/body/level"}})
	got := m.get("1001", "oSample")
	wantParameter(t, got, "/body/level")
	if got.text("message") != "参数错误" || m.last().Code != "PARAM_ERROR" {
		t.Errorf("%s, recorded %s", got.raw, m.last().Code)
	}
}

func TestHangEndsWhenTheClientDisconnects(t *testing.T) {
	for name, afterWork := range map[string]bool{"before": false, "after": true} {
		t.Run(name, func(t *testing.T) {
			m := start(t, mockserver.Options{})
			m.server.Inject(mockserver.Fault{Kind: mockserver.FaultHang, AfterWork: afterWork})
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan error, 1)
			request := m.request(http.MethodPost, byPhone, m.encode(m.importBody("1001", phone)))
			go func() {
				_, err := m.try(request.WithContext(ctx))
				done <- err
			}()
			if err := m.server.WaitForRequests(t.Context(), 1); err != nil {
				t.Fatal(err)
			}
			cancel()
			if err := <-done; !errors.Is(err, context.Canceled) {
				t.Errorf("the call ended with %v", err)
			}
			if err := m.server.Close(); err != nil { // Waits for the handler.
				t.Fatal(err)
			}
			if m.stored() != afterWork || m.last().Status != 0 {
				t.Errorf("stored %t, recorded %+v", m.stored(), m.last())
			}
		})
	}
}

func TestHangEndsWhenTheServerCloses(t *testing.T) {
	for name, fault := range map[string]mockserver.Fault{
		"hang":      {Kind: mockserver.FaultHang},
		"delay":     {Kind: mockserver.FaultDelay, Delay: time.Hour},
		"late":      {Kind: mockserver.FaultDelay, Delay: time.Hour, AfterWork: true},
		"early 500": {Delay: time.Hour},
		"late 500":  {Delay: time.Hour, AfterWork: true},
		"slow drip": {Kind: mockserver.FaultSlowDrip, Delay: time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			m := start(t, mockserver.Options{})
			m.server.Inject(fault)
			request := m.request(http.MethodPost, byPhone, m.encode(m.importBody("1001", phone)))
			done := make(chan error, 1)
			go func() {
				_, err := m.try(request)
				done <- err
			}()
			if err := m.server.WaitForRequests(t.Context(), 1); err != nil {
				t.Fatal(err)
			}
			if err := m.server.Close(); err != nil {
				t.Fatal(err)
			}
			// The handler has ended by now. It records a status even when the client is gone.
			if err := <-done; err == nil || fault.Kind != mockserver.FaultSlowDrip && m.last().Status != 0 {
				t.Errorf("the call was answered: %+v", m.last())
			}
		})
	}
}

func TestDelayAnswersInTheEnd(t *testing.T) {
	for name, afterWork := range map[string]bool{"before": false, "after": true} {
		t.Run(name, func(t *testing.T) {
			m := start(t, mockserver.Options{})
			m.server.Inject(mockserver.Fault{Kind: mockserver.FaultDelay, Delay: time.Millisecond, AfterWork: afterWork})
			m.mustImport("1001", phone)
			if last := m.last(); last.Fault != mockserver.FaultDelay || !last.WorkDone {
				t.Errorf("recorded %+v", last)
			}
		})
	}
}

func TestFaultsHitTheRequestsThatMatch(t *testing.T) {
	m := start(t, mockserver.Options{})
	statuses := func(codes ...string) []byte {
		var b []byte
		for _, code := range codes {
			b = append(b, byte('0'+m.get(code, "oSample").status/100))
		}
		return b
	}
	for name, tc := range map[string]struct {
		fault mockserver.Fault
		want  string // hundreds of the statuses of six requests for 1001 1002 1001 1002 1001 1002
	}{
		"one":                {mockserver.Fault{}, "544444"},
		"two":                {mockserver.Fault{Count: 2}, "554444"},
		"always":             {mockserver.Fault{Count: -1}, "555555"},
		"after three":        {mockserver.Fault{Skip: 3}, "444544"},
		"by code":            {mockserver.Fault{UserCardCode: "1002", Count: -1}, "454545"},
		"second of code":     {mockserver.Fault{UserCardCode: "1002", Skip: 1, Count: 1}, "444544"},
		"another call":       {mockserver.Fault{Operation: mockserver.OperationModify, Count: -1}, "444444"},
		"this call":          {mockserver.Fault{Operation: mockserver.OperationGet, Count: 1}, "544444"},
		"probability of one": {mockserver.Fault{Probability: 1, Count: -1}, "555555"},
	} {
		t.Run(name, func(t *testing.T) {
			m.server.ClearFaults()
			m.server.Inject(tc.fault)
			if got := statuses("1001", "1002", "1001", "1002", "1001", "1002"); string(got) != tc.want {
				t.Errorf("statuses %s, want %s", got, tc.want)
			}
		})
	}
	t.Run("one after the other", func(t *testing.T) {
		m.server.ClearFaults()
		m.server.Inject(mockserver.Fault{})
		m.server.Inject(mockserver.Fault{Kind: mockserver.FaultAccepted})
		if got := statuses("1001", "1001", "1001"); string(got) != "524" {
			t.Errorf("statuses %s", got)
		}
	})
	t.Run("the same seed hits the same requests", func(t *testing.T) {
		draw := func(seed uint64) []byte {
			m.server.ClearFaults()
			m.server.Inject(mockserver.Fault{Probability: 0.5, Seed: seed, Count: -1})
			return statuses(strings.Split(strings.Repeat("1001,", 30)+"1001", ",")...)
		}
		first := draw(1)
		if !bytes.Equal(first, draw(1)) || bytes.Equal(first, draw(2)) {
			t.Error("the seed does not decide")
		}
		if !bytes.Contains(first, []byte("5")) || !bytes.Contains(first, []byte("4")) {
			t.Errorf("half of them: %s", first)
		}
	})
}

func TestRefusedRequestDoesNotUseUpAFault(t *testing.T) {
	m := start(t, mockserver.Options{})
	m.server.Inject(mockserver.Fault{Status: 503})
	r := m.request(http.MethodGet, cardTarget("1001", "oSample"), nil)
	r.Header.Del("Authorization")
	wantRefused(t, m.do(r), http.StatusUnauthorized, "SIGN_ERROR", "")
	if got, err := m.try(m.request(http.MethodGet, cardTarget("1001", "oSample"), nil)); err != nil || got.status != 503 {
		t.Errorf("%d %v", got.status, err)
	}
}

func TestRefusedCallIsRecordedAsNotDone(t *testing.T) {
	m := start(t, mockserver.Options{})
	m.server.Inject(mockserver.Fault{Kind: mockserver.FaultBadSignature, AfterWork: true})
	got, err := m.try(m.request(http.MethodPost, byPhone, m.encode(body{"brand_id": brand})))
	if err != nil || got.status != http.StatusBadRequest || m.verify(got) == nil || m.last().WorkDone {
		t.Errorf("%d %s %v", got.status, got.raw, err)
	}
}

func TestInvalidFaultPanics(t *testing.T) {
	m := start(t, mockserver.Options{})
	for name, fault := range map[string]mockserver.Fault{
		"kind":        {Kind: "explode"},
		"probability": {Probability: 1.5},
		"status":      {Status: 99},
		"skip":        {Skip: -1},
		"signing":     {Signing: "twice"},
		"fields":      {Kind: mockserver.FaultChangedFields},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("it was accepted")
				}
			}()
			m.server.Inject(fault)
		})
	}
}

func TestFieldFaultsApplyToLists(t *testing.T) {
	m := start(t, mockserver.Options{})
	openID := m.mustImport("1001", phone).text("openid")
	target := userCards + "?brand_id=" + brand + "&offset=0&limit=20&openid=" + openID
	m.server.Inject(mockserver.Fault{Kind: mockserver.FaultChangedFields, Fields: map[string]any{"total_count": 5000000000, "level": "金"}})
	got := m.call(http.MethodGet, target, nil)
	card, _ := got.json["data"].([]any)[0].(map[string]any)
	if _, ok := got.json["level"]; ok || !bytes.Contains(got.raw, []byte(`"total_count":5000000000`)) || card["level"] != "金" {
		t.Errorf("%s", got.raw)
	}
	m.server.Inject(mockserver.Fault{Kind: mockserver.FaultChangedFields, Fields: map[string]any{"data": nil}})
	got = m.call(http.MethodGet, target, nil)
	if _, ok := got.json["data"]; ok || got.json["total_count"] != 1.0 {
		t.Errorf("%s", got.raw)
	}
	m.server.Inject(mockserver.Fault{Kind: mockserver.FaultIDsOnly})
	got = m.call(http.MethodGet, target, nil)
	if card, _ := got.json["data"].([]any)[0].(map[string]any); len(card) != 4 || got.json["total_count"] != 1.0 {
		t.Errorf("%s", got.raw)
	}
}

// An invalidate call that is answered but not done: the card stays effective.
func TestInvalidateMayAnswerAnEffectiveCard(t *testing.T) {
	m := start(t, mockserver.Options{})
	openID := m.mustImport("1001", phone).text("openid")
	m.server.Inject(mockserver.Fault{
		Operation: mockserver.OperationInvalidate, Kind: mockserver.FaultChangedFields,
		Fields: map[string]any{"user_card_state": "EFFECTIVE", "invalid_time": nil},
	})
	if got := m.invalidate("1001", openID, body{}); got.status != http.StatusOK || got.text("user_card_state") != "EFFECTIVE" {
		t.Errorf("%d %s", got.status, got.raw)
	}
	if got := m.get("1001", openID); got.text("user_card_state") != "EFFECTIVE" {
		t.Errorf("the card was invalidated: %s", got.raw)
	}
}

// Bytes after an answer arrive on the connection of that answer: net/http logs
// them when the connection is idle.
func TestStrayBytesFollowTheAnswer(t *testing.T) {
	for name, tc := range map[string]struct {
		body []byte
		want string
	}{
		"by default": {nil, "phone_number=" + phone + "\r\n"},
		"as given":   {[]byte("more"), "more"},
	} {
		t.Run(name, func(t *testing.T) {
			m := start(t, mockserver.Options{})
			m.server.Inject(mockserver.Fault{Kind: mockserver.FaultStrayBytes, Body: tc.body})
			connection, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(m.server.URL(), "http://"))
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = connection.Close() }()
			request := m.request(http.MethodPost, byPhone, m.encode(m.importBody("1001", phone)))
			if err := request.Write(connection); err != nil {
				t.Fatal(err)
			}
			reader := bufio.NewReader(connection)
			response, err := http.ReadResponse(reader, request)
			if err != nil {
				t.Fatal(err)
			}
			if raw, err := io.ReadAll(response.Body); err != nil || !bytes.HasSuffix(raw, []byte("}")) || response.StatusCode != http.StatusOK {
				t.Errorf("%d %s %v", response.StatusCode, raw, err)
			}
			_ = response.Body.Close()
			if rest, err := io.ReadAll(reader); err != nil || string(rest) != tc.want {
				t.Errorf("%q %v follow the answer", rest, err)
			}
		})
	}
}
