// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package phonenumber_test

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/phonenumber"
)

func TestNormalizeMakesWhatWeChatPayWants(t *testing.T) {
	t.Parallel()

	const mainland = "13800138000"
	for _, test := range []struct{ name, in, want string }{
		{"as it should be", "13800138000", mainland},
		{"least prefix", "13000000000", "13000000000"},
		{"greatest prefix", "19999999999", "19999999999"},
		{"grouped", "138 0013 8000", mainland},
		{"hyphens", "138-0013-8000", mainland},
		{"dots", "138.0013.8000", mainland},
		{"dashes of all kinds", "138\u20100013\u20118\u20120\u20130\u20140\u2212", mainland},
		{"full-width digits", "１３８００１３８０００", mainland},
		{"full-width plus and hyphen", "＋８６ １３８－００１３－８０００", mainland},
		{"ideographic space", "\u3000138\u30000013\u30008000\u3000", mainland},
		{"no-break and thin spaces", "138\u00a00013\u20098000", mainland},
		{"country code", "+8613800138000", mainland},
		{"country code as people type it", "+86 138-0013-8000", mainland},
		{"country code in parentheses", "(+86)138 0013 8000", mainland},
		{"full-width parentheses", "（＋８６）13800138000", mainland},
		{"country code with 00", "0086 138 0013 8000", mainland},
		{"only a country code", "86 138 0013 8000", mainland},
		{"only a country code, hyphen", "86-13800138000", mainland},
		{"line end and tab that exports leave", "\t13800138000\r\n", mainland},
		{"copied from a Windows contact", "\u202d13800138000\u202c", mainland},
		{"byte-order mark", "\ufeff13800138000", mainland},
		{"zero-width space", "138\u200b00138000", mainland},
		{"left-to-right mark", "\u200e+86\u200e13800138000", mainland},
		{"every invisible character", "\u00ad1\u200b3\u200c8\u200d0\u20600\ufeff1\u200e3\u202a8\u202c0\u202d0\u20660\u2068\u2069", mainland},
		{"every hyphen and dash", "1-3\u20108\u20110\u20120\u20131\u20143\u20158\u22120\ufe580\ufe630", mainland},
		{"full-width digits with wide spaces between", strings.Repeat("\u3000", 20) + strings.Join(strings.Split("１３８００１３８０００", ""), "\u3000\u3000"), mainland},

		{"Hong Kong", "+852 9123 4567", "+85291234567"},
		{"Hong Kong with 00", "00852-9123-4567", "+85291234567"},
		{"Hong Kong full-width", "＋８５２９１２３４５６７", "+85291234567"},
		{"E.164 as it is", "+85291234567", "+85291234567"},
		{"Macao", "+853 6612 3456", "+85366123456"},
		{"Taiwan with its trunk prefix", "+886 (0)912 345 678", "+886912345678"},
		{"Singapore", "+65 9123 4567", "+6591234567"},
		{"North America", "+1 (202) 555-0123", "+12025550123"},
		{"North America that looks like the mainland's", "+1 310 555 0123", "+13105550123"},
		{"United Kingdom with its trunk prefix", "+44 (0)20 7946 0018", "+442079460018"},
		{"Italy keeps its zero", "+39 06 6982", "+39066982"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := phonenumber.Normalize(test.in)
			if err != nil || got != test.want {
				t.Fatalf("Normalize(%q) = %q, %v; want %q", test.in, got, err, test.want)
			}
			if err := phonenumber.Validate(got); err != nil {
				t.Errorf("Validate(%q): %v", got, err)
			}
		})
	}
}

