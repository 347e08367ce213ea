// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

const (
	// maxBadRows is how many bad rows an error lists. More of them usually have one cause,
	// and nobody reads a longer list.
	maxBadRows = 20
	// maxPerRow is how many errors of one row are listed.
	maxPerRow = 20
)

// rowError is one thing that is wrong with a row.
type rowError struct {
	line int // from 1
	text string
}

// rosterError collects what is wrong with a roster, and is the error that lists it: what is
// wrong with the argument columns, the first bad rows, and the number of the others. Its text
// is safe to print.
type rosterError struct {
	sheet   string // of a workbook, "" for a text
	columns []string
	rows    []rowError
	listed  map[int]int  // line to its number of errors
	others  map[int]bool // bad lines that are not listed
}

// addColumn notes an error of the argument columns.
func (e *rosterError) addColumn(format string, args ...any) {
	if len(e.columns) < maxBadRows {
		e.columns = append(e.columns, fmt.Sprintf(format, args...))
	}
}

// add notes an error of a row.
func (e *rosterError) add(line int, format string, args ...any) {
	if e.listed == nil {
		e.listed, e.others = map[int]int{}, map[int]bool{}
	}
	n := e.listed[line]
	switch {
	case n == 0 && len(e.listed) == maxBadRows:
		e.others[line] = true
		return
	case n == maxPerRow:
		return
	}
	e.listed[line] = n + 1
	e.rows = append(e.rows, rowError{line, fmt.Sprintf(format, args...)})
}

// onlyColumns reports whether nothing is wrong with the roster itself.
func (e *rosterError) onlyColumns() bool { return len(e.rows) == 0 }

// orNil returns e as an error, or nil when nothing is wrong.
func (e *rosterError) orNil() error {
	if len(e.columns)+len(e.rows) == 0 {
		return nil
	}
	slices.SortStableFunc(e.rows, func(a, b rowError) int { return cmp.Compare(a.line, b.line) })
	return e
}

// Error implements error: a count, then a line for each error. The lines are indented,
// because Terraform does not wrap lines that are.
func (e *rosterError) Error() string {
	var b strings.Builder
	sheet := ""
	if e.sheet != "" {
		sheet = ", on the sheet " + shown(e.sheet)
	}
	switch n := len(e.columns) + len(e.rows); {
	case len(e.others) > 0:
		fmt.Fprintf(&b, "%d rows of the roster have errors, these are the first %d%s:\n", len(e.listed)+len(e.others), len(e.listed), sheet)
	case n == 1:
		fmt.Fprintf(&b, "the roster has 1 error%s:\n", sheet)
	default:
		fmt.Fprintf(&b, "the roster has %d errors%s:\n", n, sheet)
	}
	for _, text := range e.columns {
		fmt.Fprintf(&b, "\n  columns: %s", text)
	}
	for _, one := range e.rows {
		fmt.Fprintf(&b, "\n  line %d: %s", one.line, one.text)
	}
	if n := len(e.others); n == 1 {
		b.WriteString("\n\n  1 more row has errors")
	} else if n > 1 {
		fmt.Fprintf(&b, "\n\n  %d more rows have errors", n)
	}
	return b.String()
}
