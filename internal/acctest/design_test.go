// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package acctest_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The way of a phone number in DESIGN.md leads through at most twelve files, and each has what
// the text says.
func TestDesignShowsTheWayOfAPhoneNumber(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join("..", "..", "DESIGN.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(text), "\n## 4. ")
	if !found {
		t.Fatal("DESIGN.md has no section 4")
	}
	section, _, _ = strings.Cut(section, "\n## 5. ")
	stops := regexp.MustCompile("(?m)^\\d+\\. `([\\w/]+\\.go)`(.*)$").FindAllStringSubmatch(section, -1)
	if len(stops) < 8 || len(stops) > 12 {
		t.Errorf("the way has %d stops, want at most 12", len(stops))
	}
	for _, stop := range stops {
		code, err := os.ReadFile(filepath.Join("..", filepath.FromSlash(stop[1])))
		if err != nil {
			t.Error(err)
			continue
		}
		for _, name := range regexp.MustCompile("`(\\w+)`").FindAllStringSubmatch(stop[2], -1) {
			if !strings.Contains(string(code), name[1]) {
				t.Errorf("%s has no %s", stop[1], name[1])
			}
		}
	}
}
