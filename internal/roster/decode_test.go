// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestDecodeReadsWhatSpreadsheetsWrite(t *testing.T) {
	t.Parallel()

	for _, test := range []struct {
		file    string
		columns map[string]string
		lines   [3]int
	}{
		{"excel-csv-utf8.csv", nil, [3]int{2, 5, 6}},
		{"excel-text.tsv", nil, [3]int{2, 4, 5}},
		{"excel-semicolons.csv", nil, [3]int{2, 4, 5}},
		{"excel-macintosh.csv", nil, [3]int{2, 5, 6}},
		{"wps-chinese-headers.csv", map[string]string{
			"会员卡号": "user_card_code", "手机号": "phone_number", "会员等级": "level", "备注": "attach",
		}, [3]int{2, 4, 5}},
		{"numbers.csv", nil, [3]int{3, 5, 6}},
		{"libreoffice-quoted.csv", nil, [3]int{2, 4, 5}},
	} {
		t.Run(test.file, func(t *testing.T) {
			t.Parallel()
			want := []member{
				{userCardCode: "VIP-0001", phoneNumber: "13800138000", level: "钻石会员", attach: "喜欢\"龙井\", 靠窗\n不吃辣", line: test.lines[0]},
				{userCardCode: "VIP-0002", phoneNumber: "13800138001", level: "黄金会员", line: test.lines[1]},
				{userCardCode: "VIP-0003", openID: "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", line: test.lines[2]},
			}
			requireMembers(t, fixture(t, test.file), test.columns, want)
		})
	}
}

