// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver_test

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"sync"
	"testing"

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

func TestInvalidOptionsAreRefused(t *testing.T) {
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
		"not open":       {NotOpenAnswer: mockserver.ErrorAnswer{Status: 200, Code: "OK"}},
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

func TestClosedServerRefusesRequests(t *testing.T) {
	m := start(t, mockserver.Options{})
	r := m.request(http.MethodGet, cardTarget("1001", "oSample"), nil)
	if err := errors.Join(m.server.Close(), m.server.Close()); err != nil {
		t.Fatal(err)
	}
	if got, err := m.try(r); err == nil {
		t.Errorf("answered %d", got.status)
	}
	if err := m.server.WaitForRequests(t.Context(), 1); err == nil {
		t.Error("WaitForRequests succeeded on a closed server")
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
