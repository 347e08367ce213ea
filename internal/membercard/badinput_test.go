// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"golang.org/x/text/width"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/provider"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// badInput is a configuration that must be refused before anything is sent.
type badInput struct {
	// changes to a member that is right, as in plain.
	changes map[string]any
	// at is the attribute at which the error must be; empty for a value that the member filled
	// in, since Terraform prints the configuration's lines at an attribute. says is a part of
	// the error that tells what would be right.
	at, says string
	// planned: only a plan can know, because the clock or the provider's key decides.
	planned bool
}

// tableNow is the time at which the rows of the table are planned.
func tableNow() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }

func atTableNow(d time.Duration) string { return tableNow().Add(d).Format(time.RFC3339Nano) }

func permanent(changes map[string]any) map[string]any {
	return map[string]any{"valid_date_information": with(map[string]any{"type": "PERMANENT"}, changes)}
}

// fixTerm is a validity of 30 days from a day before tableNow on; changes are to the
// validity, pickup is the time of receipt.
func fixTerm(pickup any, changes map[string]any) map[string]any {
	return map[string]any{
		"pickup_time":            pickup,
		"valid_date_information": with(map[string]any{"type": "FIX_TERM", "available_day_after_receive": 30}, changes),
	}
}

func fixTimeRange(changes map[string]any) map[string]any {
	return map[string]any{"valid_date_information": with(map[string]any{
		"type": "FIX_TIME_RANGE", "available_begin_time": "2020-01-01T00:00:00+08:00", "available_end_time": "2099-12-31T23:59:59+08:00",
	}, changes)}
}

func commonFields(fields map[string]any) map[string]any {
	return map[string]any{"user_information": map[string]any{"common_fields": fields}}
}

func customFields(fields map[string]any) map[string]any {
	return map[string]any{"user_information": map[string]any{"custom_fields": fields}}
}

const (
	emoji = "\U0001F389"
	// rare is a Chinese character of four UTF-8 bytes.
	rare = "\U00020BB7"
)

// badInputs are all rows. The name of none has a personal value in it.
func badInputs() map[string]badInput {
	rows := map[string]badInput{}
	for _, part := range []map[string]badInput{
		badTexts(), badIDs(), badLooks(), badPhones(), badTimes(), badValidities(), badUserInformation(), badPolicies(),
	} {
		for name, row := range part {
			if _, twice := rows[name]; twice {
				panic("two rows have the name " + name)
			}
			rows[name] = row
		}
	}
	return rows
}

// badTexts are what is wrong with any text: the documented length, in characters, and the
// characters that WeChat Pay refuses.
func badTexts() map[string]badInput {
	rows := map[string]badInput{}
	for attribute, most := range map[string]int{"level": 10, "attach": 256, "invalidate_reason": 32} {
		for what, bad := range map[string]struct{ value, says string }{
			"empty":                          {"", "Give one, or leave the attribute out"},
			"a character too long":           {strings.Repeat("a", most+1), fmt.Sprintf("1 to %d characters", most)},
			"too long in Chinese":            {strings.Repeat("钻", most+1), fmt.Sprintf("has %d characters", most+1)},
			"emoji":                          {"金卡" + emoji, "Character 3"},
			"character of four bytes":        {rare + "野家", "one to three bytes"},
			"line break":                     {"金\n卡", "control character"},
			"tab":                            {"金\t", "control character"},
			"null character":                 {"\x00", "control character"},
			"delete character":               {"金\x7f", "control character"},
			"control character beyond ASCII": {"金\u0085", "control character"},
			"invisible character":            {"金\u200b卡", "is invisible"},
			"mark from right to left":        {"金\u202e卡", "is invisible"},
			"replacement character":          {"金\ufffd", "replacement character"},
		} {
			if attribute == "attach" && (what == "line break" || what == "tab") {
				continue // what the merchant attaches may be several lines
			}
			changes := map[string]any{attribute: bad.value}
			if attribute == "invalidate_reason" {
				changes["deletion_policy"] = "invalidate"
			}
			rows[attribute+": "+what] = badInput{changes: changes, at: attribute, says: bad.says}
		}
	}
	return rows
}

