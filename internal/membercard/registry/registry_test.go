// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package registry_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/membercard/registry"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

const (
	phone      = "13800138000"
	otherPhone = "13800138999"
)

func claim(kind registry.Kind, value string) registry.Claim {
	return registry.Claim{BrandID: "1004", CardID: "p", Kind: kind, Value: value}
}

func owner(instance string) registry.Owner {
	return registry.Owner{Instance: instance, ID: "1004/p/" + instance}
}

// A claim belongs to the first resource that makes it, for each value of each template.
func TestOneResourceHasAClaim(t *testing.T) {
	t.Parallel()
	begin := func(r *registry.Registry, c registry.Claim, o registry.Owner) (registry.Owner, bool) {
		_, existing, ok := r.BeginImport([]registry.Claim{c}, o)
		return existing, ok
	}
	for name, claimIn := range map[string]func(*registry.Registry, registry.Claim, registry.Owner) (registry.Owner, bool){
		"planned": (*registry.Registry).ClaimPlanned, "imported": begin,
	} {
		for _, kind := range []registry.Kind{registry.UserCardCode, registry.OpenID, registry.PhoneNumber} {
			r := registry.New()
			if _, ok := claimIn(r, claim(kind, "v"), owner("a")); !ok {
				t.Errorf("%s, %s: the first claim is refused", name, kind)
			}
			if _, ok := claimIn(r, claim(kind, "v"), owner("a")); !ok {
				t.Errorf("%s, %s: the same resource may not claim twice", name, kind)
			}
			if existing, ok := claimIn(r, claim(kind, "v"), owner("b")); ok || existing != owner("a") {
				t.Errorf("%s, %s: a second resource has the claim, or the owner is %v", name, kind, existing)
			}
			if _, ok := claimIn(r, claim(kind, "w"), owner("b")); !ok {
				t.Errorf("%s, %s: another value is refused", name, kind)
			}
			other := claim(kind, "v")
			other.CardID = "q"
			if _, ok := claimIn(r, other, owner("b")); !ok {
				t.Errorf("%s, %s: another template is refused", name, kind)
			}
		}
	}
}

// Plans and imports do not share claims: what is planned may be imported.
func TestPlannedAndImportedClaimsAreApart(t *testing.T) {
	t.Parallel()
	r, code := registry.New(), claim(registry.UserCardCode, "v")
	r.ClaimPlanned(code, owner("a"))
	if _, ok := r.ImportedBy(code); ok {
		t.Error("a planned member counts as imported")
	}
	if _, _, ok := r.BeginImport([]registry.Claim{code}, owner("b")); !ok {
		t.Error("a planned claim prevents an import")
	}
}

// Who has a member follows from what became of the import, and an import without an end counts
// as one whose outcome is unknown.
func TestImportedBy(t *testing.T) {
	t.Parallel()
	code, number := claim(registry.UserCardCode, "v"), claim(registry.PhoneNumber, phone)
	claims := []registry.Claim{code, number}
	for name, c := range map[string]struct {
		end          func(*registry.Registry)
		done, failed bool
	}{
		"under way, or unknown": {func(*registry.Registry) {}, false, false},
		"done":                  {func(r *registry.Registry) { r.FinishImport(claims, owner("a")) }, true, false},
		"certainly failed":      {func(r *registry.Registry) { r.AbortImport(claims, owner("a")) }, false, true},
		"another one's failure": {func(r *registry.Registry) { r.AbortImport(claims, owner("b")) }, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := registry.New()
			r.BeginImport(claims, owner("a"))
			c.end(r)
			for _, claimed := range claims {
				i, found := r.ImportedBy(claimed)
				if want := (registry.Import{Owner: owner("a"), Done: c.done, Failed: c.failed}); !found || i != want {
					t.Errorf("%s: found %t, %+v", claimed.Kind, found, i)
				}
			}
			if _, _, ok := r.BeginImport(claims, owner("b")); ok != c.failed {
				t.Errorf("another resource may import: %t", ok)
			}
		})
	}
}

// An import that is refused for one of its claims keeps none of them.
func TestClaimsOfAnImportAreAllOrNone(t *testing.T) {
	t.Parallel()
	r, code, number := registry.New(), claim(registry.UserCardCode, "w"), claim(registry.PhoneNumber, phone)
	r.BeginImport([]registry.Claim{number}, owner("a"))
	if taken, existing, ok := r.BeginImport([]registry.Claim{code, number}, owner("b")); ok || taken != number || existing != owner("a") {
		t.Errorf("taken %v, by %v, %t", taken, existing, ok)
	}
	if i, ok := r.ImportedBy(code); ok {
		t.Errorf("the refused import has the code: %v", i)
	}
}

