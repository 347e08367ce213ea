// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/provider"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

const (
	cardType     = "wechatpay_member_card"
	cardsType    = "wechatpay_member_cards"
	templateType = "wechatpay_member_card_template"
)

// wholeCard is a card with everything that WeChat Pay can hold.
func wholeCard() mockserver.Card {
	china := time.FixedZone("", 8*60*60)
	return existingCard(func(c *mockserver.Card) {
		c.CardColor, c.CardPictureURL, c.Attach = "#FFFF00", "https://wxpaylogo.example.com/wxpaylogo/card/0", "门店 0755"
		c.PickupTime = time.Date(2015, 5, 20, 13, 29, 35, 0, china)
		c.CreateTime, c.ModifyTime = time.Date(2020, 5, 20, 13, 29, 35, 120e6, china), time.Date(2021, 5, 20, 13, 29, 35, 0, china)
		c.State, c.InvalidReason, c.InvalidTime = "INVALID", "离职", time.Date(2022, 5, 20, 13, 29, 35, 0, china)
		c.CommonFields = []mockserver.CommonField{{Name: "USER_FORM_FLAG_NAME", Value: "样例"}, {Name: "USER_FORM_FLAG_CITY", Value: "深圳"}}
		c.CustomFields = []mockserver.CustomField{{Name: "喜欢的运动", Values: []string{"篮球", "游泳"}}}
	})
}

// wholeCardValues is wholeCard as a data source returns it.
func wholeCardValues(m *mockserver.Server) map[string]any {
	return map[string]any{
		"id": "1004/" + mockserver.TemplatePermanent + "/VIP-0001", "brand_id": "1004", "card_id": mockserver.TemplatePermanent,
		"user_card_code": sampleCode, "openid": m.OpenID(samplePhone),
		"phone_number": samplePhone, "phone_number_masked": "138****8000",
		"card_color": "#FFFF00", "card_picture_url": "https://wxpaylogo.example.com/wxpaylogo/card/0", "level": "普通会员", "attach": "门店 0755",
		"pickup_time": "2015-05-20T13:29:35+08:00",
		"valid_date_information": map[string]any{
			"type": "PERMANENT", "available_begin_time": nil, "available_end_time": nil, "available_day_after_receive": nil,
		},
		"user_information": map[string]any{
			"common_fields": map[string]any{"USER_FORM_FLAG_NAME": "样例", "USER_FORM_FLAG_CITY": "深圳"},
			"custom_fields": map[string]any{"喜欢的运动": []any{"篮球", "游泳"}},
		},
		"card_type": "NORMAL", "user_card_state": "INVALID", "invalid_reason": "离职", "invalid_time": "2022-05-20T13:29:35+08:00",
		"create_time": "2020-05-20T13:29:35.120+08:00", "modify_time": "2021-05-20T13:29:35+08:00",
	}
}

func (e *env) put(cards ...mockserver.Card) {
	e.t.Helper()
	for _, card := range cards {
		if err := e.m.PutCard(card); err != nil {
			e.t.Fatal(err)
		}
	}
}

// read reads a data source that must be there.
func (e *env) read(typeName string, config map[string]any) map[string]any {
	e.t.Helper()
	values, diags := e.p.DataSource(typeName, config)
	if len(diags) > 0 {
		e.t.Fatal(diags)
	}
	return values
}

// cardConfig is a configuration of the data source of the sample card.
func (e *env) cardConfig(changes map[string]any) map[string]any {
	return with(map[string]any{
		"card_id": mockserver.TemplatePermanent, "user_card_code": sampleCode, "openid": e.m.OpenID(samplePhone),
	}, changes)
}

func same(t *testing.T, got, want map[string]any) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if !reflect.DeepEqual(got[name], want[name]) {
			t.Errorf("%s = %#v, want %#v", name, got[name], want[name])
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("nobody checks %s", name)
		}
	}
}

