// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	dataschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	resourceschema "github.com/hashicorp/terraform-plugin-framework/resource/schema"
)

func providerSchema(t *testing.T) provider.SchemaResponse {
	t.Helper()
	var resp provider.SchemaResponse
	New("test")().Schema(t.Context(), provider.SchemaRequest{}, &resp)
	return resp
}

// The names are a contract: renaming one breaks configurations and pipelines.
func TestSchemaOfTheProviderBlock(t *testing.T) {
	t.Parallel()
	schema := providerSchema(t).Schema
	wellFormed(t, schema.ValidateImplementation(t.Context()))
	want := map[string]string{
		"merchant_mode":             "WECHATPAY_MERCHANT_MODE",
		"mchid":                     "WECHATPAY_MCHID",
		"certificate_serial_no":     "WECHATPAY_CERTIFICATE_SERIAL_NO",
		"private_key":               "WECHATPAY_PRIVATE_KEY",
		"private_key_path":          "WECHATPAY_PRIVATE_KEY_PATH",
		"public_key_id":             "WECHATPAY_PUBLIC_KEY_ID",
		"public_key":                "WECHATPAY_PUBLIC_KEY",
		"public_key_path":           "WECHATPAY_PUBLIC_KEY_PATH",
		"platform_certificate":      "WECHATPAY_PLATFORM_CERTIFICATE",
		"platform_certificate_path": "WECHATPAY_PLATFORM_CERTIFICATE_PATH",
		"brand_id":                  "WECHATPAY_BRAND_ID",
		"endpoint":                  "WECHATPAY_ENDPOINT",
		"backup_endpoint":           "WECHATPAY_BACKUP_ENDPOINT",
		"requests_per_second":       "WECHATPAY_REQUESTS_PER_SECOND",
		"max_retries":               "WECHATPAY_MAX_RETRIES",
		"request_timeout":           "WECHATPAY_REQUEST_TIMEOUT",
		"refresh_interval":          "WECHATPAY_REFRESH_INTERVAL",
		"check_templates":           "WECHATPAY_CHECK_TEMPLATES",
		"journal_path":              "WECHATPAY_JOURNAL_PATH",
	}
	if got := slices.Sorted(maps.Keys(schema.Attributes)); !slices.Equal(got, slices.Sorted(maps.Keys(want))) {
		t.Errorf("the attributes are %v", got)
	}
	for name, attribute := range schema.Attributes {
		if !attribute.IsOptional() {
			t.Errorf("%s must be optional: it may come from the environment", name)
		}
		if attribute.IsSensitive() != (name == "private_key") {
			t.Errorf("%s: sensitive is %v", name, attribute.IsSensitive())
		}
		if !strings.Contains(attribute.GetMarkdownDescription(), "`"+want[name]+"`") {
			t.Errorf("the description of %s does not name its environment variable %s", name, want[name])
		}
	}
}

// Everything that is registered must be well formed, and say to its user what it is for.
func TestSchemasOfEverythingRegistered(t *testing.T) {
	t.Parallel()
	p := New("test")()
	for _, constructor := range p.Resources(t.Context()) {
		r := constructor()
		var metadata resource.MetadataResponse
		r.Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: TypeName}, &metadata)
		t.Run("resource "+metadata.TypeName, func(t *testing.T) {
			t.Parallel()
			var resp resource.SchemaResponse
			r.Schema(t.Context(), resource.SchemaRequest{}, &resp)
			wellFormed(t, resp.Diagnostics, resp.Schema.ValidateImplementation(t.Context()))
			described(t, "", resp.Schema.MarkdownDescription)
			for name, attribute := range resp.Schema.Attributes {
				describedResourceAttribute(t, name, attribute)
			}
			if withIdentity, ok := r.(resource.ResourceWithIdentity); ok {
				identityIsWellFormed(t, withIdentity)
			}
		})
	}
	for _, constructor := range p.DataSources(t.Context()) {
		d := constructor()
		var metadata datasource.MetadataResponse
		d.Metadata(t.Context(), datasource.MetadataRequest{ProviderTypeName: TypeName}, &metadata)
		t.Run("data source "+metadata.TypeName, func(t *testing.T) {
			t.Parallel()
			var resp datasource.SchemaResponse
			d.Schema(t.Context(), datasource.SchemaRequest{}, &resp)
			wellFormed(t, resp.Diagnostics, resp.Schema.ValidateImplementation(t.Context()))
			described(t, "", resp.Schema.MarkdownDescription)
			for name, attribute := range resp.Schema.Attributes {
				describedDataAttribute(t, name, attribute)
			}
		})
	}
	if p, ok := p.(provider.ProviderWithListResources); ok {
		listResourcesAreWellFormed(t, p)
	}
	if p, ok := p.(provider.ProviderWithActions); ok {
		actionsAreWellFormed(t, p)
	}
	withFunctions, ok := p.(provider.ProviderWithFunctions)
	if !ok {
		t.Fatal("the provider has no functions")
	}
	for _, constructor := range withFunctions.Functions(t.Context()) {
		f := constructor()
		var metadata function.MetadataResponse
		f.Metadata(t.Context(), function.MetadataRequest{}, &metadata)
		t.Run("function "+metadata.Name, func(t *testing.T) {
			t.Parallel()
			var resp function.DefinitionResponse
			f.Definition(t.Context(), function.DefinitionRequest{}, &resp)
			var valid function.DefinitionValidateResponse
			resp.Definition.ValidateImplementation(t.Context(), function.DefinitionValidateRequest{FuncName: metadata.Name}, &valid)
			wellFormed(t, resp.Diagnostics, valid.Diagnostics)
			if resp.Definition.Summary == "" {
				t.Error("there is no summary")
			}
			described(t, "", resp.Definition.MarkdownDescription)
			for _, parameter := range resp.Definition.Parameters {
				described(t, parameter.GetName(), parameter.GetMarkdownDescription())
			}
		})
	}
}

