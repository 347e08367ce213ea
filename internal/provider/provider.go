// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/cardtemplate"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/connection"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/image"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/journal"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/membercard"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/providerdata"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/roster"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// Address is the provider's address in a registry. To publish it under another name, change
// this line.
const Address = "registry.terraform.io/wechatpay-iac/wechatpay"

// TypeName begins the name of every resource and data source.
const TypeName = "wechatpay"

type wechatpayProvider struct {
	version   string
	transport http.RoundTripper
	retryWait time.Duration
	src       sources
}

var (
	_ provider.Provider                   = (*wechatpayProvider)(nil)
	_ provider.ProviderWithFunctions      = (*wechatpayProvider)(nil)
	_ provider.ProviderWithListResources  = (*wechatpayProvider)(nil)
	_ provider.ProviderWithActions        = (*wechatpayProvider)(nil)
	_ provider.ProviderWithValidateConfig = (*wechatpayProvider)(nil)
)

// Option replaces something that the provider takes from its process. Only tests use options.
type Option func(*wechatpayProvider)

// WithClock sets the clock; default time.Now.
func WithClock(now func() time.Time) Option {
	return func(p *wechatpayProvider) { p.src.now = now }
}

// WithTransport sets the transport that sends the requests; default is the client's own.
func WithTransport(transport http.RoundTripper) Option {
	return func(p *wechatpayProvider) { p.transport = transport }
}

// WithRetryWait sets the longest wait before a first retry; default is the client's own.
func WithRetryWait(wait time.Duration) Option {
	return func(p *wechatpayProvider) { p.retryWait = wait }
}

// WithEnvironment sets how environment variables are read; default os.Getenv.
// An empty value counts as unset.
func WithEnvironment(getenv func(name string) string) Option {
	return func(p *wechatpayProvider) { p.src.getenv = getenv }
}

// New returns a constructor of providers. The version is sent in the User-Agent.
func New(version string, opts ...Option) func() provider.Provider {
	return func() provider.Provider {
		p := &wechatpayProvider{
			version: version,
			src:     sources{getenv: os.Getenv, readFile: readFile, openJournal: journal.Open, now: time.Now},
		}
		for _, opt := range opts {
			opt(p)
		}
		return p
	}
}

// Metadata implements provider.Provider.
func (p *wechatpayProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = TypeName
	resp.Version = p.version
}

// ValidateConfig implements provider.ProviderWithValidateConfig. It checks the configuration
// without the environment, so that `terraform validate` needs no credentials.
func (p *wechatpayProvider) ValidateConfig(ctx context.Context, req provider.ValidateConfigRequest, resp *provider.ValidateConfigResponse) {
	var m model
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	_, diags := resolve(m, sources{now: p.src.now})
	resp.Diagnostics.Append(diags...)
}

// Configure implements provider.Provider. While planning, values may be unknown:
// the known ones are checked, and the client is only built when all are known.
func (p *wechatpayProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var m model
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	s, diags := resolve(m, p.src)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}

	data := &providerdata.Data{
		BrandMode:         s.client.Mode == wechatpay.ModeBrand,
		MchID:             s.client.MchID,
		BrandID:           s.brandID,
		BrandIDUnknown:    s.brandIDUnknown,
		RefreshInterval:   s.refreshInterval,
		CheckTemplates:    s.checkTemplates,
		MaxPlaintextBytes: s.maxPlaintextBytes,
		Journal:           s.journal,
		Now:               p.src.now,
	}
	if s.complete {
		cfg := s.client
		cfg.UserAgent = userAgent(p.version, req.TerraformVersion)
		cfg.Log = logTo(s.secrets)
		cfg.Transport = p.transport
		if p.transport == nil {
			cfg.RateFolder = rateFolder()
		}
		cfg.RetryWait = p.retryWait
		cfg.Now = p.src.now
		client, err := wechatpay.New(cfg)
		if err != nil {
			resp.Diagnostics.AddError("WeChat Pay client cannot be built", fmt.Sprintf("The provider's configuration was checked and is complete, so this is a bug in the provider. Please report it: %s.", err))
			return
		}
		data.Client = client
	}
	resp.ResourceData = data
	resp.DataSourceData = data
	resp.ListResourceData = data
	resp.ActionData = data
}

// rateFolder is where the processes of this user on this machine take turns within one rate.
// Empty, where there is no such folder, each process has the rate for itself.
func rateFolder() string {
	cache, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(cache, "terraform-provider-wechatpay")
}

// Resources implements provider.Provider.
func (p *wechatpayProvider) Resources(context.Context) []func() resource.Resource {
	return slices.Concat(membercard.Resources(), cardtemplate.Resources(), image.Resources())
}

// DataSources implements provider.Provider.
func (p *wechatpayProvider) DataSources(context.Context) []func() datasource.DataSource {
	return slices.Concat(connection.DataSources(), membercard.DataSources(), cardtemplate.DataSources())
}

// Functions implements provider.ProviderWithFunctions.
func (p *wechatpayProvider) Functions(context.Context) []func() function.Function {
	return roster.Functions()
}

// ListResources implements provider.ProviderWithListResources.
func (p *wechatpayProvider) ListResources(context.Context) []func() list.ListResource {
	return slices.Concat(membercard.ListResources(), cardtemplate.ListResources())
}

// Actions implements provider.ProviderWithActions.
func (p *wechatpayProvider) Actions(context.Context) []func() action.Action {
	return membercard.Actions()
}

func userAgent(version, terraformVersion string) string {
	if terraformVersion == "" {
		terraformVersion = "unknown"
	}
	return fmt.Sprintf("terraform-provider-wechatpay/%s (terraform/%s)", version, terraformVersion)
}
