// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/sandbox"
)

var (
	aLink    = regexp.MustCompile(`\]\(([^()\s]+)\)`)
	heading  = regexp.MustCompile(`(?m)^#{1,6} +(.+)$`)
	linkText = regexp.MustCompile(`\[([^\]]*)\]\([^)]*\)`)
)

// anchorOf is the anchor that GitHub gives a heading.
func anchorOf(title string) string {
	title = linkText.ReplaceAllString(title, "$1")
	var b strings.Builder
	for _, r := range strings.ToLower(strings.TrimSpace(title)) {
		switch {
		case r == ' ':
			b.WriteByte('-')
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
			b.WriteRune(r)
		}
	}
	return b.String()
}

func TestTheLinksOfThePagesLeadSomewhere(t *testing.T) {
	t.Parallel()
	root, err := sandbox.ModuleFile(t.Context(), ".")
	if err != nil {
		t.Fatal(err)
	}
	links := 0
	for name, page := range pages(t, root) {
		for _, match := range aLink.FindAllStringSubmatch(anyFence.ReplaceAllString(page, ""), -1) {
			target, anchor, _ := strings.Cut(match[1], "#")
			if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			links++
			file := filepath.Join(root, filepath.FromSlash(name))
			if target != "" {
				file = filepath.Join(root, filepath.FromSlash(path.Join(path.Dir(name), target)))
			}
			if _, err := os.Stat(file); err != nil {
				t.Errorf("%s: %s is not there", name, match[1])
				continue
			}
			if anchor != "" && !hasHeading(t, file, anchor) {
				t.Errorf("%s: %s has no heading of that name", name, match[1])
			}
		}
	}
	if links < 150 {
		t.Errorf("found only %d links", links)
	}
}

func hasHeading(t *testing.T, file, anchor string) bool {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, match := range heading.FindAllStringSubmatch(anyFence.ReplaceAllString(string(content), ""), -1) {
		if anchorOf(match[1]) == anchor {
			return true
		}
	}
	return false
}
