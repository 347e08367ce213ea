// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package wechatpay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
)

// keyPattern matches what a new openid or card_id may be: printable ASCII without spaces, and
// without "/", which the configuration does not take either. The pages give a length
// (32 characters, 128 for an openid) and no alphabet.
var keyPattern = regexp.MustCompile(`^[!-.0-~]{1,128}$`)

// readKeys reads the keys of an answer, and makes sure that it is about what was asked for.
// Keys that are empty in sent may have any value. An answer of a mode in which no request
// carries brand_id may lack it.
func (c *Client) readKeys(f fields, sent CardRef, names ...string) (CardRef, *answerError) {
	var got CardRef
	for _, key := range [...]struct {
		name, sent string
		got        *string
	}{
		{"brand_id", sent.BrandID, &got.BrandID},
		{"card_id", sent.CardID, &got.CardID},
		{"user_card_code", sent.UserCardCode, &got.UserCardCode},
		{"openid", sent.OpenID, &got.OpenID},
	} {
		if !slices.Contains(names, key.name) {
			continue
		}
		read := f.text
		if key.sent != "" {
			read = f.id
		}
		value := read(key.name)
		if value == "" && key.name == "brand_id" && c.routes.brandImplied() {
			value = key.sent
		}
		switch {
		case value == "":
			return CardRef{}, &answerError{err: fmt.Errorf("the answer has no %s", key.name), retryable: true}
		case key.sent == "" && key.name != "user_card_code" && !keyPattern.MatchString(value):
			return CardRef{}, &answerError{err: fmt.Errorf("the answer's %s is longer than 128 characters or has a character that no id has", key.name)}
		case key.sent != "" && key.sent != value:
			// Asking again would not change an answer about something else.
			return CardRef{}, &answerError{err: fmt.Errorf("the answer is about something else: its %s is not the one that was sent", key.name)}
		}
		*key.got = value
	}
	return got, nil
}

// readCard reads a user card in a verified answer and decrypts it. Only the ids and the openid must
// be right. Any other field that cannot be read or decrypted is absent, and in Unread.
func (c *Client) readCard(ctx context.Context, body []byte, sent CardRef) (*UserCard, *answerError) {
	f, err := parseFields(body)
	if err != nil {
		return nil, &answerError{err: err, retryable: true}
	}
	ref, bad := c.readKeys(f, sent, "brand_id", "card_id", "user_card_code", "openid")
	if bad != nil {
		return nil, bad
	}
	card := &UserCard{
		CardRef:              ref,
		CardColor:            f.text("card_color"),
		CardPictureURL:       f.text("card_picture_url"),
		CardType:             CardType(f.text("card_type")),
		Level:                f.text("level"),
		ValidDateInformation: f.validDate("valid_date_information"),
		PickupTime:           f.text("pickup_time"),
		UserInformation:      c.cipher.userInformation(ctx, f),
		Attach:               f.text("attach"),
		UserCardState:        UserCardState(f.text("user_card_state")),
		InvalidReason:        f.text("invalid_reason"),
		InvalidTime:          f.text("invalid_time"),
		CreateTime:           f.text("create_time"),
		ModifyTime:           f.text("modify_time"),
	}
	card.PhoneNumber, _ = c.cipher.personal(ctx, f, "phone_number")
	card.Unread = *f.unread
	return card, nil
}

// personal decrypts a field; false when it is absent or cannot be decrypted.
func (c *fieldCipher) personal(ctx context.Context, f fields, name string) (Personal, bool) {
	ciphertext, ok := read[string](f, name)
	if !ok {
		return "", false
	}
	text, err := c.decrypt(ctx, name, ciphertext)
	if err != nil {
		f.markUnread(name)
		return "", false
	}
	return text, true
}

// userInformation decrypts what the member filled in. A field of which any part cannot be read
// is left out, so that a part is never taken for the whole. No field at all is nil.
func (c *fieldCipher) userInformation(ctx context.Context, f fields) *UserInformation {
	object, ok := f.object("user_information")
	if !ok {
		return nil
	}
	var u UserInformation
	object.list("common_field_list", func(items fields, index string) {
		item, ok := items.object(index)
		if !ok {
			return
		}
		name := item.text("name")
		if value, ok := c.personal(ctx, item, "value"); ok && name != "" {
			u.CommonFields = append(u.CommonFields, CommonField{Name: name, Value: value})
		}
	})
	object.list("custom_field_list", func(items fields, index string) {
		item, ok := items.object(index)
		if !ok {
			return
		}
		field := CustomField{Name: item.text("name")}
		whole := field.Name != ""
		item.list("user_chosen_values", func(values fields, i string) {
			value, ok := c.personal(ctx, values, i)
			field.UserChosenValues, whole = append(field.UserChosenValues, value), whole && ok
		})
		if whole {
			u.CustomFields = append(u.CustomFields, field)
		}
	})
	if len(u.CommonFields) == 0 && len(u.CustomFields) == 0 {
		return nil
	}
	return &u
}

