// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// These tests give review.jq what the Terraform of other tests cannot make.

type object = map[string]any

// program runs review.jq on texts.
func program(t *testing.T, mode string, plan any, log string) string {
	t.Helper()
	text, ok := plan.(string)
	if !ok {
		content, err := json.Marshal(plan)
		if err != nil {
			t.Fatal(err)
		}
		text = string(content)
	}
	folder := t.TempDir()
	for name, content := range map[string]string{"plan": text, "log": log, "state": ""} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	environ, err := linkJQ(folder, os.Environ())
	if err != nil {
		t.Fatal(err)
	}
	file, err := filepath.Abs(filepath.Join("..", "..", "..", "examples", "pull-request", "review.jq"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), filepath.Join(folder, jqName), "-nr", "-f", file, "--arg", "mode", mode, "--arg", "language", "en",
		"--arg", "status", "0", "--arg", "rate", "5", "--arg", "commit", "", "--rawfile", "plan", "plan", "--rawfile", "log", "log", "--rawfile", "state", "state")
	cmd.Dir = folder
	cmd.Env = append(slices.Clone(environ), jqSetting(t))
	output, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return string(output)
}

// planned is a plan with changes of resources.
func planned(changes ...object) object {
	return object{"format_version": "1.2", "terraform_version": "1.14.0", "planned_values": object{}, "complete": true, "resource_changes": changes}
}

func change(kind, address string, actions []string, before, after any) object {
	return object{"address": address, "mode": "managed", "type": kind, "change": object{"actions": actions, "before": before, "after": after, "after_unknown": object{}}}
}

func TestWhatIsNoPlanIsNeverTakenForOne(t *testing.T) {
	t.Parallel()
	errored := planned()
	errored["errored"] = true
	for name, plan := range map[string]any{
		"nothing": "", "text": "No changes. Your infrastructure matches the configuration.", "half": `{"format_version":"1.2","planned_`,
		"a list": "[]", "a state": object{"format_version": "1.0", "terraform_version": "1.14.0"}, "an errored plan": errored,
	} {
		if got := program(t, "plan", plan, "Error: something\n{}\n{broken"); !strings.Contains(got, "### Member cards: the plan failed\n") {
			t.Errorf("%s is reviewed as\n%s", name, got)
		}
	}
}

func TestTemplatesPicturesAndActionsAreNamed(t *testing.T) {
	t.Parallel()
	template := func(policy string) object { return object{"card_title": "VIP|卡", "deletion_policy": policy} }
	plan := planned(
		change("wechatpay_member_card_template", "wechatpay_member_card_template.vip", []string{"delete", "create"}, template("invalidate"), template("invalidate")),
		change("wechatpay_member_card_template", "wechatpay_member_card_template.old", []string{"delete"}, template("abandon"), nil),
		change("wechatpay_image", "wechatpay_image.front", []string{"create"}, nil, object{}),
	)
	plan["action_invocations"] = []object{{
		"address": "action.wechatpay_member_card_invalidate.end", "type": "wechatpay_member_card_invalidate", "config_values": object{"user_card_code": "VIP-0009"},
	}}
	plan["complete"] = false
	got := program(t, "plan", plan, "")
	for _, want := range []string{
		"⛔ **1 card will be permanently invalidated by an action.** This cannot be undone. Tell these members first.\n>\n> `VIP-0009`",
		"⛔ **1 card template will be permanently invalidated.**", "<code>VIP&#124;卡</code>: created and removed", "<code>VIP&#124;卡</code>: removed",
		"- Picture `wechatpay_image.front`: created", "This plan is not complete",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the review has no %q:\n%s", want, got)
		}
	}
}

func TestLineEndsAndInvisibleCharactersStayOnOneLine(t *testing.T) {
	t.Parallel()
	got := program(t, "plan", planned(change("wechatpay_member_card_import", "wechatpay_member_card_import.a", []string{"create"}, nil, object{
		"user_card_code": "VIP\u202e-1", "level": "a\r\n/approve\n\n| b |\u2028c", "phone_number_masked": "138****8000", "phone_number": "13800138000",
	})), "")
	if want := "| `VIP -1` | imported by phone number | <code>a&#8629;&#47;approve&#8629;&#8629;&#124; b &#124; c</code> | `138****8000` |"; !strings.Contains(got, want) &&
		!strings.Contains(got, strings.ReplaceAll(want, "&#8629;", "↵")) {
		t.Errorf("the review has no %s:\n%s", want, got)
	}
}

// An error of something else than the provider may hold anything: only its title and place are shown.
func TestErrorsOfOthersAreNamedOnly(t *testing.T) {
	t.Parallel()
	diagnostic := func(of object) string {
		content, err := json.Marshal(object{"type": "diagnostic", "diagnostic": of})
		if err != nil {
			t.Fatal(err)
		}
		return string(content) + "\n"
	}
	place := object{"filename": "main.tf", "start": object{"line": 7}}
	log := diagnostic(object{"severity": "error", "summary": "Check failed", "detail": "张三 lives here", "range": place}) +
		diagnostic(object{"severity": "error", "summary": "The card exists", "address": `wechatpay_member_card_import.m["VIP-1"]`, "range": place,
			"detail": "Import 1004/pbLatjvWOibDc5-TBnbUk1pD12o0/VIP-1/oGckw19OzKOAgx_cDYJ3fkI_8nO_ of 13800138000."}) +
		diagnostic(object{"severity": "error", "summary": "Error acquiring the state lock", "detail": "locked by ci"})
	got := program(t, "plan", "", log)
	for _, want := range []string{
		"**3 errors**", "- `main.tf`, line 7: `Check failed`", "- `VIP-1`: `The card exists`\n  - `Import 1004/pbLatjvWOibDc5-TBnbUk1pD12o0/VIP-1/*** of 138****8000.`",
		"- `Error acquiring the state lock`\n  - `locked by ci`",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the review has no %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, "张三") {
		t.Errorf("the review has the words of another's error:\n%s", got)
	}
	if logged := program(t, "log", "", log); !strings.Contains(logged, "oGckw19OzKOAgx_cDYJ3fkI_8nO_ of 138****8000") {
		t.Errorf("the log has not what imports the card again:\n%s", logged)
	}
}

func TestMembersThatWereNotSentAreNamed(t *testing.T) {
	t.Parallel()
	member := func(code string) object {
		return change("wechatpay_member_card_import", "wechatpay_member_card_import.m[\""+code+"\"]", []string{"create"}, nil, object{"user_card_code": code, "phone_number_masked": "138****8000"})
	}
	got := program(t, "apply", planned(member("VIP-2"), member("VIP-1")), "")
	for _, want := range []string{"2 not sent\n", "**2 members were not sent**; apply again: `VIP-1`, `VIP-2`", "The state could not be read"} {
		if !strings.Contains(got, want) {
			t.Errorf("the review has no %q:\n%s", want, got)
		}
	}
}
