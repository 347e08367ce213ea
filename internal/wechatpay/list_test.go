// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
)

// cardsList is one page of a list of cards, whose codes are given.
func cardsList(total, offset int, codes ...string) string {
	data := make([]json.RawMessage, 0, len(codes))
	for _, code := range codes {
		data = append(data, json.RawMessage(cardJSON(map[string]any{"user_card_code": code, "phone_number": nil})))
	}
	text, err := json.Marshal(map[string]any{"total_count": total, "offset": offset, "limit": 20, "data": data})
	if err != nil {
		panic(err)
	}
	return string(text)
}

func codes(from, to int) (list []string) {
	for i := from; i < to; i++ {
		list = append(list, fmt.Sprintf("code%03d", i))
	}
	return list
}

func collect(t *testing.T, c *Client, state UserCardState) (got []string, err error) {
	t.Helper()
	for card, e := range c.ListUserCards(t.Context(), ListUserCardsRequest{BrandID: testBrand, OpenID: testOpenID, UserCardState: state}) {
		if e != nil {
			if err != nil || card != nil {
				t.Errorf("a second error, or a card beside it")
			}
			err = e
			continue
		}
		got = append(got, card.UserCardCode)
	}
	return got, err
}

func TestListGoesThroughAllPages(t *testing.T) {
	t.Parallel()
	testKeys()
	for _, total := range []int{0, 1, 19, 20, 21, 40, 45} {
		t.Run(strconv.Itoa(total), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newService(t, func(_ int, r *received) reply {
					offset, _ := strconv.Atoi(r.query.Get("offset"))
					return reply{body: cardsList(total, offset, codes(offset, min(offset+20, total))...)}
				})
				got, err := collect(t, newTestClient(t, s), UserCardStateEffective)
				if err != nil || strings.Join(got, " ") != strings.Join(codes(0, total), " ") {
					t.Errorf("got %v and %v", got, err)
				}
				if want := max(1, (total+19)/20); s.count() != want {
					t.Errorf("%d requests, want %d", s.count(), want)
				}
				for i, r := range s.all() {
					want := "/v3/brand/partner/card-member/user-cards?brand_id=1004&limit=20&offset=" + strconv.Itoa(20*i) + "&openid=" + testOpenID + "&user_card_state=EFFECTIVE"
					if r.uri != want || !r.signedOK {
						t.Errorf("got %s", r.uri)
					}
				}
			})
		})
	}
}

func TestInconsistentListEndsWithAnError(t *testing.T) {
	t.Parallel()
	testKeys()
	for name, tc := range map[string]struct {
		respond func(n int, r *received) reply
		got     int
		kind    Kind
	}{
		"refused on the second page": {replies(reply{body: cardsList(30, 0, codes(0, 20)...)}, refused(403, "NO_AUTH", "无权限")), 20, KindNoAuth},
		"ends early":                 {replies(reply{body: cardsList(30, 0, codes(0, 20)...)}, reply{body: cardsList(30, 20)}), 20, KindAnswer},
		"repeats itself":             {replies(reply{body: cardsList(30, 0, codes(0, 20)...)}), 20, KindAnswer},
		"ever more to come": {func(n int, _ *received) reply {
			return reply{body: cardsList(1000*(n+1), 0, codes(0, 20)...)}
		}, 20, KindAnswer},
		"another's card": {replies(reply{body: strings.Replace(cardsList(1, 0, "a"), testOpenID, "oAnother", 1)}), 0, KindAnswer},
		"negative count": {replies(reply{body: `{"total_count":-1,"data":[]}`}), 0, KindAnswer},
		"no count":       {replies(reply{body: `{"data":[]}`}), 0, KindAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newService(t, tc.respond)
				got, err := collect(t, newTestClient(t, s), "")
				if e := asError(t, err); len(got) != tc.got || e.Kind != tc.kind {
					t.Errorf("got %d cards and %v", len(got), err)
				}
				if s.count() > 7 {
					t.Errorf("%d requests", s.count())
				}
			})
		})
	}
}

func TestCardThatMovesBetweenPagesIsYieldedOnce(t *testing.T) {
	t.Parallel()
	testKeys()
	synctest.Test(t, func(t *testing.T) {
		// One card was added in front while the first page was read, and the count changed.
		s := newService(t, replies(
			reply{body: cardsList(25, 0, codes(0, 20)...)},
			reply{body: cardsList(26, 20, codes(19, 25)...)},
		))
		got, err := collect(t, newTestClient(t, s), "")
		if err != nil || strings.Join(got, " ") != strings.Join(codes(0, 25), " ") {
			t.Errorf("got %v and %v", got, err)
		}
		// One was taken away.
		s = newService(t, replies(reply{body: cardsList(21, 0, codes(0, 20)...)}, reply{body: cardsList(20, 20)}))
		if got, err := collect(t, newTestClient(t, s), ""); err != nil || len(got) != 20 {
			t.Errorf("got %v and %v", got, err)
		}
	})
}

func TestListSendsNoMoreRequestsAfterBreak(t *testing.T) {
	t.Parallel()
	s := newService(t, replies(reply{body: cardsList(30, 0, codes(0, 20)...)}))
	for _, err := range newTestClient(t, s).ListUserCards(t.Context(), ListUserCardsRequest{BrandID: testBrand, OpenID: testOpenID}) {
		if err != nil {
			t.Error(err)
		}
		break
	}
	if s.count() != 1 {
		t.Errorf("%d requests", s.count())
	}
}
