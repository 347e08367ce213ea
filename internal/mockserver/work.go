// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"net/http"
	"slices"
	"strconv"
	"time"
)

// outcome is the result of a call before it is rendered: an error, or one of
// the other fields.
type outcome struct {
	err *apiError
	// card is the answer; changed says that it must also be stored.
	card    *Card
	changed bool
	page    *page
	// template is the answer of every call on one template.
	template *Template
	// templates and picture are the answers of a list and of an upload.
	templates *templatePage
	picture   *Picture
	// store, unless nil, changes the state as the call demands. The caller
	// holds s.mu.
	store func()
	echo  *echo
}

// page is one page of the list of a user's cards.
type page struct {
	total, offset, limit int
	cards                []Card
}

type echo struct {
	message   string
	encrypted string
	hasSecret bool
}

func failed(apiErr *apiError) outcome { return outcome{err: apiErr} }

// perform computes the outcome of a call without changing the state; the
// outcome has what must be stored. The caller holds s.mu.
func (s *Server) perform(c *call, now time.Time) outcome {
	switch c.operation {
	case OperationImportByPhone:
		return s.importByPhone(c, now)
	case OperationImportByOpenID:
		return s.importByOpenID(c, now)
	case OperationGet:
		return s.getCard(c, now)
	case OperationModify:
		return s.modifyCard(c, now)
	case OperationInvalidate:
		return s.invalidateCard(c, now)
	case OperationList:
		return s.listCards(c, now)
	case OperationTemplate:
		return s.getTemplate(c)
	case OperationCreateTemplate:
		return s.createTemplate(c, now)
	case OperationListTemplates:
		return s.listTemplates(c)
	case OperationModifyTemplate:
		return s.modifyTemplate(c, now)
	case OperationInvalidateTemplate:
		return s.invalidateTemplate(c, now)
	case OperationUploadImage:
		return s.uploadImage(c, now)
	case OperationEcho:
		return outcome{echo: &echo{
			message: c.text("echo_message"), encrypted: c.text("encrypted_echo_message"), hasSecret: c.has("encrypted_echo_message"),
		}}
	}
	return failed(&apiError{status: http.StatusInternalServerError, code: codeSystem, message: messageSystem})
}

// find returns the card that a call names. Brand, template, code and openid
// must all be right.
func (s *Server) find(c *call) (Card, *apiError) {
	card, ok := s.cards[cardKey{c.key("brand_id"), c.key("card_id"), c.id}]
	if !ok || card.OpenID != c.key("openid") {
		return Card{}, s.refuseMissing(messageCardNotFound)
	}
	return card.clone(), nil
}

func (s *Server) getCard(c *call, now time.Time) outcome {
	card, apiErr := s.find(c)
	if apiErr != nil {
		return failed(apiErr)
	}
	card = card.asOf(now)
	return outcome{card: &card}
}

func (s *Server) modifyCard(c *call, now time.Time) outcome {
	card, apiErr := s.find(c)
	if apiErr != nil {
		return failed(apiErr)
	}
	if card.State == StateInvalid {
		return failed(refuseBusiness(messageCardInvalid))
	}
	if apiErr := s.applyChanges(c, &card, now); apiErr != nil {
		return failed(apiErr)
	}
	if card.State == StateExpired && (c.has("valid_date_information") || c.has("pickup_time")) {
		card.State = StateEffective
	}
	card.ModifyTime = s.stamp(now)
	return outcome{card: &card, changed: true}
}

