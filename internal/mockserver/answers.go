// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"time"
)

// answer is a response before it is written.
type answer struct {
	status      int
	code        string // of an error
	contentType string
	body        []byte
}

const jsonType = "application/json; charset=utf-8"

// render turns an outcome into an API answer.
func (s *Server) render(m *mode, o outcome) answer {
	if o.err != nil {
		return s.renderError(o.err)
	}
	body, err := s.renderBody(m, o)
	if err != nil {
		return s.renderError(&apiError{status: http.StatusInternalServerError, code: codeSystem, message: messageSystem})
	}
	return answer{status: http.StatusOK, contentType: jsonType, body: encodeJSON(body)}
}

func (s *Server) renderError(r *apiError) answer {
	return answer{
		status: r.status, code: r.code, contentType: jsonType,
		body: encodeJSON(r.body(s.options.FullWidthCommas)),
	}
}

// encodeJSON encodes a value that the mock itself has built. Raw members of a
// template were checked when they came in, so encoding cannot fail.
func encodeJSON(value any) []byte {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic("mockserver: an answer that is not JSON: " + err.Error())
	}
	return bytes.TrimSuffix(buffer.Bytes(), []byte("\n"))
}

func (s *Server) renderBody(m *mode, o outcome) (map[string]any, error) {
	switch {
	case o.card != nil:
		return s.renderCard(m, *o.card)
	case o.page != nil:
		return s.renderPage(m, *o.page)
	case o.template != nil:
		return s.renderTemplate(*o.template), nil
	case o.templates != nil:
		return s.renderTemplates(*o.templates), nil
	case o.picture != nil:
		return map[string]any{"media_url": o.picture.URL}, nil
	case o.echo != nil:
		body := map[string]any{"echo_message": o.echo.message}
		if !o.echo.hasSecret {
			return body, nil
		}
		var err error
		body["encrypted_echo_message"], err = m.encrypt(o.echo.encrypted)
		return body, err
	}
	return nil, nil
}

func (s *Server) renderPage(m *mode, p page) (map[string]any, error) {
	data := []any{}
	for _, card := range p.cards {
		body, err := s.renderCard(m, card)
		if err != nil {
			return nil, err
		}
		data = append(data, body)
	}
	return s.listBody(p.total, p.offset, p.limit, data), nil
}

// listBody returns the body of a list. The documentation calls data optional.
func (s *Server) listBody(total, offset, limit int, data []any) map[string]any {
	body := map[string]any{"total_count": total, "offset": offset, "limit": limit}
	if len(data) > 0 || !s.options.OmitEmptyData {
		body["data"] = data
	}
	return body
}

// renderCard leaves out what is not set, and encrypts personal data.
func (s *Server) renderCard(m *mode, c Card) (map[string]any, error) {
	body := map[string]any{
		"brand_id": c.BrandID, "card_id": c.CardID, "user_card_code": c.UserCardCode,
		"openid": c.OpenID, "card_type": c.CardType, "user_card_state": c.State,
		"valid_date_information": s.renderValidDate(s.fillValidDate(c)),
	}
	putText(body, "card_color", c.CardColor)
	putText(body, "card_picture_url", c.CardPictureURL)
	putText(body, "level", c.Level)
	putText(body, "attach", c.Attach)
	putText(body, "invalid_reason", c.InvalidReason)
	s.putTime(body, "pickup_time", c.PickupTime)
	s.putTime(body, "invalid_time", c.InvalidTime)
	s.putTime(body, "create_time", c.CreateTime)
	s.putTime(body, "modify_time", c.ModifyTime)
	if c.PhoneNumber != "" && !s.options.OmitPhone {
		phone, err := m.encrypt(c.PhoneNumber)
		if err != nil {
			return nil, err
		}
		body["phone_number"] = phone
	}
	information, err := s.renderUserInformation(m, c)
	if err != nil {
		return nil, err
	}
	if len(information) > 0 && !s.options.OmitUserInformation {
		body["user_information"] = information
	}
	return body, nil
}

func (s *Server) renderUserInformation(m *mode, c Card) (map[string]any, error) {
	information := map[string]any{}
	var common, custom []any
	for _, f := range c.CommonFields {
		value, err := m.encrypt(f.Value)
		if err != nil {
			return nil, err
		}
		common = append(common, map[string]any{"name": f.Name, "value": value})
	}
	for _, f := range c.CustomFields {
		var values []any
		for _, plain := range f.Values {
			value, err := m.encrypt(plain)
			if err != nil {
				return nil, err
			}
			values = append(values, value)
		}
		if s.options.ReverseLists {
			slices.Reverse(values)
		}
		custom = append(custom, map[string]any{"name": f.Name, "user_chosen_values": values})
	}
	if s.options.ReverseLists {
		slices.Reverse(common)
		slices.Reverse(custom)
	}
	if common != nil {
		information["common_field_list"] = common
	}
	if custom != nil {
		information["custom_field_list"] = custom
	}
	return information, nil
}

func (s *Server) fillValidDate(c Card) ValidDate {
	v := c.ValidDate
	if v.Type == ValidFixTerm && s.options.FillValidDate {
		v.Begin = c.PickupTime
		v.End, _ = c.end()
	}
	return v
}

func (s *Server) renderValidDate(v ValidDate) map[string]any {
	body := map[string]any{"type": v.Type}
	s.putTime(body, "available_begin_time", v.Begin)
	s.putTime(body, "available_end_time", v.End)
	if v.Days != 0 {
		body["available_day_after_receive"] = v.Days
	}
	return body
}

func putText(body map[string]any, name, value string) {
	if value != "" {
		body[name] = value
	}
}

func (s *Server) putTime(body map[string]any, name string, t time.Time) {
	if t.IsZero() {
		return
	}
	layout := "2006-01-02T15:04:05-07:00"
	precision := s.options.TimePrecision
	if precision == TimeMilliseconds || precision == TimeAsGiven && t.Nanosecond() >= int(time.Millisecond) {
		layout = "2006-01-02T15:04:05.000-07:00"
	}
	body[name] = t.In(s.options.TimeZone).Format(layout)
}
