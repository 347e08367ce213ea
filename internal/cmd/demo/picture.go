// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"encoding/xml"
	"fmt"
	"regexp"
	"strings"

	"golang.org/x/text/width"
)

// This file draws the demo's output as the picture in README.md: its headings, its checks, and
// the lines of Terraform's that say what was done. What differs from run to run is left out.

// alike are lines of one kind, of which the first three are drawn.
var alike = []*regexp.Regexp{
	regexp.MustCompile(`^   {1,3}# \S+ will be created$`),
	regexp.MustCompile(`^   \S+: Creation complete`),
	regexp.MustCompile(`\*{4}\d{4}  (equal|differs)`),
	regexp.MustCompile(`^   (Plan:|Apply complete!|No changes\.|Destroy complete!)`),
	regexp.MustCompile(`^   [✓✗] `),
}

const mostAlike = 3

var (
	colours = regexp.MustCompile("\x1b\\[[0-9;]*m")
	heading = regexp.MustCompile(`^\d+\. `)
	seconds = regexp.MustCompile(` after \d+s.*$`)
	amounts = regexp.MustCompile(`none of \d+ secrets is in \d+ KiB of output`)
)

// shorten keeps the lines to draw.
func shorten(printed string) []string {
	var lines []string
	counted := map[*regexp.Regexp]int{}
	for line := range strings.Lines(colours.ReplaceAllString(printed, "")) {
		line = seconds.ReplaceAllString(strings.TrimRight(line, "\n"), "")
		line = amounts.ReplaceAllString(line, "no secret is in the output")
		if heading.MatchString(line) {
			lines = append(lines, "", line)
			clear(counted)
			continue
		}
		if strings.HasPrefix(line, "   All ") {
			lines = append(lines, "", line)
			continue
		}
		for _, kind := range alike {
			if !kind.MatchString(line) {
				continue
			}
			counted[kind]++
			isCheck := strings.ContainsAny(line, "✓✗")
			if counted[kind] <= mostAlike || isCheck {
				lines = append(lines, line)
			} else if counted[kind] == mostAlike+1 {
				lines = append(lines, "   ...")
			}
			break
		}
	}
	return lines
}

// picture draws what the demo printed.
func picture(printed string) string {
	const character, lineHeight, margin = 7.8, 20, 20
	lines := append([]string{"$ make demo"}, shorten(printed)...)
	var body strings.Builder
	longest := 0
	for i, line := range lines {
		class := "t"
		switch {
		case heading.MatchString(line), strings.HasPrefix(line, "$ "):
			class = "h"
		case strings.HasPrefix(line, "   All "):
			class = "p"
		}
		y := float64(margin + (i+1)*lineHeight - 6)
		if mark, rest, ok := strings.Cut(line, "✓"); ok {
			fmt.Fprintf(&body, `<text x="%.1f" y="%.0f" class="p">✓</text>`+"\n", margin+float64(len(mark))*character, y)
			line = mark + " " + rest
		}
		if length := columns(line); strings.TrimSpace(line) != "" {
			longest = max(longest, length)
			fmt.Fprintf(&body, `<text x="%d" y="%.0f" class=%q textLength="%.1f" xml:space="preserve">%s</text>`+"\n",
				margin, y, class, float64(length)*character, escape(line))
		}
	}
	across, height := 2*margin+float64(longest)*character, 2*margin+len(lines)*lineHeight
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %d" width="%.0f" height="%d" role="img" aria-label="What make demo prints">
<!-- Made by go run ./internal/cmd/demo -picture FILE, shortened. -->
<style>
text{font:13px ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre}
.t{fill:#c9d1d9}.h{fill:#fff;font-weight:600}.p{fill:#3fb950}
</style>
<rect width="%.0f" height="%d" rx="8" fill="#0d1117"/>
%s</svg>
`, across, height, across, height, across, height, body.String())
}

// columns is how wide a terminal shows a line.
func columns(line string) int {
	total := 0
	for _, r := range line {
		total++
		if kind := width.LookupRune(r).Kind(); kind == width.EastAsianWide || kind == width.EastAsianFullwidth {
			total++
		}
	}
	return total
}

func escape(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a strings.Builder takes everything
	return b.String()
}