func TestDataSourceCard(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	e.put(wholeCard())
	same(t, e.read(cardType, e.cardConfig(nil)), wholeCardValues(e.m))
	e.requests(calls(mockserver.OperationGet))
}

// What a card does not have, or WeChat Pay does not tell, is null.
func TestDataSourceCardAbsentIsNull(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{OmitPhone: true, OmitUserInformation: true}, nil)
	card := wholeCard()
	card.CardColor, card.CardPictureURL, card.Level, card.Attach = "", "", "", ""
	card.State, card.InvalidReason, card.InvalidTime = "EFFECTIVE", "", time.Time{}
	e.put(card)
	want := wholeCardValues(e.m)
	for _, name := range []string{
		"card_color", "card_picture_url", "level", "attach", "invalid_reason", "invalid_time", "phone_number", "phone_number_masked", "user_information",
	} {
		want[name] = nil
	}
	want["user_card_state"] = "EFFECTIVE"
	same(t, e.read(cardType, e.cardConfig(nil)), want)
}

// Only one kind of information leaves the other null, and validities have what their type
// needs, however much more WeChat Pay returns.
func TestDataSourceCardShapes(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{FillValidDate: true}, nil)
	pickup := time.Now().Add(-time.Hour)
	e.put(
		existingCard(func(c *mockserver.Card) {
			c.UserCardCode, c.CardID, c.PickupTime = "TERM", mockserver.TemplateFixTerm, pickup
			c.CommonFields = []mockserver.CommonField{{Name: "USER_FORM_FLAG_CITY", Value: "深圳"}}
		}),
		existingCard(func(c *mockserver.Card) {
			c.UserCardCode, c.CardID = "RANGE", mockserver.TemplateFixTimeRange
			c.CustomFields = []mockserver.CustomField{{Name: "常去门店", Values: []string{"福田店"}}}
			c.PhoneNumber, c.OpenID = "+86"+samplePhone, e.m.OpenID(samplePhone)
		}),
	)
	term := e.read(cardType, e.cardConfig(map[string]any{"card_id": mockserver.TemplateFixTerm, "user_card_code": "TERM"}))
	same(t, term["valid_date_information"].(map[string]any), map[string]any{
		"type": "FIX_TERM", "available_begin_time": nil, "available_end_time": nil, "available_day_after_receive": int64(365),
	})
	same(t, term["user_information"].(map[string]any), map[string]any{"common_fields": map[string]any{"USER_FORM_FLAG_CITY": "深圳"}, "custom_fields": nil})
	timeRange := e.read(cardType, e.cardConfig(map[string]any{"card_id": mockserver.TemplateFixTimeRange, "user_card_code": "RANGE"}))
	same(t, timeRange["valid_date_information"].(map[string]any), map[string]any{
		"type": "FIX_TIME_RANGE", "available_begin_time": "2020-01-01T00:00:00+08:00", "available_end_time": "2099-12-31T23:59:59+08:00", "available_day_after_receive": nil,
	})
	same(t, timeRange["user_information"].(map[string]any), map[string]any{"common_fields": nil, "custom_fields": map[string]any{"常去门店": []any{"福田店"}}})
	if timeRange["phone_number"] != samplePhone || timeRange["phone_number_masked"] != "138****8000" {
		t.Errorf("the phone number is not as the resource would have it: %v", timeRange["phone_number_masked"])
	}
}

// The card's code may be any that WeChat Pay takes.
func TestDataSourceCardCodes(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	for _, code := range []string{"/a//b/", "...", "%2F", "a?b=c&d#e", "+"} {
		e.put(existingCard(func(c *mockserver.Card) { c.UserCardCode = code }))
		if got := e.read(cardType, e.cardConfig(map[string]any{"user_card_code": code})); got["user_card_code"] != code {
			t.Errorf("code %q: got %q", code, got["user_card_code"])
		}
	}
}

