#!/usr/bin/env bash
# Copyright (c) The terraform-provider-wechatpay authors
# SPDX-License-Identifier: MPL-2.0

# Checks what `make snapshot` has put into dist/: the checksums, and that Terraform installs this
# machine's archive from a mirror in the packed layout, as a company without the Registry does.
set -euo pipefail
cd "$(dirname "$0")/.."
source .ci/environment.sh

(cd dist && sha256sum --check --quiet --ignore-missing ./*_SHA256SUMS)
archive=$(echo dist/*_"$(go env GOOS)_$(go env GOARCH)".zip)
[[ $(grep -c '_manifest.json$' dist/*_SHA256SUMS) == 1 ]] || { echo 'no checksum of the manifest' >&2; exit 1; }

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
for host in registry.terraform.io registry.opentofu.org; do
  folder=$temporary/mirror/$host/wechatpay-iac/wechatpay
  mkdir -p "$folder"
  cp "$archive" "$folder/"
done
cat >"$temporary/rc" <<RC
provider_installation {
  filesystem_mirror {
    path = "$temporary/mirror"
  }
}
RC
cp -r examples/roster "$temporary/roster"
export TF_CLI_CONFIG_FILE=$temporary/rc
"$terraform" -chdir="$temporary/roster" init -input=false -no-color | grep 'Installed wechatpay-iac/wechatpay'
"$terraform" -chdir="$temporary/roster" validate -no-color
