// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"context"
	"iter"
)

// API is every call that this package makes, for those who want to stand something in for it.
type API interface {
	// ImportByPhone imports a member. Once its request is on the way it is not abandoned when
	// ctx ends: the attempt runs to its end, since the openid in the answer cannot be had again.
	// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336982
	ImportByPhone(ctx context.Context, req ImportByPhoneRequest) (*UserCard, error)
	// GetUserCard reads a card. Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336980
	GetUserCard(ctx context.Context, ref CardRef) (*UserCard, error)
	// ModifyUserCard changes what the request carries and nothing else. Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336985
	ModifyUserCard(ctx context.Context, req ModifyUserCardRequest) (*UserCard, error)
	// InvalidateUserCard ends a card, irreversibly. Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336983
	InvalidateUserCard(ctx context.Context, req InvalidateUserCardRequest) (*UserCard, error)
	// ListUserCards goes through all pages of a user's cards in a brand; it stops at the first
	// error, which it yields. Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336984
	ListUserCards(ctx context.Context, req ListUserCardsRequest) iter.Seq2[*UserCard, error]
	// GetCardTemplate reads a card template. Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336976
	GetCardTemplate(ctx context.Context, brandID, cardID string) (*CardTemplate, error)
}
