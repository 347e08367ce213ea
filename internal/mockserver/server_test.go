// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

func TestOnlyLoopbackIsServed(t *testing.T) {
	keys, err := sharedKeys()
	if err != nil {
		t.Fatal(err)
	}
	for _, addr := range []string{":0", "0.0.0.0:0", "[::]:0", "192.0.2.1:0", "example.com:80", "127.0.0.1"} {
		if server, err := mockserver.Start(mockserver.Options{Addr: addr, Keys: keys}); err == nil {
			t.Errorf("%q is served", addr)
			_ = server.Close()
		}
	}
}

func TestOptionsThatMakeNoSense(t *testing.T) {
	keys, err := sharedKeys()
	if err != nil {
		t.Fatal(err)
	}
	card := mockserver.Card{BrandID: brand, CardID: mockserver.TemplatePermanent, UserCardCode: "1001"}
	for name, options := range map[string]mockserver.Options{
		"rate":           {RequestsPerSecond: -1},
		"keys":           {Keys: &mockserver.Keys{}},
		"template":       {Templates: []mockserver.Template{{CardID: "pb"}}},
		"template twice": {Templates: []mockserver.Template{{BrandID: "1", CardID: "pb"}, {BrandID: "2", CardID: "pb"}}},
		"card twice":     {Cards: []mockserver.Card{card, card}},
		"unbound phone":  {UnboundPhones: []string{"phone"}},
		"requests":       {KeepRequests: -1},
	} {
		if options.Keys == nil {
			options.Keys = keys
		}
		if server, err := mockserver.Start(options); err == nil {
			t.Errorf("%s: started", name)
			_ = server.Close()
		}
	}
}

func TestPutCardFillsWhatIsRequired(t *testing.T) {
	m := start(t, mockserver.Options{})
	put := mockserver.Card{BrandID: brand, CardID: mockserver.TemplateFixTerm, UserCardCode: "1001", PhoneNumber: phone}
	if err := m.server.PutCard(put); err != nil {
		t.Fatal(err)
	}
	card, _ := m.server.Card(brand, mockserver.TemplateFixTerm, "1001")
	if card.OpenID != m.server.OpenID(phone) || card.State != "EFFECTIVE" || card.CardType != "NORMAL" ||
		card.ValidDate.Days != 365 || card.CreateTime.IsZero() || card.PickupTime.IsZero() {
		t.Errorf("%+v", card)
	}
	put.CardID = "gone"
	if err := m.server.PutCard(put); err != nil {
		t.Errorf("a card whose template is gone: %v", err)
	}
	for name, bad := range map[string]mockserver.Card{
		"exists":   {BrandID: brand, CardID: mockserver.TemplateFixTerm, UserCardCode: "1001"},
		"no brand": {CardID: mockserver.TemplateFixTerm, UserCardCode: "1002"},
		"state":    {BrandID: brand, CardID: mockserver.TemplateFixTerm, UserCardCode: "1002", State: "LOST"},
		"code":     {BrandID: brand, CardID: mockserver.TemplateFixTerm, UserCardCode: "会员"},
		"validity": {BrandID: brand, CardID: mockserver.TemplateFixTerm, UserCardCode: "1002", ValidDate: mockserver.ValidDate{Type: "FIX_TERM"}},
	} {
		if err := m.server.PutCard(bad); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}

func TestCardsAreCopies(t *testing.T) {
	m := start(t, mockserver.Options{})
	original := mockserver.Card{
		BrandID: brand, CardID: mockserver.TemplatePermanent, UserCardCode: "1001",
		CustomFields: []mockserver.CustomField{{Name: "常去门店", Values: []string{"南山店"}}},
	}
	if err := m.server.PutCard(original); err != nil {
		t.Fatal(err)
	}
	original.CustomFields[0].Values[0] = "福田店"
	m.server.Cards()[0].CustomFields[0].Values[0] = "福田店"
	if card, _ := m.server.Card(brand, mockserver.TemplatePermanent, "1001"); card.CustomFields[0].Values[0] != "南山店" {
		t.Error("the store shares memory with a caller")
	}
}

func TestChangeCardIsSeenByReaders(t *testing.T) {
	m := start(t, mockserver.Options{})
	got := m.mustImport("1001", phone)
	m.clock.add(time.Minute)
	if err := m.server.ChangeCard(brand, mockserver.TemplatePermanent, "1001", func(c *mockserver.Card) { c.Level = "银" }); err != nil {
		t.Fatal(err)
	}
	read := m.get("1001", got.text("openid"))
	if read.text("level") != "银" || read.text("modify_time") != "2025-06-22T20:01:00+08:00" {
		t.Errorf("%s", read.raw)
	}
	for name, change := range map[string]func(*mockserver.Card){
		"its code":  func(c *mockserver.Card) { c.UserCardCode = "1002" },
		"its state": func(c *mockserver.Card) { c.State = "LOST" },
	} {
		if err := m.server.ChangeCard(brand, mockserver.TemplatePermanent, "1001", change); err == nil {
			t.Errorf("%s could be changed", name)
		}
	}
	if err := m.server.ChangeCard(brand, mockserver.TemplatePermanent, "9999", func(*mockserver.Card) {}); err == nil {
		t.Error("a card that is not there could be changed")
	}
}

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

func TestManyCallersAtOnce(t *testing.T) {
	m := start(t, mockserver.Options{})
	var group sync.WaitGroup
	statuses := make([]int, 20)
	for i := range statuses {
		r := m.request(http.MethodPost, byPhone, m.encode(m.importBody("1001", phone)))
		group.Go(func() {
			if got, err := m.try(r); err == nil {
				statuses[i] = got.status
			}
			m.server.Cards()
			m.server.Requests()
		})
	}
	group.Wait()
	slices.Sort(statuses)
	if statuses[0] != 200 || statuses[1] != 400 || statuses[19] != 400 {
		t.Errorf("statuses %v: one card, one import", statuses)
	}
}

func TestCloseTwiceAndRefuseAfterwards(t *testing.T) {
	m := start(t, mockserver.Options{})
	r := m.request(http.MethodGet, cardTarget("1001", "oSample"), nil)
	if err := errors.Join(m.server.Close(), m.server.Close()); err != nil {
		t.Fatal(err)
	}
	if got, err := m.try(r); err == nil {
		t.Errorf("answered %d", got.status)
	}
	if err := m.server.WaitForRequests(t.Context(), 1); err == nil {
		t.Error("waited for a request to a closed server")
	}
}

func TestKeysAreKeptInADirectory(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "keys")
	first, err := mockserver.LoadKeys(dir)
	if err != nil {
		t.Fatal(err)
	}
	again, err := mockserver.LoadKeys(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !first.MerchantKey.Equal(again.MerchantKey) || first.PublicKeyID != again.PublicKeyID ||
		mockserver.SerialNumber(first.MerchantCertificate) != mockserver.SerialNumber(again.MerchantCertificate) ||
		!first.PlatformKey.Equal(again.PlatformKey) || !first.WeChatPayKey.Equal(again.WeChatPayKey) {
		t.Error("the second run has other keys")
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		info, err := entry.Info()
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %o", entry.Name(), info.Mode().Perm())
		}
	}
	if err := os.Remove(filepath.Join(dir, mockserver.PublicKeyFile)); err != nil {
		t.Fatal(err)
	}
	if _, err := mockserver.LoadKeys(dir); err == nil {
		t.Error("a directory with some of the keys is taken")
	}
}

