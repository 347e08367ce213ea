// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"sync"
	"time"
)

// failoverTime is how long the backup host is used before the main one is tried again.
const failoverTime = time.Minute

// hosts says which of the two access points requests go to. Path, signature and keys are
// the same on both. All callers share it.
type hosts struct {
	main, backup string
	now          func() time.Time

	mu        sync.Mutex
	awayUntil time.Time
}

// pick returns the endpoint for the next attempt.
func (h *hosts) pick() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.backup != "" && h.now().Before(h.awayUntil) {
		return h.backup
	}
	return h.main
}

// unreachable records that no connection to endpoint could be made. It returns the host to
// try at once, or "" when there is none.
func (h *hosts) unreachable(endpoint string) (next string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.backup == "" {
		return ""
	}
	if endpoint == h.main {
		h.awayUntil = h.now().Add(failoverTime)
		return h.backup
	}
	// Perhaps neither can be reached: then the main one is tried again first.
	h.awayUntil = time.Time{}
	return ""
}