// The brand is the data source's, or the provider's, or missing: an error at the attribute.
func TestDataSourcesBrand(t *testing.T) {
	t.Parallel()
	for typeName, config := range map[string]func(e *env) map[string]any{
		cardType:     func(e *env) map[string]any { return e.cardConfig(nil) },
		cardsType:    func(e *env) map[string]any { return map[string]any{"openid": e.m.OpenID(samplePhone)} },
		templateType: func(*env) map[string]any { return map[string]any{"card_id": mockserver.TemplatePermanent} },
	} {
		for name, c := range map[string]struct {
			provider, own any
			want, fails   string
		}{
			"the provider's":                  {mockserver.DefaultBrandID, nil, mockserver.DefaultBrandID, ""},
			"its own":                         {nil, mockserver.DefaultBrandID, mockserver.DefaultBrandID, ""},
			"its own before the provider's":   {"2008", mockserver.DefaultBrandID, mockserver.DefaultBrandID, ""},
			"neither":                         {nil, nil, "", "WECHATPAY_BRAND_ID"},
			"the provider's is not known yet": {tfdriver.Unknown, nil, "", "not known yet"},
			"its own, the provider's unknown": {tfdriver.Unknown, mockserver.DefaultBrandID, mockserver.DefaultBrandID, ""},
			"its own, wrong":                  {nil, "10 04", "", "without spaces"},
		} {
			t.Run(typeName+", "+name, func(t *testing.T) {
				t.Parallel()
				e := newEnv(t, mockserver.Options{}, map[string]any{"brand_id": c.provider})
				e.put(existingCard(nil))
				values, diags := e.p.DataSource(typeName, with(config(e), map[string]any{"brand_id": c.own}))
				if c.fails != "" {
					if !diags.Errors().At("brand_id").Contains(c.fails) || len(diags) != 1 {
						t.Errorf("want an error at brand_id with %q, got:\n%s", c.fails, diags)
					}
					e.requests(none())
					return
				}
				if len(diags) > 0 || values["brand_id"] != c.want {
					t.Errorf("brand_id %v:\n%s", values["brand_id"], diags)
				}
				if got := e.m.Requests()[0].Query.Get("brand_id"); got != c.want {
					t.Errorf("asked for the brand %q", got)
				}
			})
		}
	}
}

// Values that cannot be right are refused at the attribute, with nothing sent.
func TestDataSourcesRefuse(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	cards := func(changes map[string]any) map[string]any { return with(map[string]any{"openid": "oOpenID"}, changes) }
	template := func(id any) map[string]any { return map[string]any{"card_id": id} }
	for name, row := range map[string]struct {
		typeName string
		config   map[string]any
		at, says string
	}{
		"card, code with a space":    {cardType, e.cardConfig(map[string]any{"user_card_code": "VIP 0001"}), "user_card_code", "half-width punctuation"},
		"card, code too long":        {cardType, e.cardConfig(map[string]any{"user_card_code": strings.Repeat("1", 33)}), "user_card_code", "1 to 32"},
		"card, code missing":         {cardType, e.cardConfig(map[string]any{"user_card_code": nil}), "user_card_code", "required"},
		"card, template too long":    {cardType, e.cardConfig(map[string]any{"card_id": strings.Repeat("p", 33)}), "card_id", "1 to 32"},
		"card, template missing":     {cardType, e.cardConfig(map[string]any{"card_id": nil}), "card_id", "required"},
		"card, openid too long":      {cardType, e.cardConfig(map[string]any{"openid": strings.Repeat("o", 129)}), "openid", "1 to 128"},
		"card, openid empty":         {cardType, e.cardConfig(map[string]any{"openid": ""}), "openid", "1 to 128"},
		"card, openid missing":       {cardType, e.cardConfig(map[string]any{"openid": nil}), "openid", "required"},
		"card, brand too long":       {cardType, e.cardConfig(map[string]any{"brand_id": strings.Repeat("1", 33)}), "brand_id", "1 to 32"},
		"cards, openid missing":      {cardsType, map[string]any{}, "openid", "required"},
		"cards, openid with a slash": {cardsType, cards(map[string]any{"openid": "o/p"}), "openid", `without "/"`},
		"cards, state in lower case": {cardsType, cards(map[string]any{"user_card_state": "effective"}), "user_card_state", `"EFFECTIVE"`},
		"cards, state empty":         {cardsType, cards(map[string]any{"user_card_state": ""}), "user_card_state", `"UNACTIVATED"`},
		"cards, state of a template": {cardsType, cards(map[string]any{"user_card_state": "CARD_INVALID"}), "user_card_state", `"INVALID"`},
		"template, id missing":       {templateType, map[string]any{}, "card_id", "required"},
		"template, id too long":      {templateType, template(strings.Repeat("p", 33)), "card_id", "1 to 32"},
		"template, id in Chinese":    {templateType, template("会员卡"), "card_id", "half-width"},
	} {
		values, diags := e.p.DataSource(row.typeName, row.config)
		if values != nil || !diags.Errors().At(row.at).Contains(row.says) {
			t.Errorf("%s: want an error at %s with %q, got:\n%s", name, row.at, row.says, diags)
		}
	}
	e.requests(none())
}

