// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver_test

import (
	"strings"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

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
