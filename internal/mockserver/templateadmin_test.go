// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

func TestAdministrationOfTemplates(t *testing.T) {
	m := start(t, none(mockserver.Options{}))
	id := m.mustCreateTemplate(wholeTemplateBody()).text("card_id")
	var listed []mockserver.Template
	m.admin(http.MethodGet, "templates", "", &listed)
	if len(listed) != 1 || listed[0].CardID != id || listed[0].OutRequestNo != "1004_20250622-1" || listed[0].PurchaseInformation.JumpPath != "pages/buy" {
		t.Errorf("templates: %+v", listed)
	}
	m.clock.add(time.Hour)
	var template mockserver.Template
	status := m.admin(http.MethodPost, "templates/"+id, `{"card_title":"改名","purchase_information":{"price":1}}`, &template)
	if status != http.StatusOK || template.CardTitle != "改名" || template.Benefits != "每月一张优惠券" || *template.PurchaseInformation.Price != 1 {
		t.Errorf("%d %+v", status, template)
	}
	if got := m.getTemplate(id); got.text("card_title") != "改名" || got.text("modify_time") != "2025-06-22T21:00:00+08:00" {
		t.Errorf("%d %s", got.status, got.raw)
	}
	m.admin(http.MethodPost, "templates/"+id+"/state", `{"state":"CARD_INVALID"}`, &template)
	if got := m.getTemplate(id); got.text("state") != "CARD_INVALID" || template.State != "CARD_INVALID" {
		t.Errorf("%d %s", got.status, got.raw)
	}
	// Back again, as only the administration can.
	m.admin(http.MethodPost, "templates/"+id+"/state", `{"state":"CARD_EFFECTIVE"}`, nil)
	if status := m.admin(http.MethodGet, "templates/"+id, "", &template); status != http.StatusOK || template.State != "CARD_EFFECTIVE" {
		t.Errorf("%d %+v", status, template)
	}
	for what, tc := range map[string]struct {
		method, path, payload string
		status                int
	}{
		"an unknown member":      {http.MethodPost, "templates/" + id, `{"title":"x"}`, 400},
		"an id that changes":     {http.MethodPost, "templates/" + id, `{"card_id":"pb2"}`, 400},
		"a brand that changes":   {http.MethodPost, "templates/" + id, `{"brand_id":"1005"}`, 400},
		"an unknown state":       {http.MethodPost, "templates/" + id + "/state", `{"state":"INVALID"}`, 400},
		"no such template":       {http.MethodPost, "templates/pb2", `{}`, 404},
		"none to get":            {http.MethodGet, "templates/pb2", ``, 404},
		"none to invalidate":     {http.MethodPost, "templates/pb2/state", `{"state":"CARD_INVALID"}`, 404},
		"none to delete":         {http.MethodDelete, "templates/pb2", ``, 404},
		"a form of another kind": {http.MethodPost, "templates/" + id, `{"user_information":{"custom_field_list":[{"type":"TEXT","name":"a","values":["b"]}]}}`, 400},
	} {
		if status := m.admin(tc.method, tc.path, tc.payload, nil); status != tc.status {
			t.Errorf("%s: %d, want %d", what, status, tc.status)
		}
	}
	if status := m.admin(http.MethodDelete, "templates/"+id, "", nil); status != http.StatusNoContent {
		t.Error(status)
	}
	wantRefused(t, m.getTemplate(id), http.StatusNotFound, "RESOURCE_NOT_EXISTS", "")
	m.mustCreateTemplate(wholeTemplateBody())
	m.admin(http.MethodPost, "reset", "", nil)
	if len(m.server.Templates()) != 0 {
		t.Error("the reset left a template")
	}
}

func TestStateSetFromOutsideEndsCardsAsTheCallDoes(t *testing.T) {
	m := start(t, mockserver.Options{InvalidTemplateCards: mockserver.InvalidTemplateEndsCards})
	openID := m.mustImport("1001", phone).text("openid")
	if err := m.server.SetTemplateState(mockserver.TemplatePermanent, mockserver.TemplateStateInvalid); err != nil {
		t.Fatal(err)
	}
	if got := m.get("1001", openID); got.text("user_card_state") != "INVALID" {
		t.Errorf("%d %s", got.status, got.raw)
	}
}

func TestMissingTemplateAnswersTheCodeOfTheOptions(t *testing.T) {
	m := start(t, mockserver.Options{NotFoundCode: mockserver.ResourceNotExists})
	other := start(t, mockserver.Options{NotFoundCode: "NOT_FOUND"})
	for m, code := range map[*merchant]string{m: "RESOURCE_NOT_EXISTS", other: "NOT_FOUND"} {
		wantRefused(t, m.getTemplate("pbUnknown"), http.StatusNotFound, code, "")
		wantRefused(t, m.modifyTemplate("pbUnknown", body{}), http.StatusNotFound, code, "")
		wantRefused(t, m.invalidateTemplate("pbUnknown"), http.StatusNotFound, code, "")
	}
}

func TestTemplateThatWasRemovedAndPutBackIsTheLatest(t *testing.T) {
	m := start(t, none(mockserver.Options{}))
	first := m.mustCreateTemplate(templateBody("1")).text("card_id")
	second := m.mustCreateTemplate(templateBody("2")).text("card_id")
	removed, _ := m.server.Template(first)
	m.server.DeleteTemplate(first)
	m.server.SetTemplate(removed)
	if got := m.listTemplates("&offset=0&limit=20"); !slices.Equal(got.ids(), []string{second, first}) {
		t.Errorf("%s", got.raw)
	}
}
