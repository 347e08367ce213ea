#!/usr/bin/env bash
# Copyright (c) The terraform-provider-wechatpay authors
# SPDX-License-Identifier: MPL-2.0

# Runs every fuzz test of the module, one after the other, with the given number of inputs
# (20000x) or for the given time (1m). A run that ends by time may report "context deadline
# exceeded" although no input failed (golang/go#75804): hence a number where a failure counts. By
# default Go spends up to a minute on making an interesting input smaller, which is longer than a
# short run takes: hence -fuzzminimizetime.
set -euo pipefail
cd "$(dirname "$0")/.."
amount=${1:-20000x}

# `go test -list` prints a package's fuzz tests, then the package.
found=$(go test -list '^Fuzz' ./... | awk '
  /^Fuzz/ { names[++n] = $1 }
  $1 == "ok" { for (i = 1; i <= n; i++) print $2, names[i]; n = 0 }')
if [[ -z $found ]]; then
  echo 'no fuzz test found' >&2
  exit 1
fi
while read -r package name; do
  echo "$name ($package)"
  go test -run '^$' -fuzz "^$name\$" -fuzztime "$amount" -fuzzminimizetime 100x "$package"
done <<<"$found"