func TestDecodeAccepts(t *testing.T) {
	t.Parallel()

	one := func(line int) []member {
		return []member{{userCardCode: "VIP-1", phoneNumber: "13800138000", line: line}}
	}
	for _, test := range []struct {
		name, text string
		columns    map[string]string
		want       []member
	}{
		{"only a header", "user_card_code\n", nil, []member{}},
		{"only one column", "user_card_code\nVIP-1\n", nil, []member{{userCardCode: "VIP-1", line: 2}}},
		{"every attribute", "user_card_code,phone_number,openid,level,card_color,card_picture_url,pickup_time,attach\nc,13800138000,oUpF8uMuAJO,l,#AABBCC,https://x,2015-05-20T13:29:35+08:00,a\n", nil,
			[]member{{userCardCode: "c", phoneNumber: "13800138000", openID: "oUpF8uMuAJO", level: "l", cardColor: "#AABBCC", cardPictureURL: "https://x", pickupTime: "2015-05-20T13:29:35+08:00", attach: "a", line: 2}}},
		{"no line end at the end", "user_card_code,phone_number\nVIP-1,13800138000", nil, one(2)},
		{"a byte-order mark before a quotation mark", "\ufeff\"user_card_code\",phone_number\nVIP-1,13800138000\n", nil, one(2)},
		{"names in upper case with space around", " User_Card_Code , PHONE_NUMBER\u3000\nVIP-1,13800138000\n", nil, one(2)},
		{"blank lines anywhere", "\n\r\n  \n,,\nuser_card_code,phone_number\n\n,\n \u3000,\u00a0\n,,,,,\nVIP-1,13800138000\n\n", nil, one(10)},
		{"space around values", "user_card_code,phone_number\n\u3000VIP-1\u00a0, 138 0013 8000\t\n", nil, one(2)},
		{"invisible characters around values", "user_card_code,phone_number\n\u200bVIP-1\ufeff,\u202d13800138000\u202c\n", nil, one(2)},
		{"invisible characters of other kinds", "user_card_code,phone_number\n\u00ad\u061cVIP-1\u2060\u2066,\u200e13800138000\u2064\n", nil, one(2)},
		{"a quoted value after a space", "user_card_code, phone_number\n\"VIP-1\", \"13800138000\"\n", nil, one(2)},
		{"empty values between tabs", "user_card_code\tlevel\tphone_number\nVIP-1\t\t13800138000\n", nil, one(2)},
		{"a column of its own name beside mapped ones", "会员卡号,phone_number\nVIP-1,13800138000\n", map[string]string{"会员卡号": "user_card_code"}, one(2)},
		{"space around headers in columns", "会员卡号,phone_number\nVIP-1,13800138000\n", map[string]string{" 会员卡号 ": "user_card_code"}, one(2)},
		{"columns before a header's own name", "user_card_code,level\nVIP-1,x\n", map[string]string{"level": "attach"}, []member{{userCardCode: "VIP-1", attach: "x", line: 2}}},
		{"a header with a separator in it", "\"卡号, 会员\",phone_number\nVIP-1,13800138000\n", map[string]string{"卡号, 会员": "user_card_code"}, one(2)},
		{"a header with a line break in it", "\"会员\n卡号\",phone_number\nVIP-1,13800138000\n", map[string]string{"会员\n卡号": "user_card_code"}, one(3)},
		{"other separators inside values", "user_card_code,attach\nVIP-1,a;b\tc\n", nil, []member{{userCardCode: "VIP-1", attach: "a;b\tc", line: 2}}},
		{"commas inside values between semicolons", "user_card_code;attach\nVIP-1;a,b\n", nil, []member{{userCardCode: "VIP-1", attach: "a,b", line: 2}}},
		{"columns without a name that are empty", "user_card_code,phone_number,,\nVIP-1,13800138000,,\n", nil, one(2)},
		{"codes that differ in case", "user_card_code\nvip\nVIP\n", nil, []member{{userCardCode: "vip", line: 2}, {userCardCode: "VIP", line: 3}}},
		{"codes with an E that no spreadsheet made", "user_card_code\n12E5\n1E10\nE+10\n1E+5\n", nil, []member{
			{userCardCode: "12E5", line: 2}, {userCardCode: "1E10", line: 3}, {userCardCode: "E+10", line: 4}, {userCardCode: "1E+5", line: 5}}},
		{"members without phone numbers", "user_card_code,phone_number\na,\nb,\n", nil, []member{{userCardCode: "a", line: 2}, {userCardCode: "b", line: 3}}},
		{"a number of another country", "user_card_code,phone_number\na,+852 9123 4567\n", nil, []member{{userCardCode: "a", phoneNumber: "+85291234567", line: 2}}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			requireMembers(t, test.text, test.columns, test.want)
		})
	}
}

