// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// readValidDate takes a validity out of the body, with what its type needs.
// Members that the type does not need are ignored: the official example of
// import-by-phone sends them all.
func (c *call) readValidDate(name string) (ValidDate, *refusal) {
	sent, _ := c.body[name].(map[string]any)
	kind, _ := sent["type"].(string)
	path := "/" + name
	v := ValidDate{Type: kind}
	need := func(member string) *refusal {
		if _, ok := sent[member]; !ok {
			return c.refuse(path+"/"+member, "is missing for "+kind)
		}
		return nil
	}
	switch kind {
	case ValidFixTimeRange:
		for _, member := range []string{"available_begin_time", "available_end_time"} {
			if problem := need(member); problem != nil {
				return v, problem
			}
		}
		v.Begin, v.End = timeOf(sent, "available_begin_time"), timeOf(sent, "available_end_time")
		if !v.Begin.Before(v.End) {
			return v, c.refuse(path+"/available_end_time", "is not after available_begin_time")
		}
	case ValidFixTerm:
		if problem := need("available_day_after_receive"); problem != nil {
			return v, problem
		}
		v.Days, _ = sent["available_day_after_receive"].(int64)
		if v.Days < 1 || v.Days > maxDays {
			return v, c.refuse(path+"/available_day_after_receive", fmt.Sprintf("is not from 1 to %d", maxDays))
		}
	}
	return v, nil
}

// readUserInformation takes the user information out of the body and holds it
// against what the template asks for.
func (c *call) readUserInformation(t Template) ([]CommonField, []CustomField, *refusal) {
	sent, _ := c.body["user_information"].(map[string]any)
	common, problem := c.readCommonFields(sent, t)
	if problem != nil {
		return nil, nil, problem
	}
	custom, problem := c.readCustomFields(sent, t)
	return common, custom, problem
}

func (c *call) readCommonFields(sent map[string]any, t Template) ([]CommonField, *refusal) {
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

func (c *call) readCustomFields(sent map[string]any, t Template) ([]CustomField, *refusal) {
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
		if problem := c.checkChoices(path, f, t); problem != nil {
			return nil, problem
		}
		fields = append(fields, f)
	}
	return fields, nil
}

func (c *call) checkChoices(path string, f CustomField, t Template) *refusal {
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

// templateFor is the template that a card is imported under.
func (s *Server) templateFor(brandID, cardID string) (Template, *refusal) {
	t, ok := s.templates[cardID]
	switch {
	case !ok || t.BrandID != brandID:
		return t, refuseBusiness(messageNotOfBrand)
	case t.State != TemplateStateEffective:
		return t, refuseBusiness(messageTemplateState)
	}
	return t, nil
}

// ignoresPickupTime is false where pickup_time decides when the card ends.
func (s *Server) ignoresPickupTime(card Card) bool {
	return s.options.PickupTimeForFixTermOnly && card.ValidDate.Type != ValidFixTerm
}

// checkPickupTime holds it against the clock: a pickup is in the past.
func (c *call) checkPickupTime(card Card, now time.Time) *refusal {
	if c.has("pickup_time") && !card.PickupTime.Before(now) {
		return c.refuse("/pickup_time", "is not before now")
	}
	return nil
}

// checkDates holds a card against its template (official page 4015336982).
// validName is the call's name of the validity.
func (c *call) checkDates(card Card, t Template, validName string) *refusal {
	if card.ValidDate.Type != t.ValidDate.Type {
		return c.refuse("/"+validName+"/type", "is not the type of the card template")
	}
	if card.ValidDate.Type == ValidFixTerm && card.PickupTime.IsZero() {
		return c.refuse("/pickup_time", "is missing for FIX_TERM")
	}
	return nil
}

// checkTaken says whether an import meets a card that exists: by its code, or
// by its phone number within the scope.
func (s *Server) checkTaken(card Card) *refusal {
	codeTaken, phoneTaken := false, false
	for key, other := range s.cards {
		codeTaken = codeTaken || key == card.key()
		phoneTaken = phoneTaken || key != card.key() && s.holdsPhone(other, card)
	}
	switch {
	case !codeTaken && !phoneTaken:
		return nil
	case s.options.ExistsMessage == ExistsAlwaysImported:
		return refuseBusiness(messageImported)
	case s.options.ExistsMessage == ExistsAlwaysPhoneOrCode || codeTaken:
		return refuseBusiness(messagePhoneOrCode)
	}
	return refuseBusiness(messageImported)
}

// holdsPhone reports whether other stands in the way of card's phone number.
func (s *Server) holdsPhone(other, card Card) bool {
	if card.PhoneNumber == "" || samePhone(other.PhoneNumber) != samePhone(card.PhoneNumber) || other.BrandID != card.BrandID {
		return false
	}
	if other.State == StateInvalid && s.options.InvalidCardFreesPhone {
		return false
	}
	return s.options.PhoneScope == PhonePerBrand || other.CardID == card.CardID
}

// checkPhone says whether a phone number can be given to a card.
func (s *Server) checkPhone(phone string) *refusal {
	if s.unbound[samePhone(phone)] {
		return refuseBusiness(messageUnbound)
	}
	return nil
}

// samePhone makes the two spellings of a mainland number one.
func samePhone(phone string) string {
	if rest, ok := strings.CutPrefix(phone, "+86"); ok && len(rest) == 11 && rest[0] == '1' {
		return rest
	}
	return phone
}
