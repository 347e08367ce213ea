// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// object is a JSON object in the order in which it was written.
type object struct {
	names  []string
	values map[string]any
}

// parseBody reads a request's body as JSON, with the rules of APIv3 that hold
// that apply to every call: one object, no null, no duplicate member, no
// character of more than three UTF-8 bytes. Numbers stay [json.Number].
func parseBody(body []byte) (object, *apiError) {
	if !utf8.Valid(body) {
		return object{}, refuseBody("", nil, "is not UTF-8")
	}
	p := bodyParser{json.NewDecoder(bytes.NewReader(body))}
	p.decoder.UseNumber()
	value, apiErr := p.value("")
	if apiErr != nil {
		return object{}, apiErr
	}
	if _, err := p.decoder.Token(); !errors.Is(err, io.EOF) {
		return object{}, malformed("")
	}
	root, ok := value.(object)
	if !ok {
		return object{}, refuseBody("", value, "is not an object")
	}
	return root, nil
}

func malformed(path string) *apiError { return refuseBody(path, nil, "is not well-formed JSON") }

type bodyParser struct{ decoder *json.Decoder }

// maxDepth is the deepest nesting that is accepted: deeper than any call needs.
const maxDepth = 16

func (p bodyParser) value(path string) (any, *apiError) {
	if strings.Count(path, "/") > maxDepth {
		return nil, refuseBody("", nil, "is nested too deeply")
	}
	token, err := p.decoder.Token()
	if err != nil {
		return nil, malformed(path)
	}
	switch token := token.(type) {
	case json.Delim:
		if token == '{' {
			return p.object(path)
		}
		return p.array(path)
	case nil:
		return nil, refuseBody(path, nil, "is null")
	case string:
		if issue := textIssue(token); issue != "" {
			return nil, refuseBody(path, token, issue)
		}
		return token, nil
	}
	return token, nil
}

func (p bodyParser) object(path string) (any, *apiError) {
	o := object{values: map[string]any{}}
	for p.decoder.More() {
		token, err := p.decoder.Token()
		name, ok := token.(string)
		if err != nil || !ok {
			return nil, malformed(path)
		}
		here := path + "/" + name
		if _, twice := o.values[name]; twice {
			return nil, refuseBody(here, nil, "comes twice")
		}
		value, apiErr := p.value(here)
		if apiErr != nil {
			return nil, apiErr
		}
		o.names = append(o.names, name)
		o.values[name] = value
	}
	if _, err := p.decoder.Token(); err != nil {
		return nil, malformed(path)
	}
	return o, nil
}

func (p bodyParser) array(path string) (any, *apiError) {
	list := []any{}
	for p.decoder.More() {
		value, apiErr := p.value(path + "/" + strconv.Itoa(len(list)))
		if apiErr != nil {
			return nil, apiErr
		}
		list = append(list, value)
	}
	if _, err := p.decoder.Token(); err != nil {
		return nil, malformed(path)
	}
	return list, nil
}