func TestDecodeListsEverythingThatIsWrong(t *testing.T) {
	t.Parallel()

	const attributeNames = "user_card_code, phone_number, openid, level, card_color, card_picture_url, pickup_time, attach"
	const noHeader = "columns of this line is known: the first line that is not blank must be a header that names attributes (" + attributeNames + "), " +
		"with commas, tabs or semicolons between them; what other headers mean is said in columns"
	const which = `: say in columns which one it is, and "" for the other`
	const notNeeded = `, and "" is for a column that is not needed`
	const ragged = ": a separator is missing or one too many, or a value that contains one is not quoted"
	const short = ragged + " (Excel leaves out separators where the last column is empty in many rows: move a column that every row fills to the end)"
	const lost = ` is damaged: characters were lost when the roster was converted: save it as "CSV UTF-8" from the spreadsheet itself`
	const lineBreak = "contains an invisible character or a line break (U+000A, as character "
	const unpaired = "the quotation marks of the row that begins here do not pair up, and rows after it may have been taken for part of it: " +
		"a quoted value ends in a quotation mark with a separator or the end of the line after it"
	const quantityPhone = " was written as a quantity by a spreadsheet and may have lost digits: format the cell as text and enter the phone number again"
	const quantityCode = ", a number as a spreadsheet writes it, and has lost digits: format the column as text and enter the value again"
	const shortQuantity = ", a number as a spreadsheet writes it, and has lost digits: format the cell as text and enter the phone number again"
	const notMainland = " is not a mobile number of mainland China, eleven digits that begin with 13 to 19, and does not begin with + and the country code of another country"

	for _, test := range []struct {
		name, text string
		columns    map[string]string
		want       []string
	}{
		{"nothing", "", nil, []string{"line 1: the roster is empty: it must at least have a header that names user_card_code"}},
		{"only blank rows", "\ufeff\r\n,,,\r\n \r\n", nil, []string{"line 1: the roster is empty: it must at least have a header that names user_card_code"}},
		{"UTF-16 that passed for UTF-8", "u\x00s\x00e\x00r\x00", nil, []string{`line 1: the text contains NUL characters, as the format that Excel calls "Unicode Text" (UTF-16) does: use decode_roster_file(filebase64(…), …), which reads it, or save the roster as "CSV UTF-8"`}},
		{"not UTF-8", "user_card_code\n\xbb\xe1\n", nil, []string{`line 1: the text is not UTF-8: use decode_roster_file(filebase64(…), …), which reads GBK and UTF-16, or save the roster as "CSV UTF-8"`}},
		{"characters lost before another column", "user_card_code,level,attach\na,\ufffd,b\n", nil, []string{`line 2: level of "a"` + lost}},
		{"characters lost", "user_card_code,level\na,\ufffd\ufffdԱ\n", nil, []string{`line 2: level of "a"` + lost}},

		{"no header, and the first member is not shown", "VIP-1,13800138000,张三\nVIP-2,13800138001,李四\n", nil, []string{"line 1: none of the 3 " + noHeader}},
		{"separated by something else", "user_card_code，phone_number\n", nil, []string{"line 1: none of the 1 " + noHeader}},
		{"no code column", "phone_number\n13800138000\n", nil, []string{"line 1: there is no column user_card_code: give a column that name, or say in columns which one it is"}},
		{"unknown columns", "user_card_code,姓名,等级\n", map[string]string{"等级": "level"}, []string{`line 1: unknown column 2 ("姓名"): say in columns which attribute it is ("" when it is not needed); attributes are ` + attributeNames}},
		{"the line is not a column", "user_card_code,line\n", nil, []string{`line 1: unknown column 2 ("line"): say in columns which attribute it is ("" when it is not needed); attributes are ` + attributeNames}},
		{"an unknown column with a number in it", "user_card_code,热线13800138000\n", nil, []string{`line 1: unknown column 2 ("热线***********"): say in columns which attribute it is ("" when it is not needed); attributes are ` + attributeNames}},
		{"a column twice", "\nuser_card_code,level,level\n", nil, []string{`line 2: the column "level" is there twice, as columns 2 and 3`}},
		{"two headers for one attribute", "user_card_code,卡号,手机,PHONE_NUMBER\n", map[string]string{"卡号": "user_card_code", "手机": "phone_number"},
			[]string{`line 1: columns 1 ("user_card_code") and 2 ("卡号") are both user_card_code` + which, `line 1: columns 3 ("手机") and 4 ("PHONE_NUMBER") are both phone_number` + which}},
		{"a value in a column without a name", "user_card_code,\na,\nb,13800138000\n", nil, []string{"line 3: there is a value in column 2, which has no name in the header: give the column a name, and \"\" in columns when it is not needed (pandas: to_csv(…, index=False))"}},

		{"an entry of columns that the roster lacks", "user_card_code\na\n", map[string]string{"卡号": "user_card_code"}, []string{`columns: the roster has no column "卡号" (its header is line 1)`}},
		{"an entry of columns that is no attribute", "user_card_code,姓名\na,张三\n", map[string]string{"姓名": "nickname"}, []string{`columns: "nickname", given for the header "姓名", is not an attribute; attributes are ` + attributeNames + notNeeded}},
		{"an entry of columns that is the line", "user_card_code,行\na,1\n", map[string]string{"行": "line"}, []string{`columns: "line", given for the header "行", is not an attribute; attributes are ` + attributeNames + notNeeded}},
		{"an entry of columns without a header", "user_card_code\na\n", map[string]string{" ": "level"}, []string{"columns: an entry has no header"}},
		{"an entry of columns twice", "user_card_code,等级\na,b\n", map[string]string{"等级": "level", "\u3000等级": "attach"}, []string{`columns: the headers " 等级" and "等级" are the same: headers are compared without regard to width, case and blanks`}},
		{"columns and rows", "user_card_code,phone_number\n,13800138000\n", map[string]string{"卡号": "user_card_code", "等级": "grade"},
			[]string{`columns: "grade", given for the header "等级", is not an attribute; attributes are ` + attributeNames + notNeeded,
				`columns: the roster has no column "卡号" (its header is line 1)`, `columns: the roster has no column "等级" (its header is line 1)`, "line 2: user_card_code is empty"}},

		{"ragged rows", "user_card_code,level\na\nb,c\nd,e,f\ng,h,\n", nil, []string{
			"line 2: this row and the header differ in their number of columns, 1 and 2" + short, "line 4: this row and the header differ in their number of columns, 3 and 2" + ragged, "line 5: this row and the header differ in their number of columns, 3 and 2" + ragged}},
		{"an empty code", "user_card_code,level\n,x\n\u3000,y\n", nil, []string{"line 2: user_card_code is empty", "line 3: user_card_code is empty"}},
		{"a code again and again", "user_card_code\na\nb\na\n a \n", nil, []string{"line 4: user_card_code is the same as on line 2", "line 5: user_card_code is the same as on line 2"}},
		{"codes made quantities", "user_card_code\n1.38E+10\n\"1,23457E+23\"\n1e+15\n", nil, []string{
			"line 2: user_card_code is 1.38E+10" + quantityCode, "line 3: user_card_code is 1,23457E+23" + quantityCode, "line 4: user_card_code is 1e+15" + quantityCode}},
		{"codes made formulas", "user_card_code\n\"=\"\"0001\"\"\"\n=0002\n", nil, []string{"line 3: user_card_code is a formula: write its result"}},
		{"a phone number again, written otherwise", "user_card_code,phone_number\na,13800138000\nb,+86 138-0013-8000\n", nil, []string{"line 3: phone_number 138****8000 is the same as on line 2"}},
		{"phone numbers made quantities", "user_card_code,phone_number\na,1.38E+10\nb,1.3800138E+10\n", nil, []string{
			`line 2: phone_number of "a" is 1.38E+10` + shortQuantity, `line 3: phone_number of "b": the phone number ****10` + quantityPhone}},
		{"phone numbers that are none", "user_card_code,phone_number\na,1380013800\nb,13800138000 13800138001\n", nil, []string{
			`line 2: phone_number of "a": the phone number ****00` + notMainland, `line 3: phone_number of "b": the phone number 138****8001` + notMainland}},
		{"lines after a quoted line break", "user_card_code,level\na,\"x\ny\nz\"\n,w\n", nil, []string{`line 2: level of "a" ` + lineBreak + "2): enter the value again", "line 5: user_card_code is empty"}},
		{"lines that end in CR", "user_card_code,level\r,x\r,y\r", nil, []string{"line 2: user_card_code is empty", "line 3: user_card_code is empty"}},
		{"a quotation mark in a value", "user_card_code,level\na,12\" x\n,y\n", nil, []string{
			"line 2: a quotation mark inside a value that is not quoted: put the value in quotation marks and double the one inside", "line 3: user_card_code is empty"}},
		{"something after a quoted value", "user_card_code,level\na,\"x\"y\n,z\n", nil, []string{"line 2: " + unpaired, "line 3: user_card_code is empty"}},
		{"a quotation mark that is never closed", "user_card_code,level\na,x\nb,\"y\nc,z\n", nil, []string{"line 3: " + unpaired}},
		{"a header that cannot be read", "user_card_code,\"level\na,x\n", nil, []string{"line 1: " + unpaired}},

		{"one of everything", fixtureText("bad.csv"), nil, []string{
			`line 1: unknown column 4 ("nickname"): say in columns which attribute it is ("" when it is not needed); attributes are ` + attributeNames,
			`line 3: phone_number of "VIP-0002" is 1.38E+10` + shortQuantity,
			"line 4: this row and the header differ in their number of columns, 2 and 4" + short,
			"line 5: user_card_code is the same as on line 2",
			"line 6: phone_number 138****8000 is the same as on line 2",
			`line 6: level of "VIP-0005" ` + lineBreak + "3): enter the value again",
			"line 8: user_card_code is empty",
			`line 9: phone_number of "VIP-0007": the phone number ****00` + notMainland,
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			members, err := decodeText(test.text, test.columns)
			if err == nil {
				t.Fatalf("no error, but %v", members)
			}
			_, list, _ := strings.Cut(err.Error(), ":\n\n  ")
			if diff := cmp.Diff(test.want, strings.Split(list, "\n  ")); diff != "" {
				t.Error(diff)
			}
			requireNoPersonalValue(t, err.Error(), test.text)
			for _, personal := range []string{"张三", "李四", "钻石会员", "黄金会员"} {
				if strings.Contains(err.Error(), personal) {
					t.Errorf("the error shows %s", personal)
				}
			}
		})
	}
}

