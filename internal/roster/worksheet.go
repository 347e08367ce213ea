// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"
)

const (
	// maxLines is how many rows a sheet has in Excel.
	maxLines = 1 << 20
	// maxColumns is how many columns of a sheet may have values.
	maxColumns = 1000
	// maxMergedAreas is how many merged cells are looked at.
	maxMergedAreas = 100_000
)

// worksheet reads one sheet of a workbook, row by row.
type worksheet struct {
	*workbook
	info  *sheetInfo
	part  *partReader
	cells []cell // of the row that is being read
	line  int
}

// table returns the first sheet that has rows.
func (w *workbook) table() table {
	info := &sheetInfo{}
	return table{
		sheet: info,
		rows: func(yield func(row) bool) {
			for _, sheet := range w.sheets {
				*info = sheetInfo{name: sheet.name}
				s := &worksheet{workbook: w, info: info}
				hasRows, err := s.read(sheet.part, yield)
				switch {
				case errors.Is(err, errStopped):
					return
				case errors.Is(err, errTooLarge):
					yield(row{line: max(s.line, 1), fault: "the sheet is too large for a roster. Delete the empty rows below it and the columns right of it (a format or a blank in one of them counts, so delete and do not only clear them), or split it"})
					return
				case err != nil:
					yield(row{line: max(s.line, 1), fault: "the sheet cannot be read from here on: open the workbook in a spreadsheet program and save it again"})
					return
				case hasRows:
					return
				}
			}
			*info = sheetInfo{}
			yield(row{line: 1, fault: "no sheet that is shown has rows: unhide the sheet of the roster, or give it a header that names " + userCardCode})
		},
	}
}

// errStopped says that the reader of the rows wants no more.
var errStopped = errors.New("stopped")

// read yields the rows of a sheet that are not blank.
func (s *worksheet) read(part string, yield func(row) bool) (hasRows bool, err error) {
	if s.part, err = s.open(part); err != nil {
		return false, err
	}
	defer s.part.close()
	for {
		token, err := s.part.token()
		if errors.Is(err, io.EOF) {
			return hasRows, nil
		}
		if err != nil {
			return hasRows, err
		}
		e, isStart := token.(xml.StartElement)
		if !isStart {
			continue
		}
		switch e.Name.Local {
		case "row":
			if err := s.readRow(e); err != nil {
				return hasRows, err
			}
			if isBlank(s.cells) {
				continue
			}
			one := row{line: s.line, cells: s.cells}
			if isHidden(e) {
				one.fault = "this row is hidden, perhaps by a filter: unhide it, or delete it when it is no member"
			}
			hasRows = true
			if !yield(one) {
				return true, errStopped
			}
		case "col":
			if a, isArea := hiddenColumns(e); isArea && len(s.info.hidden) < maxColumns {
				s.info.hidden = append(s.info.hidden, a)
			}
		case "mergeCell":
			if a, isArea := parseArea(attributeOf(e, "ref")); isArea && len(s.info.merged) < maxMergedAreas {
				s.info.merged = append(s.info.merged, a)
			}
		}
	}
}

// hiddenColumns returns the columns that e describes, where they are hidden.
func hiddenColumns(e xml.StartElement) (a area, isArea bool) {
	first, errFirst := strconv.Atoi(attributeOf(e, "min"))
	last, errLast := strconv.Atoi(attributeOf(e, "max"))
	width, err := strconv.ParseFloat(attributeOf(e, "width"), 64)
	isHidden := isTrue(attributeOf(e, "hidden")) || err == nil && width == 0
	return area{firstColumn: first, lastColumn: last}, errFirst == nil && errLast == nil && isHidden
}

func isHidden(e xml.StartElement) bool {
	height, err := strconv.ParseFloat(attributeOf(e, "ht"), 64)
	return isTrue(attributeOf(e, "hidden")) || err == nil && height == 0
}

// readRow reads the cells of the row that e begins.
func (s *worksheet) readRow(e xml.StartElement) error {
	s.cells = s.cells[:0]
	s.line++
	if text := attributeOf(e, "r"); text != "" {
		line, err := strconv.Atoi(text)
		if err != nil || line < s.line {
			return errMalformed
		}
		s.line = line
	}
	if s.line > maxLines {
		return errTooLarge
	}
	column := 0
	for {
		token, err := s.part.token()
		if err != nil {
			return err
		}
		switch e := token.(type) {
		case xml.EndElement:
			return nil
		case xml.StartElement:
			if e.Name.Local != "c" {
				if err := s.part.skip(); err != nil {
					return err
				}
				continue
			}
			column++
			if name := attributeOf(e, "r"); name != "" {
				at, isPlace := parsePlace(name)
				if !isPlace || at.firstColumn < column {
					return errMalformed
				}
				column = at.firstColumn
			}
			c, err := s.readCell(e)
			if err != nil {
				return err
			}
			if c.isEmpty() {
				continue
			}
			if column > maxColumns {
				return errTooLarge
			}
			for len(s.cells) < column-1 {
				s.cells = append(s.cells, cell{})
			}
			s.cells = append(s.cells, c)
		}
	}
}

