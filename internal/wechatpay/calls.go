// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
)

// ImportByPhone implements API. The ids of the card that it returns are those that were sent.
func (c *Client) ImportByPhone(ctx context.Context, req ImportRequest) (*UserCard, error) {
	switch {
	case req.PhoneNumber == "":
		return nil, &Error{Operation: OperationImport, Kind: KindParameter, Field: "phone_number", Err: errors.New("phone_number is empty")}
	case req.OpenID != "":
		return nil, &Error{Operation: OperationImport, Kind: KindParameter, Field: "openid", Err: errors.New("an import by phone number has no openid")}
	}
	return c.importUserCard(ctx, OperationImport, req)
}

// ImportByOpenID implements API. The ids and the openid of the card that it returns are those that were sent.
func (c *Client) ImportByOpenID(ctx context.Context, req ImportRequest) (*UserCard, error) {
	return c.importUserCard(ctx, OperationImportByOpenID, req)
}

func (c *Client) importUserCard(ctx context.Context, operation Operation, req ImportRequest) (*UserCard, error) {
	cl, keys, err := c.newCall(operation, req.CardRef)
	if err != nil {
		return nil, err
	}
	s := c.encrypter(ctx, cl)
	err = s.body(cl, wireImport{
		wireKeys:             keys,
		PhoneNumber:          s.phone(req.PhoneNumber),
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
	return c.card(ctx, cl, req.CardRef)
}

// GetUserCard implements API.
func (c *Client) GetUserCard(ctx context.Context, ref CardRef) (*UserCard, error) {
	cl, _, err := c.newCall(OperationGet, ref)
	if err != nil {
		return nil, err
	}
	return c.card(ctx, cl, ref)
}

// ModifyUserCard implements API.
func (c *Client) ModifyUserCard(ctx context.Context, req ModifyUserCardRequest) (*UserCard, error) {
	cl, keys, err := c.newCall(OperationModify, req.CardRef)
	if err != nil {
		return nil, err
	}
	s := c.encrypter(ctx, cl)
	err = s.body(cl, wireModify{
		wireKeys:             keys,
		CardColor:            req.CardColor,
		CardPictureURL:       req.CardPictureURL,
		PhoneNumber:          s.phone(req.PhoneNumber),
		Level:                req.Level,
		ValidDateInformation: newWireDate(req.ValidDateInformation),
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
	cl, keys, err := c.newCall(OperationInvalidate, req.CardRef)
	if err != nil {
		return nil, err
	}
	if err := c.encrypter(ctx, cl).body(cl, wireInvalidate{wireKeys: keys, InvalidReason: req.InvalidReason}); err != nil {
		return nil, err
	}
	return c.card(ctx, cl, req.CardRef)
}

// GetCardTemplate implements API.
func (c *Client) GetCardTemplate(ctx context.Context, brandID, cardID string) (*CardTemplate, error) {
	cl, _, err := c.newCall(OperationTemplate, CardRef{BrandID: brandID, CardID: cardID})
	if err != nil {
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
