// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"cmp"
	"crypto/rand"
	"maps"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Messages about templates. The error tables of the official pages could not be
// read: the wording is the mock's own.
const (
	messageOnlyNormal        = "会员卡类型目前仅支持NORMAL"
	messageOutRequestNoTaken = "商户请求单号已存在"
	messageForeignPicture    = "会员卡图片须通过图片上传接口获得"
)

// templatePage is a part of the list of a brand's templates.
type templatePage struct {
	total, offset, limit int
	templates            []Template
}

// findTemplateRoute matches what follows the path of the templates, escaped.
func findTemplateRoute(method, rest string) (route, bool) {
	if rest == "" {
		switch method {
		case http.MethodPost:
			return route{operation: OperationCreateTemplate}, true
		case http.MethodGet:
			return route{operation: OperationListTemplates}, true
		}
		return route{}, false
	}
	escapedID, action, hasAction := strings.Cut(rest[1:], "/")
	id, err := url.PathUnescape(escapedID)
	if err != nil || id == "" {
		return route{}, false
	}
	switch {
	case !hasAction && method == http.MethodGet:
		return route{operation: OperationTemplate, id: id}, true
	case !hasAction && method == http.MethodPatch:
		return route{operation: OperationModifyTemplate, id: id}, true
	case hasAction && action == "invalidate" && method == http.MethodPost:
		return route{operation: OperationInvalidateTemplate, id: id}, true
	}
	return route{}, false
}

// brandTemplate is a copy of the template that a call names, if it is of the
// brand that the call names.
func (s *Server) brandTemplate(brandID, cardID string) (Template, *apiError) {
	t, ok := s.templates[cardID]
	if !ok || t.BrandID != brandID {
		return Template{}, s.refuseMissing(messageTemplateGone)
	}
	return t.clone(), nil
}

func (s *Server) getTemplate(c *call) outcome {
	t, apiErr := s.brandTemplate(c.key("brand_id"), c.id)
	if apiErr != nil {
		return failed(apiErr)
	}
	return outcome{template: &t}
}

func (s *Server) createTemplate(c *call, now time.Time) outcome {
	t := Template{
		BrandID: c.key("brand_id"), OutRequestNo: c.text("out_request_no"), AppID: c.text("appid"),
		CardType: c.text("card_type"), CodeMode: c.text("code_mode"), CodeType: c.text("code_type"),
		State: TemplateStateEffective, CreateTime: s.stamp(now), ModifyTime: s.stamp(now),
	}
	if apiErr := s.applyTemplate(c, &t); apiErr != nil {
		return failed(apiErr)
	}
	switch {
	case t.CardType != "NORMAL":
		return failed(refuseBusiness(messageOnlyNormal))
	case t.CodeType == codeTypeJump && t.CodeJumpInformation == nil:
		return failed(c.refuse("/code_jump_information", "is missing for "+codeTypeJump))
	case t.NeedDisplayLevel && t.InitLevel == "":
		return failed(c.refuse("/init_level", "is missing for need_display_level"))
	}
	if first, ok := s.templateOf(t.BrandID, t.OutRequestNo); ok && s.options.OutRequestNo != OutRequestNoIgnored {
		return s.repeatCreation(c, first)
	}
	t.CardID = "pb" + rand.Text()
	made := t.clone()
	return outcome{template: &t, store: func() { s.storeTemplate(made, c.body) }}
}

// templateOf is the first template that a merchant's number has made.
func (s *Server) templateOf(brandID, outRequestNo string) (Template, bool) {
	for _, t := range s.brandTemplates(brandID) {
		if t.OutRequestNo == outRequestNo {
			return t, true
		}
	}
	return Template{}, false
}

// repeatCreation decides a creation whose out_request_no has made a template.
func (s *Server) repeatCreation(c *call, first Template) outcome {
	request := s.origins[first.CardID].request
	// Of a template that was put there from outside no request is known.
	same := request == nil || reflect.DeepEqual(request, c.body)
	if s.options.OutRequestNo == OutRequestNoRefused || !same {
		return failed(refuseBusiness(messageOutRequestNoTaken))
	}
	return outcome{template: &first}
}

// brandTemplates are copies of a brand's templates in the order in which they were made.
func (s *Server) brandTemplates(brandID string) []Template {
	var list []Template
	for _, t := range s.templates {
		if t.BrandID == brandID {
			list = append(list, t.clone())
		}
	}
	slices.SortFunc(list, func(a, b Template) int {
		return cmp.Compare(s.origins[a.CardID].serial, s.origins[b.CardID].serial)
	})
	return list
}

func (s *Server) listTemplates(c *call) outcome {
	// Both were checked to be whole numbers in range.
	offset, _ := strconv.Atoi(c.query["offset"])
	limit, _ := strconv.Atoi(c.query["limit"])
	state := c.query["state"]
	found := slices.DeleteFunc(s.brandTemplates(c.key("brand_id")), func(t Template) bool {
		return state != "" && t.State != state
	})
	if s.options.NewestTemplatesFirst {
		slices.Reverse(found)
	}
	total := len(found)
	from := min(offset, total)
	to := min(from+limit, total)
	return outcome{templates: &templatePage{total: total, offset: offset, limit: limit, templates: found[from:to]}}
}

