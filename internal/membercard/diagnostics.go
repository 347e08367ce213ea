// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// This file words what several operations say of a card.

// warnUnread warns of the parts of an answer that could not be read. They are absent in the state.
func warnUnread(card *wechatpay.UserCard, diags *diag.Diagnostics) {
	if len(card.Unread) == 0 {
		return
	}
	diags.AddWarning("A part of WeChat Pay's answer could not be read",
		fmt.Sprintf("The answer about the card %s could not be read in: %s. These attributes are taken as absent; everything else of the answer was used. "+
			"Usually the merchant's private key does not fit what was encrypted, or WeChat Pay has changed the field: if it stays, please report it.",
			resourceID(card.CardRef), strings.Join(card.Unread, ", ")))
}

// warnInvalid warns of a card that was invalidated elsewhere: it stays in the state, since
// only a new import could take its place.
func warnInvalid(card *wechatpay.UserCard, diags *diag.Diagnostics) {
	if card.UserCardState != wechatpay.UserCardStateInvalid {
		return
	}
	diags.AddAttributeWarning(path.Root("user_card_state"), "The card is invalid",
		fmt.Sprintf("The card %s was invalidated, which cannot be undone. It stays in the state, and no new card is made without being asked for: "+
			"remove the member, give it another user_card_code, or replace it with terraform apply -replace.", resourceID(card.CardRef)))
}

func join(names []string) string { return strings.Join(names, ", ") }
