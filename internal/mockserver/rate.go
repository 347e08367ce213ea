// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"sync"
	"time"
)

// rateLimit accepts no more than a number of requests within any window of
// time, for each merchant number.
type rateLimit struct {
	limit  int
	window time.Duration

	mu       sync.Mutex
	accepted map[string][]time.Time
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

// accept reports whether the request may pass; only one that does counts.
func (l *rateLimit) accept(mchID string, now time.Time) bool {
	if l.limit == 0 {
		return true
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	recent := l.accepted[mchID][:0]
	for _, at := range l.accepted[mchID] {
		if now.Sub(at) < l.window {
			recent = append(recent, at)
		}
	}
	ok := len(recent) < l.limit
	if ok {
		recent = append(recent, now)
	}
	if l.accepted == nil {
		l.accepted = map[string][]time.Time{}
	}
	l.accepted[mchID] = recent
	return ok
}
