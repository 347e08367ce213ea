// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"
)

// The ids of [DefaultTemplates].
const (
	// TemplatePermanent has cards without an end, all six common fields, and
	// two custom fields: 喜欢的运动 (CHECK_BOX of 篮球, 足球, 游泳) and 常去门店
	// (RADIO of 南山店, 福田店).
	TemplatePermanent = "pbLatjvWOibDc5-TBnbUk1pD12o0"
	// TemplateFixTerm has cards that last 365 days from their pickup time.
	TemplateFixTerm = "pbLatjvWOibDc5-TBnbUk1pFIXTERM"
	// TemplateFixTimeRange has cards valid from 2020 to the end of 2099.
	TemplateFixTimeRange = "pbLatjvWOibDc5-TBnbUk1pRANGE"
	// TemplateInvalid is a template that was invalidated.
	TemplateInvalid = "pbLatjvWOibDc5-TBnbUk1pINVALID"
)

// The states of a card template (official page 4015336974). There is no review:
// a template can be used as soon as it is created.
const (
	TemplateStateEffective = "CARD_EFFECTIVE"
	TemplateStateInvalid   = "CARD_INVALID"
)

// Template is a card template as its calls answer it (official page
// 4015336974). Empty members are absent from the answer; CardType, CodeMode,
// CodeType, ValidDate and State have defaults.
type Template struct {
	BrandID string `json:"brand_id"`
	CardID  string `json:"card_id"`
	// OutRequestNo is the merchant's own number of the call that made the
	// template; empty for one that was put there from outside.
	OutRequestNo        string               `json:"out_request_no,omitempty"`
	AppID               string               `json:"appid,omitempty"`
	CardType            string               `json:"card_type,omitempty"`
	CardTitle           string               `json:"card_title,omitempty"`
	CardColor           string               `json:"card_color,omitempty"`
	CardPictureURL      string               `json:"card_picture_url,omitempty"`
	CodeMode            string               `json:"code_mode,omitempty"`
	CodeType            string               `json:"code_type,omitempty"`
	CodeJumpInformation *JumpInformation     `json:"code_jump_information,omitempty"`
	Benefits            string               `json:"benefits,omitempty"`
	NotifyURL           string               `json:"notify_url,omitempty"`
	NeedPinned          bool                 `json:"need_pinned,omitempty"`
	NeedDisplayLevel    bool                 `json:"need_display_level,omitempty"`
	InitLevel           string               `json:"init_level,omitempty"`
	ServicePhone        string               `json:"service_phone,omitempty"`
	LegalAgreement      string               `json:"legal_agreement,omitempty"`
	ValidDate           ValidDate            `json:"valid_date_information,omitzero"`
	MemberInformation   *JumpInformation     `json:"member_information,omitempty"`
	PointsInformation   *JumpInformation     `json:"points_information,omitempty"`
	BalanceInformation  *JumpInformation     `json:"balance_information,omitempty"`
	PurchaseInformation *PurchaseInformation `json:"purchase_information,omitempty"`
	// UserInformation is what the template asks of users; nil: an import may
	// carry any.
	UserInformation *TemplateUserInformation `json:"user_information,omitempty"`
	State           string                   `json:"state,omitempty"`
	CreateTime      time.Time                `json:"create_time,omitzero"`
	// ModifyTime is answered as modify_time or as update_time: see
	// [Options.TemplateTimeName].
	ModifyTime time.Time `json:"modify_time,omitzero"`
	// Extra are further members of the answer, as they are, which no rule
	// reads. A member that is set above goes before.
	Extra map[string]json.RawMessage `json:"extra,omitempty"`
}

// JumpInformation is the page of a mini program that an entry of the card opens.
type JumpInformation struct {
	JumpAppID string `json:"jump_appid,omitempty"`
	JumpPath  string `json:"jump_path,omitempty"`
}

// PurchaseInformation is the entry where a paid membership is bought.
type PurchaseInformation struct {
	// Price is in fen (cents of a yuan).
	Price     *int64 `json:"price,omitempty"`
	JumpAppID string `json:"jump_appid,omitempty"`
	JumpPath  string `json:"jump_path,omitempty"`
}

// TemplateUserInformation is what a template asks users to fill in.
type TemplateUserInformation struct {
	CommonFields []string              `json:"common_field_list,omitempty"`
	CustomFields []TemplateCustomField `json:"custom_field_list,omitempty"`
}

// TemplateCustomField is a field that the merchant defines. Of a CHECK_BOX a
// user chooses several values, of a RADIO one.
type TemplateCustomField struct {
	Type   string   `json:"type"`
	Name   string   `json:"name"`
	Values []string `json:"values"`
}

