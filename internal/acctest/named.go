// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

var (
	// ofWeChatPay begins the titles of errors about an answer, or about none.
	ofWeChatPay = regexp.MustCompile(`^WeChat Pay(?:'s)? `)
	// inWords are attributes that an error without a path may name.
	inWords = []string{"openid", "phone_number", "card_id", "brand_id", "user_card_code", "user_information", "pickup_time", "out_request_no"}
	// timeouts are the attributes of an object whose own name counts.
	timeouts = []string{"create", "read", "update", "delete"}
)

// RequireAttributeNamed checks that an error says in its text which attribute it is about: before
// Terraform 1.15, and in OpenTofu, people see no more of a path than the resource's first line. An
// error about a call has the field that WeChat Pay names. Other errors that name none begin with
// one of exceptions, which are titles by what they are about instead. name is the case.
func RequireAttributeNamed(t testing.TB, name string, d tfdriver.Diagnostic, exceptions map[string][]string) {
	t.Helper()
	if strings.Contains(d.Detail, "Request-ID") || d.Path == "" && ofWeChatPay.MatchString(d.Summary) {
		return
	}
	for _, titles := range exceptions {
		if slices.ContainsFunc(titles, func(title string) bool { return strings.HasPrefix(d.Summary, title) }) {
			return
		}
	}
	attributes := inWords
	if d.Path != "" {
		attributes = []string{lastName(d.Path)}
	}
	text := strings.ReplaceAll(strings.ToLower(d.Summary+" "+d.Detail), " ", "_")
	if !slices.ContainsFunc(attributes, func(a string) bool { return strings.Contains(text, a) }) {
		t.Errorf("%s: the error %q at %q names no attribute: %s", name, d.Summary, d.Path, d.Detail)
	}
}

// lastName is the name of the attribute at a path, in the singular and without its kind.
func lastName(path string) string {
	names := slices.DeleteFunc(strings.FieldsFunc(path, func(r rune) bool { return r == '.' || r == '[' }),
		func(step string) bool { return strings.HasSuffix(step, "]") })
	last := names[len(names)-1]
	if slices.Contains(timeouts, last) {
		return "timeout"
	}
	return strings.TrimSuffix(strings.TrimSuffix(last, "s"), "_wo")
}