// An error names a member by a code that everybody may see, and by the line only where the
// code may be somebody's number.
func TestErrorsShowNoCodeThatMayBeANumber(t *testing.T) {
	t.Parallel()

	for code, want := range map[string]string{
		"VIP-0001": `line 2: level of "VIP-0001" is a formula`, "1234567890": `line 2: level of "1234567890" is a formula`,
		"13800138000": "line 2: level is a formula", "A-440301199001011234": "line 2: level is a formula",
	} {
		if _, err := decodeText("user_card_code,level\n"+code+",=A1\n", nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v; want %q", err, want)
		}
	}
}

// A header is shown as far as it cannot be a member's value.
func TestShownHeaders(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]string{
		"等级 2":                        `"等级 2"`,
		"since 2026":                  `"since 2026"`,
		"12345":                       `"*****"`,
		"no. １２３４５":                   `"no. *****"`,
		"电话①②③④⑤":                     `"电话*****"`,
		strings.Repeat("姓", 40):       `"` + strings.Repeat("姓", 40) + `"`,
		strings.Repeat("姓", 41):       `"` + strings.Repeat("姓", 40) + `…"`,
		"a \"quoted\"\nheader":        `"a \"quoted\"\nheader"`,
		strings.Repeat("x", 60) + "1": `"` + strings.Repeat("x", 40) + `…"`,
	} {
		if got := shown(header); got != want {
			t.Errorf("%q is shown as %s, want %s", header, got, want)
		}
	}
}

