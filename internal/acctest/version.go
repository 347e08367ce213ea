// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"context"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/terraformcli"
)

// SkipWithout skips a test of a feature that the Terraform under test does not have. The feature
// begins with the given versions of Terraform and OpenTofu; a nil one says that OpenTofu lacks it.
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
	minimum := s.terraform
	if tofu {
		minimum = s.openTofu
	}
	if minimum == nil {
		resp.Skip = "OpenTofu does not have this feature"
		return
	}
	tfversion.SkipBelow(minimum).CheckTerraformVersion(ctx, req, resp)
}
