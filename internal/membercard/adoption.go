// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import "github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"

// This file is the decision of what to do when WeChat Pay says that a phone number or a
// code exists. The answer carries no openid, and every call that reads or changes a card
// needs one: that is the main difficulty of this API.

// existing is all that the decision depends on.
type existing struct {
	// policy is on_existing: adopt, verify or error.
	policy string
	// kind is KindPhoneImported or KindPhoneOrCodeExists.
	kind wechatpay.Kind
	// openIDKnown is whether the configuration names the openid, or this run has had the card in the state.
	openIDKnown bool
	// earlierUnknown is whether an attempt of this import may have been carried out although
	// no answer said so: then the card is most likely our own.
	earlierUnknown bool
	// letGo is whether this run has let go a card that has, or may have, this phone number.
	letGo bool
	// reading is what reading the card by its openid gave.
	reading reading
}

// reading is what reading a card by its openid gave.
type reading int

const (
	notRead reading = iota
	// readMatch: the same code and, where WeChat Pay returned it, the same phone number.
	readMatch
	// readOtherPhone: the card has another phone number.
	readOtherPhone
	// readNotFound: that user has no card under this code.
	readNotFound
	// readFailed: the card could not be read.
	readFailed
)

// decision is what to do with a card that exists.
type decision int

const (
	// decideRead: read the card by its openid, then decide again.
	decideRead decision = iota
	// decideAdoptVerified: take the card over as it was read and bring it into line.
	decideAdoptVerified
	// decideAdoptUnverified: take the card over as configured, with a warning.
	decideAdoptUnverified
	// decideRefusePolicy: on_existing is error.
	decideRefusePolicy
	// decideRefuseUnverified: on_existing is verify and the openid is unknown.
	decideRefuseUnverified
	// decideRefuseLetGo: it is, or may be, the card that this run has just let go.
	decideRefuseLetGo
	// decideRefuseMismatch: the card that was read is not the configured member's.
	decideRefuseMismatch
	// decideRefuseUnread: the card could not be read.
	decideRefuseUnread
)

// decide is pure: the same facts always give the same decision.
func decide(e existing) decision {
	if e.policy == onExistingError && !e.earlierUnknown {
		return decideRefusePolicy
	}
	if e.openIDKnown {
		switch e.reading {
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
	switch {
	case e.policy == onExistingVerify:
		return decideRefuseUnverified
	case e.letGo:
		return decideRefuseLetGo
	default:
		return decideAdoptUnverified
	}
}
