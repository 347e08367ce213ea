// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver_test

import (
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

const (
	brandUserCards = "/brand/card-member/user-cards"
	brandTemplates = "/brand/card-member/cards"
)

func brandCard(code, openID string) string {
	query := url.Values{"card_id": {mockserver.TemplatePermanent}, "openid": {openID}}
	return brandUserCards + "/" + url.PathEscape(code) + "?" + query.Encode()
}

// brandImport returns the required fields of an import that a brand makes.
func brandImport(code, openID string) body {
	b := openIDBody(code, openID)
	delete(b, "brand_id")
	return b
}

// ids returns the ids of the card of oSample in a body.
func ids(more body) body {
	return with(body{"card_id": mockserver.TemplatePermanent, "openid": "oSample"}, more)
}

func TestBrandCallsForItself(t *testing.T) {
	m := start(t, mockserver.Options{}).asBrand()
	got := m.post(brandUserCards+"/import-by-openid", with(brandImport("10/01", "oSample"), body{"phone_number": m.encrypt(phone)}))
	if got.status != http.StatusOK || got.text("brand_id") != brand || m.decrypt(got.json["phone_number"]) != phone {
		t.Fatalf("import: %d %s", got.status, got.raw)
	}
	if got := m.call(http.MethodGet, brandCard("10/01", "oSample"), nil); got.status != http.StatusOK || got.text("user_card_code") != "10/01" {
		t.Errorf("get: %d %s", got.status, got.raw)
	}
	got = m.call(http.MethodPatch, brandUserCards+"/10%2F01", ids(body{"level": "金"}))
	if got.status != http.StatusOK || got.text("level") != "金" {
		t.Errorf("modify: %d %s", got.status, got.raw)
	}
	got = m.call(http.MethodGet, brandUserCards+"?openid=oSample&offset=0&limit=20", nil)
	if got.status != http.StatusOK || got.json["total_count"] != 1.0 {
		t.Errorf("list: %d %s", got.status, got.raw)
	}
	got = m.post(brandUserCards+"/10%2F01/invalidate", ids(body{"invalid_reason": "退会"}))
	if got.status != http.StatusOK || got.text("user_card_state") != "INVALID" {
		t.Errorf("invalidate: %d %s", got.status, got.raw)
	}
	got = m.call(http.MethodGet, brandTemplates+"/"+mockserver.TemplatePermanent, nil)
	if got.status != http.StatusOK || got.text("card_id") != mockserver.TemplatePermanent {
		t.Errorf("template: %d %s", got.status, got.raw)
	}
	got = m.call(http.MethodGet, brandTemplates+"?offset=0&limit=20", nil)
	if got.status != http.StatusOK || len(got.json["data"].([]any)) == 0 {
		t.Errorf("templates: %d %s", got.status, got.raw)
	}
}

func TestBrandMakesTemplatesAndUploadsPictures(t *testing.T) {
	m := start(t, mockserver.Options{}).asBrand()
	picture := samplePNG(t, 716, 320)
	uploaded := m.upload("/brand/card-member/media/image-upload", body{"filename": "card.png", "file_digest": digestOf(picture)}, picture)
	if uploaded.status != http.StatusOK || uploaded.text("media_url") == "" {
		t.Fatalf("upload: %d %s", uploaded.status, uploaded.raw)
	}
	wantParameter(t, m.upload("/brand/card-member/media/image-upload", body{"filename": "card.png", "sha256": digestOf(picture)}, picture), "/body/sha256")

	b := templateBody("n-1")
	wantParameter(t, m.post(brandTemplates, b), "/body/brand_id")
	delete(b, "brand_id")
	made := m.post(brandTemplates, b)
	if made.status != http.StatusOK || made.text("brand_id") != brand {
		t.Fatalf("create: %d %s", made.status, made.raw)
	}
	target := brandTemplates + "/" + made.text("card_id")
	if got := m.call(http.MethodPatch, target, body{"card_title": "新名称"}); got.status != http.StatusOK || got.text("card_title") != "新名称" {
		t.Errorf("modify: %d %s", got.status, got.raw)
	}
	wantRefused(t, m.post(target+"/invalidate", body{"brand_id": brand}), http.StatusBadRequest, "INVALID_REQUEST", "")
	if got := m.post(target+"/invalidate", nil); got.status != http.StatusOK || got.text("state") != "CARD_INVALID" {
		t.Errorf("invalidate: %d %s", got.status, got.raw)
	}
}

// A brand's calls never have brand_id: Authorization has it.
func TestBrandIDIsUndefinedInBrandMode(t *testing.T) {
	m := start(t, mockserver.Options{}).asBrand()
	brandID := body{"brand_id": brand}
	for name, got := range map[string]reply{
		"import":       m.post(brandUserCards+"/import-by-openid", openIDBody("1001", "oSample")),
		"get":          m.call(http.MethodGet, brandCard("1001", "oSample")+"&brand_id="+brand, nil),
		"modify":       m.call(http.MethodPatch, brandUserCards+"/1001", ids(brandID)),
		"list":         m.call(http.MethodGet, brandUserCards+"?openid=oSample&offset=0&limit=20&brand_id="+brand, nil),
		"invalidate":   m.post(brandUserCards+"/1001/invalidate", ids(brandID)),
		"template":     m.call(http.MethodGet, brandTemplates+"/"+mockserver.TemplatePermanent+"?brand_id="+brand, nil),
		"templates":    m.call(http.MethodGet, brandTemplates+"?offset=0&limit=20&brand_id="+brand, nil),
		"new template": m.post(brandTemplates, brandID),
	} {
		if got.status != http.StatusBadRequest || got.text("message") != undefinedField {
			t.Errorf("%s: %d %s", name, got.status, got.raw)
		}
	}
}

func TestBrandModeKeysMayGoInTheQuery(t *testing.T) {
	m := start(t, mockserver.Options{ModifyKeys: mockserver.KeysInQuery, InvalidateKeys: mockserver.KeysInQuery}).asBrand()
	m.post(brandUserCards+"/import-by-openid", brandImport("1001", "oSample"))
	query := "?card_id=" + mockserver.TemplatePermanent
	if got := m.call(http.MethodPatch, brandUserCards+"/1001"+query, body{"openid": "oSample", "level": "金"}); got.status != http.StatusOK {
		t.Errorf("modify: %d %s", got.status, got.raw)
	}
	if got := m.post(brandUserCards+"/1001/invalidate"+query, body{"openid": "oSample"}); got.status != http.StatusOK {
		t.Errorf("invalidate: %d %s", got.status, got.raw)
	}
	wantRefused(t, m.post(brandUserCards+"/1001/invalidate", ids(nil)), http.StatusBadRequest, "PARAM_ERROR", "")
}

func TestThereIsNoImportByPhoneInBrandMode(t *testing.T) {
	m := start(t, mockserver.Options{}).asBrand()
	b := body{"card_id": mockserver.TemplatePermanent, "user_card_code": "1001", "phone_number": m.encrypt(phone)}
	wantRefused(t, m.post(brandUserCards+"/import-by-phone", b), http.StatusNotFound, "NOT_FOUND", "")
	wantRefused(t, m.post("/brand/security/echo", body{"echo_message": "hello"}), http.StatusNotFound, "NOT_FOUND", "")
	wantRefused(t, m.call(http.MethodGet, "/brand/card-member", nil), http.StatusNotFound, "NOT_FOUND", "")
}

func TestBrandModeAlwaysNeedsWechatpaySerial(t *testing.T) {
	m := start(t, mockserver.Options{}).asBrand()
	for _, serial := range []string{"", m.keys.PublicKeyID, m.server.Credentials().PlatformCertificateSerialNo} {
		r := m.request(http.MethodGet, brandCard("1001", "oSample"), nil)
		r.Header.Set("Wechatpay-Serial", serial)
		if serial == "" {
			r.Header.Del("Wechatpay-Serial")
		}
		wantRefused(t, m.do(r), http.StatusBadRequest, "INVALID_REQUEST", "")
	}
}

func TestCredentialsOfTheOtherModeAreRefused(t *testing.T) {
	provider := start(t, mockserver.Options{})
	own := provider.asBrand()
	type credentials struct {
		caller *merchant
		target string
		change func(*signed)
	}
	providerTarget := cardTarget("1001", "oSample")
	for name, tc := range map[string]credentials{
		"provider's certificate, brand's path":  {own, brandCard("1001", "o"), func(id *signed) { id.serial, id.key = provider.serial, provider.key }},
		"provider's scheme, brand's path":       {own, brandCard("1001", "o"), func(id *signed) { id.scheme = provider.scheme }},
		"provider's identity, brand's path":     {own, brandCard("1001", "o"), func(id *signed) { id.name, id.mchID = "mchid", provider.identityValue }},
		"another brand":                         {own, brandCard("1001", "o"), func(id *signed) { id.mchID = "1005" }},
		"everything of the provider":            {own, brandCard("1001", "o"), func(id *signed) { *id = provider.identity() }},
		"brand's certificate, provider's path":  {provider, providerTarget, func(id *signed) { id.serial, id.key = own.serial, own.key }},
		"everything of the brand":               {provider, providerTarget, func(id *signed) { *id = own.identity() }},
		"brand's key with provider's serial no": {provider, providerTarget, func(id *signed) { id.key = own.key }},
	} {
		t.Run(name, func(t *testing.T) {
			id := tc.caller.identity()
			tc.change(&id)
			r := tc.caller.request(http.MethodGet, tc.target, nil)
			r.Header.Set("Authorization", tc.caller.authorization(id, http.MethodGet, tc.target, nil))
			wantRefused(t, tc.caller.do(r), http.StatusUnauthorized, "SIGN_ERROR", "验证不通过")
		})
	}
}

// A service provider and a brand see the same members on one server.
func TestBothModesAtOnce(t *testing.T) {
	provider := start(t, mockserver.Options{})
	own := provider.asBrand()
	openID := provider.mustImport("1001", phone).text("openid")
	got := own.call(http.MethodGet, brandCard("1001", openID), nil)
	if got.status != http.StatusOK || own.decrypt(got.json["phone_number"]) != phone {
		t.Errorf("%d %s", got.status, got.raw)
	}
	wantRefused(t, own.post(brandUserCards+"/import-by-openid", brandImport("1002", openID)), http.StatusBadRequest, "INVALID_REQUEST", userHasCard)
	// Another brand's cards are not its own.
	if err := provider.server.PutCard(mockserver.Card{BrandID: "1005", CardID: mockserver.TemplatePermanent, UserCardCode: "2001", OpenID: "oSample"}); err != nil {
		t.Fatal(err)
	}
	wantRefused(t, own.call(http.MethodGet, brandCard("2001", "oSample"), nil), http.StatusNotFound, "RESOURCE_NOT_EXISTS", "")

	var paths []string
	for _, r := range provider.server.Requests() {
		paths = append(paths, r.Path)
	}
	if !slices.Contains(paths, byPhone) || !slices.Contains(paths, brandUserCards+"/1001") {
		t.Errorf("paths %v", paths)
	}
}

func TestEachModeHasItsOwnRate(t *testing.T) {
	provider := start(t, mockserver.Options{RequestsPerSecond: 1})
	own := provider.asBrand()
	for range 2 {
		wantRefused(t, provider.get("1001", "o"), http.StatusNotFound, "RESOURCE_NOT_EXISTS", "")
		wantRefused(t, own.call(http.MethodGet, brandCard("1001", "o"), nil), http.StatusNotFound, "RESOURCE_NOT_EXISTS", "")
		wantRefused(t, provider.get("1001", "o"), http.StatusTooManyRequests, "RATELIMIT_EXCEEDED", "接口请求频率达到限制")
		wantRefused(t, own.call(http.MethodGet, brandCard("1001", "o"), nil), http.StatusTooManyRequests, "RATELIMIT_EXCEEDED", "")
		provider.clock.add(time.Second)
	}
}

func TestFaultsSignWithTheKeysOfTheMode(t *testing.T) {
	m := start(t, mockserver.Options{SignWithPlatformCertificate: true}).asBrand()
	m.server.Inject(mockserver.Fault{Status: 503, Code: "SYSTEM_ERROR"})
	wantRefused(t, m.call(http.MethodGet, brandCard("1001", "o"), nil), http.StatusServiceUnavailable, "SYSTEM_ERROR", "")
	m.server.Inject(mockserver.Fault{Kind: mockserver.FaultOtherKey})
	got, err := m.try(m.request(http.MethodGet, brandCard("1001", "o"), nil))
	if err != nil || got.header.Get("Wechatpay-Serial") == m.publicKeyID || m.verify(got) == nil {
		t.Errorf("%d %v signed by %s", got.status, err, got.header.Get("Wechatpay-Serial"))
	}
}
