// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/phonenumber"
)

// decodeText returns the members of a roster in the order of their lines.
//
// text is CSV with commas, semicolons or tabs as spreadsheets write it; its first row that is
// not blank is the header. columns gives headers their attributes, "" to those that are not
// needed; a header that is not in columns is an attribute's name or a usual Chinese header.
//
// Any error is of type *rosterError.
func decodeText(text string, columns map[string]string) ([]member, error) {
	d := newDecoder(columns)
	if fault := textFault(text); fault != "" {
		d.errs.add(1, "%s", fault)
		return nil, d.errs.orNil()
	}
	return d.decode(textTable(text, d.mapping.isKnown))
}

// decodeFile returns the members of a roster out of the bytes of a file: an .xlsx workbook, or
// text as decodeText takes it in UTF-8, UTF-16, GBK or GB18030.
func decodeFile(content []byte, columns map[string]string) ([]member, error) {
	d := newDecoder(columns)
	if isWorkbook(content) {
		sheet, fault := openWorkbook(content, defaultLimits())
		if fault != "" {
			d.errs.add(1, "%s", fault)
			return nil, d.errs.orNil()
		}
		return d.decode(sheet)
	}
	text, fault := textOf(content)
	if fault != "" {
		d.errs.add(1, "%s", fault)
		return nil, d.errs.orNil()
	}
	return d.decode(textTable(text, d.mapping.isKnown))
}

// defaultMaxRows is how many rows a roster may have below its header. Terraform is slow long
// before that.
const defaultMaxRows = 200_000

// decoder makes members of the rows of one table.
type decoder struct {
	errs    rosterError
	mapping mapping
	columns []column
	hasCode bool // among columns
	maxRows int  // below the header
	// separator is that of a text; "" for a worksheet, whose rows leave out empty cells at their end.
	separator string
	isUnnamed bool // a value in a column without a name was reported
	// lines are the lines of the values that must be there once, by attribute.
	lines map[string]map[string]int
}

func newDecoder(columns map[string]string) *decoder {
	d := &decoder{maxRows: defaultMaxRows, lines: map[string]map[string]int{userCardCode: {}, phoneNumber: {}, openID: {}}}
	d.mapping = newMapping(columns, &d.errs)
	return d
}

func (d *decoder) decode(t table) ([]member, error) {
	next, stop := iter.Pull(t.rows)
	defer stop()
	d.separator = t.separator
	headerLine, isFound := d.readHeader(next)
	if t.sheet != nil {
		d.errs.sheet = t.sheet.name
	}
	if !isFound {
		return nil, d.errs.orNil()
	}
	if t.sheet != nil {
		d.refuseHidden(t.sheet.hidden, headerLine)
	}
	members := []member{}
	for n := 1; ; n++ {
		one, more := next()
		if !more {
			break
		}
		if n > d.maxRows {
			d.errs.add(one.line, "the roster has more than %d rows: split it", d.maxRows)
			break
		}
		if m, isMember := d.readRow(one); isMember && len(d.errs.rows) == 0 {
			members = append(members, m)
		}
	}
	if t.sheet != nil {
		d.refuseMerged(t.sheet.merged, headerLine)
	}
	if err := d.errs.orNil(); err != nil {
		return nil, err
	}
	return members, nil
}

// readHeader reads rows up to the header, and returns the header's line. It reports a table
// without one.
func (d *decoder) readHeader(next func() (row, bool)) (line int, isFound bool) {
	first, more := next()
	switch {
	case !more:
		d.errs.add(1, "the roster is empty: it must at least have a header that names %s", userCardCode)
		return 0, false
	case first.fault != "":
		d.errs.add(first.line, "%s", first.fault)
		return 0, false
	}
	if d.mapping.isHeader(first) {
		d.columns = d.mapping.resolveHeader(first, &d.errs)
		d.hasCode = slices.ContainsFunc(d.columns, func(c column) bool { return c.attribute == userCardCode })
		return first.line, d.columns != nil
	}
	first.cells = slices.Clone(first.cells)
	for range maxTitleRows {
		one, more := next()
		if !more {
			break
		}
		if d.mapping.isHeader(one) {
			d.errs.add(first.line, "this is not the header, which seems to be on line %d: delete the lines above it", one.line)
			return 0, false
		}
	}
	d.mapping.resolveHeader(first, &d.errs)
	return 0, false
}

// readRow returns the member of a row, or reports what is wrong with it.
func (d *decoder) readRow(one row) (m member, isMember bool) {
	if one.fault != "" {
		d.errs.add(one.line, "%s", one.fault)
		return member{}, false
	}
	if fault := d.rowFault(one.cells); fault != "" {
		d.errs.add(one.line, "%s", fault)
		return member{}, false
	}
	for i, c := range one.cells {
		if d.separator != "" && strings.Contains(c.text, "\n") && d.holdsRows(c.text, i, d.separator) {
			d.errs.add(one.line, "a value of this row has several lines, one of which is a row itself: two stray quotation marks make one value of what is between them. Delete the marks, or, if this is one value, write it on one line")
			return member{}, false
		}
	}
	if len(one.cells) != len(d.columns) && d.separator != "" {
		advice := ""
		if len(one.cells) < len(d.columns) {
			// https://www.stata.com/support/faqs/data-management/how-excel-writes-empty-cells/
			advice = " (Excel leaves out separators where the last column is empty in many rows: move a column that every row fills to the end)"
		}
		d.errs.add(one.line, "this row and the header differ in their number of columns, %d and %d: a separator is missing or one too many, or a value that contains one is not quoted%s",
			len(one.cells), len(d.columns), advice)
		return member{}, false
	}
	return d.readCells(one)
}

