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
	// kind is one of the kinds for which wechatpay.Error.AlreadyExists is true.
	kind wechatpay.Kind
	// openIDKnown is whether the openid is known: it is configured, this run has had the card in
	// the state, or it is in the journal.
	openIDKnown bool
	// outcomeUnknown is whether an attempt of this import may have been carried out although
	// no answer said so: then the card is most likely our own.
	outcomeUnknown bool
	// unproven is whether the words are not to be believed: no answer of this process has verified
	// yet, or one of this import did not.
	unproven bool
	// released is whether this run has released a card that has, or may have, this phone number.
	released bool
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
	// decideRefuseUnproven: the words come through a connection that nobody has proven.
	decideRefuseUnproven
)

// decide is pure: the same facts always lead to the same decision.
func decide(e adoptionFacts) decision {
	switch {
	case e.kind == wechatpay.KindUserCardWaiting:
		return decideRefuseWaiting
	case e.policy == onExistingError:
		return decideRefusePolicy
	case e.openIDKnown:
		return decideByReading(e.reading)
	case e.unproven:
		return decideRefuseUnproven
	case e.policy == onExistingVerify:
		return decideRefuseUnverified
	case e.released:
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
