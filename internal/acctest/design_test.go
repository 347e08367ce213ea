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
	stops := regexp.MustCompile("(?m)^\\d+\\. `([\\w/]+\\.go)`(.*(?:\\n   .*)*)$").FindAllStringSubmatch(section, -1)
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
			// A function or type has its definition there, an attribute its name in quotation marks.
			defined := regexp.MustCompile(`(?m)^(func (\(.*\) )?|type )` + name[1] + `\b|"` + name[1] + `"`)
			if !defined.Match(code) {
				t.Errorf("%s does not define %s", stop[1], name[1])
			}
		}
	}
}
