// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"strconv"
)

// pageSize is the documented maximum.
// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336984
const pageSize = 20

// ListUserCards implements API. A card that moves from one page to the next between two requests
// is yielded once. A list that ends before its total_count, or repeats a page, ends with an error
// of KindAnswer: the cards that were yielded before it are not all.
func (c *Client) ListUserCards(ctx context.Context, req ListUserCardsRequest) iter.Seq2[*UserCard, error] {
	return func(yield func(*UserCard, error) bool) {
		seen := make(map[CardRef]bool)
		for offset := int64(0); ; {
			page, err := c.listPage(ctx, req, offset)
			if err != nil {
				yield(nil, err)
				return
			}
			fresh := false
			for _, card := range page.cards {
				if seen[card.CardRef] {
					continue
				}
				seen[card.CardRef], fresh = true, true
				if !yield(card, nil) {
					return
				}
			}
			// A page without a new card before total_count ends the list; a total_count that only
			// grows could otherwise keep it going permanently.
			if !fresh && offset < page.total {
				yield(nil, &Error{Operation: OperationList, Kind: KindAnswer, StatusCode: http.StatusOK, Attempts: 1, OutcomeUnknown: true,
					Err: errors.New("the list ended before its total_count, or repeats a page")})
				return
			}
			if offset += int64(len(page.cards)); offset >= page.total {
				return
			}
		}
	}
}

type listPage struct {
	total int64
	cards []*UserCard
}

func (c *Client) listPage(ctx context.Context, req ListUserCardsRequest, offset int64) (*listPage, error) {
	cl, _, err := c.newCall(OperationList, CardRef{BrandID: req.BrandID, OpenID: req.OpenID})
	if err != nil {
		return nil, err
	}
	cl.query.Set("offset", strconv.FormatInt(offset, 10))
	cl.query.Set("limit", strconv.Itoa(pageSize))
	if req.UserCardState != "" {
		cl.query.Set("user_card_state", string(req.UserCardState))
	}
	var page *listPage
	cl.read = func(body []byte) *answerError {
		total, data, err := parseList(body)
		if err != nil {
			return &answerError{err: err, retryable: true}
		}
		read := &listPage{total: total}
		for _, raw := range data {
			card, bad := c.readCard(ctx, raw, CardRef{BrandID: req.BrandID, OpenID: req.OpenID})
			if bad != nil {
				return bad
			}
			read.cards = append(read.cards, card)
		}
		page = read
		return nil
	}
	if err := c.do(ctx, cl); err != nil {
		return nil, err
	}
	return page, nil
}
