// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"
)

// What people and their programs really leave in rosters. Each row is either read rightly or
// refused with its line and the cause. To add what somebody met: one more row.

// realValue is the text of one cell. It is tried in CSV and in a workbook.
type realValue struct {
	from, attribute, text string
	want                  string // what it is read as, unless it is refused
	refused               string // what the error says of it
}

const (
	asQuantity  = "a number as a spreadsheet writes it"
	asDecimals  = "decimal places or groups of digits"
	asDate      = "is a date or a time"
	asFormula   = "is a formula: write its result"
	asErrorCell = "is the error value of a spreadsheet"
	asWord      = "is a word that stands for a"
	asFooter    = "is the footer of a sheet"
	asMarkup    = "contains a piece of HTML"
	asQuoted    = "is in quotation marks"
	asInvisible = "contains an invisible character or a line break"
	asDamaged   = "is damaged: characters were lost"
	asMisread   = "is damaged: it was written in one encoding and read in another"
	asRuler     = "this row is a line that a program draws between rows"
	asRefused   = "is refused by WeChat Pay"
	asNoDate    = "is before 2010 or after 2099"
	asSigned    = "is a number with a sign"
	asSilent    = "has neither a letter nor a digit"
	asHeader    = "this row is the header again"
	asEmptyRow  = "this row is the footer of a sheet"
	asNoOpenID  = "is no openid"
	asHashLevel = "begins with #"
	asNoValue   = "is empty: the cell has a word or a mark for no value"
	asComment   = "begins like one that is commented out"
)

