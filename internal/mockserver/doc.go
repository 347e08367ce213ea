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
// Under [Server.AdminURL], on the same listener. Requests are not signed; bodies
// and answers are JSON with every value decrypted:
//
//	GET    cards                                list the cards
//	POST   cards                                add a card, as if somebody else had imported it
//	GET    cards/{brand_id}/{card_id}/{code}    one card
//	POST   cards/{brand_id}/{card_id}/{code}    change it, as if somebody else had: only the members sent change
//	DELETE cards/{brand_id}/{card_id}/{code}    remove it: reading it then answers 404
//	POST   cards/{brand_id}/{card_id}/{code}/state   {"user_card_state": "INVALID", "invalid_reason": "…"}
//	GET    requests                             every request received, in order
//	DELETE requests                             empty the log of requests
//	GET    templates                            list the card templates
//	POST   templates                            add or replace a card template
//	GET    templates/{card_id}                  one template
//	POST   templates/{card_id}                  change it, as if somebody else had: only the members sent change
//	DELETE templates/{card_id}                  remove it: its cards stay
//	POST   templates/{card_id}/state            {"state": "CARD_INVALID"}
//	GET    pictures                             list the pictures that were uploaded, without their bytes
//	GET    requests/counts                      how many requests of each call were received
//	GET    faults                               the active faults
//	POST   faults                               inject a fault (the members of [Fault] in snake case)
//	DELETE faults                               remove all faults
//	GET    openid?phone_number=…                the openid of a phone number; &appid=… for a template's own AppID
//	POST   reset                                restore the state at the start
//
// The administration has no password: the mock only listens on loopback, and is
// meant for sample data.
package mockserver
