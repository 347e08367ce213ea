// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

// CardTemplateState is the state of a template. A template has no review: it works as soon as it
// is created.
type CardTemplateState string

// The template states that WeChat Pay documents.
const (
	CardTemplateStateEffective CardTemplateState = "CARD_EFFECTIVE"
	CardTemplateStateInvalid   CardTemplateState = "CARD_INVALID"
)

// CodeMode says who gives a card its code when a user takes the card. An import carries the
// merchant's code in both modes.
type CodeMode string

// The code modes that WeChat Pay documents.
const (
	// CodeModeSystem: WeChat Pay gives a code of 24 digits.
	CodeModeSystem CodeMode = "SYSTEM_ALLOCATE"
	// CodeModeMerchant: the merchant gives the code when it confirms the card.
	CodeModeMerchant CodeMode = "MERCHANT_ALLOCATE"
)

// CodeType says how a card shows its code.
type CodeType string

// The code types that WeChat Pay documents.
const (
	CodeTypeNone        CodeType = "NONE_CODE"
	CodeTypeBar         CodeType = "BAR_CODE"
	CodeTypeQR          CodeType = "QR_CODE"
	CodeTypeBarAndQR    CodeType = "BAR_CODE_AND_QR_CODE"
	CodeTypeMiniProgram CodeType = "JUMP_MINI_PROGRAM"
)

// CustomFieldType says how many values of a custom field a member may choose.
type CustomFieldType string

// The types of custom fields that WeChat Pay documents.
const (
	// CustomFieldCheckBox: several values may be chosen.
	CustomFieldCheckBox CustomFieldType = "CHECK_BOX"
	// CustomFieldRadio: one value may be chosen.
	CustomFieldRadio CustomFieldType = "RADIO"
)

// JumpInformation is the mini program page that a part of the card opens.
type JumpInformation struct {
	// JumpAppID is string(32).
	JumpAppID string `json:"jump_appid,omitempty"`
	// JumpPath is string(128).
	JumpPath string `json:"jump_path,omitempty"`
}

// PurchaseInformation is the entry to a paid membership.
type PurchaseInformation struct {
	// Price is in fen; nil when absent.
	Price *int64 `json:"price,omitempty"`
	// JumpAppID is string(32).
	JumpAppID string `json:"jump_appid,omitempty"`
	// JumpPath is string(128).
	JumpPath string `json:"jump_path,omitempty"`
}

// TemplateUserInformation is the form that a template asks members to fill in.
type TemplateUserInformation struct {
	// CommonFields are some of CommonFieldNames.
	CommonFields []string `json:"common_field_list,omitempty"`
	// CustomFields has at most one element at present.
	CustomFields []TemplateCustomField `json:"custom_field_list,omitempty"`
}

// TemplateCustomField is a field of that form that the merchant added.
type TemplateCustomField struct {
	Type CustomFieldType `json:"type"`
	// Name is string(32).
	Name string `json:"name"`
	// Values are what a member may choose: at most 10, of at most 8 characters each.
	Values []string `json:"values"`
}

// CardTemplateFixedSettings are the settings of a card template that cannot be changed.
type CardTemplateFixedSettings struct {
	// BrandID is string(32).
	BrandID string `json:"-"`
	// OutRequestNo is the merchant's own number of the creation: string(128), half-width digits,
	// letters, - and _. Whether creating again with the same number returns the first template is
	// not documented. Old templates may lack it in answers.
	OutRequestNo string `json:"out_request_no,omitempty"`
	// AppID is string(32). Members' openids are those under this AppID.
	AppID string `json:"appid,omitempty"`
	// CardType must be CardTypeNormal: creating with another type returns an error.
	CardType CardType `json:"card_type,omitempty"`
	CodeMode CodeMode `json:"code_mode,omitempty"`
	CodeType CodeType `json:"code_type,omitempty"`
	// InitLevel is string(10), the level of a new member; needed with NeedDisplayLevel.
	InitLevel string `json:"init_level,omitempty"`
	// LegalAgreement is string(20480), plain text.
	LegalAgreement string `json:"legal_agreement,omitempty"`
}

// CardTemplateSettings are the settings of a card template that can be changed. In a request, what is
// empty or nil is not sent; in an answer, it was absent.
type CardTemplateSettings struct {
	// CardTitle is string(10).
	CardTitle string `json:"card_title,omitempty"`
	// CardColor is #RRGGBB.
	CardColor string `json:"card_color,omitempty"`
	// CardPictureURL is string(256), a URL that the image upload returned.
	CardPictureURL string `json:"card_picture_url,omitempty"`
	// CodeJumpInformation is needed with CodeTypeMiniProgram.
	CodeJumpInformation *JumpInformation `json:"code_jump_information,omitempty"`
	// Benefits is string(32), one line.
	Benefits string `json:"benefits,omitempty"`
	// NotifyURL is string(256), https: where WeChat Pay sends the events of this template's cards.
	NotifyURL        string `json:"notify_url,omitempty"`
	NeedPinned       *bool  `json:"need_pinned,omitempty"`
	NeedDisplayLevel *bool  `json:"need_display_level,omitempty"`
	// ServicePhone is string(32), shown to members.
	ServicePhone         string                   `json:"service_phone,omitempty"`
	ValidDateInformation *ValidDateInformation    `json:"valid_date_information,omitempty"`
	MemberInformation    *JumpInformation         `json:"member_information,omitempty"`
	PointsInformation    *JumpInformation         `json:"points_information,omitempty"`
	BalanceInformation   *JumpInformation         `json:"balance_information,omitempty"`
	PurchaseInformation  *PurchaseInformation     `json:"purchase_information,omitempty"`
	UserInformation      *TemplateUserInformation `json:"user_information,omitempty"`
}

// CardTemplate is a member card template as WeChat Pay returns it. An empty string or nil means
// that the answer did not have the field.
// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336974
type CardTemplate struct {
	// CardID is string(32).
	CardID string

	CardTemplateFixedSettings
	CardTemplateSettings

	State      CardTemplateState
	CreateTime string
	// ModifyTime is modify_time, which the first edition of the pages calls update_time.
	ModifyTime string

	// Unread names the fields of the answer of which any part has not the documented type. That part
	// is absent above. The two ids are never among them.
	Unread []string
}

// CreateCardTemplateRequest is a template to create.
// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336970
type CreateCardTemplateRequest struct {
	CardTemplateFixedSettings
	CardTemplateSettings
}

// ModifyCardTemplateRequest is a change to a template. Only what is set is sent and changes.
// Whether WeChat Pay merges an object with the one that it has is not documented: send it whole.
// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336977
type ModifyCardTemplateRequest struct {
	BrandID string
	CardID  string

	CardTemplateSettings
}

// ListCardTemplatesRequest asks for a brand's templates.
// Official page: https://pay.weixin.qq.com/doc/v3/partner/4015336976
type ListCardTemplatesRequest struct {
	BrandID string
	// State filters; empty means all.
	State CardTemplateState
}
