#!/usr/bin/env bash
# Makes a comment for a pull request out of a plan's text, on standard output:
#
#   terraform plan -no-color >plan.txt
#   plan-comment.sh plan.txt >comment.md
#
# It refuses, and prints nothing, when something in the text looks like a phone number: the
# provider shows none, but an output or another resource of the configuration might.
set -euo pipefail

plan=${1:?usage: plan-comment.sh plan.txt}
most=400 # lines: a comment has room for 65,536 characters

if grep -qE '(^|[^0-9])1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}([^0-9]|$)|\+[1-9][0-9]{6,14}([^0-9]|$)' "$plan"; then
  echo "$plan: something in the plan looks like a phone number; no comment is made." >&2
  echo "Mark the output or variable that it comes from as sensitive." >&2
  exit 1
fi

# A line for each member, and the sum.
members=$(grep -E '^  # .* (will be|must be|has been|was) ' "$plan" || true)
count=$(grep -c . <<<"$members" || true)
sum=$(grep -E '^(Plan: |No changes\.)' "$plan" | head -n 1 || true)
# What Terraform warns of, a card that would end for instance. It shows one of several that are alike.
warnings=$(awk '
  /^Warning: / { warning = substr($0, 10); if (!(warning in count)) order[++kinds] = warning; count[warning]++ }
  /^\(and [0-9]+ more similar warnings? elsewhere\)/ && warning != "" { count[warning] += $2 }
  END { for (i = 1; i <= kinds; i++) printf "- %d × %s\n", count[order[i]], order[i] }' "$plan")

printf '### Members\n\n%s\n' "${sum:-Only outputs change.}"
if [[ -n $warnings ]]; then
  printf '\n**Warnings**\n\n%s\n' "$warnings"
fi
if [[ $count -gt 0 ]]; then
  printf '\n<details><summary>%d members</summary>\n\n```text\n' "$count"
  head -n "$most" <<<"$members" | sed 's/^  # //'
  if [[ $count -gt $most ]]; then
    printf '... and %d more\n' $((count - most))
  fi
  printf '```\n\n</details>\n'
fi