func realValues() []realValue {
	return []realValue{
		// Marks that force text.
		{"Excel, typed", userCardCode, "'0001", "0001", ""},
		{"Excel, typed", level, "'金卡", "金卡", ""},
		{"an export for Excel", userCardCode, `="0001"`, "0001", ""},
		{"an export for Excel", level, `="金卡"`, "金卡", ""},
		{"an export for Excel", phoneNumber, `="13800138000"`, "13800138000", ""},
		{"an export for Excel", openID, `=""`, "", ""},
		{"an export for Excel, wide", userCardCode, "＝\"0001\"", "", asFormula},
		{"WeChat Pay's bill", userCardCode, "`0001", "0001", ""},
		{"WeChat Pay's bill", openID, "`oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", ""},
		{"Taobao's export", phoneNumber, "'13800138000\t", "13800138000", ""},
		{"a mark before nothing", level, "'", "", ""},
		{"a mark before a word for nothing", openID, "'NULL", "", ""},
		{"a mark before a formula", level, "'=A2", "", asFormula},
		{"a mark before an error", userCardCode, "'#N/A", "", asErrorCell},
		{"two marks", userCardCode, "''0001", "", asQuoted},
		{"SQL", userCardCode, "'VIP-1'", "", asQuoted},
		{"CSV in CSV", level, `"金卡"`, "", asQuoted},
		{"Word", level, "“金卡”", "", asQuoted},
		{"Word", userCardCode, "‘0001", "", asQuoted},
		{"Markdown", userCardCode, "`VIP-1`", "", asQuoted},

		// Formulas and their errors.
		{"a formula as text", userCardCode, "=A2&B2", "", asFormula},
		{"a formula as text", level, `=VLOOKUP(A2,Sheet2!A:B,2,0)`, "", asFormula},
		{"a formula as text", phoneNumber, "=B2", "", asFormula},
		{"a formula as text", attach, "=TODAY()", "", asFormula},
		{"an array formula", level, "{=A1:A3}", "", asFormula},
		{"Lotus", level, "@SUM(A1)", "", asFormula},
		{"WPS, a picture in a cell", cardPictureURL, `=DISPIMG("ID_0A1B",1)`, "", asFormula},
		{"Excel", userCardCode, "#N/A", "", asErrorCell},
		{"Excel", level, "#REF!", "", asErrorCell},
		{"Excel", openID, "#VALUE!", "", asErrorCell},
		{"Excel in Germany", level, "#NV", "", asErrorCell},
		{"a cut error", level, "#REF", "", asErrorCell},
		{"Google Sheets", level, "#ERROR!", "", asErrorCell},
		{"a program", level, "#ERROR", "", asErrorCell},
		{"Bloomberg", level, "#N/A N/A", "", asErrorCell},
		{"an error of another program", level, "#OVERFLOW", "", asHashLevel},
		{"Excel", phoneNumber, "#NAME?", "", asErrorCell},
		{"Excel", attach, "#DIV/0!", "", asErrorCell},
		{"Excel, a new one", level, "#SPILL!", "", asErrorCell},
		{"LibreOffice", level, "Err:502", "", asErrorCell},
		{"a column too narrow", userCardCode, "########", "", asErrorCell},

		// Words for no value.
		{"a database client", openID, "NULL", "", ""},
		{"a database client", level, "(NULL)", "", ""},
		{"a database client", phoneNumber, "<null>", "", ""},
		{"DBeaver", openID, "[NULL]", "", ""},
		{"MySQL", attach, `\N`, "", ""},
		{"pandas", openID, "nan", "", ""},
		{"pandas", pickupTime, "NaT", "", ""},
		{"Python", level, "None", "", ""},
		{"JavaScript", openID, "undefined", "", ""},
		{"people", phoneNumber, "无", "", ""},
		{"people", level, "不适用", "", ""},
		{"people", level, "未设置", "", ""},
		{"people", level, "(N/A)", "", ""},
		{"a spreadsheet that loads data", level, "Loading...", "", asWord},
		{"people", level, ".", "", asSilent},
		{"people", level, "*", "", asSilent},
		{"people", level, "★★★", "★★★", ""},
		{"people", userCardCode, "~", "", asSilent},
		{"people", level, "－", "", ""},
		{"people", openID, "/", "", ""},
		{"people", attach, "暂无", "", ""},
		{"people", cardColor, "N/A", "", ""},
		{"a database client", userCardCode, "NULL", "", asNoValue},
		{"people", userCardCode, "-", "", asNoValue},
		{"people", level, "同上", "", asWord},
		{"people", userCardCode, "待定", "", asWord},
		{"people", phoneNumber, "待补充", "", asWord},
		{"people", level, "〃", "", asWord},
		{"people", openID, "TBD", "", asWord},

		// Numbers in another form.
		{"Excel", userCardCode, "1.38E+10", "", "is 1.38E+10, " + asQuantity},
		{"Excel", phoneNumber, "1.38E+10", "", `phone_number of "VIP-1" is 1.38E+10, ` + asQuantity},
		{"Excel", level, "1.00E+05", "", asQuantity},
		{"Excel, all digits", userCardCode, "6.22213800138E+15", "", "(as in 1.38E+10)"},
		{"Java", userCardCode, "1.3800138E10", "", "(as in 1.38E+10)"},
		{"pandas", userCardCode, "1001.0", "", asDecimals},
		{"pandas", phoneNumber, "13800138000.0", "", "138****0000 was written as a quantity"},
		{"pandas", level, "3.0", "", asDecimals},
		{"Excel", userCardCode, "1,001", "", asDecimals},
		{"Excel", userCardCode, "1,001,000.00", "", asDecimals},
		{"Excel in Germany", userCardCode, "1.001,00", "", asDecimals},
		{"full width", userCardCode, "１００１．０", "", asDecimals},
		{"a number in a column of phone numbers", phoneNumber, "1380013800.5", "", "was written as a quantity"},
		{"a database's default", level, "-1", "", asSigned},
		{"a database's default", userCardCode, "-1", "", asSigned},
		{"a database's default", openID, "-1", "", asSigned},
		{"Excel", level, "50%", "", "amount of money or a percentage"},
		{"Excel", level, "￥1,001.00", "", "amount of money or a percentage"},
		{"Excel", userCardCode, "TRUE", "", "is TRUE or FALSE"},
		{"a code of digits and letters", userCardCode, "12E5", "12E5", ""},
		{"a code with leading zeros", userCardCode, "0001", "0001", ""},
		{"a level in digits", level, "3", "3", ""},
		{"a version", level, "V1.0", "V1.0", ""},

		// Dates that spreadsheets make of codes, and times as people write them.
		{"Excel of 1-2", userCardCode, "2-Jan", "", asDate},
		{"Excel of 1-2", userCardCode, "1月2日", "", asDate},
		{"Excel of 3/4", level, "2026/3/4", "", asDate},
		{"Excel of SEP-21", userCardCode, "Sep-21", "", asDate},
		{"Excel of 1:2", userCardCode, "1:02:00", "", asDate},
		{"Excel", pickupTime, "2015/5/20 13:29", "2015-05-20T13:29:00+08:00", ""},
		{"MySQL", pickupTime, "2015-05-20 13:29:35", "2015-05-20T13:29:35+08:00", ""},
		{"people", pickupTime, "2015年5月20日", "2015-05-20T00:00:00+08:00", ""},
		{"the API", pickupTime, "2015-05-20T13:29:35+08:00", "2015-05-20T13:29:35+08:00", ""},
		{"Excel in the USA", pickupTime, "05/20/2015", "", timeFault},
		{"no day", pickupTime, "2015-02-30", "", timeFault},
		{"no month", pickupTime, "2015-13-01", "", timeFault},
		{"no hour", pickupTime, "2015-05-20 24:00", "", timeFault},
		{"no minute", pickupTime, "2015-05-20 13:60", "", timeFault},
		{"SQL Server", pickupTime, "2015-05-20 13:29:35.123", "2015-05-20T13:29:35+08:00", ""},
		{"SQL Server", pickupTime, "2015-05-20 13:29:35.1234567 +08:00", "2015-05-20T13:29:35+08:00", ""},
		{"psql", pickupTime, "2015-05-20 13:29:35+08", "2015-05-20T13:29:35+08:00", ""},
		{"Ruby", pickupTime, "2015-05-20 13:29:35 +0800", "2015-05-20T13:29:35+08:00", ""},
		{"BigQuery", pickupTime, "2015-05-20 05:29:35 UTC", "2015-05-20T05:29:35Z", ""},
		{"another zone", pickupTime, "2015-05-20 13:29:35 CST", "", timeFault},
		{"no zone", pickupTime, "2015-05-20 13:29:35+25:00", "", timeFault},
		{"no zone", pickupTime, "2015-05-20T13:29:35+24:00", "", timeFault},
		{"a range", pickupTime, "2015-05-20 10:00-11:30", "", timeFault},
		{"west of Greenwich", pickupTime, "2015-07-20 13:29:35 -05", "2015-07-20T13:29:35-05:00", ""},
		{".NET", pickupTime, "2015-05-20T13:29:35.1234567+08:00", "2015-05-20T13:29:35+08:00", ""},
		{"masked", phoneNumber, "138××××8000", "", "masked"},
		{"masked", phoneNumber, "138····8000", "", "masked"},
		{"French", level, "créée", "créée", ""},
		{"Excel in China", pickupTime, "2015/5/20 下午 1:29:35", "2015-05-20T13:29:35+08:00", ""},
		{"Excel in China", pickupTime, "2015-05-20 上午12:05", "2015-05-20T00:05:00+08:00", ""},
		{"Excel in China", pickupTime, "2015年5月20日 星期三", "2015-05-20T00:00:00+08:00", ""},
		{"people", pickupTime, "2015年5月20日（周三）下午1点29分", "2015-05-20T13:29:00+08:00", ""},
		{"people", pickupTime, "2015年5月20日13时29分35秒", "2015-05-20T13:29:35+08:00", ""},
		{"another weekday", pickupTime, "2015年5月20日 星期四", "", timeFault},
		{"no hour of twelve", pickupTime, "2015-05-20 下午13:29", "", timeFault},
		{"Access", pickupTime, "2015-05-20 1:29:35 PM", "2015-05-20T13:29:35+08:00", ""},
		{"lower case", pickupTime, "2015-05-20t05:29:35z", "2015-05-20T05:29:35Z", ""},
		{"two numbers that run together", pickupTime, "2015-05-2013:29", "", timeFault},
		{"Unix's first day", pickupTime, "1970-01-01 08:00:00", "", asNoDate},
		{"Unix's first day", pickupTime, "1970-01-01T00:00:00Z", "", asNoDate},
		{"Excel's first day", pickupTime, "1900-01-01", "", asNoDate},
		{"Access's first day", pickupTime, "1899-12-30", "", asNoDate},
		{".NET's first day", pickupTime, "0001/1/1", "", asNoDate},
		{"SAP's last day", pickupTime, "9999-12-31", "", asNoDate},
		{"MySQL", pickupTime, "0000-00-00 00:00:00", "", timeFault},
		{"Excel's day", pickupTime, "42144", "", timeFault},

		// Invisible and lost characters, and what other programs leave.
		{"a web page", level, "金\u200b卡", "", asInvisible + " (U+200B, as character 2)"},
		{"a web page", openID, "oUpF8uMuAJO\u00ad_M2pxb1Q9", "", asInvisible},
		{"a mail", userCardCode, "VIP\u202e-1", "", asInvisible},
		{"Alt+Enter", level, "金卡\n(到期)", "", asInvisible},
		{"a tab inside", userCardCode, "VIP\t1", "", asInvisible},
		{"an emoji's selector", level, "金卡\u2665\ufe0f", "金卡\u2665", ""},
		{"Hangul filler", level, "\u3164", "", ""},
		{"at the ends", level, "\ufeff\u3000金卡\u00a0\u200b", "金卡", ""},
		{"a line break in attach", attach, "a: 1\nb: 2", "a: 1\nb: 2", ""},
		{"UTF-8 read as GBK and back", level, "锟斤拷", "", asDamaged},
		{"UTF-8 read as GBK", level, "閲戝崱", "", asMisread},
		{"UTF-8 read as GBK", level, "浼氬憳", "", asMisread},
		{"UTF-8 read as GBK, with more", attach, "VIP 閲戝崱, 浼氬憳", "", asMisread},
		{"UTF-8 of an odd number of bytes read as GBK", level, "閽荤煶鍗?", "", asMisread},
		{"UTF-8 read as GBK, with a character that nobody sees", attach, "鏅\ue1c0€氱敤鎴?", "", asDamaged},
		{"UTF-8 read as GBK, with bytes that were lost", level, "鏅€氫細鍛", "", asMisread},
		{"UTF-8 read as Windows-1252", level, "æ™®é€š", "", asMisread},
		{"UTF-8 read as Latin-1", level, "é\u0087\u0091å\u008d¡", "", asMisread},
		{"UTF-8 read as Latin-1, the end of it taken for space", level, "ä¼\u009aå\u0091\u0098", "", asMisread},
		{"GBK read as Latin-1", level, "½ð¿¨", "", asMisread},
		{"GBK read as Latin-1", level, "VIP½ð¿¨", "", asMisread},
		{"GBK read as Latin-1", userCardCode, "»áÔ±1", "", asMisread},
		{"Chinese of rare characters", level, "鑫钻铂金", "鑫钻铂金", ""},
		{"Chinese that a test of encodings takes for another", level, "联通", "联通", ""},
		{"French", level, "Privilégié", "Privilégié", ""},
		{"German", level, "Müßig", "Müßig", ""},
		{"a dot of names", level, "VIP·金卡", "VIP·金卡", ""},
		{"a program without Chinese", level, "????", "", asDamaged},
		{"half a character", level, "金\ufffd", "", asDamaged},
		{"HTML", level, "金卡&nbsp;", "", asMarkup},
		{"HTML", level, "<b>金卡</b>", "", asMarkup},
		{"HTML", userCardCode, "A&amp;B", "", asMarkup},
		{"Outlook", openID, "<mailto:vip@example.com>", "", asMarkup},
		{"JSON", level, `\u91d1\u5361`, "", asMarkup},
		{"a URL", level, "%E9%87%91%E5%8D%A1", "", asMarkup},
		{"quoted-printable", level, "VIP=E9=87=91", "", asMarkup},
		{"JavaScript", openID, "[object Object]", "", asMarkup},
		{"a template", userCardCode, "${code}", "", asMarkup},

		// Text that looks like other text.
		{"a web page", level, "钻石\u00a0会员", "钻石 会员", ""},
		{"a full-width blank", level, "钻石\u3000会员", "钻石 会员", ""},
		{"a PDF", level, "\u2f00\u661f", "一星", ""},
		{"a PDF", level, "\uf90a卡", "金卡", ""},
		{"a PDF", level, "\u2ee9卡", "", "has a radical"},
		{"an input method", userCardCode, "ＶＩＰ－１", "VIP-1", ""},
		{"an input method", openID, "ｏUpF8uMuAJO_M2pxb1Q9zNjWeS6o", "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", ""},

		// What WeChat Pay refuses.
		{"people", userCardCode, "会员0001", "", asRefused},
		{"people", userCardCode, "VIP 1", "", asRefused},
		{"people", userCardCode, strings.Repeat("1", 33), "", asRefused + ". The value has 33 characters"},
		{"people", userCardCode, "..", "", asSilent},
		{"people", level, "十个字以上的会员等级名称", "", asRefused + ". The value has 12 characters. What is accepted: 1 to 10 characters"},
		{"people", level, "金卡\U0001F389", "", asRefused},
		{"people", attach, strings.Repeat("a", 257), "", asRefused},
		{"people", cardColor, "red", "", "a colour as #RRGGBB"},
		{"CSS", cardColor, "#FFF", "", "a colour as #RRGGBB"},
		{"people", cardColor, "FFFF00", "", "a colour as #RRGGBB"},
		{"an input method", cardColor, "＃FFFF00", "#FFFF00", ""},
		{"a designer", cardColor, "#63b359", "#63b359", ""},
		{"a shared folder", cardPictureURL, "https://user:password@example.com/a.png", "", "a user name or a password"},
		{"a path", cardPictureURL, "images/card.png", "", asRefused},

		// Openids.
		{"a database client", openID, "N", "", asNoOpenID},
		{"a database client", openID, "no", "", asNoOpenID},
		{"a database client", openID, "false", "", "is TRUE or FALSE"},
		{"a database's default", openID, "empty", "", asNoOpenID},
		{"a database's default", openID, "default", "", asNoOpenID},
		{"a key that must be unique", openID, "null1", "", asNoOpenID},
		{"a cut value", openID, "o", "", asNoOpenID},
		{"a line", openID, "----", "", asNoOpenID},
		{"a line", openID, "__________", "", asNoOpenID},
		{"a number", openID, "1234567890123456", "", asNoOpenID},
		{"a database's default", openID, "0", "", "is no openid"},
		{"a shifted column", openID, "13800138000", "", "is no openid"},
		{"a shifted column", openID, "金卡", "", "is no openid"},
		{"cut in two", openID, "oUpF8uMuAJO M2pxb1Q9", "", "is no openid"},

		// Rows that are no members.
		{"git or a person", userCardCode, "#VIP-2", "", asComment},
		{"a person", userCardCode, "// VIP-2", "", asComment},
		{"SQL", userCardCode, "-- VIP-2", "", asComment},
		{"full width", userCardCode, "＃VIP-2", "", asComment},
		{"Excel", userCardCode, "合计", "", asFooter},
		{"Excel", userCardCode, "合计：20", "", asFooter},
		{"psql", userCardCode, "(20 rows)", "", asFooter},
		{"mysql", userCardCode, "20 rows in set (0.01 sec)", "", asFooter},
		{"sqlcmd", userCardCode, "(20 rows affected)", "", asFooter},
		{"sqlcmd in China", userCardCode, "(20 行受影响)", "", asFooter},
		{"SQL*Plus in China", userCardCode, "已选择20行。", "", asFooter},
		{"a form", userCardCode, "备注：以上会员已核对", "", asFooter},
		{"a form", userCardCode, "制表人：张三", "", asFooter},
		{"a printed page", userCardCode, "第1页 共3页", "", asFooter},
		{"sqlcmd", userCardCode, "--------------", "", asRuler},
		{"a wide line", userCardCode, "──────", "", asRuler},
		{"a mail", userCardCode, "> VIP-2", "", "mail programs quote"},
		{"git", userCardCode, "<<<<<<< HEAD", "", "conflict mark of git"},
		{"git", userCardCode, "=======", "", "conflict mark of git"},

		// Phone numbers.
		{"a contact of Windows", phoneNumber, "\u202d13800138000\u202c", "13800138000", ""},
		{"people", phoneNumber, "+86 138-0013-8000", "13800138000", ""},
		{"full width", phoneNumber, "１３８００１３８０００", "13800138000", ""},
		{"two in one cell", phoneNumber, "13800138000/13800138001", "", `phone_number of "VIP-1": the phone number 138****8001 contains`},
		{"a digit short", phoneNumber, "1380013800", "", "is not a mobile number"},
		{"masked already", phoneNumber, "138****8000", "", "is masked already"},
		{"masked already", phoneNumber, "138＊＊＊＊8000", "", "is masked already"},
		{"masked already", phoneNumber, "138xxxx8000", "", "is masked already"},
		{"masked already", phoneNumber, "+86 138 **** 8000", "", "is masked already"},
		{"a name", phoneNumber, "张三", "", "contains something other than digits"},
	}
}

