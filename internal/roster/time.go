// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"regexp"
	"strings"
	"time"

	"golang.org/x/text/width"
)

// china is the zone of a date that names none. A zone of this name needs no time zone
// database, and China has no daylight saving time.
func china() *time.Location { return time.FixedZone("CST", 8*60*60) }

// dateParts is a date that begins with its year of four digits, so that its order is certain,
// and perhaps a time of the day.
var dateParts = regexp.MustCompile(`^([0-9]{4})(?:-|/|\.|年)([0-9]{1,2})(?:-|/|\.|月)([0-9]{1,2})日?(?:[ tT]+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?(?:\.0+)?)?$`)

const timeFault = "is no time with a certain meaning: write it as 2015-05-20T13:29:35+08:00"

// readTime returns the time that text says, in RFC 3339. A date without a zone is China's, and
// begins at midnight where it has no time of the day.
func readTime(text string) (value, fault string) {
	if _, err := time.Parse(time.RFC3339, strings.ToUpper(text)); err == nil {
		return text, ""
	}
	found := dateParts.FindStringSubmatch(width.Fold.String(text))
	if found == nil {
		return "", timeFault
	}
	for i, part := range found {
		if i > 0 && len(part) < 2 {
			found[i] = strings.Repeat("0", 2-len(part)) + part
		}
	}
	const layout = "2006-01-02 15:04:05"
	parsed, err := time.ParseInLocation(layout, found[1]+"-"+found[2]+"-"+found[3]+" "+found[4]+":"+found[5]+":"+found[6], china())
	if err != nil {
		return "", timeFault
	}
	return parsed.Format(time.RFC3339), ""
}
