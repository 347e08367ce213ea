// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package framework

import (
	"testing"
)

func TestSameInstant(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		a, b string
		want bool
	}{
		"the same text":                         {"2020-05-20T13:29:35+08:00", "2020-05-20T13:29:35+08:00", true},
		"another zone":                          {"2020-05-20T13:29:35+08:00", "2020-05-20T05:29:35Z", true},
		"another day in another zone":           {"2020-05-20T01:00:00+08:00", "2020-05-19T17:00:00+00:00", true},
		"milliseconds of zero":                  {"2020-05-20T13:29:35+08:00", "2020-05-20T13:29:35.000+08:00", true},
		"milliseconds that one side leaves out": {"2020-05-20T13:29:35+08:00", "2020-05-20T13:29:35.120+08:00", true},
		"milliseconds with fewer digits":        {"2020-05-20T13:29:35.12+08:00", "2020-05-20T13:29:35.120+08:00", true},
		"other milliseconds":                    {"2020-05-20T13:29:35.121+08:00", "2020-05-20T13:29:35.120+08:00", false},
		"another second":                        {"2020-05-20T13:29:36+08:00", "2020-05-20T13:29:35+08:00", false},
		"the same clock in another zone":        {"2020-05-20T13:29:35+08:00", "2020-05-20T13:29:35Z", false},
		"no times, the same":                    {"yesterday", "yesterday", true},
		"no times, others":                      {"yesterday", "today", false},
		"a time and none":                       {"2020-05-20T13:29:35+08:00", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := SameInstant(c.a, c.b); got != c.want {
				t.Errorf("SameInstant(%q, %q) = %t", c.a, c.b, got)
			}
			if got := SameInstant(c.b, c.a); got != c.want {
				t.Errorf("SameInstant(%q, %q) = %t", c.b, c.a, got)
			}
		})
	}
}

func TestParseInstantIsStrict(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"2015-05-20T13:29:35+08:00", "2015-05-20T13:29:35.120+08:00", "2015-05-20T13:29:35Z", "2024-02-29T00:00:00-11:30",
	} {
		if _, ok := ParseInstant(text); !ok {
			t.Errorf("ParseInstant(%q) was refused", text)
		}
	}
	for _, text := range []string{
		"", "2015-05-20", "2015-05-20 13:29:35+08:00", "2015-05-20T13:29:35", "2015-05-20T13:29:35+0800", "2015-05-20T13:29:35+08",
		"2015-05-20T1:29:35+08:00", "2015-05-20T13:29:35,120+08:00", "2015-13-20T13:29:35+08:00", "2023-02-29T00:00:00Z",
		"2015-05-20T25:00:00+08:00", "2015-05-20t13:29:35z", " 2015-05-20T13:29:35Z", "2015-05-20T13:29:35+25:00", "２０15-05-20T13:29:35Z",
	} {
		if _, ok := ParseInstant(text); ok {
			t.Errorf("ParseInstant(%q) was accepted", text)
		}
	}
}

func FuzzParseInstant(f *testing.F) {
	for _, seed := range []string{"2015-05-20T13:29:35+08:00", "2015-05-20T13:29:35.120Z", "2015-05-20", "", "0000-00-00T00:00:00Z"} {
		f.Add(seed, seed)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		if SameInstant(a, b) != SameInstant(b, a) {
			t.Errorf("SameInstant(%q, %q) depends on the order", a, b)
		}
		if !SameInstant(a, a) {
			t.Errorf("%q is not the same as itself", a)
		}
	})
}
