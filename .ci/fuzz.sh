#!/usr/bin/env bash
# Copyright (c) The terraform-provider-wechatpay authors
# SPDX-License-Identifier: MPL-2.0

# Runs every fuzz test of the module for the time given, one after the other. Making an
# interesting input smaller takes up to a minute by default, in which nothing else is tried:
# of a short run on texts as long as keys nothing was left.
set -euo pipefail
cd "$(dirname "$0")/.."
time=${1:-10s}

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
  go test -run '^$' -fuzz "^$name\$" -fuzztime "$time" -fuzzminimizetime 100x "$package"
done <<<"$found"
