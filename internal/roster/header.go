// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/width"
)

// maxTitleRows is how many rows are searched for a header, so that an error can say where it
// seems to be.
const maxTitleRows = 30

// ignored stands for the attribute of a column that the user wants nothing of.
const ignored = ""

// usualHeaders are the Chinese headers that need no entry in the argument columns. The page of
// decode_roster lists them. A header that may mean something else as well, such as 备注 or 编号,
// is none of them.
func usualHeaders() map[string][]string {
	return map[string][]string{
		userCardCode:   {"会员卡号", "会员卡号码", "会员卡编号", "会员卡code", "卡号"},
		phoneNumber:    {"手机号", "手机号码", "手机", "联系手机", "移动电话", "联系电话"},
		openID:         {"open_id", "用户openid", "微信openid"},
		level:          {"会员等级", "会员级别", "会员卡等级", "等级", "级别"},
		cardColor:      {"会员卡颜色", "卡片颜色"},
		cardPictureURL: {"会员卡图片", "会员卡背景图", "卡面图片"},
		pickupTime:     {"领取时间", "领卡时间", "领取日期", "领卡日期"},
		attach:         {"附加信息", "附加数据"},
	}
}

// requiredMark is what a form puts beside a header: an asterisk, a colon, (必填).
var requiredMark = regexp.MustCompile(`^\*+|(?:\*+|:|\((?:必填|选填|必填项|选填项|可选|可空|required|optional)\))+$`)

// headerKey is what headers are compared by: without regard to width, case and blanks, and to
// marks that make a spreadsheet take a value as text.
func headerKey(header string) string {
	header, _ = unmark(header)
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || isInvisible(r) {
			return -1
		}
		return r
	}, strings.ToLower(width.Fold.String(header)))
}

// bareKey is key without the marks of a form.
func bareKey(key string) string { return requiredMark.ReplaceAllString(key, "") }

// mapping says which attribute a header means, by headerKey.
type mapping struct {
	given map[string]givenHeader // of the argument columns
	// bare are the keys of given by bareKey.
	bare  map[string]string
	usual map[string]string // the attributes' own names and the usual Chinese headers
}

// givenHeader is an entry of the argument columns.
type givenHeader struct {
	header    string // as the user wrote it
	attribute string // ignored, or an attribute
	isWrong   bool   // the entry was reported
}

// newMapping takes the argument columns and reports entries that mean nothing.
func newMapping(columns map[string]string, errs *rosterError) mapping {
	m := mapping{given: make(map[string]givenHeader, len(columns)), bare: map[string]string{}, usual: map[string]string{}}
	for attribute, headers := range usualHeaders() {
		m.usual[headerKey(attribute)] = attribute
		for _, header := range headers {
			m.usual[headerKey(header)] = attribute
		}
	}
	for _, header := range slices.Sorted(maps.Keys(columns)) {
		key, attribute := headerKey(header), strings.TrimSpace(columns[header])
		earlier, isTwice := m.given[key]
		switch {
		case key == "":
			errs.addColumn("an entry has no header")
		case isTwice:
			errs.addColumn("the headers %s and %s are the same: headers are compared without regard to width, case and blanks", shown(earlier.header), shown(header))
		case attribute != ignored && !isAttribute(attribute):
			errs.addColumn("%s, given for the header %s, is not an attribute; attributes are %s, and \"\" is for a column that is not needed",
				shown(attribute), shown(header), strings.Join(attributes(), ", "))
			m.given[key] = givenHeader{header: header, isWrong: true}
		default:
			m.given[key] = givenHeader{header: header, attribute: attribute}
		}
		if _, isTaken := m.bare[bareKey(key)]; !isTaken || key == bareKey(key) {
			m.bare[bareKey(key)] = key
		}
	}
	return m
}

// entry returns the key of the entry of columns that is for header: the same, or one that differs
// by the marks of a form only.
func (m mapping) entry(header string) (key string, isGiven bool) {
	key = headerKey(header)
	if _, isGiven := m.given[key]; isGiven {
		return key, true
	}
	key, isGiven = m.bare[bareKey(key)]
	_, isThere := m.given[key]
	return key, isGiven && isThere
}

// attribute returns the attribute of the column that header names, ignored for a column that
// is not needed. isKnown is false for a header that means nothing.
func (m mapping) attribute(header string) (attribute string, isKnown bool) {
	if key, isGiven := m.entry(header); isGiven {
		return m.given[key].attribute, true
	}
	key := headerKey(header)
	if attribute, isUsual := m.usual[key]; isUsual {
		return attribute, true
	}
	attribute, isKnown = m.usual[bareKey(key)]
	return attribute, isKnown
}

