// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// overHTTP serves the service over a real connection.
func overHTTP(t *testing.T, s *service) (endpoint string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		req.URL.Host = req.Host
		resp, err := s.RoundTrip(req)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		defer func() { _ = resp.Body.Close() }()
		maps.Copy(w.Header(), resp.Header)
		w.WriteHeader(resp.StatusCode)
		buffer := make([]byte, 32<<10)
		for {
			n, err := resp.Body.Read(buffer)
			if _, werr := w.Write(buffer[:n]); werr != nil {
				return
			}
			if err != nil {
				if err.Error() != "EOF" {
					_ = http.NewResponseController(w).Flush()
					panic(http.ErrAbortHandler)
				}
				return
			}
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestImportSendsWhatThePageAsksFor(t *testing.T) {
	t.Parallel()
	s := newService(t, replies(done()))
	client := newTestClient(t, nil, func(c *Config) { c.Endpoint = overHTTP(t, s) })

	card, err := client.ImportByPhone(t.Context(), ImportRequest{
		CardRef: CardRef{BrandID: testBrand, CardID: testCard, UserCardCode: testCode}, PhoneNumber: testPhone,
		CardColor: "#FFFF00", CardPictureURL: "https://wxpaylogo.qpic.cn/a/0?b&c", Level: "钻石<1>",
		UserInformation: &UserInformation{
			CommonFields: []CommonField{{Name: "USER_FORM_FLAG_NAME", Value: "张三"}},
			CustomFields: []CustomField{{Name: "喜欢的运动", UserChosenValues: []Personal{"游泳", "跑步"}}},
		},
		ValidDateInformation: &ValidDateInformation{Type: ValidDateFixTerm, AvailableDayAfterReceive: 30},
		PickupTime:           testTime,
	})
	if err != nil {
		t.Fatal(err)
	}

	want := &UserCard{
		CardRef: cardRef(), CardColor: "#FFFF00", CardPictureURL: "https://wxpaylogo.qpic.cn/a/0", CardType: CardTypeNormal,
		PhoneNumber: testPhone, Level: "钻石会员", ValidDateInformation: &ValidDateInformation{Type: ValidDatePermanent},
		PickupTime: testTime, UserCardState: UserCardStateEffective, CreateTime: testTime, ModifyTime: testTime,
	}
	if !reflect.DeepEqual(card, want) {
		t.Errorf("got %+v, want %+v", card, want)
	}

	r := s.all()[0]
	if r.method != http.MethodPost || r.uri != "/v3/brand/partner/card-member/user-cards/import-by-phone" || !r.signedOK {
		t.Errorf("got %s %s, signed %t", r.method, r.uri, r.signedOK)
	}
	for name, value := range map[string]string{
		"Accept": "application/json", "Content-Type": "application/json", "Wechatpay-Serial": testKeyID,
		"User-Agent": "terraform-provider-wechatpay/test (terraform/1.14.0)",
	} {
		if got := r.header.Values(name); len(got) != 1 || got[0] != value {
			t.Errorf("%s: got %q, want %q", name, got, value)
		}
	}
	// Ciphertexts are replaced by what they decrypt to; what is left is compared whole.
	var body struct {
		Phone string `json:"phone_number"`
		Info  struct {
			Common []struct{ Value string } `json:"common_field_list"`
			Custom []struct {
				Values []string `json:"user_chosen_values"`
			} `json:"custom_field_list"`
		} `json:"user_information"`
	}
	if err := json.Unmarshal(r.body, &body); err != nil {
		t.Fatal(err)
	}
	text := string(r.body)
	for _, ciphertext := range []string{body.Phone, body.Info.Common[0].Value, body.Info.Custom[0].Values[0], body.Info.Custom[0].Values[1]} {
		text = strings.Replace(text, ciphertext, decrypted(t, wechatKey(), ciphertext), 1)
	}
	var got, expected any
	if err := json.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(`{
		"brand_id": "1004", "card_id": "`+testCard+`", "phone_number": "`+testPhone+`", "user_card_code": "`+testCode+`",
		"card_color": "#FFFF00", "card_picture_url": "https://wxpaylogo.qpic.cn/a/0?b&c", "level": "钻石<1>",
		"user_information": {
			"common_field_list": [{"name": "USER_FORM_FLAG_NAME", "value": "张三"}],
			"custom_field_list": [{"name": "喜欢的运动", "user_chosen_values": ["游泳", "跑步"]}]
		},
		"valid_date_information": {"type": "FIX_TERM", "available_day_after_receive": 30},
		"pickup_time": "`+testTime+`"
	}`), &expected); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(expected, got); diff != "" {
		t.Error(diff)
	}
}

func TestCallsNameTheCardAsThePagesSay(t *testing.T) {
	t.Parallel()
	const base = "/v3/brand/partner/card-member/"
	for name, tc := range map[string]struct {
		call   func(context.Context, *Client) error
		method string
		uri    string
		body   string
	}{
		"get": {
			func(ctx context.Context, c *Client) error { _, err := c.GetUserCard(ctx, cardRef()); return err },
			"GET", base + "user-cards/" + testCode + "?brand_id=1004&card_id=" + testCard + "&openid=" + testOpenID, "",
		},
		"import by openid": {
			func(ctx context.Context, c *Client) error {
				_, err := c.ImportByOpenID(ctx, openIDRequest())
				return err
			},
			"POST", base + "user-cards/import-by-openid",
			`{"brand_id":"1004","card_id":"` + testCard + `","user_card_code":"` + testCode + `","openid":"` + testOpenID + `"}`,
		},
		"modify": {
			func(ctx context.Context, c *Client) error {
				_, err := c.ModifyUserCard(ctx, ModifyUserCardRequest{
					CardRef: cardRef(), CardColor: "#000000", CardPictureURL: "https://a/b", Level: "2", Attach: "a&b",
					ValidDateInformation: &ValidDateInformation{Type: ValidDateFixTimeRange, AvailableBeginTime: testTime, AvailableEndTime: testTime},
				})
				return err
			},
			"PATCH", base + "user-cards/" + testCode + "?card_id=" + testCard,
			`{"brand_id":"1004","openid":"` + testOpenID + `","card_color":"#000000","card_picture_url":"https://a/b","level":"2",` +
				`"valid_date_information":{"type":"FIX_TIME_RANGE","available_begin_time":"` + testTime + `","available_end_time":"` + testTime + `"},` +
				`"attach":"a\u0026b"}`,
		},
		"modify nothing": {
			func(ctx context.Context, c *Client) error {
				_, err := c.ModifyUserCard(ctx, ModifyUserCardRequest{CardRef: cardRef(), UserInformation: &UserInformation{}})
				return err
			},
			"PATCH", base + "user-cards/" + testCode + "?card_id=" + testCard, `{"brand_id":"1004","openid":"` + testOpenID + `"}`,
		},
		"invalidate": {
			func(ctx context.Context, c *Client) error {
				_, err := c.InvalidateUserCard(ctx, InvalidateUserCardRequest{CardRef: cardRef(), InvalidReason: "离职"})
				return err
			},
			"POST", base + "user-cards/" + testCode + "/invalidate?brand_id=1004&card_id=" + testCard, `{"openid":"` + testOpenID + `","invalid_reason":"离职"}`,
		},
		"invalidate without a reason": {
			func(ctx context.Context, c *Client) error {
				_, err := c.InvalidateUserCard(ctx, InvalidateUserCardRequest{CardRef: cardRef()})
				return err
			},
			"POST", base + "user-cards/" + testCode + "/invalidate?brand_id=1004&card_id=" + testCard, `{"openid":"` + testOpenID + `"}`,
		},
		"template": {
			func(ctx context.Context, c *Client) error {
				_, err := c.GetCardTemplate(ctx, testBrand, testCard)
				return err
			},
			"GET", base + "cards/" + testCard + "?brand_id=1004", "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newService(t, replies(done()))
			if err := tc.call(t.Context(), newTestClient(t, s)); err != nil {
				t.Fatal(err)
			}
			r := s.all()[0]
			if r.method != tc.method || r.uri != tc.uri || string(r.body) != tc.body || !r.signedOK {
				t.Errorf("got %s %s (signed %t)\n%s", r.method, r.uri, r.signedOK, r.body)
			}
		})
	}
}