func TestOfManyClaimsAtATimeOneWins(t *testing.T) {
	t.Parallel()
	r := registry.New()
	var won atomic.Int32
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			if _, ok := r.ClaimPlanned(claim(registry.UserCardCode, "v"), owner(fmt.Sprint(i))); ok {
				won.Add(1)
			}
		})
	}
	wg.Wait()
	if n := won.Load(); n != 1 {
		t.Errorf("%d resources have one claim", n)
	}
}

func TestOwnerIsNamed(t *testing.T) {
	t.Parallel()
	if got := owner("a").Name(); got != "1004/p/a" {
		t.Errorf("the name is %q", got)
	}
	if got := (registry.Owner{Instance: "a"}).Name(); got != "one whose code is not known yet" {
		t.Errorf("the name of an owner without an id is %q", got)
	}
}

func card(code string, phone wechatpay.Personal, masked string) registry.Card {
	return registry.Card{Ref: wechatpay.CardRef{BrandID: "1004", CardID: "p", UserCardCode: code, OpenID: "o" + code}, Phone: phone, Masked: masked}
}

// Two cards may have one phone number when the numbers, or else the masked ones, are the same.
func TestPhoneNumbersOfCards(t *testing.T) {
	t.Parallel()
	const masked, otherMasked = "138****8000", "138****8999"
	for name, c := range map[string]struct {
		a, b              registry.Card
		mayHave, hasOther bool
	}{
		"the same number":              {card("1", phone, masked), card("2", phone, masked), true, false},
		"other numbers, one mask":      {card("1", phone, masked), card("2", "13900138000", masked), false, true},
		"other numbers":                {card("1", phone, masked), card("2", otherPhone, otherMasked), false, true},
		"one in no state, one mask":    {card("1", "", masked), card("2", phone, masked), true, false},
		"one in no state, other masks": {card("1", "", masked), card("2", otherPhone, otherMasked), false, true},
		"both in no state, one mask":   {card("1", "", masked), card("2", "", masked), true, false},
		"one without a number":         {card("1", "", ""), card("2", phone, masked), false, false},
		"both without a number":        {card("1", "", ""), card("2", "", ""), false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, pair := range [][2]registry.Card{{c.a, c.b}, {c.b, c.a}} {
				if got := pair[0].MayHavePhoneOf(pair[1]); got != c.mayHave {
					t.Errorf("may have it: %t", got)
				}
				if got := pair[0].HasOtherPhoneThan(pair[1]); got != c.hasOther {
					t.Errorf("has another one: %t", got)
				}
			}
		})
	}
}

// A released card is found by its phone number under another code, and by its code.
func TestReleasedCards(t *testing.T) {
	t.Parallel()
	r := registry.New()
	released := card("old", phone, "138****8000")
	r.Release(released)
	if got, ok := r.ReleasedWithPhone(card("new", phone, "138****8000")); !ok || got != released {
		t.Errorf("by its phone number: %v, %t", got, ok)
	}
	if got, ok := r.ReleasedWithCode(card("old", otherPhone, "138****8999")); !ok || got != released {
		t.Errorf("by its code: %v, %t", got, ok)
	}
	otherTemplate := card("new", phone, "138****8000")
	otherTemplate.Ref.CardID = "q"
	for name, c := range map[string]registry.Card{
		"another phone number": card("new", otherPhone, "138****8999"), "no phone number": card("new", "", ""),
		"another template": otherTemplate, "its own code": released,
	} {
		if _, ok := r.ReleasedWithPhone(c); ok {
			t.Errorf("%s: found by the phone number", name)
		}
	}
	if _, ok := r.ReleasedWithCode(card("new", phone, "138****8000")); ok {
		t.Error("found by another code")
	}
}

func TestAdoptedWithPhone(t *testing.T) {
	t.Parallel()
	r := registry.New()
	r.AdoptUnverified(card("new", phone, "138****8000"))
	if !r.AdoptedWithPhone(card("old", phone, "138****8000")) {
		t.Error("the phone number was adopted under another code, and is not found")
	}
	if r.AdoptedWithPhone(card("new", phone, "138****8000")) || r.AdoptedWithPhone(card("old", otherPhone, "138****8999")) {
		t.Error("the same code, or another phone number, is found")
	}
}

