// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"context"
	"encoding/json"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// This file keeps what Terraform stores beside a resource for the provider alone.
// Nothing personal is kept there.

// The keys of private data.
const (
	// privateInstance tells one resource from another within a run.
	privateInstance = "instance"
	// privateReading is when the card was last read.
	privateReading = "reading"
	// privateImported marks a state that an import has made and that was not read yet.
	privateImported = "imported"
	// privatePending names the attributes that a modify call still has to carry.
	privatePending = "pending"
)

type privateGetter interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

type privateSetter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// getPrivate reads a value into out; false means that there is none that can be read.
func getPrivate(ctx context.Context, private privateGetter, key string, out any, diags *diag.Diagnostics) bool {
	raw, d := private.GetKey(ctx, key)
	diags.Append(d...)
	return len(raw) > 0 && json.Unmarshal(raw, out) == nil
}

// setPrivate stores a value; nil removes it.
func setPrivate(ctx context.Context, private privateSetter, key string, value any, diags *diag.Diagnostics) {
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

// setReading remembers when the card was read.
func setReading(ctx context.Context, private privateSetter, at time.Time, diags *diag.Diagnostics) {
	setPrivate(ctx, private, privateReading, at.UTC().Format(time.RFC3339), diags)
}

// forgetReading has the next refresh read the card, however lately it was read.
func forgetReading(ctx context.Context, private privateSetter, diags *diag.Diagnostics) {
	setPrivate(ctx, private, privateReading, nil, diags)
}

// readWithin reports whether the card was read less than interval before now. A time of
// reading in the future, as a wrong clock leaves behind, does not count.
func readWithin(ctx context.Context, private privateGetter, interval time.Duration, now time.Time, diags *diag.Diagnostics) bool {
	var stored string
	if interval <= 0 || !getPrivate(ctx, private, privateReading, &stored, diags) {
		return false
	}
	at, err := time.Parse(time.RFC3339, stored)
	if err != nil {
		return false
	}
	age := now.Sub(at)
	return age >= 0 && age < interval
}
