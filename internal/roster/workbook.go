// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// This file reads the parts of an .xlsx workbook (ECMA-376, part 1) around its sheets; a sheet
// is read by worksheet.go.
//
// Why no library reads it, as of excelize 2.10: its Rows gives texts, row by row, and with
// GetRowOpts whether a row is hidden. A roster also needs each cell's type and number format,
// formulas without a result, and merged cells; what gives those per cell loads the whole sheet.
// Its Rows drops errors of reading (rows.go: rowXMLHandler and what it calls), so that members
// of a damaged sheet would be lost without a word, and it unpacks worksheets of more than 16 MiB
// as they are, phone numbers included, into the folder for temporary files.

const (
	// maxSharedStrings is how many texts a workbook may have.
	maxSharedStrings = 2_000_000
	// maxStyles is how many formats of cells Excel itself takes.
	maxStyles = 65_490
)

// workbook is an open .xlsx workbook.
type workbook struct {
	parts  map[string]*zip.File
	left   limits
	is1904 bool // days are counted from 1904
	// calculatesOnLoad: a spreadsheet is to calculate all formulas when it opens the file.
	calculatesOnLoad bool
	sheets           []sheetPart // those that people see, in order
	strings          []string
	formats          []numberFormat // by a cell's style
}

// sheetPart is a sheet: its name, and the part that holds it.
type sheetPart struct{ name, part string }

// openWorkbook returns the rows of the first sheet that has any, or says why there is none.
func openWorkbook(content []byte, within limits) (sheet table, fault string) {
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return table{}, "the workbook is damaged or cut off: save it again"
	}
	w := &workbook{left: within, parts: make(map[string]*zip.File, len(archive.File))}
	for _, part := range archive.File {
		name := partName(part.Name)
		if w.parts[name] != nil {
			return table{}, "the workbook is damaged: it has two parts of one name, of which programs read one or the other. Open it in a spreadsheet program and save it again"
		}
		w.parts[name] = part
	}
	if fault := w.otherFormat(); fault != "" {
		return table{}, fault
	}
	switch err := w.read(); {
	case errors.Is(err, errTooLarge):
		return table{}, "the workbook is too large for a roster: save its first sheet as a workbook of its own"
	case err != nil:
		return table{}, `the workbook cannot be read: open it in a spreadsheet program and save it as .xlsx, or as "CSV UTF-8"`
	}
	return w.table(), ""
}

// partName makes names of parts comparable: without regard to case and to a leading slash.
func partName(name string) string {
	return strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "/"))
}

// otherFormat says what an archive is that is no .xlsx workbook, "" when it is one.
func (w *workbook) otherFormat() string {
	hasPart := func(prefix, suffix string) bool {
		for name := range w.parts {
			if strings.HasPrefix(name, prefix) && strings.HasSuffix(name, suffix) {
				return true
			}
		}
		return false
	}
	switch {
	case hasPart("xl/workbook", ".bin"):
		return "the file is an .xlsb workbook: " + saveAs
	case hasPart("word/", ""):
		return "the file is a .docx document: copy the table into a spreadsheet and " + saveAs
	case hasPart("ppt/", ""):
		return "the file is a .pptx presentation: copy the table into a spreadsheet and " + saveAs
	case hasPart("index/", ".iwa"), hasPart("index.", "zip"):
		return "the file is of Numbers, Pages or Keynote: " + exportAs
	case hasPart("mimetype", "") && hasPart("content.xml", ""):
		return "the file is an OpenDocument (.ods): " + saveAs
	case hasPart("xl/", "") || hasPart("[content_types].xml", ""):
		return ""
	}
	return "the file is a zip archive and no workbook: unpack it, and give the workbook or the text"
}

