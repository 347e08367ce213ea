// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

const (
	userCardsPath = "/v3/brand/partner/card-member/user-cards"
	templatesPath = "/v3/brand/partner/card-member/cards"
)

// ImportByPhone implements API. The card that it returns is the one that was sent: its three ids agree.
func (c *Client) ImportByPhone(ctx context.Context, req ImportByPhoneRequest) (*UserCard, error) {
	cl := &call{operation: OperationImport, method: http.MethodPost, path: userCardsPath + "/import-by-phone"}
	if err := required(cl, "brand_id", req.BrandID, "card_id", req.CardID, "user_card_code", req.UserCardCode, "phone_number", string(req.PhoneNumber)); err != nil {
		return nil, err
	}
	s := c.encrypter(ctx, cl)
	err := s.body(cl, wireImport{
		BrandID:              req.BrandID,
		CardID:               req.CardID,
		PhoneNumber:          s.phone(req.PhoneNumber),
		UserCardCode:         req.UserCardCode,
		CardColor:            req.CardColor,
		CardPictureURL:       req.CardPictureURL,
		Level:                req.Level,
		UserInformation:      s.userInformation(req.UserInformation),
		ValidDateInformation: newWireDate(req.ValidDateInformation),
		PickupTime:           req.PickupTime,
	})
	if err != nil {
		return nil, err
	}
	return c.card(ctx, cl, CardRef{BrandID: req.BrandID, CardID: req.CardID, UserCardCode: req.UserCardCode})
}

// GetUserCard implements API.
func (c *Client) GetUserCard(ctx context.Context, ref CardRef) (*UserCard, error) {
	cl := &call{
		operation: OperationGet,
		method:    http.MethodGet,
		path:      userCardsPath + "/" + escapeSegment(ref.UserCardCode),
		query:     url.Values{"brand_id": {ref.BrandID}, "card_id": {ref.CardID}, "openid": {ref.OpenID}},
	}
	if err := requiredRef(cl, ref); err != nil {
		return nil, err
	}
	return c.card(ctx, cl, ref)
}

// ModifyUserCard implements API.
func (c *Client) ModifyUserCard(ctx context.Context, req ModifyUserCardRequest) (*UserCard, error) {
	cl := &call{
		operation: OperationModify,
		method:    http.MethodPatch,
		path:      userCardsPath + "/" + escapeSegment(req.UserCardCode),
		query:     url.Values{"card_id": {req.CardID}},
	}
	if err := requiredRef(cl, req.CardRef); err != nil {
		return nil, err
	}
	s := c.encrypter(ctx, cl)
	err := s.body(cl, wireModify{
		BrandID:              req.BrandID,
		OpenID:               req.OpenID,
		CardColor:            req.CardColor,
		CardPictureURL:       req.CardPictureURL,
		PhoneNumber:          s.phone(req.PhoneNumber),
		Level:                req.Level,
		ValidDateInformation: newWireDate(req.ValidDateInformation),
		PickupTime:           req.PickupTime,
		UserInformation:      s.userInformation(req.UserInformation),
		Attach:               req.Attach,
	})
	if err != nil {
		return nil, err
	}
	return c.card(ctx, cl, req.CardRef)
}

// InvalidateUserCard implements API.
func (c *Client) InvalidateUserCard(ctx context.Context, req InvalidateUserCardRequest) (*UserCard, error) {
	cl := &call{
		operation: OperationInvalidate,
		method:    http.MethodPost,
		path:      userCardsPath + "/" + escapeSegment(req.UserCardCode) + "/invalidate",
		query:     url.Values{"brand_id": {req.BrandID}, "card_id": {req.CardID}},
	}
	if err := requiredRef(cl, req.CardRef); err != nil {
		return nil, err
	}
	if err := c.encrypter(ctx, cl).body(cl, wireInvalidate{OpenID: req.OpenID, InvalidReason: req.InvalidReason}); err != nil {
		return nil, err
	}
	return c.card(ctx, cl, req.CardRef)
}

