// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// logSubsystem names the client's part of the log. Its level follows TF_LOG_PROVIDER
// unless TF_LOG_PROVIDER_WECHATPAY_CLIENT says otherwise.
const logSubsystem = "client"

// personalFields are fields that the client never logs. They are masked in case it ever does
// by mistake.
func personalFields() []string {
	return []string{
		"authorization", "Authorization", "private_key", "phone", "phone_number", "user_information",
		"name", "value", "user_chosen_values", "ciphertext", "body", "signature",
	}
}

// mainlandPhone matches a phone number anywhere in a text.
var mainlandPhone = regexp.MustCompile(`\b(?:86)?1[3-9][0-9]{9}\b`)

// minSecretLine is the length from which a line of a PEM text is masked by itself. Shorter
// lines (the last one, for instance) could occur in harmless text.
const minSecretLine = 24

// logTo writes the client's events to Terraform's log. The client passes nothing personal
// and no secret; masking is a second safeguard.
func logTo(secrets []string) wechatpay.LogFunc {
	hidden := secretTexts(secrets)
	keys := personalFields()
	return func(ctx context.Context, message string, fields map[string]any) {
		ctx = tflog.NewSubsystem(ctx, logSubsystem,
			tflog.WithLevelFromEnv("TF_LOG_PROVIDER_WECHATPAY", "CLIENT"), tflog.WithRootFields())
		ctx = tflog.SubsystemMaskFieldValuesWithFieldKeys(ctx, logSubsystem, keys...)
		ctx = tflog.SubsystemMaskLogStrings(ctx, logSubsystem, hidden...)
		ctx = tflog.SubsystemMaskLogRegexes(ctx, logSubsystem, mainlandPhone)
		tflog.SubsystemDebug(ctx, logSubsystem, message, fields)
	}
}

// secretTexts returns the secrets and each of their lines, because a single line must not be
// logged either.
func secretTexts(secrets []string) []string {
	var out []string
	for _, secret := range secrets {
		if secret = strings.TrimSpace(secret); secret == "" {
			continue
		}
		out = append(out, secret)
		for line := range strings.Lines(secret) {
			line = strings.TrimSpace(line)
			if len(line) >= minSecretLine && !strings.HasPrefix(line, "-----") {
				out = append(out, line)
			}
		}
	}
	return out
}
