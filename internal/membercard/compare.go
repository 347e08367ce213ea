// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

// The attributes that a modify call can carry.
const (
	attrPhoneNumber     = "phone_number"
	attrCardColor       = "card_color"
	attrCardPictureURL  = "card_picture_url"
	attrLevel           = "level"
	attrAttach          = "attach"
	attrPickupTime      = "pickup_time"
	attrValidDate       = "valid_date_information"
	attrUserInformation = "user_information"
)

// differing names the attributes that desired sets and that observed has otherwise, in a
// fixed order. What desired leaves open is no difference; what it does not know yet is one.
func differing(desired, observed *model) []string {
	exact := func(a, b string) bool { return a == b }
	var names []string
	for _, c := range []struct {
		name              string
		desired, observed types.String
		same              func(a, b string) bool
	}{
		{attrPhoneNumber, desired.PhoneNumber, observed.PhoneNumber, exact},
		{attrCardColor, desired.CardColor, observed.CardColor, sameColor},
		{attrCardPictureURL, desired.CardPictureURL, observed.CardPictureURL, exact},
		{attrLevel, desired.Level, observed.Level, exact},
		{attrAttach, desired.Attach, observed.Attach, exact},
		{attrPickupTime, desired.PickupTime, observed.PickupTime, sameInstant},
	} {
		switch {
		case c.desired.IsNull():
		case c.desired.IsUnknown(), c.observed.IsNull(), !c.same(text(c.desired), text(c.observed)):
			names = append(names, c.name)
		}
	}
	if !desired.ValidDateInformation.IsNull() && !sameValidDate(desired.ValidDateInformation, observed.ValidDateInformation) {
		names = append(names, attrValidDate)
	}
	if !desired.UserInformation.IsNull() && !coversUserInformation(desired.UserInformation, observed.UserInformation) {
		names = append(names, attrUserInformation)
	}
	return names
}

// sameValidDate compares two validities by instant; an unknown one differs from any.
func sameValidDate(a, b types.Object) bool {
	va, okA := validDateOf(a)
	vb, okB := validDateOf(b)
	if !okA || !okB {
		return a.IsNull() && b.IsNull()
	}
	return va.Type.Equal(vb.Type) &&
		sameInstantValue(va.AvailableBeginTime, vb.AvailableBeginTime) &&
		sameInstantValue(va.AvailableEndTime, vb.AvailableEndTime) &&
		va.AvailableDayAfterReceive.Equal(vb.AvailableDayAfterReceive)
}

func sameInstantValue(a, b types.String) bool {
	if !known(a) || !known(b) {
		return a.Equal(b)
	}
	return sameInstant(text(a), text(b))
}

// coversUserInformation reports whether observed has every name of desired with the same
// value. Other names of observed do not count, nor does the order of chosen values.
func coversUserInformation(desired, observed types.Object) bool {
	d, ok := userInformationOf(desired)
	if !ok || hasUnknown(d) {
		return false
	}
	o, _ := userInformationOf(observed)
	have := texts(o.CommonFields)
	for name, value := range texts(d.CommonFields) {
		if got, ok := have[name]; !ok || got != value {
			return false
		}
	}
	haveChoices := choices(o.CustomFields)
	for name, values := range choices(d.CustomFields) {
		if got, ok := haveChoices[name]; !ok || !sameSet(got, values) {
			return false
		}
	}
	return true
}

func hasUnknown(u userInformation) bool {
	return !u.CommonFields.IsNull() && !whollyKnown(u.CommonFields) ||
		!u.CustomFields.IsNull() && !whollyKnown(u.CustomFields)
}

// sameChoices compares custom fields without regard to the order of chosen values.
func sameChoices(a, b map[string][]string) bool {
	if len(a) != len(b) {
		return false
	}
	for name, values := range a {
		other, ok := b[name]
		if !ok || !sameSet(values, other) {
			return false
		}
	}
	return true
}

func sameSet(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

var instantPattern = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$`)

// parseInstant reads an RFC 3339 time with an offset. It is stricter than time.Parse,
// which also takes a comma before the fraction and hours of one digit.
func parseInstant(text string) (time.Time, bool) {
	if !instantPattern.MatchString(text) {
		return time.Time{}, false
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	return t, err == nil
}

// sameInstant reports whether two spellings mean one instant, in whatever zone. WeChat Pay
// answers with and without milliseconds, so where one spelling has no fraction of a second,
// the other's does not count. Texts that are no times are compared as they are.
func sameInstant(a, b string) bool {
	if a == b {
		return true
	}
	ta, okA := parseInstant(a)
	tb, okB := parseInstant(b)
	if !okA || !okB {
		return false
	}
	if !strings.Contains(a, ".") || !strings.Contains(b, ".") {
		ta, tb = ta.Truncate(time.Second), tb.Truncate(time.Second)
	}
	return ta.Equal(tb)
}

// sameColor compares two #RRGGBB.
func sameColor(a, b string) bool { return strings.EqualFold(a, b) }
