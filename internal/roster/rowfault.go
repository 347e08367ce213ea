// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"slices"
	"strings"

	"golang.org/x/text/width"
)

// rowFault says why a row is no member, "" when it may be one. It looks at the row as a whole and
// at its first value, whatever column that is in: footers and comments often fill only that one.
func (d *decoder) rowFault(cells []cell) string {
	first := slices.IndexFunc(cells, func(c cell) bool { return !c.isEmpty() })
	if first < 0 {
		return ""
	}
	folded := strings.ToLower(width.Fold.String(cells[first].text))
	attribute := ignored
	if first < len(d.columns) {
		attribute = d.columns[first].attribute
	}
	isCode := attribute == userCardCode
	switch {
	case conflictMark.MatchString(folded):
		return "this is a conflict mark of git: decide which version is right, and delete the marks"
	case isRuler(cells):
		return "this row is a line that a program draws between rows: delete it"
	case d.isHeaderAgain(cells):
		return "this row is the header again, or its second row: delete it. A roster has one header: one row, with a name for each column"
	case errorValue.MatchString(folded):
		return "" // reported as a value
	case isFooter(folded) && (isCode || d.hasNoCode(cells)):
		return "this row " + isFooterRow
	case attribute == cardColor, !isCode && numberSign.MatchString(folded):
		return ""
	case commentMark.MatchString(folded), isCode && remark.MatchString(folded):
		return "this row begins like one that is commented out (#, //, ;, --): delete the row, or the mark when it is a member"
	case mailQuote.MatchString(folded):
		return "this row begins with a mark by which mail programs quote a line: delete the mark"
	}
	return ""
}

// isRuler reports whether a row is the line that database clients draw below the header. A value
// of one or two dashes is a mark for no value.
func isRuler(cells []cell) bool {
	longest := 0
	for _, c := range cells {
		switch {
		case c.isEmpty():
		case !ruler.MatchString(c.text):
			return false
		default:
			longest = max(longest, len(c.text))
		}
	}
	return longest > 2
}

// isHeaderAgain reports whether the values of a row are headers: each that of its own column, or at
// least two of any column, as when two files were joined or a header has two rows.
func (d *decoder) isHeaderAgain(cells []cell) bool {
	all, isOwn := 0, true
	for i, c := range cells {
		switch {
		case c.isEmpty():
			continue
		case i < len(d.columns) && headerKey(c.text) == headerKey(d.columns[i].header):
		case d.mapping.isKnown(c.text):
			isOwn = false
		default:
			return false
		}
		all++
	}
	return isOwn || all > 1
}

// hasNoCode reports whether a row has nothing in the column of the code, or only a number and
// nothing by which a member is imported, as a row with a sum has.
func (d *decoder) hasNoCode(cells []cell) bool {
	code, isImported := "", false
	for i, c := range cells[:min(len(cells), len(d.columns))] {
		switch d.columns[i].attribute {
		case userCardCode:
			code = c.text
		case phoneNumber, openID:
			isImported = isImported || !c.isEmpty()
		}
	}
	return code == "" || !isImported && strings.Trim(code, "0123456789.,") == ""
}

// holdsRows reports whether a value of several lines has a row of the roster in it: two stray
// quotation marks make one value of all that is between them.
func (d *decoder) holdsRows(value string, index int, separator string) bool {
	code := slices.IndexFunc(d.columns, func(c column) bool { return c.attribute == userCardCode })
	lines := strings.Split(value, "\n")
	if len(strings.Split(lines[0], separator)) != len(d.columns)-index {
		return false // without the marks its first line would not end its own row
	}
	for i, line := range lines[1:] {
		parts := strings.Split(line, separator)
		// The last line ends where the value does, in its own column.
		endsRow := i == len(lines)-2 && index > 0 && len(parts) == index+1
		if code < 0 || code >= len(parts) || len(parts) != len(d.columns) && !endsRow {
			continue
		}
		if found, fault := readText(userCardCode, trim(parts[code])); found != "" && fault == "" {
			return true
		}
	}
	return false
}
