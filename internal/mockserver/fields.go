// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// kind is the JSON type of a field.
type kind int

const (
	text kind = iota
	integer
	boolean
	record
	list
)

// field describes one field of a request as the documentation does.
type field struct {
	name     string
	required bool
	kind     kind
	// limit is the most characters of a text, as sent; zero: not documented.
	limit int
	// values are the allowed values of an enumeration.
	values    []string
	sensitive bool
	// mayBeEmpty lets a text be "".
	mayBeEmpty bool
	// issue returns what is wrong with a text, "" when it is right. An encrypted
	// text is decrypted before.
	issue func(string) string
	// fields are the fields of a record, or of each record in a list.
	fields []field
	// texts says that a list has texts, each checked like this field.
	texts *field
}

// checkRecord checks an object against its fields and returns it decrypted:
// texts as string, numbers as int64, lists as []any, records as map[string]any.
func checkRecord(path string, o object, fields []field, d decrypter) (map[string]any, *apiError) {
	for _, name := range o.names {
		if !slices.ContainsFunc(fields, func(f field) bool { return f.name == name }) {
			return nil, refuseBody(path+"/"+name, o.values[name], issueUndefined)
		}
	}
	plain := map[string]any{}
	for _, f := range fields {
		value, present := o.values[f.name]
		if !present {
			if f.required {
				return nil, refuseBody(path+"/"+f.name, nil, "is missing")
			}
			continue
		}
		checked, apiErr := f.check(path+"/"+f.name, value, d)
		if apiErr != nil {
			return nil, apiErr
		}
		plain[f.name] = checked
	}
	return plain, nil
}

func (f field) check(path string, value any, d decrypter) (any, *apiError) {
	switch f.kind {
	case integer:
		number, ok := value.(json.Number)
		if !ok {
			return nil, refuseBody(path, value, "is not a number")
		}
		whole, err := strconv.ParseInt(number.String(), 10, 64)
		if err != nil {
			return nil, refuseBody(path, value, "is not a whole number")
		}
		return whole, nil
	case boolean:
		if _, ok := value.(bool); !ok {
			return nil, refuseBody(path, value, "is neither true nor false")
		}
		return value, nil
	case record:
		o, ok := value.(object)
		if !ok {
			return nil, refuseBody(path, value, "is not an object")
		}
		return checkRecord(path, o, f.fields, d)
	case list:
		return f.checkList(path, value, d)
	}
	return f.checkText(path, value, d)
}

func (f field) checkList(path string, value any, d decrypter) (any, *apiError) {
	elements, ok := value.([]any)
	if !ok {
		return nil, refuseBody(path, value, "is not a list")
	}
	element := field{kind: record, fields: f.fields}
	if f.texts != nil {
		element = *f.texts
	}
	plain := make([]any, 0, len(elements))
	for i, value := range elements {
		checked, apiErr := element.check(path+"/"+strconv.Itoa(i), value, d)
		if apiErr != nil {
			return nil, apiErr
		}
		plain = append(plain, checked)
	}
	return plain, nil
}

func (f field) checkText(path string, value any, d decrypter) (any, *apiError) {
	sent, ok := value.(string)
	if !ok {
		return nil, refuseBody(path, value, "is not a string")
	}
	if sent == "" {
		if f.mayBeEmpty && !f.required {
			return "", nil
		}
		return nil, refuseBody(path, sent, "is empty")
	}
	if f.limit > 0 && utf8.RuneCountInString(sent) > f.limit {
		return nil, refuseBody(path, sent, fmt.Sprintf("has more than %d characters", f.limit))
	}
	if f.values != nil && !slices.Contains(f.values, sent) {
		return nil, refuseBody(path, sent, "is not one of "+strings.Join(f.values, " "))
	}
	plain := sent
	if f.sensitive {
		var apiErr *apiError
		if plain, apiErr = d.decrypt(path, sent); apiErr != nil {
			return nil, apiErr
		}
	}
	if f.issue != nil {
		if issue := f.issue(plain); issue != "" {
			// The detail repeats what was submitted: the ciphertext of a sensitive field.
			return nil, refuseBody(path, sent, issue)
		}
	}
	return plain, nil
}

func isCardCode(code string) bool {
	for i := range len(code) {
		if code[i] <= ' ' || code[i] > '~' {
			return false
		}
	}
	return code != "" && len(code) <= 32
}

func cardCodeIssue(code string) string {
	if !isCardCode(code) {
		return "may hold digits, English letters and half-width punctuation only"
	}
	return ""
}

func colorIssue(color string) string {
	if !regexp.MustCompile(`^#[0-9a-fA-F]{6}$`).MatchString(color) {
		return "is not a colour as #RRGGBB"
	}
	return ""
}

func urlIssue(text string) string {
	if u, err := url.Parse(text); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return "is not a URL"
	}
	return ""
}

// timeIssue is stricter than the standard library, which accepts T9:00:00, a
// comma before the fraction, and an offset of 24 hours.
func timeIssue(text string) string {
	form := regexp.MustCompile(`^[-0-9]{10}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$`)
	if _, err := time.Parse(time.RFC3339, text); err != nil || !form.MatchString(text) {
		return issueTime
	}
	return ""
}

// phoneIssue accepts a mainland number of eleven digits, or a plus sign and a
// number of E.164 length. It is lenient on purpose: the documentation gives no rule.
func phoneIssue(phone string) string {
	if !regexp.MustCompile(`^(1[0-9]{10}|\+[1-9][0-9]{5,14})$`).MatchString(phone) {
		return "is not a phone number"
	}
	return ""
}
