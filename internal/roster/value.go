// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/phonenumber"
)

// This file says what the text of a cell means. Programs and people leave marks in a roster:
// either the meaning of one is certain, then it is read, or it is not, then it is a fault.

// noValue are words for a value that is not there, in lower case and half width: of database
// clients, of programs, and of people.
var noValue = set("null", "(null)", "<null>", "[null]", `\n`, "nil", "(nil)", "<nil>", "none", "nan", "<na>", "nat", "undefined", "n/a", "na", "n.a.",
	"(blank)", "(empty)", "无", "空", "(无)", "(空)", "(空白)", "暂无", "没有", "未填", "未填写", "未提供",
	"-", "--", "---", "–", "—", "——", "/", `\`)

// placeholder are words that stand for a value which somebody has to look up.
var placeholder = set("同上", "同左", "同前", "〃", "″", `"`, "''", "ditto", "do.", "待定", "待补", "待补充", "待填", "待填写", "待确认", "未知", "不详",
	"tbd", "tba", "tbc", "todo", "unknown", "xxx", "xxxx", "test", "示例", "样例", "例", "example")

// footer are words that begin the last row of a sheet or of a query's result.
var footer = set("合计", "总计", "小计", "汇总", "共计", "总数", "以下空白", "备注", "说明", "填写说明", "total", "subtotal", "sum", "count", "eof", "end", "grand total")

func set(words ...string) map[string]bool {
	all := make(map[string]bool, len(words))
	for _, word := range words {
		all[word] = true
	}
	return all
}

var (
	// quantity is a number of many digits as spreadsheets and programs write it. The sign or the
	// decimal places tell it from a code of digits and letters: 12E5 may well be one.
	quantity = regexp.MustCompile(`^[+-]?[0-9]+(?:[.,][0-9]*e[+-]?[0-9]+|e[+-][0-9]{2,})$`)
	// decimals is a number with decimal places, and perhaps in groups of three digits.
	decimals = regexp.MustCompile(`^[+-]?(?:[0-9]*[.,][0-9]+|[0-9]+[.,]|[0-9]{1,3}(?:[,.' ][0-9]{3})+(?:[.,][0-9]*)?)$`)
	// amount is a number with a unit that spreadsheets add.
	amount = regexp.MustCompile(`^(?:[¥￥$€£]\s*[+-]?[0-9.,]+|[+-]?[0-9.,]+\s*[%‰])$`)
	// dateForm is a date, or a time of the day, as spreadsheets and databases write them.
	dateForm = regexp.MustCompile(`(?i)^(?:` +
		`[0-9]{4}([-/.])[0-9]{1,2}[-/.][0-9]{1,2}(?:[ T][0-9:.]+.*)?` +
		`|[0-9]{1,2}/[0-9]{1,2}/(?:[0-9]{2}|[0-9]{4})(?: [0-9:]+.*)?` +
		`|(?:[0-9]{4}年)?[0-9]{1,2}月(?:[0-9]{1,2}日)?|[0-9]{4}年` +
		`|[0-9]{1,2}-(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:-[0-9]{2,4})?` +
		`|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)-[0-9]{2,4}` +
		`|[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?: ?[ap]m)?` +
		`)$`)
	// errorValue is what a formula shows that has no result, and a column that is too narrow.
	errorValue = regexp.MustCompile(`(?i)^(?:#(?:N/A|N/D|DIV/0!|GETTING_DATA|[A-Z_]+[!?])|#+|err:\s?[0-9]+)$`)
	// formulaForm begins what a spreadsheet calculates.
	formulaForm = regexp.MustCompile(`^(?:\{?=|[@+-][A-Za-z][A-Za-z0-9._]*\()`)
	// markup is what is left of HTML, of escapes and of mail.
	markup = regexp.MustCompile(`(?i)&(?:#[0-9]+|#x[0-9a-f]+|[a-z]+[0-9]*);|</?[a-z][^<>]*>|<[^<>\s]+@[^<>\s]+>|\\u[0-9a-f]{4}|\\x[0-9a-f]{2}|\\[rnt]|_x[0-9a-f]{4}_|(?:%[0-9a-f]{2}){2}|(?:=[0-9a-f]{2}){2}|\[object |\$\{|\{\{|<%|^(?:mailto|tel|https?):`)
	// resultSize is how database clients end a result: (20 rows), 20 rows in set, 共 20 条.
	resultSize = regexp.MustCompile(`(?i)^\(?[0-9]+ rows?\b.*|^\(?共 ?[0-9]+ ?[条行人名个].*|^合计[:：].*|^总计[:：].*`)
	// commentMark begins a row that somebody commented out.
	commentMark = regexp.MustCompile(`^(?:#|//|/\*|\*/|<!--|--[^-]|;|(?i:rem) )`)
	// conflictMark is a line that git leaves where two versions of a file differ.
	conflictMark = regexp.MustCompile(`^(?:<{7}|={7}|>{7}|\|{7})(?: |$)`)
	// mailQuote begins a line that a mail program quotes.
	mailQuote = regexp.MustCompile(`^(?:>|\|) ?\S`)

	openIDForm = regexp.MustCompile(`^[A-Za-z0-9_-]*[A-Za-z_-][A-Za-z0-9_-]*$`)
)

// replacement is what a program writes for a character that it could not read.
const replacement = "\uFFFD"

const lostCharacters = `characters were lost when the roster was converted: save it as "CSV UTF-8" from the spreadsheet itself`

// hasLostCharacters reports whether text is what a conversion leaves of other text: the mark of
// a character that could not be read, that mark read in GBK, or nothing but question marks.
func hasLostCharacters(text string) bool {
	return strings.Contains(text, replacement) || strings.Contains(text, "锟斤拷") || text != "" && strings.Trim(text, "?") == ""
}

