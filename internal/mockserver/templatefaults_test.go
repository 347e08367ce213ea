// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

// templateCall is a call on templates or pictures, with how to see that it was carried out.
type templateCall struct {
	operation mockserver.Operation
	request   func(m *merchant, cardID string) *http.Request
	// changed is nil for a call that only reads.
	changed func(m *merchant, cardID string) bool
}

func templateCalls(t *testing.T) []templateCall {
	t.Helper()
	content := samplePNG(t, 4, 3)
	change := func(method, path string, b body) func(*merchant, string) *http.Request {
		return func(m *merchant, cardID string) *http.Request {
			target := templates + path
			if method == http.MethodPatch || path != "" {
				target = templates + "/" + cardID + path
			}
			return m.request(method, target, m.encode(b))
		}
	}
	read := func(path string) func(*merchant, string) *http.Request {
		return func(m *merchant, _ string) *http.Request {
			return m.request(http.MethodGet, templates+path+"brand_id="+brand, nil)
		}
	}
	stored := func(m *merchant, cardID string) mockserver.Template {
		t, _ := m.server.Template(cardID)
		return t
	}
	return []templateCall{
		{mockserver.OperationTemplate, read("/" + mockserver.TemplatePermanent + "?"), nil},
		{mockserver.OperationListTemplates, read("?offset=0&limit=20&"), nil},
		{mockserver.OperationCreateTemplate, change(http.MethodPost, "", templateBody("1")), func(m *merchant, _ string) bool {
			return len(m.server.Templates()) == 5
		}},
		{mockserver.OperationModifyTemplate, change(http.MethodPatch, "", body{"brand_id": brand, "card_title": "新"}), func(m *merchant, id string) bool {
			return stored(m, id).CardTitle == "新"
		}},
		{mockserver.OperationInvalidateTemplate, change(http.MethodPost, "/invalidate", body{"brand_id": brand}), func(m *merchant, id string) bool {
			return stored(m, id).State == mockserver.TemplateStateInvalid
		}},
		{mockserver.OperationUploadImage, func(m *merchant, _ string) *http.Request {
			meta := m.encode(pngMeta(content))
			return m.uploadRequest(uploads, meta, metaPart(meta), filePart(content))
		}, func(m *merchant, _ string) bool { return len(m.server.Pictures()) == 1 }},
	}
}

// Every fault changes the answer of every call, before the work and after it.
func TestFaultsOfCallsOnTemplatesAndPictures(t *testing.T) {
	faults := map[string]mockserver.Fault{
		"system error":      {},
		"too many":          {Status: 429, Code: "RATELIMIT_EXCEEDED"},
		"gateway":           {Status: 502, Body: []byte("<html>")},
		"accepted":          {Kind: mockserver.FaultAccepted},
		"no content":        {Kind: mockserver.FaultNoContent},
		"cut connection":    {Kind: mockserver.FaultCutConnection},
		"bad signature":     {Kind: mockserver.FaultBadSignature},
		"missing signature": {Kind: mockserver.FaultMissingSignature},
		"old timestamp":     {Kind: mockserver.FaultOldTimestamp},
		"future timestamp":  {Kind: mockserver.FaultFutureTimestamp},
		"probe signature":   {Kind: mockserver.FaultProbeSignature},
		"wrong serial":      {Kind: mockserver.FaultWrongSerial},
		"truncated":         {Kind: mockserver.FaultTruncated},
		"malformed JSON":    {Kind: mockserver.FaultMalformedJSON},
		"other shape":       {Kind: mockserver.FaultOtherShape},
		"redirect":          {Kind: mockserver.FaultRedirect},
	}
	for _, call := range templateCalls(t) {
		t.Run(string(call.operation), func(t *testing.T) {
			for name, fault := range faults {
				for _, afterWork := range []bool{false, true} {
					m := start(t, mockserver.Options{})
					id := mockserver.TemplatePermanent
					fault.Operation, fault.AfterWork = call.operation, afterWork
					m.server.Inject(fault)
					got, err := m.try(call.request(m, id))
					good := json.Valid(got.raw) && got.json["media_url"] == nil && got.json["card_id"] == nil && got.json["data"] == nil
					if err == nil && got.status == http.StatusOK && m.verify(got) == nil && json.Valid(got.raw) && !good {
						t.Errorf("%s: answered as if nothing were wrong: %s", name, got.raw)
					}
					last := m.last()
					if last.Operation != call.operation || last.Fault == "" || last.WorkDone != afterWork {
						t.Errorf("%s: recorded %+v", name, last)
					}
					if call.changed != nil && call.changed(m, id) != afterWork {
						t.Errorf("%s, after the work %t: carried out %t", name, afterWork, !afterWork)
					}
					m.client.CloseIdleConnections()
					again := m.do(call.request(m, id))
					repeated := call.operation == mockserver.OperationInvalidateTemplate && afterWork
					if !repeated && again.status != http.StatusOK {
						t.Errorf("%s: the next request: %d %s", name, again.status, again.raw)
					}
				}
			}
		})
	}
}

