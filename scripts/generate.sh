#!/usr/bin/env bash
# Copyright (c) The terraform-provider-wechatpay authors
# SPDX-License-Identifier: MPL-2.0

# Generates docs/ and checks it. The schema comes from this tree's provider through the local
# Terraform; given that, tfplugindocs neither builds nor downloads anything.
set -euo pipefail
cd "$(dirname "$0")/.."

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT

go run ./internal/acctest/cmd/docschema >"$temporary/schema.json"
name=(--provider-name wechatpay --providers-schema "$temporary/schema.json")
bin/tools/tfplugindocs generate "${name[@]}" --rendered-provider-name 'WeChat Pay'
bin/tools/tfplugindocs validate "${name[@]}"
