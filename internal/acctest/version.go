// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"context"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/terraformcli"
)

// SkipWithout skips a test of what the Terraform that runs it does not have: it begins with the
// given Terraform and OpenTofu, and without the latter there is none that has it.
func SkipWithout(terraform, openTofu *version.Version) tfversion.TerraformVersionCheck {
	return skipWithout{terraform, openTofu}
}

type skipWithout struct{ terraform, openTofu *version.Version }

func (s skipWithout) CheckTerraformVersion(ctx context.Context, req tfversion.CheckTerraformVersionRequest, resp *tfversion.CheckTerraformVersionResponse) {
	command, err := terraformcli.Find()
	if err != nil {
		resp.Error = err
		return
	}
	tofu, err := terraformcli.IsOpenTofu(ctx, command)
	if err != nil {
		resp.Error = err
		return
	}
	least := s.terraform
	if tofu {
		least = s.openTofu
	}
	if least == nil {
		resp.Skip = "OpenTofu has no such thing: skipping test"
		return
	}
	tfversion.SkipBelow(least).CheckTerraformVersion(ctx, req, resp)
}
