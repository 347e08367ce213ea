// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
)

// minLength is the least number of characters of a description. A shorter one says nothing that
// the name does not say.
const minLength = 10

// checkDescriptions refuses a schema in which something has no description, or one that a
// user cannot do anything with. The documentation is made of them.
func checkDescriptions(text []byte) error {
	var schema tfjson.ProviderSchema
	if err := json.Unmarshal(text, &schema); err != nil {
		return err
	}
	var c descriptions
	c.schema("provider", schema.ConfigSchema)
	for kind, schemas := range map[string]map[string]*tfjson.Schema{
		"resource": schema.ResourceSchemas, "data source": schema.DataSourceSchemas,
		"ephemeral resource": schema.EphemeralResourceSchemas, "list resource": schema.ListResourceSchemas,
	} {
		for name, s := range schemas {
			c.schema(kind+" "+name, s)
		}
	}
	for name, s := range schema.ActionSchemas {
		c.block("action "+name, s.Block)
	}
	for name, identity := range schema.ResourceIdentitySchemas {
		for attribute, a := range identity.Attributes {
			c.text("identity of "+name+": "+attribute, a.Description)
		}
	}
	for name, f := range schema.Functions {
		c.function("function "+name, f)
	}
	slices.Sort(c.mistakes)
	var errs []error
	for _, mistake := range c.mistakes {
		errs = append(errs, errors.New(mistake))
	}
	return errors.Join(errs...)
}

// descriptions collects what is wrong with descriptions.
type descriptions struct{ mistakes []string }

func (c *descriptions) text(of, description string) {
	description = strings.TrimSpace(description)
	switch {
	case description == "":
		c.mistakes = append(c.mistakes, of+" has no description")
	case len([]rune(description)) < minLength:
		c.mistakes = append(c.mistakes, fmt.Sprintf("%s: %q describes nothing", of, description))
	case !strings.HasSuffix(description, ".") && !strings.HasSuffix(description, "```"):
		c.mistakes = append(c.mistakes, fmt.Sprintf("%s: the description %q is no sentence", of, description))
	}
}

func (c *descriptions) schema(of string, s *tfjson.Schema) {
	if s != nil {
		c.block(of, s.Block)
	}
}

func (c *descriptions) block(of string, b *tfjson.SchemaBlock) {
	if b == nil {
		return
	}
	c.text(of, b.Description)
	c.attributes(of, b.Attributes)
	for name, nested := range b.NestedBlocks {
		c.block(of+"."+name, nested.Block)
	}
}

func (c *descriptions) attributes(of string, attributes map[string]*tfjson.SchemaAttribute) {
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		a := attributes[name]
		c.text(of+"."+name, a.Description)
		if a.AttributeNestedType != nil {
			c.attributes(of+"."+name, a.AttributeNestedType.Attributes)
		}
	}
}

func (c *descriptions) function(of string, f *tfjson.FunctionSignature) {
	c.text(of, f.Description)
	if strings.TrimSpace(f.Summary) == "" {
		c.mistakes = append(c.mistakes, of+" has no summary")
	}
	parameters := f.Parameters
	if f.VariadicParameter != nil {
		parameters = append(slices.Clone(parameters), f.VariadicParameter)
	}
	for _, p := range parameters {
		c.text(of+", parameter "+p.Name, p.Description)
	}
}