func (w *workbook) read() error {
	main := "xl/workbook.xml"
	roots, err := w.relations("")
	if err != nil {
		return err
	}
	for _, r := range roots {
		if strings.HasSuffix(r.kind, "/officeDocument") {
			main = r.target
		}
	}
	relations, err := w.relations(main)
	if err != nil {
		return err
	}
	if err := w.readSheets(main, relations); err != nil {
		return err
	}
	for _, r := range relations {
		switch {
		case strings.HasSuffix(r.kind, "/sharedStrings"):
			err = w.readStrings(r.target)
		case strings.HasSuffix(r.kind, "/styles"):
			err = w.readStyles(r.target)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// relation is how a part refers to another.
type relation struct{ id, kind, target string }

// relations returns what the named part refers to, or the package for "".
func (w *workbook) relations(part string) ([]relation, error) {
	folder, file := path.Split(part)
	name := folder + "_rels/" + file + ".rels"
	if w.parts[name] == nil {
		return nil, nil
	}
	var all []relation
	err := w.each(name, func(_ *partReader, e xml.StartElement) error {
		if e.Name.Local != "Relationship" || attributeOf(e, "TargetMode") == "External" {
			return nil
		}
		target := attributeOf(e, "Target")
		if !strings.HasPrefix(target, "/") {
			target = path.Join(folder, target)
		}
		all = append(all, relation{attributeOf(e, "Id"), attributeOf(e, "Type"), partName(target)})
		return nil
	})
	return all, err
}

func (w *workbook) readSheets(main string, relations []relation) error {
	return w.each(main, func(_ *partReader, e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			w.is1904 = isTrue(attributeOf(e, "date1904"))
		case "calcPr":
			w.calculatesOnLoad = isTrue(attributeOf(e, "fullCalcOnLoad"))
		case "sheet":
			if state := attributeOf(e, "state"); state != "" && state != "visible" {
				return nil
			}
			for _, r := range relations {
				if r.id == attributeOf(e, "id") && strings.HasSuffix(r.kind, "/worksheet") {
					w.sheets = append(w.sheets, sheetPart{attributeOf(e, "name"), r.target})
				}
			}
		}
		return nil
	})
}

func (w *workbook) readStrings(part string) error {
	return w.each(part, func(p *partReader, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		if len(w.strings) == maxSharedStrings {
			return errTooLarge
		}
		text, err := richText(p)
		w.strings = append(w.strings, text)
		return err
	})
}

func (w *workbook) readStyles(part string) error {
	codes := map[string]string{}
	inCells := false
	return w.each(part, func(_ *partReader, e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			codes[attributeOf(e, "numFmtId")] = attributeOf(e, "formatCode")
		case "cellXfs":
			inCells = true
		case "cellStyles", "dxfs":
			inCells = false
		case "xf":
			if !inCells {
				return nil
			}
			if len(w.formats) == maxStyles {
				return errTooLarge
			}
			id := attributeOf(e, "numFmtId")
			code, isCustom := codes[id]
			if !isCustom {
				code = builtInFormat(id)
			}
			w.formats = append(w.formats, parseNumberFormat(code))
		}
		return nil
	})
}

// each calls visit for every element of a part, from its beginning to its end.
func (w *workbook) each(part string, visit func(*partReader, xml.StartElement) error) error {
	p, err := w.open(part)
	if err != nil {
		return err
	}
	defer p.close()
	for {
		token, err := p.token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if e, isStart := token.(xml.StartElement); isStart {
			if err := visit(p, e); err != nil {
				return err
			}
		}
	}
}

// richText returns the text of the element that has just begun (si, is), whatever its runs look
// like, and reads it to its end.
func richText(p *partReader) (string, error) {
	var b strings.Builder
	depth, phonetic, inText := 1, 0, false
	for depth > 0 {
		token, err := p.token()
		if err != nil {
			return "", err
		}
		switch e := token.(type) {
		case xml.StartElement:
			depth++
			inText = e.Name.Local == "t"
			if e.Name.Local == "rPh" || phonetic > 0 { // how a text is spoken
				phonetic++
			}
		case xml.EndElement:
			depth--
			inText = false
			phonetic = max(phonetic-1, 0)
		case xml.CharData:
			if inText && phonetic == 0 {
				b.Write(e)
			}
		}
	}
	return unescape(b.String()), nil
}

var escape = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// unescape reads the characters that XML cannot hold, which workbooks write as _x000D_.
func unescape(text string) string {
	if !strings.Contains(text, "_x") {
		return text
	}
	return escape.ReplaceAllStringFunc(text, func(s string) string {
		code, err := strconv.ParseUint(s[2:6], 16, 16)
		if err != nil {
			return s
		}
		return string(rune(code))
	})
}

// attributeOf returns the attribute of that local name, "" when there is none.
func attributeOf(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

func isTrue(text string) bool { return text == "1" || strings.EqualFold(text, "true") }
