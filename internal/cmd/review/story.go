// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/sandbox"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/terraformcli"
)

// picture is a picture of a review that the repository keeps.
type picture struct {
	file, mode, language, label string
}

// exampleFolder is where the pictures are.
const exampleFolder = "examples/pull-request"

// pictures are those of one story, in its order.
func pictures() []picture {
	return []picture{
		{"review.svg", "plan", "en", "The review of a pull request"},
		{"review-zh.svg", "plan", "zh", "合并请求的审阅内容"},
		{"review-after.svg", "apply", "en", "The review after the apply"},
	}
}

// The story of the pictures: a shop's roster before and after a pull request.
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

// storyOptions are what WeChat Pay knows in the story: one new member has no WeChat account, and one has a card already.
func storyOptions() mockserver.Options {
	return mockserver.Options{
		UnboundPhones: []string{"13800138004"},
		Cards: []mockserver.Card{{
			BrandID: mockserver.DefaultBrandID, CardID: mockserver.TemplatePermanent, UserCardCode: "VIP-0006", PhoneNumber: "13800138005", Level: "银卡会员",
		}},
	}
}

// drawAll applies the roster, plans and applies the change of it, and returns the pictures by file.
func drawAll(ctx context.Context, s *sandbox.Sandbox) (map[string]string, error) {
	w, err := s.Workspace("picture")
	if err != nil {
		return nil, err
	}
	folder, err := sandbox.ModuleFile(ctx, exampleFolder)
	if err != nil {
		return nil, err
	}
	main, err := os.ReadFile(filepath.Join(folder, "main.tf")) //nolint:gosec // a file of this repository
	if err != nil {
		return nil, err
	}
	configuration, err := replaceOnce(string(main), "\n  valid_date_information", policy)
	if err != nil {
		return nil, err
	}
	for name, content := range map[string]string{"main.tf": configuration, "members.csv": rosterBefore} {
		if err := w.WriteFile(name, content); err != nil {
			return nil, err
		}
	}
	if _, err := w.Init(ctx); err != nil {
		return nil, err
	}
	if _, err := w.Apply(ctx); err != nil {
		return nil, err
	}
	if err := w.WriteFile("members.csv", rosterAfter); err != nil {
		return nil, err
	}
	drawn := map[string]string{}
	for _, p := range pictures() {
		result, err := p.review(ctx, w, s.CLI.Terraform())
		if err != nil {
			return nil, err
		}
		drawn[p.file] = draw(result.markdown, p.label)
	}
	return drawn, nil
}

// review runs review.sh for a picture.
func (p picture) review(ctx context.Context, w *terraformcli.Workspace, terraform string) (*reviewed, error) {
	folder, err := os.MkdirTemp("", "review-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	result, err := runReview(ctx, w, terraform, folder, p.mode, "REVIEW_RATE=5", "REVIEW_LANGUAGE="+p.language)
	if err != nil {
		return nil, err
	}
	// The apply of the story ends with an error: a member has no WeChat account.
	if (result.exitCode == 0) != (p.mode == "plan") {
		return nil, fmt.Errorf("review.sh %s: exit code %d\n%s", p.mode, result.exitCode, result.log)
	}
	return result, nil
}

// replaceOnce replaces the only place where old stands.
func replaceOnce(text, old, replacement string) (string, error) {
	if n := strings.Count(text, old); n != 1 {
		return "", fmt.Errorf("%q stands %d times in main.tf", old, n)
	}
	return strings.Replace(text, old, replacement, 1), nil
}
