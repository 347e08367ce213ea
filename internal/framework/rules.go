// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package framework

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
	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/text/width"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/phonenumber"
)

// maxTime is the documented length of a time, in characters.
const maxTime = 32

var (
	identifierPattern = regexp.MustCompile(`^[!-.0-~]+$`)
	colorPattern      = regexp.MustCompile(`^#[0-9A-Fa-f]{6}$`)
	// offsetPattern is an offset of RFC 3339; time.Parse also takes 24 hours and 60 minutes.
	offsetPattern = regexp.MustCompile(`(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])$`)
)

// Rule is a validator that refuses a string for which check returns a sentence. The sentence and
// the description say what would be right; neither repeats the value, which may be personal.
type Rule struct {
	description string
	check       func(value string) string
	shows       bool // the value, in errors
}

var _ validator.String = Rule{}

// TextRule is a validator that refuses a text for which check returns a sentence. description
// says what is accepted. Neither may repeat the value; see Showing.
func TextRule(description string, check func(value string) string) Rule {
	return Rule{description: description, check: check}
}

// Showing is the rule with errors that show the value, which must be nothing personal: with
// for_each Terraform prints only each.value.x for it. A value that may be a phone number is not
// shown all the same.
func (r Rule) Showing() Rule {
	r.shows = true
	return r
}

// Accepted says what the rule accepts.
func (r Rule) Accepted() string { return r.description }

// Mistake returns the sentence that says what is wrong with value, "" for one that is accepted.
func (r Rule) Mistake(value string) string { return r.check(value) }

// Description implements validator.Describer.
func (r Rule) Description(context.Context) string { return r.description }

// MarkdownDescription implements validator.Describer.
func (r Rule) MarkdownDescription(context.Context) string { return r.description }

// ValidateString implements validator.String.
func (r Rule) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if !Known(req.ConfigValue) {
		return
	}
	value := req.ConfigValue.ValueString()
	if mistake := r.check(value); mistake != "" {
		if r.shows {
			mistake += shown(value)
		}
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid value of "+req.Path.String(), invalidValue(mistake, r.description))
	}
}

// manyDigits may be the number of a phone or of a person.
var manyDigits = regexp.MustCompile(`[0-9]{7,}`)

// maxShown is how many characters of a value an error shows.
const maxShown = 64

// shown says what is configured, "" where that may be personal: digits of a person, and what a URL
// has behind its path.
func shown(value string) string {
	if end := strings.IndexAny(value, "?#"); end >= 0 && strings.Contains(value, "://") {
		value = value[:end]
	}
	runes := []rune(value)
	if value == "" || strings.Contains(value, "@") || phonenumber.LooksLike(value) || manyDigits.MatchString(width.Fold.String(value)) {
		return ""
	}
	if len(runes) > maxShown {
		return fmt.Sprintf("\n\nConfigured: %q…", string(runes[:maxShown]))
	}
	return fmt.Sprintf("\n\nConfigured: %q", value)
}

func invalidValue(mistake, accepted string) string {
	return fmt.Sprintf("%s\n\nWhat is accepted: %s.", mistake, accepted)
}

// numberRule is Rule for numbers. Numbers are big.Float all the way to their rule: the
// framework reports a fraction, or a huge number, in an Int64 attribute as an error in the provider.
type numberRule struct {
	description string
	check       func(value *big.Float) string
}

var _ validator.Number = numberRule{}

// Description implements validator.Describer.
func (r numberRule) Description(context.Context) string { return r.description }

// MarkdownDescription implements validator.Describer.
func (r numberRule) MarkdownDescription(context.Context) string { return r.description }

// ValidateNumber implements validator.Number.
func (r numberRule) ValidateNumber(_ context.Context, req validator.NumberRequest, resp *validator.NumberResponse) {
	if !Known(req.ConfigValue) {
		return
	}
	if mistake := r.check(req.ConfigValue.ValueBigFloat()); mistake != "" {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid value of "+req.Path.String(), invalidValue(mistake, r.description))
	}
}

// AnyWholeNumber refuses a number with a fraction.
func AnyWholeNumber() validator.Number {
	return numberRule{"a whole number", fractionMistake}
}

