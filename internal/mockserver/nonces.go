// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"sync"
	"time"
)

// nonces remembers the nonces of the last minutes. Its memory is bounded by
// time: two generations, of which the older is dropped whole.
type nonces struct {
	mu            sync.Mutex
	since         time.Time
	young, elders map[string]struct{}
}

// use reports whether the nonce is new, and remembers it for at least nonceMemory.
func (n *nonces) use(nonce string, now time.Time) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.young == nil {
		n.young, n.since = map[string]struct{}{}, now
	}
	if age := now.Sub(n.since); age > nonceMemory {
		n.elders, n.young, n.since = n.young, map[string]struct{}{}, now
		if age > 2*nonceMemory {
			n.elders = nil
		}
	}
	if _, seen := n.young[nonce]; seen {
		return false
	}
	if _, seen := n.elders[nonce]; seen {
		return false
	}
	n.young[nonce] = struct{}{}
	return true
}
