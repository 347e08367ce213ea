// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"context"
	"fmt"
	"math/big"
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/phonenumber"
)

// The documented lengths, in characters.
// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336982
const (
	maxBrandID        = 32
	maxCardID         = 32
	maxUserCardCode   = 32
	maxOpenID         = 128
	maxCardPictureURL = 256
	maxLevel          = 10
	maxTime           = 32
	maxAttach         = 256
	maxInvalidReason  = 32
)

var (
	idPattern    = regexp.MustCompile(`^[!-.0-~]+$`)
	codePattern  = regexp.MustCompile(`^[!-~]+$`)
	colorPattern = regexp.MustCompile(`^#[0-9A-Fa-f]{6}$`)
	// offsetPattern is an offset of RFC 3339; time.Parse also takes 24 hours and 60 minutes.
	offsetPattern = regexp.MustCompile(`(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$`)
)

// textRule refuses a string for which problem returns a sentence. The sentence and the
// description say what would be right; neither repeats the value, which may be personal.
type textRule struct {
	description string
	problem     func(value string) string
}

var _ validator.String = textRule{}

func (r textRule) Description(context.Context) string         { return r.description }
func (r textRule) MarkdownDescription(context.Context) string { return r.description }

func (r textRule) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if problem := r.problem(req.ConfigValue.ValueString()); problem != "" {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid value of "+req.Path.String(),
			fmt.Sprintf("%s\n\nWhat is right here: %s.", problem, r.description))
	}
}

// numberRule is textRule for numbers. Numbers are big.Float all the way to their rule: the
// framework reports a fraction, or a huge number, in an Int64 attribute as an error in the provider.
type numberRule struct {
	description string
	problem     func(value *big.Float) string
}

var _ validator.Number = numberRule{}

func (r numberRule) Description(context.Context) string         { return r.description }
func (r numberRule) MarkdownDescription(context.Context) string { return r.description }

func (r numberRule) ValidateNumber(_ context.Context, req validator.NumberRequest, resp *validator.NumberResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if problem := r.problem(req.ConfigValue.ValueBigFloat()); problem != "" {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid value of "+req.Path.String(),
			fmt.Sprintf("%s\n\nWhat is right here: %s.", problem, r.description))
	}
}

func anyWholeNumber() validator.Number {
	return numberRule{"a whole number", fractionProblem}
}

func wholeNumber(least, most int64) validator.Number {
	return numberRule{
		description: fmt.Sprintf("a whole number from %d to %d", least, most),
		problem: func(value *big.Float) string {
			if p := fractionProblem(value); p != "" {
				return p
			}
			if n, accuracy := value.Int64(); accuracy != big.Exact || n < least || n > most {
				return "The value is too small or too large."
			}
			return ""
		},
	}
}

func fractionProblem(value *big.Float) string {
	if !value.IsInt() {
		return "The value has a fraction."
	}
	return ""
}

// lengthProblem counts characters as the official pages do, not bytes.
func lengthProblem(value string, most int) string {
	if value == "" {
		return "The value is empty. Give one, or leave the attribute out where it is optional."
	}
	if n := utf8.RuneCountInString(value); n > most {
		return fmt.Sprintf("The value has %d characters.", n)
	}
	return ""
}

// alphabetProblem finds what WeChat Pay refuses in any text: characters of four UTF-8
// bytes, text that is not UTF-8, and control characters.
func alphabetProblem(value string) string {
	if !utf8.ValidString(value) {
		return "The value is not valid UTF-8."
	}
	for i, r := range []rune(value) {
		switch {
		case r > 0xFFFF:
			return fmt.Sprintf("Character %d of the value is an emoji or a rare character that takes four bytes in UTF-8; WeChat Pay accepts characters of one to three bytes only.", i+1)
		case unicode.IsControl(r):
			return fmt.Sprintf("Character %d of the value is a control character, such as a line break or a tab.", i+1)
		}
	}
	return ""
}

func freeText(most int) validator.String {
	return textRule{
		description: fmt.Sprintf("1 to %d characters, none of them an emoji or a control character", most),
		problem: func(value string) string {
			if p := lengthProblem(value, most); p != "" {
				return p
			}
			return alphabetProblem(value)
		},
	}
}

// plainText is free text whose length the official pages leave open.
func plainText(what string) validator.String {
	return textRule{
		description: what + ": not empty, without emoji and control characters",
		problem: func(value string) string {
			if value == "" {
				return "The value is empty."
			}
			return alphabetProblem(value)
		},
	}
}

func identifier(most int) validator.String {
	return textRule{
		description: fmt.Sprintf("1 to %d letters, digits and half-width punctuation, without spaces and without \"/\"", most),
		problem: func(value string) string {
			if p := lengthProblem(value, most); p != "" {
				return p
			}
			if !idPattern.MatchString(value) {
				return "The value has a character that no id has."
			}
			return ""
		},
	}
}

func userCardCode() validator.String {
	return textRule{
		description: fmt.Sprintf("1 to %d digits, English letters and half-width punctuation, without spaces", maxUserCardCode),
		problem: func(value string) string {
			if p := lengthProblem(value, maxUserCardCode); p != "" {
				return p
			}
			if !codePattern.MatchString(value) {
				return "The value has a character that WeChat Pay refuses in a card code, for instance a space, a Chinese character or full-width punctuation."
			}
			return ""
		},
	}
}

func cardColor() validator.String {
	return textRule{
		description: "a colour as #RRGGBB, hexadecimal, for instance #FFFF00",
		problem: func(value string) string {
			if colorPattern.MatchString(value) {
				return ""
			}
			return "The value is not a colour that WeChat Pay accepts."
		},
	}
}

func pictureURL() validator.String {
	return textRule{
		description: fmt.Sprintf("the http:// or https:// URL that WeChat Pay's image upload returned, at most %d characters", maxCardPictureURL),
		problem: func(value string) string {
			if p := lengthProblem(value, maxCardPictureURL); p != "" {
				return p
			}
			if strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' }) {
				return "The value has a space or a character that a URL must carry escaped."
			}
			u, err := url.Parse(value)
			if err != nil || u.Hostname() == "" || (u.Scheme != "https" && u.Scheme != "http") {
				return "The value is not a whole http:// or https:// URL."
			}
			return ""
		},
	}
}

func instant() validator.String {
	return textRule{
		description: "a time as RFC 3339 with an offset, for instance 2015-05-20T13:29:35+08:00",
		problem: func(value string) string {
			if utf8.RuneCountInString(value) > maxTime {
				return fmt.Sprintf("The value has more than %d characters.", maxTime)
			}
			if _, ok := parseInstant(value); !ok || !offsetPattern.MatchString(value) {
				return "The value is not such a time: date and time need a \"T\" between them, two digits each, and an offset such as +08:00 or Z."
			}
			return ""
		},
	}
}

func phoneNumber() validator.String {
	return textRule{
		description: "the phone number as WeChat Pay takes it: eleven digits of the mainland, or + and country code for others; provider::wechatpay::normalize_phone makes that of what people type",
		problem: func(value string) string {
			if err := phonenumber.Validate(value); err != nil {
				return capitalize(err.Error()) + "."
			}
			return ""
		},
	}
}

func capitalize(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + strings.TrimSuffix(s[size:], ".")
}
