// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Bench measures what large rosters cost: how long a real Terraform plans, applies and destroys
// members against a mock without a limit, beside as many terraform_data of the same values and
// beside a provider of the same schema that does nothing, by turns in the same run. WeChat Pay
// itself allows 5 requests a second, which no benchmark can change; how several provider aliases
// share them is measured against a mock with that limit.
//
// Times are compared with aims, and no run fails because of them. A run fails when Terraform
// does, when a plan that should be empty is not, or when it sends another number of requests
// than it should.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/cmd/cmdmain"
)

func main() { cmdmain.Run(run) }

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	members := flags.String("members", "1,100,500,1000", "`sizes` of rosters in one block; the largest is also split into -blocks; empty: none")
	blocks := flags.Int("blocks", 10, "into how many blocks the largest roster is split")
	aliases := flags.String("aliases", "1,2,4", "`numbers` of provider aliases that share WeChat Pay's rate; empty: none")
	sharded := flags.String("sharded", "200,2000", "`sizes` of rosters in examples/sharded-roster; empty: none")
	rows := flags.Int("rows", 5000, "rows of the rosters that are only decoded; 0: none")
	workbook := flags.Int("workbook", 5000, "members of the .xlsx workbook that is imported; 0: none")
	rounds := flags.Int("rounds", 2, "how often each command is measured, more often for fewer than 10 members; the fastest counts")
	parallelism := flags.Int("parallelism", 10, "how many at a time; 10 is Terraform's own default")
	if err := flags.Parse(args); err != nil {
		return err
	}
	b := &bench{blocks: *blocks, rows: *rows, workbook: *workbook, rounds: *rounds, parallelism: *parallelism, output: stdout}
	for _, list := range []struct {
		flag, text string
		sizes      *[]int
	}{{"-members", *members, &b.sizes}, {"-aliases", *aliases, &b.aliases}, {"-sharded", *sharded, &b.sharded}} {
		var err error
		if *list.sizes, err = sizes(list.flag, list.text); err != nil {
			return err
		}
	}
	if b.blocks < 1 || b.rounds < 1 || b.parallelism < 1 || b.rows < 0 || b.workbook < 0 || b.workbook > maxMembers {
		return errors.New("-blocks, -rounds and -parallelism are at least 1, -rows is not negative, and -workbook is at most 100000")
	}
	return b.run(ctx)
}

// sizes reads a list such as 100,500,1000.
func sizes(flagName, text string) ([]int, error) {
	var all []int
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		size, err := strconv.Atoi(part)
		if err != nil || size < 1 || size > maxMembers {
			return nil, fmt.Errorf("%s: sizes are numbers from 1 to %d, with commas between them", flagName, maxMembers)
		}
		all = append(all, size)
	}
	return all, nil
}
