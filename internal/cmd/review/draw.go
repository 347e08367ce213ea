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

// This file draws the part of Markdown that the review is written in, as SVG. Every text gets the
// width that was reckoned for it, so that the picture looks alike with whatever fonts are there.

const (
	fontSize   = 14
	lineHeight = 24
	margin     = 24
	padding    = 12
)

// canvas is a picture under way. y is where the next line's top is.
type canvas struct {
	body     strings.Builder
	y, width float64
}

// span is a piece of text in one style.
type span struct {
	text       string
	bold, code bool
}

var spans = regexp.MustCompile("\\*\\*[^*]+\\*\\*|`[^`]+`")

// parse cuts a line into spans.
func parse(line string) []span {
	var found []span
	at := 0
	add := func(text string) {
		if text != "" {
			found = append(found, span{text: text})
		}
	}
	for _, place := range spans.FindAllStringIndex(line, -1) {
		add(line[at:place[0]])
		text := line[place[0]:place[1]]
		if strings.HasPrefix(text, "`") {
			found = append(found, span{text: strings.Trim(text, "`"), code: true})
		} else {
			found = append(found, span{text: strings.Trim(text, "*"), bold: true})
		}
		at = place[1]
	}
	add(line[at:])
	return found
}

// reckon is the width of a span at a font size.
func (s span) reckon(size float64) float64 {
	total := 0.0
	for _, r := range s.text {
		switch width.LookupRune(r).Kind() {
		case width.EastAsianWide, width.EastAsianFullwidth:
			total += size
		default:
			switch {
			case r == '⛔':
				total += size * 1.4
			case s.code:
				total += size * 0.6
			default:
				total += size * 0.52
			}
		}
	}
	if s.code {
		total += padding / 2
	}
	return total
}

func reckon(line []span, size float64) float64 {
	total := 0.0
	for _, s := range line {
		total += s.reckon(size)
	}
	return total
}

// text draws spans from x on, in the line whose top is y.
func (c *canvas) text(line []span, x, y, size float64, bold bool) {
	baseline := y + lineHeight/2 + size*0.36
	c.width = max(c.width, x+reckon(line, size))
	for _, s := range line {
		total := s.reckon(size)
		class, left, length := "t", x, total
		if s.code {
			class, left, length = "c", x+padding/4, total-padding/2
			fmt.Fprintf(&c.body, `<rect x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="4" class="k"/>`+"\n", x, y+2, total, float64(lineHeight-4))
		}
		if s.bold || bold {
			class += " b"
		}
		fmt.Fprintf(&c.body, `<text x="%.1f" y="%.1f" font-size="%.0f" class=%q textLength="%.1f" lengthAdjust="spacingAndGlyphs">%s</text>`+"\n",
			left, baseline, size, class, length, escape(s.text))
		x += total
	}
}

func escape(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a strings.Builder takes everything
	return strings.ReplaceAll(b.String(), " ", "&#160;")
}

func (c *canvas) rule(x1, y1, x2, y2 float64, class string) {
	fmt.Fprintf(&c.body, `<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" class=%q/>`+"\n", x1, y1, x2, y2, class)
}

// table draws the rows of a table, the head first.
func (c *canvas) table(rows [][]string) {
	const height = lineHeight + padding
	columns := make([]float64, len(rows[0]))
	for _, row := range rows {
		for i, cell := range row {
			columns[i] = max(columns[i], reckon(parse(cell), fontSize)+2*padding)
		}
	}
	total := 0.0
	for _, column := range columns {
		total += column
	}
	c.y += padding / 2
	top := c.y
	for i, row := range rows {
		c.rule(margin, c.y, margin+total, c.y, "r")
		x := float64(margin)
		for j, cell := range row {
			c.text(parse(cell), x+padding, c.y+padding/2, fontSize, i == 0)
			x += columns[j]
		}
		c.y += height
	}
	c.rule(margin, c.y, margin+total, c.y, "r")
	x := float64(margin)
	c.rule(x, top, x, c.y, "r")
	for _, column := range columns {
		x += column
		c.rule(x, top, x, c.y, "r")
	}
	c.width = max(c.width, margin+total)
	c.y += padding
}

// draw draws a review. label says in words what the picture is.
func draw(markdown, label string) string {
	c := &canvas{y: margin / 2}
	var rows [][]string
	for line := range strings.Lines(markdown + "\n\n") {
		line = strings.TrimRight(line, "\n")
		if cells, ok := strings.CutPrefix(line, "| "); ok {
			rows = append(rows, strings.Split(strings.TrimSuffix(cells, " |"), " | "))
			continue
		}
		if strings.HasPrefix(line, "|-") {
			continue
		}
		if len(rows) > 0 {
			c.table(rows)
			rows = nil
		}
		switch {
		case line == "" || strings.HasPrefix(line, "<!--"):
			c.y += padding / 2
		case strings.HasPrefix(line, "### "):
			c.text(parse(strings.TrimPrefix(line, "### ")), margin, c.y, 20, true)
			c.y += lineHeight + padding
		case strings.HasPrefix(line, ">"):
			quoted, height := parse(strings.TrimSpace(strings.TrimPrefix(line, ">"))), float64(lineHeight)
			if len(quoted) == 0 {
				height = padding / 2
			}
			c.rule(margin+2, c.y, margin+2, c.y+height, "q")
			c.text(quoted, margin+padding+4, c.y, fontSize, false)
			c.y += height
		default:
			c.text(parse(strings.Replace(line, "- ", "•  ", 1)), margin, c.y, fontSize, false)
			c.y += lineHeight
		}
	}
	w, h := c.width+margin, c.y+margin/2
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" role="img" aria-label=%q>
<!-- Made by go run ./internal/cmd/review from a real plan. -->
<style>
.t{font-family:-apple-system,"Segoe UI","Noto Sans","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;fill:#1f2328}
.c{font-family:ui-monospace,Menlo,Consolas,"Noto Sans Mono CJK SC",monospace;fill:#1f2328}
.b{font-weight:600}.k{fill:#eff1f3}.r{stroke:#d1d9e0}.q{stroke:#cf222e;stroke-width:4}
</style>
<rect width="%.0f" height="%.0f" rx="8" fill="#fff" stroke="#d1d9e0"/>
%s</svg>
`, w, h, w, h, label, w, h, c.body.String())
}
