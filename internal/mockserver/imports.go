// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"regexp"
	"time"
)

// importByPhone imports a member by phone number. The answer has the openid of
// that phone number under the template's AppID.
func (s *Server) importByPhone(c *call, now time.Time) outcome {
	// An unknown template has no AppID, but then importCard refuses the call.
	openID := OpenIDUnder(s.templates[c.key("card_id")].AppID, c.text("phone_number"))
	return s.importCard(c, openID, now)
}

// importByOpenID imports a member by openid; a phone number is optional.
func (s *Server) importByOpenID(c *call, now time.Time) outcome {
	return s.importCard(c, c.key("openid"), now)
}

func (s *Server) importCard(c *call, openID string, now time.Time) outcome {
	t, apiErr := s.templateFor(c.key("brand_id"), c.key("card_id"))
	if apiErr != nil {
		return failed(apiErr)
	}
	card, apiErr := c.readCard(t)
	if apiErr != nil {
		return failed(apiErr)
	}
	if s.ignoresPickupTime(card) {
		card.PickupTime = time.Time{}
	} else if apiErr := c.checkPickupTime(card, now); apiErr != nil {
		return failed(apiErr)
	}
	if apiErr := c.checkDates(card, t); apiErr != nil {
		return failed(apiErr)
	}
	card.OpenID, card.State, card.CardType = openID, StateEffective, t.CardType
	card.CreateTime, card.ModifyTime = s.stamp(now), s.stamp(now)
	if card.PickupTime.IsZero() {
		// Answers must have one. Which one a card imported without it gets is not
		// documented; the time of the import is likely.
		card.PickupTime = card.CreateTime
	}
	if card.expired(now) {
		return failed(c.refuse("/valid_date_information", "has passed: an expired card cannot be imported"))
	}
	if s.options.FillFromTemplate {
		setDefault(&card.CardColor, t.CardColor)
		setDefault(&card.CardPictureURL, t.CardPictureURL)
		setDefault(&card.Level, t.InitLevel)
	}
	if apiErr := s.checkUser(c.operation, card); apiErr != nil {
		return failed(apiErr)
	}
	if apiErr := s.checkExisting(c.operation, card); apiErr != nil {
		return failed(apiErr)
	}
	return outcome{card: &card, changed: true}
}

// templateFor returns the template that a card is imported under.
func (s *Server) templateFor(brandID, cardID string) (Template, *apiError) {
	t, ok := s.templates[cardID]
	switch {
	case !ok || t.BrandID != brandID:
		return t, refuseBusiness(messageNotOfBrand)
	case t.State == TemplateStateEffective || s.options.InvalidTemplateImport == InvalidTemplateAccepted:
		return t, nil
	case s.options.InvalidTemplateImport == InvalidTemplateNotOfBrand:
		return t, refuseBusiness(messageNotOfBrand)
	}
	return t, refuseBusiness(messageTemplateState)
}

// readCard returns the card that an import describes.
func (c *call) readCard(t Template) (Card, *apiError) {
	card := Card{
		BrandID: c.key("brand_id"), CardID: c.key("card_id"), UserCardCode: c.text("user_card_code"),
		PhoneNumber: c.text("phone_number"),
		CardColor:   c.text("card_color"), CardPictureURL: c.text("card_picture_url"), Level: c.text("level"),
		PickupTime: timeOf(c.body, "pickup_time"),
		ValidDate:  t.ValidDate,
	}
	var apiErr *apiError
	if c.has("valid_date_information") {
		if card.ValidDate, apiErr = c.readValidDate(); apiErr != nil {
			return card, apiErr
		}
	}
	card.CommonFields, card.CustomFields, apiErr = c.readUserInformation(t)
	return card, apiErr
}

// checkUser refuses an import whose user does not exist: a phone number that no
// WeChat account is bound to, or an openid that is not valid under the
// template's AppID.
func (s *Server) checkUser(operation Operation, card Card) *apiError {
	if operation == OperationImportByPhone {
		return s.checkPhone(card.PhoneNumber)
	}
	if s.invalidOpenIDs[card.OpenID] || !regexp.MustCompile(`^[A-Za-z0-9_-]+$`).MatchString(card.OpenID) {
		return refuseBusiness(messageOpenIDInvalid)
	}
	return nil
}

// checkDates checks a card's validity against its template's (official page
// 4015336982).
func (c *call) checkDates(card Card, t Template) *apiError {
	if card.ValidDate.Type != t.ValidDate.Type {
		return c.refuse("/valid_date_information/type", "is not the type of the card template")
	}
	if card.ValidDate.Type == ValidFixTerm && card.PickupTime.IsZero() {
		return c.refuse("/pickup_time", "is missing for FIX_TERM")
	}
	return nil
}

// conflicts say in which ways existing cards prevent an import.
type conflicts struct {
	code, phone bool
	// user: the user has a card; waiting: it waits for confirmation.
	user, waiting bool
}

// checkExisting refuses an import whose code, phone number or user already has a
// card. Which message answers which conflict is only partly documented.
func (s *Server) checkExisting(operation Operation, card Card) *apiError {
	found := s.findConflicts(operation, card)
	switch {
	case found.waiting:
		return refuseBusiness(messageUserWaiting)
	case found == conflicts{}:
		return nil
	}
	switch s.options.ExistsMessage {
	case ExistsAlwaysImported:
		return refuseBusiness(messageImported)
	case ExistsAlwaysPhoneOrCode:
		return refuseBusiness(messagePhoneOrCode)
	case ExistsAlwaysUser:
		return refuseBusiness(messageUserHasCard)
	}
	// An import by openid speaks of the user first, an import by phone last.
	switch {
	case found.user && operation == OperationImportByOpenID:
		return refuseBusiness(messageUserHasCard)
	case found.code:
		return refuseBusiness(messagePhoneOrCode)
	case found.phone:
		return refuseBusiness(messageImported)
	}
	return refuseBusiness(messageUserHasCard)
}

func (s *Server) findConflicts(operation Operation, card Card) conflicts {
	var found conflicts
	for key, other := range s.cards {
		if other.State == StateInvalid && s.invalidCardIsFree(operation) {
			continue // An import under the same code replaces it.
		}
		sameCard := key == card.key()
		found.code = found.code || sameCard
		found.phone = found.phone || !sameCard && s.blocksPhone(other, card)
		if other.OpenID == card.OpenID && s.inScope(other, card) {
			found.waiting = found.waiting || other.State == StateUnactivated
			// An import by phone finds the cards of the phone number, and of users who have none.
			found.user = found.user || operation == OperationImportByOpenID || other.PhoneNumber == ""
		}
	}
	return found
}

// invalidCardIsFree says whether the code and the user of an INVALID card can be
// imported again.
func (s *Server) invalidCardIsFree(operation Operation) bool {
	if operation == OperationImportByPhone {
		return s.options.InvalidCardFreesPhone
	}
	return !s.options.InvalidCardBlocksOpenID
}