func TestOtherCardChangesTheIDOfTemplates(t *testing.T) {
	for _, call := range templateCalls(t) {
		t.Run(string(call.operation), func(t *testing.T) {
			m := start(t, mockserver.Options{Templates: mockserver.DefaultTemplates(brand)[:1]})
			m.server.Inject(mockserver.Fault{Kind: mockserver.FaultOtherCard})
			got := m.do(call.request(m, mockserver.TemplatePermanent))
			ids := append(got.ids(), got.text("card_id"))
			for _, id := range ids {
				if _, known := m.server.Template(id); known || got.status != http.StatusOK {
					t.Errorf("%d %s", got.status, got.raw)
				}
			}
		})
	}
}

func TestRequestsAreCountedPerCall(t *testing.T) {
	m := start(t, mockserver.Options{KeepRequests: 1})
	want := map[mockserver.Operation]int{"": 1, mockserver.OperationGet: 2}
	m.call(http.MethodGet, "/v3/unknown", nil)
	m.get("1001", "oSample")
	m.get("1001", "oSample")
	for _, call := range templateCalls(t) {
		m.do(call.request(m, mockserver.TemplatePermanent))
		want[call.operation]++
	}
	var listed map[mockserver.Operation]int
	m.admin(http.MethodGet, "requests/counts", "", &listed)
	for _, counts := range []map[mockserver.Operation]int{m.server.RequestCounts(), listed} {
		if len(counts) != len(want) {
			t.Errorf("counted %v, want %v", counts, want)
		}
		for operation, n := range want {
			if counts[operation] != n {
				t.Errorf("%q: counted %d, want %d", operation, counts[operation], n)
			}
		}
	}
	m.server.ResetRequests()
	if counts := m.server.RequestCounts(); len(counts) != 0 {
		t.Errorf("after the reset: %v", counts)
	}
}

// A call that the merchant may not use, or too many of them, do nothing.
func TestPermissionAndRateHoldForTemplatesAndPictures(t *testing.T) {
	for _, call := range templateCalls(t) {
		t.Run(string(call.operation), func(t *testing.T) {
			m := start(t, mockserver.Options{NoPermission: true})
			wantRefused(t, m.do(call.request(m, mockserver.TemplatePermanent)), http.StatusForbidden, "NO_AUTH", "")
			if call.changed != nil && call.changed(m, mockserver.TemplatePermanent) {
				t.Error("carried out without permission")
			}
			m = start(t, mockserver.Options{RequestsPerSecond: 1})
			m.get("1001", "oSample")
			wantRefused(t, m.do(call.request(m, mockserver.TemplatePermanent)), http.StatusTooManyRequests, "RATELIMIT_EXCEEDED", "")
		})
	}
}
