// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package framework

import (
	"context"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// fakePrivate is private data in memory.
type fakePrivate map[string][]byte

func (p fakePrivate) GetKey(_ context.Context, key string) ([]byte, diag.Diagnostics) {
	return p[key], nil
}

func (p fakePrivate) SetKey(_ context.Context, key string, value []byte) diag.Diagnostics {
	p[key] = value
	return nil
}

// A reading counts for less than the interval, and one in the future, as a wrong clock
// leaves behind, does not count.
func TestReadWithin(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		interval time.Duration
		read     time.Time
		want     bool
	}{
		"just read":              {time.Hour, now, true},
		"a second short":         {time.Hour, now.Add(-time.Hour + time.Second), true},
		"exactly the interval":   {time.Hour, now.Add(-time.Hour), false},
		"longer":                 {time.Hour, now.Add(-2 * time.Hour), false},
		"in the future":          {time.Hour, now.Add(time.Second), false},
		"no interval":            {0, now, false},
		"in another zone, short": {time.Hour, now.Add(-time.Minute).In(time.FixedZone("", 8*3600)), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics
			private := fakePrivate{}
			SetReadTime(t.Context(), private, c.read, &diags)
			if got := ReadWithin(t.Context(), private, c.interval, now, &diags); got != c.want || diags.HasError() {
				t.Errorf("readWithin = %t, %v", got, diags)
			}
		})
	}
	t.Run("never read, or not to be read", func(t *testing.T) {
		t.Parallel()
		var diags diag.Diagnostics
		for _, stored := range []string{"", `"yesterday"`, `5`, `1.5`, `{`} {
			private := fakePrivate{privateReadTime: []byte(stored)}
			if ReadWithin(t.Context(), private, time.Hour, now, &diags) {
				t.Errorf("%q counts as a reading", stored)
			}
		}
	})
	t.Run("as earlier versions stored it", func(t *testing.T) {
		t.Parallel()
		var diags diag.Diagnostics
		private := fakePrivate{privateReadTime: []byte(`"2026-01-01T11:30:00Z"`)}
		if !ReadWithin(t.Context(), private, time.Hour, now, &diags) || ReadWithin(t.Context(), private, time.Minute, now, &diags) {
			t.Error("the time is not read as half an hour ago")
		}
	})
}