func (m mapping) isKnown(header string) bool {
	_, isKnown := m.attribute(header)
	return isKnown
}

// isHeader reports whether a row names the column that every roster has.
func (m mapping) isHeader(one row) bool {
	return slices.ContainsFunc(one.cells, func(c cell) bool {
		attribute, _ := m.attribute(c.text)
		return attribute == userCardCode
	})
}

// column is one column of a roster.
type column struct {
	header    string // "" when the header's cell is empty
	attribute string // ignored when there is none
}

// resolveHeader returns the columns that header names, and reports everything that is wrong
// with it. It returns nil when nothing in header is known: then it is likely no header at all.
func (m mapping) resolveHeader(header row, errs *rosterError) []column {
	keys := map[string]bool{}
	isAnyKnown := false
	for _, c := range header.cells {
		if key, isGiven := m.entry(c.text); isGiven {
			keys[key] = true
		}
		isAnyKnown = isAnyKnown || m.isKnown(c.text)
	}
	for _, c := range header.cells {
		if why := damage(c.text); why != "" && !m.isKnown(c.text) {
			errs.add(header.line, "the header is damaged: %s", why)
			return nil
		}
	}
	for _, key := range slices.Sorted(maps.Keys(m.given)) {
		// A column that is not needed need not be there.
		if entry := m.given[key]; !keys[key] && (entry.attribute != ignored || entry.isWrong) {
			errs.addColumn("the roster has no column %s (its header is line %d)", shown(entry.header), header.line)
		}
	}
	if !isAnyKnown {
		// What the line has instead is not shown: it may be the first member.
		errs.add(header.line, "none of the %d columns of this line is known: the first line that is not blank must be a header that names attributes (%s), "+
			"with commas, tabs or semicolons between them; what other headers mean is said in columns", len(header.cells), strings.Join(attributes(), ", "))
		return nil
	}

	columns := make([]column, len(header.cells))
	first := map[string]int{}
	for i, c := range header.cells {
		attribute, isKnown := m.attribute(c.text)
		columns[i].header = c.text
		earlier, isTwice := first[attribute]
		switch {
		case c.fault != "":
			errs.add(header.line, "column %d of the header: %s", i+1, c.fault)
		case !c.date.IsZero():
			errs.add(header.line, "column %d of the header is a date: format the cell as text, and write a name", i+1)
			columns[i].header = "date"
		case c.text == "":
			// Spreadsheets write separators after the last column: harmless while empty.
		case !isKnown:
			errs.add(header.line, "unknown column %s: say in columns which attribute it is (\"\" when it is not needed); attributes are %s",
				place(i, c.text), strings.Join(attributes(), ", "))
		case attribute == ignored:
			// Not needed, or columns is at fault and was reported.
		case isTwice && header.cells[earlier].text == c.text:
			errs.add(header.line, "the column %s is there twice, as columns %d and %d", shown(c.text), earlier+1, i+1)
		case isTwice:
			errs.add(header.line, "columns %s and %s are both %s: say in columns which one it is, and \"\" for the other", place(earlier, header.cells[earlier].text), place(i, c.text), attribute)
		default:
			first[attribute] = i
			columns[i].attribute = attribute
		}
	}
	if _, isThere := first[userCardCode]; !isThere {
		errs.add(header.line, "there is no column %s: give a column that name, or say in columns which one it is", userCardCode)
	}
	return columns
}

// place names a column by its number and, where that may be shown, by its header.
func place(index int, header string) string {
	return fmt.Sprintf("%d (%s)", index+1, shown(header))
}

const (
	maxShownDigits = 4
	maxShownRunes  = 40
)

// shown returns a header, or what should be one, in quotation marks. A header has few
// digits: where there are more it may be a member's value, and none of them is shown.
func shown(header string) string {
	runes := []rune(width.Fold.String(header))
	digits := 0
	for _, r := range runes {
		if unicode.IsNumber(r) {
			digits++
		}
	}
	for i, r := range runes {
		if digits > maxShownDigits && unicode.IsNumber(r) {
			runes[i] = '*'
		}
	}
	if len(runes) > maxShownRunes {
		runes = append(runes[:maxShownRunes], '…')
	}
	return strconv.Quote(string(runes))
}
