// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

// member is one row of a roster. A value that is absent or empty is "".
type member struct {
	userCardCode   string
	phoneNumber    string // as WeChat Pay takes it
	openID         string
	level          string
	cardColor      string
	cardPictureURL string
	pickupTime     string
	attach         string
	line           int // of the text, from 1
}

// The attribute that every roster has, and the one that is normalised.
const (
	userCardCode = "user_card_code"
	phoneNumber  = "phone_number"
)

// attributes are the names that a column can have, as the resource and WeChat Pay's
// documentation spell them. line is no column: the decoder gives it.
func attributes() []string {
	return []string{userCardCode, phoneNumber, "openid", "level", "card_color", "card_picture_url", "pickup_time", "attach"}
}

// value returns where m keeps the named attribute, nil for a name that is none.
func (m *member) value(attribute string) *string {
	switch attribute {
	case userCardCode:
		return &m.userCardCode
	case phoneNumber:
		return &m.phoneNumber
	case "openid":
		return &m.openID
	case "level":
		return &m.level
	case "card_color":
		return &m.cardColor
	case "card_picture_url":
		return &m.cardPictureURL
	case "pickup_time":
		return &m.pickupTime
	case "attach":
		return &m.attach
	}
	return nil
}

func isAttribute(name string) bool { return new(member).value(name) != nil }
