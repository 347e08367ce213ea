// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver_test

import (
	"testing"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

func TestPutCardFillsInRequiredFields(t *testing.T) {
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
			t.Errorf("%s: accepted", name)
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
		t.Error("a caller can change the stored card")
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