func TestDecodeCountsItsErrors(t *testing.T) {
	t.Parallel()

	for text, want := range map[string]string{
		"user_card_code,level\n,x":     "the roster has 1 error:\n\n  line 2: user_card_code is empty",
		"user_card_code,level\n,x\n,y": "the roster has 2 errors:\n\n  line 2: user_card_code is empty\n  line 3: user_card_code is empty",
	} {
		if _, err := decodeText(text, nil); err == nil || err.Error() != want {
			t.Errorf("%q: %v; want %s", text, err, want)
		}
	}
}

// A roster with thousands of bad rows is an error that a person can read.
func TestDecodeListsTwentyBadRowsAndCountsTheOthers(t *testing.T) {
	t.Parallel()

	const header = "user_card_code,level\n"
	for rows, want := range map[int]string{
		20:   "",
		21:   "\n\n  1 more row has errors",
		5000: "\n\n  4980 more rows have errors",
	} {
		_, err := decodeText(header+strings.Repeat(",x\n", rows), nil)
		if err == nil {
			t.Fatal("no error")
		}
		first, list, _ := strings.Cut(err.Error(), ":\n")
		if number := fmt.Sprint(rows); !strings.Contains(first, number) {
			t.Errorf("%q does not say %s", first, number)
		}
		var lines strings.Builder
		for line := range maxBadRows {
			fmt.Fprintf(&lines, "\n  line %d: user_card_code is empty", line+2)
		}
		if list != lines.String()+want {
			t.Errorf("%d bad rows: %s", rows, list)
		}
	}
}

