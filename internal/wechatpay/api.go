// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"context"
	"iter"
)

// API lists the calls of this package. Client implements it; a caller that depends on API can be
// tested with another implementation.
type API interface {
	// ImportByPhone imports a member by phone number. A request that is being sent is not abandoned
	// when ctx ends, because the answer carries the openid and no other call returns it.
	// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336982
	ImportByPhone(ctx context.Context, req ImportRequest) (*UserCard, error)
	// ImportByOpenID imports a member by openid, and sends the phone number too if there is one. A
	// request that is being sent is not abandoned when ctx ends.
	// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336981
	ImportByOpenID(ctx context.Context, req ImportRequest) (*UserCard, error)
	// GetUserCard reads a card. Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336980
	GetUserCard(ctx context.Context, ref CardRef) (*UserCard, error)
	// ModifyUserCard changes the fields that are set in req and no others. Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336985
	ModifyUserCard(ctx context.Context, req ModifyUserCardRequest) (*UserCard, error)
	// InvalidateUserCard ends a card. It cannot be undone. The answer's UserCardState says whether
	// it is done: an answer with another state than INVALID is no error here. Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336983
	InvalidateUserCard(ctx context.Context, req InvalidateUserCardRequest) (*UserCard, error)
	// ListUserCards yields a user's cards in a brand, all pages. It yields the first error and stops. Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336984
	ListUserCards(ctx context.Context, req ListUserCardsRequest) iter.Seq2[*UserCard, error]
	// GetCardTemplate reads a card template. Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336974
	GetCardTemplate(ctx context.Context, brandID, cardID string) (*CardTemplate, error)
	// CreateCardTemplate creates a card template. Whether WeChat Pay creates a second one for the
	// same out_request_no is not documented, so an attempt that may have been carried out is not
	// repeated: the error then has OutcomeUnknown, and the caller looks for out_request_no in
	// ListCardTemplates before it tries again. A request that is being sent is not abandoned when
	// ctx ends. Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336970
	CreateCardTemplate(ctx context.Context, req CreateCardTemplateRequest) (*CardTemplate, error)
	// ListCardTemplates yields a brand's card templates, all pages. It yields the first error and
	// stops. Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336976
	ListCardTemplates(ctx context.Context, req ListCardTemplatesRequest) iter.Seq2[*CardTemplate, error]
	// ModifyCardTemplate changes the settings that are set in req and no others.
	// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336977
	ModifyCardTemplate(ctx context.Context, req ModifyCardTemplateRequest) (*CardTemplate, error)
	// InvalidateCardTemplate ends a template: no channel can hand it out any more. It cannot be
	// undone. The answer's State says whether it is done; what a second call answers is not documented.
	// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336972
	InvalidateCardTemplate(ctx context.Context, brandID, cardID string) (*CardTemplate, error)
	// UploadImage uploads a picture and returns its URL. WeChat Pay can neither list nor delete
	// pictures. An attempt that may have been carried out is repeated: at worst, that leaves one
	// more picture that nobody uses. A request that is being sent is not abandoned when ctx ends.
	// Official pages: see the row of OperationUploadImage in routes.go, which says why that path.
	UploadImage(ctx context.Context, req UploadImageRequest) (*UploadedImage, error)
	// Echo has WeChat Pay echo a message, in the clear and encrypted. It changes nothing, and shows
	// that signing, verification and encryption work. In brand mode, which has no echo, it reads one
	// card template instead: that shows the same, encryption excepted.
	// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015139289
	Echo(ctx context.Context) (*EchoResult, error)
}