func TestRealValuesAreReadOrRefused(t *testing.T) {
	t.Parallel()

	for i, value := range realValues() {
		t.Run(fmt.Sprintf("%d %s: %s of %s", i, value.attribute, strings.ReplaceAll(value.text, "/", "_"), value.from), func(t *testing.T) {
			t.Parallel()
			header, cells := []string{userCardCode}, []string{"VIP-1"}
			want := member{userCardCode: "VIP-1", line: 2}
			if value.attribute == userCardCode {
				cells[0] = value.text
			} else {
				header, cells = append(header, value.attribute), append(cells, value.text)
			}
			*want.value(value.attribute) = value.want
			var text bytes.Buffer
			w := csv.NewWriter(&text)
			if err := w.WriteAll([][]string{header, cells}); err != nil {
				t.Fatal(err)
			}
			fromText, err := decodeText(text.String(), nil)
			value.check(t, want, fromText, err)
			fromSheet, err := decodeFile(writeWorkbook(t, [][]any{anyOf(header), anyOf(cells)}), nil)
			value.check(t, want, fromSheet, err)
		})
	}
}

func (v realValue) check(t *testing.T, want member, got []member, err error) {
	t.Helper()
	switch {
	case v.refused == "" && err != nil:
		t.Errorf("refused: %v", err)
	case v.refused == "":
		if diff := cmp.Diff([]member{want}, got, cmp.AllowUnexported(member{})); diff != "" {
			t.Error(diff)
		}
	case err == nil:
		t.Errorf("read as %+v; want an error that says %q", got, v.refused)
	case !strings.Contains(err.Error(), "line 2: ") || !strings.Contains(err.Error(), v.refused):
		t.Errorf("%v; want %q of line 2", err, v.refused)
	}
}

