// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest/terraformcli"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest/trial"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

const members = `terraform {
  required_providers {
    wechatpay = {
      source = "wechatpay-iac/wechatpay"
    }
  }
}

provider "wechatpay" {}

resource "wechatpay_member_card_import" "member" {
  count = %d

  card_id        = %q
  user_card_code = "VIP-${count.index}"
  phone_number   = tostring(13800000000 + count.index)
  level          = "金卡会员"

  valid_date_information = {
    type = "PERMANENT"
  }
}
`

const nothingButState = `resource "terraform_data" "member" {
  count = %d

  input = {
    user_card_code = "VIP-${count.index}"
    phone_number   = sensitive(tostring(13800000000 + count.index))
    level          = "金卡会员"
  }
}
`

// bench is one measurement.
type bench struct {
	members, rounds, parallelism int
	output                       io.Writer
}

// timing is how long the steps of one configuration took.
type timing struct{ apply, refresh time.Duration }

// better keeps the shorter of each, since what disturbs a measurement makes it longer.
func (t timing) better(other timing) timing {
	if t == (timing{}) {
		return other
	}
	return timing{min(t.apply, other.apply), min(t.refresh, other.refresh)}
}

func (b bench) run(ctx context.Context) error {
	var ours, theirs timing
	for round := range b.rounds {
		imported, err := b.round(ctx, "members", fmt.Sprintf(members, b.members, mockserver.TemplatePermanent))
		if err != nil {
			return err
		}
		bare, err := b.round(ctx, "terraform-data", fmt.Sprintf(nothingButState, b.members))
		if err != nil {
			return err
		}
		fmt.Fprintf(b.output, "round %d: apply %.2fs and %.2fs, plan without changes %.2fs and %.2fs\n", round+1,
			imported.apply.Seconds(), bare.apply.Seconds(), imported.refresh.Seconds(), bare.refresh.Seconds())
		ours, theirs = ours.better(imported), theirs.better(bare)
	}
	fmt.Fprintf(b.output, "\n%-32s %16s %16s %10s\n", fmt.Sprintf("%d, %d at a time", b.members, b.parallelism), "member cards", "terraform_data", "times")
	b.print("apply", ours.apply, theirs.apply)
	b.print("plan without changes", ours.refresh, theirs.refresh)
	return nil
}

func (b bench) print(what string, ours, theirs time.Duration) {
	fmt.Fprintf(b.output, "%-32s %14.0f/s %14.0f/s %10.2f\n", what,
		float64(b.members)/ours.Seconds(), float64(b.members)/theirs.Seconds(), ours.Seconds()/theirs.Seconds())
}

// round applies one configuration from nothing, and plans it again.
func (b bench) round(ctx context.Context, name, configuration string) (_ timing, err error) {
	t, err := trial.Start(ctx, mockserver.Options{})
	if err != nil {
		return timing{}, err
	}
	defer func() { err = errors.Join(err, t.Close()) }()
	w, err := t.Workspace(name)
	if err != nil {
		return timing{}, err
	}
	w.Setenv("WECHATPAY_REQUESTS_PER_SECOND", "1000")
	if err := w.WriteFile("main.tf", configuration); err != nil {
		return timing{}, err
	}
	if _, err := w.Init(ctx); err != nil {
		return timing{}, err
	}
	return b.measure(ctx, w)
}

func (b bench) measure(ctx context.Context, w *terraformcli.Workspace) (timing, error) {
	parallelism := fmt.Sprintf("-parallelism=%d", b.parallelism)
	applied, err := w.Apply(ctx, parallelism)
	if err != nil {
		return timing{}, err
	}
	changes, planned, err := w.Plan(ctx, parallelism)
	if err == nil && changes {
		err = errors.New("the second plan is not empty")
	}
	if err != nil {
		return timing{}, err
	}
	return timing{apply: applied.Duration, refresh: planned.Duration}, nil
}
