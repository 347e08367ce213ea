// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"net/http"
	"strconv"
)

// pageSize is the documented maximum of both lists.
// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336984
const pageSize = 20

// ListUserCards implements API. A card that moves from one page to the next between two requests
// is yielded once. A list that ends before its total_count, or repeats a page, ends with an error
// of KindAnswer: the cards that were yielded before it are not all.
func (c *Client) ListUserCards(ctx context.Context, req ListUserCardsRequest) iter.Seq2[*UserCard, error] {
	ref := CardRef{BrandID: req.BrandID, OpenID: req.OpenID}
	return listAll(ctx, c, OperationList, list[*UserCard, CardRef]{
		newCall: func() (*call, error) {
			cl, _, err := c.newCall(OperationList, ref)
			if err == nil && req.UserCardState != "" {
				cl.query.Set("user_card_state", string(req.UserCardState))
			}
			return cl, err
		},
		read: func(raw json.RawMessage) (*UserCard, *answerError) { return c.readCard(ctx, raw, ref) },
		key:  func(card *UserCard) CardRef { return card.CardRef },
	})
}

// ListCardTemplates implements API. Its order is not documented; otherwise it is as ListUserCards.
func (c *Client) ListCardTemplates(ctx context.Context, req ListCardTemplatesRequest) iter.Seq2[*CardTemplate, error] {
	ref := CardRef{BrandID: req.BrandID}
	return listAll(ctx, c, OperationListTemplates, list[*CardTemplate, string]{
		newCall: func() (*call, error) {
			cl, _, err := c.newCall(OperationListTemplates, ref)
			if err == nil && req.State != "" {
				cl.query.Set("state", string(req.State))
			}
			return cl, err
		},
		read: func(raw json.RawMessage) (*CardTemplate, *answerError) { return c.readTemplate(raw, ref) },
		key:  func(template *CardTemplate) string { return template.CardID },
	})
}

// list says how one kind of list is read: the call without offset and limit, an element of its
// data, and by what two elements are the same.
type list[T any, K comparable] struct {
	newCall func() (*call, error)
	read    func(raw json.RawMessage) (T, *answerError)
	key     func(T) K
}

func listAll[T any, K comparable](ctx context.Context, c *Client, operation Operation, l list[T, K]) iter.Seq2[T, error] {
	var none T
	return func(yield func(T, error) bool) {
		seen := make(map[K]bool)
		for offset := int64(0); ; {
			items, total, err := listPage(ctx, c, l, offset)
			if err != nil {
				yield(none, err)
				return
			}
			fresh := false
			for _, item := range items {
				key := l.key(item)
				if seen[key] {
					continue
				}
				seen[key], fresh = true, true
				if !yield(item, nil) {
					return
				}
			}
			// A page without a new element before total_count ends the list; a total_count that only
			// grows could otherwise keep it going permanently.
			if !fresh && offset < total {
				yield(none, &Error{Operation: operation, Kind: KindAnswer, StatusCode: http.StatusOK, Attempts: 1, OutcomeUnknown: true,
					Err: errors.New("the list ended before its total_count, or repeats a page")})
				return
			}
			if offset += int64(len(items)); offset >= total {
				return
			}
		}
	}
}

func listPage[T any, K comparable](ctx context.Context, c *Client, l list[T, K], offset int64) (items []T, total int64, err error) {
	cl, err := l.newCall()
	if err != nil {
		return nil, 0, err
	}
	cl.query.Set("offset", strconv.FormatInt(offset, 10))
	cl.query.Set("limit", strconv.Itoa(pageSize))
	cl.read = func(body []byte) *answerError {
		count, data, err := parseList(body)
		if err != nil {
			return &answerError{err: err, retryable: true}
		}
		var page []T
		for _, raw := range data {
			item, bad := l.read(raw)
			if bad != nil {
				return bad
			}
			page = append(page, item)
		}
		items, total = page, count
		return nil
	}
	if err := c.do(ctx, cl); err != nil {
		return nil, 0, err
	}
	return items, total, nil
}
