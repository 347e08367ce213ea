// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/sandbox"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/terraformcli"
)

// cost is what one command took. Where other work keeps the machine busy, processor time is
// what can still be compared.
type cost struct {
	wall time.Duration
	// processor is Terraform's and the provider's; the mock is in neither.
	processor time.Duration
	// memory in bytes is that of the larger of the two, 0 where the system does not say.
	memory int64
	// provider and providerMemory are the provider's only, 0 without a meter.
	provider       time.Duration
	providerMemory int64
}

// measure runs one command.
func measure(w *terraformcli.Workspace, command func() (*terraformcli.Result, error)) (cost, error) {
	if err := os.Remove(meterFile(w)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return cost{}, err
	}
	result, err := command()
	if err != nil {
		return cost{}, err
	}
	took := cost{wall: result.Duration, processor: result.Processor, memory: result.Memory}
	metered, err := os.ReadFile(meterFile(w))
	if errors.Is(err, fs.ErrNotExist) {
		return took, nil
	}
	for line := range strings.Lines(string(metered)) {
		var processor, memory int64
		if _, err := fmt.Sscan(line, &processor, &memory); err != nil {
			return cost{}, fmt.Errorf("what the meter wrote: %w", err)
		}
		took.provider += time.Duration(processor)
		took.providerMemory = max(took.providerMemory, memory)
	}
	return took, err
}

// meterFile is where the meter of a workspace writes.
func meterFile(w *terraformcli.Workspace) string {
	return filepath.Join(filepath.Dir(w.Dir()), "meter")
}

func (c cost) per(members int) cost {
	n := time.Duration(members)
	return cost{wall: c.wall / n, processor: c.processor / n, provider: c.provider / n}
}

func (c cost) minus(other cost) cost {
	return cost{wall: c.wall - other.wall, processor: c.processor - other.processor, memory: c.memory - other.memory}
}

// lower returns the lower of each cost, since other work on the machine only adds to it; the
// other cost where this is the first.
func (c cost) lower(other cost, first bool) cost {
	if first {
		return other
	}
	return cost{
		min(c.wall, other.wall), min(c.processor, other.processor), min(c.memory, other.memory),
		min(c.provider, other.provider), min(c.providerMemory, other.providerMemory),
	}
}

// timing is what each step of one configuration cost.
type timing struct {
	plan, apply cost
	// noneRead is a plan without changes and without reading, within refresh_interval.
	noneRead cost
	// allRead is a plan without changes; every card is read.
	allRead cost
	destroy cost
}

func (t *timing) steps() []*cost {
	return []*cost{&t.plan, &t.apply, &t.noneRead, &t.allRead, &t.destroy}
}

func (t timing) per(members int) timing {
	for _, step := range t.steps() {
		*step = step.per(members)
	}
	return t
}

func (t timing) lower(other timing, first bool) timing {
	steps, others := t.steps(), other.steps()
	for i := range steps {
		*steps[i] = steps[i].lower(*others[i], first)
	}
	return t
}

// members applies members from nothing against a mock of their own, plans them again with no
// card and with every card read, and destroys them.
func (b *bench) members(ctx context.Context, cli *terraformcli.CLI, members int, write func(*terraformcli.Workspace) error) (took timing, err error) {
	mock, err := mockserver.Start(mockserver.Options{Keys: b.keys})
	if err != nil {
		return timing{}, err
	}
	defer func() { err = errors.Join(err, mock.Close()) }()
	w, err := (&sandbox.Sandbox{Mock: mock, CLI: cli}).Workspace("members")
	if err != nil {
		return timing{}, err
	}
	w.Setenv("WECHATPAY_REQUESTS_PER_SECOND", sandbox.Unlimited)
	w.Setenv("METER_FILE", meterFile(w))
	if err := write(w); err != nil {
		return timing{}, err
	}
	// The environment does not count where the provider block sets the interval.
	readAfter := func(interval string) error {
		return w.WriteFile("interval_override.tf", fmt.Sprintf("provider \"wechatpay\" {\n  refresh_interval = %q\n}\n", interval))
	}
	unchanged := func(requests int) (cost, error) {
		mock.ResetRequests()
		took, err := b.unchanged(ctx, w)
		if sent := len(mock.Requests()); err == nil && sent != requests {
			err = fmt.Errorf("a plan of %d unchanged members sent %d requests, not %d", members, sent, requests)
		}
		return took, err
	}
	// A create notes when it read the card only where there is an interval.
	if err := readAfter("24h"); err != nil {
		return timing{}, err
	}
	if err := b.create(ctx, w, &took); err != nil {
		return timing{}, err
	}
	if held := len(mock.Cards()); held != members {
		return timing{}, fmt.Errorf("WeChat Pay holds %d cards after %d imports", held, members)
	}
	if took.noneRead, err = unchanged(0); err != nil {
		return timing{}, err
	}
	if err := readAfter("0s"); err != nil {
		return timing{}, err
	}
	if took.allRead, err = unchanged(members); err != nil {
		return timing{}, err
	}
	took.destroy, err = b.destroy(ctx, w)
	return took, err
}

// data does the same with resources for which nothing is sent.
func (b *bench) data(ctx context.Context, cli *terraformcli.CLI, config string) (took timing, err error) {
	w, err := cli.Workspace("data")
	if err != nil {
		return timing{}, err
	}
	w.Setenv("METER_FILE", meterFile(w))
	if err := w.WriteFile("main.tf", config); err != nil {
		return timing{}, err
	}
	if err := b.create(ctx, w, &took); err != nil {
		return timing{}, err
	}
	for _, step := range []*cost{&took.noneRead, &took.allRead} {
		if *step, err = b.unchanged(ctx, w); err != nil {
			return timing{}, err
		}
	}
	took.destroy, err = b.destroy(ctx, w)
	return took, err
}

// create plans and applies a configuration for the first time.
func (b *bench) create(ctx context.Context, w *terraformcli.Workspace, took *timing) error {
	if _, err := w.Init(ctx); err != nil {
		return err
	}
	var err error
	took.plan, err = measure(w, func() (*terraformcli.Result, error) {
		_, result, err := w.Plan(ctx, b.atATime(), "-out=tfplan")
		return result, err
	})
	if err != nil {
		return err
	}
	took.apply, err = measure(w, func() (*terraformcli.Result, error) { return w.Apply(ctx, b.atATime(), "tfplan") })
	return err
}

// unchanged plans a configuration that is applied.
func (b *bench) unchanged(ctx context.Context, w *terraformcli.Workspace) (cost, error) {
	return measure(w, func() (*terraformcli.Result, error) {
		changes, result, err := w.Plan(ctx, b.atATime())
		if err == nil && changes {
			err = errors.New("the second plan is not empty")
		}
		return result, err
	})
}

func (b *bench) destroy(ctx context.Context, w *terraformcli.Workspace) (cost, error) {
	return measure(w, func() (*terraformcli.Result, error) { return w.Destroy(ctx, b.atATime()) })
}

func (b *bench) atATime() string { return fmt.Sprintf("-parallelism=%d", b.parallelism) }