func badIDs() map[string]badInput {
	rows := map[string]badInput{}
	for attribute, most := range map[string]int{"brand_id": 32, "card_id": 32, "openid": 128} {
		says := fmt.Sprintf("1 to %d letters, digits and half-width punctuation", most)
		for what, value := range map[string]string{
			"empty":                "",
			"a character too long": strings.Repeat("1", most+1),
			"too long in Chinese":  strings.Repeat("钻", most+1),
			"space":                "10 04",
			"space at the end":     "1004 ",
			"Chinese":              "品牌",
			"full-width":           "１００４",
			"slash":                "10/04",
			"emoji":                "1004" + emoji,
			"line break":           "1004\n",
			"delete character":     "1004\x7f",
		} {
			rows[attribute+": "+what] = badInput{changes: map[string]any{attribute: value}, at: attribute, says: says}
		}
	}
	for what, value := range map[string]string{
		"empty":                     "",
		"a character too long":      strings.Repeat("1", 33),
		"space":                     "VIP 0001",
		"space before":              " VIP-0001",
		"space after":               "VIP-0001 ",
		"space that does not break": "VIP\u00a00001",
		"ideographic space":         "VIP\u30000001",
		"Chinese":                   "会员0001",
		"full-width hyphen":         "VIP－0001",
		"full-width comma":          "VIP，0001",
		"full-width digits":         "VIP-０００１",
		"letter with an accent":     "VIP-é",
		"Cyrillic letter":           "VIР-0001",
		"dash":                      "VIP–0001",
		"emoji":                     "VIP" + emoji,
		"line break":                "VIP-0001\n",
		"tab":                       "VIP\t0001",
		"null character":            "VIP\x00",
		"delete character":          "VIP\x7f",
		"invisible character":       "VIP\u200b0001",
	} {
		rows["user_card_code: "+what] = badInput{
			changes: map[string]any{"user_card_code": value}, at: "user_card_code", says: "1 to 32 digits, English letters and half-width punctuation",
		}
	}
	for _, attribute := range []string{"card_id", "user_card_code"} {
		rows[attribute+": missing"] = badInput{changes: map[string]any{attribute: nil}, at: attribute, says: "required"}
		rows[attribute+": empty, and cannot be left out"] = badInput{changes: map[string]any{attribute: ""}, at: attribute, says: "Give one"}
	}
	return rows
}

func badLooks() map[string]badInput {
	rows := map[string]badInput{}
	for what, value := range map[string]string{
		"empty": "", "without #": "FFFF00", "three digits": "#FF0", "a digit too few": "#FFFF0", "a digit too many": "#FFFF000",
		"not hexadecimal": "#GGGGGG", "a name": "yellow", "rgb()": "rgb(255,255,0)", "full-width #": "＃FFFF00",
		"full-width digits": "#ＦＦＦＦ００", "space before": " #FFFF00", "line break after": "#FFFF00\n", "emoji": "#FFFF0" + emoji,
	} {
		rows["card_color: "+what] = badInput{changes: map[string]any{"card_color": value}, at: "card_color", says: "#RRGGBB"}
	}
	for what, value := range map[string]string{
		"empty": "", "a character too long": "https://wxpaylogo.example.com/" + strings.Repeat("p", 227),
		"no scheme": "wxpaylogo.example.com/0", "no scheme but a host": "//wxpaylogo.example.com/0", "a path": "/card.png",
		"another scheme": "ftp://wxpaylogo.example.com/0", "a script": "javascript:alert(1)", "a data URL": "data:image/png;base64,AAAA",
		"no host": "https://", "no host but a path": "https:///card.png", "no host but a port": "https://:443/0",
		"space": "https://wxpaylogo.example.com/a b", "Chinese": "https://wxpaylogo.example.com/会员", "emoji": "https://wxpaylogo.example.com/" + emoji,
		"control character": "https://wxpaylogo.example.com/\x00", "line break after": "https://wxpaylogo.example.com/0\n",
		"a user name": "https://vip@wxpaylogo.example.com/0", "a user name and a password": "https://vip:secret@wxpaylogo.example.com/0",
		"a bad escape": "https://wxpaylogo.example.com/%zz", "a bad address": "https://[::1/0",
	} {
		rows["card_picture_url: "+what] = badInput{changes: map[string]any{"card_picture_url": value}, at: "card_picture_url", says: "WeChat Pay's picture upload returned"}
	}
	return rows
}

const normalizePhone = "provider::wechatpay::normalize_phone"

