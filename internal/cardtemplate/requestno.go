// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package cardtemplate

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
)

// registry is what the template resources of one run tell one another. It is safe for
// concurrent use.
type registry struct {
	mu sync.Mutex
	// claims are the resources that have, or will have, a number, by numberKey.
	claims map[string]claim
	// released are templates that this run has taken out of the state, and owned those that a
	// resource of this run has just created or adopted; by resourceID.
	released map[string]bool
	owned    map[string]bool
}

func newRegistry() *registry {
	return &registry{claims: map[string]claim{}, released: map[string]bool{}, owned: map[string]bool{}}
}

// claim is a resource's claim to a number.
type claim struct {
	// instance tells one resource from another.
	instance string
	// creates is whether the resource is about to make a template with the number.
	creates bool
}

// claim claims a number for a resource. It returns false where another resource has claimed it
// and one of both is about to make a template.
func (r *registry) claim(key string, c claim) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	other, ok := r.claims[key]
	if ok && other.instance != c.instance {
		return !other.creates && !c.creates
	}
	r.claims[key] = c
	return true
}

// release notes that a template has left the state. It returns false where a resource of this
// run has just created or adopted that very template.
func (r *registry) release(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.released[id] = true
	return !r.owned[id]
}

func (r *registry) isReleased(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.released[id]
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
	if end := strings.LastIndex(number, "-"); end >= 0 && strings.HasPrefix(number, derivedPrefix) {
		number = number[:end]
	}
	return brandID + "\x00" + number
}

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
