// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"slices"
	"sync"
	"time"
)

// rateLimit accepts at most limit requests within any window of time.
type rateLimit struct {
	limit  int
	window time.Duration

	mu       sync.Mutex
	accepted []time.Time
}

func newRateLimit(perSecond float64) *rateLimit {
	switch {
	case perSecond <= 0:
		return &rateLimit{}
	case perSecond < 1:
		return &rateLimit{limit: 1, window: time.Duration(float64(time.Second) / perSecond)}
	}
	return &rateLimit{limit: int(perSecond), window: time.Second}
}

// accept reports whether the request is within the limit. A refused request
// does not count towards it.
func (l *rateLimit) accept(now time.Time) bool {
	if l.limit == 0 {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.accepted = slices.DeleteFunc(l.accepted, func(at time.Time) bool { return now.Sub(at) >= l.window })
	if len(l.accepted) >= l.limit {
		return false
	}
	l.accepted = append(l.accepted, now)
	return true
}
