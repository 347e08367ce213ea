// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"slices"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// adoptionRow is one row of the table of decisions. What a row leaves nil does not matter to it.
type adoptionRow struct {
	policies          []string
	kinds             []wechatpay.Kind
	openID            *bool
	doubtful          *bool
	releasedOtherCode *bool
	readings          []reading
	want              decision
}

func adoptionTable() []adoptionRow {
	yes, no := new(true), new(false)
	all := []string{onExistingAdopt, onExistingVerify, onExistingError}
	adoptOrVerify := []string{onExistingAdopt, onExistingVerify}
	exists := []wechatpay.Kind{wechatpay.KindPhoneImported, wechatpay.KindPhoneOrCodeExists, wechatpay.KindUserHasCard}
	return []adoptionRow{
		// A card that waits for confirmation is nobody's to adopt.
		{policies: all, kinds: []wechatpay.Kind{wechatpay.KindUserCardWaiting}, want: decideRefuseWaiting},
		// error refuses, whatever is known.
		{policies: []string{onExistingError}, kinds: exists, want: decideRefusePolicy},
		// The openid is known: the card is read, and what was read decides.
		{policies: adoptOrVerify, kinds: exists, openID: yes, readings: []reading{notRead}, want: decideRead},
		{policies: adoptOrVerify, kinds: exists, openID: yes, readings: []reading{readMatch}, want: decideAdoptVerified},
		{policies: adoptOrVerify, kinds: exists, openID: yes, readings: []reading{readOtherPhone, readOtherPickupTime, readNotFound}, want: decideRefuseMismatch},
		{policies: adoptOrVerify, kinds: exists, openID: yes, readings: []reading{readFailed}, want: decideRefuseUnread},
		// The openid is unknown, and nobody has proven the connection: nothing is adopted.
		{policies: adoptOrVerify, kinds: exists, openID: no, doubtful: yes, want: decideRefuseUnproven},
		// The openid is unknown: verify refuses; adopt adopts, but never the card that this run has released.
		{policies: []string{onExistingVerify}, kinds: exists, openID: no, doubtful: no, want: decideRefuseUnverified},
		{policies: []string{onExistingAdopt}, kinds: exists, openID: no, doubtful: no, releasedOtherCode: no, want: decideAdoptUnverified},
		{policies: []string{onExistingAdopt}, kinds: exists, openID: no, doubtful: no, releasedOtherCode: yes, want: decideRefuseReleased},
	}
}

func (r adoptionRow) applies(e adoptionFacts) bool {
	is := func(want *bool, got bool) bool { return want == nil || *want == got }
	return slices.Contains(r.policies, e.policy) && slices.Contains(r.kinds, e.kind) && is(r.openID, e.openIDKnown) &&
		is(r.doubtful, e.doubtful) && is(r.releasedOtherCode, e.releasedOtherCode) && (r.readings == nil || slices.Contains(r.readings, e.reading))
}

// everyFacts is every combination of what the decision depends on.
func everyFacts() []adoptionFacts {
	var all []adoptionFacts
	bools := []bool{false, true}
	for _, policy := range []string{onExistingAdopt, onExistingVerify, onExistingError} {
		for _, kind := range []wechatpay.Kind{wechatpay.KindPhoneImported, wechatpay.KindPhoneOrCodeExists, wechatpay.KindUserHasCard, wechatpay.KindUserCardWaiting} {
			for _, openID := range bools {
				for _, doubtful := range bools {
					for _, otherCode := range bools {
						for r := notRead; r <= readFailed; r++ {
							all = append(all, adoptionFacts{policy, kind, openID, doubtful, otherCode, r})
						}
					}
				}
			}
		}
	}
	return all
}

// Every combination of facts is in exactly one row, so that none is forgotten or described twice.
func TestDecideEveryCombination(t *testing.T) {
	t.Parallel()
	rows := adoptionTable()
	for _, facts := range everyFacts() {
		var matching []adoptionRow
		for _, r := range rows {
			if r.applies(facts) {
				matching = append(matching, r)
			}
		}
		if len(matching) != 1 {
			t.Errorf("%+v: %d rows of the table apply, want 1", facts, len(matching))
			continue
		}
		if got := decide(facts); got != matching[0].want {
			t.Errorf("%+v: decided %d, want %d", facts, got, matching[0].want)
		}
	}
}