func TestModifyEncryptsBothLists(t *testing.T) {
	t.Parallel()
	s := newService(t, replies(done()))
	_, err := newTestClient(t, s).ModifyUserCard(t.Context(), ModifyUserCardRequest{
		CardRef: cardRef(), PhoneNumber: testPhone,
		UserInformation: &UserInformation{
			CommonFields: []CommonField{{Name: "USER_FORM_FLAG_CITY", Value: "深圳"}, {Name: "USER_FORM_FLAG_SEX"}},
			CustomFields: []CustomField{{Name: "无"}, {Name: "有", UserChosenValues: []Personal{"一"}}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	body := string(s.all()[0].body)
	if strings.Contains(body, "null") {
		t.Errorf("null is not allowed: %s", body)
	}
	if got := decrypted(t, wechatKey(), s.all()[0].phone()); got != testPhone {
		t.Errorf("the phone number arrived as something else")
	}
	for _, ciphertext := range regexp.MustCompile(`[A-Za-z0-9+/]{342}==`).FindAllString(body, -1) {
		body = strings.Replace(body, ciphertext, decrypted(t, wechatKey(), ciphertext), 1)
	}
	want := `"user_information":{"common_field_list":[{"name":"USER_FORM_FLAG_CITY","value":"深圳"},{"name":"USER_FORM_FLAG_SEX","value":""}],` +
		`"custom_field_list":[{"name":"无","user_chosen_values":[]},{"name":"有","user_chosen_values":["一"]}]}`
	if !strings.Contains(body, want) {
		t.Errorf("got %s", body)
	}
}

func TestPathIsEscapedAndSignedAsSent(t *testing.T) {
	t.Parallel()
	codes := []string{"a/b", "a?b=c", "50%", "%2F", "%2E", "a#b", "a+b", "a b", "...", ".a", "a.b", "a/../b", "a;b,c", "&=:@$!'()*", `"<>\^{|}~`, "`", "//", "a%"}
	echo := func(_ int, r *received) reply {
		code, _ := strings.CutPrefix(r.path, "/v3/brand/partner/card-member/user-cards/")
		return reply{body: cardJSON(map[string]any{"user_card_code": code})}
	}
	s := newService(t, echo)
	overWire := newTestClient(t, nil, func(c *Config) { c.Endpoint, c.RequestsPerSecond = overHTTP(t, s), 1e6 })
	for i, code := range codes {
		ref := cardRef()
		ref.UserCardCode, ref.OpenID = code, "o&=+%#/"
		s.setRespond(func(n int, r *received) reply {
			re := echo(n, r)
			re.body = strings.Replace(re.body, testOpenID, ref.OpenID, 1)
			return re
		})
		if _, err := overWire.GetUserCard(t.Context(), ref); err != nil {
			t.Errorf("%q: %v", code, err)
			continue
		}
		r := s.all()[i]
		escaped, _, _ := strings.Cut(strings.TrimPrefix(r.uri, "/v3/brand/partner/card-member/user-cards/"), "?")
		if !r.signedOK || strings.Contains(escaped, "/") || escaped == "." || escaped == ".." || r.query.Get("openid") != ref.OpenID {
			t.Errorf("%q: signed %t, sent as %s", code, r.signedOK, r.uri)
		}
	}
}

func TestAnswerMustBeAboutTheCardThatWasSent(t *testing.T) {
	t.Parallel()
	for _, field := range []string{"brand_id", "card_id", "user_card_code", "openid"} {
		for name, call := range map[string]func(context.Context, *Client) error{
			"import by openid": func(ctx context.Context, c *Client) error {
				_, err := c.ImportByOpenID(ctx, openIDRequest())
				return err
			},
			"import": func(ctx context.Context, c *Client) error {
				_, err := c.ImportByPhone(ctx, importRequest())
				return err
			},
			"get": func(ctx context.Context, c *Client) error { _, err := c.GetUserCard(ctx, cardRef()); return err },
			"modify": func(ctx context.Context, c *Client) error {
				_, err := c.ModifyUserCard(ctx, ModifyUserCardRequest{CardRef: cardRef()})
				return err
			},
			"invalidate": func(ctx context.Context, c *Client) error {
				_, err := c.InvalidateUserCard(ctx, InvalidateUserCardRequest{CardRef: cardRef()})
				return err
			},
		} {
			t.Run(field+" "+name, func(t *testing.T) {
				t.Parallel()
				s := newService(t, replies(reply{body: cardJSON(map[string]any{field: "another"})}))
				err := call(t.Context(), newTestClient(t, s))
				if field == "openid" && name == "import" {
					// The import is what tells the openid.
					if err != nil {
						t.Error(err)
					}
					return
				}
				e := wantError(t, err, KindAnswer, true)
				if s.count() != 1 || !strings.Contains(e.Error(), field) {
					t.Errorf("%d requests: %v", s.count(), e)
				}
			})
		}
	}
}

func TestCallWithoutItsIdsIsNotSent(t *testing.T) {
	t.Parallel()
	s := newService(t, replies(done()))
	c := newTestClient(t, s)
	for name, call := range map[string]func() error{
		"brand_id": func() error {
			r := importRequest()
			r.BrandID = ""
			_, err := c.ImportByPhone(t.Context(), r)
			return err
		},
		"card_id":        func() error { _, err := c.GetCardTemplate(t.Context(), testBrand, ""); return err },
		"user_card_code": func() error { r := cardRef(); r.UserCardCode = ""; _, err := c.GetUserCard(t.Context(), r); return err },
		"openid": func() error {
			r := cardRef()
			r.OpenID = ""
			_, err := c.InvalidateUserCard(t.Context(), InvalidateUserCardRequest{CardRef: r})
			return err
		},
		"phone_number": func() error {
			r := importRequest()
			r.PhoneNumber = ""
			_, err := c.ImportByPhone(t.Context(), r)
			return err
		},
		"openid of an import": func() error {
			r := openIDRequest()
			r.OpenID = ""
			_, err := c.ImportByOpenID(t.Context(), r)
			return err
		},
		"openid of an import by phone": func() error {
			r := importRequest()
			r.OpenID = testOpenID
			_, err := c.ImportByPhone(t.Context(), r)
			return err
		},
		// Such a card could be imported, and then never be read or changed.
		"user_card_code .": func() error {
			r := openIDRequest()
			r.UserCardCode = "."
			_, err := c.ImportByOpenID(t.Context(), r)
			return err
		},
		"user_card_code ..": func() error {
			r := cardRef()
			r.UserCardCode = ".."
			_, err := c.GetUserCard(t.Context(), r)
			return err
		},
	} {
		e := wantError(t, call(), KindParameter, false)
		field, _, _ := strings.Cut(name, " ")
		if e.Field != field || e.Attempts != 0 {
			t.Errorf("%s: %+v", name, e)
		}
	}
	if s.count() != 0 {
		t.Errorf("%d requests", s.count())
	}
}

func TestWhatDoesNotFitABlockIsNotSent(t *testing.T) {
	t.Parallel()
	s := newService(t, replies(done()))
	c := newTestClient(t, s)
	if c.MaxPlaintextBytes() != 214 || MaxPlaintextBytes(&wechatKey().PublicKey) != 214 {
		t.Fatalf("MaxPlaintextBytes %d", c.MaxPlaintextBytes())
	}
	req := importRequest()
	req.UserInformation = &UserInformation{CommonFields: []CommonField{{Name: "USER_FORM_FLAG_NAME", Value: "a"}, {Name: "USER_FORM_FLAG_ADDRESS", Value: Personal(strings.Repeat("x", 215))}}}
	_, err := c.ImportByPhone(t.Context(), req)
	e := wantError(t, err, KindEncrypt, false)
	if e.Field != "user_information.common_field_list.1.value" || e.Attempts != 0 || strings.Contains(err.Error(), "xx") || !strings.Contains(err.Error(), "at most 214") || s.count() != 0 {
		t.Errorf("%d requests: %+v", s.count(), e)
	}
	req.UserInformation.CommonFields[1].Value = Personal(strings.Repeat("x", 214))
	if _, err := c.ImportByPhone(t.Context(), req); err != nil {
		t.Error(err)
	}
}

// The openid of an import cannot be had again, and a card that cannot be read fails every refresh:
// no field but the ids and the openid may cost them.
func TestOnlyTheIDsOfACardMustBeReadable(t *testing.T) {
	t.Parallel()
	encrypted := encryptFor(&merchantKey().PublicKey, "张三")
	forAnother := encryptFor(&otherKey().PublicKey, "李四")
	common := func(value any) map[string]any { return map[string]any{"name": "USER_FORM_FLAG_NAME", "value": value} }
	for name, tc := range map[string]struct {
		changes map[string]any
		unread  string
		// absent clears in the whole card what must not be there.
		absent func(*UserCard)
	}{
		"phone number of another key":   {map[string]any{"phone_number": forAnother}, "phone_number", func(c *UserCard) { c.PhoneNumber = "" }},
		"phone number in the clear":     {map[string]any{"phone_number": testPhone}, "phone_number", func(c *UserCard) { c.PhoneNumber = "" }},
		"phone number that is a number": {map[string]any{"phone_number": 13800138000}, "phone_number", func(c *UserCard) { c.PhoneNumber = "" }},
		"no phone number":               {map[string]any{"phone_number": nil}, "", func(c *UserCard) { c.PhoneNumber = "" }},
		"texts of other types": {
			map[string]any{"level": 3, "attach": map[string]any{"a": 1}, "card_type": []any{}, "user_card_state": true},
			"attach card_type level user_card_state", func(c *UserCard) { c.Level, c.CardType, c.UserCardState = "", "", "" },
		},
		"fields that the page requires are missing": {
			map[string]any{"card_type": nil, "valid_date_information": nil, "pickup_time": nil, "user_card_state": nil, "create_time": nil, "modify_time": nil},
			"", func(c *UserCard) {
				*c = UserCard{CardRef: c.CardRef, CardColor: c.CardColor, CardPictureURL: c.CardPictureURL, PhoneNumber: c.PhoneNumber, Level: c.Level}
			},
		},
		"null":                     {map[string]any{"level": json.RawMessage("null"), "user_information": json.RawMessage("null"), "unknown": 1}, "", func(c *UserCard) { c.Level = "" }},
		"validity of another type": {map[string]any{"valid_date_information": "forever"}, "valid_date_information", func(c *UserCard) { c.ValidDateInformation = nil }},
		"days that are no number": {
			map[string]any{"valid_date_information": map[string]any{"type": "PERMANENT", "available_day_after_receive": "many", "surplus": 1}},
			"valid_date_information", func(*UserCard) {},
		},
		"form of another type": {map[string]any{"user_information": []any{1}}, "user_information", func(*UserCard) {}},
		"empty form":           {map[string]any{"user_information": map[string]any{"common_field_list": nil}}, "", func(*UserCard) {}},
		"one field of the form of another key": {
			map[string]any{"user_information": map[string]any{"common_field_list": []any{common(forAnother), common(encrypted), 1, common(7)}}},
			"user_information",
			func(c *UserCard) {
				c.UserInformation = &UserInformation{CommonFields: []CommonField{{"USER_FORM_FLAG_NAME", "张三"}}}
			},
		},
		// One of two choices would look like a choice that was taken back.
		"one choice of another key": {
			map[string]any{"user_information": map[string]any{"custom_field_list": []any{map[string]any{"name": "运动", "user_chosen_values": []any{encrypted, forAnother}}}}},
			"user_information", func(*UserCard) {},
		},
	} {
		for operation, read := range map[string]func(*Client) (*UserCard, error){
			"import by phone":  func(c *Client) (*UserCard, error) { return c.ImportByPhone(t.Context(), importRequest()) },
			"import by openid": func(c *Client) (*UserCard, error) { return c.ImportByOpenID(t.Context(), openIDRequest()) },
			"get":              func(c *Client) (*UserCard, error) { return c.GetUserCard(t.Context(), cardRef()) },
			"modify": func(c *Client) (*UserCard, error) {
				return c.ModifyUserCard(t.Context(), ModifyUserCardRequest{CardRef: cardRef()})
			},
			"list": func(c *Client) (*UserCard, error) {
				for card, err := range c.ListUserCards(t.Context(), ListUserCardsRequest{BrandID: testBrand, OpenID: testOpenID}) {
					return card, err
				}
				return nil, nil
			},
		} {
			t.Run(name+" "+operation, func(t *testing.T) {
				t.Parallel()
				body := cardJSON(tc.changes)
				if operation == "list" {
					body = `{"total_count":1,"data":[` + body + `]}`
				}
				card, err := read(newTestClient(t, newService(t, replies(reply{body: body}))))
				if err != nil {
					t.Fatal(err)
				}
				want := &UserCard{
					CardRef: cardRef(), CardColor: "#FFFF00", CardPictureURL: "https://wxpaylogo.qpic.cn/a/0", CardType: CardTypeNormal,
					PhoneNumber: testPhone, Level: "钻石会员", ValidDateInformation: &ValidDateInformation{Type: ValidDatePermanent},
					PickupTime: testTime, UserCardState: UserCardStateEffective, CreateTime: testTime, ModifyTime: testTime,
				}
				tc.absent(want)
				slices.Sort(card.Unread)
				if got := strings.Join(card.Unread, " "); got != tc.unread {
					t.Errorf("unread %q, want %q", got, tc.unread)
				}
				card.Unread = nil
				if !reflect.DeepEqual(card, want) {
					t.Errorf("got %+v, want %+v", card, want)
				}
			})
		}
	}
}

func TestOpenIDOfAnAnswerIsCheckedBeforeItIsUsed(t *testing.T) {
	t.Parallel()
	for name, openID := range map[string]any{
		"too long": strings.Repeat("o", 129), "line end": "o\n1", "escape": "o\x1b[0m", "space": "o 1", "a slash": "o/1", "letters of another alphabet": "ｏ1",
		"empty": "", "null": json.RawMessage("null"), "number": 1, "absent": nil,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newService(t, replies(reply{body: cardJSON(map[string]any{"openid": openID})}))
			_, err := newTestClient(t, s, func(c *Config) { c.MaxRetries = 0 }).ImportByPhone(t.Context(), importRequest())
			e := wantError(t, err, KindAnswer, true)
			checkPrintable(t, e.Error())
			if text, _ := openID.(string); text != "" && strings.Contains(e.Error(), text) {
				t.Errorf("%q shows the openid", e.Error())
			}
		})
	}
	s := newService(t, replies(reply{body: cardJSON(map[string]any{"openid": strings.Repeat("o", 128)})}))
	if _, err := newTestClient(t, s).ImportByPhone(t.Context(), importRequest()); err != nil {
		t.Error(err)
	}
}

// Ids are strings by the pages. One that is written as a number must not cost the openid.
func TestIDsOfAnAnswerMayBeNumbers(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		changes map[string]any
		kind    Kind
	}{
		"numbers":        {map[string]any{"brand_id": json.RawMessage(testBrand), "user_card_code": json.RawMessage(testCode)}, ""},
		"another number": {map[string]any{"brand_id": 1005}, KindAnswer},
		"a fraction":     {map[string]any{"brand_id": json.RawMessage("1004.0")}, KindAnswer},
		"a list":         {map[string]any{"brand_id": []string{testBrand}}, KindAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newService(t, replies(reply{body: cardJSON(tc.changes)}))
			card, err := newTestClient(t, s, func(c *Config) { c.MaxRetries = 0 }).ImportByPhone(t.Context(), importRequest())
			if tc.kind != "" {
				wantError(t, err, tc.kind, true)
				return
			}
			if err != nil || card.CardRef != cardRef() || len(card.Unread) > 0 {
				t.Errorf("got %+v and %v", card, err)
			}
		})
	}
}

