// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package terraformcli

import (
	"maps"
	"slices"
	"strings"
)

// cleared are the prefixes of variables that change what Terraform or the provider does:
// TF_CLI_CONFIG_FILE, TF_LOG, TF_CLI_ARGS, TF_VAR_name, TF_PLUGIN_CACHE_DIR, TF_DATA_DIR,
// TF_WORKSPACE, TF_REATTACH_PROVIDERS, WECHATPAY_PRIVATE_KEY and their like.
var cleared = []string{"TF_", "TOFU_", "WECHATPAY_", "CHECKPOINT_"}

// Clears reports whether a variable would leak from a person's environment into a run.
func Clears(name string) bool {
	return slices.ContainsFunc(cleared, func(prefix string) bool { return strings.HasPrefix(name, prefix) })
}

// environment is a person's environment without what would leak into a run, and with what
// is set for it.
func environment(inherited []string, set map[string]string) []string {
	var env []string
	for _, entry := range inherited {
		name, _, _ := strings.Cut(entry, "=")
		if _, ok := set[name]; !ok && !Clears(name) {
			env = append(env, entry)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(set)) {
		env = append(env, name+"="+set[name])
	}
	return env
}