// GetCardTemplate implements API.
func (c *Client) GetCardTemplate(ctx context.Context, brandID, cardID string) (*CardTemplate, error) {
	cl := &call{
		operation: OperationTemplate,
		method:    http.MethodGet,
		path:      templatesPath + "/" + escapeSegment(cardID),
		query:     url.Values{"brand_id": {brandID}},
	}
	if err := required(cl, "brand_id", brandID, "card_id", cardID); err != nil {
		return nil, err
	}
	var template *CardTemplate
	cl.read = func(body []byte) *answerError {
		t, err := parseTemplate(body)
		if err != nil {
			return &answerError{err: err, retryable: true}
		}
		if t.BrandID != brandID || t.CardID != cardID {
			return &answerError{err: errors.New("the answer is about another card template")}
		}
		template = t
		return nil
	}
	if err := c.do(ctx, cl); err != nil {
		return nil, err
	}
	return template, nil
}

// card makes a call whose answer is the user card that ref names; an empty OpenID is any.
func (c *Client) card(ctx context.Context, cl *call, ref CardRef) (*UserCard, error) {
	var card *UserCard
	cl.read = func(body []byte) *answerError {
		var bad *answerError
		card, bad = c.readCard(ctx, body, ref)
		return bad
	}
	if err := c.do(ctx, cl); err != nil {
		return nil, err
	}
	return card, nil
}

// readCard parses a verified answer, makes sure that it is about ref, and decrypts it.
func (c *Client) readCard(ctx context.Context, body []byte, ref CardRef) (*UserCard, *answerError) {
	wire, err := parseCard(body)
	if err != nil {
		return nil, &answerError{err: err, retryable: true}
	}
	// The decided answer of another card does not get better by asking again.
	for _, id := range [...]struct{ name, sent, got string }{
		{"brand_id", ref.BrandID, wire.BrandID},
		{"card_id", ref.CardID, wire.CardID},
		{"user_card_code", ref.UserCardCode, wire.UserCardCode},
		{"openid", ref.OpenID, wire.OpenID},
	} {
		if id.sent != "" && id.sent != id.got {
			return nil, &answerError{err: fmt.Errorf("the answer is about another card: its %s is not the one that was sent", id.name)}
		}
	}
	card, err := c.cipher.card(ctx, wire)
	if err != nil {
		return nil, &answerError{err: err}
	}
	return card, nil
}

func (c *Client) encrypter(ctx context.Context, cl *call) *encrypter {
	return &encrypter{ctx: context.WithoutCancel(ctx), operation: cl.operation, cipher: c.cipher, masker: &cl.masker}
}

// body puts the wire struct into the call, unless something in it could not be encrypted.
func (s *encrypter) body(cl *call, wire any) error {
	if s.err != nil {
		return s.err
	}
	body, err := json.Marshal(wire)
	if err != nil {
		return &Error{Operation: cl.operation, Kind: KindParameter, Err: errors.New("the request could not be written as JSON")}
	}
	cl.body = body
	return nil
}

func requiredRef(cl *call, ref CardRef) error {
	cl.masker.value(ref.OpenID)
	return required(cl, "brand_id", ref.BrandID, "card_id", ref.CardID, "user_card_code", ref.UserCardCode, "openid", ref.OpenID)
}

// required refuses to send a call without its ids: with an empty one the path would name another call.
func required(cl *call, namesAndValues ...string) error {
	for i := 0; i+1 < len(namesAndValues); i += 2 {
		if name := namesAndValues[i]; namesAndValues[i+1] == "" {
			return &Error{Operation: cl.operation, Kind: KindParameter, Field: name, Err: fmt.Errorf("%s is empty", name)}
		}
	}
	return nil
}

// escapeSegment makes one segment of a path. url.PathEscape leaves dots alone, and "." and
// ".." would be resolved on the way.
func escapeSegment(s string) string {
	if s == "." || s == ".." {
		return strings.ReplaceAll(s, ".", "%2E")
	}
	return url.PathEscape(s)
}
