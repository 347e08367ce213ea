// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// Schema implements provider.Provider. Function resolve checks the values, whether they come from
// the configuration or the environment, so there are no validators here.
func (p *wechatpayProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Manages the members of WeChat Pay brands: imports them into card templates, " +
			"for service providers of WeChat Pay and for brands that call for themselves. Not an official WeChat Pay product.\n\n" +
			"Every attribute has an environment variable; the provider block wins. " +
			"An empty variable counts as unset.",
		Attributes: map[string]schema.Attribute{
			"merchant_mode": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Who calls WeChat Pay: `service_provider` (服务商, default), which calls for its brands with its merchant number, " +
					"or `brand`, a brand that calls for itself with the credentials of the brand platform (品牌经营平台). " +
					"In brand mode `brand_id` is required, `mchid` and the platform certificate do not exist, their environment variables are ignored, " +
					"and members are imported by `openid` only." + fromEnvironment("merchant_mode"),
			},
			"mchid": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "The service provider's merchant number, 1 to 32 digits: " +
					"merchant platform, 账户中心 → 商户信息. None in brand mode." + fromEnvironment("mchid"),
			},
			"certificate_serial_no": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Serial number of the merchant API certificate, or in brand mode of the brand API certificate, hexadecimal: " +
					"merchant platform, 账户中心 → API安全 → 管理证书; brand platform, 账号管理 → 安全中心; or `openssl x509 -in apiclient_cert.pem -noout -serial`." +
					fromEnvironment("certificate_serial_no"),
			},
			"private_key": schema.StringAttribute{
				Optional:  true,
				Sensitive: true,
				MarkdownDescription: "Private key of the merchant (or brand) API certificate, `apiclient_key.pem`: PEM text, PKCS#8 or PKCS#1, RSA of 2048 bits or more, " +
					"without a passphrase. It signs requests and decrypts answers. It is never sent. " +
					"Give this or `private_key_path`." + fromEnvironment("private_key"),
			},
			"private_key_path": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Path of the file that holds `private_key`, from the directory that Terraform runs in. " +
					"Give this or `private_key`." + fromEnvironment("private_key_path"),
			},
			"public_key_id": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "ID of the WeChat Pay public key, `PUB_KEY_ID_…`: merchant platform, 账户中心 → API安全 → 微信支付公钥; brand platform, 账号管理 → 安全中心. " +
					"It goes together with `public_key` or `public_key_path`." + fromEnvironment("public_key_id"),
			},
			"public_key": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "WeChat Pay public key (`pub_key.pem`, downloaded beside its ID): PEM text, `BEGIN PUBLIC KEY`. " +
					"It encrypts personal data and verifies answers. Give this or `public_key_path`; " +
					"at least one of a public key and a platform certificate must be given." + fromEnvironment("public_key"),
			},
			"public_key_path": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Path of the file that holds `public_key`, from the directory that Terraform runs in. " +
					"Give this or `public_key`." + fromEnvironment("public_key_path"),
			},
			"platform_certificate": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "WeChat Pay platform certificate, for merchants that still use platform certificates (not in brand mode): PEM text, `BEGIN CERTIFICATE`; " +
					"its serial number is read from it. It must be valid at the time of the run, and comes from " +
					"[WeChat Pay's certificate call](https://pay.weixin.qq.com/doc/v3/partner/4012715700), decrypted. " +
					"While a merchant migrates, give it beside the public key: the public key then encrypts, and either verifies. " +
					"Give this or `platform_certificate_path`." + fromEnvironment("platform_certificate"),
			},
			"platform_certificate_path": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Path of the file that holds `platform_certificate`, from the directory that Terraform runs in. " +
					"Give this or `platform_certificate`." + fromEnvironment("platform_certificate_path"),
			},
			"brand_id": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Default brand of every resource and data source that has no `brand_id` of its own, 1 to 32 characters. Required in brand mode. " +
					"WeChat Pay assigns it when a merchant joins its brand programme (品牌商家)." + fromEnvironment("brand_id"),
			},
			"endpoint": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: fmt.Sprintf("The host that requests go to: `https://` and a host, optionally a port, and nothing after it. "+
					"`http://` is accepted for loopback addresses only. Default `%s`.", wechatpay.MainEndpoint) + fromEnvironment("endpoint"),
			},
			"backup_endpoint": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: fmt.Sprintf("The host that requests go to for a minute when no connection to `endpoint` can be made; must differ from `endpoint`. "+
					"Default `%s`, or none when `endpoint` is set.", wechatpay.BackupEndpoint) + fromEnvironment("backup_endpoint"),
			},
			"requests_per_second": schema.NumberAttribute{
				Optional: true,
				MarkdownDescription: fmt.Sprintf("How many requests the whole provider sends in any second, every attempt counted: %g to %d, default %g; above 1, a fraction is dropped. "+
					"WeChat Pay allows %g per second for one merchant number, **all its processes together**: "+
					"lower it where others share the number; raise it only where WeChat Pay has granted you more.",
					minRequestsPerSecond, maxRequestsPerSecond, wechatpay.DefaultRequestsPerSecond, wechatpay.DefaultRequestsPerSecond) +
					fromEnvironment("requests_per_second"),
			},
			"max_retries": schema.NumberAttribute{
				Optional: true,
				MarkdownDescription: fmt.Sprintf("How often a call is tried again after its first attempt when it may succeed later "+
					"(rate limit, server error, lost connection, unverifiable answer): 0 to %d, default %d.", maxMaxRetries, wechatpay.DefaultMaxRetries) +
					fromEnvironment("max_retries"),
			},
			"request_timeout": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "How long one attempt may take, as a duration such as `30s` or `1m30s`: `100ms` to `5m`, default `30s`. " +
					"A resource's `timeouts` bound the whole call with its retries." + fromEnvironment("request_timeout"),
			},
			"refresh_interval": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "A card that was read less than this long ago is not read again on refresh, as a duration such as `15m`; " +
					"default `0s`: read every time. With thousands of members and five requests per second it shortens plans; " +
					"a change made elsewhere is seen that much later." + fromEnvironment("refresh_interval"),
			},
			"check_templates": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Whether card templates are looked up while planning, each once, so that a member that does not fit its template is " +
					"an error before anything is sent. Default `true`. Set it to `false` where the credentials may not read templates, or a plan " +
					"must not use the network for it." + fromEnvironment("check_templates"),
			},
			"journal_path": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Path of a file in which the openid of every imported member is kept, from the directory that Terraform runs in. " +
					"It is written before Terraform gets the answer, so that nothing is lost when a process is killed or a state cannot be saved: " +
					"the next apply finds the openid there. Every line is encrypted to the key of the merchant API certificate. " +
					"Several processes may use one file. The file is created when it does not exist; its folder must exist and be writable. " +
					"Without `journal_path` there is no journal." + fromEnvironment("journal_path"),
			},
		},
	}
}

func fromEnvironment(attribute string) string {
	return " Environment variable: `" + variable(attribute) + "`."
}
