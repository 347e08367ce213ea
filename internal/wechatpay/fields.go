// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strconv"
)

// errNotJSON carries nothing of the body, which may hold personal data.
var errNotJSON = errors.New("the answer's body is not the JSON that was expected")

// digitsPattern matches a JSON number that is nothing but digits.
var digitsPattern = regexp.MustCompile(`^[0-9]+$`)

// fields reads the fields of a JSON object in a verified answer. A field that is absent or null
// reads as the zero value. So does a field of another type than the documented one, and its name
// goes into unread: one odd field must not cost the others, least of all an openid.
type fields struct {
	values map[string]json.RawMessage
	// within is the field of the answer in which the object stands, empty for the answer itself.
	within string
	// unread names the fields of the answer of which any part could not be read.
	unread *[]string
}

// parseFields reads an answer's body, which must be a JSON object.
func parseFields(body []byte) (fields, error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return fields{}, errors.New("the answer has no body")
	}
	f := fields{unread: new([]string)}
	if json.Unmarshal(body, &f.values) != nil || f.values == nil {
		return fields{}, errNotJSON
	}
	return f, nil
}

// get returns the field's JSON; false when it is absent or null.
func (f fields) get(name string) (json.RawMessage, bool) {
	raw, ok := f.values[name]
	return raw, ok && !bytes.Equal(bytes.TrimSpace(raw), []byte("null"))
}

func (f fields) markUnread(name string) {
	if name = f.topLevel(name); !slices.Contains(*f.unread, name) {
		*f.unread = append(*f.unread, name)
	}
}

// topLevel is the field of the answer in which the field with this name stands.
func (f fields) topLevel(name string) string { return cmp.Or(f.within, name) }

// read decodes the field into a T.
func read[T any](f fields, name string) (value T, ok bool) {
	raw, ok := f.get(name)
	if !ok {
		return value, false
	}
	if json.Unmarshal(raw, &value) != nil {
		f.markUnread(name)
		var zero T
		return zero, false
	}
	return value, true
}

func (f fields) text(name string) string {
	s, _ := read[string](f, name)
	return s
}

// id reads an id, also one that is written as a number: its digits.
func (f fields) id(name string) string {
	raw, _ := f.get(name)
	if digits := string(bytes.TrimSpace(raw)); digitsPattern.MatchString(digits) {
		return digits
	}
	return f.text(name)
}

func (f fields) boolean(name string) *bool {
	if b, ok := read[bool](f, name); ok {
		return &b
	}
	return nil
}

// integer reads a whole number of 64 bits, also one that is written as a string.
func (f fields) integer(name string) *int64 {
	raw, ok := f.get(name)
	if !ok {
		return nil
	}
	text := string(bytes.TrimSpace(raw))
	if quoted := ""; json.Unmarshal(raw, &quoted) == nil {
		text = quoted
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		f.markUnread(name)
		return nil
	}
	return &n
}

func (f fields) object(name string) (fields, bool) {
	values, ok := read[map[string]json.RawMessage](f, name)
	return fields{values: values, within: f.topLevel(name), unread: f.unread}, ok
}

// list reads an array; item gets each element under the name of its place, "0", "1", ….
func (f fields) list(name string, item func(items fields, index string)) {
	raw, _ := read[[]json.RawMessage](f, name)
	items := fields{values: make(map[string]json.RawMessage, len(raw)), within: f.topLevel(name), unread: f.unread}
	for i, value := range raw {
		index := strconv.Itoa(i)
		items.values[index] = value
		item(items, index)
	}
}

func (f fields) texts(name string) (list []string) {
	f.list(name, func(items fields, index string) {
		if s, ok := read[string](items, index); ok {
			list = append(list, s)
		}
	})
	return list
}

func (f fields) validDate(name string) *ValidDateInformation {
	object, ok := f.object(name)
	if !ok {
		return nil
	}
	date := ValidDateInformation{
		Type:               ValidDateType(object.text("type")),
		AvailableBeginTime: object.text("available_begin_time"),
		AvailableEndTime:   object.text("available_end_time"),
	}
	if days := object.integer("available_day_after_receive"); days != nil {
		date.AvailableDayAfterReceive = *days
	}
	if date == (ValidDateInformation{}) {
		return nil
	}
	return &date
}
