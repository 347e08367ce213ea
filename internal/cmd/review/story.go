// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/sandbox"
)

// pictureFile is where the repository keeps the picture.
const pictureFile = "examples/pull-request/review.svg"

// The story of the picture: a shop's roster before and after a pull request.
const (
	rosterBefore = `user_card_code,phone_number,level
VIP-0001,13800138000,钻石会员
VIP-0002,13800138001,金卡会员
VIP-0003,13800138002,银卡会员
VIP-0004,13800138003,银卡会员
`
	rosterAfter = `user_card_code,phone_number,level
VIP-0001,13900139000,钻石会员
VIP-0002,13800138001,钻石会员
VIP-0004,13800138003,银卡会员
VIP-0005,13800138004,银卡会员
VIP-0006,13800138005,银卡会员
`
	policy = `
  # Who leaves the file loses the card.
  deletion_policy = "invalidate"

  valid_date_information`
)

// picturePlan applies the roster, plans the change of it, and draws the review.
func picturePlan(ctx context.Context, s *sandbox.Sandbox) (string, error) {
	w, err := s.Workspace("picture")
	if err != nil {
		return "", err
	}
	example, err := sandbox.ModuleFile(ctx, filepath.Dir(pictureFile))
	if err != nil {
		return "", err
	}
	main, err := os.ReadFile(filepath.Join(example, "main.tf")) //nolint:gosec // a file of this repository
	if err != nil {
		return "", err
	}
	configuration, err := replaceOnce(string(main), "\n  valid_date_information", policy)
	if err != nil {
		return "", err
	}
	for name, content := range map[string]string{"main.tf": configuration, "members.csv": rosterBefore} {
		if err := w.WriteFile(name, content); err != nil {
			return "", err
		}
	}
	if _, err := w.Init(ctx); err != nil {
		return "", err
	}
	if _, err := w.Apply(ctx); err != nil {
		return "", err
	}
	if err := w.WriteFile("members.csv", rosterAfter); err != nil {
		return "", err
	}
	folder, err := os.MkdirTemp("", "review-")
	if err != nil {
		return "", err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	result, err := runReview(ctx, w, s.CLI.Terraform(), folder, "plan", "REVIEW_RATE=5")
	if err != nil {
		return "", err
	}
	if result.exitCode != 0 {
		return "", fmt.Errorf("review.sh: exit code %d\n%s", result.exitCode, result.log)
	}
	return draw(result.markdown), nil
}

// replaceOnce replaces the only place where old stands.
func replaceOnce(text, old, replacement string) (string, error) {
	if n := strings.Count(text, old); n != 1 {
		return "", fmt.Errorf("%q stands %d times in main.tf", old, n)
	}
	return strings.Replace(text, old, replacement, 1), nil
}
