// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/membercard/rules"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/phonenumber"
)

// This file says what the text of a cell means. Programs and people leave marks in a roster:
// either the meaning of one is certain, then it is read, or it is not, then it is a fault.

// noValue are words for a value that is not there, in lower case and half width: of database
// clients, of programs, and of people.
var noValue = set("null", "(null)", "<null>", "[null]", `\n`, "nil", "(nil)", "<nil>", "none", "nan", "<na>", "nat", "undefined", "n/a", "na", "n.a.",
	"(n/a)", "(na)", "(none)", "(blank)", "(empty)", "无", "空", "(无)", "(空)", "(空白)", "暂无", "没有", "未填", "未填写", "未提供", "未设置", "未设定", "不适用", "不详",
	"-", "--", "---", "–", "—", "——", "/", `\`)

// placeholder are words that stand for a value which somebody has to look up.
var placeholder = set("同上", "同左", "同前", "〃", "″", `"`, "''", "ditto", "do.", "待定", "待补", "待补充", "待填", "待填写", "待确认", "未知",
	"loading...", "loading…", "加载中", "加载中...", "tbd", "tba", "tbc", "todo", "unknown", "xxx", "xxxx", "test", "示例", "样例", "例", "example")

// footer are words of the last row of a sheet or of a query's result.
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
	errorValue = regexp.MustCompile(`(?i)^(?:#(?:N/A(?: .*)?|N/D|NV|REF|VALUE|NAME|NUM|NULL|ERROR|SPILL|CALC|DIV/0!|GETTING_DATA|[A-Z_]+[!?])|#+|err:\s?[0-9]+)$`)
	// formulaForm begins what a spreadsheet calculates.
	formulaForm = regexp.MustCompile(`^(?:\{?=|[@+-][A-Za-z][A-Za-z0-9._]*\()`)
	// markup is what is left of HTML, of escapes and of mail.
	markup = regexp.MustCompile(`(?i)&(?:#[0-9]+|#x[0-9a-f]+|[a-z]+[0-9]*);|</?[a-z][^<>]*>|<[^<>\s]+@[^<>\s]+>|\\u[0-9a-f]{4}|\\x[0-9a-f]{2}|\\[rnt]|_x[0-9a-f]{4}_|(?:%[0-9a-f]{2}){2}|(?:=[0-9a-f]{2}){2}|\[object |\$\{|\{\{|<%|^(?:mailto|tel|https?):`)
	// footerForm is how sheets and database clients end: 合计：20, 制表人：张三, (20 rows), 20 rows in set, 共 20 条.
	footerForm = regexp.MustCompile(`(?i)^\(?[0-9]+ rows?\b|^\(?[0-9]+ ?行(?:受影响|记录)|^\(?共 ?[0-9]+ ?[条行人名个]|^\(?(?:已选择|所影响的行数为) ?[0-9]+|` +
		`^第 ?[0-9]+ ?页|^(?:合计|总计|小计|共计|备注|说明|注|注意|制表|制表人|制单人|填表人|经办人|审核|审核人|审批人|制表日期|制表时间|导出人|导出时间|导出日期|打印时间|打印日期|完成时间|total|completion time) ?:`)
	// commentMark begins a row that somebody commented out.
	commentMark = regexp.MustCompile(`^(?:#|//|/\*|\*/|<!--|--[^-]|;)`)
	// remark is how a batch file comments a line out.
	remark = regexp.MustCompile(`(?i)^rem `)
	// numberSign is a number as some lists write it: #1.
	numberSign = regexp.MustCompile(`^#\s*[0-9]+$`)
	// ruler is part of a line that a program draws.
	ruler = regexp.MustCompile(`^[-=_+|:─━│┃┼╋═║╪╬├┤┌┐└┘ ]+$`)
	// conflictMark is a line that git leaves where two versions of a file differ.
	conflictMark = regexp.MustCompile(`^(?:<{7}|={7}|>{7}|\|{7})(?: |$)`)
	// mailQuote begins a line that a mail program quotes.
	mailQuote = regexp.MustCompile(`^(?:>|\|) ?\S`)

	// openIDForm is what WeChat's openids consist of. They have 28 characters, which no page
	// promises.
	openIDForm = regexp.MustCompile(`^[A-Za-z0-9_-]{10,}$`)
	hasLetter  = regexp.MustCompile(`[A-Za-z]`)
	// signed is a number with a sign, by which programs say that there is no value: -1.
	signed = regexp.MustCompile(`^[+-][0-9]+$`)
	// maskedPhone is a phone number of which some digits are hidden.
	maskedPhone = regexp.MustCompile(`(?i)^[+0-9 -]*(?:[*•●×·]{2,}|x{3,})[0-9 -]*$`)
)

