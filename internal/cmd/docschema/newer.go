// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/provider"
)

// This file adds what only newer Terraforms than the oldest supported one print of a schema:
// identities (1.12), list resources and actions (1.14). It comes from the provider itself, so
// that the documentation is the same whatever Terraform generates it.

// attribute is an attribute as `terraform providers schema -json` prints it.
type attribute struct {
	Type              json.RawMessage `json:"type"`
	Description       string          `json:"description,omitempty"`
	DescriptionKind   string          `json:"description_kind,omitempty"`
	Required          bool            `json:"required,omitempty"`
	Optional          bool            `json:"optional,omitempty"`
	Computed          bool            `json:"computed,omitempty"`
	Sensitive         bool            `json:"sensitive,omitempty"`
	RequiredForImport bool            `json:"required_for_import,omitempty"`
	OptionalForImport bool            `json:"optional_for_import,omitempty"`
}

type block struct {
	Attributes      map[string]attribute `json:"attributes"`
	Description     string               `json:"description"`
	DescriptionKind string               `json:"description_kind"`
}

type schema struct {
	Version int64 `json:"version"`
	Block   block `json:"block"`
}

type identity struct {
	Version    int64                `json:"version"`
	Attributes map[string]attribute `json:"attributes"`
}

// complete adds what is missing to one provider's schema.
func complete(ctx context.Context, text json.RawMessage) (json.RawMessage, error) {
	server, err := providerserver.NewProtocol6WithError(provider.New("docs")())()
	if err != nil {
		return nil, err
	}
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, err
	}
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return nil, err
	}

	lists, actions, ids := map[string]schema{}, map[string]schema{}, map[string]identity{}
	for name, s := range schemas.ListResourceSchemas {
		if lists[name], err = newSchema(s); err != nil {
			return nil, fmt.Errorf("list resource %s: %w", name, err)
		}
	}
	for name, s := range schemas.ActionSchemas {
		if actions[name], err = newSchema(s.Schema); err != nil {
			return nil, fmt.Errorf("action %s: %w", name, err)
		}
	}
	for name, s := range identities.IdentitySchemas {
		id := identity{Version: s.Version, Attributes: map[string]attribute{}}
		for _, a := range s.IdentityAttributes {
			typ, err := json.Marshal(a.Type)
			if err != nil {
				return nil, err
			}
			id.Attributes[a.Name] = attribute{
				Type: typ, Description: a.Description, RequiredForImport: a.RequiredForImport, OptionalForImport: a.OptionalForImport,
			}
		}
		ids[name] = id
	}

	var document map[string]any
	if err := json.Unmarshal(text, &document); err != nil {
		return nil, err
	}
	document["list_resource_schemas"] = lists
	document["action_schemas"] = actions
	document["resource_identity_schemas"] = ids
	return json.Marshal(document)
}

func newSchema(s *tfprotov6.Schema) (schema, error) {
	b := block{Attributes: map[string]attribute{}, Description: s.Block.Description, DescriptionKind: kind(s.Block.DescriptionKind)}
	for _, a := range s.Block.Attributes {
		if a.NestedType != nil {
			return schema{}, fmt.Errorf("attribute %s is nested, which this program does not print", a.Name)
		}
		typ, err := json.Marshal(a.Type)
		if err != nil {
			return schema{}, err
		}
		b.Attributes[a.Name] = attribute{
			Type: typ, Description: a.Description, DescriptionKind: kind(a.DescriptionKind),
			Required: a.Required, Optional: a.Optional, Computed: a.Computed, Sensitive: a.Sensitive,
		}
	}
	return schema{Version: s.Version, Block: b}, nil
}

func kind(k tfprotov6.StringKind) string {
	if k == tfprotov6.StringKindMarkdown {
		return "markdown"
	}
	return "plain"
}
