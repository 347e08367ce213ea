// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// Golden compares got with a file, or writes the file where update is true.
func Golden(t *testing.T, file, got string, update bool) {
	t.Helper()
	if update {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	content, err := os.ReadFile(file) //nolint:gosec // a file of the test
	if err != nil {
		t.Fatal(err)
	}
	// On Windows git may have changed the line ends.
	want := strings.ReplaceAll(string(content), "\r\n", "\n")
	if got == want {
		return
	}
	gotLines, wantLines := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range gotLines {
		if i >= len(wantLines) || gotLines[i] != wantLines[i] {
			t.Fatalf("%s is not what the code says, from line %d on (write it with go test -update):\n%s", file, i+1,
				strings.Join(gotLines[i:min(i+10, len(gotLines))], "\n"))
		}
	}
	t.Fatalf("%s has more than the code says (write it with go test -update)", file)
}

// Messages collects what people can get to read, so that it can be read in one sitting. Its zero
// value is ready; it is safe for concurrent use.
type Messages struct {
	mu       sync.Mutex
	chapters map[string]map[string]tfdriver.Diagnostics
}

// Add adds the messages of one case to a chapter.
func (m *Messages) Add(chapter, name string, diags tfdriver.Diagnostics) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.chapters == nil {
		m.chapters = map[string]map[string]tfdriver.Diagnostics{}
	}
	if m.chapters[chapter] == nil {
		m.chapters[chapter] = map[string]tfdriver.Diagnostics{}
	}
	m.chapters[chapter][name] = diags
}

// Text is all of it under a heading, without what is another one in every run. A message that is
// there already, perhaps with another configured value, is not printed again.
func (m *Messages) Text(heading string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var b strings.Builder
	b.WriteString(heading)
	printed := map[string]string{}
	for _, chapter := range slices.Sorted(maps.Keys(m.chapters)) {
		fmt.Fprintf(&b, "\n\n######## %s\n", chapter)
		for _, name := range slices.Sorted(maps.Keys(m.chapters[chapter])) {
			fmt.Fprintf(&b, "\n=== %s\n", name)
			for _, d := range sortedMessages(m.chapters[chapter][name]) {
				text := withoutChanging(fmt.Sprintf("%s at %s\n%s\n\n%s\n", strings.ToUpper(string(d.Severity)), cmp.Or(d.Path, "the whole"), d.Summary, d.Detail))
				key := configured.ReplaceAllString(text, "")
				if where, ok := printed[key]; ok {
					fmt.Fprintf(&b, "the same as: %s\n", where)
					continue
				}
				printed[key] = chapter + ", " + name
				b.WriteString(text)
			}
		}
	}
	return b.String()
}

func sortedMessages(diags tfdriver.Diagnostics) tfdriver.Diagnostics {
	return slices.SortedStableFunc(slices.Values(diags), func(a, b tfdriver.Diagnostic) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Summary, b.Summary), cmp.Compare(a.Detail, b.Detail))
	})
}

// configured is the value that an error shows.
var configured = regexp.MustCompile(`(?m)^Configured: .*\n\n`)

var changing = []struct {
	pattern *regexp.Regexp
	instead string
}{
	{regexp.MustCompile(`08[A-Z2-7]{26}-0`), "REQUEST-ID"},
	{regexp.MustCompile(`\bo[A-Za-z0-9_-]{27}(\b|')`), "OPENID$1"},
	{regexp.MustCompile(`127\.0\.0\.1:[0-9]+`), "HOST"},
	{regexp.MustCompile(`PUB_KEY_ID_[0-9]+`), "PUB_KEY_ID_…"},
	// A second may pass between an answer and the check of its time.
	{regexp.MustCompile(`(?:10m[0-9]s|9m5[0-9]s) (behind|ahead)`), "10m0s $1"},
	// The name of a function says into which others the compiler has put it.
	{regexp.MustCompile(`in [a-z]+_test\.\S+, line [0-9]+`), "in PLACE, line N"},
}

// withoutChanging is text without what is another one in every run.
func withoutChanging(text string) string {
	for _, c := range changing {
		text = c.pattern.ReplaceAllString(text, c.instead)
	}
	return text
}
