// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"net/http"
	"net/url"
	"strings"
)

// Operation is one call of the API. Empty, it means any call in a [Fault], and
// an unknown path in a [Request].
type Operation string

// The calls that the mock knows.
const (
	OperationImportByPhone  Operation = "import-by-phone"
	OperationImportByOpenID Operation = "import-by-openid"
	OperationGet            Operation = "get"
	OperationModify         Operation = "modify"
	OperationInvalidate     Operation = "invalidate"
	OperationList           Operation = "list"
	OperationTemplate       Operation = "template"
	OperationEcho           Operation = "echo"

	OperationCreateTemplate     Operation = "create-template"
	OperationListTemplates      Operation = "list-templates"
	OperationModifyTemplate     Operation = "modify-template"
	OperationInvalidateTemplate Operation = "invalidate-template"
	OperationUploadImage        Operation = "upload-image"
)

func operations() []Operation {
	return []Operation{
		OperationImportByPhone, OperationImportByOpenID, OperationGet, OperationModify,
		OperationInvalidate, OperationList, OperationTemplate, OperationEcho,
		OperationCreateTemplate, OperationListTemplates, OperationModifyTemplate, OperationInvalidateTemplate,
		OperationUploadImage,
	}
}

// echoPath is only documented for service providers.
const echoPath = "/v3/security/echo"

// route is the call that a method and a path name. id is the user card's code
// or the template's id, unescaped.
type route struct {
	mode      *mode
	operation Operation
	id        string
}

// findRoute returns the call that a request names, and whether there is one. A
// request that names none has a mode all the same.
func (s *Server) findRoute(method, escapedPath string) (route, bool) {
	m := s.modes.of(escapedPath)
	rt, ok := m.findRoute(method, escapedPath)
	rt.mode = m
	return rt, ok && s.serves(rt)
}

// findRoute matches the escaped path, so that a card code may contain a slash.
func (m *mode) findRoute(method, escapedPath string) (route, bool) {
	if method == http.MethodPost && escapedPath == echoPath {
		return route{operation: OperationEcho}, true
	}
	if rt, ok := m.findUploadRoute(method, escapedPath); ok {
		return rt, true
	}
	if rest, ok := strings.CutPrefix(escapedPath, m.prefix+"/cards"); ok && (rest == "" || rest[0] == '/') {
		return findTemplateRoute(method, rest)
	}
	if method == http.MethodGet && escapedPath == m.prefix+"/user-cards" {
		return route{operation: OperationList}, true
	}
	rest, ok := strings.CutPrefix(escapedPath, m.prefix+"/user-cards/")
	if !ok || rest == "" {
		return route{}, false
	}
	return m.findUserCardRoute(method, rest)
}

func (m *mode) findUserCardRoute(method, rest string) (route, bool) {
	if method == http.MethodPost {
		switch rest {
		case string(OperationImportByPhone):
			return route{operation: OperationImportByPhone}, m.importByPhone
		case string(OperationImportByOpenID):
			return route{operation: OperationImportByOpenID}, true
		}
	}
	escapedCode, action, hasAction := strings.Cut(rest, "/")
	code, err := url.PathUnescape(escapedCode)
	if err != nil || code == "" {
		return route{}, false
	}
	switch {
	case !hasAction && method == http.MethodGet:
		return route{operation: OperationGet, id: code}, true
	case !hasAction && method == http.MethodPatch:
		return route{operation: OperationModify, id: code}, true
	case hasAction && action == "invalidate" && method == http.MethodPost:
		return route{operation: OperationInvalidate, id: code}, true
	}
	return route{}, false
}