func badPhones() map[string]badInput {
	rows := map[string]badInput{}
	for what, bad := range map[string]struct{ value, says string }{
		"empty":                              {"", "is empty"},
		"a space":                            {" ", "has only spaces"},
		"a digit too few":                    {"1380013800", "eleven digits"},
		"a digit too many":                   {"138001380000", "eleven digits"},
		"no mobile prefix":                   {"12800138000", "13 to 19"},
		"letter O for zero":                  {"138OO138OOO", "other than digits"},
		"letters":                            {"mobile", "other than digits"},
		"landline":                           {"0755-26001234", "eleven digits"},
		"landline with brackets":             {"(010)62001234", "eleven digits"},
		"trunk zero":                         {"013800138000", "eleven digits"},
		"country code with plus":             {"+8613800138000", normalizePhone},
		"country code and space":             {"+86 13800138000", normalizePhone},
		"country code with 00":               {"008613800138000", normalizePhone},
		"only a country code":                {"8613800138000", normalizePhone},
		"country code, landline":             {"+8675526001234", "begin with 13 to 19"},
		"spaces":                             {"138 0013 8000", normalizePhone},
		"space before":                       {" 13800138000", normalizePhone},
		"line break after":                   {"13800138000\n", normalizePhone},
		"ideographic space":                  {"138\u30000013\u30008000", normalizePhone},
		"hyphens":                            {"138-0013-8000", normalizePhone},
		"full-width digits":                  {"１３８００１３８０００", normalizePhone},
		"full-width plus":                    {"＋85291234567", normalizePhone},
		"invisible character":                {"\u200b13800138000", normalizePhone},
		"mark from right to left":            {"\u202e13800138000", "right to left"},
		"quantity of a spreadsheet":          {"1.39E+10", "format the cell as text"},
		"decimal places of a spreadsheet":    {"13800138000.0", "format the cell as text"},
		"two numbers":                        {"13800138000/13800138999", "other than digits"},
		"extension":                          {"13800138000x12", "other than digits"},
		"emoji":                              {"13800138000" + emoji, "other than digits"},
		"null character":                     {"13800138000\x00", "other than digits"},
		"only a plus":                        {"+", "no digits"},
		"unknown country":                    {"+99913800138000", "country code"},
		"too short for its country":          {"+1202555012", "not possible in its country"},
		"too long for its country":           {"+44770090012345", "not possible in its country"},
		"plus before a mainland number":      {"+13800138000", "not possible in its country"},
		"foreign number with 00":             {"0085291234567", normalizePhone},
		"foreign number with spaces":         {"+852 9123 4567", normalizePhone},
		"foreign number with a trunk prefix": {"+4407700900123", normalizePhone},
		"foreign number without plus":        {"85291234567", "eleven digits"},
	} {
		rows["phone_number: "+what] = badInput{changes: map[string]any{"phone_number": bad.value}, at: "phone_number", says: bad.says}
		rows["phone_number_wo: "+what] = badInput{
			changes: map[string]any{"phone_number": nil, "phone_number_wo": bad.value, "phone_number_wo_version": 1}, at: "phone_number_wo", says: bad.says,
		}
	}
	rows["phone_number: neither this nor openid"] = badInput{changes: map[string]any{"phone_number": nil}, says: "Give openid, or phone_number"}
	rows["phone_number: both"] = badInput{
		changes: map[string]any{"phone_number_wo": otherPhone, "phone_number_wo_version": 1}, at: "phone_number", says: "Give either phone_number",
	}
	rows["phone_number_wo: without its version"] = badInput{
		changes: map[string]any{"phone_number": nil, "phone_number_wo": samplePhone}, at: "phone_number_wo", says: "phone_number_wo_version",
	}
	rows["phone_number_wo_version: without the phone number"] = badInput{
		changes: map[string]any{"phone_number_wo_version": 1}, at: "phone_number_wo_version", says: "phone_number_wo",
	}
	rows["phone_number_wo_version: a fraction"] = badInput{
		changes: map[string]any{"phone_number": nil, "phone_number_wo": samplePhone, "phone_number_wo_version": 1.5}, at: "phone_number_wo_version", says: "has a fraction",
	}
	return rows
}

