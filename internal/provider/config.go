// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"errors"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/journal"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// model is the provider block as it is configured.
type model struct {
	MerchantMode            types.String `tfsdk:"merchant_mode"`
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
	JournalPath             types.String `tfsdk:"journal_path"`
}

// settings are the checked values of a provider block and its environment variables.
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
	// journal is nil when none is configured, or when the settings are not complete.
	journal *journal.Journal

	// secrets must not occur in a log.
	secrets []string
}

// resolve looks up every value, in the configuration or else in the environment, and checks it.
// This is the only place that checks the provider's configuration: the client trusts it.
// Every mistake is reported once, at its attribute.
func resolve(m model, src sources) (settings, diag.Diagnostics) {
	r := &reader{src: src}
	var s settings
	var states []state
	seen := func(st state) { states = append(states, st) }
	var st state

	r.mode, st = optional(r, "merchant_mode", m.MerchantMode, merchantModes[wechatpay.ModeServiceProvider], checkMode)
	if st == pending || st == refused {
		r.mode = unknownMode()
	}
	seen(st)

	s.client.MchID, st = r.merchantNumber(m)
	seen(st)
	s.client.CertificateSerialNo, st = required(r, "certificate_serial_no", m.CertificateSerialNo,
		fmt.Sprintf("the serial number of the %s (%s)", r.mode.certificate, r.mode.certificatePlace), checkSerial)
	if st == given && s.client.CertificateSerialNo == s.client.MchID {
		st = r.refuse(r.find("certificate_serial_no", m.CertificateSerialNo), fmt.Sprintf(
			"It is the merchant number. The serial number of the %s belongs here. Print it: %s.", r.mode.certificate, printSerial)).state
	}
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

	s.brandID, st = r.brandID(m)
	s.brandIDUnknown = st == pending
	s.client.Mode = r.mode.client
	if r.mode.isBrand() {
		s.client.BrandID = s.brandID
		seen(st)
	}
	// While it is unknown every card is read, and no template is looked up.
	s.refreshInterval, _ = optional(r, "refresh_interval", m.RefreshInterval, 0, checkRefreshInterval)
	s.checkTemplates, st = optional(r, "check_templates", m.CheckTemplates, true, checkBool)
	if st == pending {
		s.checkTemplates = false
	}

	s.complete = !r.diags.HasError() && leastKnown(states...) == given
	s.journal = r.journal(m, s)
	s.complete = s.complete && !r.diags.HasError()
	return s, r.diags
}

// merchantNumber returns the service provider's merchant number. A brand has none.
func (r *reader) merchantNumber(m model) (string, state) {
	if r.mode.isBrand() {
		return "", r.onlyServiceProvider("mchid", m.MchID, "A brand that calls for itself is identified by brand_id, not by a merchant number.")
	}
	return required(r, "mchid", m.MchID, "the service provider's merchant number (merchant platform, 账户中心 → 商户信息). "+
		"A brand that calls for itself has none: it sets merchant_mode = \"brand\"", checkMchID)
}

// brandID returns the default brand, which brand mode requires.
func (r *reader) brandID(m model) (string, state) {
	if r.mode.isBrand() {
		return required(r, "brand_id", m.BrandID, "the brand's ID (brand platform, 品牌经营平台), which brand mode requires", checkBrandID)
	}
	return optional(r, "brand_id", m.BrandID, "", checkBrandID)
}

// journal opens the journal, so that a file that cannot be written is an error before
// anything is sent. While a part of the configuration is unknown, nothing is imported.
func (r *reader) journal(m model, s settings) *journal.Journal {
	in := r.checkPath(r.find("journal_path", m.JournalPath))
	if in.state != given || !s.complete {
		return nil
	}
	j, err := r.src.openJournal(in.text, s.client.PrivateKey)
	switch {
	case errors.Is(err, journal.ErrNotAJournal):
		r.refuse(in, "The file exists and is not a journal. The provider does not write to it. Set the path of a new file.")
	case errors.Is(err, journal.ErrLocked):
		r.refuse(in, fmt.Sprintf("The journal cannot be used: %s, then try again.", err))
	case err != nil:
		r.refuse(in, fmt.Sprintf("The journal cannot be written: %s. Its folder must exist and be writable. "+
			"A relative path starts in the directory that Terraform runs in.", fileErrorText(err)))
	}
	return j
}

// endpoints returns the main and the backup endpoint. A configured endpoint has no backup
// unless one is configured as well.
func (r *reader) endpoints(m model) (endpoint, backup string, st state) {
	endpoint, mainState := optional(r, "endpoint", m.Endpoint, wechatpay.MainEndpoint, checkEndpoint)
	fallback := wechatpay.BackupEndpoint
	if mainState != absent {
		fallback = ""
	}
	backup, backupState := optional(r, "backup_endpoint", m.BackupEndpoint, fallback, checkEndpoint)

	if backupState == given && (mainState == given || mainState == absent) && sameEndpoint(endpoint, backup) {
		backupState = r.refuse(r.find("backup_endpoint", m.BackupEndpoint),
			"It is the same host as endpoint (environment variable "+variable("endpoint")+"), so it cannot help when that one cannot be reached. "+
				"Set another host, or remove it.").state
	}
	return endpoint, backup, leastKnown(mainState, backupState)
}

// leastKnown returns refused if any state is refused, else pending if any is pending, else given.
func leastKnown(states ...state) state {
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

// warnOfRate warns when the rate is above the one that WeChat Pay documents. WeChat Pay may
// grant more to one merchant, so it is not an error, and another host has its own limits.
func (r *reader) warnOfRate(cfg wechatpay.Config) {
	official := cfg.Endpoint == wechatpay.MainEndpoint || cfg.Endpoint == wechatpay.BackupEndpoint
	if r.static() || !official || cfg.RequestsPerSecond <= wechatpay.DefaultRequestsPerSecond {
		return
	}
	r.diags.AddAttributeWarning(path.Root("requests_per_second"), "More requests per second than WeChat Pay documents", fmt.Sprintf(
		"WeChat Pay documents %g requests per second for one %s, all its processes together, and answers HTTP 429 to requests above that. "+
			"Keep requests_per_second (environment variable %s) at or below that, unless WeChat Pay has granted you more.",
		wechatpay.DefaultRequestsPerSecond, r.mode.limited, variable("requests_per_second")))
}
