// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"iter"
	"strings"
	"time"
	"unicode"
)

// table is a roster as rows, whatever it was read from.
type table struct {
	// rows are the rows that are not blank, in order. A row is valid until the next one.
	rows iter.Seq[row]
	// separator is what stands between the values of a text, "" for a worksheet. Rows of a
	// worksheet leave out empty cells at their end.
	separator string
	// sheet is what is known of the worksheet that the rows come from, nil for a text. Columns are
	// known when the first row has been read, merged cells after the last.
	sheet *sheetInfo
}

// sheetInfo is what a worksheet has beside its rows.
type sheetInfo struct {
	name   string
	hidden []area // columns
	merged []area
}

// row is one row of a table, its cells without space around them.
type row struct {
	line  int // where it begins, from 1; a line break inside a cell of a text counts
	cells []cell
	fault string // why it could not be read, "" when it could
}

// cell is one value of a row: text, or in a worksheet perhaps a date.
type cell struct {
	text string
	// date is set in place of text for a date of a worksheet. Its zone is China's.
	date time.Time
	// isFormatted says that people see something else than text, by a number format of a
	// worksheet.
	isFormatted bool
	// isFraction says that text is a number with decimal places in a worksheet.
	isFraction bool
	// fault says why the cell could not be read, "" when it could.
	fault string
}

func (c cell) isEmpty() bool { return c.text == "" && c.date.IsZero() && c.fault == "" }

// area is a rectangle of cells, from 1 and both ends included.
type area struct{ firstLine, lastLine, firstColumn, lastColumn int }

// isBlank reports whether a row holds nothing.
func isBlank(cells []cell) bool {
	for _, c := range cells {
		if !c.isEmpty() {
			return false
		}
	}
	return true
}

// trim takes space of any kind and width from both ends of s, and the invisible
// characters that spreadsheets and address books paste along: two codes that look the
// same must be the same.
func trim(s string) string {
	return strings.TrimFunc(s, func(r rune) bool { return unicode.IsSpace(r) || isInvisible(r) })
}

// isInvisible reports whether r shows nothing where it stands: control characters, marks of
// direction, joiners and fillers of no width, variation selectors, characters for private use.
// Space of any width is none of them.
func isInvisible(r rune) bool {
	switch r {
	case '\u034F', '\u115F', '\u1160', '\u17B4', '\u17B5', '\u2800', '\u3164', '\uFFA0', '\uFFFC':
		return true
	}
	return !unicode.IsSpace(r) && unicode.IsControl(r) ||
		unicode.In(r, unicode.Cf, unicode.Co, unicode.Cs, unicode.Variation_Selector)
}