func badTimes() map[string]badInput {
	rows := map[string]badInput{}
	for what, value := range map[string]string{
		"empty": "", "no offset": "2020-05-20T13:29:35", "a date": "2020-05-20", "no seconds": "2020-05-20T13:29+08:00",
		"comma fraction": "2020-05-20T13:29:35,120+08:00", "empty fraction": "2020-05-20T13:29:35.+08:00",
		"lower-case t": "2020-05-20t13:29:35+08:00", "lower-case z": "2020-05-20T13:29:35z", "space for T": "2020-05-20 13:29:35+08:00",
		"13th month": "2020-13-20T13:29:35+08:00", "month 0": "2020-00-20T13:29:35+08:00",
		"impossible date": "2021-02-29T13:29:35+08:00", "31st of April": "2020-04-31T13:29:35+08:00", "day 0": "2020-05-00T13:29:35+08:00",
		"hour 24": "2020-05-20T24:00:00+08:00", "minute 60": "2020-05-20T13:60:35+08:00", "leap second": "2016-12-31T23:59:60Z",
		"hour of one digit": "2020-05-20T3:29:35+08:00", "month of one digit": "2020-5-20T13:29:35+08:00", "year of two digits": "20-05-20T13:29:35+08:00",
		"offset without colon": "2020-05-20T13:29:35+0800", "offset of hours": "2020-05-20T13:29:35+08",
		"offset of 24 hours": "2020-05-20T13:29:35+24:00", "offset of 60 minutes": "2020-05-20T13:29:35+07:60", "name of a zone": "2020-05-20T13:29:35 CST",
		"a character too long": "2020-05-20T13:29:35.1234567+08:00", "Unix time": "1589952575", "slashes": "2020/05/20T13:29:35+08:00",
		"Chinese": "2020年5月20日", "full-width": "２０２０-05-20T13:29:35+08:00", "line break after": "2020-05-20T13:29:35Z\n", "space before": " 2020-05-20T13:29:35Z",
	} {
		rows["pickup_time: "+what] = badInput{changes: map[string]any{"pickup_time": value}, at: "pickup_time", says: "RFC 3339 with an offset"}
	}
	for _, name := range []string{"available_begin_time", "available_end_time"} {
		for what, value := range map[string]string{
			"empty": "", "no offset": "2020-05-20T13:29:35", "comma fraction": "2020-05-20T13:29:35,120+08:00", "lower-case t": "2020-05-20t13:29:35+08:00",
			"13th month": "2020-13-20T13:29:35+08:00", "impossible date": "2021-02-29T13:29:35+08:00", "a character too long": "2020-05-20T13:29:35.1234567+08:00",
			"offset of 24 hours": "2020-05-20T13:29:35-24:00",
		} {
			rows[name+": "+what] = badInput{changes: fixTimeRange(map[string]any{name: value}), at: "valid_date_information." + name, says: "RFC 3339 with an offset"}
		}
	}
	for what, d := range map[string]time.Duration{"now": 0, "in the future": time.Second, "a nanosecond ahead": time.Nanosecond} {
		rows["pickup_time: "+what] = badInput{changes: map[string]any{"pickup_time": atTableNow(d)}, at: "pickup_time", says: "must be before now", planned: true}
		rows["pickup_time: "+what+", FIX_TERM"] = badInput{changes: fixTerm(atTableNow(d), nil), at: "pickup_time", says: "must be before now", planned: true}
	}
	rows["pickup_time: now in another zone"] = badInput{
		changes: map[string]any{"pickup_time": "2026-03-01T20:00:00+08:00"}, at: "pickup_time", says: "must be before now", planned: true,
	}
	return rows
}

