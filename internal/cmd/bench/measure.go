// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/sandbox"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/terraformcli"
)

// unlimited is the provider's own limit where the mock has none.
const unlimited = "1000"

// configuration applies members from nothing against a mock of their own, and plans them
// again: with every card read, and with none.
func (b *bench) configuration(ctx context.Context, members int, write func(*terraformcli.Workspace) error) (took timing, err error) {
	mock, err := mockserver.Start(mockserver.Options{Keys: b.keys})
	if err != nil {
		return timing{}, err
	}
	defer func() { err = errors.Join(err, mock.Close()) }()
	w, err := (&sandbox.Sandbox{Mock: mock, CLI: b.cli}).Workspace("members")
	if err != nil {
		return timing{}, err
	}
	w.Setenv("WECHATPAY_REQUESTS_PER_SECOND", unlimited)
	if err := write(w); err != nil {
		return timing{}, err
	}
	if took, err = b.fromNothing(ctx, w); err != nil {
		return timing{}, err
	}
	if held := len(mock.Cards()); held != members {
		return timing{}, fmt.Errorf("WeChat Pay holds %d cards after %d imports", held, members)
	}
	for interval, step := range map[string]struct {
		took     *cost
		requests int
	}{"0s": {&took.unchanged, members}, "24h": {&took.fresh, 0}} {
		// The environment does not count where the provider block says it.
		if err := w.WriteFile("interval_override.tf", fmt.Sprintf("provider \"wechatpay\" {\n  refresh_interval = %q\n}\n", interval)); err != nil {
			return timing{}, err
		}
		*step.took, err = b.fastest(func() (cost, error) {
			mock.ResetRequests()
			took, err := b.unchanged(ctx, w)
			if sent := len(mock.Requests()); err == nil && sent != step.requests {
				err = fmt.Errorf("a plan of %d unchanged members with refresh_interval %s sent %d requests, not %d", members, interval, sent, step.requests)
			}
			return took, err
		})
		if err != nil {
			return timing{}, err
		}
	}
	return took, nil
}

// data applies as many terraform_data from nothing, and plans them again.
func (b *bench) data(ctx context.Context, l layout) (timing, error) {
	w, err := b.cli.Workspace("terraform-data")
	if err != nil {
		return timing{}, err
	}
	if err := w.WriteFile("main.tf", dataConfig(l.members, l.blocks)); err != nil {
		return timing{}, err
	}
	took, err := b.fromNothing(ctx, w)
	if err != nil {
		return timing{}, err
	}
	took.unchanged, err = b.fastest(func() (cost, error) { return b.unchanged(ctx, w) })
	return took, err
}

// fromNothing plans and applies a configuration for the first time.
func (b *bench) fromNothing(ctx context.Context, w *terraformcli.Workspace) (timing, error) {
	if _, err := w.Init(ctx); err != nil {
		return timing{}, err
	}
	_, planned, err := w.Plan(ctx, b.atATime(), "-out=tfplan")
	if err != nil {
		return timing{}, err
	}
	applied, err := w.Apply(ctx, b.atATime(), "tfplan")
	if err != nil {
		return timing{}, err
	}
	return timing{plan: costOf(planned), apply: costOf(applied)}, nil
}

// unchanged plans a configuration that is applied.
func (b *bench) unchanged(ctx context.Context, w *terraformcli.Workspace) (cost, error) {
	changes, planned, err := w.Plan(ctx, b.atATime())
	if err == nil && changes {
		err = errors.New("the second plan is not empty")
	}
	return costOf(planned), err
}

func (b *bench) atATime() string { return fmt.Sprintf("-parallelism=%d", b.parallelism) }

// fastest returns the lowest cost of all rounds: other work on the machine only adds to it.
func (b *bench) fastest(measure func() (cost, error)) (cost, error) {
	var best cost
	for round := range b.rounds {
		took, err := measure()
		if err != nil {
			return cost{}, err
		}
		if round == 0 {
			best = took
		}
		best = cost{min(best.wall, took.wall), min(best.processor, took.processor), min(best.memory, took.memory)}
	}
	return best, nil
}

// cost is what one command took. Where other work keeps the machine busy, processor time is
// what can still be compared.
type cost struct {
	wall time.Duration
	// processor is Terraform's and the provider's; the mock is in neither.
	processor time.Duration
	// memory in bytes is that of the larger of the two, 0 where the system does not say.
	memory int64
}

func costOf(result *terraformcli.Result) cost {
	if result == nil {
		return cost{}
	}
	return cost{result.Duration, result.Processor, result.Memory}
}

func (c cost) per(members int) cost {
	n := time.Duration(members)
	return cost{wall: c.wall / n, processor: c.processor / n}
}

func (c cost) minus(other cost) cost {
	return cost{c.wall - other.wall, c.processor - other.processor, c.memory - other.memory}
}
