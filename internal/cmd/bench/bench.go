// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/provider"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/sandbox"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/terraformcli"
)

// bench is one run of all measurements.
type bench struct {
	sizes, sharded                    []int
	blocks, rows, rounds, parallelism int
	workbook                          int // members
	output                            io.Writer

	cli  *terraformcli.CLI
	keys *mockserver.Keys
}

func (b *bench) run(ctx context.Context) (err error) {
	b.cli, err = terraformcli.New(ctx, terraformcli.Options{Address: provider.Address})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.cli.Close()) }()
	if b.keys, err = mockserver.GenerateKeys(); err != nil {
		return err
	}
	version, err := b.cli.Version(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(b.output, "Terraform %s, %d processors (%s/%s), %d at a time\n",
		version, runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, b.parallelism)
	for _, part := range []func(context.Context) error{b.besideTerraformData, b.shardedExample, b.decode, b.importWorkbook} {
		if err := part(ctx); err != nil {
			return err
		}
	}
	return nil
}

// timing is what each step of one configuration cost.
type timing struct {
	plan, apply cost
	// unchanged is a plan without changes; every card is read.
	unchanged cost
	// fresh is a plan without changes and without reading, within refresh_interval.
	fresh cost
}

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

// besideTerraformData measures every layout, of members and of terraform_data in turn.
func (b *bench) besideTerraformData(ctx context.Context) error {
	layouts := b.layouts()
	if len(layouts) == 0 {
		return nil
	}
	t := newTable(b.output, "Members beside terraform_data with as many attributes: wall time / processor time", "", "plan new", "apply", "plan, all read", "plan, none read")
	for _, l := range layouts {
		name := l.String()
		members, err := b.configuration(ctx, l.members, func(w *terraformcli.Workspace) error {
			return w.WriteFile("main.tf", memberConfig(l.members, l.blocks))
		})
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		bare, err := b.data(ctx, l)
		if err != nil {
			return fmt.Errorf("%s of terraform_data: %w", name, err)
		}
		t.row(name, inSeconds(members.plan), inSeconds(members.apply), inSeconds(members.unchanged), inSeconds(members.fresh))
		t.row("  terraform_data", inSeconds(bare.plan), inSeconds(bare.apply), inSeconds(bare.unchanged), inSeconds(bare.unchanged))
		t.row("  times", times(members.plan, bare.plan), times(members.apply, bare.apply),
			times(members.unchanged, bare.unchanged), times(members.fresh, bare.unchanged))
	}
	t.note("requests of \"plan, all read\" = members, of \"plan, none read\" = 0: checked")
	return nil
}

// shardedExample measures examples/sharded-roster at each size.
func (b *bench) shardedExample(ctx context.Context) error {
	if len(b.sharded) == 0 {
		return nil
	}
	folder, err := sandbox.ModuleFile(ctx, filepath.Join("examples", "sharded-roster"))
	if err != nil {
		return err
	}
	t := newTable(b.output, "examples/sharded-roster, a member's share: wall time / processor time", "", "plan new", "apply", "plan, all read", "plan, none read")
	first := timing{}
	for i, members := range b.sharded {
		took, err := b.configuration(ctx, members, func(w *terraformcli.Workspace) error {
			if err := w.CopyFrom(os.DirFS(folder)); err != nil {
				return err
			}
			return w.WriteFile("members.csv", roster(members))
		})
		if err != nil {
			return fmt.Errorf("the sharded example with %d members: %w", members, err)
		}
		each := timing{took.plan.per(members), took.apply.per(members), took.unchanged.per(members), took.fresh.per(members)}
		t.row(fmt.Sprintf("%d members", members), inMilliseconds(each.plan), inMilliseconds(each.apply), inMilliseconds(each.unchanged), inMilliseconds(each.fresh))
		if i == 0 {
			first = each
			continue
		}
		t.row(fmt.Sprintf("  times that of %d", b.sharded[0]), times(each.plan, first.plan), times(each.apply, first.apply),
			times(each.unchanged, first.unchanged), times(each.fresh, first.fresh))
	}
	return nil
}

// decode measures plans that do nothing but decode a roster, beside one that decodes a roster
// of one row.
func (b *bench) decode(ctx context.Context) error {
	if b.rows == 0 {
		return nil
	}
	t := newTable(b.output, "Decoding a roster through Terraform: wall time / processor time, memory of the larger process", "", "plan", "memory")
	var first cost
	for _, roster := range []struct {
		name, function string
		rows           int
	}{
		{"1 row of text", textFunction, 1},
		{"%d rows of text", textFunction, b.rows},
		{"%d rows of .xlsx", workbookFunction, b.rows},
	} {
		took, err := b.decodeOnce(ctx, roster.function, roster.rows)
		if err != nil {
			return err
		}
		if roster.rows == 1 {
			first = took
			t.row(roster.name, inSeconds(took), inMegabytes(took))
			continue
		}
		t.row(fmt.Sprintf(roster.name, roster.rows), inSeconds(took), inMegabytes(took))
		more := took.minus(first)
		t.row("  more than 1 row", inSeconds(more), inMegabytes(more))
	}
	t.note("most of it is Terraform's; what the function itself takes is printed by its Go benchmarks above")
	return nil
}

func (b *bench) decodeOnce(ctx context.Context, function string, rows int) (cost, error) {
	w, err := b.cli.Workspace("decode")
	if err != nil {
		return cost{}, err
	}
	if err := errors.Join(w.WriteFile("main.tf", decoding(function)), writeRoster(w, function, rows)); err != nil {
		return cost{}, err
	}
	if _, err := w.Init(ctx); err != nil {
		return cost{}, err
	}
	return b.fastest(func() (cost, error) {
		_, result, err := w.Plan(ctx, "-refresh=false")
		return costOf(result), err
	})
}

// importWorkbook measures importing the members of a workbook, split as examples/sharded-roster
// splits them.
func (b *bench) importWorkbook(ctx context.Context) error {
	if b.workbook == 0 {
		return nil
	}
	folder, err := sandbox.ModuleFile(ctx, filepath.Join("examples", "sharded-roster"))
	if err != nil {
		return err
	}
	took, err := b.configuration(ctx, b.workbook, func(w *terraformcli.Workspace) error {
		return errors.Join(w.CopyFrom(os.DirFS(folder)), w.WriteFile("workbook_override.tf", fromWorkbook(b.workbook)), writeRoster(w, workbookFunction, b.workbook))
	})
	if err != nil {
		return fmt.Errorf("a workbook of %d members: %w", b.workbook, err)
	}
	t := newTable(b.output, "A workbook imported in shards: wall time / processor time, memory of the larger process", "", "plan new", "apply", "plan, all read", "plan, none read")
	t.row(fmt.Sprintf("%d members", b.workbook), inSeconds(took.plan), inSeconds(took.apply), inSeconds(took.unchanged), inSeconds(took.fresh))
	t.row("  memory", inMegabytes(took.plan), inMegabytes(took.apply), inMegabytes(took.unchanged), inMegabytes(took.fresh))
	return nil
}
