// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/fatih/color"
)

// screen is what a person reads: headings, Terraform's output indented, checks, notes.
type screen struct {
	output   io.Writer
	headings int
	checks   int
	failed   []string

	title, pass, fail, caution *color.Color
}

func newScreen(output io.Writer, colored bool) *screen {
	s := &screen{
		output: output,
		title:  color.New(color.Bold), pass: color.New(color.FgGreen), fail: color.New(color.FgRed), caution: color.New(color.FgYellow),
	}
	for _, c := range []*color.Color{s.title, s.pass, s.fail, s.caution} {
		if colored {
			c.EnableColor()
		} else {
			c.DisableColor()
		}
	}
	return s
}

func (s *screen) heading(title string, why ...string) {
	s.headings++
	fmt.Fprintf(s.output, "\n%s\n", s.title.Sprintf("%d. %s", s.headings, title))
	for _, line := range why {
		s.line("%s", line)
	}
	s.line("")
}

func (s *screen) line(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if text != "" {
		text = "   " + text
	}
	fmt.Fprintln(s.output, text)
}

// check prints a check that holds in green. One that does not hold is red and fails the demo.
func (s *screen) check(holds bool, format string, args ...any) {
	s.checks++
	text := fmt.Sprintf(format, args...)
	if !holds {
		s.failed = append(s.failed, "this does not hold: "+text)
		s.line("%s %s", s.fail.Sprint("✗"), text)
		return
	}
	s.line("%s %s", s.pass.Sprint("✓"), text)
}

// note prints what is worth knowing and no failure.
func (s *screen) note(format string, args ...any) {
	s.line("%s %s", s.caution.Sprint("!"), fmt.Sprintf(format, args...))
}

// progress is a writer for Terraform's output while it applies. It shows each line up to
// the outputs, which come all at once in the end.
func (s *screen) progress() io.Writer { return &progress{screen: s} }

type progress struct {
	screen *screen
	rest   []byte // a line that has not ended yet
	ended  bool
}

func (p *progress) Write(text []byte) (int, error) {
	p.rest = append(p.rest, text...)
	for !p.ended {
		line, rest, whole := bytes.Cut(p.rest, []byte("\n"))
		if !whole {
			break
		}
		p.rest = rest
		if string(line) == outputsHeading {
			p.ended = true
			break
		}
		p.screen.line("%s", line)
	}
	return len(text), nil
}

// outputsHeading begins the outputs in what apply prints.
const outputsHeading = "Outputs:"

// outputs is what progress has left out.
func outputs(text string) string {
	_, after, _ := strings.Cut(text, "\n"+outputsHeading+"\n")
	return outputsHeading + "\n" + foldEntries(after)
}

// firstParagraphs is what init says before its advice.
func firstParagraphs(text string) string {
	text, _, _ = strings.Cut(text, "\n\n")
	return strings.TrimSpace(text) + "\n"
}

// nothing leaves out all that a command printed.
func nothing(string) string { return "" }

func lastLine(text string) string {
	text = strings.TrimSpace(text)
	return text[strings.LastIndex(text, "\n")+1:] + "\n"
}

var refreshing = regexp.MustCompile(`(?m)^.*: Refreshing state\.\.\..*\n`)

func withoutRefreshing(text string) string {
	return strings.TrimSpace(refreshing.ReplaceAllString(text, "")) + "\n"
}

var (
	// memberBlock is a member in a plan's output: a comment that names it, and its block.
	memberBlock = regexp.MustCompile(`(?ms)^  # wechatpay_member_card_import\.\S+ will be .*?^    }\n\n?`)
	// entry is one member in the roster's output, planned (with a +) or applied.
	entry = regexp.MustCompile(`(?m)^ +(?:\+ )?"?VIP-\d+"? += {\n(?:.* = .*\n)+ +}\n`)
)

// abridge shows the first member of a plan, and the first entry of its outputs, and counts
// those that look like it.
func abridge(text string) string {
	text, _, _ = strings.Cut(text, "\n────")
	return strings.TrimSpace(foldEntries(fold(text, memberBlock, "  (and %d more members, which this demo leaves out)\n\n"))) + "\n\n"
}

func foldEntries(text string) string { return fold(text, entry, "    (and %d more)\n") }

// fold keeps the first of many matches.
func fold(text string, pattern *regexp.Regexp, more string) string {
	matches := pattern.FindAllStringIndex(text, -1)
	if len(matches) < 2 {
		return text
	}
	first, last := matches[0], matches[len(matches)-1]
	return text[:first[1]] + fmt.Sprintf(more, len(matches)-1) + text[last[1]:]
}

// mask is this program's own: a phone number is not to be shown because a check of the
// provider's masking failed.
func mask(phone string) string {
	if len(phone) != 11 {
		return "(none)"
	}
	return phone[:3] + "****" + phone[7:]
}

func list(found []string) string {
	if len(found) == 0 {
		return ""
	}
	slices.Sort(found)
	return ": found " + strings.Join(slices.Compact(found), ", ")
}
