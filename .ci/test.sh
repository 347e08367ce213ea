#!/usr/bin/env bash
# Copyright (c) The terraform-provider-wechatpay authors
# SPDX-License-Identifier: MPL-2.0

# Runs all tests, acceptance tests included, with the race detector. The last line counts what
# passed, failed and was skipped; TEST_RESULT=file writes it to a file as well. Arguments go to
# `go test`.
set -euo pipefail
cd "$(dirname "$0")/.."

source .ci/environment.sh

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
# Removed at the end, with what interrupted tests have left in it.
export TMPDIR=$temporary
export TF_ACC=1
export TF_ACC_TERRAFORM_PATH=$terraform

export TEST_RESULT=${TEST_RESULT:-$temporary/result}
bin/tools/gotestsum --format pkgname \
  --post-run-command "bash -c 'echo \"\$((TESTS_TOTAL - TESTS_FAILED - TESTS_SKIPPED)) passed, \$TESTS_FAILED failed, \$TESTS_SKIPPED skipped\" | tee \"\$TEST_RESULT\"'" \
  -- -race -cover -timeout 20m "$@"