func TestDataIsChecked(t *testing.T) {
	good := `{"appid":"wx1","templates":[{"brand_id":"1005","card_id":"pbA"}],"unbound_phone_numbers":["13800138001"],
		"cards":[{"brand_id":"1005","card_id":"pbA","user_card_code":"1","phone_number":"13800138000"}]}`
	data, err := mockserver.ReadData(strings.NewReader(good))
	if err != nil || data.AppID != "wx1" || len(data.Templates) != 1 || len(data.UnboundPhones) != 1 || len(data.Cards) != 1 {
		t.Errorf("%+v %v", data, err)
	}
	for name, tc := range map[string]struct{ text, want string }{
		"unknown member":   {`{"template":[]}`, `unknown field "template"`},
		"deeper":           {`{"templates":[{"brand":"1"}]}`, `unknown field "brand"`},
		"not JSON":         {`templates`, "invalid character"},
		"more":             {`{} {}`, "more after"},
		"template":         {`{"templates":[{"card_id":"pbA"}]}`, "templates[0]: a template needs brand_id"},
		"validity":         {`{"templates":[{"brand_id":"1","card_id":"pbA","valid_date_information":{"type":"FOREVER"}}]}`, `templates[0]: template pbA: "FOREVER"`},
		"template twice":   {`{"templates":[{"brand_id":"1","card_id":"pbA"},{"brand_id":"1","card_id":"pbA"}]}`, "templates[1]: card_id pbA comes twice"},
		"phone":            {`{"unbound_phone_numbers":["138 0013 8000"]}`, "unbound_phone_numbers[0]"},
		"card's template":  {`{"templates":[{"brand_id":"1","card_id":"pbA"}],"cards":[{"brand_id":"1","card_id":"pbB","user_card_code":"1"}]}`, `cards[0]: card_id "pbB"`},
		"card's phone":     {`{"cards":[{"brand_id":"1","card_id":"pbA","user_card_code":"1","phone_number":"1"}]}`, "cards[0]: phone_number"},
		"card's code":      {`{"cards":[{"brand_id":"1","card_id":"pbA","user_card_code":"会员"}]}`, "cards[0]: card code"},
		"a code twice":     {`{"cards":[{"brand_id":"1","card_id":"pbA","user_card_code":"1"},{"brand_id":"1","card_id":"pbA","user_card_code":"1"}]}`, "cards[1]: user_card_code 1 comes twice"},
		"common field":     {`{"templates":[{"brand_id":"1","card_id":"pbA","user_information":{"common_field_list":["SEX"]}}]}`, `"SEX" is not a common field`},
		"kind of a custom": {`{"templates":[{"brand_id":"1","card_id":"pbA","user_information":{"custom_field_list":[{"name":"a","type":"TEXT"}]}}]}`, "CHECK_BOX"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := mockserver.ReadData(strings.NewReader(tc.text))
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%v, want %q", err, tc.want)
			}
		})
	}
}

func TestDefaultTemplatesAreWithinTheLimits(t *testing.T) {
	ids := map[string]bool{}
	for _, template := range mockserver.DefaultTemplates(brand) {
		if ids[template.CardID] || len(template.CardID) > 32 || template.BrandID != brand {
			t.Errorf("%+v", template)
		}
		ids[template.CardID] = true
		if _, err := json.Marshal(template); err != nil {
			t.Error(err)
		}
	}
}
