// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"strings"
	"testing"
)

// These tests give review.jq the end of an apply that the Terraform of other tests cannot make.

// Only what Terraform reported, and what the state shows, counts as done.
func TestNothingIsReportedThatTerraformDidNot(t *testing.T) {
	t.Parallel()
	address := at("VIP-1")
	failed := diagnostic(t, object{"severity": "error", "summary": "WeChat Pay reported a system error", "detail": "x", "address": address})
	// The error of a delete has no address.
	started := func(action string) string {
		return strings.ReplaceAll(completed(t, address, action), "apply_complete", "apply_start")
	}
	failedDelete := started("delete") + diagnostic(t, object{"severity": "error", "summary": "WeChat Pay reported a system error", "detail": "x"})
	const seeErrors = "Failed: see the errors above |"
	other := map[string]object{at("VIP-9"): card("VIP-9")}
	deposed := change(memberType, address, []string{"delete"}, card("VIP-0", invalidate), nil)
	deposed["deposed"] = "0f1e2d3c"
	create := change(memberType, address, []string{"create"}, nil, card("VIP-1"))
	remove := change(memberType, address, []string{"delete"}, card("VIP-1", invalidate), nil)
	forget := change(memberType, address, []string{"forget"}, card("VIP-1"), nil)
	replaced := func(actions ...string) object {
		return change(memberType, address, actions, card("VIP-1", invalidate), card("VIP-2", invalidate))
	}
	takes := change(memberType, address, []string{"no-op"}, card("VIP-1"), card("VIP-1"))
	takes["change"].(object)["importing"] = object{"id": "x"}
	for name, test := range map[string]struct {
		change  object
		log     string
		members map[string]object // nil is a state that could not be read
		want    string
		has     []string
	}{
		"a delete without a report or a state": {change: remove, want: "1 not sent", has: []string{"**1 member was not sent**; apply again: `VIP-1`"}},
		"a delete without a report":            {change: remove, members: other, want: "1 not sent"},
		"a delete that is reported":            {change: remove, log: completed(t, address, "delete"), want: "1 permanently invalidated"},
		"a delete that failed": {
			change: remove, log: failedDelete, members: map[string]object{address: card("VIP-1")},
			want: "1 failed", has: []string{"**Errors**\n\n- `WeChat Pay reported a system error`\n", "| `VIP-1` | `138****8000` | " + seeErrors},
		},
		"a create that was interrupted": {change: create, log: started("create"), members: other, want: "1 failed and may have been carried out", has: []string{"| `VIP-1` | `138****8000` | Failed, and may have"}},
		"a create that failed":          {change: create, log: failed, members: other, want: "1 failed", has: []string{"| `VIP-1` | `138****8000` | Failed: `WeChat Pay reported a system error` |"}},
		"a create that is reported, without a state": {
			change: create, log: completed(t, address, "create"), want: "1 imported",
			has: []string{"The state could not be read. The numbers above are what Terraform reported."},
		},
		"a create that adopted":                  {change: create, log: completed(t, address, "create"), members: map[string]object{address: card("VIP-1", object{"adopted": true})}, want: "1 already there"},
		"a forget without a state":               {change: forget, want: "1 with an unknown outcome"},
		"a forget":                               {change: forget, members: other, want: "1 no longer managed"},
		"a forget that was not done":             {change: forget, members: map[string]object{address: card("VIP-1")}, want: "1 not sent"},
		"a member taken, without a state":        {change: takes, want: "1 with an unknown outcome"},
		"a member taken":                         {change: takes, members: map[string]object{address: card("VIP-1")}, want: "1 taken into Terraform"},
		"a deposed card, its successor is there": {change: deposed, log: completed(t, address, "delete"), members: map[string]object{address: card("VIP-1")}, want: "1 permanently invalidated"},
		"a deposed card that was not sent":       {change: deposed, members: map[string]object{address: card("VIP-1")}, want: "1 not sent", has: []string{"apply again: `VIP-0`"}},
		"a replacement of which only the create was done": {
			change: replaced("create", "delete"), log: completed(t, address, "create") + failedDelete, members: map[string]object{address: card("VIP-2")},
			want: "1 imported, 1 failed", has: []string{"**1 member needs a person**", "| `VIP-1` | `138****8000` | The old card: " + seeErrors},
		},
		"a replacement whose delete failed": {change: replaced("delete", "create"), log: failedDelete, members: map[string]object{address: card("VIP-1")}, want: "1 failed"},
		"a replacement that was interrupted between": {
			change: replaced("create", "delete"), log: completed(t, address, "create"), members: map[string]object{address: card("VIP-2")},
			want: "1 imported, 1 not sent", has: []string{"apply again: `VIP-1`"},
		},
		"a replacement of which only the delete was done": {change: replaced("delete", "create"), log: completed(t, address, "delete") + failed, members: other, want: "1 permanently invalidated, 1 failed"},
		"a replacement that forgets the old card": {
			change: change(memberType, address, []string{"create", "forget"}, card("VIP-1"), card("VIP-2")), log: completed(t, address, "create"),
			members: map[string]object{address: card("VIP-2")}, want: "1 imported, 1 no longer managed",
		},
		"an error at a member that is done": {
			change: create, log: completed(t, address, "create") + failed, members: map[string]object{address: card("VIP-1")},
			want: "1 imported", has: []string{"**Errors**\n\n- `VIP-1`: `WeChat Pay reported a system error`"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := input{plan: planned(test.change), log: test.log}
			if test.members != nil {
				in.state = stateWith(t, test.members)
			}
			got := in.program(t, "apply")
			contains(t, got, append(test.has, "### Member cards after the apply: "+test.want+"\n")...)
			if in.state != "" {
				lacks(t, got, "The state could not be read")
			}
		})
	}
}

