// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

const testRequestNo = "1004-20260101-1"

// fullTemplateRequest is a template with every field set.
func fullTemplateRequest() CreateCardTemplateRequest {
	yes, no, price := true, false, int64(5_000_000_000)
	jump := func(path string) *JumpInformation { return &JumpInformation{JumpAppID: "wx2", JumpPath: path} }
	return CreateCardTemplateRequest{
		CardTemplateFixedSettings: CardTemplateFixedSettings{
			BrandID: testBrand, OutRequestNo: testRequestNo, AppID: "wx1", CardType: CardTypeNormal, CodeMode: CodeModeMerchant,
			CodeType: CodeTypeMiniProgram, InitLevel: "普通", LegalAgreement: "协议<1>",
		},
		CardTemplateSettings: CardTemplateSettings{
			CardTitle: "会员卡", CardColor: "#10AD61", CardPictureURL: "https://wxpaylogo.qpic.cn/a/0", CodeJumpInformation: jump("code"),
			Benefits: "积分抵现", NotifyURL: "https://merchant.example.com/notify", NeedPinned: &yes, NeedDisplayLevel: &no, ServicePhone: "4001234567",
			ValidDateInformation: &ValidDateInformation{Type: ValidDateFixTerm, AvailableBeginTime: testTime, AvailableEndTime: testTime, AvailableDayAfterReceive: 10958},
			MemberInformation:    jump("member"), PointsInformation: jump("points"), BalanceInformation: jump("balance"),
			PurchaseInformation: &PurchaseInformation{Price: &price, JumpAppID: "wx2", JumpPath: "purchase"},
			UserInformation: &TemplateUserInformation{
				CommonFields: []string{"USER_FORM_FLAG_NAME", "USER_FORM_FLAG_SEX"},
				CustomFields: []TemplateCustomField{{Type: CustomFieldRadio, Name: "运动", Values: []string{"游泳", "跑步"}}},
			},
		},
	}
}

// templateJSON is an answer with the fields of a request; changes replace or (nil) remove fields.
func templateJSON(changes map[string]any) string {
	request := fullTemplateRequest()
	text, err := json.Marshal(wireCreateTemplate{wireKeys{BrandID: testBrand}, request.CardTemplateFixedSettings, request.CardTemplateSettings})
	if err != nil {
		panic(err)
	}
	template := map[string]any{}
	if err := json.Unmarshal(text, &template); err != nil {
		panic(err)
	}
	template["card_id"], template["state"], template["create_time"], template["modify_time"] = testCard, "CARD_EFFECTIVE", testTime, testTime
	for name, value := range changes {
		if value == nil {
			delete(template, name)
		} else {
			template[name] = value
		}
	}
	if text, err = json.Marshal(template); err != nil {
		panic(err)
	}
	return string(text)
}

func wholeTemplate() *CardTemplate {
	request := fullTemplateRequest()
	return &CardTemplate{
		CardID: testCard, CardTemplateFixedSettings: request.CardTemplateFixedSettings, CardTemplateSettings: request.CardTemplateSettings,
		State: CardTemplateStateEffective, CreateTime: testTime, ModifyTime: testTime,
	}
}

// templateCalls are the calls whose answer is a template.
func templateCalls() map[Operation]func(context.Context, *Client) (*CardTemplate, error) {
	return map[Operation]func(context.Context, *Client) (*CardTemplate, error){
		OperationCreateTemplate: func(ctx context.Context, c *Client) (*CardTemplate, error) {
			return c.CreateCardTemplate(ctx, fullTemplateRequest())
		},
		OperationTemplate: func(ctx context.Context, c *Client) (*CardTemplate, error) {
			return c.GetCardTemplate(ctx, testBrand, testCard)
		},
		OperationModifyTemplate: func(ctx context.Context, c *Client) (*CardTemplate, error) {
			return c.ModifyCardTemplate(ctx, ModifyCardTemplateRequest{BrandID: testBrand, CardID: testCard, CardTemplateSettings: CardTemplateSettings{CardTitle: "新"}})
		},
		OperationInvalidateTemplate: func(ctx context.Context, c *Client) (*CardTemplate, error) {
			return c.InvalidateCardTemplate(ctx, testBrand, testCard)
		},
	}
}

