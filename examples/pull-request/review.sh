#!/usr/bin/env bash
# Copyright (c) The terraform-provider-wechatpay authors
# SPDX-License-Identifier: MPL-2.0

# Plans or applies, and writes what that means for members as Markdown without personal data:
#
#   review.sh plan  review.md [arguments of terraform plan]
#   review.sh apply review.md [arguments of terraform plan]
#   review.sh none  review.md
#
# plan plans. apply plans, applies that plan, and writes what became of each member. none writes that there is no
# review, for a pipeline that stopped before it had one. A plan that fails leaves a review, too. The exit code is
# Terraform's, 0 for a plan that has changes, whatever -detailed-exitcode says, and 1 where only the state could not
# be read after an apply. Standard output has the errors and
# warnings, for the job's log.
#
# REVIEW_LANGUAGE   en (default) or zh
# REVIEW_COMMIT     the commit that is reviewed
# REVIEW_RATE       requests per second of the apply; by default WECHATPAY_REQUESTS_PER_SECOND, or 5
# TERRAFORM         the command; terraform by default
#
# It needs bash and jq 1.6 or later. Plan and logs hold phone numbers: they stay in a temporary folder that is removed.
set -euo pipefail
umask 077

usage='usage: review.sh plan|apply|none review.md [arguments of terraform plan]'
mode=${1:?$usage}
review=${2:?$usage}
shift 2
terraform=${TERRAFORM:-terraform}
program=$(dirname "${BASH_SOURCE[0]}")/review.jq
if ! command -v jq >/dev/null; then
  echo 'review.sh needs jq 1.6 or later: https://jqlang.org/download' >&2
  exit 127
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
touch "$work/plan.json" "$work/log" "$work/state.json"
status=0

render() {
  jq -nr -f "$program" --arg mode "$1" --arg language "${REVIEW_LANGUAGE:-en}" --arg status "$status" \
    --arg rate "${REVIEW_RATE:-${WECHATPAY_REQUESTS_PER_SECOND:-5}}" --arg commit "${REVIEW_COMMIT:-}" \
    --rawfile plan "$work/plan.json" --rawfile log "$work/log" --rawfile state "$work/state.json"
}

# What may stand between two digits of a phone number: up to two other characters. LC_ALL=C counts bytes, and a
# Chinese punctuation mark has three.
apart='([^0-9A-Za-z]|[^ -~]{3}|&#[0-9]{2,3};){0,2}'

# publish writes the review, unless something in it looks like a phone number: that would be a mistake in
# review.jq, and this check shares nothing with it.
publish() {
  render "$1" >"$work/review.md"
  local searched=0
  LC_ALL=C grep -qE "(^|[^0-9])1${apart}[3-9](${apart}[0-9]){9}([^0-9]|\$)|\+${apart}[1-9](${apart}[0-9]){6,14}([^0-9]|\$)" "$work/review.md" || searched=$?
  if [[ $searched != 1 ]]; then # 1 is that there is none
    echo 'Something in the review looks like a phone number; it is not published.' >&2
    render none >"$review"
    exit 1
  fi
  cp "$work/review.md" "$review"
}

# What is published when this is interrupted.
publish none
case $mode in
none) exit 0 ;;
plan | apply) ;;
*) echo "$usage" >&2; exit 2 ;;
esac

"$terraform" plan -input=false -json -out="$work/tfplan" "$@" >"$work/log" || status=$?
# With -detailed-exitcode, 2 says that there are changes. An error is 1.
[[ $status == 2 && -e $work/tfplan ]] && status=0
if [[ -e $work/tfplan ]]; then
  "$terraform" show -json "$work/tfplan" >"$work/plan.json" || status=1
fi
unread=0
if [[ $mode == apply && $status == 0 ]]; then
  "$terraform" apply -input=false -json "$work/tfplan" >>"$work/log" || status=$?
  "$terraform" show -json >"$work/state.json" || unread=1
fi
publish "$mode"
render log
exit "$((status ? status : unread))"
