// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"context"
	"errors"
)

// CreateCardTemplate implements API.
func (c *Client) CreateCardTemplate(ctx context.Context, req CreateCardTemplateRequest) (*CardTemplate, error) {
	if req.OutRequestNo == "" {
		return nil, &Error{Operation: OperationCreateTemplate, Kind: KindParameter, Field: "out_request_no", Err: errors.New("out_request_no is empty")}
	}
	cl, keys, err := c.newCall(OperationCreateTemplate, CardRef{BrandID: req.BrandID})
	if err != nil {
		return nil, err
	}
	cl.createsAnother = true
	if err := cl.setBody(wireCreateTemplate{keys, req.CardTemplateFixedSettings, req.CardTemplateSettings}); err != nil {
		return nil, err
	}
	return c.template(ctx, cl, CardRef{BrandID: req.BrandID}, func(t *CardTemplate) error {
		// The first editions of the page have no out_request_no in answers.
		if t.OutRequestNo != "" && t.OutRequestNo != req.OutRequestNo {
			return errors.New("the answer is about another card template: its out_request_no is not the one that was sent")
		}
		return nil
	})
}

// GetCardTemplate implements API.
func (c *Client) GetCardTemplate(ctx context.Context, brandID, cardID string) (*CardTemplate, error) {
	return c.getCardTemplate(ctx, brandID, cardID, false)
}

// getCardTemplate reads a card template; with once, an attempt that failed is not repeated.
func (c *Client) getCardTemplate(ctx context.Context, brandID, cardID string, once bool) (*CardTemplate, error) {
	ref := CardRef{BrandID: brandID, CardID: cardID}
	cl, _, err := c.newCall(OperationTemplate, ref)
	if err != nil {
		return nil, err
	}
	cl.once = once
	return c.template(ctx, cl, ref, nil)
}

// ModifyCardTemplate implements API.
func (c *Client) ModifyCardTemplate(ctx context.Context, req ModifyCardTemplateRequest) (*CardTemplate, error) {
	ref := CardRef{BrandID: req.BrandID, CardID: req.CardID}
	cl, keys, err := c.newCall(OperationModifyTemplate, ref)
	if err != nil {
		return nil, err
	}
	if err := cl.setBody(wireModifyTemplate{keys, req.CardTemplateSettings}); err != nil {
		return nil, err
	}
	return c.template(ctx, cl, ref, nil)
}

// InvalidateCardTemplate implements API.
func (c *Client) InvalidateCardTemplate(ctx context.Context, brandID, cardID string) (*CardTemplate, error) {
	ref := CardRef{BrandID: brandID, CardID: cardID}
	cl, keys, err := c.newCall(OperationInvalidateTemplate, ref)
	if err != nil {
		return nil, err
	}
	// Where brand_id is not part of the body, the page defines none: not even an empty object.
	if keys != (wireKeys{}) {
		if err := cl.setBody(keys); err != nil {
			return nil, err
		}
	}
	return c.template(ctx, cl, ref, nil)
}

// template makes a call whose answer is the card template that sent names; an empty CardID is
// any. check, unless nil, may refuse an answer that is about another template.
func (c *Client) template(ctx context.Context, cl *call, sent CardRef, check func(*CardTemplate) error) (*CardTemplate, error) {
	var template *CardTemplate
	cl.read = func(body []byte) *answerError {
		t, bad := c.readTemplate(body, sent)
		if bad != nil {
			return bad
		}
		if check != nil {
			if err := check(t); err != nil {
				return &answerError{err: err}
			}
		}
		template = t
		return nil
	}
	if err := c.do(ctx, cl); err != nil {
		return nil, err
	}
	return template, nil
}
