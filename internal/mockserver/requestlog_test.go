// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver_test

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

func TestRequestsAreRecordedAsSent(t *testing.T) {
	m := start(t, mockserver.Options{})
	b := m.importBody("10/01", phone)
	payload := m.encode(b)
	sent := m.request(http.MethodPost, byPhone, payload)
	authorization := sent.Header.Get("Authorization")
	answer := m.do(sent)
	m.get("10/01", answer.text("openid"))
	requests := m.server.Requests()
	if len(requests) != 2 {
		t.Fatalf("%d requests", len(requests))
	}
	imported, read := requests[0], requests[1]
	if imported.Operation != mockserver.OperationImportByPhone || imported.UserCardCode != "10/01" || !bytes.Equal(imported.Body, payload) ||
		imported.Header.Get("Authorization") != authorization || imported.Plain["phone_number"] != phone || !imported.WorkDone ||
		imported.Status != 200 || !imported.At.Equal(noon()) || imported.RequestID != answer.header.Get("Request-ID") {
		t.Errorf("%+v", imported)
	}
	if read.Operation != mockserver.OperationGet || read.Path != userCards+"/10%2F01" || read.UserCardCode != "10/01" ||
		read.Query.Get("openid") != answer.text("openid") {
		t.Errorf("%+v", read)
	}
	m.server.ResetRequests()
	if len(m.server.Requests()) != 0 {
		t.Error("the requests are still there")
	}
}

func TestOnlyTheLatestRequestsAreKept(t *testing.T) {
	m := start(t, mockserver.Options{KeepRequests: 2})
	for _, code := range []string{"1", "2", "3"} {
		m.get(code, "oSample")
	}
	var codes []string
	for _, r := range m.server.Requests() {
		codes = append(codes, r.UserCardCode)
	}
	if !slices.Equal(codes, []string{"2", "3"}) {
		t.Errorf("kept %v", codes)
	}
}

// lockedBuffer may be written while a test reads it.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

func TestLogSaysNothingPersonal(t *testing.T) {
	var log lockedBuffer
	m := start(t, mockserver.Options{Log: &log})
	openID := m.mustImport("secret-code", phone).text("openid")
	m.get("secret-code", openID)
	m.post(byPhone, m.importBody("secret-code", phone))
	if err := m.server.Close(); err != nil { // The line comes after the answer.
		t.Fatal(err)
	}
	text := log.String()
	if lines := strings.Split(strings.TrimSpace(text), "\n"); len(lines) != 3 || !strings.Contains(text, "POST import-by-phone 400 INVALID_REQUEST request-id=") {
		t.Errorf("log:\n%s", text)
	}
	for _, secret := range []string{phone, "secret-code", openID, "signature"} {
		if strings.Contains(text, secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}
