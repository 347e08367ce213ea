// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"context"
	"time"
)

// Events carry neither bodies, headers, queries nor paths: a path has the member's code in
// it and a query the openid. What comes from WeChat Pay has been masked and cut before.

func (c *Client) logAttempt(ctx context.Context, cl *call, a *attempt, n int, took time.Duration, r attemptResult) {
	if c.cfg.Log == nil {
		return
	}
	fields := map[string]any{
		"operation":   string(cl.operation),
		"endpoint":    r.endpoint,
		"attempt":     n,
		"outcome":     string(r.outcome),
		"duration_ms": took.Milliseconds(),
	}
	if e := r.err; e != nil {
		fields["kind"] = string(e.Kind)
		fields["status"] = e.StatusCode
		fields["code"] = e.Code
		fields["request_id"] = e.RequestID
		if e.Err != nil {
			fields["reason"] = e.Err.Error()
		}
	} else {
		fields["status"] = r.status
		fields["request_id"] = a.requestID(&cl.masker)
	}
	c.cfg.Log(ctx, "WeChat Pay attempt", fields)
}

func (c *Client) logWait(ctx context.Context, cl *call, why string, wait time.Duration) {
	if c.cfg.Log == nil {
		return
	}
	c.cfg.Log(ctx, "WeChat Pay wait", map[string]any{
		"operation": string(cl.operation),
		"why":       why,
		"wait_ms":   wait.Milliseconds(),
	})
}

func (c *Client) logFailover(ctx context.Context, cl *call, from, to string) {
	if c.cfg.Log == nil {
		return
	}
	c.cfg.Log(ctx, "WeChat Pay failover", map[string]any{
		"operation": string(cl.operation),
		"from":      from,
		"to":        to,
	})
}
