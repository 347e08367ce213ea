// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"sync"
	"time"
)

// nonces remembers the nonces of the last minutes. Two sets bound its memory:
// when the current set has reached nonceMemory it becomes the previous set, and
// the previous set is dropped.
type nonces struct {
	mu sync.Mutex
	// since is when the current set was begun.
	since             time.Time
	current, previous map[string]struct{}
}

// use reports whether the nonce is new, and remembers it for at least nonceMemory.
func (n *nonces) use(nonce string, now time.Time) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.current == nil {
		n.current, n.since = map[string]struct{}{}, now
	}
	if age := now.Sub(n.since); age > nonceMemory {
		n.previous, n.current, n.since = n.current, map[string]struct{}{}, now
		if age > 2*nonceMemory {
			n.previous = nil
		}
	}
	if _, seen := n.current[nonce]; seen {
		return false
	}
	if _, seen := n.previous[nonce]; seen {
		return false
	}
	n.current[nonce] = struct{}{}
	return true
}
