#!/usr/bin/env bash
# Copyright (c) The terraform-provider-wechatpay authors
# SPDX-License-Identifier: MPL-2.0

# Runs the tests, the acceptance tests too, with the race detector, and closes with a line
# of what passed, failed and was skipped. Arguments go to `go test`.
# TEST_RESULT=file has that line written to a file as well.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! terraform=$(command -v "${TF_ACC_TERRAFORM_PATH:-terraform}"); then
  cat >&2 <<'MESSAGE'
The acceptance tests run a real Terraform, and none was found.

Install Terraform 1.11 or later (https://developer.hashicorp.com/terraform/install) so that
`terraform` is on PATH, or set TF_ACC_TERRAFORM_PATH to the binary, which may be OpenTofu's.
`make testshort` runs the tests that need none.
MESSAGE
  exit 1
fi

# Nothing of the person's own settings takes part.
keep='^TF_ACC_(PROVIDER_HOST|PROVIDER_NAMESPACE|LOG|LOG_PATH)$'
for name in $(compgen -e); do
  if [[ $name =~ ^(TF_|TOFU_|WECHATPAY_) && ! $name =~ $keep ]]; then
    unset "$name"
  fi
done

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
echo 'disable_checkpoint = true' >"$temporary/terraform.rc"
export TF_ACC=1
export TF_ACC_TERRAFORM_PATH=$terraform
export TF_CLI_CONFIG_FILE=$temporary/terraform.rc
export CHECKPOINT_DISABLE=1

export TEST_RESULT=${TEST_RESULT:-$temporary/result}
bin/tools/gotestsum --format pkgname \
  --post-run-command "bash -c 'echo \"\$((TESTS_TOTAL - TESTS_FAILED - TESTS_SKIPPED)) passed, \$TESTS_FAILED failed, \$TESTS_SKIPPED skipped\" | tee \"\$TEST_RESULT\"'" \
  -- -race -cover -timeout 20m "$@"