// What is not there is an error at the attribute that names it, which says what to check.
func TestDataSourcesNotFound(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	e.put(existingCard(nil))
	for name, row := range map[string]struct {
		typeName    string
		config      map[string]any
		at, summary string
	}{
		"another code":       {cardType, e.cardConfig(map[string]any{"user_card_code": "NOBODY"}), "user_card_code", "knows no such card"},
		"another user":       {cardType, e.cardConfig(map[string]any{"openid": e.m.OpenID(otherPhone)}), "user_card_code", "knows no such card"},
		"another template":   {cardType, e.cardConfig(map[string]any{"card_id": mockserver.TemplateFixTerm}), "user_card_code", "knows no such card"},
		"another brand":      {cardType, e.cardConfig(map[string]any{"brand_id": "2008"}), "user_card_code", "knows no such card"},
		"no such template":   {templateType, map[string]any{"card_id": "pNobody"}, "card_id", "knows no such card template"},
		"template elsewhere": {templateType, map[string]any{"card_id": mockserver.TemplatePermanent, "brand_id": "2008"}, "card_id", "knows no such card template"},
	} {
		values, diags := e.p.DataSource(row.typeName, row.config)
		if errors := diags.Errors().At(row.at); values != nil || !errors.Contains(row.summary) || !errors.Contains("card_id") || !errors.Contains("Request-ID") {
			t.Errorf("%s: want an error at %s, got:\n%s", name, row.at, diags)
		}
	}
}

// An error that repeats what was sent shows nothing personal. (The fault matrix has all failures.)
func TestDataSourcesShowNoEcho(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	for typeName, config := range map[string]map[string]any{
		cardType: e.cardConfig(nil), cardsType: {"openid": e.m.OpenID(samplePhone)}, templateType: {"card_id": mockserver.TemplatePermanent},
	} {
		e.m.Inject(mockserver.Fault{Status: 400, Code: "PARAM_ERROR", Message: "参数错误 " + samplePhone,
			Detail: map[string]any{"field": "/query/openid", "value": samplePhone, "issue": samplePhone, "location": "query"}})
		values, diags := e.p.DataSource(typeName, config)
		if values != nil || len(diags.Errors()) != 1 || !diags.Contains("参数错误") || leak(diags.String(), samplePhone) != "" {
			t.Errorf("%s: want one error without a phone number, got:\n%s", typeName, diags)
		}
	}
}

// manyCards are n cards of one user, and one of another.
func (e *env) manyCards(n int) {
	e.t.Helper()
	for i := range n {
		e.put(existingCard(func(c *mockserver.Card) {
			c.UserCardCode = fmt.Sprintf("VIP-%04d", i)
			if i%3 == 0 {
				c.State = "INVALID"
			}
		}))
	}
	e.put(existingCard(func(c *mockserver.Card) { c.UserCardCode, c.PhoneNumber = "OTHER", otherPhone }))
}

