// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// Workbooks are written by a library that knows nothing of the reader here, or by hand where
// other programs write what the library does not.

func anyOf(cells []string) []any {
	all := make([]any, len(cells))
	for i, c := range cells {
		all[i] = c
	}
	return all
}

// writeWorkbook returns a workbook with rows on its first sheet.
func writeWorkbook(t testing.TB, rows [][]any, changes ...func(*excelize.File)) []byte {
	t.Helper()
	f := excelize.NewFile()
	for i, cells := range rows {
		for j, value := range cells {
			name, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err == nil {
				err = f.SetCellValue("Sheet1", name, value)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, change := range changes {
		change(f)
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// zipOf returns an archive of parts: names and contents by turns.
func zipOf(t testing.TB, parts ...string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i < len(parts); i += 2 {
		part, err := w.Create(parts[i])
		if err == nil {
			_, err = part.Write([]byte(parts[i+1]))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// rawWorkbook returns a workbook with the given content of its sheet.
func rawWorkbook(t testing.TB, sheet string) []byte {
	t.Helper()
	return rawParts(t, sheet, "")
}

// rawParts is rawWorkbook with more behind the list of sheets.
func rawParts(t testing.TB, sheet, more string) []byte {
	t.Helper()
	const relationships = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>`
	const kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
	return []byte(zipOf(t,
		"_rels/.rels", fmt.Sprintf(relationships, `<Relationship Id="a" Type="`+kinds+`officeDocument" Target="/XL\Workbook.xml"/>`),
		"xl/workbook.xml", `<x:workbook xmlns:x="m" xmlns:r="r"><x:sheets><x:sheet name="1" sheetId="1" r:id="b"/></x:sheets>`+more+`</x:workbook>`,
		"xl/_rels/workbook.xml.rels", fmt.Sprintf(relationships, `<Relationship Id="b" Type="`+kinds+`worksheet" Target="sheets/one.xml"/>`+
			`<Relationship Id="c" Type="`+kinds+`sharedStrings" Target="/xl/strings.xml"/>`),
		"xl/strings.xml", `<sst><si><t>user_card_code</t></si><si><r><t>钻石</t></r><r><t xml:space="preserve">会员</t></r><rPh sb="0" eb="1"><t>zuan</t></rPh></si><si><t>VIP_x002D_1</t></si></sst>`,
		"xl/sheets/one.xml", sheet))
}

func TestWorksheetCells(t *testing.T) {
	t.Parallel()

	day := time.Date(2015, time.May, 20, 0, 0, 0, 0, time.UTC)
	const refused = "refused: "
	format := func(place string, style excelize.Style) func(*excelize.File) {
		return func(f *excelize.File) {
			id, err := f.NewStyle(&style)
			if err == nil {
				err = f.SetCellStyle("Sheet1", place, place, id)
			}
			if err != nil {
				t.Error(err)
			}
		}
	}
	custom := func(code string) func(*excelize.File) {
		return format("B2", excelize.Style{CustomNumFmt: &code})
	}
	builtIn := func(id int) func(*excelize.File) { return format("B2", excelize.Style{NumFmt: id}) }
	formula := func(text string) func(*excelize.File) {
		return func(f *excelize.File) {
			if err := f.SetCellFormula("Sheet1", "B2", text); err != nil {
				t.Error(err)
			}
		}
	}
	for _, test := range []struct {
		name, attribute string
		value           any
		change          func(*excelize.File)
		want            string
	}{
		{"a phone number as a number", phoneNumber, int64(13800138000), nil, "13800138000"},
		{"a phone number that the sheet shows as 1.38E+10", phoneNumber, int64(13800138000), builtIn(11), "13800138000"},
		{"a phone number in groups", phoneNumber, int64(13800138000), custom(`000\-0000\-0000`), "13800138000"},
		{"a level as a number", level, 3, nil, "3"},
		{"a level as a number in groups", level, 1001, builtIn(3), "1001"},
		{"a level with decimal places that are none", level, 3, builtIn(2), "3"},
		{"a number with leading zeros of its format", level, 1, custom("0000"), "0001"},
		{"a number with text of its format", level, 1, custom(`"VIP-"0000`), refused + "shows in another form"},
		{"a number that is not shown", level, 1, custom(";;;"), refused + "shows in another form"},
		{"a program's date for no date", pickupTime, time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), nil, refused + asNoDate},
		{"a currency", level, 1, custom(`[$¥-804]#,##0`), refused + "shows in another form"},
		{"a percentage", level, 1, builtIn(9), refused + "shows in another form"},
		{"a fraction", level, 1.5, nil, refused + asDecimals},
		{"a number of sixteen digits", level, int64(6222138001380001), nil, refused + "more than 15 digits"},
		{"fifteen digits", attach, int64(622213800138000), nil, "622213800138000"},
		{"true", level, true, nil, refused + "is TRUE or FALSE"},
		{"a date", pickupTime, day, nil, "2015-05-20T00:00:00+08:00"},
		{"a date with a time", pickupTime, day.Add(13*time.Hour + 29*time.Minute + 35*time.Second), nil, "2015-05-20T13:29:35+08:00"},
		{"a Chinese date", pickupTime, 42144, custom(`yyyy"年"m"月"d"日";@`), "2015-05-20T00:00:00+08:00"},
		{"a day as a number", pickupTime, 42144, nil, refused + timeFault},
		{"a time of the day", pickupTime, 0.5, builtIn(21), refused + "is a time of the day"},
		{"a date in another column", level, day, nil, refused + "is a date, which spreadsheets make of values"},
		{"a date in the column of notes", attach, day, nil, refused + "is a date, which spreadsheets make of values"},
		{"a date in the column of phone numbers", phoneNumber, day, nil, refused + "is a date, which spreadsheets make of values"},
		{"a formula without a result", level, nil, formula("A2"), refused + "is a formula whose result is not in the file"},
		{"text with a byte-order mark", level, "\ufeff金卡", nil, "金卡"},
		{"text of digits", level, "0001", nil, "0001"},
		{"text in a cell that is formatted as a date", level, "金卡", builtIn(14), "金卡"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var changes []func(*excelize.File)
			if test.change != nil {
				changes = append(changes, test.change)
			}
			content := writeWorkbook(t, [][]any{{userCardCode, test.attribute}, {"VIP-1", test.value}}, changes...)
			members, err := decodeFile(content, nil)
			if says, isRefused := strings.CutPrefix(test.want, refused); isRefused {
				if err == nil || !strings.Contains(err.Error(), "line 2: "+test.attribute) || !strings.Contains(err.Error(), says) {
					t.Errorf("%v, %v; want %q of line 2", members, err, says)
				}
				return
			}
			want := member{userCardCode: "VIP-1", line: 2}
			*want.value(test.attribute) = test.want
			requireDecoded(t, []member{want}, members, err)
		})
	}
}

func TestWorkbooks(t *testing.T) {
	t.Parallel()

	header, vip := []any{userCardCode, level, attach}, []any{"VIP-1", "金卡"}
	for _, test := range []struct {
		name    string
		rows    [][]any
		change  func(*excelize.File) error
		want    []member
		refused string
	}{
		{"lines are the sheet's rows", [][]any{nil, header, nil, vip}, nil, []member{{userCardCode: "VIP-1", level: "金卡", line: 4}}, ""},
		{"empty cells at the end", [][]any{header, {"VIP-1"}}, nil, []member{{userCardCode: "VIP-1", line: 2}}, ""},
		{"a value beyond the header", [][]any{header, {"VIP-1", nil, nil, nil, "x"}}, nil, nil, "line 2: there is a value in column 5, which has no name"},
		{"no code", [][]any{header, {nil, "金卡"}}, nil, nil, "line 2: user_card_code is empty"},
		{"no code in a row that ends before it", [][]any{{level, userCardCode}, {"金卡"}}, nil, nil, "line 2: user_card_code is empty"},
		{"a hidden row", [][]any{header, vip}, func(f *excelize.File) error { return f.SetRowVisible("Sheet1", 2, false) }, nil, "line 2: this row is hidden"},
		{"a row of no height", [][]any{header, vip}, func(f *excelize.File) error { return f.SetRowHeight("Sheet1", 2, 0) }, nil, "line 2: this row is hidden"},
		{"a hidden column", [][]any{header, vip}, func(f *excelize.File) error { return f.SetColVisible("Sheet1", "B", false) }, nil, "line 1: column 2 is hidden"},
		{"a hidden column that is not needed", [][]any{{userCardCode, "姓名"}, {"VIP-1", "张三"}}, func(f *excelize.File) error { return f.SetColVisible("Sheet1", "B", false) }, []member{{userCardCode: "VIP-1", line: 2}}, ""},
		{"a level for several members", [][]any{header, vip, {"VIP-2"}}, func(f *excelize.File) error { return f.MergeCell("Sheet1", "B2", "B3") }, nil, "line 3: a cell of this row is merged"},
		{"merged notes that are not needed", [][]any{{userCardCode, "姓名"}, {"VIP-1", "张三"}}, func(f *excelize.File) error { return f.MergeCell("Sheet1", "C2", "D2") }, []member{{userCardCode: "VIP-1", line: 2}}, ""},
		{"the first sheet is empty", nil, func(f *excelize.File) error {
			if _, err := f.NewSheet("名单"); err != nil {
				return err
			}
			return f.SetSheetRow("名单", "A1", &[]any{userCardCode})
		}, []member{}, ""},
		{"the first sheet is hidden", [][]any{{"an old roster"}}, func(f *excelize.File) error {
			i, err := f.NewSheet("名单")
			if err != nil {
				return err
			}
			f.SetActiveSheet(i)
			if err := f.SetSheetRow("名单", "A1", &[]any{userCardCode}); err != nil {
				return err
			}
			return f.SetSheetVisible("Sheet1", false)
		}, []member{}, ""},
		{"nothing at all", nil, nil, nil, "line 1: no sheet that is shown has rows"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			content := writeWorkbook(t, test.rows, func(f *excelize.File) {
				if test.change == nil {
					return
				}
				if err := test.change(f); err != nil {
					t.Fatal(err)
				}
			})
			members, err := decodeFile(content, map[string]string{"姓名": ""})
			if test.refused != "" {
				if err == nil || !strings.Contains(err.Error(), test.refused) {
					t.Errorf("%v, %v; want %q", members, err, test.refused)
				}
				return
			}
			requireDecoded(t, test.want, members, err)
		})
	}
}

// What other programs write: names with a prefix, cells without places, texts in runs, dates
// since 1904, numbers with exponents.
func TestRawWorkbooks(t *testing.T) {
	t.Parallel()

	const begin = `<worksheet><sheetData><row r="1"><c t="s"><v>0</v></c><c t="inlineStr"><is><t>level</t></is></c><c t="str"><v>phone_number</v></c></row>`
	const end = `</sheetData></worksheet>`
	for _, test := range []struct {
		name, sheet string
		want        []member
		refused     string
	}{
		{"texts in runs, escapes and an exponent", begin + `<row><c t="s"><v>2</v></c><c t="s"><v>1</v></c><c><v>1.3800138E10</v></c></row>` + end,
			[]member{{userCardCode: "VIP-1", level: "钻石会员", phoneNumber: "13800138000", line: 2}}, ""},
		{"a formula's result", begin + `<row r="5"><c r="A5" t="str"><f>"VIP-"&amp;1</f><v>VIP-1</v></c><c r="C5"><f>B1</f><v>13800138000</v></c></row>` + end,
			[]member{{userCardCode: "VIP-1", phoneNumber: "13800138000", line: 5}}, ""},
		{"a formula's error", begin + `<row><c t="e"><f>NA()</f><v>#N/A</v></c></row>` + end, nil, "line 2: user_card_code is the error value"},
		{"a formula that openpyxl wrote", begin + `<row><c t="s"><v>2</v></c><c><f>C2</f><v/></c></row>` + end, nil, `line 2: level of "VIP-1" is a formula whose result is not in the file`},
		{"a formula that openpyxl wrote, otherwise", begin + `<row><c t="s"><v>2</v></c><c><f>C2</f><v></v></c></row>` + end, nil, `line 2: level of "VIP-1" is a formula whose result is not in the file`},
		{"a formula whose result is an empty text", begin + `<row><c t="s"><v>2</v></c><c t="str"><f>""</f><v></v></c></row>` + end, []member{{userCardCode: "VIP-1", line: 2}}, ""},
		{"a formula whose result is 0", begin + `<row><c t="s"><v>2</v></c><c><f>1-1</f><v>0</v></c></row>` + end, []member{{userCardCode: "VIP-1", level: "0", line: 2}}, ""},
		{"an inline text as a value", begin + `<row><c t="s"><v>2</v></c><c t="inlineStr"><v>金卡</v></c></row>` + end, []member{{userCardCode: "VIP-1", level: "金卡", line: 2}}, ""},
		{"an inline text without a type", begin + `<row><c t="s"><v>2</v></c><c><is><t>金卡</t></is></c></row>` + end, []member{{userCardCode: "VIP-1", level: "金卡", line: 2}}, ""},
		{"a stray value at the end of the sheet", begin + `<row r="2"><c r="XFD2"><v>1</v></c></row>` + end, nil, "Delete the empty rows below it and the columns right of it"},
		{"a text that is not there", begin + `<row><c t="s"><v>9</v></c></row>` + end, nil, "line 2: user_card_code cannot be read: the workbook is damaged"},
		{"rows in another order", begin + `<row r="3"><c t="s"><v>2</v></c></row><row r="2"><c t="s"><v>2</v></c></row>` + end, nil, "the sheet cannot be read from here on"},
		{"a sheet that is cut off", begin + `<row><c t="s"><v>2</v></c></row>`, nil, "the sheet cannot be read from here on"},
		{"more columns than a roster has", begin + `<row r="2"><c r="AZZ2"><v>1</v></c></row>` + end, nil, "the sheet is too large for a roster"},
		{"a cell with markup for a value", begin + `<row><c><v><b/></v></c></row>` + end, nil, "the sheet cannot be read from here on"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			members, err := decodeFile(rawWorkbook(t, test.sheet), nil)
			if test.refused != "" {
				if err == nil || !strings.Contains(err.Error(), test.refused) {
					t.Errorf("%v, %v; want %q", members, err, test.refused)
				}
				return
			}
			requireDecoded(t, test.want, members, err)
		})
	}
}

// A program that writes 0 for every formula asks the spreadsheet to calculate them.
func TestFormulasThatWereNeverCalculated(t *testing.T) {
	t.Parallel()

	sheet := `<worksheet><sheetData><row><c t="s"><v>0</v></c><c t="inlineStr"><is><t>level</t></is></c></row>` +
		`<row><c t="s"><v>2</v></c><c><f>%s</f><v>%s</v></c></row></sheetData></worksheet>`
	pending := func(result string) ([]member, error) {
		return decodeFile(rawParts(t, fmt.Sprintf(sheet, "A1", result), `<calcPr fullCalcOnLoad="1"/>`), nil)
	}
	if members, err := pending("0"); err == nil || !strings.Contains(err.Error(), "never calculated") {
		t.Errorf("%v, %v", members, err)
	}
	members, err := pending("3")
	requireDecoded(t, []member{{userCardCode: "VIP-1", level: "3", line: 2}}, members, err)
}

func TestWorkbooksWithTwoPartsOfOneName(t *testing.T) {
	t.Parallel()

	content := zipOf(t, "xl/workbook.xml", "<a/>", "xl/Workbook.xml", "<b/>")
	if members, err := decodeFile([]byte(content), nil); err == nil || !strings.Contains(err.Error(), "two parts of one name") {
		t.Errorf("%v, %v", members, err)
	}
}

func TestDatesSince1904(t *testing.T) {
	t.Parallel()

	for stored, want := range map[string]string{"40682": "2015-05-20T00:00:00+08:00", "40682.5621": "2015-05-20T13:29:25+08:00"} {
		if date, isDate := dateOf(stored, true); !isDate || date.Format(time.RFC3339) != want {
			t.Errorf("%s is %s, %t; want %s", stored, date, isDate, want)
		}
	}
	for _, stored := range []string{"", "x", "0", "0.5", "60", "2958466", "NaN", "Inf", "-1"} {
		if date, isDate := dateOf(stored, false); isDate {
			t.Errorf("%s is %s; want no date", stored, date)
		}
	}
}

func requireDecoded(t *testing.T, want, got []member, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(member{})); diff != "" {
		t.Error(diff)
	}
}
