// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"regexp"
	"slices"
	"strings"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/phonenumber"
)

// quantity is a number of many digits as spreadsheets write it. The sign is what tells
// it from a code of digits and letters: 12E5 may well be one.
var quantity = regexp.MustCompile(`^[+-]?[0-9](?:[.,][0-9]+)?[Ee][+-][0-9]{2,}$`)

// replacement is what a program writes for a character that it could not read.
const replacement = "\uFFFD"

// formula begins a value that an export wrapped for a spreadsheet, to keep it a text.
const formula = `="`

// decode returns the members of a roster in the order of their lines.
//
// text is CSV with commas, semicolons or tabs as spreadsheets write it; its first row
// that is not blank is the header. columns gives headers their attributes; a header
// that is not in columns is an attribute's name, upper or lower case. Space around
// headers and values is dropped and phone numbers are normalised; values are else
// taken as they are.
//
// Any error is of type problems, and lists everything that is wrong at once.
func decode(text string, columns map[string]string) ([]member, error) {
	var found problems
	headers := newMapping(columns, &found)
	if reason := refuse(text); reason != "" {
		found.add(1, "%s", reason)
		return nil, found.orNil()
	}
	table := readRows(text, headers.knows)
	if len(table) == 0 {
		found.add(1, "the roster is empty: it must at least have a header that names %s", userCardCode)
		return nil, found.orNil()
	}
	header := table[0]
	if header.fault != "" {
		found.add(header.line, "%s", header.fault)
		return nil, found.orNil()
	}
	resolved := resolveHeader(header, headers, &found)
	if resolved == nil {
		return nil, found.orNil()
	}

	members := make([]member, 0, len(table)-1)
	for _, one := range table[1:] {
		switch {
		case one.fault != "":
			found.add(one.line, "%s", one.fault)
		case len(one.cells) != len(resolved):
			advice := ""
			if len(one.cells) < len(resolved) {
				// https://www.stata.com/support/faqs/data-management/how-excel-writes-empty-cells/
				advice = " (Excel leaves out separators where the last column is empty in many rows: move a column that every row fills to the end)"
			}
			found.add(one.line, "this row and the header differ in their number of columns, %d and %d: a separator is missing or one too many, or a value that contains one is not quoted%s",
				len(one.cells), len(resolved), advice)
		default:
			members = append(members, read(one, header, resolved, &found))
		}
	}
	checkCodes(members, resolved, &found)
	checkPhoneNumbers(members, &found)
	if err := found.orNil(); err != nil {
		return nil, err
	}
	return members, nil
}

// read makes a member of a row that has as many cells as header and resolved.
func read(one, header row, resolved []string, found *problems) member {
	m := member{line: one.line}
	lost := false
	for i, cell := range one.cells {
		lost = lost || strings.Contains(cell, replacement)
		if target := m.value(resolved[i]); target != nil {
			*target = cell
		}
		if cell != "" && header.cells[i] == "" {
			found.add(one.line, "there is a value in column %d, which has no name in the header", i+1)
		}
	}
	if lost {
		found.add(one.line, `characters were lost when the roster was converted (U+FFFD stands for them): save it as "CSV UTF-8" from the spreadsheet itself`)
	}
	return m
}

// checkCodes reports codes that are missing, damaged or not unique.
func checkCodes(members []member, resolved []string, found *problems) {
	if !slices.Contains(resolved, userCardCode) {
		return // reported with the header
	}
	lines := make(map[string]int, len(members))
	for _, m := range members {
		earlier, twice := lines[m.userCardCode]
		switch {
		case m.userCardCode == "":
			found.add(m.line, "%s is empty", userCardCode)
		case quantity.MatchString(m.userCardCode):
			found.add(m.line, "%s was written as a quantity by a spreadsheet (as in 1.38E+10) and has lost digits: format the column as text and enter the code again", userCardCode)
		case strings.HasPrefix(m.userCardCode, formula):
			found.add(m.line, "%s is written as a formula (as in =\"0001\"), and would be taken with its quotation marks: write the code itself", userCardCode)
		case twice:
			found.add(m.line, "%s is the same as on line %d", userCardCode, earlier)
		default:
			lines[m.userCardCode] = m.line
		}
	}
}

// checkPhoneNumbers normalises phone numbers in place, and reports those that are none
// or not unique.
func checkPhoneNumbers(members []member, found *problems) {
	lines := make(map[string]int, len(members))
	for i := range members {
		m := &members[i]
		if m.phoneNumber == "" {
			continue
		}
		normalized, err := phonenumber.Normalize(m.phoneNumber)
		if err != nil {
			found.add(m.line, "%s: %s", phoneNumber, err)
			continue
		}
		m.phoneNumber = normalized
		if earlier, twice := lines[normalized]; twice {
			found.add(m.line, "%s %s is the same as on line %d", phoneNumber, phonenumber.Mask(normalized), earlier)
			continue
		}
		lines[normalized] = m.line
	}
}