// A conflict is found in either order, and of several the most specific one.
func TestConflicts(t *testing.T) {
	t.Parallel()
	code, number := claim(registry.UserCardCode, "v"), claim(registry.PhoneNumber, phone)
	ref := wechatpay.CardRef{BrandID: "1004", CardID: "p", UserCardCode: "v", OpenID: "oUser"}
	for name, c := range map[string]struct {
		remove        registry.PlannedDelete
		upsert        registry.PlannedUpsert
		removeClaims  []registry.Claim
		upsertClaims  []registry.Claim
		want          registry.Kind // empty: no conflict
		deletesOnlyIt bool
	}{
		"one code, imported anew": {
			registry.PlannedDelete{Owner: owner("a"), Card: ref}, registry.PlannedUpsert{Owner: owner("b"), IsNew: true},
			[]registry.Claim{code, number}, []registry.Claim{code, number}, registry.UserCardCode, false,
		},
		"one phone number, imported anew": {
			registry.PlannedDelete{Owner: owner("a"), Card: ref}, registry.PlannedUpsert{Owner: owner("b"), IsNew: true},
			[]registry.Claim{code, number}, []registry.Claim{claim(registry.UserCardCode, "w"), number}, registry.PhoneNumber, false,
		},
		"one code, and the other stays": {
			registry.PlannedDelete{Owner: owner("a"), Card: ref}, registry.PlannedUpsert{Owner: owner("b")},
			[]registry.Claim{code}, []registry.Claim{code}, "", false,
		},
		"one code, invalidated, and the other stays": {
			registry.PlannedDelete{Owner: owner("a"), Card: ref, Invalidates: true}, registry.PlannedUpsert{Owner: owner("b")},
			[]registry.Claim{code}, []registry.Claim{code}, registry.UserCardCode, false,
		},
		"one phone number, invalidated, and the other stays": {
			registry.PlannedDelete{Owner: owner("a"), Card: ref, Invalidates: true}, registry.PlannedUpsert{Owner: owner("b")},
			[]registry.Claim{number}, []registry.Claim{number}, "", false,
		},
		"one resource, planned as a replacement": {
			registry.PlannedDelete{Owner: owner("a"), Card: ref}, registry.PlannedUpsert{Owner: owner("a"), IsNew: true},
			[]registry.Claim{code}, []registry.Claim{code}, "", false,
		},
		"the only card of an unverified member": {
			registry.PlannedDelete{Owner: owner("a"), Card: ref}, registry.PlannedUpsert{Owner: owner("b"), Unverified: true},
			[]registry.Claim{number}, []registry.Claim{number}, registry.PhoneNumber, true,
		},
		"the only card of an unverified member, its openid unknown": {
			registry.PlannedDelete{Owner: owner("a")}, registry.PlannedUpsert{Owner: owner("b"), Unverified: true},
			[]registry.Claim{number}, []registry.Claim{number}, "", false,
		},
		"nothing in common": {
			registry.PlannedDelete{Owner: owner("a"), Card: ref, Invalidates: true}, registry.PlannedUpsert{Owner: owner("b"), IsNew: true},
			[]registry.Claim{code}, []registry.Claim{claim(registry.UserCardCode, "w")}, "", false,
		},
	} {
		for order, deleteFirst := range map[string]bool{"the delete first": true, "the upsert first": false} {
			t.Run(name+", "+order, func(t *testing.T) {
				t.Parallel()
				r := registry.New()
				var conflict registry.Conflict
				var found bool
				for i := range 2 {
					if found {
						t.Fatalf("a conflict with what is not planned yet: %+v", conflict)
					}
					if (i == 0) == deleteFirst {
						conflict, found = r.RegisterDelete(c.remove, c.removeClaims)
					} else {
						conflict, found = r.RegisterUpsert(c.upsert, c.upsertClaims)
					}
				}
				if found != (c.want != "") {
					t.Fatalf("found %t: %+v", found, conflict)
				}
				if !found {
					return
				}
				if conflict.Claim.Kind != c.want || conflict.Delete != c.remove || conflict.Upsert != c.upsert {
					t.Errorf("want a conflict of %s, got %+v", c.want, conflict)
				}
				if got := conflict.DeletesOnlyCard(); got != c.deletesOnlyIt {
					t.Errorf("deletes the only card: %t", got)
				}
			})
		}
	}
}
