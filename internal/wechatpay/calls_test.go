// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
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
		for name, values := range resp.Header {
			w.Header()[name] = values
		}
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

	card, err := client.ImportByPhone(t.Context(), ImportByPhoneRequest{
		BrandID: testBrand, CardID: testCard, PhoneNumber: testPhone, UserCardCode: testCode,
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
	if *card.ValidDateInformation != *want.ValidDateInformation {
		t.Errorf("validity %+v", card.ValidDateInformation)
	}
	card.ValidDateInformation, want.ValidDateInformation = nil, nil
	if *card != *want {
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
		text = strings.Replace(text, ciphertext, opened(t, wechatKey(), ciphertext), 1)
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
