// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// mapping is what the user's columns say: header to attribute.
type mapping map[string]string

// newMapping takes the space from around the headers of columns, and reports entries
// that mean nothing.
func newMapping(columns map[string]string, found *problems) mapping {
	headers := make(mapping, len(columns))
	for _, given := range slices.Sorted(maps.Keys(columns)) {
		header, attribute := trim(given), columns[given]
		switch _, twice := headers[header]; {
		case header == "":
			found.add(0, "an entry has no header")
		case twice:
			found.add(0, "the header %s is there twice, but for space around it", shown(header))
		case !isAttribute(attribute):
			found.add(0, "%s, given for the header %s, is not an attribute; attributes are %s",
				shown(attribute), shown(header), strings.Join(attributes(), ", "))
			headers[header] = ""
		default:
			headers[header] = attribute
		}
	}
	return headers
}

// attribute returns the attribute of the column that header names. known is false for
// a header that is no attribute's name and is not in m either; attribute is "" then,
// and when m gives the header something that is no attribute.
func (m mapping) attribute(header string) (attribute string, known bool) {
	if attribute, known := m[header]; known {
		return attribute, true
	}
	if name := strings.ToLower(header); isAttribute(name) {
		return name, true
	}
	return "", false
}

func (m mapping) knows(header string) bool {
	_, known := m.attribute(header)
	return known
}

// resolveHeader returns the attribute of each cell of header, "" for a column that
// has none, and reports everything that is wrong with it. It returns nil when nothing
// in header is known: then it is likely no header at all.
func resolveHeader(header row, columns mapping, found *problems) []string {
	for _, name := range slices.Sorted(maps.Keys(columns)) {
		if !slices.Contains(header.cells, name) {
			found.add(0, "the roster has no column %s (its header is line %d)", shown(name), header.line)
		}
	}
	if !slices.ContainsFunc(header.cells, columns.knows) {
		// What it has instead is not shown: it may be the first member.
		found.add(header.line, "none of the %d columns of this line is known: the first line that is not blank must be a header that names attributes (%s), "+
			"with commas, tabs or semicolons between them; what other headers mean is said in columns", len(header.cells), strings.Join(attributes(), ", "))
		return nil
	}

	resolved := make([]string, len(header.cells))
	first := map[string]int{}
	for i, cell := range header.cells {
		attribute, known := columns.attribute(cell)
		switch earlier, twice := first[attribute]; {
		case cell == "":
			// Spreadsheets write separators after the last column: harmless while empty.
		case !known:
			found.add(header.line, "unknown column %s: say in columns which attribute it is, or take it out of the roster; attributes are %s",
				place(i, cell), strings.Join(attributes(), ", "))
		case attribute == "":
			// columns is at fault, and was reported.
		case twice && header.cells[earlier] == cell:
			found.add(header.line, "the column %s is there twice, as columns %d and %d", shown(cell), earlier+1, i+1)
		case twice:
			found.add(header.line, "columns %s and %s are both %s", place(earlier, header.cells[earlier]), place(i, cell), attribute)
		default:
			first[attribute] = i
			resolved[i] = attribute
		}
	}
	if _, there := first[userCardCode]; !there {
		found.add(header.line, "there is no column %s: give a column that name, or say in columns which one it is", userCardCode)
	}
	return resolved
}

// place names a column by its number and, where that may be shown, by its header.
func place(index int, header string) string {
	return fmt.Sprintf("%d (%s)", index+1, shown(header))
}

const (
	maxShownDigits = 4
	maxShownRunes  = 40
)

// shown returns a header, or what should be one, in quotation marks. A header has few
// digits: where there are more it may be a member's value, and none of them is shown.
func shown(header string) string {
	runes := []rune(width.Fold.String(header))
	digits := 0
	for _, r := range runes {
		if unicode.IsNumber(r) {
			digits++
		}
	}
	for i, r := range runes {
		if digits > maxShownDigits && unicode.IsNumber(r) {
			runes[i] = '*'
		}
	}
	if len(runes) > maxShownRunes {
		runes = append(runes[:maxShownRunes], '…')
	}
	return strconv.Quote(string(runes))
}
