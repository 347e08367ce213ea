// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// numberFormat is what a cell's number format means for a roster.
type numberFormat struct {
	// isDate: the number is a date, or a time of the day.
	isDate bool
	// digits is how many digits are shown at least, as in 0000.
	digits int
	// isOther: people see something else than the number, as in "VIP-"0000 or 0%.
	isOther bool
}

// builtInFormat returns the format code of an id that a workbook does not define (ECMA-376,
// part 1, 18.8.30), as far as it matters here.
func builtInFormat(id string) string {
	n, err := strconv.Atoi(id)
	switch {
	case err != nil, n == 0:
		return "General"
	case n == 9, n == 10:
		return "0%"
	case n == 12, n == 13:
		return "# ?/?"
	case n >= 14 && n <= 22, n >= 27 && n <= 36, n >= 45 && n <= 47, n >= 50 && n <= 58:
		return "yyyy-mm-dd"
	case n == 42, n == 44:
		return `"¥"#,##0`
	}
	return "0"
}

var (
	// literal is what a format shows as it stands, or does not show: colours, conditions, space.
	literal = regexp.MustCompile(`"[^"]*"|\\.|[_*].|\[[^\]]*\]`)
	// elapsed are hours, minutes or seconds that go on after 24 or 60.
	elapsed = regexp.MustCompile(`(?i)\[(?:h+|m+|s+)\]`)
	// plainNumber is a format that shows a whole number as it is, perhaps in groups, with
	// decimal places or with an exponent.
	plainNumber = regexp.MustCompile(`^(?:general|@|[#?,]*0?(?:\.[0#?]*)?(?:e[+-]?[0#?]+)?)$`)
	paddedZeros = regexp.MustCompile(`^0{2,}$`)
)

// parseNumberFormat reads a format code of a workbook. Of its sections the first counts, which
// is that of positive numbers.
func parseNumberFormat(code string) numberFormat {
	showsText := false
	plain := literal.ReplaceAllStringFunc(code, func(part string) string {
		shows := strings.Trim(part, `"\`)
		switch {
		case elapsed.MatchString(part):
			return "h"
		case part[0] == '"' || part[0] == '\\':
			showsText = showsText || strings.TrimSpace(shows) != ""
		case strings.HasPrefix(part, "[$") && !strings.HasPrefix(part, "[$-"):
			showsText = true // a currency
		}
		return ""
	})
	plain, _, _ = strings.Cut(plain, ";")
	plain = strings.ToLower(strings.NewReplacer(" ", "", "(", "", ")", "").Replace(plain))
	switch {
	case plain != "general" && strings.ContainsAny(plain, "ymdhs年月日"):
		return numberFormat{isDate: true}
	case showsText:
		return numberFormat{isOther: true}
	case paddedZeros.MatchString(plain):
		return numberFormat{digits: len(plain)}
	}
	isNothing := plain == "" && code != "" // ;;; shows nothing at all
	return numberFormat{isOther: isNothing || !plainNumber.MatchString(plain)}
}

// maxExactDigits is how many digits of a number spreadsheets keep. They make zeros of the others.
const maxExactDigits = 15

// wholeNumber returns the digits of a whole number as workbooks store it: 13800138000,
// 1.3800138E10. isWhole is false for other numbers and for ones that are not exact.
func wholeNumber(stored string) (digits string, isWhole bool) {
	f, err := strconv.ParseFloat(stored, 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) >= 1e15 {
		return "", false
	}
	return strconv.FormatFloat(f, 'f', 0, 64), true
}

const (
	// firstCertainDay leaves out days that spreadsheets count in different ways, and times of
	// the day without a date.
	firstCertainDay = 61
	lastDay         = 2_958_465 // 9999-12-31
	daysUntil1904   = 1462
)

// dateOf returns the date that a workbook stores as a number of days. Its zone is China's.
func dateOf(stored string, is1904 bool) (date time.Time, isDate bool) {
	days, err := strconv.ParseFloat(stored, 64)
	if err != nil || math.IsNaN(days) {
		return time.Time{}, false
	}
	if is1904 {
		days += daysUntil1904
	}
	if days < firstCertainDay || days > lastDay {
		return time.Time{}, false
	}
	whole, part := math.Modf(days)
	const secondsOfADay = 24 * 60 * 60
	seconds := time.Duration(math.Round(part*secondsOfADay)) * time.Second
	return time.Date(1899, time.December, 30, 0, 0, 0, 0, china()).AddDate(0, 0, int(whole)).Add(seconds), true
}