func TestNormalizeRefusesTheRest(t *testing.T) {
	t.Parallel()

	for _, test := range []struct {
		name, in string
		kind     phonenumber.Kind
		says     string
	}{
		{"nothing", "", phonenumber.KindEmpty, "is empty"},
		{"spaces", " \u3000\t\n", phonenumber.KindEmpty, "is empty"},
		{"invisible", "\ufeff\u200b", phonenumber.KindEmpty, "is empty"},

		{"spreadsheet", "1.38E+10", phonenumber.KindSpreadsheet, "format the cell as text"},
		{"spreadsheet, six digits", "1.38001E+10", phonenumber.KindSpreadsheet, "number ****10 was"},
		{"spreadsheet, every digit", "1.3800138E+10", phonenumber.KindSpreadsheet, "number ****10 was"},
		{"spreadsheet, small e", "1.38e10", phonenumber.KindSpreadsheet, "format the cell as text"},
		{"spreadsheet, decimal comma", "1,38E+10", phonenumber.KindSpreadsheet, "format the cell as text"},
		{"spreadsheet, no decimals", "1E+10", phonenumber.KindSpreadsheet, "format the cell as text"},
		{"spreadsheet, full-width", "１.３８Ｅ＋１０", phonenumber.KindSpreadsheet, "format the cell as text"},
		{"decimal places", "13800138000.0", phonenumber.KindSpreadsheet, "format the cell as text"},
		{"two decimal places", "13800138000.00", phonenumber.KindSpreadsheet, "format the cell as text"},
		{"decimal places of a foreign number", "+85291234567.0", phonenumber.KindSpreadsheet, "format the cell as text"},

		{"ten digits", "1380013800", phonenumber.KindNotPhoneNumber, "eleven digits"},
		{"twelve digits", "138001380001", phonenumber.KindNotPhoneNumber, "eleven digits"},
		{"prefix below", "12900138000", phonenumber.KindNotPhoneNumber, "13 to 19"},
		{"prefix above", "20000138000", phonenumber.KindNotPhoneNumber, "13 to 19"},
		{"landline", "010-62345678", phonenumber.KindNotPhoneNumber, "eleven digits"},
		{"landline with country code", "+86 10 6234 5678", phonenumber.KindNotPhoneNumber, "not a mobile number of mainland China"},
		{"landline with 0086", "0086 755 8376 5566", phonenumber.KindNotPhoneNumber, "not a mobile number of mainland China"},
		{"trunk zero", "013800138000", phonenumber.KindNotPhoneNumber, "eleven digits"},
		{"trunk zero after country code", "+86 (0)138 0013 8000", phonenumber.KindNotPhoneNumber, "not a mobile number of mainland China"},
		{"086", "086 13800138000", phonenumber.KindNotPhoneNumber, "eleven digits"},
		{"country code twice", "+86 86 13800138000", phonenumber.KindNotPhoneNumber, "not a mobile number of mainland China"},
		{"86 and too few", "86 1380013800", phonenumber.KindNotPhoneNumber, "eleven digits"},
		{"86 and eleven digits in all", "86138001380", phonenumber.KindNotPhoneNumber, "eleven digits"},
		{"foreign without plus", "852 9123 4567", phonenumber.KindNotPhoneNumber, "country code"},
		{"extension", "+852 9123 4567 ext. 12", phonenumber.KindNotPhoneNumber, "an extension"},
		{"extension, short", "13800138000x12", phonenumber.KindNotPhoneNumber, "an extension"},
		{"extension, hash", "13800138000#12", phonenumber.KindNotPhoneNumber, "an extension"},
		{"vanity", "+1 800 FLOWERS", phonenumber.KindNotPhoneNumber, "a letter"},
		{"address of a phone", "tel:+8613800138000", phonenumber.KindNotPhoneNumber, "a letter"},
		{"apostrophe", "'13800138000", phonenumber.KindNotPhoneNumber, "other than digits"},
		{"two, slash", "13800138000/13800138001", phonenumber.KindNotPhoneNumber, "a second number"},
		{"two, comma", "13800138000，13800138001", phonenumber.KindNotPhoneNumber, "a second number"},
		{"two, space", "13800138000 13800138001", phonenumber.KindNotPhoneNumber, "eleven digits"},
		{"two, line break", "13800138000\n13800138001", phonenumber.KindNotPhoneNumber, "a second number"},
		{"broken over two lines", "138\n00138000", phonenumber.KindNotPhoneNumber, "a second number"},
		{"two, plus", "+85291234567+85291234568", phonenumber.KindNotPhoneNumber, "a second number"},
		{"two pluses", "++8613800138000", phonenumber.KindNotPhoneNumber, "other than digits"},
		{"plus inside", "86+13800138000", phonenumber.KindNotPhoneNumber, "other than digits"},
		{"only a plus", "+", phonenumber.KindNotPhoneNumber, "has no digits"},
		{"only hyphens", "--", phonenumber.KindNotPhoneNumber, "has no digits"},
		{"parenthesis open", "(138 00138000", phonenumber.KindNotPhoneNumber, "pair up"},
		{"parenthesis closed", "138) 00138000", phonenumber.KindNotPhoneNumber, "pair up"},
		{"parentheses nested", "((86)) 13800138000", phonenumber.KindNotPhoneNumber, "pair up"},
		{"digits of another script", "١٣٨٠٠١٣٨٠٠٠", phonenumber.KindNotPhoneNumber, "other than digits"},
		{"a name", "张三", phonenumber.KindNotPhoneNumber, "other than digits"},
		{"seen the other way round", "\u202e13800138000", phonenumber.KindNotPhoneNumber, "right to left"},
		{"groups seen in another order", "138\u200f0013\u200f8000", phonenumber.KindNotPhoneNumber, "right to left"},
		{"embedded right to left", "\u202b13800138000\u202c", phonenumber.KindNotPhoneNumber, "right to left"},
		{"isolated right to left", "\u206713800138000\u2069", phonenumber.KindNotPhoneNumber, "right to left"},
		{"Arabic letter mark", "138\u061c00138000", phonenumber.KindNotPhoneNumber, "right to left"},
		{"not UTF-8", "138\xff00138000", phonenumber.KindNotPhoneNumber, "not UTF-8"},
		{"a whole page", strings.Repeat("1", 251), phonenumber.KindNotPhoneNumber, "too long"},

		{"plus without country code", "+13800138000", phonenumber.KindNotPossible, "has no plus"},
		{"no such country", "+999 1234 5678", phonenumber.KindNotPossible, "country code"},
		{"country code 0", "+0852 9123 4567", phonenumber.KindNotPossible, "country code"},
		{"three zeros", "000852 9123 4567", phonenumber.KindNotPossible, "country code"},
		{"plus and zeros", "+0086 13800138000", phonenumber.KindNotPossible, "country code"},
		{"too short", "+852 9", phonenumber.KindNotPossible, "too short"},
		{"too long", "+852 9123 4567 8901 2", phonenumber.KindNotPossible, "too many"},
		{"no area code", "+1 555 0123", phonenumber.KindNotPossible, "missing"},
		{"two trunk prefixes", "+98 00 17 0683", phonenumber.KindNotPossible, "more than one way"},
		{"sixteen digits", "+49 12345678901234", phonenumber.KindNotPossible, "longer than"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, err := phonenumber.Normalize(test.in)
			if got != "" {
				t.Errorf("an error comes with %q", got)
			}
			requireKind(t, err, test.kind)
			if !strings.Contains(err.Error(), test.says) {
				t.Errorf("error %q does not say %q", err, test.says)
			}
			requireNoNumber(t, err, test.in)
			requireKind(t, phonenumber.Validate(test.in), test.kind)
		})
	}
}