// All errors of the first bad rows are listed, however many bad rows follow.
func TestDecodeListsEveryErrorOfARow(t *testing.T) {
	t.Parallel()

	_, err := decodeText("user_card_code,phone_number,level\n"+strings.Repeat(",1,=x\n", 30), nil)
	if err == nil {
		t.Fatal("no error")
	}
	if n := strings.Count(err.Error(), "\n  line "); n != 3*maxBadRows {
		t.Errorf("%d errors of %d rows: %s", n, maxBadRows, err)
	}
	if !strings.HasSuffix(err.Error(), "10 more rows have errors") {
		t.Error(err)
	}
}

func FuzzDecode(f *testing.F) {
	for _, file := range []string{
		"excel-csv-utf8.csv", "excel-text.tsv", "excel-semicolons.csv", "excel-macintosh.csv", "numbers.csv", "libreoffice-quoted.csv", "bad.csv",
	} {
		f.Add(fixtureText(file), "", "")
	}
	f.Add(fixtureText("wps-chinese-headers.csv"), "会员卡号", "user_card_code")
	f.Add("user_card_code\n13800138000\n13800138000", "13800138000", "13800138001")
	f.Add("13800138000,level\n", "", "")
	f.Fuzz(func(t *testing.T, text, header, attribute string) {
		columns := map[string]string{}
		if header != "" {
			columns[header] = attribute
		}
		members, err := decodeText(text, columns)
		if err != nil {
			if len(members) > 0 {
				t.Error("members beside an error")
			}
			requireNoPersonalValue(t, err.Error(), text)
			return
		}
		codes := map[string]bool{}
		for _, m := range members {
			if m.userCardCode == "" || codes[m.userCardCode] {
				t.Errorf("code %q is empty or there twice", m.userCardCode)
			}
			codes[m.userCardCode] = true
		}
	})
}

// fixture returns a file of testdata.
func fixture(t *testing.T, name string) string {
	t.Helper()
	text := fixtureText(name)
	if text == "" {
		t.Fatalf("testdata/%s cannot be read", name)
	}
	return text
}

// fixtureText returns a file of testdata, "" when there is none.
func fixtureText(name string) string {
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		return ""
	}
	return string(text)
}

func requireMembers(t *testing.T, text string, columns map[string]string, want []member) {
	t.Helper()
	got, err := decodeText(text, columns)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(member{})); diff != "" {
		t.Error(diff)
	}
}

// requireNoPersonalValue checks that an error shows no run of eleven digits at all, and no run
// of six or more that is in the text, but for those of a card code.
func requireNoPersonalValue(t *testing.T, message, text string) {
	t.Helper()
	message = regexp.MustCompile(` of "(?:[^"\\]|\\.)*"`).ReplaceAllString(message, "")
	message = regexp.MustCompile(`, these are|[0-9]+ (?:more )?rows?`).ReplaceAllString(message, "")
	for _, run := range regexp.MustCompile(`[0-9]{6,}`).FindAllString(message, -1) {
		if len(run) >= 11 || strings.Contains(text, run) {
			t.Errorf("the error shows %s: %s", run, message)
		}
	}
}
