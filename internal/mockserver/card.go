// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"
)

// The states of a user card (official page 4015336980).
const (
	StateUnactivated = "UNACTIVATED"
	StateEffective   = "EFFECTIVE"
	StateExpired     = "EXPIRED"
	StateInvalid     = "INVALID"
)

// The kinds of validity of a template and of its cards (official page 4015336982).
const (
	ValidFixTimeRange = "FIX_TIME_RANGE"
	ValidFixTerm      = "FIX_TERM"
	ValidPermanent    = "PERMANENT"
)

// Card is one user card as WeChat Pay stores it, every value in plain text. An
// empty string, list or time means not set: it is absent from answers.
type Card struct {
	BrandID        string        `json:"brand_id"`
	CardID         string        `json:"card_id"`
	UserCardCode   string        `json:"user_card_code"`
	OpenID         string        `json:"openid,omitempty"`
	PhoneNumber    string        `json:"phone_number,omitempty"`
	CardColor      string        `json:"card_color,omitempty"`
	CardPictureURL string        `json:"card_picture_url,omitempty"`
	Level          string        `json:"level,omitempty"`
	Attach         string        `json:"attach,omitempty"`
	CardType       string        `json:"card_type,omitempty"`
	PickupTime     time.Time     `json:"pickup_time,omitzero"`
	ValidDate      ValidDate     `json:"valid_date_information,omitzero"`
	CommonFields   []CommonField `json:"common_field_list,omitempty"`
	CustomFields   []CustomField `json:"custom_field_list,omitempty"`
	// State is one of UNACTIVATED, EFFECTIVE, EXPIRED and INVALID. A card whose
	// end has passed is answered as EXPIRED whatever is stored here.
	State         string    `json:"user_card_state,omitempty"`
	InvalidReason string    `json:"invalid_reason,omitempty"`
	InvalidTime   time.Time `json:"invalid_time,omitzero"`
	CreateTime    time.Time `json:"create_time,omitzero"`
	ModifyTime    time.Time `json:"modify_time,omitzero"`
}

// ValidDate is the validity period of a card: FIX_TIME_RANGE with Begin and
// End, FIX_TERM with Days counted from the pickup time, or PERMANENT.
type ValidDate struct {
	Type  string    `json:"type"`
	Begin time.Time `json:"available_begin_time,omitzero"`
	End   time.Time `json:"available_end_time,omitzero"`
	Days  int64     `json:"available_day_after_receive,omitempty"`
}

// CommonField is one of the six fields that WeChat Pay defines:
// USER_FORM_FLAG_SEX and so on.
type CommonField struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// CustomField is a field that the template defines, with what the user chose.
type CustomField struct {
	Name   string   `json:"name"`
	Values []string `json:"user_chosen_values"`
}

// cardKey is what makes a card unique: a code under its template.
type cardKey struct{ brandID, cardID, code string }

func (c Card) key() cardKey { return cardKey{c.BrandID, c.CardID, c.UserCardCode} }

func (c Card) clone() Card {
	c.CommonFields = slices.Clone(c.CommonFields)
	c.CustomFields = slices.Clone(c.CustomFields)
	for i := range c.CustomFields {
		c.CustomFields[i].Values = slices.Clone(c.CustomFields[i].Values)
	}
	return c
}

// end returns when the card stops being valid; ok is false for a card without
// an end.
func (c Card) end() (end time.Time, ok bool) {
	switch c.ValidDate.Type {
	case ValidFixTimeRange:
		return c.ValidDate.End, !c.ValidDate.End.IsZero()
	case ValidFixTerm:
		// A day is counted as 24 hours: the documentation does not mention midnights.
		return c.PickupTime.Add(time.Duration(c.ValidDate.Days) * 24 * time.Hour), true
	}
	return time.Time{}, false
}

func (c Card) expired(now time.Time) bool {
	end, ok := c.end()
	return ok && !end.After(now)
}

// asOf returns a copy of the card as answers show it at a time: EXPIRED once
// its end has passed.
func (c Card) asOf(now time.Time) Card {
	c = c.clone()
	if c.State != StateInvalid && c.expired(now) {
		c.State = StateExpired
	}
	return c
}

func (c Card) validate() error {
	switch {
	case c.BrandID == "", c.CardID == "", c.UserCardCode == "":
		return errors.New("a card needs brand_id, card_id and user_card_code")
	case !isCardCode(c.UserCardCode):
		return fmt.Errorf("card code %q: at most 32 digits, English letters and half-width punctuation", c.UserCardCode)
	case !slices.Contains(cardStates(), c.State):
		return fmt.Errorf("card %s: %q is not a user_card_state", c.UserCardCode, c.State)
	case !slices.Contains(cardTypes(), c.CardType):
		return fmt.Errorf("card %s: %q is not a card_type", c.UserCardCode, c.CardType)
	}
	return c.ValidDate.validate()
}

func (v ValidDate) validate() error {
	switch v.Type {
	case ValidPermanent:
		return nil
	case ValidFixTimeRange:
		if !v.Begin.Before(v.End) {
			return errors.New("a FIX_TIME_RANGE validity needs available_begin_time before available_end_time")
		}
		return nil
	case ValidFixTerm:
		if v.Days <= 0 || v.Days > maxDays {
			return fmt.Errorf("a FIX_TERM validity needs available_day_after_receive from 1 to %d", maxDays)
		}
		return nil
	}
	return fmt.Errorf("%q is not a type of validity", v.Type)
}

// maxDays is the largest available_day_after_receive: 30 years.
const maxDays = 10958

func cardStates() []string {
	return []string{StateUnactivated, StateEffective, StateExpired, StateInvalid}
}

func cardTypes() []string { return []string{"PURCHASE", "NORMAL", "BALANCE"} }

func validTypes() []string { return []string{ValidFixTimeRange, ValidFixTerm, ValidPermanent} }

func commonFieldNames() []string {
	return []string{
		"USER_FORM_FLAG_SEX", "USER_FORM_FLAG_NAME", "USER_FORM_FLAG_BIRTHDAY",
		"USER_FORM_FLAG_ADDRESS", "USER_FORM_FLAG_EMAIL", "USER_FORM_FLAG_CITY",
	}
}

func compareCards(a, b Card) int {
	return cmp.Or(
		cmp.Compare(a.BrandID, b.BrandID),
		cmp.Compare(a.CardID, b.CardID),
		cmp.Compare(a.UserCardCode, b.UserCardCode),
	)
}