func TestValidateTakesNothingThatNormalizeWouldChange(t *testing.T) {
	t.Parallel()

	for _, in := range []string{
		"+8613800138000", "8613800138000", "138 0013 8000", " 13800138000", "13800138000\n",
		"１３８００１３８０００", "0085291234567", "+852 91234567", "+886 0912345678", "\ufeff13800138000",
	} {
		t.Run(in, func(t *testing.T) {
			t.Parallel()
			err := phonenumber.Validate(in)
			requireKind(t, err, phonenumber.KindNotNormalized)
			if !errors.Is(err, phonenumber.ErrNotNormalized) {
				t.Error("does not match ErrNotNormalized")
			}
			requireNoNumber(t, err, in)
		})
	}
	if errors.Is(phonenumber.Validate("1380013800"), phonenumber.ErrNotNormalized) {
		t.Error("an error of another kind matches ErrNotNormalized")
	}
}

// TestErrorsReadAsClauses: callers put a capital before and a full stop after them.
func TestErrorsReadAsClauses(t *testing.T) {
	t.Parallel()

	for in, want := range map[string]string{
		"":                  "the phone number is empty",
		"13800138000 (home": "the phone number 138****8000 contains something other than digits",
		"1.38E+10":          "the phone number ****10 was written as a quantity by a spreadsheet",
		"12":                "the phone number **** is not a mobile number",
	} {
		_, err := phonenumber.Normalize(in)
		if err == nil || !strings.HasPrefix(err.Error(), want) || strings.HasSuffix(err.Error(), ".") {
			t.Errorf("Normalize(%q): %v; want %q… without a full stop", in, err, want)
		}
	}
}

