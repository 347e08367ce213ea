// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// model is the provider block as it is configured.
type model struct {
	MchID                   types.String `tfsdk:"mchid"`
	CertificateSerialNo     types.String `tfsdk:"certificate_serial_no"`
	PrivateKey              types.String `tfsdk:"private_key"`
	PrivateKeyPath          types.String `tfsdk:"private_key_path"`
	PublicKeyID             types.String `tfsdk:"public_key_id"`
	PublicKey               types.String `tfsdk:"public_key"`
	PublicKeyPath           types.String `tfsdk:"public_key_path"`
	PlatformCertificate     types.String `tfsdk:"platform_certificate"`
	PlatformCertificatePath types.String `tfsdk:"platform_certificate_path"`
	BrandID                 types.String `tfsdk:"brand_id"`
	Endpoint                types.String `tfsdk:"endpoint"`
	BackupEndpoint          types.String `tfsdk:"backup_endpoint"`
	RequestsPerSecond       types.Number `tfsdk:"requests_per_second"`
	MaxRetries              types.Number `tfsdk:"max_retries"`
	RequestTimeout          types.String `tfsdk:"request_timeout"`
	RefreshInterval         types.String `tfsdk:"refresh_interval"`
	CheckTemplates          types.Bool   `tfsdk:"check_templates"`
}

// settings is what a provider block and its environment come to.
type settings struct {
	// client has no UserAgent, Log, Transport and Now yet.
	client wechatpay.Config
	// complete is false as long as a value that the client needs is unknown or wrong.
	complete bool

	brandID           string
	brandIDUnknown    bool
	refreshInterval   time.Duration
	checkTemplates    bool
	maxPlaintextBytes int

	// secrets must not occur in a log.
	secrets []string
}

// resolve finds every value, in the configuration or else the environment, and checks it.
// All problems are reported, each once and on its attribute.
func resolve(m model, src sources) (settings, diag.Diagnostics) {
	r := &reader{src: src}
	var s settings
	var states []state
	seen := func(st state) { states = append(states, st) }
	var st state

	s.client.MchID, st = required(r, "mchid", m.MchID,
		"the service provider's merchant number (merchant platform, 账户中心 → 商户信息)", checkMchID)
	seen(st)
	s.client.CertificateSerialNo, st = required(r, "certificate_serial_no", m.CertificateSerialNo,
		"the serial number of the merchant API certificate (merchant platform, 账户中心 → API安全 → 管理证书)", checkSerial)
	seen(st)

	seen(r.credentials(m, &s))

	s.client.Endpoint, s.client.BackupEndpoint, st = r.endpoints(m)
	seen(st)
	s.client.RequestsPerSecond, st = optional(r, "requests_per_second", m.RequestsPerSecond, wechatpay.DefaultRequestsPerSecond, checkRequestsPerSecond)
	seen(st)
	r.warnOfRate(s.client)
	s.client.MaxRetries, st = optional(r, "max_retries", m.MaxRetries, wechatpay.DefaultMaxRetries, checkMaxRetries)
	seen(st)
	s.client.RequestTimeout, st = optional(r, "request_timeout", m.RequestTimeout, wechatpay.DefaultRequestTimeout, checkRequestTimeout)
	seen(st)

	s.brandID, st = optional(r, "brand_id", m.BrandID, "", checkBrandID)
	s.brandIDUnknown = st == pending
	// While it is unknown every card is read, and no template is looked up.
	s.refreshInterval, _ = optional(r, "refresh_interval", m.RefreshInterval, 0, checkRefreshInterval)
	s.checkTemplates, st = optional(r, "check_templates", m.CheckTemplates, true, checkBool)
	if st == pending {
		s.checkTemplates = false
	}

	s.complete = !r.diags.HasError()
	if st := worst(states...); st != given {
		s.complete = false
	}
	return s, r.diags
}

// endpoints returns the main and the backup endpoint. Whoever names an endpoint of their
// own means that one alone, unless they name a backup, too.
func (r *reader) endpoints(m model) (endpoint, backup string, st state) {
	endpoint, mainState := optional(r, "endpoint", m.Endpoint, wechatpay.MainEndpoint, checkEndpoint)
	fallback := wechatpay.BackupEndpoint
	if mainState != absent {
		fallback = ""
	}
	backup, backupState := optional(r, "backup_endpoint", m.BackupEndpoint, fallback, checkEndpoint)

	if backupState == given && (mainState == given || mainState == absent) && sameEndpoint(endpoint, backup) {
		backupState = r.refuse(r.find("backup_endpoint", m.BackupEndpoint),
			"It is the same as endpoint (environment variable "+variable("endpoint")+"), so it could not help when that cannot be reached. "+
				"Name another host, or leave it out.").state
	}
	return endpoint, backup, worst(mainState, backupState)
}

// worst of several states: refused before pending before anything else.
func worst(states ...state) state {
	result := given
	for _, st := range states {
		switch st {
		case refused:
			return refused
		case pending:
			result = pending
		}
	}
	return result
}

// warnOfRate warns when more is asked for than WeChat Pay documents for everybody. It may
// grant more to one merchant, so it is no error; and another host has limits of its own.
func (r *reader) warnOfRate(cfg wechatpay.Config) {
	official := cfg.Endpoint == wechatpay.MainEndpoint || cfg.Endpoint == wechatpay.BackupEndpoint
	if r.static() || !official || cfg.RequestsPerSecond <= wechatpay.DefaultRequestsPerSecond {
		return
	}
	r.diags.AddAttributeWarning(path.Root("requests_per_second"), "More requests per second than WeChat Pay documents", fmt.Sprintf(
		"WeChat Pay documents %g requests per second for one merchant number, all its processes together, and refuses what is above it with HTTP 429. "+
			"Keep requests_per_second (environment variable %s) at or below that, unless WeChat Pay has granted your merchant number more.",
		wechatpay.DefaultRequestsPerSecond, variable("requests_per_second")))
}
