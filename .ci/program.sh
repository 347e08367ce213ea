#!/usr/bin/env bash
# Copyright (c) The terraform-provider-wechatpay authors
# SPDX-License-Identifier: MPL-2.0

# Builds a program of internal/cmd and becomes it: .ci/program.sh demo. `go run` compiles a
# fresh clone for a minute or more without a word; this says what it does.
set -euo pipefail
program=$1
shift
root=$(cd "$(dirname "$0")/.." && pwd)

echo "Building $program (a fresh clone takes a minute or two, later builds take seconds) ..." >&2
# With -v Go prints the path of each package that it compiles. All other lines are shown.
go -C "$root" build -v -o bin/programs/ "./internal/cmd/$program" 2>&1 | awk '
  /^[a-z0-9][^ :]*$/ { if (++n % 50 == 0) { print "  " n " packages compiled"; fflush() } next }
  { print; fflush() }' >&2
exec "$root/bin/programs/$program" "$@"
