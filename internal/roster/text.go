// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"encoding/csv"
	"errors"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"
)

const byteOrderMark = "\uFEFF"

// separatorLine is how a text tells Excel its separator, on its first line.
var separatorLine = regexp.MustCompile(`(?i)^[ \x{A0}\x{3000}]*"?sep[ \x{A0}\x{3000}]*=[ \x{A0}\x{3000}]*([^"\n \x{A0}\x{3000}])"?[,;\t \x{A0}\x{3000}]*(?:\n|$)`)

// textTable returns the rows of a text in UTF-8: CSV with commas or semicolons, or values
// between tabs, as spreadsheets write them. Lines end in LF, CRLF or CR.
//
// Where the text does not declare its separator, it is the one of comma, tab and semicolon
// under which a row near the beginning names the most columns that isKnown knows.
func textTable(text string, isKnown func(header string) bool) table {
	for strings.HasPrefix(text, byteOrderMark) {
		text = strings.TrimPrefix(text, byteOrderMark)
	}
	if strings.Contains(text, "\r") {
		text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	}
	// Each file that was appended to another has brought its own mark.
	text = strings.ReplaceAll(text, "\n"+byteOrderMark, "\n")
	declared := rune(0)
	if found := separatorLine.FindStringSubmatchIndex(text); found != nil {
		declared, _ = utf8.DecodeRuneInString(text[found[2]:])
		text = "\n" + text[found[1]:] // keeps the numbers of the lines
	}
	separator := declared
	if declared == 0 || declared == '\r' || declared == utf8.RuneError {
		separator = guessSeparator(text, isKnown)
	}
	return table{rows: textRows(text, separator), separator: string(separator)}
}

func guessSeparator(text string, isKnown func(string) bool) rune {
	best, most := ',', 0
	for _, candidate := range []rune{',', '\t', ';'} {
		seen := 0
		for one := range textRows(text, candidate) {
			named := 0
			for _, c := range one.cells {
				if isKnown(c.text) {
					named++
				}
			}
			if named > most {
				best, most = candidate, named
			}
			if seen++; seen == maxTitleRows {
				break
			}
		}
	}
	return best
}

// textRows yields the rows of text that are not blank. After a row that cannot be read,
// reading goes on with the line after it.
func textRows(text string, separator rune) func(yield func(row) bool) {
	return func(yield func(row) bool) {
		reader := csv.NewReader(strings.NewReader(quoteTextFormulas(text, separator)))
		reader.Comma = separator
		reader.FieldsPerRecord = -1
		reader.ReuseRecord = true
		// Lets a quoted value stand after a space. A tab is a space too, and an empty
		// value between two of them would be lost.
		reader.TrimLeadingSpace = separator != '\t'
		var cells []cell
		for {
			values, err := reader.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			var one row
			var syntax *csv.ParseError
			switch {
			case errors.As(err, &syntax):
				one = row{line: syntax.StartLine, fault: syntaxFault(syntax)}
			case err != nil:
				one = row{line: 1, fault: "the text cannot be read"}
			default:
				line, _ := reader.FieldPos(0)
				cells = cells[:0]
				for _, value := range values {
					cells = append(cells, cell{text: trim(value)})
				}
				one = row{line: line, cells: cells}
				if isBlank(cells) {
					continue
				}
			}
			if !yield(one) || err != nil && syntax == nil {
				return
			}
		}
	}
}

func syntaxFault(err *csv.ParseError) string {
	if errors.Is(err, csv.ErrBareQuote) {
		return `a quotation mark inside a value that is not quoted: put the value in quotation marks and double the one inside`
	}
	return `the quotation marks of the row that begins here do not pair up, and rows after it may have been taken for part of it: ` +
		`a quoted value ends in a quotation mark with a separator or the end of the line after it`
}

// quoteTextFormulas puts values that are written as ="0001" in quotation marks, as CSV has it.
// Programs write them for Excel, which then keeps such a value as a text.
func quoteTextFormulas(text string, separator rune) string {
	if !strings.Contains(text, `="`) {
		return text
	}
	pattern := regexp.MustCompile(`(^|[\n` + regexp.QuoteMeta(string(separator)) + `])[ \t]*="([^"\n]*)"`)
	var b strings.Builder
	rest := 0
	for _, found := range pattern.FindAllStringSubmatchIndex(text, -1) {
		end := found[1]
		for end < len(text) && (text[end] == ' ' || text[end] == '\t') && rune(text[end]) != separator {
			end++
		}
		if next, _ := utf8.DecodeRuneInString(text[end:]); end < len(text) && next != '\n' && next != separator {
			continue // not the whole value
		}
		b.WriteString(text[rest:found[3]])
		b.WriteString(`"=""` + text[found[4]:found[5]] + `"""`)
		rest = end
	}
	b.WriteString(text[rest:])
	return b.String()
}
