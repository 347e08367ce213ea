// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"errors"
	"fmt"
	"strings"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/membercard/rules"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// openIDPlaceholder stands for an unknown openid in a command that a person completes.
const openIDPlaceholder = "OPENID"

// resourceID is the resource's id: brand_id/card_id/user_card_code.
func resourceID(ref wechatpay.CardRef) string {
	return ref.BrandID + "/" + ref.CardID + "/" + ref.UserCardCode
}

// importCommand is the command that imports a card into the state. An unknown openid is the
// person's to fill in.
func importCommand(ref wechatpay.CardRef) string {
	openID := ref.OpenID
	if openID == "" {
		openID = openIDPlaceholder
	}
	return framework.ImportCommand(resourceID(ref) + "/" + openID)
}

// importAdvice is importCommand that says, where the openid is unknown, that a person completes it.
func importAdvice(ref wechatpay.CardRef) string {
	if ref.OpenID != "" {
		return importCommand(ref)
	}
	return importCommand(ref) + "\nReplace " + openIDPlaceholder + " with the member's openid."
}

// parseImportID reads brand_id/card_id/user_card_code/openid. It cuts at the first two and the
// last "/": the code may itself contain "/". An id of three parts has no openid.
func parseImportID(text string) (wechatpay.CardRef, error) {
	if text == "" {
		return wechatpay.CardRef{}, errors.New("the id is empty")
	}
	parts := strings.SplitN(text, "/", 3)
	if len(parts) < 3 {
		return wechatpay.CardRef{}, fmt.Errorf("the id has %d of 4 parts", len(parts))
	}
	ref := wechatpay.CardRef{BrandID: parts[0], CardID: parts[1], UserCardCode: parts[2]}
	if cut := strings.LastIndex(parts[2], "/"); cut >= 0 {
		ref.UserCardCode, ref.OpenID = parts[2][:cut], parts[2][cut+1:]
	}
	return ref, checkRef(ref)
}

// checkRef finds what no member can have: an empty part, or a space that was copied along. The
// openid may be unknown.
func checkRef(ref wechatpay.CardRef) error {
	for _, part := range []struct {
		name, value string
		valid       func(string) bool
	}{
		{"brand_id", ref.BrandID, framework.IsIdentifier}, {"card_id", ref.CardID, framework.IsIdentifier},
		{"user_card_code", ref.UserCardCode, rules.IsUserCardCode}, {"openid", ref.OpenID, framework.IsIdentifier},
	} {
		switch {
		case part.value == "" && part.name == "openid":
		case part.value == "":
			return fmt.Errorf("the part %s is empty", part.name)
		case !part.valid(part.value):
			return fmt.Errorf("the part %s has a space, or another character that no such part has", part.name)
		}
	}
	return nil
}
