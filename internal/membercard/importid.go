// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// importID is the id of an import into the state: brand_id/card_id/user_card_code/openid.
type importID struct {
	brandID, cardID, userCardCode, openID string
}

// parseImportID cuts at the first two and the last "/": the code may itself contain "/".
// An id of three parts has no openid.
func parseImportID(text string) (importID, error) {
	if text == "" {
		return importID{}, errors.New("the id is empty")
	}
	parts := strings.SplitN(text, "/", 3)
	if len(parts) < 3 {
		return importID{}, fmt.Errorf("the id has %d of the 4 parts brand_id/card_id/user_card_code/openid", len(parts))
	}
	id := importID{brandID: parts[0], cardID: parts[1], userCardCode: parts[2]}
	if cut := strings.LastIndex(parts[2], "/"); cut >= 0 {
		id.userCardCode, id.openID = parts[2][:cut], parts[2][cut+1:]
	}
	return id, id.check()
}

// check finds what no member can have: an empty part, or a space that was copied along. The
// openid may be unknown.
func (id importID) check() error {
	for _, part := range []struct {
		name, value string
		pattern     *regexp.Regexp
	}{
		{"brand_id", id.brandID, idPattern}, {"card_id", id.cardID, idPattern},
		{"user_card_code", id.userCardCode, codePattern}, {"openid", id.openID, idPattern},
	} {
		switch {
		case part.value == "" && part.name == "openid":
		case part.value == "":
			return fmt.Errorf("the part %s of brand_id/card_id/user_card_code/openid is empty", part.name)
		case !part.pattern.MatchString(part.value):
			return fmt.Errorf("the part %s of brand_id/card_id/user_card_code/openid has a space, or another character that none has", part.name)
		}
	}
	return nil
}

// importIDOf is the id that imports the state's card again.
func importIDOf(state *model) importID {
	return importID{text(state.BrandID), text(state.CardID), text(state.UserCardCode), text(state.OpenID)}
}

// withoutOpenID is the resource's id.
func (id importID) withoutOpenID() string {
	return id.brandID + "/" + id.cardID + "/" + id.userCardCode
}

// whole is the id of an import; openIDPlaceholder stands in for an unknown openid.
func (id importID) whole() string {
	openID := id.openID
	if openID == "" {
		openID = openIDPlaceholder
	}
	return id.withoutOpenID() + "/" + openID
}

// command is what imports the card into the state; the address is the user's to fill in.
func (id importID) command() string {
	return fmt.Sprintf("terraform import ADDRESS '%s'", strings.ReplaceAll(id.whole(), "'", `'\''`))
}

const openIDPlaceholder = "OPENID"
