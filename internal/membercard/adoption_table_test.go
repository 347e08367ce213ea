// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

var writeDesign = flag.Bool("write-design", false, "write the adoption table into DESIGN.md")

const (
	tableBegin = "<!-- adoption table: begin -->\n"
	tableEnd   = "<!-- adoption table: end -->"
)

// DESIGN.md has the table that TestDecideEveryCombination holds against the code. Write it
// with go test ./internal/membercard -run TestDesignHasTheAdoptionTable -write-design.
func TestDesignHasTheAdoptionTable(t *testing.T) {
	t.Parallel()
	file := filepath.Join("..", "..", "DESIGN.md")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), tableBegin)
	table, after, foundEnd := strings.Cut(rest, tableEnd)
	if !found || !foundEnd {
		t.Fatal("DESIGN.md has no place for the adoption table")
	}
	want := adoptionMarkdown()
	if *writeDesign {
		if err := os.WriteFile(file, []byte(before+tableBegin+want+tableEnd+after), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if table != want {
		t.Errorf("DESIGN.md has another adoption table than the code. Want:\n%s", want)
	}
}

func adoptionMarkdown() string {
	decisions := map[decision]string{
		decideRead: "read the card by its openid, then decide again", decideAdoptVerified: "adopt it; send what differs in one modify call",
		decideAdoptUnverified: "adopt it unverified, with a warning", decideRefusePolicy: "error with the import command",
		decideRefuseUnverified: "error: set `openid`", decideRefuseReleased: "error with the import command of the released card",
		decideRefuseMismatch: "error: the card is not this member's", decideRefuseUnread: "error: the card could not be read",
		decideRefuseWaiting: "error: confirm the card first", decideRefuseUnproven: "error: prove the connection first",
	}
	readings := map[reading]string{
		notRead: "not yet", readMatch: "the same member", readOtherPhone: "another phone number", readOtherPickupTime: "another `pickup_time`",
		readNotFound: "no card", readFailed: "failed",
	}
	yesNo := func(b *bool) string {
		switch {
		case b == nil:
			return "any"
		case *b:
			return "yes"
		}
		return "no"
	}
	var b strings.Builder
	b.WriteString("| WeChat Pay says | `on_existing` | openid known | read | words doubtful | card of this phone just released | what happens |\n|---|---|---|---|---|---|---|\n")
	for _, r := range adoptionTable() {
		says := "该手机号已被导入过, 该手机号或会员卡code已存在, 用户已有已生效的会员卡"
		if slices.Contains(r.kinds, wechatpay.KindUserCardWaiting) {
			says = "用户已有待激活的会员卡"
		}
		policies := "any"
		if len(r.policies) < 3 {
			policies = "`" + strings.Join(r.policies, "`, `") + "`"
		}
		read := "any"
		if r.readings != nil {
			var names []string
			for _, reading := range r.readings {
				names = append(names, readings[reading])
			}
			read = strings.Join(names, ", ")
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s |\n", says, policies, yesNo(r.openID), read, yesNo(r.doubtful), yesNo(r.releasedOtherCode), decisions[r.want])
	}
	return b.String()
}
