// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import "slices"

// KeyPlace says where a call has the ids of its card. The editions of the
// official pages differ, and an id in the wrong place is an undefined field.
type KeyPlace int

const (
	// KeysAsDocumented is the query for a service provider, as on the pages
	// 4015336985 and 4015336983, and the body for a brand, as on its newer pages.
	KeysAsDocumented KeyPlace = iota
	// KeysInQuery is the query, for service providers and brands.
	KeysInQuery
	// KeysInBody is the body, for service providers and brands.
	KeysInBody
)

// or returns the documented place unless the options demand another one.
func (p KeyPlace) or(documented KeyPlace) KeyPlace {
	if p == KeysAsDocumented {
		return documented
	}
	return p
}

// cardKeys are the ids that a call on a card or a template has, by their place.
type cardKeys struct{ query, body []string }

// cardKeys returns where a call has brand_id, card_id and openid. It is the only
// place that says so.
func (m *mode) cardKeys(operation Operation) cardKeys {
	keys := m.allCardKeys(operation)
	if m.brandID != "" { // Authorization says which brand it is.
		isBrandID := func(name string) bool { return name == "brand_id" }
		keys.query, keys.body = slices.DeleteFunc(keys.query, isBrandID), slices.DeleteFunc(keys.body, isBrandID)
	}
	return keys
}

func (m *mode) allCardKeys(operation Operation) cardKeys {
	switch operation {
	case OperationImportByPhone:
		return cardKeys{body: []string{"brand_id", "card_id"}}
	case OperationImportByOpenID:
		return cardKeys{body: []string{"brand_id", "card_id", "openid"}}
	case OperationGet:
		return cardKeys{query: []string{"brand_id", "card_id", "openid"}}
	case OperationList:
		return cardKeys{query: []string{"brand_id", "openid"}}
	case OperationTemplate, OperationListTemplates:
		return cardKeys{query: []string{"brand_id"}}
	case OperationCreateTemplate, OperationModifyTemplate, OperationInvalidateTemplate:
		return cardKeys{body: []string{"brand_id"}}
	case OperationModify:
		if m.modifyKeys == KeysInBody {
			return cardKeys{body: []string{"brand_id", "card_id", "openid"}}
		}
		return cardKeys{query: []string{"card_id"}, body: []string{"brand_id", "openid"}}
	case OperationInvalidate:
		if m.invalidateKeys == KeysInBody {
			return cardKeys{body: []string{"brand_id", "card_id", "openid"}}
		}
		return cardKeys{query: []string{"brand_id", "card_id"}, body: []string{"openid"}}
	}
	return cardKeys{}
}

// keyFields returns the fields of the body for the ids that a call has there.
func (m *mode) keyFields(operation Operation) []field {
	var fields []field
	for _, name := range m.cardKeys(operation).body {
		limit := limitID
		if name == "openid" {
			limit = limitOpenID
		}
		fields = append(fields, field{name: name, required: true, limit: limit})
	}
	return fields
}

// key returns an id of the call: the brand of the caller, or what the query or
// the body has.
func (c *call) key(name string) string {
	if name == "brand_id" && c.mode.brandID != "" {
		return c.mode.brandID
	}
	if value := c.query[name]; value != "" {
		return value
	}
	return c.text(name)
}
