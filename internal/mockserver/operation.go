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

const (
	userCardsPath = "/v3/brand/partner/card-member/user-cards"
	templatesPath = "/v3/brand/partner/card-member/cards"
	echoPath      = "/v3/security/echo"
)

// route is the call that a method and a path name. id is the user card's code
// or the template's id, unescaped.
type route struct {
	operation Operation
	id        string
}

// findRoute matches the escaped path, so that a card code may contain a slash.
func findRoute(method, escapedPath string) (route, bool) {
	if method == http.MethodPost && escapedPath == echoPath {
		return route{operation: OperationEcho}, true
	}
	if rt, ok := findUploadRoute(method, escapedPath); ok {
		return rt, true
	}
	if rest, ok := strings.CutPrefix(escapedPath, templatesPath); ok && (rest == "" || rest[0] == '/') {
		return findTemplateRoute(method, rest)
	}
	if method == http.MethodGet && escapedPath == userCardsPath {
		return route{operation: OperationList}, true
	}
	rest, ok := strings.CutPrefix(escapedPath, userCardsPath+"/")
	if !ok || rest == "" {
		return route{}, false
	}
	return findUserCardRoute(method, rest)
}

func findUserCardRoute(method, rest string) (route, bool) {
	if method == http.MethodPost {
		switch rest {
		case string(OperationImportByPhone):
			return route{operation: OperationImportByPhone}, true
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
