// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"errors"
	"fmt"
	"io"
)

// Data is the content of the wechatpay-mock program's -data file: JSON, with
// [Template] and [Card] written as in the administration.
type Data struct {
	AppID         string     `json:"appid,omitempty"`
	Templates     []Template `json:"templates,omitempty"`
	UnboundPhones []string   `json:"unbound_phone_numbers,omitempty"`
	Cards         []Card     `json:"cards,omitempty"`
}

// ReadData reads and checks data; an unknown member is an error.
func ReadData(r io.Reader) (Data, error) {
	var data Data
	if err := readStrict(r, &data); err != nil {
		return Data{}, err
	}
	var errs []error
	ids := map[string]bool{}
	for i, t := range data.Templates {
		if err := t.withDefaults(DefaultAppID).validate(); err != nil {
			errs = append(errs, fmt.Errorf("templates[%d]: %w", i, err))
		}
		if ids[t.CardID] {
			errs = append(errs, fmt.Errorf("templates[%d]: card_id %s comes twice", i, t.CardID))
		}
		ids[t.CardID] = true
	}
	for i, phone := range data.UnboundPhones {
		if phoneIssue(phone) != "" {
			errs = append(errs, fmt.Errorf("unbound_phone_numbers[%d]: not a phone number", i))
		}
	}
	codes := map[cardKey]bool{}
	for i, card := range data.Cards {
		if err := card.checkData(ids, len(data.Templates) > 0); err != nil {
			errs = append(errs, fmt.Errorf("cards[%d]: %w", i, err))
		}
		if codes[card.key()] {
			errs = append(errs, fmt.Errorf("cards[%d]: user_card_code %s comes twice", i, card.UserCardCode))
		}
		codes[card.key()] = true
	}
	return data, errors.Join(errs...)
}

func (c Card) checkData(templates map[string]bool, listed bool) error {
	if listed && !templates[c.CardID] {
		return fmt.Errorf("card_id %q is of no template in this file", c.CardID)
	}
	if c.PhoneNumber != "" && phoneIssue(c.PhoneNumber) != "" {
		return errors.New("phone_number is not a phone number")
	}
	setDefault(&c.State, StateEffective)
	setDefault(&c.CardType, "NORMAL")
	setDefault(&c.ValidDate.Type, ValidPermanent)
	return c.validate()
}
