// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/width"
)

// notMeant says why no person could have meant text as a card code, a level or an openid, "" when
// one could have. It is written apart from the rules of the decoder, so that it does not share a
// mistake with them: a person means visible text, without space around it, that no program wrote
// to say something else.
func notMeant(attribute, text string) string {
	for _, r := range text {
		if unicode.In(r, unicode.C, unicode.Zl, unicode.Zp) {
			return "a character that shows nothing"
		}
	}
	plain := strings.ToUpper(width.Fold.String(text))
	ends := func(marks string) bool { return strings.Trim(plain, marks) != plain }
	switch {
	case text == "":
		return "nothing"
	case strings.TrimSpace(text) != text:
		return "space around it"
	case strings.HasPrefix(plain, "="), attribute == userCardCode && strings.HasPrefix(plain, "#"):
		return "a formula, an error or a comment"
	case ends("'`\"“”‘’"):
		return "quotation marks"
	case strings.Contains(plain, replacement):
		return "a lost character"
	case regexp.MustCompile(`^[+-]?[0-9]+[.,][0-9]+(E[+-][0-9]+)?%?$|^[0-9]E[+-][0-9]{2}$`).MatchString(plain):
		return "a number in another form"
	case regexp.MustCompile(`^(?:#(?:N/A|REF!)|NULL|\(NULL\)|<NULL>|\[NULL\]|NIL|NONE|NAN|N/A|无|--?|/|\\N|TRUE|FALSE)$`).MatchString(plain):
		return "a word for something else"
	case attribute == openID && !regexp.MustCompile(`^[0-9A-Z_-]{10,}$`).MatchString(strings.ToUpper(text)), attribute == openID && strings.Trim(text, "0123456789_-") == "":
		return "no openid"
	case attribute == userCardCode && (!regexp.MustCompile(`^[!-~]{1,32}$`).MatchString(text) || text == "." || text == ".."), attribute == level && utf8.RuneCountInString(text) > 10:
		return "nothing that WeChat Pay accepts"
	case attribute == userCardCode && regexp.MustCompile(`^(?:\(?[0-9]+ ROWS?|TOTAL$|SUM$|合计|总计|制表人)`).MatchString(plain):
		return "a footer"
	case regexp.MustCompile(`^(?:[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}-(?:JAN|FEB|MAR)|[0-9]{1,2}:[0-9]{2})$`).MatchString(plain):
		return "a date or a time"
	case regexp.MustCompile(`^(?:同上|待定|TBD|TODO|UNKNOWN|[+-][0-9]+)$`).MatchString(plain):
		return "a placeholder"
	case !strings.ContainsFunc(text, func(r rune) bool {
		return unicode.In(r, unicode.L, unicode.N, unicode.So) && (r < '─' || r > '╿')
	}):
		return "a line or a mark"
	}
	return misread(text)
}

// misread says that text is Chinese in another encoding than it was read in. It is stricter than
// the decoder's own rule, which also finds text that lost its end.
func misread(text string) string {
	content, err := simplifiedchinese.GBK.NewEncoder().String(text)
	for _, r := range content {
		if !unicode.Is(unicode.Han, r) {
			err = errMalformed
		}
	}
	if err == nil && utf8.RuneCountInString(content) > 1 {
		return "UTF-8 that was read as GBK"
	}
	if content, err = charmap.ISO8859_1.NewEncoder().String(text); err != nil {
		return ""
	}
	for _, r := range content {
		if !unicode.Is(unicode.Han, r) {
			return ""
		}
	}
	return "UTF-8 that was read as Latin-1"
}

func isHeaderWord(text string) bool {
	return slices.Contains([]string{"user_card_code", "level", "phone_number", "openid", "会员卡号", "会员等级", "手机号"}, text)
}

// requireMeant checks what decoding any bytes may return.
func requireMeant(t *testing.T, members []member) {
	t.Helper()
	seen := map[string]bool{}
	for _, m := range members {
		if seen[m.userCardCode] {
			t.Errorf("code %q is there twice", m.userCardCode)
		}
		seen[m.userCardCode] = true
		for _, attribute := range []string{userCardCode, level, openID} {
			value := *m.value(attribute)
			if value == "" && attribute != userCardCode {
				continue
			}
			if why := notMeant(attribute, value); why != "" {
				t.Errorf("%s %q is %s", attribute, value, why)
			}
		}
		if isHeaderWord(m.userCardCode) && isHeaderWord(m.level) {
			t.Errorf("%q and %q are headers", m.userCardCode, m.level)
		}
		if m.pickupTime != "" && !regexp.MustCompile(`^20[1-9][0-9]-`).MatchString(m.pickupTime) {
			t.Errorf("pickup_time %q", m.pickupTime)
		}
		if m.phoneNumber != "" && !regexp.MustCompile(`^(?:1[3-9][0-9]{9}|\+[1-9][0-9]{2,14})$`).MatchString(m.phoneNumber) {
			t.Errorf("phone number %q", m.phoneNumber)
		}
	}
	if _, err := memberMap(members).ToTerraformValue(t.Context()); err != nil {
		t.Error(err)
	}
}