func TestTemplateCallsReturnTheWholeTemplate(t *testing.T) {
	t.Parallel()
	for operation, call := range templateCalls() {
		s := newService(t, replies(reply{body: templateJSON(nil)}))
		template, err := call(t.Context(), newTestClient(t, s))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(wholeTemplate(), template); diff != "" {
			t.Errorf("%s: %s", operation, diff)
		}
	}
}

func TestTemplateRequestsAreWhatThePagesSay(t *testing.T) {
	t.Parallel()
	const base = "/v3/brand/partner/card-member/cards"
	for operation, want := range map[Operation]string{
		OperationTemplate:           "GET " + base + "/" + testCard + "?brand_id=1004",
		OperationModifyTemplate:     "PATCH " + base + "/" + testCard + ` {"brand_id":"1004","card_title":"新"}`,
		OperationInvalidateTemplate: "POST " + base + "/" + testCard + `/invalidate {"brand_id":"1004"}`,
	} {
		s := newService(t, replies(reply{body: templateJSON(nil)}))
		if _, err := templateCalls()[operation](t.Context(), newTestClient(t, s)); err != nil {
			t.Fatal(err)
		}
		r := s.all()[0]
		if got := strings.TrimSpace(r.method + " " + r.uri + " " + string(r.body)); got != want || !r.signedOK {
			t.Errorf("%s: got %s (signed %t)", operation, got, r.signedOK)
		}
	}
	s := newService(t, replies(reply{body: templateJSON(nil)}))
	if _, err := newTestClient(t, s).CreateCardTemplate(t.Context(), fullTemplateRequest()); err != nil {
		t.Fatal(err)
	}
	var got, want map[string]any
	if err := json.Unmarshal(s.all()[0].body, &got); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(`{
		"brand_id": "1004", "out_request_no": "1004-20260101-1", "appid": "wx1", "card_type": "NORMAL", "code_mode": "MERCHANT_ALLOCATE",
		"code_type": "JUMP_MINI_PROGRAM", "init_level": "普通", "legal_agreement": "协议<1>", "card_title": "会员卡", "card_color": "#10AD61",
		"card_picture_url": "https://wxpaylogo.qpic.cn/a/0", "code_jump_information": {"jump_appid": "wx2", "jump_path": "code"},
		"benefits": "积分抵现", "notify_url": "https://merchant.example.com/notify", "need_pinned": true, "need_display_level": false,
		"service_phone": "4001234567",
		"valid_date_information": {"type": "FIX_TERM", "available_begin_time": "`+testTime+`", "available_end_time": "`+testTime+`", "available_day_after_receive": 10958},
		"member_information": {"jump_appid": "wx2", "jump_path": "member"}, "points_information": {"jump_appid": "wx2", "jump_path": "points"},
		"balance_information": {"jump_appid": "wx2", "jump_path": "balance"},
		"purchase_information": {"price": 5000000000, "jump_appid": "wx2", "jump_path": "purchase"},
		"user_information": {
			"common_field_list": ["USER_FORM_FLAG_NAME", "USER_FORM_FLAG_SEX"],
			"custom_field_list": [{"type": "RADIO", "name": "运动", "values": ["游泳", "跑步"]}]
		}}`), &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestTemplateIsReadInEveryEditionOfThePage(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		changes map[string]any
		want    func(*CardTemplate)
	}{
		"first edition": {
			map[string]any{"modify_time": nil, "update_time": testTime, "out_request_no": nil, "member_information": nil},
			func(c *CardTemplate) { c.OutRequestNo, c.MemberInformation = "", nil },
		},
		"both times": {map[string]any{"update_time": "2019-01-01T00:00:00+08:00"}, func(*CardTemplate) {}},
		"common fields as objects": {
			map[string]any{"user_information": map[string]any{"common_field_list": []any{map[string]any{"name": "USER_FORM_FLAG_NAME"}, "USER_FORM_FLAG_SEX"}}},
			func(c *CardTemplate) { c.UserInformation.CustomFields = nil },
		},
		"objects that are null or empty": {
			map[string]any{"points_information": json.RawMessage("null"), "balance_information": map[string]any{}, "user_information": map[string]any{}, "purchase_information": map[string]any{}},
			func(c *CardTemplate) {
				c.PointsInformation, c.BalanceInformation, c.UserInformation, c.PurchaseInformation = nil, &JumpInformation{}, nil, &PurchaseInformation{}
			},
		},
		"other types": {
			map[string]any{"need_pinned": "yes", "card_title": 1, "points_information": "none", "purchase_information": map[string]any{"price": "free"}},
			func(c *CardTemplate) {
				c.NeedPinned, c.CardTitle, c.PointsInformation, c.PurchaseInformation = nil, "", nil, &PurchaseInformation{}
				c.Unread = []string{"card_title", "need_pinned", "points_information", "purchase_information"}
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newService(t, replies(reply{body: templateJSON(tc.changes)}))
			template, err := newTestClient(t, s).GetCardTemplate(t.Context(), testBrand, testCard)
			if err != nil {
				t.Fatal(err)
			}
			want := wholeTemplate()
			tc.want(want)
			if diff := cmp.Diff(want, template); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAnswerMustBeAboutTheTemplateThatWasSent(t *testing.T) {
	t.Parallel()
	for operation, call := range templateCalls() {
		for field, value := range map[string]any{"brand_id": "another", "card_id": "another", "out_request_no": "another"} {
			s := newService(t, replies(reply{body: templateJSON(map[string]any{field: value})}))
			_, err := call(t.Context(), newTestClient(t, s))
			creates := operation == OperationCreateTemplate
			if wrong := field == "brand_id" || creates == (field == "out_request_no"); !wrong {
				if err != nil {
					t.Errorf("%s, %s: %v", operation, field, err)
				}
				continue
			}
			e := wantError(t, err, KindAnswer, true)
			if s.count() != 1 || !strings.Contains(e.Error(), field) {
				t.Errorf("%s, %s: %d requests: %v", operation, field, s.count(), e)
			}
		}
	}
	for _, cardID := range []any{nil, "", "p 1", "p\n", 1} {
		s := newService(t, replies(reply{body: templateJSON(map[string]any{"card_id": cardID})}))
		_, err := newTestClient(t, s).CreateCardTemplate(t.Context(), fullTemplateRequest())
		wantError(t, err, KindAnswer, true)
		if s.count() != 1 {
			t.Errorf("card_id %v: %d requests", cardID, s.count())
		}
	}
}

// Whether a second create with the same out_request_no makes a second template is not documented.
func TestCreateOfATemplateIsNotRepeatedWhenItMayHaveBeenDone(t *testing.T) {
	t.Parallel()
	testKeys()
	created := reply{body: templateJSON(nil)}
	for name, tc := range map[string]struct {
		first   reply
		refuse  bool
		repeats bool
		kind    Kind
	}{
		"not connected":   {refuse: true, repeats: true},
		"429":             {first: refused(429, "RATELIMIT_EXCEEDED", "慢"), repeats: true},
		"500":             {first: refused(500, "SYSTEM_ERROR", "系统异常"), kind: KindSystem},
		"502":             {first: reply{status: 502, body: "<html>"}, kind: KindSystem},
		"202":             {first: reply{status: http.StatusAccepted}, kind: KindAccepted},
		"cut connection":  {first: reply{err: errReset}, kind: KindTransport},
		"cut answer":      {first: reply{body: "{", cut: errReset}, kind: KindTransport},
		"time-out":        {first: reply{hold: time.Hour}, kind: KindTransport},
		"wrong signature": {first: reply{body: templateJSON(nil), key: otherKey()}, kind: KindSignature},
		"signature probe": {first: reply{body: templateJSON(nil), tamper: probe}, kind: KindSignature},
		"no JSON":         {first: reply{body: "<html>"}, kind: KindAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newService(t, replies(tc.first, created))
				if tc.refuse {
					s.refuse = func(n int, _ string) error {
						if n == 0 {
							return errReset
						}
						return nil
					}
				}
				template, err := newTestClient(t, s).CreateCardTemplate(t.Context(), fullTemplateRequest())
				if tc.repeats {
					if err != nil || template.CardID != testCard || s.count() != 2 {
						t.Errorf("%d requests: %v", s.count(), err)
					}
					return
				}
				wantError(t, err, tc.kind, true)
				if s.count() != 1 {
					t.Errorf("%d requests", s.count())
				}
			})
		})
	}
}

func TestOtherTemplateCallsAreRepeated(t *testing.T) {
	t.Parallel()
	testKeys()
	for operation, call := range templateCalls() {
		if operation == OperationCreateTemplate {
			continue
		}
		t.Run(string(operation), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newService(t, replies(refused(500, "SYSTEM_ERROR", "系统异常"), reply{body: templateJSON(nil)}))
				if _, err := call(t.Context(), newTestClient(t, s)); err != nil || s.count() != 2 {
					t.Errorf("%d requests: %v", s.count(), err)
				}
			})
		})
	}
}

