// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"net/http"
	"slices"
	"strconv"
	"time"
)

// outcome is what a call comes to, before it is written: a refusal, or one of
// the others.
type outcome struct {
	problem *refusal
	// card is the answer; changed says that it is also to be stored.
	card    *Card
	changed bool
	page    *page
	// template is the answer of [OperationTemplate].
	template *Template
	echo     *echo
}

// page is a part of the list of a user's cards.
type page struct {
	total, offset, limit int
	cards                []Card
}

type echo struct {
	message   string
	encrypted string
	hasSecret bool
}

func refused(problem *refusal) outcome { return outcome{problem: problem} }

// perform decides a call on the state as it is, without changing it: what is to
// be stored is in the outcome. The caller holds s.mu.
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
	case OperationEcho:
		return outcome{echo: &echo{
			message: c.text("echo_message"), encrypted: c.text("encrypted_echo_message"), hasSecret: c.has("encrypted_echo_message"),
		}}
	}
	return refused(&refusal{status: http.StatusInternalServerError, code: codeSystem, message: messageSystem})
}

func (s *Server) importByPhone(c *call, now time.Time) outcome {
	// A template that is not there is refused: whose openid it is does not matter then.
	openID := OpenIDUnder(s.templates[c.text("card_id")].AppID, c.text("phone_number"))
	return s.importCard(c, "valid_date_information", openID, now)
}

func (s *Server) importByOpenID(c *call, now time.Time) outcome {
	openID := c.text("openid")
	for _, other := range s.cards {
		if other.OpenID == openID && other.CardID == c.text("card_id") && other.UserCardCode != c.text("user_card_code") {
			return refused(refuseBusiness(messageOpenIDTaken))
		}
	}
	return s.importCard(c, "date_information", openID, now)
}

func (s *Server) importCard(c *call, validName, openID string, now time.Time) outcome {
	t, problem := s.templateFor(c.text("brand_id"), c.text("card_id"))
	if problem != nil {
		return refused(problem)
	}
	card, problem := c.readCard(t, validName)
	if problem != nil {
		return refused(problem)
	}
	if s.ignoresPickupTime(card) {
		card.PickupTime = time.Time{}
	} else if problem := c.checkPickupTime(card, now); problem != nil {
		return refused(problem)
	}
	if problem := c.checkDates(card, t, validName); problem != nil {
		return refused(problem)
	}
	card.OpenID, card.State, card.CardType = openID, StateEffective, t.CardType
	card.CreateTime, card.ModifyTime = s.stamp(now), s.stamp(now)
	if card.PickupTime.IsZero() {
		// Required in answers; of cards imported without one it is the likely value.
		card.PickupTime = card.CreateTime
	}
	if card.expired(now) {
		path := "/" + validName
		return refused(c.refuse(path, "has passed: an expired card cannot be imported"))
	}
	if s.options.FillFromTemplate {
		setDefault(&card.CardColor, t.CardColor)
		setDefault(&card.CardPictureURL, t.CardPictureURL)
		setDefault(&card.Level, t.InitLevel)
	}
	if problem := s.checkPhone(card.PhoneNumber); problem != nil {
		return refused(problem)
	}
	if problem := s.checkTaken(card); problem != nil {
		return refused(problem)
	}
	return outcome{card: &card, changed: true}
}

// readCard is the card that an import asks for.
func (c *call) readCard(t Template, validName string) (Card, *refusal) {
	card := Card{
		BrandID: c.text("brand_id"), CardID: c.text("card_id"), UserCardCode: c.text("user_card_code"),
		PhoneNumber: c.text("phone_number"),
		CardColor:   c.text("card_color"), CardPictureURL: c.text("card_picture_url"), Level: c.text("level"),
		PickupTime: timeOf(c.body, "pickup_time"),
		ValidDate:  t.ValidDate,
	}
	var problem *refusal
	if c.has(validName) {
		if card.ValidDate, problem = c.readValidDate(validName); problem != nil {
			return card, problem
		}
	}
	card.CommonFields, card.CustomFields, problem = c.readUserInformation(t)
	return card, problem
}

// find is the card that a call names, if the brand, the template and the
// openid are all its own.
func (s *Server) find(brandID, cardID, code, openID string) (Card, *refusal) {
	card, ok := s.cards[cardKey{brandID, cardID, code}]
	if !ok || card.OpenID != openID {
		return Card{}, refuseMissing(messageCardNotFound)
	}
	return card.clone(), nil
}

