// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

// admin calls the administration and decodes its answer into value, unless nil.
func (m *merchant) admin(method, path, payload string, value any) int {
	m.t.Helper()
	r, err := http.NewRequestWithContext(m.t.Context(), method, m.server.AdminURL()+path, strings.NewReader(payload))
	if err != nil {
		m.t.Fatal(err)
	}
	response, err := m.client.Do(r)
	if err != nil {
		m.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		m.t.Fatal(err)
	}
	if value != nil {
		if err := json.Unmarshal(raw, value); err != nil {
			m.t.Fatalf("%s %s: %d %s: %v", method, path, response.StatusCode, raw, err)
		}
	}
	return response.StatusCode
}

func adminCard(code string) string {
	return "cards/" + brand + "/" + mockserver.TemplatePermanent + "/" + url.PathEscape(code)
}

func TestAdministrationOfCards(t *testing.T) {
	m := start(t, mockserver.Options{})
	openID := m.mustImport("10/01", phone).text("openid")
	var cards []mockserver.Card
	m.admin(http.MethodGet, "cards", "", &cards)
	if len(cards) != 1 || cards[0].PhoneNumber != phone || cards[0].UserCardCode != "10/01" {
		t.Errorf("cards: %+v", cards)
	}
	var changed mockserver.Card
	status := m.admin(http.MethodPost, adminCard("10/01"), `{"level":"钻石"}`, &changed)
	if status != http.StatusOK || changed.Level != "钻石" || changed.PhoneNumber != phone {
		t.Errorf("%d %+v", status, changed)
	}
	if got := m.get("10/01", openID); got.text("level") != "钻石" {
		t.Errorf("%d %s", got.status, got.raw)
	}
	m.admin(http.MethodPost, adminCard("10/01")+"/state", `{"user_card_state":"INVALID","invalid_reason":"离职"}`, nil)
	if got := m.get("10/01", openID); got.text("user_card_state") != "INVALID" || got.text("invalid_reason") != "离职" || got.text("invalid_time") == "" {
		t.Errorf("%d %s", got.status, got.raw)
	}
	put := `{"brand_id":"1004","card_id":"` + mockserver.TemplatePermanent + `","user_card_code":"1002","phone_number":"13800138002"}`
	if status := m.admin(http.MethodPost, "cards", put, &changed); status != http.StatusOK || changed.OpenID != m.server.OpenID("13800138002") {
		t.Errorf("%d %+v", status, changed)
	}
	if status := m.admin(http.MethodDelete, adminCard("10/01"), "", nil); status != http.StatusNoContent {
		t.Error(status)
	}
	wantRefused(t, m.get("10/01", openID), http.StatusNotFound, "RESOURCE_NOT_EXISTS", "")
	for what, tc := range map[string]struct {
		method, path, payload string
		status                int
	}{
		"a card twice":       {http.MethodPost, "cards", put, 400},
		"an unknown member":  {http.MethodPost, adminCard("1002"), `{"grade":"金"}`, 400},
		"an id that changes": {http.MethodPost, adminCard("1002"), `{"user_card_code":"1003"}`, 400},
		"an unknown state":   {http.MethodPost, adminCard("1002") + "/state", `{"user_card_state":"LOST"}`, 400},
		"no such card":       {http.MethodPost, adminCard("9999"), `{}`, 404},
		"none to delete":     {http.MethodDelete, adminCard("9999"), ``, 404},
		"none to get":        {http.MethodGet, adminCard("9999"), ``, 404},
		"not JSON":           {http.MethodPost, "cards", `{`, 400},
		"two values":         {http.MethodPost, "cards", `{}{}`, 400},
	} {
		if status := m.admin(tc.method, tc.path, tc.payload, nil); status != tc.status {
			t.Errorf("%s: %d, want %d", what, status, tc.status)
		}
	}
}

func TestAdministrationRefusesWebPages(t *testing.T) {
	m := start(t, mockserver.Options{})
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, m.server.AdminURL()+"reset", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	if got, err := m.try(r); err != nil || got.status != http.StatusForbidden {
		t.Errorf("%d %v", got.status, err)
	}
}