// All pages are read, 20 cards each, and no more than there are.
func TestDataSourceCardsPages(t *testing.T) {
	t.Parallel()
	for n, pages := range map[int][]string{
		0: {"0"}, 1: {"0"}, 19: {"0"}, 20: {"0"}, 21: {"0", "20"}, 40: {"0", "20"}, 45: {"0", "20", "40"},
	} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, mockserver.Options{}, nil)
			e.manyCards(n)
			values := e.read(cardsType, map[string]any{"openid": e.m.OpenID(samplePhone)})
			cards, ok := values["cards"].([]any)
			if !ok || len(cards) != n {
				t.Fatalf("got %d cards", len(cards))
			}
			for i, card := range cards {
				card := card.(map[string]any)
				if card["user_card_code"] != fmt.Sprintf("VIP-%04d", i) || card["phone_number"] != samplePhone || card["openid"] != e.m.OpenID(samplePhone) {
					t.Errorf("card %d is %v", i, card["id"])
				}
			}
			var offsets []string
			for _, r := range e.m.Requests() {
				if r.Query.Get("limit") != "20" || r.Query.Has("user_card_state") {
					t.Errorf("the query was %v", r.Query)
				}
				offsets = append(offsets, r.Query.Get("offset"))
			}
			if !slices.Equal(offsets, pages) {
				t.Errorf("pages at %v, want %v", offsets, pages)
			}
		})
	}
}

// Each card of the list has everything that the single card has.
func TestDataSourceCardsHaveEverything(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, nil)
	e.put(wholeCard())
	values := e.read(cardsType, map[string]any{"openid": e.m.OpenID(samplePhone)})
	same(t, values["cards"].([]any)[0].(map[string]any), wholeCardValues(e.m))
	delete(values, "cards")
	same(t, values, map[string]any{"brand_id": "1004", "openid": e.m.OpenID(samplePhone), "user_card_state": nil})
}

// WeChat Pay filters by state.
func TestDataSourceCardsState(t *testing.T) {
	t.Parallel()
	for state, want := range map[string]int{"INVALID": 8, "EFFECTIVE": 14, "UNACTIVATED": 0, "EXPIRED": 0} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, mockserver.Options{}, nil)
			e.manyCards(22)
			values := e.read(cardsType, map[string]any{"openid": e.m.OpenID(samplePhone), "user_card_state": state})
			cards, _ := values["cards"].([]any)
			if len(cards) != want || values["user_card_state"] != state {
				t.Errorf("%d cards", len(cards))
			}
			for _, card := range cards {
				if got := card.(map[string]any)["user_card_state"]; got != state {
					t.Errorf("a card is %v", got)
				}
			}
			if got := e.m.Requests()[0].Query.Get("user_card_state"); got != state {
				t.Errorf("asked for %q", got)
			}
		})
	}
}

// An error in the middle of the pages is an error: half a list would pass for a whole one.
func TestDataSourceCardsFailInTheMiddle(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]mockserver.Fault{
		"refused":       {Status: 403, Code: "NO_AUTH", Message: "无权限"},
		"bad signature": {Kind: mockserver.FaultBadSignature},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEnv(t, mockserver.Options{}, map[string]any{"max_retries": 0})
			e.manyCards(45)
			fault.Operation, fault.Skip = mockserver.OperationList, 1
			e.m.Inject(fault)
			values, diags := e.p.DataSource(cardsType, map[string]any{"openid": e.m.OpenID(samplePhone)})
			if values != nil || len(diags.Errors()) != 1 || !diags.Contains("Listing the user's cards failed") {
				t.Errorf("got %v:\n%s", values, diags)
			}
			e.requests(map[mockserver.Operation]int{mockserver.OperationList: 2})
		})
	}
	t.Run("that passes when it is tried again", func(t *testing.T) {
		t.Parallel()
		e := newEnv(t, mockserver.Options{}, nil)
		e.manyCards(21)
		e.m.Inject(mockserver.Fault{Operation: mockserver.OperationList, Skip: 1, Status: 429, Code: "RATELIMIT_EXCEEDED", Message: "频率过高"})
		if cards := e.read(cardsType, map[string]any{"openid": e.m.OpenID(samplePhone)})["cards"].([]any); len(cards) != 21 {
			t.Errorf("%d cards", len(cards))
		}
	})
}

