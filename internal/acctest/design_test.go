// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package acctest_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The tests that DESIGN.md names as proof of a promise exist under these names.
func TestDesignNamesRealTests(t *testing.T) {
	t.Parallel()
	have := declared(t, `(?m)^func ((?:Test|Fuzz)\w+)\(`, func(path string) bool { return strings.HasSuffix(path, "_test.go") })
	named := regexp.MustCompile("`((?:Test|Fuzz)[A-Z]\\w+)`").FindAllStringSubmatch(design(t), -1)
	if len(named) < 100 {
		t.Fatalf("DESIGN.md names %d tests; its tables are not read", len(named))
	}
	for _, match := range named {
		if name := match[1]; name != "TestAcc" && !have[name] {
			t.Errorf("DESIGN.md names %s, and there is no such test", name)
		}
	}
}

// The functions, kinds and files that DESIGN.md maps fields and errors to exist, too.
func TestDesignNamesRealCode(t *testing.T) {
	t.Parallel()
	_, section, found := strings.Cut(design(t), "\n## 7. ")
	if !found {
		t.Fatal("DESIGN.md has no section 7")
	}
	have := declared(t, `(?m)^(?:func (?:\([^)]*\) )?|\t)(\w+)(?:\(| Kind = )`, func(path string) bool { return !strings.HasSuffix(path, "_test.go") })
	code := regexp.MustCompile("`([\\w./]+)`")
	names := 0
	for row := range strings.Lines(section) {
		cells := strings.Split(row, "|")
		if len(cells) < 5 || strings.HasPrefix(cells[1], "--") {
			continue
		}
		// A field's row has the rule and the mock's rule, an error's the kind.
		mapped := cells[2:3]
		if len(cells) == 7 {
			mapped = cells[3:5]
		}
		for _, match := range code.FindAllStringSubmatch(strings.Join(mapped, " "), -1) {
			name := match[1]
			names++
			if strings.HasSuffix(name, ".go") {
				if _, err := os.Stat(filepath.Join("..", name)); err != nil {
					t.Error(err)
				}
				continue
			}
			if name = name[strings.LastIndex(name, ".")+1:]; !have[name] {
				t.Errorf("DESIGN.md names %s, and nothing is called so", name)
			}
		}
	}
	if names < 40 {
		t.Errorf("%d names of code in section 7; its tables are not read", names)
	}
}

func design(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "DESIGN.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// declared are the names that pattern finds in the module's Go files.
func declared(t *testing.T, pattern string, in func(path string) bool) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	expression := regexp.MustCompile(pattern)
	err := filepath.WalkDir("..", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || !in(path) {
			return err
		}
		source, err := os.ReadFile(path)
		for _, match := range expression.FindAllSubmatch(source, -1) {
			names[string(match[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}