// WholeNumber refuses what is not a whole number from least to most.
func WholeNumber(least, most int64) validator.Number {
	return numberRule{
		description: fmt.Sprintf("a whole number from %d to %d", least, most),
		check: func(value *big.Float) string {
			if mistake := fractionMistake(value); mistake != "" {
				return mistake
			}
			if n, accuracy := value.Int64(); accuracy != big.Exact || n < least || n > most {
				return "The value is too small or too large."
			}
			return ""
		},
	}
}

func fractionMistake(value *big.Float) string {
	if !value.IsInt() {
		return "The value has a fraction."
	}
	return ""
}

// LengthMistake says what is wrong with a value of no or of more than most characters, and
// returns "" otherwise. It counts characters as the official pages do, not bytes.
func LengthMistake(value string, most int) string {
	if value == "" {
		return "The value is empty. Give one, or leave the attribute out where it is optional."
	}
	if n := utf8.RuneCountInString(value); n > most {
		return fmt.Sprintf("The value has %d characters.", n)
	}
	return ""
}

// CharacterMistake says which character of a text WeChat Pay or a reader cannot take, and
// returns "" where there is none: characters of four UTF-8 bytes, text that is not UTF-8,
// control characters, and characters that nobody can see.
func CharacterMistake(value string) string { return characterMistake("value", value, "") }

// NameMistake is CharacterMistake for a name.
func NameMistake(name string) string { return characterMistake("name", name, "") }

// characterMistake says which character of a text is a mistake. what names the text; allowed are
// control characters that are none.
func characterMistake(what, text, allowed string) string {
	if !utf8.ValidString(text) {
		return fmt.Sprintf("The %s is not valid UTF-8.", what)
	}
	control := "a control character, such as a line break or a tab"
	if allowed != "" {
		control = "a control character"
	}
	for i, r := range []rune(text) {
		switch {
		case strings.ContainsRune(allowed, r):
		case r > 0xFFFF:
			return fmt.Sprintf("Character %d of the %s is an emoji or a rare character that takes four bytes in UTF-8; WeChat Pay accepts characters of one to three bytes only.", i+1, what)
		case unicode.IsControl(r):
			return fmt.Sprintf("Character %d of the %s is %s.", i+1, what, control)
		case r == unicode.ReplacementChar:
			return fmt.Sprintf("Character %d of the %s is the replacement character (U+FFFD): the text was damaged when it was read with a wrong encoding.", i+1, what)
		case isInvisible(r):
			return fmt.Sprintf("Character %d of the %s (U+%04X) is invisible. Delete it: copied text often brings such characters along.", i+1, what, r)
		}
	}
	return ""
}

// isInvisible reports whether r is a character without any look of its own: format characters
// such as a zero-width space, fillers, and variation selectors. Spaces are not among them.
func isInvisible(r rune) bool {
	switch {
	case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Variation_Selector, r), unicode.Is(unicode.Zl, r), unicode.Is(unicode.Zp, r):
		return true
	}
	switch r {
	case '\u034F', '\u115F', '\u1160', '\u17B4', '\u17B5', '\u2800', '\u3164', '\uFFA0':
		return true
	}
	return false
}

// FreeText is text that people read: 1 to most characters on one line.
func FreeText(most int) Rule {
	return Rule{
		description: fmt.Sprintf("1 to %d characters, without emoji, control characters and invisible characters", most),
		check: func(value string) string {
			if mistake := LengthMistake(value, most); mistake != "" {
				return mistake
			}
			return CharacterMistake(value)
		},
	}
}

// MultilineText is FreeText that may have line ends and tabs.
func MultilineText(most int) Rule {
	return Rule{
		description: fmt.Sprintf("1 to %d characters; line ends and tabs are allowed, emoji and other control characters are not", most),
		check: func(value string) string {
			if mistake := LengthMistake(value, most); mistake != "" {
				return mistake
			}
			return characterMistake("value", value, "\n\r\t")
		},
	}
}

