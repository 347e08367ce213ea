// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"context"
	"encoding/json"
	"errors"
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
		ValidDateInformation: req.ValidDateInformation,
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
		ValidDateInformation: req.ValidDateInformation,
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

func (c *Client) encrypter(ctx context.Context, cl *call) *encrypter {
	return &encrypter{ctx: context.WithoutCancel(ctx), operation: cl.operation, cipher: c.cipher, masker: &cl.masker}
}

// body puts the wire struct into the call, unless a field of it could not be encrypted.
func (s *encrypter) body(cl *call, wire any) error {
	if s.err != nil {
		return s.err
	}
	return cl.setBody(wire)
}

func (cl *call) setBody(wire any) error {
	body, err := json.Marshal(wire)
	if err != nil {
		return &Error{Operation: cl.operation, Kind: KindParameter, Err: errors.New("the request could not be written as JSON")}
	}
	cl.body = body
	return nil
}