func badValidities() map[string]badInput {
	const (
		begin = "valid_date_information.available_begin_time"
		end   = "valid_date_information.available_end_time"
		days  = "valid_date_information.available_day_after_receive"
		typ   = "valid_date_information.type"
	)
	yesterday := atTableNow(-24 * time.Hour)
	rows := map[string]badInput{
		"type: empty":                     {changes: permanent(map[string]any{"type": ""}), at: typ, says: `"FIX_TIME_RANGE" "FIX_TERM" "PERMANENT"`},
		"type: lower case":                {changes: permanent(map[string]any{"type": "permanent"}), at: typ, says: `"PERMANENT"`},
		"type: unknown to WeChat Pay":     {changes: permanent(map[string]any{"type": "FOREVER"}), at: typ, says: `"PERMANENT"`},
		"type: missing":                   {changes: permanent(map[string]any{"type": nil}), at: typ, says: "required"},
		"range: without a begin":          {changes: fixTimeRange(map[string]any{"available_begin_time": nil}), at: begin, says: "needs available_begin_time"},
		"range: without an end":           {changes: fixTimeRange(map[string]any{"available_end_time": nil}), at: end, says: "needs available_end_time"},
		"range: with days":                {changes: fixTimeRange(map[string]any{"available_day_after_receive": 30}), at: days, says: "Leave it out"},
		"term: without days":              {changes: fixTerm(yesterday, map[string]any{"available_day_after_receive": nil}), at: days, says: "needs available_day_after_receive"},
		"term: without a time of receipt": {changes: fixTerm(nil, nil), at: "pickup_time", says: "set it to the time when the member received the card"},
		"term: with a begin":              {changes: fixTerm(yesterday, map[string]any{"available_begin_time": "2020-01-01T00:00:00+08:00"}), at: begin, says: "Leave it out"},
		"term: with an end":               {changes: fixTerm(yesterday, map[string]any{"available_end_time": "2099-01-01T00:00:00+08:00"}), at: end, says: "Leave it out"},
		"term: 0 days":                    {changes: fixTerm(yesterday, map[string]any{"available_day_after_receive": 0}), at: days, says: "a whole number from 1 to 10958"},
		"term: -1 days":                   {changes: fixTerm(yesterday, map[string]any{"available_day_after_receive": -1}), at: days, says: "a whole number from 1 to 10958"},
		"term: a day too many":            {changes: fixTerm(yesterday, map[string]any{"available_day_after_receive": 10959}), at: days, says: "10958"},
		"term: days without end":          {changes: fixTerm(yesterday, map[string]any{"available_day_after_receive": 1e30}), at: days, says: "10958"},
		"term: half a day":                {changes: fixTerm(yesterday, map[string]any{"available_day_after_receive": 1.5}), at: days, says: "has a fraction"},
		"permanent: with a begin":         {changes: permanent(map[string]any{"available_begin_time": "2020-01-01T00:00:00+08:00"}), at: begin, says: "Leave it out"},
		"permanent: with an end":          {changes: permanent(map[string]any{"available_end_time": "2099-01-01T00:00:00+08:00"}), at: end, says: "Leave it out"},
		"permanent: with days":            {changes: permanent(map[string]any{"available_day_after_receive": 30}), at: days, says: "Leave it out"},
		"range: begin is the end": {
			changes: fixTimeRange(map[string]any{"available_begin_time": "2099-12-31T23:59:59+08:00"}), at: end, says: "must be later than available_begin_time",
		},
		"range: begin is the end in another zone": {
			changes: fixTimeRange(map[string]any{"available_begin_time": "2099-12-31T15:59:59Z"}), at: end, says: "must be later than available_begin_time",
		},
		"range: begin after the end": {
			changes: fixTimeRange(map[string]any{"available_begin_time": "2100-01-01T00:00:00+08:00"}), at: end, says: "must be later than available_begin_time",
		},
		"range: begin after the end in another zone": {
			changes: fixTimeRange(map[string]any{"available_begin_time": "2099-12-31T16:00:00Z"}), at: end, says: "must be later than available_begin_time",
		},
		"range: over now":              {changes: fixTimeRange(map[string]any{"available_end_time": atTableNow(0)}), at: end, says: "imports no expired card", planned: true},
		"range: over a second ago":     {changes: fixTimeRange(map[string]any{"available_end_time": atTableNow(-time.Second)}), at: end, says: "imports no expired card", planned: true},
		"range: over, in another zone": {changes: fixTimeRange(map[string]any{"available_end_time": "2026-03-01T20:00:00+08:00"}), at: end, says: "imports no expired card", planned: true},
		"term: over now":               {changes: fixTerm(atTableNow(-30*24*time.Hour), nil), at: days, says: "imports no expired card", planned: true},
		"term: over a second ago":      {changes: fixTerm(atTableNow(-30*24*time.Hour-time.Second), nil), at: days, says: "imports no expired card", planned: true},
		"term: over, in another zone":  {changes: fixTerm("2026-01-30T20:00:00+08:00", nil), at: days, says: "imports no expired card", planned: true},
	}
	return rows
}