// A web page can point its own domain name at loopback (DNS rebinding).
func TestAdministrationRefusesOtherHostNames(t *testing.T) {
	m := start(t, mockserver.Options{})
	for host, want := range map[string]int{
		"": http.StatusOK, "localhost:8080": http.StatusOK, "[::1]:8080": http.StatusOK, "127.0.0.1": http.StatusOK,
		"evil.example": http.StatusForbidden, "127.0.0.1.evil.example:80": http.StatusForbidden,
	} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, m.server.AdminURL()+"cards", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = host
		if got, err := m.try(r); err != nil || got.status != want {
			t.Errorf("%q: %d %v, want %d", host, got.status, err, want)
		}
	}
}

func TestAdministrationOfFaultsRequestsAndTemplates(t *testing.T) {
	m := start(t, mockserver.Options{})
	if status := m.admin(http.MethodPost, "faults", `{"kind":"status","status":503,"body":"<html>","operation":"get","delay":"1ms"}`, nil); status != http.StatusNoContent {
		t.Fatal(status)
	}
	if got, err := m.try(m.request(http.MethodGet, cardTarget("1001", "oSample"), nil)); err != nil || got.status != 503 || string(got.raw) != "<html>" {
		t.Errorf("%d %s %v", got.status, got.raw, err)
	}
	var faults []map[string]any
	m.admin(http.MethodGet, "faults", "", &faults)
	if len(faults) != 1 || faults[0]["hits"] != 1.0 || faults[0]["delay"] != "1ms" {
		t.Errorf("faults: %v", faults)
	}
	for _, bad := range []string{`{"kind":"explode"}`, `{"operation":"read"}`, `{"kind":"status","delay":"soon"}`, `{"kind":"status","when":"now"}`} {
		if status := m.admin(http.MethodPost, "faults", bad, nil); status != http.StatusBadRequest {
			t.Errorf("%s: %d", bad, status)
		}
	}
	m.admin(http.MethodDelete, "faults", "", nil)
	m.admin(http.MethodGet, "faults", "", &faults)
	if len(faults) != 0 {
		t.Errorf("faults: %v", faults)
	}

	var requests []mockserver.Request
	m.admin(http.MethodGet, "requests", "", &requests)
	if len(requests) != 1 || requests[0].Operation != mockserver.OperationGet || requests[0].Status != 503 || requests[0].WorkDone {
		t.Errorf("requests: %+v", requests)
	}
	m.admin(http.MethodDelete, "requests", "", nil)
	if len(m.server.Requests()) != 0 {
		t.Error("the requests are still there")
	}

	template := `{"brand_id":"1004","card_id":"pbNew","valid_date_information":{"type":"FIX_TERM","available_day_after_receive":30},"extra":{"benefits":{"a":1}}}`
	if status := m.admin(http.MethodPost, "templates", template, nil); status != http.StatusNoContent {
		t.Error(status)
	}
	got := m.call(http.MethodGet, "/v3/brand/partner/card-member/cards/pbNew?brand_id="+brand, nil)
	if _, ok := got.json["benefits"]; !ok || got.status != http.StatusOK {
		t.Errorf("%d %s", got.status, got.raw)
	}
	if status := m.admin(http.MethodPost, "templates", `{"card_id":"pbNew"}`, nil); status != http.StatusBadRequest {
		t.Error(status)
	}
	var templates []mockserver.Template
	m.admin(http.MethodGet, "templates", "", &templates)
	if len(templates) != 5 {
		t.Errorf("%d templates", len(templates))
	}

	var answer map[string]string
	m.admin(http.MethodGet, "openid?phone_number="+phone, "", &answer)
	if answer["openid"] != m.server.OpenID(phone) {
		t.Errorf("openid: %v", answer)
	}
	m.mustImport("1001", phone)
	if status := m.admin(http.MethodPost, "reset", "", nil); status != http.StatusNoContent {
		t.Error(status)
	}
	if len(m.server.Cards()) != 0 || len(m.server.Requests()) != 0 || len(m.server.Templates()) != 4 {
		t.Error("something is left after the reset")
	}
}