func TestMaskShowsNoMoreThanItsRule(t *testing.T) {
	t.Parallel()

	for _, test := range []struct{ in, want string }{
		{"13800138000", "138****8000"},
		{"+85291234567", "+852****4567"},
		{"+6591234567", "+****67"},
		{"8613800138000", "861****8000"},
		{"+86 138-0013-8000", "+861****8000"},
		{"(+86)13800138000", "+861****8000"},
		{"\u200e+8613800138000", "+861****8000"},
		{"138+00138000", "138****8000"},
		{"１３８００１３８０００", "138****8000"},
		{"＋85291234567", "+852****4567"},
		{"1380013800", "****00"},
		{"123", "****23"},
		{"12", "****"},
		{"1", "****"},
		{"", ""},
		{" ", "****"},
		{"+", "+****"},
		{"+1", "+****"},
		{"张三", "****"},
		{"张三+13800138000", "138****8000"},
		{"zhang@example.com", "****"},
		{"1.38E+10", "****10"},
		{"١٣٨٠٠١٣٨٠٠٠", "****"},
		{"\xff\xfe13800138000", "138****8000"},
		{"13800138000, 13800138001", "138****8001"},
	} {
		if got := phonenumber.Mask(test.in); got != test.want {
			t.Errorf("Mask(%q) = %q; want %q", test.in, got, test.want)
		}
	}
}

func FuzzNormalize(f *testing.F) {
	for _, seed := range []string{
		"13800138000", "+86 138-0013-8000", "0086…", "００８６１３８００１３８０００", "+852 9123 4567",
		"00852 91234567", "1.38E+10", "+44 (0)020 7946 0018", "\u202d13800138000\u202c", "+54 11 15 1234 5678",
		"+521 55 1234 5678", "+39 06 6982", "+98 00 17 0683", "+7 8 800 123 45 67", "+55 0 15 11 91234 5678", "", "张三", "\xff",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		normalized, err := phonenumber.Normalize(text)
		if err != nil {
			requireNoNumber(t, err, text)
			return
		}
		if err := phonenumber.Validate(normalized); err != nil {
			t.Errorf("Normalize(%q) = %q, which Validate refuses: %v", text, normalized, err)
		}
		if again, err := phonenumber.Normalize(normalized); err != nil || again != normalized {
			t.Errorf("Normalize(%q) = %q, and of that %q, %v", text, normalized, again, err)
		}
	})
}

var maskForm = regexp.MustCompile(`^\+?(?:[0-9]{3}\*{4}[0-9]{4}|\*{4}[0-9]{2}|\*{4})$`)

func FuzzMask(f *testing.F) {
	for _, seed := range []string{"13800138000", "+852 9123 4567", "12", "", "张三", "１３８", "\xff1\xfe2", "**********1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if masked := phonenumber.Mask(text); text != "" && !maskForm.MatchString(masked) {
			t.Errorf("Mask(%q) = %q", text, masked)
		}
	})
}

func requireKind(t *testing.T, err error, kind phonenumber.Kind) {
	t.Helper()
	var e *phonenumber.Error
	if !errors.As(err, &e) || e.Kind != kind {
		t.Fatalf("error is %v; want kind %q", err, kind)
	}
}

// requireNoNumber checks that the error, formatted in any way, does not repeat the input and
// shows no five digits of it in a row.
func requireNoNumber(t *testing.T, err error, in string) {
	t.Helper()
	text := fmt.Sprintf("%v %+v %#v", err, err, err)
	if run := regexp.MustCompile(`[0-9]{5,}`).FindString(text); run != "" {
		t.Errorf("error of %q shows %s: %s", in, run, text)
	}
	if len(in) > 10 && strings.Contains(text, in) {
		t.Errorf("error of %q repeats it: %s", in, text)
	}
}