func (s *Server) modifyTemplate(c *call, now time.Time) outcome {
	t, apiErr := s.brandTemplate(c.key("brand_id"), c.id)
	if apiErr != nil {
		return failed(apiErr)
	}
	if t.State == TemplateStateInvalid && !s.options.ModifyInvalidTemplate {
		return failed(refuseBusiness(messageTemplateState))
	}
	validType := t.ValidDate.Type
	if apiErr := s.applyTemplate(c, &t); apiErr != nil {
		return failed(apiErr)
	}
	if s.options.FixedValidType && t.ValidDate.Type != validType {
		return failed(c.refuse("/valid_date_information/type", "cannot be changed"))
	}
	t.ModifyTime = s.stamp(now)
	return s.changedTemplate(t)
}

func (s *Server) invalidateTemplate(c *call, now time.Time) outcome {
	t, apiErr := s.brandTemplate(c.key("brand_id"), c.id)
	if apiErr != nil {
		return failed(apiErr)
	}
	if t.State == TemplateStateInvalid {
		if s.options.InvalidateTemplateTwice {
			return outcome{template: &t}
		}
		return failed(refuseBusiness(messageTemplateState))
	}
	t.State, t.ModifyTime = TemplateStateInvalid, s.stamp(now)
	return s.changedTemplate(t)
}

// changedTemplate answers a template, and keeps it and what follows for its cards.
func (s *Server) changedTemplate(t Template) outcome {
	kept := t.clone()
	return outcome{template: &t, store: func() {
		s.templates[kept.CardID] = kept
		s.endCards(kept)
	}}
}

// endCards does to the cards of an invalid template what the options say.
func (s *Server) endCards(t Template) {
	if t.State != TemplateStateInvalid || s.options.InvalidTemplateCards != InvalidTemplateEndsCards {
		return
	}
	for key, card := range s.cards {
		if card.CardID != t.CardID || card.State == StateInvalid {
			continue
		}
		card.State, card.InvalidReason = StateInvalid, messageTemplateState
		card.InvalidTime, card.ModifyTime = t.ModifyTime, t.ModifyTime
		s.cards[key] = card
	}
}

func (s *Server) renderTemplates(p templatePage) map[string]any {
	data := []any{}
	for _, t := range p.templates {
		data = append(data, s.renderTemplate(t))
	}
	return s.listBody(p.total, p.offset, p.limit, data)
}

// renderTemplate leaves out what is not set.
func (s *Server) renderTemplate(t Template) map[string]any {
	body := map[string]any{}
	for name, value := range t.Extra {
		body[name] = value
	}
	maps.Copy(body, map[string]any{
		"brand_id": t.BrandID, "card_id": t.CardID, "appid": t.AppID, "card_type": t.CardType,
		"code_mode": t.CodeMode, "code_type": t.CodeType, "state": t.State,
		"valid_date_information": s.renderTemplateValidDate(t),
	})
	for name, value := range map[string]string{
		"out_request_no": t.OutRequestNo, "card_title": t.CardTitle, "card_color": t.CardColor,
		"card_picture_url": t.CardPictureURL, "benefits": t.Benefits, "notify_url": t.NotifyURL,
		"init_level": t.InitLevel, "service_phone": t.ServicePhone, "legal_agreement": t.LegalAgreement,
	} {
		putText(body, name, value)
	}
	for name, value := range map[string]bool{"need_pinned": t.NeedPinned, "need_display_level": t.NeedDisplayLevel} {
		if value || !s.options.OmitFalse {
			body[name] = value
		}
	}
	for name, value := range map[string]*JumpInformation{
		"code_jump_information": t.CodeJumpInformation, "member_information": t.MemberInformation,
		"points_information": t.PointsInformation, "balance_information": t.BalanceInformation,
	} {
		if value != nil {
			body[name] = value
		}
	}
	if t.PurchaseInformation != nil {
		body["purchase_information"] = t.PurchaseInformation
	}
	if t.UserInformation != nil {
		information := *t.UserInformation
		if s.options.ReverseLists {
			information.CommonFields = slices.Clone(information.CommonFields)
			slices.Reverse(information.CommonFields)
		}
		body["user_information"] = information
	}
	s.putTime(body, "create_time", t.CreateTime)
	changed := "modify_time"
	if s.options.TemplateTimeName == TemplateUpdateTime {
		changed = "update_time"
	}
	s.putTime(body, changed, t.ModifyTime)
	return body
}

func (s *Server) renderTemplateValidDate(t Template) map[string]any {
	v := t.ValidDate
	if s.options.SurplusValidDate {
		if v.Begin.IsZero() {
			v.Begin, v.End = t.CreateTime, t.CreateTime.AddDate(1, 0, 0)
		}
		v.Days = cmp.Or(v.Days, 365)
	}
	return s.renderValidDate(v)
}