// readText returns what the text of a cell means as a value of attribute, "" for no value. A
// fault says what is wrong, as the rest of a sentence that begins with the attribute.
func readText(attribute, text string) (value, fault string) {
	plain, inQuotes := unmark(text)
	if inQuotes {
		return "", "is in quotation marks: take them away"
	}
	folded := strings.ToLower(width.Fold.String(plain))
	switch {
	case plain == "", noValue[folded]:
		return "", ""
	case attribute == phoneNumber && maskedPhone.MatchString(folded):
		return readPhoneNumber(plain, folded)
	case damage(plain) != "":
		return "", "is damaged: " + damage(plain)
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
	case userCardCode, openID:
		plain = width.Fold.String(plain)
	case level:
		plain = foldLevel(plain)
	case cardColor:
		plain = width.Fold.String(plain)
	}
	if isIdentifying(attribute) {
		fault = identifyingFault(attribute, plain, folded)
	}
	if fault == "" {
		fault = ruleFault(attribute, plain)
	}
	if fault != "" {
		return "", fault
	}
	return plain, ""
}

// unmark takes away what makes a spreadsheet take a value as text: ="0001", and an apostrophe
// before it; WeChat Pay's own bills use a backtick for that. inQuotes is true for a mark at both
// ends, which is a quotation mark.
func unmark(text string) (plain string, inQuotes bool) {
	plain = text
	if inside, isFormula := strings.CutPrefix(plain, `="`); isFormula && strings.HasSuffix(inside, `"`) {
		inside = strings.ReplaceAll(inside[:len(inside)-1], `""`, "\x00")
		if !strings.Contains(inside, `"`) {
			plain = trim(strings.ReplaceAll(inside, "\x00", `"`))
		}
	}
	for _, mark := range []string{"'", "`"} {
		rest, isMarked := strings.CutPrefix(plain, mark)
		switch {
		case !isMarked:
		case rest != "" && strings.Trim(rest, mark) != rest:
			return plain, true
		default:
			plain = trim(rest)
		}
	}
	return plain, false
}

// isIdentifying reports whether a value of attribute is sent as it stands and says who a member is.
func isIdentifying(attribute string) bool {
	return attribute == userCardCode || attribute == level || attribute == openID
}

// foldLevel makes levels that look alike the same: blanks of any kind are spaces, and radicals and
// compatibility characters, which some fonts and PDFs leave, the characters that people see.
func foldLevel(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Zs, r):
			return ' '
		case isRadical(r):
			if one, size := utf8.DecodeRuneInString(norm.NFKC.String(string(r))); size > 0 {
				return one
			}
		}
		return r
	}, text)
}

// isRadical reports whether r only looks like a Chinese character: Kangxi and other radicals,
// compatibility ideographs.
func isRadical(r rune) bool {
	return r >= 0x2E80 && r <= 0x2FDF || r >= 0xF900 && r <= 0xFAFF
}

// valueRules are the rules of the resource for what is sent as it stands.
var valueRules = map[string]framework.Rule{
	userCardCode: rules.UserCardCode(), level: rules.Level(), cardColor: rules.CardColor(), cardPictureURL: rules.CardPictureURL(), attach: rules.Attach(),
}

// ruleFault says why WeChat Pay would refuse a value.
func ruleFault(attribute, value string) string {
	rule, isThere := valueRules[attribute]
	if !isThere {
		return ""
	}
	mistake := rule.Mistake(value)
	if mistake == "" {
		return ""
	}
	return fmt.Sprintf("is refused by WeChat Pay. %s What is accepted: %s", mistake, rule.Accepted())
}

func readPhoneNumber(plain, folded string) (value, fault string) {
	if placeholder[folded] {
		return "", "is a word that stands for a number: write the number, or leave the cell empty"
	}
	if phonenumber.IsShortQuantity(folded) {
		return "", fmt.Sprintf("is %s, a number as a spreadsheet writes it, and has lost digits: format the cell as text and enter the phone number again", plain)
	}
	if maskedPhone.MatchString(folded) {
		return "", "is masked already: export the roster with the phone numbers unmasked"
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
	case attribute == userCardCode && isFooter(folded):
		return isFooterRow
	case attribute == userCardCode && (commentMark.MatchString(folded) || remark.MatchString(folded)):
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
	case signed.MatchString(folded):
		return "is a number with a sign, which programs write where there is no value: leave the cell empty, or write the value"
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
	switch {
	case attribute == openID && (!openIDForm.MatchString(plain) || !hasLetter.MatchString(plain)):
		return "is no openid: one consists of at least ten letters, digits, _ and -, and is no number"
	case attribute == level && strings.HasPrefix(folded, "#"):
		return "begins with #, as error values and comments do: write the level"
	case strings.ContainsFunc(plain, isRadical):
		return "has a radical that only looks like a Chinese character: enter the value again"
	case !strings.ContainsFunc(plain, isSaying):
		return "has neither a letter nor a digit: write the value, or leave the cell empty"
	}
	return ""
}

// isSaying reports whether r can say which member or level is meant: a letter, a digit, or a
// symbol such as a star, but none that lines are drawn of.
func isSaying(r rune) bool {
	const firstOfLines, lastOfLines = 0x2500, 0x259F
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.So, r) && (r < firstOfLines || r > lastOfLines)
}

const isFooterRow = "is the footer of a sheet or of a query's result: delete the row"

// isFooter reports whether text, in lower case and half width, begins the last row of a sheet.
func isFooter(folded string) bool {
	return footer[strings.Trim(folded, ":")] || footerForm.MatchString(folded)
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