func badUserInformation() map[string]badInput {
	cityOf := func(value any) map[string]any { return commonFields(map[string]any{"USER_FORM_FLAG_CITY": value}) }
	sport := func(values ...any) map[string]any { return customFields(map[string]any{"喜欢的运动": values}) }
	return map[string]badInput{
		"user_information: empty":                 {changes: map[string]any{"user_information": map[string]any{}}, says: "Give common_fields, custom_fields or both"},
		"common_fields: empty":                    {changes: commonFields(map[string]any{}), says: "Give a value, or leave it out"},
		"custom_fields: empty":                    {changes: customFields(map[string]any{}), says: "Give a value, or leave it out"},
		"common_fields: unknown name":             {changes: commonFields(map[string]any{"USER_FORM_FLAG_HOBBY": "登山与长跑"}), says: "USER_FORM_FLAG_BIRTHDAY"},
		"common_fields: name in lower case":       {changes: commonFields(map[string]any{"user_form_flag_city": "深圳市南山区"}), says: "USER_FORM_FLAG_CITY"},
		"common_fields: name without its prefix":  {changes: commonFields(map[string]any{"CITY": "深圳市南山区"}), says: "USER_FORM_FLAG_CITY"},
		"common_fields: empty name":               {changes: commonFields(map[string]any{"": "深圳市南山区"}), says: "USER_FORM_FLAG_CITY"},
		"common_fields: empty value":              {changes: cityOf(""), says: "is empty"},
		"common_fields: no value":                 {changes: cityOf(nil), says: "leave the name out"},
		"common_fields: emoji":                    {changes: cityOf("深圳市南山区" + emoji), says: "one to three bytes"},
		"common_fields: character of four bytes":  {changes: cityOf("深圳市南山区" + rare), says: "one to three bytes"},
		"common_fields: line break":               {changes: cityOf("深圳市\n南山区"), says: "control character"},
		"common_fields: null character":           {changes: cityOf("深圳市南山区\x00"), says: "control character"},
		"common_fields: a byte too long":          {changes: cityOf(strings.Repeat("Shenzhen", 27)[:215]), says: "at most 214", planned: true},
		"common_fields: a byte too long, Chinese": {changes: cityOf(strings.Repeat("深圳市", 24)[:213] + "ab"), says: "215 bytes", planned: true},
		"common_fields: too long only in Chinese": {changes: cityOf(strings.Repeat("深圳市", 24)), says: "A Chinese character takes three", planned: true},
		"common_fields: an e-mail address too long": {
			changes: commonFields(map[string]any{"USER_FORM_FLAG_EMAIL": strings.Repeat("sample", 34) + "@example.com"}),
			says:    "at most 214", planned: true,
		},
		"custom_fields: empty name":                  {changes: customFields(map[string]any{"": []any{"篮球运动俱乐部"}}), says: "The name is empty"},
		"custom_fields: emoji in a name":             {changes: customFields(map[string]any{"运动" + emoji: []any{"篮球运动俱乐部"}}), says: "one to three bytes"},
		"custom_fields: control character in a name": {changes: customFields(map[string]any{"运动\t": []any{"篮球运动俱乐部"}}), says: "control character"},
		"custom_fields: no list":                     {changes: customFields(map[string]any{"喜欢的运动": nil}), says: "leave the name out"},
		"custom_fields: empty list":                  {changes: sport(), says: "has an empty list"},
		"custom_fields: no value":                    {changes: sport("篮球运动俱乐部", nil), says: "leave it out of the list"},
		"custom_fields: empty value":                 {changes: sport("篮球运动俱乐部", ""), says: "is empty"},
		"custom_fields: emoji":                       {changes: sport("篮球运动俱乐部" + emoji), says: "one to three bytes"},
		"custom_fields: line break":                  {changes: sport("篮球\n运动俱乐部"), says: "control character"},
		"custom_fields: a value twice":               {changes: sport("篮球运动俱乐部", "篮球运动俱乐部"), says: "Give each value once"},
		"custom_fields: a value twice, apart":        {changes: sport("篮球运动俱乐部", "足球", "篮球运动俱乐部"), says: "Values 1 and 3"},
		"custom_fields: a byte too long":             {changes: sport("足球", strings.Repeat("Football", 27)[:215]), says: "at most 214", planned: true},
		"custom_fields: a byte too long, Chinese":    {changes: sport(strings.Repeat("篮球场", 24)[:213] + "ab"), says: "215 bytes", planned: true},
	}
}

