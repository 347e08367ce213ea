// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// readValidDate reads the validity from the body and checks what its type
// needs. Members that the type does not need are ignored: the official example
// of import-by-phone sends all of them.
func (c *call) readValidDate() (ValidDate, *apiError) {
	const path = "/valid_date_information"
	sent, _ := c.body["valid_date_information"].(map[string]any)
	kind, _ := sent["type"].(string)
	v := ValidDate{Type: kind}
	need := func(member string) *apiError {
		if _, ok := sent[member]; !ok {
			return c.refuse(path+"/"+member, "is missing for "+kind)
		}
		return nil
	}
	switch kind {
	case ValidFixTimeRange:
		for _, member := range []string{"available_begin_time", "available_end_time"} {
			if apiErr := need(member); apiErr != nil {
				return v, apiErr
			}
		}
		v.Begin, v.End = timeOf(sent, "available_begin_time"), timeOf(sent, "available_end_time")
		if !v.Begin.Before(v.End) {
			return v, c.refuse(path+"/available_end_time", "is not after available_begin_time")
		}
	case ValidFixTerm:
		if apiErr := need("available_day_after_receive"); apiErr != nil {
			return v, apiErr
		}
		v.Days, _ = sent["available_day_after_receive"].(int64)
		if v.Days < 1 || v.Days > maxDays {
			return v, c.refuse(path+"/available_day_after_receive", fmt.Sprintf("is not from 1 to %d", maxDays))
		}
	}
	return v, nil
}

// readUserInformation reads the user information from the body and checks it
// against the fields of the template.
func (c *call) readUserInformation(t Template) ([]CommonField, []CustomField, *apiError) {
	sent, _ := c.body["user_information"].(map[string]any)
	common, apiErr := c.readCommonFields(sent, t)
	if apiErr != nil {
		return nil, nil, apiErr
	}
	custom, apiErr := c.readCustomFields(sent, t)
	return common, custom, apiErr
}

func (c *call) readCommonFields(sent map[string]any, t Template) ([]CommonField, *apiError) {
	var fields []CommonField
	for i, r := range records(sent["common_field_list"]) {
		f := CommonField{}
		f.Name, _ = r["name"].(string)
		f.Value, _ = r["value"].(string)
		path := fmt.Sprintf("/user_information/common_field_list/%d/name", i)
		if slices.ContainsFunc(fields, func(other CommonField) bool { return other.Name == f.Name }) {
			return nil, c.refuse(path, "comes twice")
		}
		if t.UserInformation != nil && !slices.Contains(t.UserInformation.CommonFields, f.Name) {
			return nil, c.refuse(path, "is not a field of the card template")
		}
		fields = append(fields, f)
	}
	return fields, nil
}

func (c *call) readCustomFields(sent map[string]any, t Template) ([]CustomField, *apiError) {
	var fields []CustomField
	for i, r := range records(sent["custom_field_list"]) {
		f := CustomField{}
		f.Name, _ = r["name"].(string)
		chosen, _ := r["user_chosen_values"].([]any)
		for _, value := range chosen {
			choice, _ := value.(string)
			f.Values = append(f.Values, choice)
		}
		path := fmt.Sprintf("/user_information/custom_field_list/%d", i)
		if slices.ContainsFunc(fields, func(other CustomField) bool { return other.Name == f.Name }) {
			return nil, c.refuse(path+"/name", "comes twice")
		}
		if apiErr := c.checkChoices(path, f, t); apiErr != nil {
			return nil, apiErr
		}
		fields = append(fields, f)
	}
	return fields, nil
}

func (c *call) checkChoices(path string, f CustomField, t Template) *apiError {
	if len(f.Values) == 0 {
		return c.refuse(path+"/user_chosen_values", "is empty")
	}
	if t.UserInformation == nil {
		return nil
	}
	at := slices.IndexFunc(t.UserInformation.CustomFields, func(d TemplateCustomField) bool { return d.Name == f.Name })
	if at < 0 {
		return c.refuse(path+"/name", "is not a field of the card template")
	}
	definition := t.UserInformation.CustomFields[at]
	if definition.Type == "RADIO" && len(f.Values) > 1 {
		return c.refuse(path+"/user_chosen_values", "has more than one choice")
	}
	for i, value := range f.Values {
		here := fmt.Sprintf("%s/user_chosen_values/%d", path, i)
		if !slices.Contains(definition.Values, value) {
			return c.refuse(here, "is not a choice of the card template")
		}
		if slices.Contains(f.Values[:i], value) {
			return c.refuse(here, "comes twice")
		}
	}
	return nil
}

// ignoresPickupTime says whether the options make the mock ignore pickup_time
// for this card. It never does for FIX_TERM, whose end depends on it.
func (s *Server) ignoresPickupTime(card Card) bool {
	return s.options.PickupTimeForFixTermOnly && card.ValidDate.Type != ValidFixTerm
}

// checkPickupTime refuses a pickup_time that is not in the past.
func (c *call) checkPickupTime(card Card, now time.Time) *apiError {
	if c.has("pickup_time") && !card.PickupTime.Before(now) {
		return c.refuse("/pickup_time", "is not before now")
	}
	return nil
}

// blocksPhone reports whether other already uses card's phone number, so that
// card cannot have it.
func (s *Server) blocksPhone(other, card Card) bool {
	if card.PhoneNumber == "" || samePhone(other.PhoneNumber) != samePhone(card.PhoneNumber) {
		return false
	}
	if other.State == StateInvalid && s.options.InvalidCardFreesPhone {
		return false
	}
	return s.inScope(other, card)
}

// inScope reports whether the user of card can have only one of both cards.
func (s *Server) inScope(other, card Card) bool {
	if other.BrandID != card.BrandID {
		return false
	}
	return s.options.PhoneScope == PhonePerBrand || other.CardID == card.CardID
}

// checkPhone refuses a phone number that no WeChat account is bound to.
func (s *Server) checkPhone(phone string) *apiError {
	if s.unbound[samePhone(phone)] {
		return refuseBusiness(messageUnbound)
	}
	return nil
}

// samePhone returns a mainland number without +86, so that both spellings
// compare equal.
func samePhone(phone string) string {
	if rest, ok := strings.CutPrefix(phone, "+86"); ok && len(rest) == 11 && rest[0] == '1' {
		return rest
	}
	return phone
}
