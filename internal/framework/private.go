// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package framework

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// This file keeps what Terraform stores beside a resource for the provider only. Nothing
// personal may be kept there: private state is not encrypted and not marked as sensitive.

// PrivateGetter is the private state that a request carries.
type PrivateGetter interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

// PrivateSetter is the private state that a response carries.
type PrivateSetter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// GetPrivate reads a value into out; false means that there is none that can be read.
func GetPrivate(ctx context.Context, private PrivateGetter, key string, out any, diags *diag.Diagnostics) bool {
	raw, d := private.GetKey(ctx, key)
	diags.Append(d...)
	return len(raw) > 0 && json.Unmarshal(raw, out) == nil
}

// SetPrivate stores a value as JSON; nil removes it.
func SetPrivate(ctx context.Context, private PrivateSetter, key string, value any, diags *diag.Diagnostics) {
	if value == nil {
		diags.Append(private.SetKey(ctx, key, nil)...)
		return
	}
	raw, err := json.Marshal(value)
	if err != nil {
		diags.AddError("The provider could not store its own data", err.Error())
		return
	}
	diags.Append(private.SetKey(ctx, key, raw)...)
}

// PrivateInstance is the key of the token that tells one resource from another within a run.
const PrivateInstance = "instance"

// Instance is that token. Terraform plans a replacement twice and hands the first call's planned
// private data to the second.
func Instance(ctx context.Context, prior PrivateGetter, next PrivateSetter, diags *diag.Diagnostics) string {
	var instance string
	if GetPrivate(ctx, prior, PrivateInstance, &instance, diags) {
		return instance
	}
	instance = NewInstance()
	SetPrivate(ctx, next, PrivateInstance, instance, diags)
	return instance
}

// NewInstance returns a token of 60 random bits: among 50,000 members two have the same with a
// probability of one in 900 million. Each resource's state has one, so that it is short.
func NewInstance() string { return rand.Text()[:12] }

// privateReadTime is the key of the time at which an object was last read.
const privateReadTime = "reading"

// SetReadTime remembers when the object was read, in seconds: the state of every object has it.
func SetReadTime(ctx context.Context, private PrivateSetter, at time.Time, diags *diag.Diagnostics) {
	SetPrivate(ctx, private, privateReadTime, at.Unix(), diags)
}

// ClearReadTime makes the next refresh read the object, however recently it was read.
func ClearReadTime(ctx context.Context, private PrivateSetter, diags *diag.Diagnostics) {
	SetPrivate(ctx, private, privateReadTime, nil, diags)
}

// ReadWithin reports whether the object was read less than interval before now. A time in the
// future, as a wrong clock leaves behind, does not count.
func ReadWithin(ctx context.Context, private PrivateGetter, interval time.Duration, now time.Time, diags *diag.Diagnostics) bool {
	var stored readTime
	if interval <= 0 || !GetPrivate(ctx, private, privateReadTime, &stored, diags) {
		return false
	}
	age := now.Sub(time.Time(stored))
	return age >= 0 && age < interval
}

// readTime is a time in private state: seconds since 1970, or RFC 3339 in states of earlier builds.
type readTime time.Time

// UnmarshalJSON implements json.Unmarshaler.
func (t *readTime) UnmarshalJSON(raw []byte) error {
	var seconds int64
	if err := json.Unmarshal(raw, &seconds); err == nil {
		*t = readTime(time.Unix(seconds, 0))
		return nil
	}
	return json.Unmarshal(raw, (*time.Time)(t))
}
