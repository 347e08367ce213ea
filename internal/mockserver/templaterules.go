// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"fmt"
	"slices"
)

// applyTemplate puts what the creation or the change of a template sends, and
// nothing else, into the template.
func (s *Server) applyTemplate(c *call, t *Template) *apiError {
	for name, target := range map[string]*string{
		"card_title": &t.CardTitle, "card_color": &t.CardColor, "card_picture_url": &t.CardPictureURL,
		"benefits": &t.Benefits, "notify_url": &t.NotifyURL, "service_phone": &t.ServicePhone,
		"init_level": &t.InitLevel, "legal_agreement": &t.LegalAgreement,
	} {
		if c.has(name) {
			*target = c.text(name)
		}
	}
	for name, target := range map[string]*bool{"need_pinned": &t.NeedPinned, "need_display_level": &t.NeedDisplayLevel} {
		if c.has(name) {
			*target, _ = c.body[name].(bool)
		}
	}
	for name, target := range map[string]**JumpInformation{
		"code_jump_information": &t.CodeJumpInformation, "member_information": &t.MemberInformation,
		"points_information": &t.PointsInformation, "balance_information": &t.BalanceInformation,
	} {
		if c.has(name) {
			*target = s.readJump(c.record(name), *target)
		}
	}
	for _, apply := range []func(*call, *Template) *apiError{
		s.checkPicture, s.applyPurchase, s.applyTemplateValidDate, s.applyForm,
	} {
		if apiErr := apply(c, t); apiErr != nil {
			return apiErr
		}
	}
	return nil
}

// record is an object of the body, nil when it was not sent.
func (c *call) record(name string) map[string]any {
	value, _ := c.body[name].(map[string]any)
	return value
}

func (s *Server) readJump(sent map[string]any, old *JumpInformation) *JumpInformation {
	jump := &JumpInformation{}
	if old != nil && s.options.TemplateObjectsMerged {
		*jump = *old
	}
	putSent(sent, "jump_appid", &jump.JumpAppID)
	putSent(sent, "jump_path", &jump.JumpPath)
	return jump
}

func putSent(sent map[string]any, name string, target *string) {
	if value, ok := sent[name].(string); ok {
		*target = value
	}
}

func (s *Server) checkPicture(c *call, t *Template) *apiError {
	if !c.has("card_picture_url") || !s.options.PicturesMustBeUploaded {
		return nil
	}
	if !slices.ContainsFunc(s.pictures, func(p Picture) bool { return p.URL == t.CardPictureURL }) {
		return refuseBusiness(messageForeignPicture)
	}
	return nil
}

func (s *Server) applyPurchase(c *call, t *Template) *apiError {
	if !c.has("purchase_information") {
		return nil
	}
	sent := c.record("purchase_information")
	purchase := &PurchaseInformation{}
	if t.PurchaseInformation != nil && s.options.TemplateObjectsMerged {
		*purchase = *t.PurchaseInformation
	}
	putSent(sent, "jump_appid", &purchase.JumpAppID)
	putSent(sent, "jump_path", &purchase.JumpPath)
	if price, ok := sent["price"].(int64); ok {
		if price < 0 {
			return c.refuse("/purchase_information/price", "is negative")
		}
		purchase.Price = &price
	}
	t.PurchaseInformation = purchase
	return nil
}

func (s *Server) applyTemplateValidDate(c *call, t *Template) *apiError {
	if !c.has("valid_date_information") {
		return nil
	}
	var apiErr *apiError
	t.ValidDate, apiErr = c.readValidDate()
	return apiErr
}

// applyForm replaces what the template asks of users.
func (s *Server) applyForm(c *call, t *Template) *apiError {
	const name = "user_information"
	if !c.has(name) {
		return nil
	}
	sent, path := c.record(name), "/"+name
	form := &TemplateUserInformation{CommonFields: texts(sent["common_field_list"])}
	if t.UserInformation != nil && s.options.TemplateObjectsMerged {
		old := t.clone().UserInformation
		if _, ok := sent["common_field_list"]; !ok {
			form.CommonFields = old.CommonFields
		}
		if _, ok := sent["custom_field_list"]; !ok {
			form.CustomFields = old.CustomFields
		}
	}
	if at := firstTwice(form.CommonFields); at >= 0 {
		return c.refuse(fmt.Sprintf("%s/common_field_list/%d", path, at), "comes twice")
	}
	custom := records(sent["custom_field_list"])
	if len(custom) > maxCustomFields {
		return c.refuse(path+"/custom_field_list", fmt.Sprintf("has more than %d field", maxCustomFields))
	}
	for i, r := range custom {
		f := TemplateCustomField{Values: texts(r["values"])}
		putSent(r, "type", &f.Type)
		putSent(r, "name", &f.Name)
		here := fmt.Sprintf("%s/custom_field_list/%d/values", path, i)
		if len(f.Values) == 0 || len(f.Values) > maxCustomValues {
			return c.refuse(here, fmt.Sprintf("has not from 1 to %d values", maxCustomValues))
		}
		if at := firstTwice(f.Values); at >= 0 {
			return c.refuse(fmt.Sprintf("%s/%d", here, at), "comes twice")
		}
		form.CustomFields = append(form.CustomFields, f)
	}
	t.UserInformation = form
	return nil
}

func texts(value any) []string {
	elements, _ := value.([]any)
	var list []string
	for _, element := range elements {
		if text, ok := element.(string); ok {
			list = append(list, text)
		}
	}
	return list
}

// firstTwice is the index of the first text that stood before; -1 for none.
func firstTwice(list []string) int {
	for i, text := range list {
		if slices.Contains(list[:i], text) {
			return i
		}
	}
	return -1
}
