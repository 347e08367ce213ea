// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// problem is one thing that is wrong with a roster.
type problem struct {
	line int // of the text, from 1; 0 when the fault lies with columns
	text string
}

// problems collects everything that is wrong with a roster, and is the error that
// lists it. Its text is safe to print.
type problems []problem

func (p *problems) add(line int, format string, args ...any) {
	*p = append(*p, problem{line: line, text: fmt.Sprintf(format, args...)})
}

// onlyColumns reports whether nothing is wrong with the text itself.
func (p problems) onlyColumns() bool {
	return !slices.ContainsFunc(p, func(one problem) bool { return one.line > 0 })
}

// orNil returns p as an error, sorted by line, or nil when nothing is wrong.
func (p problems) orNil() error {
	if len(p) == 0 {
		return nil
	}
	slices.SortStableFunc(p, func(a, b problem) int { return cmp.Compare(a.line, b.line) })
	return p
}

// Error implements error: a count, then a line for each problem, however many there
// are. They are indented, because Terraform does not wrap lines that are.
func (p problems) Error() string {
	var b strings.Builder
	noun := "problems"
	if len(p) == 1 {
		noun = "problem"
	}
	fmt.Fprintf(&b, "the roster has %d %s:\n", len(p), noun)
	for _, one := range p {
		if one.line == 0 {
			fmt.Fprintf(&b, "\n  columns: %s", one.text)
		} else {
			fmt.Fprintf(&b, "\n  line %d: %s", one.line, one.text)
		}
	}
	return b.String()
}