// DefaultTemplates returns one template of each kind, all of one brand:
// [TemplatePermanent], [TemplateFixTerm], [TemplateFixTimeRange] and
// [TemplateInvalid].
func DefaultTemplates(brandID string) []Template {
	common := Template{
		BrandID: brandID, CardType: "NORMAL", CodeMode: "MERCHANT_ALLOCATE", CodeType: "BAR_CODE",
		CardColor: "#10AD61", NeedDisplayLevel: true, ServicePhone: "4001234567",
		State:      TemplateStateEffective,
		CreateTime: time.Date(2025, 1, 1, 0, 0, 0, 0, chinaTime()),
		ModifyTime: time.Date(2025, 1, 1, 0, 0, 0, 0, chinaTime()),
	}
	permanent := common
	permanent.CardID, permanent.CardTitle = TemplatePermanent, "黑金会员卡"
	permanent.ValidDate = ValidDate{Type: ValidPermanent}
	permanent.UserInformation = &TemplateUserInformation{
		CommonFields: commonFieldNames(),
		CustomFields: []TemplateCustomField{
			{Type: "CHECK_BOX", Name: "喜欢的运动", Values: []string{"篮球", "足球", "游泳"}},
			{Type: "RADIO", Name: "常去门店", Values: []string{"南山店", "福田店"}},
		},
	}
	term := common
	term.CardID, term.CardTitle = TemplateFixTerm, "年度会员卡"
	term.ValidDate = ValidDate{Type: ValidFixTerm, Days: 365}
	timeRange := common
	timeRange.CardID, timeRange.CardTitle = TemplateFixTimeRange, "限时会员卡"
	timeRange.ValidDate = ValidDate{
		Type:  ValidFixTimeRange,
		Begin: time.Date(2020, 1, 1, 0, 0, 0, 0, chinaTime()),
		End:   time.Date(2099, 12, 31, 23, 59, 59, 0, chinaTime()),
	}
	invalid := common
	invalid.CardID, invalid.CardTitle = TemplateInvalid, "已停用会员卡"
	invalid.ValidDate = ValidDate{Type: ValidPermanent}
	invalid.State = TemplateStateInvalid
	return []Template{permanent, term, timeRange, invalid}
}

func (t Template) withDefaults(appID string) Template {
	t = t.clone()
	setDefault(&t.AppID, appID)
	setDefault(&t.CardType, "NORMAL")
	setDefault(&t.CodeMode, "MERCHANT_ALLOCATE")
	setDefault(&t.CodeType, "BAR_CODE")
	setDefault(&t.ValidDate.Type, ValidPermanent)
	setDefault(&t.State, TemplateStateEffective)
	return t
}

func (t Template) validate() error {
	switch {
	case t.BrandID == "" || t.CardID == "":
		return errors.New("a template needs brand_id and card_id")
	case utf8.RuneCountInString(t.BrandID) > 32 || utf8.RuneCountInString(t.CardID) > 32:
		return fmt.Errorf("template %s: an id has more than 32 characters", t.CardID)
	case !slices.Contains(cardTypes(), t.CardType):
		return fmt.Errorf("template %s: %q is not a card_type", t.CardID, t.CardType)
	case t.State != TemplateStateEffective && t.State != TemplateStateInvalid:
		return fmt.Errorf("template %s: %q is not a state", t.CardID, t.State)
	}
	if err := t.ValidDate.validate(); err != nil {
		return fmt.Errorf("template %s: %w", t.CardID, err)
	}
	if t.UserInformation != nil {
		for _, name := range t.UserInformation.CommonFields {
			if !slices.Contains(commonFieldNames(), name) {
				return fmt.Errorf("template %s: %q is not a common field", t.CardID, name)
			}
		}
		for _, field := range t.UserInformation.CustomFields {
			if field.Type != "CHECK_BOX" && field.Type != "RADIO" {
				return fmt.Errorf("template %s: %q is neither CHECK_BOX nor RADIO", t.CardID, field.Type)
			}
		}
	}
	return nil
}

func (t Template) clone() Template {
	if t.UserInformation != nil {
		information := *t.UserInformation
		information.CommonFields = slices.Clone(information.CommonFields)
		information.CustomFields = slices.Clone(information.CustomFields)
		for i := range information.CustomFields {
			information.CustomFields[i].Values = slices.Clone(information.CustomFields[i].Values)
		}
		t.UserInformation = &information
	}
	t.CodeJumpInformation = clonePointer(t.CodeJumpInformation)
	t.MemberInformation = clonePointer(t.MemberInformation)
	t.PointsInformation = clonePointer(t.PointsInformation)
	t.BalanceInformation = clonePointer(t.BalanceInformation)
	if t.PurchaseInformation = clonePointer(t.PurchaseInformation); t.PurchaseInformation != nil {
		t.PurchaseInformation.Price = clonePointer(t.PurchaseInformation.Price)
	}
	extra := make(map[string]json.RawMessage, len(t.Extra))
	for name, value := range t.Extra {
		extra[name] = slices.Clone(value)
	}
	if t.Extra != nil {
		t.Extra = extra
	}
	return t
}

// clonePointer is a pointer to a copy; nil for nil.
func clonePointer[T any](p *T) *T {
	if p == nil {
		return nil
	}
	value := *p
	return &value
}
