// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestNoFormatShowsPersonalText(t *testing.T) {
	t.Parallel()
	const personal Personal = "13800138000 张三"
	if personal.Reveal() != "13800138000 张三" {
		t.Error("Reveal does not")
	}
	var out []string
	// Verbs that fit a text and verbs that do not, as a mistake would have it. %p and %w ask no
	// method of a text; vet refuses both.
	for _, verb := range "vsqxXdboUceEfgGtT!" {
		for _, flags := range []string{"", "+", "#", " ", "0", "20", "-.3"} {
			for _, value := range []any{personal, &UserCard{PhoneNumber: personal}, []Personal{personal}, map[Personal]Personal{personal: personal}} {
				out = append(out, fmt.Sprintf("%"+flags+string(verb), value))
			}
		}
	}
	out = append(out, fmt.Sprint(personal), personal.String())
	for _, marshal := range []func(any) ([]byte, error){json.Marshal, xml.Marshal} {
		text, err := marshal(CommonField{Name: "USER_FORM_FLAG_NAME", Value: personal})
		if err != nil {
			t.Error(err)
		}
		out = append(out, string(text))
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).InfoContext(t.Context(), "member", "phone", personal)
	for _, text := range append(out, log.String()) {
		if strings.Contains(text, "138") || strings.Contains(text, "张") || strings.Contains(text, "313338") {
			t.Errorf("%q", text)
		}
	}
}