func (s *Server) getCard(c *call, now time.Time) outcome {
	card, problem := s.find(c.query["brand_id"], c.query["card_id"], c.id, c.query["openid"])
	if problem != nil {
		return refused(problem)
	}
	card = card.shown(now)
	return outcome{card: &card}
}

func (s *Server) modifyCard(c *call, now time.Time) outcome {
	card, problem := s.find(c.text("brand_id"), c.query["card_id"], c.id, c.text("openid"))
	if problem != nil {
		return refused(problem)
	}
	if card.State == StateInvalid {
		return refused(refuseBusiness(messageCardInvalid))
	}
	if problem := s.applyChanges(c, &card, now); problem != nil {
		return refused(problem)
	}
	if card.State == StateExpired && (c.has("valid_date_information") || c.has("pickup_time")) {
		card.State = StateEffective
	}
	card.ModifyTime = s.stamp(now)
	return outcome{card: &card, changed: true}
}

// applyChanges puts what a modify call sends, and nothing else, into the card.
func (s *Server) applyChanges(c *call, card *Card, now time.Time) *refusal {
	for name, target := range map[string]*string{
		"card_color": &card.CardColor, "card_picture_url": &card.CardPictureURL,
		"level": &card.Level, "attach": &card.Attach, "phone_number": &card.PhoneNumber,
	} {
		if c.has(name) {
			*target = c.text(name)
		}
	}
	// A template that is gone asks nothing but what the card already is.
	t, ok := s.templates[card.CardID]
	if !ok {
		t = Template{ValidDate: card.ValidDate}
	}
	if problem := s.applyUserInformation(c, card, t); problem != nil {
		return problem
	}
	if c.has("valid_date_information") {
		var problem *refusal
		if card.ValidDate, problem = c.readValidDate("valid_date_information"); problem != nil {
			return problem
		}
		if card.ValidDate.Type != t.ValidDate.Type {
			return c.refuse("/valid_date_information/type", "is not the type of the card template")
		}
	}
	if c.has("pickup_time") && !s.ignoresPickupTime(*card) {
		card.PickupTime = timeOf(c.body, "pickup_time")
		if problem := c.checkPickupTime(*card, now); problem != nil {
			return problem
		}
	}
	if !c.has("phone_number") {
		return nil
	}
	return s.checkNewPhone(*card)
}

// checkNewPhone says whether the phone number that a card was given can be its own.
func (s *Server) checkNewPhone(card Card) *refusal {
	if problem := s.checkPhone(card.PhoneNumber); problem != nil {
		return problem
	}
	for key, other := range s.cards {
		if key != card.key() && s.holdsPhone(other, card) {
			return refuseBusiness(messagePhoneOrCode)
		}
	}
	return nil
}

func (s *Server) applyUserInformation(c *call, card *Card, t Template) *refusal {
	if !c.has("user_information") {
		return nil
	}
	common, custom, problem := c.readUserInformation(t)
	if problem != nil {
		return problem
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
	card, problem := s.find(c.query["brand_id"], c.query["card_id"], c.id, c.text("openid"))
	if problem != nil {
		return refused(problem)
	}
	if card.State == StateInvalid {
		return refused(refuseBusiness(messageCardInvalid))
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
		card = card.shown(now)
		state := c.query["user_card_state"]
		if card.BrandID == c.query["brand_id"] && card.OpenID == c.query["openid"] && (state == "" || state == card.State) {
			found = append(found, card)
		}
	}
	slices.SortFunc(found, compareCards)
	total := len(found)
	from, to := min(offset, total), min(offset, total)+limit
	return outcome{page: &page{total: total, offset: offset, limit: limit, cards: found[from:min(to, total)]}}
}

func (s *Server) getTemplate(c *call) outcome {
	t, ok := s.templates[c.id]
	if !ok || t.BrandID != c.query["brand_id"] {
		return refused(refuseMissing(messageTemplateGone))
	}
	t = t.clone()
	return outcome{template: &t}
}

// stamp is the instant of something that happens now, no finer than answers
// spell it.
func (s *Server) stamp(now time.Time) time.Time {
	if s.options.TimePrecision == TimeMilliseconds {
		return now.Truncate(time.Millisecond)
	}
	return now.Truncate(time.Second)
}
