// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Package mockserver is a mock of WeChat Pay on loopback: the member card calls
// of APIv3 with their signatures, encryption, rules and errors, for tests and
// for people who have no merchant number.
//
// It must not know its callers. It uses only the standard library, and imports
// nothing of this module and not WeChat Pay's SDK, so that it cannot share a
// mistake with the client that it tests.
//
// # What it answers
//
//	POST  /v3/brand/partner/card-member/user-cards/import-by-phone   (official page 4015336982)
//	POST  /v3/brand/partner/card-member/user-cards/import-by-openid  (4015336981)
//	GET   /v3/brand/partner/card-member/user-cards/{code}            (4015336980)
//	PATCH /v3/brand/partner/card-member/user-cards/{code}            (4015336985)
//	POST  /v3/brand/partner/card-member/user-cards/{code}/invalidate (4015336983)
//	GET   /v3/brand/partner/card-member/user-cards                   (4015336984)
//	GET   /v3/brand/partner/card-member/cards/{card_id}              (4015336974)
//	POST  /v3/brand/partner/card-member/cards                        (4015336970)
//	GET   /v3/brand/partner/card-member/cards                        (4015336976)
//	PATCH /v3/brand/partner/card-member/cards/{card_id}              (4015336977)
//	POST  /v3/brand/partner/card-member/cards/{card_id}/invalidate   (4015336972)
//	POST  /v3/marketing/favor/media/image-upload                     (the upload for marketing calls)
//	POST  /v3/security/echo                                          (4015139289)
//
// A brand that calls for itself has the same calls but the last two and
// import-by-phone, under /brand/card-member, and a picture upload of its own
// there (4015680641). It signs with WECHATPAY-BRAND-SHA256-RSA2048 and the keys of
// [Server.BrandCredentials], sends Wechatpay-Serial with every request, and no
// brand_id. Service provider and brand use one server at the same time and see
// the same cards; each has a rate limit of its own.
//
// A request is checked in this order: headers, Authorization, rate limit,
// faults, parameters, business rules. A request that fails one of the first two
// checks uses up no fault and does not count towards the rate limit.
//
// Where the documentation does not say what happens, the mock does what is most
// likely, and a field of [Options] makes it do the other.
//
// # The administration
//
// Under [Server.AdminURL], on the same listener, is what tests and people need to
// look into the mock: GET answers a page that lists every call and every kind of
// fault. Requests are not signed; bodies and answers are JSON with every value
// decrypted.
//
// The administration has no password: the mock only listens on loopback, and is
// meant for sample data.
package mockserver
