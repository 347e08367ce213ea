// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// example is the folder of what is tested here.
var example = filepath.Join("..", "..", "..", "examples", "pull-request")

// terraform stands in for Terraform: it prints files of the folder that it runs in.
const terraform = `#!/usr/bin/env bash
case $1 in
plan)
  for argument in "$@"; do
    case $argument in -out=*) cp plan.json "${argument#-out=}" ;; esac
  done
  cat log
  exit "$(cat status)"
  ;;
apply) cat applied ;;
show) if [[ $# == 3 ]]; then cat plan.json; else cat state.json; fi ;;
esac
`

// unreadable is the content of a file that the stand-in does not have.
const unreadable = "unreadable"

// script runs review.sh with a Terraform that gives what the files hold. A plan that is empty is none.
func script(t *testing.T, mode string, files map[string]string, settings ...string) (markdown string, exitCode int) {
	t.Helper()
	folder := t.TempDir()
	for name, content := range map[string]string{"plan.json": "", "log": "", "status": "0", "applied": "", "state.json": ""} {
		if given, ok := files[name]; ok {
			content = given
		}
		if content == unreadable {
			continue
		}
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	command := filepath.Join(folder, "terraform")
	if err := os.WriteFile(command, []byte(terraform), 0o700); err != nil {
		t.Fatal(err)
	}
	environ, err := linkJQ(folder, os.Environ())
	if err != nil {
		t.Fatal(err)
	}
	program, err := filepath.Abs(filepath.Join(example, "review.sh"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "bash", program, mode, "review.md")
	cmd.Dir = folder
	cmd.Env = slices.Concat(environ, []string{"TERRAFORM=" + command, jqSetting(t)}, settings)
	output, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(folder, "review.md"))
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return string(content), cmd.ProcessState.ExitCode()
}

// terraform plan -detailed-exitcode ends with 2 where there are changes.
func TestChangesAreNoErrorWithADetailedExitCode(t *testing.T) {
	t.Parallel()
	plan := encode(t, planned(change(memberType, at("VIP-1"), []string{"delete"}, card("VIP-1", invalidate), nil)))
	files := map[string]string{"plan.json": plan, "status": "2", "applied": completed(t, at("VIP-1"), "delete"), "state.json": stateWith(t, nil)}
	got, exitCode := script(t, "plan", files)
	contains(t, got, "### Member cards: 1 permanently invalidated\n")
	if exitCode != 0 {
		t.Errorf("exit code %d", exitCode)
	}
	got, exitCode = script(t, "apply", files)
	contains(t, got, "### Member cards after the apply: 1 permanently invalidated\n")
	if exitCode != 0 {
		t.Errorf("exit code %d", exitCode)
	}
	files["status"] = "1"
	if got, exitCode = script(t, "plan", files); exitCode != 1 {
		t.Errorf("an error of Terraform has exit code %d:\n%s", exitCode, got)
	}
}

// An apply that succeeded did, also where its state could not be read afterwards.
func TestAnApplyWhoseStateCannotBeReadHasFinished(t *testing.T) {
	t.Parallel()
	plan := encode(t, planned(change(memberType, at("VIP-1"), []string{"delete"}, card("VIP-1", invalidate), nil)))
	got, exitCode := script(t, "apply", map[string]string{"plan.json": plan, "applied": completed(t, at("VIP-1"), "delete"), "state.json": unreadable})
	contains(t, got, "### Member cards after the apply: 1 permanently invalidated\n", "The state could not be read.")
	if exitCode != 1 {
		t.Errorf("exit code %d", exitCode)
	}
}

// What review.jq makes itself is never taken for a phone number, or no review would be published.
func TestTheScriptPublishesWhatOnlyLooksLikeAPhoneNumber(t *testing.T) {
	t.Parallel()
	place := object{"filename": "roster-13800138000.tf", "start": object{"line": 138}}
	long := strings.Repeat("x", 36) + " 138001380001380013800"
	var changes []object
	for i := range 1380 {
		code := fmt.Sprintf("1%d", i)
		changes = append(changes, change(memberType, at(code), []string{"delete"}, card(code, invalidate, object{"level": "13"}), nil))
	}
	for name, files := range map[string]map[string]string{
		"a file name":        {"log": diagnostic(t, object{"severity": "error", "summary": "0013 8000", "detail": "x", "range": place}), "status": "1"},
		"what was cut off":   {"plan.json": encode(t, planned(change(memberType, at("a"), []string{"create"}, nil, card(long))))},
		"many short values":  {"plan.json": encode(t, planned(changes...))},
		"a number and title": {"log": diagnostic(t, object{"severity": "error", "summary": "139", "detail": "0013 8000\n8000\n1", "address": at("138")}), "status": "1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, language := range []string{"en", "zh"} {
				got, _ := script(t, "plan", files, "REVIEW_LANGUAGE="+language, "REVIEW_COMMIT=13800138000a1b2c3d4e5f60718293a4b5c6d7e8")
				lacks(t, got, "no review could be made", "未能生成审阅内容", "13800138000")
				contains(t, got, "1380013800</sub>")
			}
		})
	}
}
