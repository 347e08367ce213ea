// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import "github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"

// This file is the decision of what to do when WeChat Pay says that a member exists. The
// answer carries no openid, and every call that reads or changes a card needs one: that is
// the main difficulty of this API.

// adoptionFacts is all that the decision depends on.
type adoptionFacts struct {
	// policy is on_existing: adopt, verify or error.
	policy string
	// kind is that of the import's error.
	kind wechatpay.Kind
	// openIDKnown is whether the openid is known: it is configured, this run has had the card in
	// the state, or it is in the journal.
	openIDKnown bool
	// doubtful is whether WeChat Pay's words are not to be believed: the connection is not proven,
	// or an answer to this import did not verify.
	doubtful bool
	// releasedOtherCode is whether this run has released a card under another code that has, or may
	// have, this phone number.
	releasedOtherCode bool
	// reading is what reading the card by its openid came to.
	reading reading
}

// reading is what reading a card by its openid came to.
type reading int

const (
	notRead reading = iota
	// readMatch: the same code and, where WeChat Pay returned it, the same phone number.
	readMatch
	// readOtherPhone: the card has another phone number.
	readOtherPhone
	// readOtherPickupTime: the card has another pickup_time than the configured one, which no call changes.
	readOtherPickupTime
	// readNotFound: that user has no card under this code, or only an invalid one while WeChat
	// Pay says that the user has an effective one.
	readNotFound
	// readFailed: the card could not be read.
	readFailed
)

// decision is what to do with a card that exists.
type decision int

const (
	// decideRead: read the card by its openid, then decide again.
	decideRead decision = iota
	// decideAdoptVerified: adopt the card as it was read, and reconcile what differs.
	decideAdoptVerified
	// decideAdoptUnverified: adopt the card as configured, with a warning.
	decideAdoptUnverified
	// decideRefusePolicy: on_existing is error.
	decideRefusePolicy
	// decideRefuseUnverified: on_existing is verify and the openid is unknown.
	decideRefuseUnverified
	// decideRefuseReleased: it is, or may be, the card that this run has just released.
	decideRefuseReleased
	// decideRefuseMismatch: the card that was read is not the configured member's.
	decideRefuseMismatch
	// decideRefuseUnread: the card could not be read.
	decideRefuseUnread
	// decideRefuseWaiting: the user has opened a card that the merchant has not confirmed.
	decideRefuseWaiting
	// decideRefuseUnproven: the words are doubtful.
	decideRefuseUnproven
)

// decide is pure: the same facts always lead to the same decision.
func decide(f adoptionFacts) decision {
	switch {
	case f.kind == wechatpay.KindUserCardWaiting:
		return decideRefuseWaiting
	case f.policy == onExistingError:
		return decideRefusePolicy
	case f.openIDKnown:
		return decideByReading(f.reading)
	case f.doubtful:
		return decideRefuseUnproven
	case f.policy == onExistingVerify:
		return decideRefuseUnverified
	case f.releasedOtherCode:
		return decideRefuseReleased
	default:
		return decideAdoptUnverified
	}
}

func decideByReading(r reading) decision {
	switch r {
	case notRead:
		return decideRead
	case readMatch:
		return decideAdoptVerified
	case readFailed:
		return decideRefuseUnread
	default:
		return decideRefuseMismatch
	}
}