func TestInvalidateReturnsTheStateOfTheAnswer(t *testing.T) {
	t.Parallel()
	for _, state := range []UserCardState{UserCardStateEffective, UserCardStateInvalid, ""} {
		s := newService(t, replies(reply{body: cardJSON(map[string]any{"user_card_state": string(state)})}))
		card, err := newTestClient(t, s).InvalidateUserCard(t.Context(), InvalidateUserCardRequest{CardRef: cardRef()})
		if err != nil || card.UserCardState != state {
			t.Errorf("got %+v and %v, want state %q", card, err, state)
		}
	}
}

func TestWholeCardIsDecrypted(t *testing.T) {
	t.Parallel()
	for2 := func(text string) string { return encryptFor(&merchantKey().PublicKey, text) }
	s := newService(t, replies(reply{body: cardJSON(map[string]any{
		"valid_date_information": map[string]any{"type": "FIX_TERM", "available_begin_time": testTime, "available_end_time": testTime, "available_day_after_receive": 30},
		"user_information": map[string]any{
			"common_field_list": []any{map[string]any{"name": "USER_FORM_FLAG_NAME", "value": for2("张三")}},
			"custom_field_list": []any{map[string]any{"name": "喜欢的运动", "user_chosen_values": []any{for2("游泳"), for2("跑步")}}},
		},
		"attach": "a", "invalid_reason": "r", "invalid_time": testTime,
	})}))
	card, err := newTestClient(t, s).GetUserCard(t.Context(), cardRef())
	if err != nil {
		t.Fatal(err)
	}
	date := ValidDateInformation{ValidDateFixTerm, testTime, testTime, 30}
	if *card.ValidDateInformation != date || card.Attach != "a" || card.InvalidReason != "r" || card.InvalidTime != testTime || card.PhoneNumber != testPhone {
		t.Errorf("got %+v with %+v", card, card.ValidDateInformation)
	}
	info := card.UserInformation
	if len(info.CommonFields) != 1 || info.CommonFields[0] != (CommonField{"USER_FORM_FLAG_NAME", "张三"}) ||
		len(info.CustomFields) != 1 || info.CustomFields[0].Name != "喜欢的运动" || !slices.Equal(info.CustomFields[0].UserChosenValues, []Personal{"游泳", "跑步"}) {
		t.Error("the form came out as something else")
	}
}