// Terraform reports an action apart from the resources; several may have one address.
func TestActionsAreReportedAfterAnApply(t *testing.T) {
	t.Parallel()
	const address = "action.wechatpay_member_card_invalidate.end"
	report := func(kind, ofType string) string {
		return encode(t, object{"type": kind, "hook": object{"action": object{"addr": address, "action_type": ofType}}}) + "\n"
	}
	const ours = "wechatpay_member_card_invalidate"
	plan := planned()
	for range 4 {
		actions, _ := plan["action_invocations"].([]object)
		plan["action_invocations"] = append(actions, object{"address": address, "type": ours, "config_values": object{"user_card_code": "VIP-0009"}})
	}
	in := input{
		plan: plan, status: "1", state: stateWith(t, nil),
		log: report("action_start", ours) + report("action_complete", ours) + report("action_complete", ours) + report("action_errored", ours) + report("action_complete", "other_action"),
	}
	contains(t, in.program(t, "apply"), "### Member cards after the apply: the apply did not finish, 2 invalidated by an action, 1 action failed, 1 action did not run\n")
	in.language = "zh"
	contains(t, in.program(t, "apply"), "### 会员卡执行结果：执行未完成，2 张由 action 作废，1 个 action 失败，1 个 action 未运行\n")
}

func TestTwoMembersWithOneCodeAreTwoRows(t *testing.T) {
	t.Parallel()
	gold, silver := at("gold"), at("silver")
	unverified := func(template string) object { return card("VIP-1", object{"card_id": template, "openid": nil}) }
	got := input{
		plan:  planned(change(memberType, gold, []string{"create"}, nil, unverified("T1")), change(memberType, silver, []string{"create"}, nil, unverified("T2"))),
		log:   completed(t, gold, "create") + completed(t, silver, "create"),
		state: stateWith(t, map[string]object{gold: unverified("T1"), silver: unverified("T2")}),
	}.program(t, "apply")
	contains(t, got, "**2 members need a person**\n\n| Card code | Card template | Phone number | What to do |\n",
		"| `VIP-1` | `1004/T1` | `138****8000` | Unverified:", "| `VIP-1` | `1004/T2` | `138****8000` | Unverified:")
}

func TestWarningsThatTheReviewSaysItselfAreLeftOut(t *testing.T) {
	t.Parallel()
	warning := func(title string) string {
		return diagnostic(t, object{"severity": "warning", "summary": title, "detail": "x", "address": at("VIP-1")})
	}
	plan := planned(change(memberType, at("VIP-1"), []string{"delete"}, card("VIP-1", invalidate), nil))
	said := warning("A card will be permanently invalidated") + warning("A member's card stays at WeChat Pay") + warning("The member was adopted unverified")
	for _, language := range []string{"en", "zh"} {
		lacks(t, input{plan: plan, log: said, language: language}.program(t, "plan"), "Warnings", "警告", failuresPage)
	}
	got := input{plan: plan, log: said + warning("WeChat Pay may refuse the user"), language: "zh"}.program(t, "plan")
	contains(t, got, "**警告**\n\n- 1 × 微信支付可能会拒绝（`WeChat Pay may refuse the user`）：`VIP-1`\n\n标题的含义见[报错一览]("+failuresPage+")。\n")
	// An end that the review does not show is no less permanent: its warning stays.
	contains(t, program(t, "plan", planned(), said), "- 1 × `A card will be permanently invalidated`: `VIP-1`")
	// Without the state nobody knows who is unverified.
	contains(t, program(t, "apply", plan, said), "- 1 × `The member was adopted unverified`: `VIP-1`")
	failed := input{log: strings.ReplaceAll(warning("Invalid value of user_card_code"), "warning", "error"), language: "zh"}.program(t, "plan")
	contains(t, failed, "- `VIP-1`：值不正确（`Invalid value of user_card_code`）", "详情见任务日志。标题的含义见[报错一览]("+failuresPage+")。\n")
}

const failuresPage = "https://github.com/wechatpay-iac/terraform-provider-wechatpay/blob/main/docs/guides/failures.md"