// readCell reads the cell that e begins to its end.
func (s *worksheet) readCell(e xml.StartElement) (cell, error) {
	var stored, inline string
	isFormula, hasValue := false, false
	for {
		token, err := s.part.token()
		if err != nil {
			return cell{}, err
		}
		start, isStart := token.(xml.StartElement)
		if _, isEnd := token.(xml.EndElement); isEnd {
			break
		}
		if !isStart {
			continue
		}
		switch start.Name.Local {
		case "v":
			hasValue = true
			stored, err = s.readValue()
		case "is":
			hasValue = true
			inline, err = richText(s.part)
		default:
			isFormula = isFormula || start.Name.Local == "f"
			err = s.part.skip()
		}
		if err != nil {
			return cell{}, err
		}
	}
	// A program that writes formulas cannot calculate them: some leave the result empty, some
	// write 0 and ask the spreadsheet to calculate it when it opens the file.
	kind := attributeOf(e, "t")
	isEmpty := !hasValue || stored == "" && inline == "" && kind != "str"
	isPending := s.calculatesOnLoad && stored == "0" && (kind == "" || kind == "n")
	if isFormula && (isEmpty || isPending) {
		return cell{fault: "is a formula whose result is not in the file, as it was never calculated: open the workbook in a spreadsheet program and save it again"}, nil
	}
	return s.cellOf(e, stored, inline), nil
}

// readValue reads the text of the element that has just begun.
func (s *worksheet) readValue() (string, error) {
	var text strings.Builder
	for {
		token, err := s.part.token()
		if err != nil {
			return "", err
		}
		switch e := token.(type) {
		case xml.CharData:
			text.Write(e)
		case xml.EndElement:
			return text.String(), nil
		case xml.StartElement:
			return "", errMalformed
		}
	}
}

// cellOf returns the cell of a stored value by its type (ECMA-376, part 1, 18.18.11) and, of a
// number, by its format.
func (s *worksheet) cellOf(e xml.StartElement, stored, inline string) cell {
	switch attributeOf(e, "t") {
	case "s":
		i, err := strconv.Atoi(stored)
		switch {
		case stored == "":
			return cell{}
		case err != nil, i < 0, i >= len(s.strings):
			return cell{fault: "cannot be read: the workbook is damaged, save it again"}
		}
		return cell{text: trim(s.strings[i])}
	case "inlineStr":
		if inline == "" {
			inline = unescape(stored)
		}
		return cell{text: trim(inline)}
	case "str", "e":
		return cell{text: trim(unescape(stored))}
	case "b":
		return cell{text: strings.ToUpper(strconv.FormatBool(isTrue(stored)))}
	case "d":
		for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02"} {
			if date, err := time.ParseInLocation(layout, stored, china()); err == nil {
				return cell{date: date}
			}
		}
		return cell{text: trim(stored)}
	}
	if stored == "" {
		return cell{text: trim(inline)}
	}
	return s.numberCell(attributeOf(e, "s"), strings.TrimSpace(stored))
}

func (s *worksheet) numberCell(style, stored string) cell {
	if stored == "" {
		return cell{}
	}
	var format numberFormat
	if i, err := strconv.Atoi(style); err == nil && i >= 0 && i < len(s.formats) {
		format = s.formats[i]
	}
	if format.isDate {
		if date, isDate := dateOf(stored, s.is1904); isDate {
			return cell{date: date}
		}
		return cell{fault: "is a time of the day or a date that no spreadsheet can show: write it as 2015-05-20T13:29:35+08:00"}
	}
	digits, isWhole := wholeNumber(stored)
	if !isWhole {
		if f, err := strconv.ParseFloat(stored, 64); err == nil && f >= 1e15 {
			return cell{fault: "is a number of more than 15 digits, of which spreadsheets lose the last: format the column as text and enter the value again"}
		}
		return cell{text: stored, isFraction: true}
	}
	if missing := format.digits - len(digits); missing > 0 && digits[0] != '-' {
		digits = strings.Repeat("0", min(missing, maxExactDigits)) + digits
	}
	return cell{text: digits, isFormatted: format.isOther}
}

// parsePlace reads the name of a cell, such as B5.
func parsePlace(name string) (a area, isPlace bool) {
	column, i := 0, 0
	for ; i < len(name) && name[i] >= 'A' && name[i] <= 'Z'; i++ {
		column = column*26 + int(name[i]-'A') + 1
		if column > 1<<14 {
			return area{}, false
		}
	}
	line, err := strconv.Atoi(name[i:])
	if err != nil || column == 0 || line < 1 {
		return area{}, false
	}
	return area{line, line, column, column}, true
}

// parseArea reads the name of several cells, such as A1:F1.
func parseArea(name string) (a area, isArea bool) {
	first, last, isRange := strings.Cut(name, ":")
	from, isPlace := parsePlace(first)
	to, isEnd := parsePlace(last)
	if !isRange || !isPlace || !isEnd {
		return area{}, false
	}
	return area{from.firstLine, to.lastLine, from.firstColumn, to.lastColumn}, true
}
