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
	line           int // of the text or the worksheet, from 1
}

// The names that a column can have, as the resource and WeChat Pay's documentation spell them.
const (
	userCardCode   = "user_card_code" // the attribute that every roster has
	phoneNumber    = "phone_number"   // normalized
	openID         = "openid"
	level          = "level"
	cardColor      = "card_color"
	cardPictureURL = "card_picture_url"
	pickupTime     = "pickup_time"
	attach         = "attach"
)

// attributes are the names that a column can have. line is none: the decoder gives it.
func attributes() []string {
	return []string{userCardCode, phoneNumber, openID, level, cardColor, cardPictureURL, pickupTime, attach}
}

// value returns where m keeps the named attribute, nil for a name that is none.
func (m *member) value(attribute string) *string {
	switch attribute {
	case userCardCode:
		return &m.userCardCode
	case phoneNumber:
		return &m.phoneNumber
	case openID:
		return &m.openID
	case level:
		return &m.level
	case cardColor:
		return &m.cardColor
	case cardPictureURL:
		return &m.cardPictureURL
	case pickupTime:
		return &m.pickupTime
	case attach:
		return &m.attach
	}
	return nil
}

func isAttribute(name string) bool { return new(member).value(name) != nil }
