// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Package lookup keeps the card templates that one run has looked up, or plans to make, so
// that a thousand members ask for their template once. It makes one kind of call, reading a
// template, and knows no Terraform type. It is a package of its own because members and templates
// share it, and must not depend on one another.
package lookup

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// Key names a card template.
type Key struct{ BrandID, CardID string }

// Templates is one run's. Its zero value is ready; it is safe for concurrent use.
type Templates struct {
	mu      sync.Mutex
	results map[Key]*Result
}

// New returns an empty store.
func New() *Templates { return &Templates{} }

// Result is what looking a template up came to. Template is nil where Err is not.
type Result struct {
	once           sync.Once
	done, reported atomic.Bool

	Template *wechatpay.CardTemplate
	Err      error
}

// Get looks a template up, once a run. Callers that come meanwhile wait for the first one.
func (t *Templates) Get(ctx context.Context, client wechatpay.API, key Key) *Result {
	result := t.result(key)
	result.once.Do(func() {
		result.Template, result.Err = client.GetCardTemplate(ctx, key.BrandID, key.CardID)
		result.done.Store(true)
	})
	return result
}

// Known returns what is known about a template without looking it up: nil where it was not.
func (t *Templates) Known(key Key) *Result {
	t.mu.Lock()
	defer t.mu.Unlock()
	if result, ok := t.results[key]; ok && result.done.Load() {
		return result
	}
	return nil
}

// Set makes a template known without a look-up: one that this run plans to change, has just
// made, or has just read.
func (t *Templates) Set(template *wechatpay.CardTemplate) {
	t.set(Key{template.BrandID, template.CardID}, &Result{Template: template})
}

// SetError makes known that there is no such template: another call was answered so.
func (t *Templates) SetError(key Key, err error) { t.set(key, &Result{Err: err}) }

func (t *Templates) set(key Key, result *Result) {
	result.once.Do(func() {})
	result.done.Store(true)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.results == nil {
		t.results = map[Key]*Result{}
	}
	t.results[key] = result
}

func (t *Templates) result(key Key) *Result {
	t.mu.Lock()
	defer t.mu.Unlock()
	result, ok := t.results[key]
	if !ok {
		if t.results == nil {
			t.results = map[Key]*Result{}
		}
		result = &Result{}
		t.results[key] = result
	}
	return result
}

// ReportOnce is true the first time that it is called.
func (r *Result) ReportOnce() bool { return !r.reported.Swap(true) }
