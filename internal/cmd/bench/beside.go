// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/provider"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/terraformcli"
)

// This file measures members beside what does less: Terraform's own terraform_data, and a
// provider of the same schema that does nothing.

// layout is one way to write a roster as resource blocks.
type layout struct{ members, blocks int }

func (l layout) String() string {
	if l.blocks == 1 {
		return fmt.Sprintf("%d in one block", l.members)
	}
	return fmt.Sprintf("%d in %d blocks", l.members, l.blocks)
}

func (b *bench) layouts() []layout {
	var all []layout
	largest := 0
	for _, size := range b.sizes {
		all = append(all, layout{size, 1})
		largest = max(largest, size)
	}
	if b.blocks > 1 && largest >= b.blocks {
		all = append(all, layout{largest, b.blocks})
	}
	return all
}

// compared are the timings of one layout.
type compared struct{ data, idle, members timing }

// besideOthers measures every layout.
func (b *bench) besideOthers(ctx context.Context) (err error) {
	layouts := b.layouts()
	if len(layouts) == 0 {
		return nil
	}
	members, err := metered(ctx, terraformcli.Module)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, members.close()) }()
	idle, err := metered(ctx, terraformcli.Module+"/internal/cmd/idleprovider")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, idle.close()) }()
	bare, err := cryptography(b.keys)
	if err != nil {
		return err
	}

	t := newTable(b.output, "Members beside a provider of the same schema that does nothing, and beside terraform_data",
		"", "plan new", "apply", "plan, none read", "plan, all read", "destroy")
	for _, l := range layouts {
		var best compared
		// A few members take so little time that two measurements say nothing.
		for round := range max(b.rounds, 20/l.members) {
			var now compared
			if now.data, err = b.data(ctx, b.cli, dataConfig(l.members, l.blocks)); err != nil {
				return fmt.Errorf("%s of terraform_data: %w", l, err)
			}
			if now.idle, err = b.data(ctx, idle.cli, b.memberConfig(l.members, l.blocks)); err != nil {
				return fmt.Errorf("%s of a provider that does nothing: %w", l, err)
			}
			now.members, err = b.members(ctx, members.cli, l.members, func(w *terraformcli.Workspace) error {
				return w.WriteFile("main.tf", b.memberConfig(l.members, l.blocks))
			})
			if err != nil {
				return fmt.Errorf("%s: %w", l, err)
			}
			first := round == 0
			best.data, best.idle = best.data.lower(now.data, first), best.idle.lower(now.idle, first)
			best.members = best.members.lower(now.members, first)
		}
		best.print(t, l, bare)
	}
	t.note("requests of \"plan, all read\" = members, of \"plan, none read\" = 0: checked\n" +
		"every provider runs below a meter, which takes some milliseconds of each command")
	return nil
}

func (c *compared) print(t table, l layout, bare callCosts) {
	each := func(name string, of timing, text func(cost) string) {
		var values []string
		for _, step := range of.steps() {
			values = append(values, text(*step))
		}
		t.row(name, values...)
	}
	wall := func(c cost) string { return fmt.Sprintf("%.2f s", c.wall.Seconds()) }
	own := func(c cost) string {
		return fmt.Sprintf("%.2f ms", float64(c.provider.Microseconds())/1000/float64(l.members))
	}

	t.row(l.String())
	each("  terraform_data", c.data, wall)
	each("  idle provider", c.idle, wall)
	each("  this provider", c.members, wall)
	idle, steps := c.idle.steps(), c.members.steps()
	var ratios []string
	for i, step := range steps {
		ratios = append(ratios, fmt.Sprintf("%.2f", step.wall.Seconds()/idle[i].wall.Seconds()))
	}
	t.row("  times idle", ratios...)
	t.row("  provider's own processor time for each member")
	each("    idle provider", c.idle, own)
	each("    this provider", c.members, own)
	each("  this provider's memory", c.members, func(c cost) string { return fmt.Sprintf("%d MB", c.providerMemory/1_000_000) })

	plan := 0.9
	if l.members == 1 {
		plan = 1.1
	}
	calls := func(step, idle cost, bare time.Duration) string {
		members := time.Duration(l.members)
		return aim(float64((step.provider-idle.provider)/members)/float64(bare), 1.3)
	}
	t.row("  aims",
		aim(c.members.plan.wall.Seconds()/c.idle.plan.wall.Seconds(), plan),
		calls(c.members.apply, c.idle.apply, bare.imported),
		aim(c.members.noneRead.wall.Seconds()/c.idle.noneRead.wall.Seconds(), plan),
		calls(c.members.allRead, c.idle.allRead, bare.read))
	if l.blocks > 1 || l.members != 1 {
		return
	}
	t.note(fmt.Sprintf("aims: a plan without calls takes at most 0.9 times the idle provider's time (1.1 for one member);\n"+
		"a call takes at most 1.3 times its bare cryptography (import %.2f ms, read %.2f ms) of processor time\nmore than the idle provider's",
		bare.imported.Seconds()*1000, bare.read.Seconds()*1000))
}

// aim says whether a ratio is at most what it should be.
func aim(ratio, most float64) string {
	if ratio <= most {
		return fmt.Sprintf("%.2f <= %.1f", ratio, most)
	}
	return fmt.Sprintf("MISSED %.2f > %.1f", ratio, most)
}

// installation is a Terraform whose provider runs below a meter.
type installation struct {
	cli    *terraformcli.CLI
	mirror string
}

// metered builds a main package of this module into a mirror, below a meter.
func metered(ctx context.Context, mainPackage string) (_ *installation, err error) {
	address, err := terraformcli.ParseAddress(provider.Address)
	if err != nil {
		return nil, err
	}
	mirror, err := os.MkdirTemp("", "bench-")
	if err != nil {
		return nil, err
	}
	i := &installation{mirror: mirror}
	defer func() {
		if err != nil {
			err = errors.Join(err, i.close())
		}
	}()
	// The meter takes the provider's place, and the provider is beside it.
	folders, err := terraformcli.BuildIntoMirror(ctx, mirror, address, terraformcli.Module+"/internal/cmd/meter", terraformcli.Unreleased)
	if err != nil {
		return nil, err
	}
	for _, folder := range folders {
		if err := terraformcli.Build(ctx, mainPackage, terraformcli.Unreleased, filepath.Join(folder, "metered")); err != nil {
			return nil, err
		}
	}
	i.cli, err = terraformcli.New(ctx, terraformcli.Options{Address: provider.Address, Mirror: mirror})
	return i, err
}

func (i *installation) close() error {
	var err error
	if i.cli != nil {
		err = i.cli.Close()
	}
	return errors.Join(err, os.RemoveAll(i.mirror))
}
