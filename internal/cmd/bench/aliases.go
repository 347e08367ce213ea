// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/sandbox"
)

// membersPerAlias is how many members each alias imports.
const membersPerAlias = 40

// shareTheRate measures applies by several aliases of the provider, each a process of its own,
// on one merchant number, against a mock that enforces WeChat Pay's rate.
func (b *bench) shareTheRate(ctx context.Context) error {
	if len(b.aliases) == 0 {
		return nil
	}
	t := newTable(b.output, fmt.Sprintf("Aliases with %d members each on one merchant number, %d requests a second enforced", membersPerAlias, sandbox.DocumentedRate),
		"", "apply", "times ideal", "refused (429)", "aim")
	for _, aliases := range b.aliases {
		if err := b.shareBetween(ctx, t, aliases); err != nil {
			return fmt.Errorf("%d aliases: %w", aliases, err)
		}
	}
	return nil
}

func (b *bench) shareBetween(ctx context.Context, t table, aliases int) (err error) {
	mock, err := mockserver.Start(mockserver.Options{Keys: b.keys, RequestsPerSecond: sandbox.DocumentedRate})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, mock.Close()) }()
	w, err := (&sandbox.Sandbox{Mock: mock, CLI: b.cli}).Workspace("aliases")
	if err != nil {
		return err
	}
	w.Setenv("WECHATPAY_CHECK_TEMPLATES", "false")
	if err := w.WriteFile("main.tf", b.cli.Address().RequiredProviders()+aliasConfig(aliases)); err != nil {
		return err
	}
	var took timing
	if err := b.create(ctx, w, &took); err != nil {
		return err
	}
	members := aliases * membersPerAlias
	if held := len(mock.Cards()); held != members {
		return fmt.Errorf("WeChat Pay holds %d cards after %d imports", held, members)
	}
	refused := 0
	for _, r := range mock.Requests() {
		if r.Status == http.StatusTooManyRequests {
			refused++
		}
	}
	ratio := took.apply.wall.Seconds() / (float64(members) / sandbox.DocumentedRate)
	t.row(fmt.Sprintf("%d aliases", aliases), fmt.Sprintf("%.1f s", took.apply.wall.Seconds()), fmt.Sprintf("%.2f", ratio),
		fmt.Sprint(refused), aim(ratio, 1.1))
	return nil
}

// aliasConfig has a provider alias for each part of the members.
func aliasConfig(aliases int) string {
	var b strings.Builder
	for i := range aliases {
		fmt.Fprintf(&b, `
provider "wechatpay" {
  alias = "a%[1]d"
}

resource "wechatpay_member_card_import" "a%[1]d" {
  provider = wechatpay.a%[1]d
  %[2]s

  card_id        = %[3]q
  user_card_code = each.key
  phone_number   = each.value
}
`, i, fmt.Sprintf(everyMember, i*membersPerAlias, (i+1)*membersPerAlias, firstPhone), mockserver.TemplatePermanent)
	}
	return b.String()
}