func TestAdministrationListsWhatItCanDo(t *testing.T) {
	m := start(t, mockserver.Options{})
	for _, path := range []string{"", "?"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, m.server.AdminURL()+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := m.try(r)
		if err != nil || got.status != http.StatusOK || got.header.Get("Content-Type") != "text/plain; charset=utf-8" {
			t.Fatalf("%d %v %v", got.status, got.header, err)
		}
		page := string(got.raw)
		for _, want := range []string{
			m.server.URL() + "/v3/brand/partner/card-member", m.server.URL() + "/brand/card-member", mockserver.TemplateFixTerm,
			"POST   cards/{brand}/{card}/{code}/state", "DELETE requests", "phones", "openids", "curl -d ",
			string(mockserver.FaultHang), string(mockserver.FaultStrayBytes), string(mockserver.OperationUploadImage),
		} {
			if !strings.Contains(page, want) {
				t.Errorf("the page does not have %q:\n%s", want, page)
			}
		}
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, strings.TrimSuffix(m.server.AdminURL(), "/"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := m.try(r); err != nil || got.header.Get("Location") != "/_mock/" {
		t.Errorf("without a slash at the end: %d %v %v", got.status, got.header, err)
	}
	var answer map[string]string
	if status := m.admin(http.MethodGet, "card", "", &answer); status != http.StatusNotFound || !strings.Contains(answer["error"], m.server.AdminURL()) {
		t.Errorf("an unknown call: %d %v", status, answer)
	}
}

func TestAdministrationLimitsBodies(t *testing.T) {
	m := start(t, mockserver.Options{})
	huge := `{"level":"` + strings.Repeat("x", 1<<20) + `"}`
	m.mustImport("1001", phone)
	for _, path := range []string{"cards", adminCard("1001"), adminCard("1001") + "/state", "templates", "templates/" + mockserver.TemplatePermanent, "faults", "phones", "openids"} {
		if status := m.admin(http.MethodPost, path, huge, nil); status != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: %d", path, status)
		}
	}
}

func TestAdministrationOfUsers(t *testing.T) {
	m := start(t, mockserver.Options{})
	m.admin(http.MethodPost, "phones", `{"phone_number":"`+phone+`","bound":false}`, nil)
	wantRefused(t, m.post(byPhone, m.importBody("1001", phone)), http.StatusBadRequest, "INVALID_REQUEST", "手机号未绑定微信号,无法导入")
	m.admin(http.MethodPost, "phones", `{"phone_number":"`+phone+`","bound":true}`, nil)
	m.mustImport("1001", phone)
	m.admin(http.MethodPost, "openids", `{"openid":"oSample","valid":false}`, nil)
	wantRefused(t, m.post(byOpenID, openIDBody("1002", "oSample")), http.StatusBadRequest, "INVALID_REQUEST", "OpenID 无效")
	m.admin(http.MethodPost, "openids", `{"openid":"oSample","valid":true}`, nil)
	m.mustImportByOpenID("1002", "oSample")
	for path, bad := range map[string]string{"phones": `{"phone_number":"138"}`, "openids": `{"valid":true}`} {
		if status := m.admin(http.MethodPost, path, bad, nil); status != http.StatusBadRequest {
			t.Errorf("%s %s: %d", path, bad, status)
		}
	}
}

func TestEveryKindOfFaultIsDocumented(t *testing.T) {
	m := start(t, mockserver.Options{})
	source, err := os.ReadFile("faults.go")
	if err != nil {
		t.Fatal(err)
	}
	kinds := regexp.MustCompile(`(?m)^\tFault\w+ +FaultKind = "([a-z0-9-]+)"`).FindAllSubmatch(source, -1)
	if len(kinds) < 20 {
		t.Fatalf("%d kinds were found", len(kinds))
	}
	for _, kind := range kinds {
		payload := `{"kind":"` + string(kind[1]) + `","fields":{"level":"金"}}`
		if status := m.admin(http.MethodPost, "faults", payload, nil); status != http.StatusNoContent {
			t.Errorf("%s is not in the list of kinds: %d", kind[1], status)
		}
	}
}