// readText returns what the text of a cell means as a value of attribute, "" for no value. A
// fault says what is wrong, as the rest of a sentence that begins with the attribute.
func readText(attribute, text string) (value, fault string) {
	plain := text
	if inside, isFormula := strings.CutPrefix(plain, `="`); isFormula && len(inside) > 0 && strings.HasSuffix(inside, `"`) && !strings.Contains(strings.ReplaceAll(inside[:len(inside)-1], `""`, ""), `"`) {
		plain = trim(strings.ReplaceAll(inside[:len(inside)-1], `""`, `"`))
	}
	// An apostrophe makes a spreadsheet take what follows as text; WeChat Pay's own bills use
	// a backtick for that.
	for _, mark := range []string{"'", "`"} {
		rest, isMarked := strings.CutPrefix(plain, mark)
		switch {
		case !isMarked:
		case rest != "" && strings.Trim(rest, mark) != rest:
			return "", "is in quotation marks: take them away"
		default:
			plain = trim(rest)
		}
	}
	folded := strings.ToLower(width.Fold.String(plain))
	switch {
	case plain == "", noValue[folded]:
		return "", ""
	case hasLostCharacters(plain):
		return "", "is damaged: " + lostCharacters
	case errorValue.MatchString(width.Fold.String(plain)):
		return "", "is the error value of a spreadsheet (such as #N/A or ####): correct the cell"
	case formulaForm.MatchString(folded):
		return "", "is a formula: write its result"
	}
	switch attribute {
	case phoneNumber:
		return readPhoneNumber(plain, folded)
	case pickupTime:
		return readTime(plain)
	case userCardCode, level, openID:
		return plain, identifyingFault(attribute, plain, folded)
	}
	return plain, "" // the resource checks it
}

func readPhoneNumber(plain, folded string) (value, fault string) {
	if placeholder[folded] {
		return "", "is a word that stands for a number: write the number, or leave the cell empty"
	}
	if phonenumber.IsShortQuantity(folded) {
		return "", fmt.Sprintf("is %s, a number as a spreadsheet writes it, and has lost digits: format the cell as text and enter the phone number again", plain)
	}
	normalized, err := phonenumber.Normalize(plain)
	if err != nil {
		return "", ": " + err.Error()
	}
	return normalized, ""
}

// identifyingFault says what is wrong with a code, a level or an openid: with a value that is
// sent as it stands, and that says who a member is.
func identifyingFault(attribute, plain, folded string) string {
	switch {
	case placeholder[folded]:
		return "is a word that stands for a value: write the value"
	case attribute == userCardCode && (footer[strings.Trim(folded, ":")] || resultSize.MatchString(folded)):
		return "is the footer of a sheet or of a query's result: delete the row"
	case attribute == userCardCode && commentMark.MatchString(folded):
		return "begins like a row that is commented out (#, //, ;, --): delete the row, or the mark when it is a member"
	case quantity.MatchString(folded):
		if phonenumber.IsShortQuantity(folded) {
			return fmt.Sprintf("is %s, a number as a spreadsheet writes it, and has lost digits: format the column as text and enter the value again", plain)
		}
		return "is a number as a spreadsheet writes it (as in 1.38E+10) and has lost digits: format the column as text and enter the value again"
	case decimals.MatchString(folded):
		return "is a number with decimal places or groups of digits (as in 1001.0 or 1,001): format the column as text and enter the value again"
	case amount.MatchString(folded):
		return "is an amount of money or a percentage: format the column as text and enter the value again"
	case folded == "true" || folded == "false":
		return "is TRUE or FALSE: format the column as text and enter the value again"
	case dateForm.MatchString(folded):
		return "is a date or a time, which spreadsheets make of values such as 1-2: format the column as text and enter the value again"
	case markup.MatchString(folded):
		return "contains a piece of HTML, of an address or of an escaped character: write the value itself"
	case isQuoted(plain):
		return "is in quotation marks: take them away"
	}
	if r, at := findInvisible(plain); at > 0 {
		return fmt.Sprintf("contains an invisible character or a line break (U+%04X, as character %d): enter the value again", r, at)
	}
	if attribute == openID && !openIDForm.MatchString(plain) {
		return "is no openid: one consists of letters, digits, _ and -, and is no number"
	}
	return ""
}

// isQuoted reports whether a quotation mark stands at an end of text.
func isQuoted(text string) bool {
	const marks = "\"'`“”‘’„«»＂＇"
	first, _ := utf8.DecodeRuneInString(text)
	last, _ := utf8.DecodeLastRuneInString(text)
	return strings.ContainsRune(marks, first) || strings.ContainsRune(marks, last)
}

// findInvisible returns the first character of text that shows nothing, line breaks, tabs and
// code points without a character included, and its position from 1; 0 when there is none.
func findInvisible(text string) (r rune, position int) {
	for _, r := range text {
		position++
		if isInvisible(r) || unicode.Is(unicode.Cn, r) || r == '\t' || r == '\n' || r == '\r' || r == '\v' || r == '\f' || r == '\u0085' || r == '\u2028' || r == '\u2029' {
			return r, position
		}
	}
	return 0, 0
}

// rowFault says why a row is no member by its first cell, "" when it may be one.
func rowFault(first string) string {
	switch folded := width.Fold.String(first); {
	case conflictMark.MatchString(folded):
		return "this is a conflict mark of git: decide which version is right, and delete the marks"
	case errorValue.MatchString(folded):
		return "" // reported as a value
	case commentMark.MatchString(folded):
		return "this row begins like one that is commented out (#, //, ;, --): delete the row, or the mark when it is a member"
	case mailQuote.MatchString(folded):
		return "this row begins with a mark by which mail programs quote a line: delete the mark"
	}
	return ""
}
