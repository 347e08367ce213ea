// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

// CardType is the kind of a member card template.
// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336982
type CardType string

// The card types that WeChat Pay documents.
const (
	CardTypePurchase CardType = "PURCHASE"
	CardTypeNormal   CardType = "NORMAL"
	CardTypeBalance  CardType = "BALANCE"
)

// UserCardState is the state of one member's card.
// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336982
type UserCardState string

// The card states that WeChat Pay documents.
const (
	UserCardStateUnactivated UserCardState = "UNACTIVATED"
	UserCardStateEffective   UserCardState = "EFFECTIVE"
	UserCardStateExpired     UserCardState = "EXPIRED"
	UserCardStateInvalid     UserCardState = "INVALID"
)

// ValidDateType says how a card's validity is given; it must be the type of its template.
// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336982
type ValidDateType string

// The validity types that WeChat Pay documents.
const (
	// ValidDateFixTimeRange needs a begin and an end.
	ValidDateFixTimeRange ValidDateType = "FIX_TIME_RANGE"
	// ValidDateFixTerm needs a number of days after receipt.
	ValidDateFixTerm ValidDateType = "FIX_TERM"
	// ValidDatePermanent needs nothing else.
	ValidDatePermanent ValidDateType = "PERMANENT"
)

// ValidDateInformation is a card's validity. Times are RFC 3339 with an offset, as
// WeChat Pay spells them: they may carry milliseconds. Empty and zero mean absent.
type ValidDateInformation struct {
	Type               ValidDateType `json:"type"`
	AvailableBeginTime string        `json:"available_begin_time,omitempty"`
	AvailableEndTime   string        `json:"available_end_time,omitempty"`
	// AvailableDayAfterReceive is at most 10958.
	AvailableDayAfterReceive int64 `json:"available_day_after_receive,omitempty"`
}

// CommonField is one field of the form that a member fills in when opening a card.
type CommonField struct {
	// Name is one of the USER_FORM_FLAG_… names.
	Name  string
	Value Personal
}

// CustomField is one field that the merchant added to that form.
type CustomField struct {
	Name             string
	UserChosenValues []Personal
}

// UserInformation is what a member filled in when opening a card, in the clear.
type UserInformation struct {
	CommonFields []CommonField
	CustomFields []CustomField
}

// CardRef names one member's card. All four parts are needed to read or change it.
type CardRef struct {
	// BrandID, CardID and UserCardCode are string(32) each.
	BrandID      string
	CardID       string
	UserCardCode string
	// OpenID is string(128): the user under the template's AppID.
	OpenID string
}

// UserCard is one member's card as WeChat Pay returns it, decrypted. The answer's signature was
// right, and its ids (and openid, where one was sent) are those that were sent. An empty string
// or nil means that the answer did not have the field, or that it is in Unread.
// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336982
type UserCard struct {
	CardRef

	CardColor            string
	CardPictureURL       string
	CardType             CardType
	PhoneNumber          Personal
	Level                string
	ValidDateInformation *ValidDateInformation
	PickupTime           string
	UserInformation      *UserInformation
	Attach               string
	UserCardState        UserCardState
	InvalidReason        string
	InvalidTime          string
	CreateTime           string
	ModifyTime           string

	// Unread names the fields of the answer of which any part could not be read or decrypted, such
	// as "phone_number" or "user_information". That part is absent above. The three ids and the
	// openid are never among them.
	Unread []string
}

// ImportRequest is one member to import, by phone number or by openid. The phone number and the
// user information are in the clear; the client encrypts them. Empty and nil fields are not sent.
// Official pages: https://pay.weixin.qq.com/doc/v3/partner/4015336982 (by phone) and
// https://pay.weixin.qq.com/doc/v3/partner/4015336981 (by openid)
type ImportRequest struct {
	// CardRef names the card to make. OpenID is required for an import by openid, and must be
	// empty for an import by phone, which has no such field.
	CardRef

	// PhoneNumber is required for an import by phone, and optional for an import by openid.
	PhoneNumber          Personal
	CardColor            string
	CardPictureURL       string
	Level                string
	UserInformation      *UserInformation
	ValidDateInformation *ValidDateInformation
	// PickupTime is needed for FIX_TERM only, must be in the past, and can be set at import only.
	PickupTime string
}

// ModifyUserCardRequest is a change to a card. What is empty or nil is not sent and
// stays as it is: whether WeChat Pay can clear a field is not documented.
// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336985
type ModifyUserCardRequest struct {
	CardRef

	CardColor            string
	CardPictureURL       string
	PhoneNumber          Personal
	Level                string
	ValidDateInformation *ValidDateInformation
	UserInformation      *UserInformation
	Attach               string
}

// InvalidateUserCardRequest ends a card. It cannot be undone.
// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336983
type InvalidateUserCardRequest struct {
	CardRef

	// InvalidReason is string(32) and optional.
	InvalidReason string
}

// ListUserCardsRequest asks for one user's cards in one brand.
// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336984
type ListUserCardsRequest struct {
	BrandID string
	OpenID  string
	// UserCardState filters; empty means all.
	UserCardState UserCardState
}

// CommonFieldNames are the names that CommonField.Name may have.
// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336982
func CommonFieldNames() []string {
	return []string{
		"USER_FORM_FLAG_SEX", "USER_FORM_FLAG_NAME", "USER_FORM_FLAG_BIRTHDAY",
		"USER_FORM_FLAG_ADDRESS", "USER_FORM_FLAG_EMAIL", "USER_FORM_FLAG_CITY",
	}
}
