// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	byteOrderMark = "\uFEFF"
	nul           = "\x00"
)

// row is one row of a table that is not blank, its cells without space around them.
type row struct {
	line  int // where it begins, from 1; a line break inside a cell counts
	cells []string
	fault string // why it could not be read, "" when it could
}

// refuse returns what is wrong with text as a whole, "" when it may be read.
func refuse(text string) string {
	switch {
	case strings.Contains(text, nul):
		return `the text contains NUL characters, as the format that Excel calls "Unicode Text" (UTF-16) does: save the roster as "CSV UTF-8"`
	case !utf8.ValidString(text):
		return `the text is not UTF-8: save the roster as "CSV UTF-8"`
	}
	return ""
}

// readRows returns the rows of text that are not blank. Its separator is the one of
// comma, tab and semicolon under which the first row names the most columns that
// known knows, the earlier one in doubt. Lines end in LF, CRLF or CR.
func readRows(text string, known func(cell string) bool) []row {
	text = strings.TrimPrefix(text, byteOrderMark)
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	return slices.Collect(rows(text, separator(text, known)))
}

func separator(text string, known func(cell string) bool) rune {
	best, most := ',', 0
	for _, candidate := range []rune{',', '\t', ';'} {
		named := 0
		rows(text, candidate)(func(first row) bool {
			for _, cell := range first.cells {
				if known(cell) {
					named++
				}
			}
			return false
		})
		if named > most {
			best, most = candidate, named
		}
	}
	return best
}

// rows yields the rows of text that are not blank. A row that cannot be read has a
// fault; reading goes on with the line after it.
func rows(text string, separator rune) func(yield func(row) bool) {
	return func(yield func(row) bool) {
		reader := csv.NewReader(strings.NewReader(text))
		reader.Comma = separator
		reader.FieldsPerRecord = -1
		// Lets a quoted value stand after a space. A tab is a space too, and an empty
		// value between two of them would be lost.
		reader.TrimLeadingSpace = separator != '\t'
		for {
			cells, err := reader.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			var one row
			var syntax *csv.ParseError
			switch {
			case errors.As(err, &syntax):
				one = row{line: syntax.StartLine, fault: fault(syntax)}
			case err != nil:
				one = row{line: 1, fault: "the text cannot be read"}
			default:
				line, _ := reader.FieldPos(0)
				one = row{line: line, cells: clean(cells)}
				if !slices.ContainsFunc(one.cells, func(cell string) bool { return cell != "" }) {
					continue
				}
			}
			if !yield(one) || err != nil && syntax == nil {
				return
			}
		}
	}
}

func fault(err *csv.ParseError) string {
	if errors.Is(err, csv.ErrBareQuote) {
		return `a quotation mark inside a value that is not quoted: put the value in quotation marks and double the one inside`
	}
	return `the quotation marks of the row that begins here do not pair up, and rows after it may have been taken for part of it: ` +
		`a quoted value ends in a quotation mark with a separator or the end of the line after it`
}

// clean takes the space from around each cell, in place.
func clean(cells []string) []string {
	for i, cell := range cells {
		cells[i] = trim(cell)
	}
	return cells
}

// trim takes space of any kind and width from both ends of s, and the invisible
// characters that spreadsheets and address books paste along: two codes that look the
// same must be the same.
func trim(s string) string {
	return strings.TrimFunc(s, func(r rune) bool {
		switch {
		case unicode.IsSpace(r),
			r == '\u00AD', r == '\u061C', r == '\uFEFF',
			r >= '\u200B' && r <= '\u200F',
			r >= '\u202A' && r <= '\u202E',
			r >= '\u2060' && r <= '\u2064',
			r >= '\u2066' && r <= '\u2069':
			return true
		}
		return false
	})
}
