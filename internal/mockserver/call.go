// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"fmt"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// call is a request whose parameters and body have been parsed and checked.
type call struct {
	route
	query map[string]string
	// body has its sensitive fields decrypted; submitted is the body as sent.
	body      map[string]any
	submitted object
	// file is the picture of an upload.
	file *uploadedFile
}

// checkHeaders checks the headers that every request must have.
func checkHeaders(r *http.Request, operation Operation, body []byte) *apiError {
	if strings.TrimSpace(r.Header.Get("User-Agent")) == "" {
		return refuseRules("the User-Agent header is missing")
	}
	if !acceptsJSON(r.Header.Values("Accept")) {
		return refuseRules("the Accept header does not name application/json")
	}
	if len(body) == 0 || operation == OperationUploadImage {
		return nil // splitUpload checks the header of an upload.
	}
	kind, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset, hasCharset := parameters["charset"]
	if err != nil || kind != "application/json" || hasCharset && !strings.EqualFold(charset, "utf-8") {
		return refuseRules("the Content-Type header is not application/json")
	}
	return nil
}

func acceptsJSON(headers []string) bool {
	for _, header := range headers {
		for part := range strings.SplitSeq(header, ",") {
			kind, parameters, err := mime.ParseMediaType(part)
			if err != nil || strings.Trim(parameters["q"], "0.") == "" && parameters["q"] != "" {
				continue
			}
			if kind == "application/json" || kind == "application/*" || kind == "*/*" {
				return true
			}
		}
	}
	return false
}

// parseCall parses and checks the path, the query and every field of the body.
func (s *Server) parseCall(rt route, rawQuery string, header http.Header, body []byte) (*call, *apiError) {
	c := &call{route: rt}
	var apiErr *apiError
	if c.query, apiErr = parseQuery(rt, rawQuery); apiErr != nil {
		return nil, apiErr
	}
	if issue := idIssue(rt); issue != "" {
		return nil, refuseParameter("path", "/path/"+idName(rt.operation), rt.id, issue)
	}
	fields := s.bodyFields(rt)
	if fields == nil {
		if len(body) > 0 {
			return nil, refuseRules("this call takes no body")
		}
		return c, nil
	}
	if c.submitted, apiErr = parseBody(body); apiErr != nil {
		return nil, apiErr
	}
	c.body, apiErr = checkRecord("", c.submitted, fields, rt.mode.decrypterFor(header.Get(headerSerial)))
	if apiErr != nil {
		return nil, apiErr
	}
	return c, nil
}

func idName(operation Operation) string {
	switch operation {
	case OperationTemplate, OperationModifyTemplate, OperationInvalidateTemplate:
		return "card_id"
	}
	return "user_card_code"
}

func idIssue(rt route) string {
	switch rt.operation {
	case OperationGet, OperationModify, OperationInvalidate:
		if !isCardCode(rt.id) {
			return "is not a card code"
		}
	case OperationTemplate, OperationModifyTemplate, OperationInvalidateTemplate:
		if utf8.RuneCountInString(rt.id) > limitID {
			return fmt.Sprintf("has more than %d characters", limitID)
		}
	}
	return ""
}

func parseQuery(rt route, rawQuery string) (map[string]string, *apiError) {
	values, err := url.ParseQuery(rawQuery)
	if err != nil {
		return nil, refuseParameter("query", "/query", rawQuery, "is malformed")
	}
	parameters := rt.mode.queryParameters(rt.operation)
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if _, known := parameters[name]; !known {
			return nil, refuseQuery(name, values.Get(name), issueUndefined)
		}
		if len(values[name]) > 1 {
			return nil, refuseQuery(name, nil, "comes twice")
		}
	}
	query := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(parameters)) {
		value := values.Get(name)
		if issue := queryIssue(name, value, parameters[name], values.Has(name)); issue != "" {
			return nil, refuseQuery(name, value, issue)
		}
		query[name] = value
	}
	return query, nil
}

func queryIssue(name, value string, required, present bool) string {
	switch {
	case !present && required:
		return "is missing"
	case !present:
		return ""
	case value == "":
		return "is empty"
	}
	if issue := textIssue(value); issue != "" {
		return issue
	}
	switch name {
	case "offset":
		if n, err := strconv.Atoi(value); err != nil || n < 0 {
			return "is not a whole number from 0"
		}
	case "limit":
		// The range of the official pages 4015336984 and 4015336976.
		if n, err := strconv.Atoi(value); err != nil || n < 1 || n > 20 {
			return "is not a whole number from 1 to 20"
		}
	case "user_card_state":
		if !slices.Contains(cardStates(), value) {
			return "is not one of " + strings.Join(cardStates(), " ")
		}
	case "state":
		if !slices.Contains(templateStates(), value) {
			return "is not one of " + strings.Join(templateStates(), " ")
		}
	case "openid":
		if utf8.RuneCountInString(value) > limitOpenID {
			return fmt.Sprintf("has more than %d characters", limitOpenID)
		}
	default:
		if utf8.RuneCountInString(value) > limitID {
			return fmt.Sprintf("has more than %d characters", limitID)
		}
	}
	return ""
}

// text returns a string of the body, "" when it was not sent.
func (c *call) text(name string) string {
	value, _ := c.body[name].(string)
	return value
}

func (c *call) has(name string) bool {
	_, ok := c.body[name]
	return ok
}

// timeOf returns a time of a record, the zero time when it was not sent. Its
// format was checked before.
func timeOf(record map[string]any, name string) time.Time {
	value, _ := record[name].(string)
	t, err := time.Parse(time.RFC3339, value)
	if err != nil {
		return time.Time{}
	}
	return t
}

func records(value any) []map[string]any {
	elements, _ := value.([]any)
	list := make([]map[string]any, 0, len(elements))
	for _, element := range elements {
		if record, ok := element.(map[string]any); ok {
			list = append(list, record)
		}
	}
	return list
}

// refuse returns a PARAM_ERROR for a field of the body that breaks a rule. Its
// detail repeats the submitted value.
func (c *call) refuse(path, issue string) *apiError {
	return refuseBody(path, c.submittedAt(path), issue)
}

func (c *call) submittedAt(path string) any {
	var value any = c.submitted
	for step := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		switch at := value.(type) {
		case object:
			value = at.values[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i < 0 || i >= len(at) {
				return nil
			}
			value = at[i]
		default:
			return nil
		}
	}
	return value
}
