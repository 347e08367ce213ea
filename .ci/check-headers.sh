#!/usr/bin/env bash
# Copyright (c) The terraform-provider-wechatpay authors
# SPDX-License-Identifier: MPL-2.0

# Fails when a source file lacks the licence header. Examples are left out: people copy them.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=0
while IFS= read -r -d '' file; do
  if ! head -n 4 "$file" | grep -q 'SPDX-License-Identifier: MPL-2.0'; then
    echo "$file: no licence header" >&2
    missing=1
  fi
done < <(git ls-files -z --cached --others --exclude-standard --deduplicate -- '*.go' '*.sh' GNUmakefile .ci/run ':!examples')
exit "$missing"
