#!/usr/bin/env bash
# Copyright (c) The terraform-provider-wechatpay authors
# SPDX-License-Identifier: MPL-2.0

# Runs the tests, the acceptance tests too, with the race detector, and closes with a line
# of what passed, failed and was skipped. Arguments go to `go test`.
# TEST_RESULT=file has that line written to a file as well.
set -euo pipefail
cd "$(dirname "$0")/.."

source .ci/environment.sh

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
# What an interrupted test does not get to remove goes with this.
export TMPDIR=$temporary
export TF_ACC=1
export TF_ACC_TERRAFORM_PATH=$terraform

export TEST_RESULT=${TEST_RESULT:-$temporary/result}
bin/tools/gotestsum --format pkgname \
  --post-run-command "bash -c 'echo \"\$((TESTS_TOTAL - TESTS_FAILED - TESTS_SKIPPED)) passed, \$TESTS_FAILED failed, \$TESTS_SKIPPED skipped\" | tee \"\$TEST_RESULT\"'" \
  -- -race -cover -timeout 20m "$@"
