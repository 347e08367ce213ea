#!/usr/bin/env bash
# Copyright (c) The terraform-provider-wechatpay authors
# SPDX-License-Identifier: MPL-2.0

# Sourced by scripts that run Terraform. Sets $terraform to the command, or says how to get one,
# and hides the person's own Terraform settings.

if ! terraform=$(command -v "${TF_ACC_TERRAFORM_PATH:-terraform}"); then
  cat >&2 <<'MESSAGE'
This runs a real Terraform, and none was found.

Install Terraform 1.11 or later (https://developer.hashicorp.com/terraform/install) so that
`terraform` is on PATH, or set TF_ACC_TERRAFORM_PATH to the binary, which may be OpenTofu's.
`make testshort` runs the tests that need none.
MESSAGE
  exit 1
fi
# Tests run in other folders.
[[ $terraform == /* ]] || terraform=$PWD/$terraform

keep='^TF_ACC_(PROVIDER_HOST|PROVIDER_NAMESPACE|LOG|LOG_PATH)$'
for name in $(compgen -e); do
  if [[ $name =~ ^(TF_|TOFU_|WECHATPAY_) && ! $name =~ $keep ]]; then
    unset "$name"
  fi
done
export TF_CLI_CONFIG_FILE=/dev/null
export CHECKPOINT_DISABLE=1
# OpenTofu looks for a provider without a host in a registry of its own. The test framework
# serves the provider there.
if "$terraform" version | grep -q '^OpenTofu'; then
  export TF_ACC_PROVIDER_HOST=${TF_ACC_PROVIDER_HOST:-registry.opentofu.org}
fi
