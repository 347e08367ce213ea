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
	Type                     ValidDateType
	AvailableBeginTime       string
	AvailableEndTime         string
	AvailableDayAfterReceive int64
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

// UserCard is one member's card as WeChat Pay returns it, decrypted.
// An empty string or nil means that the answer did not carry the field.
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

	// Unread names the fields of the answer that could not be read or decrypted. They are absent
	// above. The three ids and the openid are never among them.
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

// CardTemplate is a member card template as WeChat Pay returns it.
// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336976
type CardTemplate struct {
	CardID               string
	BrandID              string
	AppID                string
	CardType             CardType
	CardTitle            string
	CardColor            string
	CardPictureURL       string
	CodeMode             string
	CodeType             string
	Benefits             string
	NotifyURL            string
	NeedPinned           *bool
	NeedDisplayLevel     *bool
	InitLevel            string
	ServicePhone         string
	LegalAgreement       string
	ValidDateInformation *ValidDateInformation
	// PointsInformation, BalanceInformation and PurchaseInformation are JSON text as
	// received, compacted; the pages' shapes differ by card type. Empty when absent.
	PointsInformation   string
	BalanceInformation  string
	PurchaseInformation string
	// UserInformation is nil when the template asks for nothing.
	UserInformation *TemplateUserInformation
	State           CardTemplateState
	CreateTime      string
	UpdateTime      string
}

// CardTemplateState is the state of a template.
type CardTemplateState string

// The template states that WeChat Pay documents.
const (
	CardTemplateStateEffective CardTemplateState = "CARD_EFFECTIVE"
	CardTemplateStateInvalid   CardTemplateState = "CARD_INVALID"
)

// TemplateUserInformation is the form that a template asks members to fill in.
type TemplateUserInformation struct {
	CommonFields []string
	CustomFields []TemplateCustomField
}

// TemplateCustomField is a field of that form that the merchant added.
type TemplateCustomField struct {
	// Type is CHECK_BOX (several values may be chosen) or RADIO (one).
	Type   string
	Name   string
	Values []string
}

// CommonFieldNames are the names that CommonField.Name may have.
// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336982
func CommonFieldNames() []string {
	return []string{
		"USER_FORM_FLAG_SEX", "USER_FORM_FLAG_NAME", "USER_FORM_FLAG_BIRTHDAY",
		"USER_FORM_FLAG_ADDRESS", "USER_FORM_FLAG_EMAIL", "USER_FORM_FLAG_CITY",
	}
}