// While a part of the provider's configuration is unknown, nothing can be read: an error
// that says so.
func TestDataSourcesNeedTheProvider(t *testing.T) {
	t.Parallel()
	e := newEnv(t, mockserver.Options{}, map[string]any{"private_key": tfdriver.Unknown})
	for typeName, config := range map[string]map[string]any{
		cardType: e.cardConfig(nil), cardsType: {"openid": "oOpenID"}, templateType: {"card_id": "p1"},
	} {
		if _, diags := e.p.DataSource(typeName, config); !diags.Errors().Contains("not known yet") {
			t.Errorf("%s:\n%s", typeName, diags)
		}
	}
	e.requests(none())
}

// sensitivePaths adds the paths of the sensitive ones among attributes.
func sensitivePaths(paths *[]string, prefix string, attributes []*tfprotov6.SchemaAttribute) {
	for _, a := range attributes {
		if a.Sensitive {
			*paths = append(*paths, prefix+a.Name)
		}
		if a.NestedType != nil {
			sensitivePaths(paths, prefix+a.Name+".", a.NestedType.Attributes)
		}
	}
}

// What is personal is sensitive, and nothing else is: a plan must show what changes.
func TestSensitiveAttributes(t *testing.T) {
	t.Parallel()
	const info = "user_information"
	want := map[string][]string{
		cardType:     {"phone_number", info, info + ".common_fields", info + ".custom_fields"},
		cardsType:    {"cards.phone_number", "cards." + info, "cards." + info + ".common_fields", "cards." + info + ".custom_fields"},
		resourceType: {"phone_number", "phone_number_wo", info, info + ".common_fields", info + ".custom_fields"},
	}
	server, err := acctest.Factories()[provider.TypeName]()
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	all := maps.Clone(schemas.DataSourceSchemas)
	all[resourceType] = schemas.ResourceSchemas[resourceType]
	for typeName, schema := range all {
		var got []string
		sensitivePaths(&got, "", schema.Block.Attributes)
		slices.Sort(got)
		slices.Sort(want[typeName])
		if !slices.Equal(got, want[typeName]) {
			t.Errorf("%s: sensitive are %v, want %v", typeName, got, want[typeName])
		}
	}
}

func dataBlock(typeName string, attributes map[string]any) string {
	var b strings.Builder
	fmt.Fprintf(&b, "data %q \"test\" {\n", typeName)
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		fmt.Fprintf(&b, "  %s = %s\n", name, hcl(attributes[name]))
	}
	return b.String() + "}\n"
}