func badPolicies() map[string]badInput {
	rows := map[string]badInput{
		"timeouts: not a duration":      {changes: map[string]any{"timeouts": map[string]any{"create": "soon"}}, at: "timeouts.create", says: "unit suffix"},
		"timeouts: no unit":             {changes: map[string]any{"timeouts": map[string]any{"read": "10"}}, at: "timeouts.read", says: "unit suffix"},
		"timeouts: days":                {changes: map[string]any{"timeouts": map[string]any{"update": "1d"}}, at: "timeouts.update", says: "unit suffix"},
		"timeouts: empty":               {changes: map[string]any{"timeouts": map[string]any{"delete": ""}}, at: "timeouts.delete", says: "unit suffix"},
		"timeouts: nothing":             {changes: map[string]any{"timeouts": map[string]any{"create": "0s"}}, at: "timeouts.create", says: "longer than zero"},
		"timeouts: a negative duration": {changes: map[string]any{"timeouts": map[string]any{"delete": "-10m"}}, at: "timeouts.delete", says: "longer than zero"},
	}
	for attribute, choices := range map[string]string{
		"on_existing":     `"adopt" "verify" "error"`,
		"deletion_policy": `"abandon" "invalidate" "prevent"`,
	} {
		for what, value := range map[string]string{"empty": "", "upper case": "ADOPT", "unknown": "replace", "space": "prevent "} {
			rows[attribute+": "+what] = badInput{changes: map[string]any{attribute: value}, at: attribute, says: choices}
		}
	}
	return rows
}

// Everything that can be known is refused while planning, at the attribute, in words that
// say what would be right, with nothing sent and nothing personal shown.
func TestBadInput(t *testing.T) {
	t.Parallel()
	rows := badInputs()
	if len(rows) < 100 {
		t.Errorf("the table has %d rows", len(rows))
	}
	// Nothing is sent, so that all rows can share a mock.
	m := acctest.StartMock(t, mockserver.Options{})
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			// Each row is a run of its own: all are the same member.
			r := acctest.NewProcess(t, m, map[string]any{"check_templates": false}, provider.WithClock(tableNow)).Resource(resourceType)
			config := plain(row.changes)
			validated := r.Validate(config)
			if row.planned {
				if validated.HasErrors() {
					t.Errorf("refused before anything could know:\n%s", validated)
				}
			} else {
				row.check(t, validated)
			}
			row.check(t, r.Plan(tfdriver.State{}, config).Diagnostics)
		})
	}
	t.Cleanup(func() {
		if err := countRequests(m, none()); err != nil {
			t.Error(err)
		}
	})
}

// realTerraform are the rows that are tried through a real Terraform too: one of each kind of error.
func realTerraform() []string {
	return []string{
		"level: too long in Chinese", "phone_number_wo: without its version", "term: without a time of receipt", "common_fields: a byte too long, Chinese",
	}
}

func TestAccBadInput(t *testing.T) {
	t.Parallel()
	rows := badInputs()
	for _, name := range realTerraform() {
		row, ok := rows[name]
		if !ok {
			t.Fatalf("there is no row %q", name)
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := acctest.StartMock(t, mockserver.Options{})
			run(t, resource.TestStep{
				Config:      acctest.Config(acctest.ProviderBlock(m, "check_templates = false"), acctest.Member("test", expressions(plain(row.changes)))),
				PlanOnly:    true,
				ExpectError: wrapped(row.says),
			})
			if err := countRequests(m, none()); err != nil {
				t.Error(err)
			}
		})
	}
}

// wrapped matches text as Terraform prints it: with line breaks anywhere between words, and
// a frame beside them.
func wrapped(text string) *regexp.Regexp {
	words := strings.Fields(text)
	for i, word := range words {
		words[i] = regexp.QuoteMeta(word)
	}
	return regexp.MustCompile(strings.Join(words, `[\s│]+`))
}