func TestTemplatesAreListedWithAllPages(t *testing.T) {
	t.Parallel()
	testKeys()
	page := func(total, from, to int) string {
		data := []json.RawMessage{}
		for i := from; i < to; i++ {
			data = append(data, json.RawMessage(templateJSON(map[string]any{"card_id": fmt.Sprintf("p%03d", i), "state": "CARD_INVALID"})))
		}
		text, err := json.Marshal(map[string]any{"total_count": total, "data": data})
		if err != nil {
			panic(err)
		}
		return string(text)
	}
	for _, total := range []int{0, 1, 20, 21, 45} {
		t.Run(strconv.Itoa(total), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newService(t, func(_ int, r *received) reply {
					offset, _ := strconv.Atoi(r.query.Get("offset"))
					return reply{body: page(total, offset, min(offset+20, total))}
				})
				var got []string
				for template, err := range newTestClient(t, s).ListCardTemplates(t.Context(), ListCardTemplatesRequest{BrandID: testBrand, State: CardTemplateStateInvalid}) {
					if err != nil {
						t.Fatal(err)
					}
					got = append(got, template.CardID)
				}
				for i, id := range got {
					if id != fmt.Sprintf("p%03d", i) {
						t.Errorf("element %d is %s", i, id)
					}
				}
				if want := max(1, (total+19)/20); len(got) != total || s.count() != want {
					t.Errorf("%d templates in %d requests, want %d in %d", len(got), s.count(), total, want)
				}
				if uri := s.all()[0].uri; uri != "/v3/brand/partner/card-member/cards?brand_id=1004&limit=20&offset=0&state=CARD_INVALID" {
					t.Errorf("got %s", uri)
				}
			})
		})
	}
	for name, body := range map[string]string{"data is absent": `{"total_count":0}`, "data is null": `{"total_count":0,"data":null}`} {
		s := newService(t, replies(reply{body: body}))
		for template, err := range newTestClient(t, s).ListCardTemplates(t.Context(), ListCardTemplatesRequest{BrandID: testBrand}) {
			t.Errorf("%s: got %v and %v", name, template, err)
		}
		if uri := s.all()[0].uri; strings.Contains(uri, "state") {
			t.Errorf("got %s", uri)
		}
	}
}

// In brand mode the page of this call defines no body and no Content-Type.
func TestTemplateIsInvalidatedWithoutABodyInBrandMode(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]reply{
		"done":     {body: templateJSON(map[string]any{"state": "CARD_INVALID", "brand_id": nil})},
		"time-out": {err: context.DeadlineExceeded},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newService(t, replies(answer))
			c := newTestClient(t, nil, func(c *Config) { c.Endpoint, c.MaxRetries = overHTTP(t, s), 0 })
			c.routes = brandRoutes()
			template, err := c.InvalidateCardTemplate(t.Context(), testBrand, testCard)
			r := s.all()[0]
			if _, ok := r.header["Content-Type"]; ok || len(r.body) != 0 || r.uri != "/brand/card-member/cards/"+testCard+"/invalidate" || !r.signedOK {
				t.Errorf("got %s with %v and %q (signed %t)", r.uri, r.header, r.body, r.signedOK)
			}
			if name == "done" {
				if err != nil || template.State != CardTemplateStateInvalid || template.BrandID != testBrand {
					t.Errorf("got %+v and %v", template, err)
				}
				return
			}
			// A write without a body that was sent may have been carried out, too.
			wantError(t, err, KindTransport, true)
		})
	}
}