// readCells reads the cells of a row whose form is right, and reports every fault of it.
func (d *decoder) readCells(one row) (m member, isMember bool) {
	m.line = one.line
	isWrong := map[string]string{}
	for i, c := range one.cells {
		switch {
		case i >= len(d.columns) || d.columns[i].header == "":
			if !c.isEmpty() && !d.isUnnamed {
				d.isUnnamed = true // every row would say so
				d.errs.add(one.line, "there is a value in column %d, which has no name in the header: give the column a name, and \"\" in columns when it is not needed (pandas: to_csv(…, index=False))", i+1)
			}
		case d.columns[i].attribute != ignored:
			attribute := d.columns[i].attribute
			value, fault := readCell(attribute, c)
			*m.value(attribute) = value
			if attribute == userCardCode && value == "" && fault == "" && !c.isEmpty() {
				fault = "is empty: the cell has a word or a mark for no value"
			}
			if fault != "" {
				isWrong[attribute] = fault
			}
		}
	}
	if d.hasCode && m.userCardCode == "" && isWrong[userCardCode] == "" {
		isWrong[userCardCode] = "is empty"
	}
	owner := ""
	if isWrong[userCardCode] == "" {
		owner = ofMember(m.userCardCode)
	}
	for _, attribute := range attributes() {
		fault := isWrong[attribute]
		switch {
		case fault == "":
			d.refuseTwice(m, attribute)
		case attribute == userCardCode:
			d.errs.add(one.line, "%s %s", attribute, fault)
		default:
			d.errs.add(one.line, "%s%s", attribute+owner, afterName(fault))
		}
	}
	return m, len(isWrong) == 0
}

// afterName joins a fault to the name of what is wrong.
func afterName(fault string) string {
	if strings.HasPrefix(fault, ":") {
		return fault
	}
	return " " + fault
}

// maxCodeDigits is how many digits a card code may have to be shown in an error. One with more
// may be the number of a phone or of a person.
const maxCodeDigits = 10

// ofMember names the member of an error by its card code.
func ofMember(code string) string {
	digits := 0
	for _, r := range code {
		if unicode.IsNumber(r) {
			digits++
		}
	}
	if code == "" || digits > maxCodeDigits {
		return ""
	}
	return " of " + strconv.Quote(code)
}

// readCell returns what a cell means as a value of attribute.
func readCell(attribute string, c cell) (value, fault string) {
	switch {
	case c.fault != "":
		return "", c.fault
	case c.isFraction && attribute == phoneNumber:
		return "", "is a number with decimal places: format the column as text and enter the phone number again"
	case c.isFormatted && attribute != phoneNumber:
		return "", "is a number that the sheet shows in another form: format the column as text and enter the value again"
	case c.date.IsZero():
		return readText(attribute, c.text)
	case attribute == pickupTime:
		return certainTime(c.date)
	}
	return "", "is a date, which spreadsheets make of values such as 1-2: format the column as text and enter the value again"
}

// refuseTwice reports a code, a phone number or an openid that an earlier line has.
func (d *decoder) refuseTwice(m member, attribute string) {
	lines, value := d.lines[attribute], *m.value(attribute)
	if lines == nil || value == "" {
		return
	}
	earlier, isTwice := lines[value]
	if !isTwice {
		lines[value] = m.line
		return
	}
	if attribute == phoneNumber {
		attribute += " " + phonenumber.Mask(value)
	}
	d.errs.add(m.line, "%s is the same as on line %d", attribute, earlier)
}

// refuseMerged reports members whose cells are merged with others: a value then seems to be
// that of several members, and is stored with one only.
func (d *decoder) refuseMerged(areas []area, headerLine int) {
	lines := slices.Sorted(maps.Values(d.lines[userCardCode]))
	for _, a := range areas {
		if !d.areNeeded(a.firstColumn, a.lastColumn) || a.lastLine <= headerLine {
			continue
		}
		from, _ := slices.BinarySearch(lines, a.firstLine)
		for _, line := range lines[from:] {
			if line > a.lastLine {
				break
			}
			d.errs.add(line, "a cell of this row is merged with others: split it, and write the value into each row")
		}
	}
}

// refuseHidden reports columns that people do not see when they open the sheet.
func (d *decoder) refuseHidden(areas []area, headerLine int) {
	for _, a := range areas {
		if d.areNeeded(a.firstColumn, a.lastColumn) {
			d.errs.add(headerLine, "%s hidden, and would be read: unhide it, or say \"\" in columns for what is not needed", columnsOf(a))
		}
	}
}

func columnsOf(a area) string {
	if a.firstColumn == a.lastColumn {
		return fmt.Sprintf("column %d is", a.firstColumn)
	}
	return fmt.Sprintf("a column of %d to %d is", a.firstColumn, a.lastColumn)
}

// areNeeded reports whether an attribute is among columns, from 1 and both ends included.
func (d *decoder) areNeeded(first, last int) bool {
	for i := max(first, 1); i <= min(last, len(d.columns)); i++ {
		if d.columns[i-1].attribute != ignored {
			return true
		}
	}
	return false
}
