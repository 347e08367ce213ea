#!/usr/bin/env bash
# Copyright (c) The terraform-provider-wechatpay authors
# SPDX-License-Identifier: MPL-2.0

# Generates docs/ and checks it. The schema comes from this tree's provider through the local
# Terraform; given that, tfplugindocs neither builds nor downloads anything.
set -euo pipefail
cd "$(dirname "$0")/.."

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT

go run ./internal/cmd/failuresguide templates/guides/failures.md.tmpl
go run ./internal/cmd/docschema >"$temporary/schema.json"
arguments=(--provider-name wechatpay --providers-schema "$temporary/schema.json")
quietly() {
  "$@" >"$temporary/log" 2>&1 || { cat "$temporary/log" >&2; exit 1; }
}
quietly bin/tools/tfplugindocs generate "${arguments[@]}" --rendered-provider-name 'WeChat Pay'
quietly bin/tools/tfplugindocs validate "${arguments[@]}"
echo 'docs/ is generated and valid'