// parseList reads one page of a list. An absent data is an empty one.
func parseList(body []byte) (total int64, data []json.RawMessage, err error) {
	f, err := parseFields(body)
	if err != nil {
		return 0, nil, err
	}
	count := f.integer("total_count")
	if count == nil || *count < 0 {
		return 0, nil, errors.New("the answer has no total_count")
	}
	data, ok := read[[]json.RawMessage](f, "data")
	if _, present := f.get("data"); present && !ok {
		return 0, nil, errNotJSON
	}
	return *count, data, nil
}

// readTemplate reads a card template in a verified answer. Only its ids must be right.
func (c *Client) readTemplate(body []byte, sent CardRef) (*CardTemplate, *answerError) {
	f, err := parseFields(body)
	if err != nil {
		return nil, &answerError{err: err, retryable: true}
	}
	ref, bad := c.readKeys(f, sent, "brand_id", "card_id")
	if bad != nil {
		return nil, bad
	}
	t := &CardTemplate{
		CardID: ref.CardID,
		CardTemplateFixedSettings: CardTemplateFixedSettings{
			BrandID:        ref.BrandID,
			OutRequestNo:   f.text("out_request_no"),
			AppID:          f.text("appid"),
			CardType:       CardType(f.text("card_type")),
			CodeMode:       CodeMode(f.text("code_mode")),
			CodeType:       CodeType(f.text("code_type")),
			InitLevel:      f.text("init_level"),
			LegalAgreement: f.text("legal_agreement"),
		},
		CardTemplateSettings: CardTemplateSettings{
			CardTitle:            f.text("card_title"),
			CardColor:            f.text("card_color"),
			CardPictureURL:       f.text("card_picture_url"),
			CodeJumpInformation:  f.jump("code_jump_information"),
			Benefits:             f.text("benefits"),
			NotifyURL:            f.text("notify_url"),
			NeedPinned:           f.boolean("need_pinned"),
			NeedDisplayLevel:     f.boolean("need_display_level"),
			ServicePhone:         f.text("service_phone"),
			ValidDateInformation: f.validDate("valid_date_information"),
			MemberInformation:    f.jump("member_information"),
			PointsInformation:    f.jump("points_information"),
			BalanceInformation:   f.jump("balance_information"),
			PurchaseInformation:  f.purchase("purchase_information"),
			UserInformation:      f.form("user_information"),
		},
		State:      CardTemplateState(f.text("state")),
		CreateTime: f.text("create_time"),
		ModifyTime: f.text("modify_time"),
	}
	// The first edition of the page calls it update_time.
	if t.ModifyTime == "" {
		t.ModifyTime = f.text("update_time")
	}
	t.Unread = *f.unread
	return t, nil
}

func (f fields) jump(name string) *JumpInformation {
	object, ok := f.object(name)
	if !ok {
		return nil
	}
	return &JumpInformation{JumpAppID: object.text("jump_appid"), JumpPath: object.text("jump_path")}
}

func (f fields) purchase(name string) *PurchaseInformation {
	object, ok := f.object(name)
	if !ok {
		return nil
	}
	return &PurchaseInformation{Price: object.integer("price"), JumpAppID: object.text("jump_appid"), JumpPath: object.text("jump_path")}
}

// form reads what a template asks members to fill in. Nothing at all is nil.
func (f fields) form(name string) *TemplateUserInformation {
	object, ok := f.object(name)
	if !ok {
		return nil
	}
	var form TemplateUserInformation
	object.list("common_field_list", func(items fields, index string) {
		// The pages show a string; a user card has an object with a name in its place.
		raw, _ := items.get(index)
		var field struct{ Name string }
		if json.Unmarshal(raw, &field) != nil {
			field.Name = items.text(index)
		}
		if field.Name != "" {
			form.CommonFields = append(form.CommonFields, field.Name)
		}
	})
	object.list("custom_field_list", func(items fields, index string) {
		if item, ok := items.object(index); ok {
			form.CustomFields = append(form.CustomFields, TemplateCustomField{
				Type: CustomFieldType(item.text("type")), Name: item.text("name"), Values: item.texts("values"),
			})
		}
	})
	if len(form.CommonFields) == 0 && len(form.CustomFields) == 0 {
		return nil
	}
	return &form
}
