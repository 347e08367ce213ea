// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// place says where a request carries a key: brand_id, card_id, user_card_code or openid.
type place int

const (
	// nowhere: the request carries the key in its path, or not at all.
	nowhere place = iota
	inQuery
	inBody
)

// route says how the requests of one call are made: method, path, and where the keys go.
// A {key} in the path stands for the key's value. WeChat Pay refuses a key that the call's page
// does not define in that place, so a request never carries a key twice.
type route struct {
	method string
	path   string

	brandID, cardID, userCardCode, openID place

	// digest names the field of an upload's meta that has the picture's SHA-256.
	digest string
}

// routes has the route of every call that a merchant mode offers.
type routes map[Operation]route

// serviceProviderRoutes are the calls of a service provider, as their pages for service providers
// define them. Two pages differ from the revised pages for brands, which have card_id (and
// brand_id) in the body: modify and invalidate of a user card. Whether those pages will be
// revised in the same way is not documented; if they are, only their two rows change here.
func serviceProviderRoutes() routes {
	const (
		userCards = "/v3/brand/partner/card-member/user-cards"
		templates = "/v3/brand/partner/card-member/cards"
	)
	return routes{
		// https://pay.weixin.qq.com/doc/v3/partner/4015336982
		OperationImport: {method: http.MethodPost, path: userCards + "/import-by-phone", brandID: inBody, cardID: inBody, userCardCode: inBody},
		// https://pay.weixin.qq.com/doc/v3/partner/4015336981
		OperationImportByOpenID: {method: http.MethodPost, path: userCards + "/import-by-openid", brandID: inBody, cardID: inBody, userCardCode: inBody, openID: inBody},
		// https://pay.weixin.qq.com/doc/v3/partner/4015336980
		OperationGet: {method: http.MethodGet, path: userCards + "/{user_card_code}", brandID: inQuery, cardID: inQuery, openID: inQuery},
		// https://pay.weixin.qq.com/doc/v3/partner/4015336985
		OperationModify: {method: http.MethodPatch, path: userCards + "/{user_card_code}", brandID: inBody, cardID: inQuery, openID: inBody},
		// https://pay.weixin.qq.com/doc/v3/partner/4015336983
		OperationInvalidate: {method: http.MethodPost, path: userCards + "/{user_card_code}/invalidate", brandID: inQuery, cardID: inQuery, openID: inBody},
		// https://pay.weixin.qq.com/doc/v3/partner/4015336984
		OperationList: {method: http.MethodGet, path: userCards, brandID: inQuery, openID: inQuery},
		// https://pay.weixin.qq.com/doc/v3/partner/4015336974
		OperationTemplate: {method: http.MethodGet, path: templates + "/{card_id}", brandID: inQuery},
		// https://pay.weixin.qq.com/doc/v3/partner/4015336970
		OperationCreateTemplate: {method: http.MethodPost, path: templates, brandID: inBody},
		// https://pay.weixin.qq.com/doc/v3/partner/4015336976
		OperationListTemplates: {method: http.MethodGet, path: templates, brandID: inQuery},
		// https://pay.weixin.qq.com/doc/v3/partner/4015336977
		OperationModifyTemplate: {method: http.MethodPatch, path: templates + "/{card_id}", brandID: inBody},
		// https://pay.weixin.qq.com/doc/v3/partner/4015336972
		OperationInvalidateTemplate: {method: http.MethodPost, path: templates + "/{card_id}/invalidate", brandID: inBody},
		// Which upload the pages of the cards mean is not known: their link could not be followed. This is
		// the upload for marketing calls, which service providers use for other products, and whose
		// URLs look like those of the cards' pages. The brand mode's upload has a sibling for service
		// providers only by analogy; no page of it is known.
		// Official page: 图片上传(营销专用).
		OperationUploadImage: {method: http.MethodPost, path: "/v3/marketing/favor/media/image-upload", digest: "sha256"},
		// https://pay.weixin.qq.com/doc/v3/partner/4015139289
		OperationEcho: {method: http.MethodPost, path: "/v3/security/echo"},
	}
}