// applyChanges changes in the card only what the modify call sends.
func (s *Server) applyChanges(c *call, card *Card, now time.Time) *apiError {
	for name, target := range map[string]*string{
		"card_color": &card.CardColor, "card_picture_url": &card.CardPictureURL,
		"level": &card.Level, "attach": &card.Attach, "phone_number": &card.PhoneNumber,
	} {
		if c.has(name) {
			*target = c.text(name)
		}
	}
	// Without its template a card is checked against its own validity only.
	t, ok := s.templates[card.CardID]
	if !ok {
		t = Template{ValidDate: card.ValidDate}
	}
	if apiErr := s.applyUserInformation(c, card, t); apiErr != nil {
		return apiErr
	}
	if c.has("valid_date_information") {
		var apiErr *apiError
		if card.ValidDate, apiErr = c.readValidDate(); apiErr != nil {
			return apiErr
		}
		if card.ValidDate.Type != t.ValidDate.Type {
			return c.refuse("/valid_date_information/type", "is not the type of the card template")
		}
	}
	if c.has("pickup_time") && !s.ignoresPickupTime(*card) {
		card.PickupTime = timeOf(c.body, "pickup_time")
		if apiErr := c.checkPickupTime(*card, now); apiErr != nil {
			return apiErr
		}
	}
	if !c.has("phone_number") {
		return nil
	}
	return s.checkNewPhone(*card)
}

// checkNewPhone checks a phone number that a modify call gives a card.
func (s *Server) checkNewPhone(card Card) *apiError {
	if apiErr := s.checkPhone(card.PhoneNumber); apiErr != nil {
		return apiErr
	}
	for key, other := range s.cards {
		if key != card.key() && s.blocksPhone(other, card) {
			return refuseBusiness(messagePhoneOrCode)
		}
	}
	return nil
}

func (s *Server) applyUserInformation(c *call, card *Card, t Template) *apiError {
	if !c.has("user_information") {
		return nil
	}
	common, custom, apiErr := c.readUserInformation(t)
	if apiErr != nil {
		return apiErr
	}
	if s.options.UserInformationUpdate == UserInformationReplaced {
		card.CommonFields, card.CustomFields = common, custom
		return nil
	}
	for _, f := range common {
		if at := slices.IndexFunc(card.CommonFields, func(old CommonField) bool { return old.Name == f.Name }); at >= 0 {
			card.CommonFields[at] = f
		} else {
			card.CommonFields = append(card.CommonFields, f)
		}
	}
	for _, f := range custom {
		if at := slices.IndexFunc(card.CustomFields, func(old CustomField) bool { return old.Name == f.Name }); at >= 0 {
			card.CustomFields[at] = f
		} else {
			card.CustomFields = append(card.CustomFields, f)
		}
	}
	return nil
}

func (s *Server) invalidateCard(c *call, now time.Time) outcome {
	card, apiErr := s.find(c)
	if apiErr != nil {
		return failed(apiErr)
	}
	if card.State == StateInvalid {
		return failed(refuseBusiness(messageCardInvalid))
	}
	card.State, card.InvalidReason = StateInvalid, c.text("invalid_reason")
	card.InvalidTime, card.ModifyTime = s.stamp(now), s.stamp(now)
	return outcome{card: &card, changed: true}
}

func (s *Server) listCards(c *call, now time.Time) outcome {
	// Both were checked to be whole numbers in range.
	offset, _ := strconv.Atoi(c.query["offset"])
	limit, _ := strconv.Atoi(c.query["limit"])
	var found []Card
	for _, card := range s.cards {
		card = card.asOf(now)
		state := c.query["user_card_state"]
		if card.BrandID == c.key("brand_id") && card.OpenID == c.key("openid") && (state == "" || state == card.State) {
			found = append(found, card)
		}
	}
	slices.SortFunc(found, compareCards)
	total := len(found)
	from, to := min(offset, total), min(offset, total)+limit
	return outcome{page: &page{total: total, offset: offset, limit: limit, cards: found[from:min(to, total)]}}
}

// stamp returns the current time, as precise as answers show it.
func (s *Server) stamp(now time.Time) time.Time {
	if s.options.TimePrecision == TimeMilliseconds {
		return now.Truncate(time.Millisecond)
	}
	return now.Truncate(time.Second)
}