// realFile is a whole file.
type realFile struct {
	name    string
	content string
	columns map[string]string
	want    []member // unless it is refused
	refused string   // what the error says, with its line
}

func realFiles(t *testing.T) []realFile {
	t.Helper()
	vip := func(line int) []member { return []member{{userCardCode: "VIP-1", level: "金卡", line: line}} }
	const plain = "会员卡号,会员等级\nVIP-1,金卡\n"
	inGBK, err := simplifiedchinese.GBK.NewEncoder().String(plain)
	requireNil(t, err)
	inGB18030, err := simplifiedchinese.GB18030.NewEncoder().String("会员卡号,会员等级,附加信息\nVIP-1,金卡,请在柜台领取会员卡和礼品㐂\n")
	requireNil(t, err)
	inBig5, err := traditionalchinese.Big5.NewEncoder().String("user_card_code,level\nVIP-1,金卡會員\nVIP-2,鑽石會員\n")
	requireNil(t, err)
	rareInGBK, err := traditionalchinese.Big5.NewEncoder().String("user_card_code,level\nVIP-1,貴賓\nVIP-2,尊榮\n")
	requireNil(t, err)
	kanaInGBK, err := traditionalchinese.Big5.NewEncoder().String("user_card_code,level\nVIP-1,中文\n")
	requireNil(t, err)
	wide := func(order unicode.Endianness, mark unicode.BOMPolicy) string {
		text, err := unicode.UTF16(order, mark).NewEncoder().String(strings.ReplaceAll(plain, ",", "\t"))
		requireNil(t, err)
		return text
	}
	wideOf := func(text string) string {
		encoded, err := unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM).NewEncoder().String(text)
		requireNil(t, err)
		return encoded
	}
	sheet := func(rows ...[]any) string { return string(writeWorkbook(t, rows)) }

	return []realFile{
		{"CSV UTF-8 of Excel", byteOrderMark + plain, nil, vip(2), ""},
		{"text that was copied out of a workbook's XML", "会员卡号,会员等级\nVIP-1,金卡_x000D_\n", nil, nil, `line 2: level of "VIP-1" ` + asMarkup},
		{"two byte-order marks", byteOrderMark + byteOrderMark + plain, nil, vip(2), ""},
		{"plain CSV of a Chinese Excel", inGBK, nil, vip(2), ""},
		{"GB18030 of a government's system", inGB18030, nil, []member{{userCardCode: "VIP-1", level: "金卡", attach: "请在柜台领取会员卡和礼品㐂", line: 2}}, ""},
		{"Unicode Text of Excel", wide(unicode.LittleEndian, unicode.UseBOM), nil, vip(2), ""},
		{"UTF-16, big end first", wide(unicode.BigEndian, unicode.UseBOM), nil, vip(2), ""},
		{"UTF-16 of a SQL Server, without a mark", wide(unicode.LittleEndian, unicode.IgnoreBOM), nil, vip(2), ""},
		{"Big5", inBig5, nil, nil, "line 1: the file is in none of UTF-8, UTF-16, GBK and GB18030, as far as its bytes tell"},
		{"Big5 that is rare characters in GBK", rareInGBK, nil, nil, "UTF-16, GBK and GB18030, as far as its bytes tell"},
		{"Big5 that is kana in GBK", kanaInGBK, nil, nil, "UTF-16, GBK and GB18030, as far as its bytes tell"},
		{"UTF-8 cut by a program that counts bytes", "会员卡号,会员等级\nVIP-1,金卡\nVIP-2,钻石会\xe5\x91\n", nil, nil, "line 1: the file is UTF-8 with bytes on line 3 that are not"},
		{"UTF-32", "\xFF\xFE\x00\x00u\x00\x00\x00", nil, nil, "UTF-32"},
		{"Excel's declaration", "sep=;\nuser_card_code;level\nVIP-1;金卡\n", nil, vip(3), ""},
		{"Excel's declaration, quoted", "\"SEP=|\"\r\nuser_card_code|level\r\nVIP-1|金卡\r\n", nil, vip(3), ""},
		{"Excel's declaration, saved again", byteOrderMark + "sep=,,\nuser_card_code,level\nVIP-1,金卡\n", nil, vip(3), ""},
		{"an unquoted text formula", "user_card_code,level\n=\"VIP-1\",=\"金卡\"\n", nil, vip(2), ""},
		{"an unquoted text formula between tabs", "user_card_code\tlevel\n=\"VIP-1\"\t=\"金卡\"", nil, vip(2), ""},
		{"an unquoted text formula with a separator", "user_card_code,level\n=\"VIP,1\",x\n", nil, []member{{userCardCode: "VIP,1", level: "x", line: 2}}, ""},

		{"columns of no interest", "部门,会员卡号,姓名,手机号,备注\n销售,VIP-1,张三,13800138000,靠窗\n", map[string]string{"部门": "", "姓名": "", "备注": ""},
			[]member{{userCardCode: "VIP-1", phoneNumber: "13800138000", line: 2}}, ""},
		{"columns of no interest may have anything", "会员卡号,姓名\nVIP-1,#N/A\nVIP-2,\ufffd\n", map[string]string{"姓名": ""}, []member{{userCardCode: "VIP-1", line: 2}, {userCardCode: "VIP-2", line: 3}}, ""},
		{"a column of no interest that is not there", "会员卡号\nVIP-1\n", map[string]string{"姓名": ""}, []member{{userCardCode: "VIP-1", line: 2}}, ""},
		{"headers of another width", "会员卡号,手机号（必填）\nVIP-1,13800138000\n", map[string]string{"手机号(必填)": "phone_number"}, []member{{userCardCode: "VIP-1", phoneNumber: "13800138000", line: 2}}, ""},
		{"headers of another case and with blanks", "Card No,会 员\u3000等级\nVIP-1,金卡\n", map[string]string{"CARD NO": "user_card_code"}, vip(2), ""},
		{"headers with the marks of a form", "*会员卡号,会员等级（选填）,手机号码：\nVIP-1,金卡,\n", nil, vip(2), ""},
		{"notes are not sent without a word", "会员卡号,备注\nVIP-1,靠窗\n", nil, nil, `line 1: unknown column 2 ("备注")`},
		{"two headers for one attribute", "会员卡号,手机,联系电话\n", nil, nil, `line 1: columns 2 ("手机") and 3 ("联系电话") are both phone_number: say in columns which one it is`},

		{"a title above the header", "2026年会员名单,,\n导出时间：2026-01-01,,\n会员卡号,会员等级,手机号\nVIP-1,金卡,\n", nil, nil, "the roster has 1 error:\n\n  line 1: this is not the header, which seems to be on line 3"},
		{"a title in a merged row of a sheet", sheet([]any{"会员名单"}, []any{}, []any{"会员卡号", "会员等级"}, []any{"VIP-1", "金卡"}), nil, nil, "line 1: this is not the header, which seems to be on line 3"},
		{"a title, and columns", "会员名单\n编号\nVIP-1\n", map[string]string{"编号": "user_card_code"}, nil, "the roster has 1 error:\n\n  line 1: this is not the header, which seems to be on line 2"},
		{"a query's result as psql draws it", " user_card_code | level \n----------------+-------\n VIP-1          | 金卡\n", nil, nil, "line 1: none of the 1 columns of this line is known"},
		{"a row commented out in a column of no interest", "部门,会员卡号\n#销售,VIP-1\n", map[string]string{"部门": ""}, nil, "line 2: this row " + asComment},
		{"a code commented out in another column", "等级,会员卡号\n金卡,#VIP-1\n", nil, nil, "line 2: user_card_code begins like a row that is commented out"},
		{"the line below the header of sqlcmd", "user_card_code,phone_number,level\n--------------,------------,-----\nVIP-1,,金卡\n", nil, nil, "line 2: " + asRuler},
		{"a line with corners", "user_card_code\tlevel\n+------+\t------\n", nil, nil, "line 2: " + asRuler},
		{"Markdown", "user_card_code,level\n:---,---:\n", nil, nil, "line 2: " + asRuler},
		{"marks for no value are no line", "user_card_code,level,attach\nVIP-1,--,---\n", nil, []member{{userCardCode: "VIP-1", line: 2}}, ""},
		{"two files joined", plain + plain, nil, nil, "line 3: " + asHeader},
		{"two files joined, the second with a byte-order mark", plain + byteOrderMark + plain, nil, nil, "line 3: " + asHeader},
		{"two quoted files joined, the second with a byte-order mark", "user_card_code\n\"VIP-1\"\n" + byteOrderMark + "\"user_card_code\"\n", nil, nil, "line 3: " + asHeader},
		{"two files joined, with other headers", "user_card_code,level\nVIP-1,金卡\n会员等级,会员卡号\n金卡,VIP-2\n", nil, nil, "line 3: " + asHeader},
		{"a header that print titles repeat", "编号,姓名,会员等级\nVIP-1,张三,金卡\n编号,姓名,会员等级\n", map[string]string{"编号": userCardCode, "姓名": ""}, nil, "line 3: " + asHeader},
		{"a header of two rows", sheet([]any{"会员卡号", "联系方式", nil}, []any{nil, "手机号", "openid"}, []any{"VIP-1", "13800138000", nil}), map[string]string{"联系方式": ""}, nil, "line 2: " + asHeader},
		{"a sum below a running number", "序号,会员卡号,会员等级\n1,VIP-1,金卡\n合计,20,\n", map[string]string{"序号": ""}, nil, "line 3: " + asEmptyRow},
		{"a footer with fewer columns", "会员卡号,会员等级\nVIP-1,金卡\n(20 rows)\n", nil, nil, "line 3: " + asEmptyRow},
		{"a footer with fewer columns, and no code first", "序号,会员卡号\n1,VIP-1\n制表人：张三\n", map[string]string{"序号": ""}, nil, "line 3: " + asEmptyRow},
		{"a name that is the word of a footer", "姓名,会员卡号\nSum,VIP-1\n", map[string]string{"姓名": ""}, []member{{userCardCode: "VIP-1", line: 2}}, ""},
		{"a note before a member with a number for a code", "备注,会员卡号,手机号\n注：靠窗,1001,13800138000\n", map[string]string{"备注": ""}, []member{{userCardCode: "1001", phoneNumber: "13800138000", line: 2}}, ""},
		{"a colour in the first column", "card_color,user_card_code\n#63B359,VIP-1\n", nil, []member{{userCardCode: "VIP-1", cardColor: "#63B359", line: 2}}, ""},
		{"a name in the first column", "姓名,会员卡号\nRem Koolhaas,VIP-1\n", map[string]string{"姓名": ""}, []member{{userCardCode: "VIP-1", line: 2}}, ""},
		{"a running number with a sign", "序号,会员卡号\n#1,VIP-1\n", map[string]string{"序号": ""}, []member{{userCardCode: "VIP-1", line: 2}}, ""},
		{"a row commented out as in a batch file", "会员卡号,level\nREM VIP-1,x\n", nil, nil, "line 2: this row " + asComment},
		{"two stray quotation marks", "user_card_code,attach\nVIP-1,\"a\nVIP-2,b\nVIP-3,c\"\n", nil, nil, "line 2: a value of this row has several lines"},
		{"two stray quotation marks on neighbouring lines", "user_card_code,attach,level\nVIP-1,\"a,x\nVIP-2,b\",y\n", nil, nil, "line 2: a value of this row has several lines"},
		{"a note of several lines", "user_card_code,attach,level\nVIP-1,\"likes tea\nvegan,no\",y\n", nil, []member{{userCardCode: "VIP-1", attach: "likes tea\nvegan,no", level: "y", line: 2}}, ""},
		{"a damaged header", "user_card_code,閲戝崱\nVIP-1,\"a\nb,c\"\n", nil, nil, "the roster has 1 error:"},
		{"two stray quotation marks in a column of no interest", "user_card_code,备注\nVIP-1,\"a\nVIP-2,b\nVIP-3,c\"\n", map[string]string{"备注": ""}, nil, "line 2: a value of this row has several lines"},
		{"JSON of several lines", "user_card_code,attach\nVIP-1,\"{\n \"\"a\"\": 1,\n \"\"b\"\": 2\n}\"\n", nil, []member{{userCardCode: "VIP-1", attach: "{\n \"a\": 1,\n \"b\": 2\n}", line: 2}}, ""},
		{"sentences of several lines", "user_card_code,attach\nVIP-1,\"靠窗,\n不吃辣, 谢谢\n再见\"\n", nil, []member{{userCardCode: "VIP-1", attach: "靠窗,\n不吃辣, 谢谢\n再见", line: 2}}, ""},
		{"a header with a mark, left out by its plain name", "会员卡号,手机号（选填）\nVIP-1,13800138000\n", map[string]string{"手机号": ""}, []member{{userCardCode: "VIP-1", line: 2}}, ""},
		{"a plain header, left out by a name with a mark", "会员卡号,手机号\nVIP-1,13800138000\n", map[string]string{"手机号（选填）": ""}, []member{{userCardCode: "VIP-1", line: 2}}, ""},
		{"a header with a mark, given by its plain name", "编号*,等级\nVIP-1,金卡\n", map[string]string{"编号": userCardCode}, vip(2), ""},
		{"headers as text formulas", "=\"会员卡号\",'会员等级\nVIP-1,金卡\n", nil, vip(2), ""},
		{"a damaged header", "浼氬憳鍗″彿,level\nVIP-1,x\n", nil, nil, "line 1: the header is damaged: it was written in one encoding"},
		{"a header that is a date", sheet([]any{"会员卡号", time.Date(2015, 5, 20, 0, 0, 0, 0, time.UTC)}, []any{"VIP-1", "x"}, []any{"VIP-2", "x"}), nil, nil, "the roster has 1 error, on the sheet \"Sheet1\":\n\n  line 1: column 2 of the header is a date"},
		{"the index of pandas", ",会员卡号\n0,VIP-1\n1,VIP-2\n", nil, nil, "the roster has 1 error:\n\n  line 2: there is a value in column 1, which has no name in the header: give the column a name"},
		{"text formulas before blanks", "user_card_code,level\n=\"VIP-1\" ,=\"金卡\" \n", nil, vip(2), ""},
		{"text formulas before tabs", "user_card_code,level\n=\"VIP-1\"\t,=\"金卡\"\t\n", nil, vip(2), ""},
		{"a header that begins like SYLK", "ID;Phone;Level\nVIP-1;13800138000;金卡\n", map[string]string{"ID": userCardCode, "Phone": phoneNumber, "Level": level}, []member{{userCardCode: "VIP-1", phoneNumber: "13800138000", level: "金卡", line: 2}}, ""},
		{"SYLK", "ID;PWXL;N;E\r\nP;PGeneral\r\nC;Y1;X1;K\"a\"\r\nE\r\n", nil, nil, "this is a SYLK file"},
		{"Excel's declaration with blanks", "sep = ;  \nuser_card_code;level\nVIP-1;金卡\n", nil, vip(3), ""},
		{"Excel's declaration with another blank", "\u00a0sep=;\u00a0\nuser_card_code;level\nVIP-1;金卡\n", nil, vip(3), ""},
		{"UTF-16 with a character that has a zero byte", wideOf("一卡通号\tlevel\nVIP-1\t金卡\n"), map[string]string{"一卡通号": userCardCode}, vip(2), ""},
		{"the same, big end first", swapped(wideOf("一卡通号\tlevel\nVIP-1\t金卡\n")), map[string]string{"一卡通号": userCardCode}, vip(2), ""},
		{"a sheet is named", sheet([]any{"会员卡号"}, []any{"VIP-1"}, []any{"VIP-1"}), nil, nil, "the roster has 1 error, on the sheet \"Sheet1\":\n"},
		{"a file under document protection", "\x62\x14\x23\x65\x00\x00\x01\x9d\xff", nil, nil, "document protection"},
		{"a phone number with half of a digit", sheet([]any{"会员卡号", "手机号"}, []any{"VIP-1", 1380013800.5}), nil, nil, "line 2: phone_number of \"VIP-1\" is a number with decimal places"},
		{"codes that only look different", "user_card_code\nVIP-1\nＶＩＰ－１\n", nil, nil, "line 3: user_card_code is the same as on line 2"},
		{"a conflict of git", "user_card_code\n<<<<<<< HEAD\nVIP-1\n=======\nVIP-2\n>>>>>>> other\n", nil, nil, "line 2: this is a conflict mark of git"},
		{"one openid twice", "user_card_code,openid\na,oUpF8uMuAJO\nb,oUpF8uMuAJO\n", nil, nil, "line 3: openid is the same as on line 2"},
		{"phone numbers are optional", "会员卡号,openid\nVIP-1,oUpF8uMuAJO\n", nil, []member{{userCardCode: "VIP-1", openID: "oUpF8uMuAJO", line: 2}}, ""},
		{"empty rows down to the end of the sheet", "会员卡号,会员等级\nVIP-1,金卡\n" + strings.Repeat(",\n", defaultMaxRows+1), nil, vip(2), ""},

		{"an .xls", oleMagic + strings.Repeat("\x00", 600) + "W\x00o\x00r\x00k\x00b\x00o\x00o\x00k\x00", nil, nil, "an .xls of Excel 97 to 2003, or an .et of WPS: save it as .xlsx"},
		{"a workbook with a password", oleMagic + "E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00", nil, nil, "protected by a password"},
		{"a PDF", "%PDF-1.7\n", nil, nil, "is a PDF"},
		{"a gzip file", "\x1f\x8b\x08\x00\x00", nil, nil, "a gzip file: unpack it"},
		{"a picture", "\x89PNG\r\n\x1a\n\x00", nil, nil, "is a picture"},
		{"an .xlsb", zipOf(t, "xl/workbook.bin", ""), nil, nil, "is an .xlsb workbook: save it as .xlsx"},
		{"an .ods", zipOf(t, "mimetype", "application/vnd.oasis.opendocument.spreadsheet", "content.xml", ""), nil, nil, "OpenDocument (.ods)"},
		{"a sheet of Numbers", zipOf(t, "Index/Document.iwa", ""), nil, nil, "of Numbers, Pages or Keynote: export it as .xlsx"},
		{"a .docx", zipOf(t, "word/document.xml", ""), nil, nil, "is a .docx document"},
		{"a zip of a workbook", zipOf(t, "members.xlsx", ""), nil, nil, "a zip archive and no workbook"},
		{"a workbook that was cut off", sheet([]any{"会员卡号"})[:2000], nil, nil, "damaged or cut off"},
		{"an HTML page called .xls", "<html><table><tr><td>会员卡号</td></tr></table></html>", nil, nil, "this is an HTML page"},
		{"an XML Spreadsheet 2003", "<?xml version=\"1.0\"?><Workbook/>", nil, nil, "this is an XML file"},
		{"a pointer of Git LFS", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n", nil, nil, "run git lfs pull"},
		{"a file that git-crypt keeps", "\x00GITCRYPT\x00\x01\x02", nil, nil, "run git-crypt unlock"},
		{"a file that PGP keeps", "-----BEGIN PGP MESSAGE-----\n\nhQ==\n", nil, nil, "decrypt it first"},
		{"JSON", `{"members": []}`, nil, nil, "this is JSON: decode it with jsondecode"},
		{"a path", "members.xlsx", nil, nil, "this is a path and not the roster itself"},
		{"base64 twice", "UEsDBBQAAAAIAA==", nil, nil, "base64 of a workbook"},
		{"a program", "\x7fELF\x02\x01\x01\x00\x00\x00", nil, nil, "is no roster: it is neither text nor an .xlsx workbook"},
		{"nothing", "", nil, nil, "line 1: the roster is empty"},
	}
}