// An id of an import into the state that cannot be right is refused without a request.
func TestBadImportIDs(t *testing.T) {
	t.Parallel()
	m := acctest.StartMock(t, mockserver.Options{})
	r := acctest.NewProcess(t, m, nil).Resource(resourceType)
	for name, row := range map[string]struct{ id, says string }{
		"nothing":             {"", "The id is empty"},
		"one part":            {"VIP-0001", "has 1 of 4 parts"},
		"two parts":           {"1004/VIP-0001", "has 2 of 4 parts"},
		"three parts":         {"1004/p/VIP-0001", "needs the openid"},
		"other separator":     {"1004,p,VIP-0001,oOpenID", "has 1 of 4 parts"},
		"empty brand":         {"/p/VIP-0001/oOpenID", "brand_id is empty"},
		"empty template":      {"1004//VIP-0001/oOpenID", "card_id is empty"},
		"empty code":          {"1004/p//oOpenID", "user_card_code is empty"},
		"empty openid":        {"1004/p/VIP-0001/", "needs the openid"},
		"nothing but slashes": {"///", "brand_id is empty"},
		"space before":        {" 1004/p/VIP-0001/oOpenID", "brand_id has a space"},
		"line end behind":     {"1004/p/VIP-0001/oOpenID\r", "part openid has a space"},
		"Chinese code":        {"1004/p/会员/oOpenID", "user_card_code has a space"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if state, diags := r.Import(row.id); state.Exists() || !diags.Errors().Contains(row.says) || !diags.Contains("brand_id/card_id/user_card_code/openid") {
				t.Errorf("want an error with %q, got:\n%s", row.says, diags)
			}
		})
	}
	t.Run("by identity", func(t *testing.T) {
		t.Parallel()
		identity := map[string]any{"brand_id": "1004", "card_id": "p", "user_card_code": "VIP 0001", "openid": "oOpenID"}
		if state, diags := r.ImportByIdentity(identity); state.Exists() || !diags.Errors().Contains("user_card_code has a space") {
			t.Errorf("want an error of a space, got:\n%s", diags)
		}
	})
	t.Cleanup(func() {
		if err := countRequests(m, none()); err != nil {
			t.Error(err)
		}
	})
}

// check compares the answer with the row.
func (row badInput) check(t *testing.T, diags tfdriver.Diagnostics) {
	t.Helper()
	if !diags.Errors().At(row.at).Contains(row.says) {
		t.Errorf("want an error at %s with %q, got:\n%s", row.at, row.says, diags)
	}
	for _, d := range diags {
		if d.Path != row.at {
			t.Errorf("another attribute is complained of: %s", d)
		}
		if strings.Contains(d.Summary, "bug") || strings.Contains(d.Detail, "bug") || strings.Contains(d.Detail, "error in the provider") {
			t.Errorf("the provider is blamed: %s", d)
		}
		for _, secret := range personal(plain(row.changes)) {
			if shown := leak(d.Summary+"\n"+d.Detail, secret); shown != "" {
				t.Errorf("the message shows %q of a personal value: %s", shown, d)
			}
		}
	}
}

// personal are the personal values of a configuration.
func personal(config map[string]any) []string {
	var values []string
	for _, name := range []string{"phone_number", "phone_number_wo"} {
		if phone, ok := config[name].(string); ok {
			values = append(values, phone, digitsOf(phone))
		}
	}
	info, _ := config["user_information"].(map[string]any)
	common, _ := info["common_fields"].(map[string]any)
	for _, value := range common {
		if s, ok := value.(string); ok {
			values = append(values, s)
		}
	}
	custom, _ := info["custom_fields"].(map[string]any)
	for _, list := range custom {
		chosen, _ := list.([]any)
		for _, value := range chosen {
			if s, ok := value.(string); ok {
				values = append(values, s)
			}
		}
	}
	return values
}

// leak returns a part of secret, of five characters or more, that text shows; a phone
// number also where other characters stand between its digits.
func leak(text, secret string) string {
	const least = 5
	runes := []rune(secret)
	for i := 0; i+least <= len(runes); i++ {
		part := string(runes[i : i+least])
		if strings.Contains(text, part) {
			return part
		}
	}
	if len(runes) >= 11 && digitsOf(secret) == secret && strings.Contains(digitsOf(text), secret) {
		return secret
	}
	return ""
}

// digitsOf are the digits of text, in ASCII, with nothing between.
func digitsOf(text string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsDigit(r) {
			return -1
		}
		return r
	}, width.Fold.String(text))
}

// The check for leaks finds what it looks for.
func TestLeak(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"the phone number 138****8000 is not right": false,
		"13800138000":              true,
		"the number 138-0013-8000": true,
		"it ends with 38000":       true,
		"it has the digits １３８００１３８０００": true,
		"HTTP 400": false,
	} {
		if got := leak(text, samplePhone) != ""; got != want {
			t.Errorf("leak in %q: %t", text, got)
		}
	}
}
