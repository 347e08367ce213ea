// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package cardtemplate

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
)

// registry is what the template resources of one run tell one another. It is safe for
// concurrent use.
type registry struct {
	mu sync.Mutex
	// claims are what the resources of the run plan with a number, by numberKey.
	claims map[string]claim
	// released are templates that this run has taken out of the state, and owned those that a
	// resource of this run has just created or adopted; by resourceID.
	released map[string]bool
	owned    map[string]bool
	// counters are the highest derived numbers of released templates, by numberKey.
	counters map[string]int
}

func newRegistry() *registry {
	return &registry{claims: map[string]claim{}, released: map[string]bool{}, owned: map[string]bool{}, counters: map[string]int{}}
}

// claim is what a resource plans with a number.
type claim struct {
	// instance tells one resource from another.
	instance string
	use      numberUse
}

// numberUse is what becomes of the template with a number.
type numberUse int

const (
	numberKept numberUse = iota
	numberCreated
	numberDestroyed
)

// claim claims a number for a resource. Where another resource has claimed it, and one of both
// is about to make a template, it returns the other claim and false.
func (r *registry) claim(key string, c claim) (other claim, ok bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	other, claimed := r.claims[key]
	if claimed && other.instance != c.instance {
		return other, other.use != numberCreated && c.use != numberCreated
	}
	r.claims[key] = c
	return claim{}, true
}

// release notes that a template has left the state, so that no resource of this run adopts it
// again, or its number.
func (r *registry) release(t *template) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.released[framework.Text(t.ID)] = true
	number := framework.Text(t.OutRequestNo)
	if n := derivedCounter(number); n > 0 {
		key := numberKey(framework.Text(t.BrandID), number)
		r.counters[key] = max(r.counters[key], n)
	}
}

func (r *registry) isReleased(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.released[id]
}

// releasedCounter is the counter of the highest derived number that this run has released; 0 where
// it has released none.
func (r *registry) releasedCounter(key string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.counters[key]
}

// own notes that a resource of this run manages a template now.
func (r *registry) own(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.owned[id] = true
}

// isOwned reports whether a resource of this run has just created or adopted a template.
func (r *registry) isOwned(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.owned[id]
}

// numberKey is what a resource claims of a number: the counter of a derived one may go on.
func numberKey(brandID, number string) string {
	if derivedPattern.MatchString(number) {
		number = number[:strings.LastIndex(number, "-")]
	}
	return brandID + "\x00" + number
}

// derivedCounter is the counter of a derived number, and 0 of any other number.
func derivedCounter(number string) int {
	if !derivedPattern.MatchString(number) {
		return 0
	}
	n, err := strconv.Atoi(number[strings.LastIndex(number, "-")+1:])
	if err != nil {
		return 0
	}
	return n
}

// derivedPattern matches what derivedNumber returns.
var derivedPattern = regexp.MustCompile(`^terraform-[0-9a-f]{24}-[0-9]+$`)

// derivedPrefix makes derived numbers recognisable to people.
const derivedPrefix = "terraform-"

// derivedKey is what a number is derived from; empty while a part of it is not known.
func derivedKey(t *template) string {
	if !framework.Known(t.BrandID) || !framework.Known(t.AppID) || !framework.Known(t.CardTitle) {
		return ""
	}
	return framework.Text(t.BrandID) + "\x00" + framework.Text(t.AppID) + "\x00" + framework.Text(t.CardTitle)
}

// derivedNumber is the n-th out_request_no that is derived from a key, counted from 1.
func derivedNumber(key string, n int) string {
	sum := sha256.Sum256([]byte(key))
	return fmt.Sprintf("%s%s-%d", derivedPrefix, hex.EncodeToString(sum[:12]), n)
}