func listResourcesAreWellFormed(t *testing.T, p provider.ProviderWithListResources) {
	t.Helper()
	for _, constructor := range p.ListResources(t.Context()) {
		l := constructor()
		var metadata resource.MetadataResponse
		l.Metadata(t.Context(), resource.MetadataRequest{ProviderTypeName: TypeName}, &metadata)
		t.Run("list resource "+metadata.TypeName, func(t *testing.T) {
			t.Parallel()
			var resp list.ListResourceSchemaResponse
			l.ListResourceConfigSchema(t.Context(), list.ListResourceSchemaRequest{}, &resp)
			wellFormed(t, resp.Diagnostics, resp.Schema.ValidateImplementation(t.Context()))
			described(t, "", resp.Schema.MarkdownDescription)
			for name, attribute := range resp.Schema.Attributes {
				described(t, name, attribute.GetMarkdownDescription())
			}
		})
	}
}

func actionsAreWellFormed(t *testing.T, p provider.ProviderWithActions) {
	t.Helper()
	for _, constructor := range p.Actions(t.Context()) {
		a := constructor()
		var metadata action.MetadataResponse
		a.Metadata(t.Context(), action.MetadataRequest{ProviderTypeName: TypeName}, &metadata)
		t.Run("action "+metadata.TypeName, func(t *testing.T) {
			t.Parallel()
			var resp action.SchemaResponse
			a.Schema(t.Context(), action.SchemaRequest{}, &resp)
			wellFormed(t, resp.Diagnostics, resp.Schema.ValidateImplementation(t.Context()))
			described(t, "", resp.Schema.MarkdownDescription)
			for name, attribute := range resp.Schema.Attributes {
				described(t, name, attribute.GetMarkdownDescription())
			}
		})
	}
}

func identityIsWellFormed(t *testing.T, r resource.ResourceWithIdentity) {
	t.Helper()
	var resp resource.IdentitySchemaResponse
	r.IdentitySchema(t.Context(), resource.IdentitySchemaRequest{}, &resp)
	wellFormed(t, resp.Diagnostics, resp.IdentitySchema.ValidateImplementation(t.Context()))
	for name, attribute := range resp.IdentitySchema.Attributes {
		if a, ok := attribute.(identityschema.StringAttribute); ok {
			described(t, "identity "+name, a.Description)
		}
		if strings.Contains(name, "phone") {
			t.Errorf("the identity has %s: it is shown and stored in the clear", name)
		}
	}
}

func describedResourceAttribute(t *testing.T, path string, attribute resourceschema.Attribute) {
	t.Helper()
	// The library that makes timeouts describes its parts in plain text.
	described(t, path, cmp.Or(attribute.GetMarkdownDescription(), attribute.GetDescription()))
	if nested, ok := attribute.(resourceschema.NestedAttribute); ok {
		for name, a := range nested.GetNestedObject().GetAttributes() {
			child, ok := a.(resourceschema.Attribute)
			if !ok {
				t.Fatalf("%s.%s is a %T", path, name, a)
			}
			describedResourceAttribute(t, path+"."+name, child)
		}
	}
}

func describedDataAttribute(t *testing.T, path string, attribute dataschema.Attribute) {
	t.Helper()
	described(t, path, attribute.GetMarkdownDescription())
	if nested, ok := attribute.(dataschema.NestedAttribute); ok {
		for name, a := range nested.GetNestedObject().GetAttributes() {
			child, ok := a.(dataschema.Attribute)
			if !ok {
				t.Fatalf("%s.%s is a %T", path, name, a)
			}
			describedDataAttribute(t, path+"."+name, child)
		}
	}
}

func wellFormed(t *testing.T, all ...diag.Diagnostics) {
	t.Helper()
	for _, diags := range all {
		if diags.HasError() {
			t.Error(diags)
		}
	}
}

// described wants a sentence that says more than a name does.
func described(t *testing.T, what, description string) {
	t.Helper()
	const least = 15
	if n := utf8.RuneCountInString(description); n < least || !strings.HasSuffix(strings.TrimSpace(description), ".") {
		t.Errorf("%q is described by %d characters: %q", what, n, description)
	}
}
