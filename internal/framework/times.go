// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package framework

import (
	"regexp"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var instantPattern = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$`)

// ParseInstant reads an RFC 3339 time with an offset. It is stricter than time.Parse,
// which also takes a comma before the fraction and hours of one digit.
func ParseInstant(text string) (time.Time, bool) {
	if !instantPattern.MatchString(text) {
		return time.Time{}, false
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	return t, err == nil
}

// SameInstant reports whether two spellings mean one instant, in whatever zone. WeChat Pay
// answers with and without milliseconds, so where one spelling has no fraction of a second,
// the other's does not count. Texts that are not times are compared as they are.
func SameInstant(a, b string) bool {
	if a == b {
		return true
	}
	ta, okA := ParseInstant(a)
	tb, okB := ParseInstant(b)
	if !okA || !okB {
		return false
	}
	if !strings.Contains(a, ".") || !strings.Contains(b, ".") {
		ta, tb = ta.Truncate(time.Second), tb.Truncate(time.Second)
	}
	return ta.Equal(tb)
}

// SameInstantValue is SameInstant for attributes; null and unknown are the same as themselves only.
func SameInstantValue(a, b types.String) bool {
	if !Known(a) || !Known(b) {
		return a.Equal(b)
	}
	return SameInstant(Text(a), Text(b))
}

// SameColor compares two #RRGGBB without regard to the case of letters.
func SameColor(a, b string) bool { return strings.EqualFold(a, b) }

// Same reports whether two texts are equal.
func Same(a, b string) bool { return a == b }

// KeepSpellingBy is KeepSpelling for attributes that hold strings.
func KeepSpellingBy(same func(a, b string) bool) func(state, other attr.Value) attr.Value {
	return func(state, other attr.Value) attr.Value {
		s, _ := state.(types.String)
		o, _ := other.(types.String)
		return KeepSpelling(s, o, same)
	}
}

// KeepSpelling returns the state's spelling of a value when the other one means the same.
func KeepSpelling(state, other types.String, same func(a, b string) bool) types.String {
	if Known(state) && Known(other) && same(Text(state), Text(other)) {
		return state
	}
	return other
}
