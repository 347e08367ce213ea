#!/usr/bin/env bash
# Copyright (c) The terraform-provider-wechatpay authors
# SPDX-License-Identifier: MPL-2.0

# Formats the examples as Terraform does. Arguments go to `terraform fmt`: -check -diff.
set -euo pipefail
cd "$(dirname "$0")/.."
source .ci/environment.sh

"$terraform" fmt "$@" -recursive examples