// The rows of the table of real values that are read are what a person meant, so that the
// property says yes as well as no.
func TestRealValuesAreMeant(t *testing.T) {
	t.Parallel()

	for _, v := range realValues() {
		if v.attribute != userCardCode && v.attribute != level && v.attribute != openID || v.refused == "" && v.want == "" {
			continue
		}
		if v.refused == "" && notMeant(v.attribute, v.want) != "" {
			t.Errorf("%s %q of %s is %s", v.attribute, v.want, v.from, notMeant(v.attribute, v.want))
		}
	}
	for _, text := range []string{"", "#N/A", "'金卡", "1001.0", "NULL", "金\u200b卡", "=\"0001\"", " VIP",
		"------", "──", "+", "-1", "閲戝崱", "é\u0087\u0091å\u008d¡", "2015-05-20", "2-Jan", "同上", "TBD", "十个字以上的会员等级名称"} {
		if notMeant(level, text) == "" {
			t.Errorf("%q is meant", text)
		}
	}
	for _, text := range []string{"(20 rows)", "合计", "会员0001", "VIP 1", strings.Repeat("1", 33), "..", "#VIP"} {
		if notMeant(userCardCode, text) == "" {
			t.Errorf("%q is meant as a code", text)
		}
	}
	for _, text := range []string{"null1", "N", "1234567890123", "----------"} {
		if notMeant(openID, text) == "" {
			t.Errorf("%q is meant as an openid", text)
		}
	}
}

// FuzzDecodeFile: whatever bytes a roster has, every code, level and openid that comes out is
// something that a person could have meant, and nothing panics.
func FuzzDecodeFile(f *testing.F) {
	for _, file := range []string{
		"excel-csv-utf8.csv", "excel-text.tsv", "excel-semicolons.csv", "excel-macintosh.csv", "numbers.csv", "libreoffice-quoted.csv", "bad.csv",
		"excel-gbk.csv", "excel-unicode-text.txt", "wps-chinese-headers.csv",
	} {
		f.Add([]byte(fixtureText(file)))
	}
	for _, v := range realValues() {
		f.Add([]byte("user_card_code\tlevel\topenid\n" + v.text + "\t" + v.text + "\t" + v.text + "\n"))
	}
	f.Add([]byte("user_card_code,level\nVIP-1,x\nuser_card_code,level\n"))
	f.Add([]byte("user_card_code,level\n--------------,-----\nVIP-1,x\n"))
	f.Add(writeWorkbook(f, [][]any{{"会员卡号", "手机号", "会员等级"}, {"VIP-1", int64(13800138000), "金卡"}}))
	f.Fuzz(func(t *testing.T, content []byte) {
		members, err := decodeFile(content, map[string]string{"备注": ""})
		if err != nil {
			if len(members) > 0 {
				t.Error("members beside an error")
			}
			return
		}
		requireMeant(t, members)
	})
}

// FuzzWorksheet puts any XML where a workbook has its sheet: most changes of a zip archive are
// found by its checksums and never reach it.
func FuzzWorksheet(f *testing.F) {
	f.Add(`<worksheet><sheetData><row r="1"><c t="s"><v>0</v></c><c t="inlineStr"><is><t>level</t></is></c></row><row><c t="s"><v>2</v></c><c><f>1</f><v>1.3E10</v></c></row></sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells></worksheet>`)
	f.Add(`<worksheet><sheetData><row><c t="str"><v>openid</v></c><c t="s" r="B1"><v>0</v></c></row><row hidden="1"><c t="b"><v>1</v></c><c t="d"><v>2015-05-20</v></c></row><row><c t="e"><v>#N/A</v></c><c s="1"><v>-1</v></c></row></sheetData></worksheet>`)
	f.Fuzz(func(t *testing.T, sheet string) {
		members, err := decodeFile(rawWorkbook(t, sheet), nil)
		if err == nil {
			requireMeant(t, members)
		}
	})
}

// FuzzCell puts any text into every column that identifies a member.
func FuzzCell(f *testing.F) {
	for _, v := range realValues() {
		f.Add(v.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return // refused before cells are read
		}
		for _, attribute := range attributes() {
			value, fault := readText(attribute, trim(text))
			if value == "" {
				continue
			}
			if fault == "" && isIdentifying(attribute) {
				if why := notMeant(attribute, value); why != "" {
					t.Errorf("%s %q of %q is %s", attribute, value, text, why)
				}
			}
			if attribute == pickupTime && fault == "" && !regexp.MustCompile(`^20[1-9][0-9]-[0-9]{2}-[0-9]{2}T`).MatchString(value) {
				t.Errorf("time %q of %q", value, text)
			}
		}
	})
}
