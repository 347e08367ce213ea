// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/width"
)

// china is the zone of a date that names none. A zone of this name needs no time zone
// database, and China has no daylight saving time.
func china() *time.Location { return time.FixedZone("CST", 8*60*60) }

// dateParts is a date that begins with its year of four digits, so that its order is certain, and
// perhaps a weekday, a time of the day and a zone.
var dateParts = regexp.MustCompile(`^([0-9]{4})(?:-|/|\.|年)([0-9]{1,2})(?:-|/|\.|月)([0-9]{1,2})日?` +
	`(?: *\(?(?:星期|周)([日天一二三四五六])\)?)?` +
	`(?:(?:[ tT]*(上午|下午) *|[ tT]+|\b)([0-9]{1,2})(?::|时|点)([0-9]{2})分?(?::?([0-9]{2})秒?)?(?:[.,][0-9]+)?(?: *([aApP])[mM])?` +
	`(?: *(?:(?i:(Z|UTC|GMT))|([+-][0-9]{2})(?::?([0-9]{2}))?))?)?$`)

const (
	timeFault = "is no time with a certain meaning: write it as 2015-05-20T13:29:35+08:00"
	// firstYear is before WeChat Pay had member cards, lastYear after any of them was received.
	firstYear, lastYear = 2010, 2099
	// maxTime is how many characters the resource takes for a time.
	maxTime     = 32
	noDateFault = "is before 2010 or after 2099: nobody received a card then, and programs write such dates (1900-01-01, 9999-12-31) where there is none. Leave the cell empty, or correct it"
)

// certainTime returns a time as RFC 3339, and refuses one at which nobody received a card: what is
// imported as the time of receipt cannot be changed.
func certainTime(t time.Time) (value, fault string) {
	if t.Year() < firstYear || t.Year() > lastYear {
		return "", noDateFault
	}
	return t.Format(time.RFC3339), ""
}

// readTime returns the time that text says, in RFC 3339. A date without a zone is China's, and
// begins at midnight where it has no time of the day. RFC 3339 stays as it is where it is not
// longer than the resource takes; fractions of a second of anything else are left out.
func readTime(text string) (value, fault string) {
	if upper := strings.ToUpper(text); upper != "" {
		if parsed, err := time.Parse(time.RFC3339, upper); err == nil {
			if _, offset := parsed.Zone(); !isOffset(offset) {
				return "", timeFault
			}
			value, fault = certainTime(parsed)
			if len(upper) <= maxTime {
				value = upper
			}
			return value, fault
		}
	}
	found := dateParts.FindStringSubmatch(width.Fold.String(text))
	if found == nil {
		return "", timeFault
	}
	year, month, day, weekday, hour, minute, second := found[1], found[2], found[3], found[4], found[6], found[7], found[8]
	numbers := [6]int{}
	for i, part := range []string{year, month, day, hour, minute, second} {
		numbers[i], _ = strconv.Atoi(part) // digits, or nothing
	}
	h, isHour := hourOf(numbers[3], found[5], found[9])
	zone, isZone := zoneOf(found[10], found[11], found[12])
	if second == "" && strings.HasPrefix(found[11], "-") {
		return "", timeFault // 10:00-11:30 is a range
	}
	parsed := time.Date(numbers[0], time.Month(numbers[1]), numbers[2], h, numbers[4], numbers[5], 0, zone)
	switch {
	case !isHour, !isZone, numbers[4] > 59, numbers[5] > 59,
		parsed.Year() != numbers[0] || int(parsed.Month()) != numbers[1] || parsed.Day() != numbers[2], // no such day
		weekday != "" && parsed.Weekday() != weekdayOf(weekday):
		return "", timeFault
	}
	return certainTime(parsed)
}

// hourOf returns the hour of a day, of a clock of 24 hours or of one of 12 with 上午, 下午 or AM, PM.
func hourOf(hour int, chinese, english string) (of24 int, isHour bool) {
	half := chinese + strings.ToLower(english)
	switch half {
	case "":
		return hour, hour < 24
	case "上午", "a":
		return hour % 12, hour >= 1 && hour <= 12
	case "下午", "p":
		return hour%12 + 12, hour >= 1 && hour <= 12
	}
	return 0, false
}

// zoneOf returns the zone of Z, UTC, or +08 and perhaps minutes; China's where there is none.
func zoneOf(name, hours, minutes string) (zone *time.Location, isZone bool) {
	switch {
	case name != "":
		return time.UTC, true
	case hours == "":
		return china(), true
	}
	// Digits, or nothing. time.Parse would give the machine's own zone where that has the same offset.
	h, _ := strconv.Atoi(strings.TrimLeft(hours, "+-"))
	m, _ := strconv.Atoi(minutes)
	offset := h*3600 + m*60
	if strings.HasPrefix(hours, "-") {
		offset = -offset
	}
	return time.FixedZone("", offset), m < 60 && isOffset(offset)
}

// isOffset reports whether a zone has an offset of so many seconds.
func isOffset(seconds int) bool { return seconds >= -12*3600 && seconds <= 14*3600 }

func weekdayOf(chinese string) time.Weekday {
	if chinese == "天" {
		return time.Sunday
	}
	return time.Weekday(strings.Index("日一二三四五六", chinese) / len("日"))
}