// Identifier is an id of WeChat Pay: 1 to most characters.
func Identifier(most int) Rule {
	return Rule{
		description: fmt.Sprintf("1 to %d letters, digits and half-width punctuation, without spaces and without \"/\"", most),
		check: func(value string) string {
			if mistake := LengthMistake(value, most); mistake != "" {
				return mistake
			}
			if !IsIdentifier(value) {
				return "The value has a character that no id has."
			}
			return ""
		},
	}
}

// BrandID is the rule for a brand_id.
// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336982
func BrandID() Rule { return Identifier(32).Showing() }

// CardID is the rule for a card_id, the id of a card template.
// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336982
func CardID() Rule { return Identifier(32).Showing() }

// IsIdentifier reports whether value has only characters that an id of WeChat Pay can have.
func IsIdentifier(value string) bool { return identifierPattern.MatchString(value) }

// Color is a colour as WeChat Pay takes it, #RRGGBB.
func Color() Rule {
	return Rule{
		shows:       true,
		description: "a colour as #RRGGBB, hexadecimal, for instance #FFFF00",
		check: func(value string) string {
			if colorPattern.MatchString(value) {
				return ""
			}
			return "The value is not a colour that WeChat Pay accepts."
		},
	}
}

// WebURL is an http:// or https:// URL of at most most characters. what names it in the
// description of what is accepted.
func WebURL(what string, most int) Rule {
	return Rule{
		shows:       true,
		description: fmt.Sprintf("%s: an http:// or https:// URL of at most %d characters", what, most),
		check: func(value string) string {
			if mistake := LengthMistake(value, most); mistake != "" {
				return mistake
			}
			if strings.ContainsFunc(value, func(r rune) bool { return r <= ' ' || r > '~' }) {
				return "The value has a space or a character that a URL must carry escaped."
			}
			u, err := url.Parse(value)
			if err != nil || u.Hostname() == "" || (u.Scheme != "https" && u.Scheme != "http") {
				return "The value is not a complete http:// or https:// URL."
			}
			if u.User != nil {
				return "The value has a user name or a password in it. Everybody who sees the card would see them."
			}
			return ""
		},
	}
}

// Instant is a time as RFC 3339 with an offset.
func Instant() Rule {
	return Rule{
		shows:       true,
		description: "a time as RFC 3339 with an offset, for instance 2015-05-20T13:29:35+08:00",
		check: func(value string) string {
			if utf8.RuneCountInString(value) > maxTime {
				return fmt.Sprintf("The value has more than %d characters.", maxTime)
			}
			if _, ok := ParseInstant(value); !ok || !offsetPattern.MatchString(value) {
				return "The value is not such a time: date and time need a \"T\" between them, two digits each, and an offset such as +08:00 or Z."
			}
			return ""
		},
	}
}

// distinctTexts refuses a list or set that has a value twice, without repeating the value.
type distinctTexts struct{}

var _ validator.List = distinctTexts{}

// DistinctTexts refuses a list of strings that has a value twice. It does not repeat the value.
func DistinctTexts() validator.List { return distinctTexts{} }

// Description implements validator.Describer.
func (distinctTexts) Description(context.Context) string { return "each value once" }

// MarkdownDescription implements validator.Describer.
func (v distinctTexts) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateList implements validator.List.
func (distinctTexts) ValidateList(_ context.Context, req validator.ListRequest, resp *validator.ListResponse) {
	if first, again, twice := FirstRepeated(req.ConfigValue); twice {
		resp.Diagnostics.AddAttributeError(req.Path.AtListIndex(again), "A value is given twice",
			fmt.Sprintf("Values %d and %d of %s are the same. Give each value once.", first+1, again+1, req.Path))
	}
}

// FirstRepeated returns the positions of the first two known elements of a list that are the same.
func FirstRepeated(list types.List) (first, again int, twice bool) {
	seen := map[string]int{}
	for i, e := range list.Elements() {
		s, ok := e.(types.String)
		if !ok || !Known(s) {
			continue
		}
		if first, twice = seen[Text(s)]; twice {
			return first, i, true
		}
		seen[Text(s)] = i
	}
	return 0, 0, false
}
