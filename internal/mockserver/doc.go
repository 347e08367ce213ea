// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Package mockserver is WeChat Pay on loopback: the member-card calls of
// APIv3 with their signatures, encryption, rules and errors, for tests and for
// people who have no merchant number.
//
// It must not know its callers. It is written on the standard library alone and
// imports nothing of this module, nor WeChat Pay's SDK, so that it cannot share
// a mistake with the client that it judges.
//
// # What it answers
//
//	POST  /v3/brand/partner/card-member/user-cards/import-by-phone   (official page 4015336982)
//	POST  /v3/brand/partner/card-member/user-cards/import-by-openid  (4015336981)
//	GET   /v3/brand/partner/card-member/user-cards/{code}            (4015336980)
//	PATCH /v3/brand/partner/card-member/user-cards/{code}            (4015336985)
//	POST  /v3/brand/partner/card-member/user-cards/{code}/invalidate (4015336983)
//	GET   /v3/brand/partner/card-member/user-cards                   (4015336984)
//	GET   /v3/brand/partner/card-member/cards/{card_id}              (4015336976)
//	POST  /v3/security/echo                                          (4015139289)
//
// A request passes these gates in this order: headers, Authorization, rate,
// faults, parameters, business rules. One that fails the first two uses up
// neither a fault nor a place in the rate.
//
// Where the documentation is silent the mock does the likely thing, and a field
// of [Options] makes it do the other.
//
// # The administration
//
// Under [Server.AdminURL], on the same listener, unsigned, JSON in and out, with
// every value decrypted:
//
//	GET    cards                                list the cards
//	POST   cards                                put a card, as if somebody else had made it
//	GET    cards/{brand_id}/{card_id}/{code}    one card
//	POST   cards/{brand_id}/{card_id}/{code}    change it, as if somebody else had: only the members sent change
//	DELETE cards/{brand_id}/{card_id}/{code}    remove it: WeChat Pay then knows no such card
//	POST   cards/{brand_id}/{card_id}/{code}/state   {"user_card_state": "INVALID", "invalid_reason": "…"}
//	GET    requests                             every request seen, in order
//	DELETE requests                             forget them
//	GET    templates                            list the card templates
//	POST   templates                            put or replace a card template
//	GET    faults                               the faults in force
//	POST   faults                               inject one (the members of [Fault], snake case)
//	DELETE faults                               clear them
//	GET    openid?phone_number=…                the openid of a phone number; &appid=… for a template's own AppID
//	POST   reset                                back to the state at the start
//
// It is a tool for loopback, and holds sample data: it has no password.
package mockserver