// brandRoutes are the calls of a brand that calls for itself: brand_id is in Authorization, and
// the revised pages have the other keys of a change in the body. There is no import by phone.
func brandRoutes() routes {
	const (
		userCards = "/brand/card-member/user-cards"
		templates = "/brand/card-member/cards"
	)
	return routes{
		// https://pay.weixin.qq.com/doc/brand/4015582744
		OperationImportByOpenID: {method: http.MethodPost, path: userCards + "/import-by-openid", cardID: inBody, userCardCode: inBody, openID: inBody},
		// https://pay.weixin.qq.com/doc/brand/4015582716
		OperationGet: {method: http.MethodGet, path: userCards + "/{user_card_code}", cardID: inQuery, openID: inQuery},
		// https://pay.weixin.qq.com/doc/brand/4015582719: of its two editions of one date the newer
		// SDKs follow the one with card_id in the body.
		OperationModify: {method: http.MethodPatch, path: userCards + "/{user_card_code}", cardID: inBody, openID: inBody},
		// https://pay.weixin.qq.com/doc/brand/4015582726
		OperationInvalidate: {method: http.MethodPost, path: userCards + "/{user_card_code}/invalidate", cardID: inBody, openID: inBody},
		// https://pay.weixin.qq.com/doc/brand/4015582718
		OperationList: {method: http.MethodGet, path: userCards, openID: inQuery},
		// https://pay.weixin.qq.com/doc/brand/4015582715
		OperationTemplate: {method: http.MethodGet, path: templates + "/{card_id}"},
		// https://pay.weixin.qq.com/doc/brand/4015582711
		OperationCreateTemplate: {method: http.MethodPost, path: templates},
		// https://pay.weixin.qq.com/doc/brand/4015582712
		OperationListTemplates: {method: http.MethodGet, path: templates},
		// https://pay.weixin.qq.com/doc/brand/4015582722
		OperationModifyTemplate: {method: http.MethodPatch, path: templates + "/{card_id}"},
		// https://pay.weixin.qq.com/doc/brand/4015582724: it has neither a body nor a Content-Type.
		OperationInvalidateTemplate: {method: http.MethodPost, path: templates + "/{card_id}/invalidate"},
		// https://pay.weixin.qq.com/doc/brand/4015680641: for card templates and user cards, by its own
		// text. Its digest is called file_digest, and sha256 would be an undefined field.
		OperationUploadImage: {method: http.MethodPost, path: "/brand/card-member/media/image-upload", digest: "file_digest"},
	}
}

// brandImplied reports whether no request of the mode carries brand_id, since Authorization has it.
func (r routes) brandImplied() bool { return r[OperationTemplate].brandID == nowhere }

// newCall begins a call: it puts the keys of ref into path and query, and returns those that go
// into the body. It returns an error when the mode does not offer the call, or cannot make it for
// this brand, or when a key is missing or cannot be sent: with an empty one the path would be the
// path of another call.
func (c *Client) newCall(operation Operation, ref CardRef) (*call, wireKeys, error) {
	r, ok := c.routes[operation]
	if !ok {
		return nil, wireKeys{}, &Error{Operation: operation, Kind: KindNotOffered, Err: fmt.Errorf("WeChat Pay does not offer the call %s to this kind of merchant", operation), Mode: c.cfg.Mode}
	}
	if c.brand != "" && ref.BrandID != "" && ref.BrandID != c.brand {
		return nil, wireKeys{}, &Error{Operation: operation, Kind: KindOtherBrand, Field: "brand_id", Mode: c.cfg.Mode,
			Err: fmt.Errorf("the calls are made as the brand %q, and the object is of the brand %q", c.brand, ref.BrandID)}
	}
	cl := &call{operation: operation, ref: ref, method: r.method, path: r.path, query: url.Values{}}
	cl.masker.value(ref.OpenID)
	var keys wireKeys
	for _, key := range [...]struct {
		name, value string
		place       place
		body        *string
	}{
		{"brand_id", ref.BrandID, r.brandID, &keys.BrandID},
		{"card_id", ref.CardID, r.cardID, &keys.CardID},
		{"user_card_code", ref.UserCardCode, r.userCardCode, &keys.UserCardCode},
		{"openid", ref.OpenID, r.openID, &keys.OpenID},
	} {
		placeholder := "{" + key.name + "}"
		inPath := strings.Contains(r.path, placeholder)
		if !inPath && key.place == nowhere {
			continue
		}
		if err := checkKey(key.name, key.value); err != nil {
			return nil, wireKeys{}, &Error{Operation: operation, Kind: KindParameter, Field: key.name, Err: err}
		}
		switch {
		case inPath:
			cl.path = strings.Replace(cl.path, placeholder, url.PathEscape(key.value), 1)
		case key.place == inQuery:
			cl.query.Set(key.name, key.value)
		default:
			*key.body = key.value
		}
	}
	return cl, keys, nil
}

// checkKey refuses an empty key, and the two that are no segment of a path: every card is read
// and changed through its code, and "." and ".." are resolved on the way.
func checkKey(name, value string) error {
	switch value {
	case "":
		return fmt.Errorf("%s is empty", name)
	case ".", "..":
		return fmt.Errorf("%s must not be . or .., which are no segments of a path", name)
	}
	return nil
}
