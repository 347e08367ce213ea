// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/terraformcli"
)

// This file writes the configurations that are measured.

const (
	// firstPhone is the first member's phone number; the others' follow it.
	firstPhone = 13800138000
	// maxMembers keeps phone numbers to eleven digits that begin alike.
	maxMembers = 100_000
)

// providers has everything from the environment.
func (b *bench) providers() string {
	return b.cli.Address().RequiredProviders() + "\nprovider \"wechatpay\" {}\n"
}

// everyMember is the for_each of both: a map from code to phone number.
const everyMember = `for_each = { for i in range(%d, %d) : format("VIP-%%05d", i) => tostring(%d + i) }`

// memberConfig is a configuration of members.
func (b *bench) memberConfig(members, blocks int) string {
	return b.providers() + inBlocks(members, blocks, `resource "wechatpay_member_card_import" "member_%d" {
  %s

  card_id        = %q
  user_card_code = each.key
  phone_number   = each.value
  level          = "金卡会员"

  valid_date_information = {
    type = "PERMANENT"
  }
}
`, mockserver.TemplatePermanent)
}

// dataConfig is a configuration of terraform_data with the same attributes and values, which
// needs no provider but Terraform's own.
func dataConfig(members, blocks int) string {
	return inBlocks(members, blocks, `resource "terraform_data" "member_%d" {
  %s

  input = {
    id                      = "1004/${each.key}"
    brand_id                = "1004"
    card_id                 = %q
    user_card_code          = each.key
    phone_number            = sensitive(each.value)
    phone_number_wo         = null
    phone_number_wo_version = null
    phone_number_masked     = "138****${substr(each.value, 7, 4)}"
    openid                  = "o${substr(sha256(each.key), 0, 27)}"
    card_color              = null
    card_picture_url        = null
    level                   = "金卡会员"
    attach                  = null
    pickup_time             = "2025-05-20T13:29:35+08:00"
    valid_date_information = {
      type                        = "PERMANENT"
      available_begin_time        = null
      available_end_time          = null
      available_day_after_receive = null
    }
    user_information  = null
    on_existing       = null
    deletion_policy   = null
    invalidate_reason = null
    adopted           = false
    card_type         = "NORMAL"
    user_card_state   = "EFFECTIVE"
    invalid_reason    = null
    invalid_time      = null
    create_time       = "2025-05-20T13:29:35+08:00"
    modify_time       = "2025-05-20T13:29:35+08:00"
    timeouts          = null
  }
}
`, mockserver.TemplatePermanent)
}

// inBlocks repeats a block whose verbs are its number, its for_each and the card template.
func inBlocks(members, blocks int, block, cardID string) string {
	var b strings.Builder
	for i := range blocks {
		forEach := fmt.Sprintf(everyMember, members*i/blocks, members*(i+1)/blocks, firstPhone)
		fmt.Fprintf(&b, block, i, forEach, cardID)
	}
	return b.String()
}

// roster is the CSV of a roster.
func roster(members int) string {
	var b strings.Builder
	b.WriteString("user_card_code,phone_number,level\n")
	for i := range members {
		fmt.Fprintf(&b, "VIP-%05d,%d,金卡会员\n", i, firstPhone+i)
	}
	return b.String()
}

// The functions that decode a roster, with what they decode.
const (
	textFunction     = `decode_roster(file("${path.module}/members.csv"), {})`
	workbookFunction = `decode_roster_file(filebase64("${path.module}/members.xlsx"), {})`
)

// decoding is a configuration that does nothing but decode a roster.
func (b *bench) decoding(function string) string {
	return b.providers() + fmt.Sprintf(`
output "members" {
  value = length(provider::wechatpay::%s)
}
`, function)
}

// fromWorkbook has examples/sharded-roster read a workbook, in shards of a hundred members.
func fromWorkbook(members int) string {
	return fmt.Sprintf(`module "members" {
  members = provider::wechatpay::%s
  shards  = %d
}
`, workbookFunction, max(1, members/100))
}

// writeRoster writes the file that a function decodes.
func writeRoster(w *terraformcli.Workspace, function string, members int) error {
	if function == textFunction {
		return w.WriteFile("members.csv", roster(members))
	}
	f := excelize.NewFile()
	rows, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		return err
	}
	err = rows.SetRow("A1", []any{"会员卡号", "手机号", "会员等级"})
	for i := range members {
		// A phone number is a number, as where people type it.
		err = errors.Join(err, rows.SetRow(fmt.Sprintf("A%d", i+2), []any{fmt.Sprintf("VIP-%05d", i), firstPhone + i, "金卡会员"}))
	}
	if err := errors.Join(err, rows.Flush()); err != nil {
		return err
	}
	content, err := f.WriteToBuffer()
	if err != nil {
		return err
	}
	return w.WriteFile("members.xlsx", content.String())
}
