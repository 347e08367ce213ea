// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"fmt"
	"slices"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// TestDecideEveryCombination holds the adoption decision against a table in which each row
// leaves open what does not matter to it. Every combination of facts must fall into exactly
// one row, so that none is forgotten and none is said twice.
func TestDecideEveryCombination(t *testing.T) {
	t.Parallel()
	type row struct {
		policies       []string // nil: any
		openID         *bool
		earlierUnknown *bool
		letGo          *bool
		readings       []reading
		want           decision
	}
	yes, no := new(bool), new(bool)
	*yes = true
	adoptOrVerify := []string{onExistingAdopt, onExistingVerify}
	rows := []row{
		// error refuses, whatever is known, unless the card is most likely our own.
		{policies: []string{onExistingError}, earlierUnknown: no, want: decideRefusePolicy},
		// The openid is known: the card is read, and what was read decides.
		{policies: adoptOrVerify, openID: yes, readings: []reading{notRead}, want: decideRead},
		{policies: adoptOrVerify, openID: yes, readings: []reading{readMatch}, want: decideAdoptVerified},
		{policies: adoptOrVerify, openID: yes, readings: []reading{readOtherPhone, readNotFound}, want: decideRefuseMismatch},
		{policies: adoptOrVerify, openID: yes, readings: []reading{readFailed}, want: decideRefuseUnread},
		// After an unknown outcome, error is handled like adopt.
		{policies: []string{onExistingError}, earlierUnknown: yes, openID: yes, readings: []reading{notRead}, want: decideRead},
		{policies: []string{onExistingError}, earlierUnknown: yes, openID: yes, readings: []reading{readMatch}, want: decideAdoptVerified},
		{policies: []string{onExistingError}, earlierUnknown: yes, openID: yes, readings: []reading{readOtherPhone, readNotFound}, want: decideRefuseMismatch},
		{policies: []string{onExistingError}, earlierUnknown: yes, openID: yes, readings: []reading{readFailed}, want: decideRefuseUnread},
		{policies: []string{onExistingError}, earlierUnknown: yes, openID: no, letGo: no, want: decideAdoptUnverified},
		{policies: []string{onExistingError}, earlierUnknown: yes, openID: no, letGo: yes, want: decideRefuseLetGo},
		// The openid is unknown: verify refuses, whatever happened before; adopt takes over,
		// but never the card that this run has let go.
		{policies: []string{onExistingVerify}, openID: no, want: decideRefuseUnverified},
		{policies: []string{onExistingAdopt}, openID: no, letGo: no, want: decideAdoptUnverified},
		{policies: []string{onExistingAdopt}, openID: no, letGo: yes, want: decideRefuseLetGo},
	}
	is := func(want *bool, got bool) bool { return want == nil || *want == got }
	bools := []bool{false, true}
	for _, policy := range []string{onExistingAdopt, onExistingVerify, onExistingError} {
		for _, kind := range []wechatpay.Kind{wechatpay.KindPhoneImported, wechatpay.KindPhoneOrCodeExists} {
			for _, openID := range bools {
				for _, unknown := range bools {
					for _, letGo := range bools {
						for read := notRead; read <= readFailed; read++ {
							facts := existing{policy, kind, openID, unknown, letGo, read}
							var matching []row
							for _, r := range rows {
								if (r.policies == nil || slices.Contains(r.policies, policy)) && is(r.openID, openID) &&
									is(r.earlierUnknown, unknown) && is(r.letGo, letGo) &&
									(r.readings == nil || slices.Contains(r.readings, read)) {
									matching = append(matching, r)
								}
							}
							name := fmt.Sprintf("%+v", facts)
							if len(matching) != 1 {
								t.Errorf("%s: %d rows of the table apply, want 1", name, len(matching))
								continue
							}
							if got := decide(facts); got != matching[0].want {
								t.Errorf("%s: decided %d, want %d", name, got, matching[0].want)
							}
						}
					}
				}
			}
		}
	}
}
