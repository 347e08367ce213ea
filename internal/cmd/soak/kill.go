// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/sandbox"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/terraformcli"
)

// created is a line that Terraform prints when the provider has told it of a member.
var created = regexp.MustCompile(`\["(VIP-\d+)"\]: Creation complete`)

// kill applies a root module for the first time, and kills Terraform and the provider a moment
// after m.killAfter members are created.
func (s *soak) kill(ctx context.Context, m *module) error {
	killer := &killer{workspace: m.workspace, after: m.killAfter, delay: m.killDelay}
	m.killAfter = 0
	m.workspace.ShowOutput(killer)
	result, err := m.workspace.Apply(ctx) // with Terraform's own parallelism, as people do
	m.workspace.ShowOutput(nil)
	if killer.timer != nil {
		killer.timer.Stop() // Terraform may have ended before: the next command is not to be killed
	}
	m.workspace.Setenv("WECHATPAY_REQUESTS_PER_SECOND", sandbox.Unlimited)
	if readErr := s.search.add(result); readErr != nil {
		return readErr
	}
	if _, failed := errors.AsType[*terraformcli.ExitError](err); err != nil && (!failed || ctx.Err() != nil) {
		return err
	}
	for _, match := range created.FindAllStringSubmatch(result.Stdout, -1) {
		m.told[match[1]] = true
	}
	removed, err := removeUnreadableState(m.workspace.Dir())
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.applies++
	if result.ExitCode == -1 {
		s.killed++
		s.failed++
	}
	if removed {
		s.broken++
	}
	return nil
}

// killer reads Terraform's output and kills it.
type killer struct {
	workspace *terraformcli.Workspace
	after     int
	delay     time.Duration
	output    []byte
	timer     *time.Timer // nil before it is set
}

// Write implements io.Writer.
func (k *killer) Write(p []byte) (int, error) {
	k.output = append(k.output, p...)
	if k.after > 0 && len(created.FindAll(k.output, -1)) >= k.after {
		k.after = 0
		k.timer = time.AfterFunc(k.delay, k.workspace.Kill)
	}
	return len(p), nil
}

// removeUnreadableState removes a local state that a kill has cut, as a person would who has
// no backup, and reports whether there was one.
func removeUnreadableState(folder string) (bool, error) {
	file := filepath.Join(folder, "terraform.tfstate")
	content, err := os.ReadFile(file) //nolint:gosec // the workspace's own file
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil || len(bytes.TrimSpace(content)) > 0 && json.Valid(content) {
		return false, err
	}
	return true, os.Remove(file)
}