func TestAccDataSources(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{})
	if err := m.PutCard(wholeCard()); err != nil {
		t.Fatal(err)
	}
	card := dataBlock(cardType, map[string]any{"card_id": mockserver.TemplatePermanent, "user_card_code": sampleCode, "openid": m.OpenID(samplePhone)})
	cards := dataBlock(cardsType, map[string]any{"openid": m.OpenID(samplePhone), "user_card_state": "INVALID"})
	template := dataBlock(templateType, map[string]any{"card_id": mockserver.TemplatePermanent})
	value := func(typeName, attribute string, check knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue("data."+typeName+".test", tfjsonpath.New(attribute), check)
	}
	nested := func(typeName string, at tfjsonpath.Path, check knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue("data."+typeName+".test", at, check)
	}
	sensitive := func(typeName string, at tfjsonpath.Path) statecheck.StateCheck {
		return statecheck.ExpectSensitiveValue("data."+typeName+".test", at)
	}
	run(t,
		resource.TestStep{
			Config: acctest.Config(acctest.ProviderBlock(m), card, cards, template),
			ConfigStateChecks: []statecheck.StateCheck{
				value(cardType, "level", knownvalue.StringExact("普通会员")),
				value(cardType, "phone_number", knownvalue.StringExact(samplePhone)),
				value(cardType, "phone_number_masked", knownvalue.StringExact("138****8000")),
				sensitive(cardType, tfjsonpath.New("phone_number")),
				sensitive(cardType, tfjsonpath.New("user_information")),
				nested(cardType, tfjsonpath.New("user_information").AtMapKey("common_fields").AtMapKey("USER_FORM_FLAG_CITY"), knownvalue.StringExact("深圳")),
				value(cardsType, "cards", knownvalue.ListSizeExact(1)),
				nested(cardsType, tfjsonpath.New("cards").AtSliceIndex(0).AtMapKey("user_card_code"), knownvalue.StringExact(sampleCode)),
				sensitive(cardsType, tfjsonpath.New("cards").AtSliceIndex(0).AtMapKey("phone_number")),
				value(templateType, "state", knownvalue.StringExact("CARD_EFFECTIVE")),
				nested(templateType, tfjsonpath.New("user_information").AtMapKey("custom_field_list").AtSliceIndex(1).AtMapKey("name"), knownvalue.StringExact("常去门店")),
			},
		},
	)
}

// A member can be made of what the data sources read, and what Terraform prints meanwhile
// shows neither a phone number nor user information.
func TestAccDataSourcesShowNothingPersonal(t *testing.T) {
	t.Parallel()
	box, ws := acctest.Workspace(t, mockserver.Options{})
	if err := box.Mock.PutCard(wholeCard()); err != nil {
		t.Fatal(err)
	}
	// In order: the openid, the card's template, the template of its copy.
	sources := fmt.Sprintf(`
data "wechatpay_member_card" "test" {
  card_id        = %[2]q
  user_card_code = "VIP-0001"
  openid         = %[1]q
}

data "wechatpay_member_cards" "test" {
  openid = %[1]q
}

data "wechatpay_member_card_template" "test" {
  card_id = data.wechatpay_member_card.test.card_id
}

resource "wechatpay_member_card_import" "copy" {
  card_id        = %[3]q
  user_card_code = "VIP-0002"
  phone_number   = data.wechatpay_member_card.test.phone_number
  level          = data.wechatpay_member_cards.test.cards[0].level
}

output "masked" {
  value = data.wechatpay_member_card.test.phone_number_masked
}

output "title" {
  value = data.wechatpay_member_card_template.test.card_title
}
`, box.Mock.OpenID(samplePhone), mockserver.TemplatePermanent, mockserver.TemplateFixTimeRange)
	if err := ws.WriteFile("main.tf", box.CLI.Address().RequiredProviders()+sources); err != nil {
		t.Fatal(err)
	}
	if _, err := ws.Init(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, planned, err := ws.Plan(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	applied, err := ws.Apply(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, again, err := ws.Plan(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	text := planned.Stdout + planned.Stderr + applied.Stdout + applied.Stderr + again.Stdout + again.Stderr
	for _, secret := range []string{samplePhone, "深圳", "样例", "游泳"} {
		if strings.Contains(text, secret) || leak(text, secret) != "" {
			t.Errorf("Terraform printed a personal value of %d bytes", len(secret))
		}
	}
	for _, shown := range []string{"138****8000", "普通会员", "No changes"} {
		if !strings.Contains(text, shown) {
			t.Errorf("Terraform did not print %q:\n%s", shown, text)
		}
	}
	if cards := box.Mock.Cards(); len(cards) != 2 || cards[1].PhoneNumber != samplePhone {
		t.Errorf("the mock has %d cards", len(cards))
	}
}
