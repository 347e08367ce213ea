// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package framework

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// DefaultTimeout is how long an operation may take where timeouts does not say. It leaves
// room for the wait that the rate limit imposes on a large apply.
const DefaultTimeout = 20 * time.Minute

// TimeoutsAttribute is the attribute timeouts of the library, with descriptions.
func TimeoutsAttribute(ctx context.Context) schema.Attribute {
	attribute := timeouts.Attributes(ctx, timeouts.Opts{
		Create: true, Read: true, Update: true, Delete: true,
		CreateDescription: "How long creating may take, with all retries and the wait for the rate limit, for instance `10m`. Default `20m`. A request that has been sent is awaited nevertheless.",
		ReadDescription:   "How long reading may take, with all retries and the wait for the rate limit. Default `20m`.",
		UpdateDescription: "How long updating may take, with all retries and the wait for the rate limit. Default `20m`.",
		DeleteDescription: "How long destroying may take, with all retries and the wait for the rate limit. Default `20m`. It counts only once it is applied.",
	})
	if nested, ok := attribute.(schema.SingleNestedAttribute); ok {
		nested.MarkdownDescription = "How long each operation may take in all, as durations such as `10m` or `1h30m`."
		return nested
	}
	return attribute
}

// NoTimeouts is the attribute timeouts where none is configured.
func NoTimeouts() timeouts.Value {
	return timeouts.Value{Object: types.ObjectNull(map[string]attr.Type{
		"create": types.StringType, "read": types.StringType, "update": types.StringType, "delete": types.StringType,
	})}
}

// ValidateTimeouts refuses a timeout that leaves no time. The attribute's own validator
// checks that each is a duration.
func ValidateTimeouts(configured timeouts.Value, diags *diag.Diagnostics) {
	for name, value := range configured.Attributes() {
		s, ok := value.(types.String)
		if !ok || !Known(s) {
			continue
		}
		if d, err := time.ParseDuration(Text(s)); err == nil && d <= 0 {
			diags.AddAttributeError(path.Root("timeouts").AtName(name), "A timeout leaves no time",
				"A timeout must be longer than zero, for instance \"10m\". Leave it out for the default of 20 minutes.")
		}
	}
}

// WithTimeout ends the context of an operation after the configured time, or after
// DefaultTimeout. configured is the method of timeouts.Value for the operation. ok is false
// after an error was added; cancel is to be deferred in any case.
func WithTimeout(ctx context.Context, configured func(context.Context, time.Duration) (time.Duration, diag.Diagnostics), diags *diag.Diagnostics) (limited context.Context, cancel context.CancelFunc, ok bool) {
	timeout, d := configured(ctx, DefaultTimeout)
	diags.Append(d...)
	limited, cancel = context.WithTimeout(ctx, timeout)
	return limited, cancel, !d.HasError()
}