// swapped is text with the two bytes of each character of UTF-16 the other way round.
func swapped(text string) string {
	b := []byte(text)
	for i := 0; i+1 < len(b); i += 2 {
		b[i], b[i+1] = b[i+1], b[i]
	}
	return string(b)
}

func TestRealFilesAreReadOrRefused(t *testing.T) {
	t.Parallel()

	for _, file := range realFiles(t) {
		t.Run(file.name, func(t *testing.T) {
			t.Parallel()
			got, err := decodeFile([]byte(file.content), file.columns)
			switch {
			case file.refused == "" && err != nil:
				t.Errorf("refused: %v", err)
			case file.refused == "":
				if diff := cmp.Diff(file.want, got, cmp.AllowUnexported(member{})); diff != "" {
					t.Error(diff)
				}
			case err == nil:
				t.Errorf("read as %+v; want an error that says %q", got, file.refused)
			case !strings.Contains(err.Error(), file.refused):
				t.Errorf("%v; want %q", err, file.refused)
			}
		})
	}
}

// decode_roster gets what Terraform's file function has read, and sends its user to
// decode_roster_file where that is the cure.
func TestDecodeTextNamesTheFunctionForFiles(t *testing.T) {
	t.Parallel()

	for name, text := range map[string]string{
		"a workbook": zipMagic, "UTF-16": "u\x00s\x00", "GBK": "\xbb\xe1\n", "base64": "UEsDBBQAAAAIAA==",
	} {
		if _, err := decodeText(text, nil); err == nil || !strings.Contains(err.Error(), "decode_roster_file") {
			t.Errorf("%s: %v; want decode_roster_file named", name, err)
		}
	}
}

func requireNil(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
