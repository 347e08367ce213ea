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
	sizes, aliases, sharded           []int
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
	for _, part := range []func(context.Context) error{b.besideOthers, b.shareTheRate, b.shardedExample, b.decode, b.importWorkbook} {
		if err := part(ctx); err != nil {
			return err
		}
	}
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
		took, err := b.members(ctx, b.cli, members, func(w *terraformcli.Workspace) error {
			if err := w.CopyFrom(os.DirFS(folder)); err != nil {
				return err
			}
			return w.WriteFile("members.csv", roster(members))
		})
		if err != nil {
			return fmt.Errorf("the sharded example with %d members: %w", members, err)
		}
		each := took.per(members)
		t.row(fmt.Sprintf("%d members", members), inMilliseconds(each.plan), inMilliseconds(each.apply), inMilliseconds(each.allRead), inMilliseconds(each.noneRead))
		if i == 0 {
			first = each
			continue
		}
		t.row(fmt.Sprintf("  times that of %d", b.sharded[0]), times(each.plan, first.plan), times(each.apply, first.apply),
			times(each.allRead, first.allRead), times(each.noneRead, first.noneRead))
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
	if err := errors.Join(w.WriteFile("main.tf", b.decoding(function)), writeRoster(w, function, rows)); err != nil {
		return cost{}, err
	}
	if _, err := w.Init(ctx); err != nil {
		return cost{}, err
	}
	var best cost
	for round := range b.rounds {
		took, err := measure(w, func() (*terraformcli.Result, error) {
			_, result, err := w.Plan(ctx, "-refresh=false")
			return result, err
		})
		if err != nil {
			return cost{}, err
		}
		best = best.lower(took, round == 0)
	}
	return best, nil
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
	took, err := b.members(ctx, b.cli, b.workbook, func(w *terraformcli.Workspace) error {
		return errors.Join(w.CopyFrom(os.DirFS(folder)), w.WriteFile("workbook_override.tf", fromWorkbook(b.workbook)), writeRoster(w, workbookFunction, b.workbook))
	})
	if err != nil {
		return fmt.Errorf("a workbook of %d members: %w", b.workbook, err)
	}
	t := newTable(b.output, "A workbook imported in shards: wall time / processor time, memory of the larger process", "", "plan new", "apply", "plan, all read", "plan, none read")
	t.row(fmt.Sprintf("%d members", b.workbook), inSeconds(took.plan), inSeconds(took.apply), inSeconds(took.allRead), inSeconds(took.noneRead))
	t.row("  memory", inMegabytes(took.plan), inMegabytes(took.apply), inMegabytes(took.allRead), inMegabytes(took.noneRead))
	return nil
}
