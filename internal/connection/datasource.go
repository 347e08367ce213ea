// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Package connection is the data source that tells a person whether all credentials work. It
// knows no card.
package connection

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/framework"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/providerdata"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// connectionDataSource is wechatpay_connection: a call that changes nothing.
type connectionDataSource struct {
	data *providerdata.Data
}

var _ datasource.DataSourceWithConfigure = (*connectionDataSource)(nil)

// DataSources are the data sources of this package.
func DataSources() []func() datasource.DataSource {
	return []func() datasource.DataSource{func() datasource.DataSource { return &connectionDataSource{} }}
}

// model is what the answer shows.
type model struct {
	Host               types.String `tfsdk:"host"`
	MchID              types.String `tfsdk:"mchid"`
	PublicKeyID        types.String `tfsdk:"public_key_id"`
	EncryptionVerified types.Bool   `tfsdk:"encryption_verified"`
	ClockOffset        types.Int64  `tfsdk:"clock_offset"`
	RequestID          types.String `tfsdk:"request_id"`
}

// newModel maps an answer. A brand has no merchant number.
func newModel(answer *wechatpay.EchoResult, mchID string) model {
	return model{
		Host:               types.StringValue(answer.Host),
		MchID:              framework.Optional(mchID),
		PublicKeyID:        types.StringValue(answer.KeyID),
		EncryptionVerified: types.BoolPointerValue(answer.EncryptionVerified),
		ClockOffset:        types.Int64Value(int64(answer.ClockOffset / time.Second)),
		RequestID:          framework.Optional(answer.RequestID),
	}
}

// Metadata implements datasource.DataSource.
func (d *connectionDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_connection"
}

// Schema implements datasource.DataSource.
func (d *connectionDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	text := func(description string) schema.Attribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Tests all credentials of the provider with one call that changes nothing. Try it first when you use real credentials.\n\n" +
			"As a service provider it makes WeChat Pay's [echo call](https://pay.weixin.qq.com/doc/v3/partner/4015139289): " +
			"the request is signed and a part of it encrypted, the answer's signature is verified. " +
			"In brand mode, for which that call is not documented, it reads one line of the list of card templates; nothing is encrypted there. " +
			"A failure is an error that says which credential to check. It is read in every plan and counts as one request.",
		Attributes: map[string]schema.Attribute{
			"host":          text("Name of the host that answered: the endpoint, or the backup endpoint."),
			"mchid":         text("The merchant number that called. Null in brand mode."),
			"public_key_id": text("ID of the WeChat Pay public key that signed the answer (`PUB_KEY_ID_…`), or the serial number of the platform certificate that did."),
			"encryption_verified": schema.BoolAttribute{
				Computed: true,
				MarkdownDescription: "Whether WeChat Pay returned the text that was sent encrypted, so that encryption is proven in both directions. " +
					"`false` when the answer does not contain the text: its shape is not documented. Null in brand mode, where nothing is encrypted.",
			},
			"clock_offset": schema.Int64Attribute{
				Computed: true,
				MarkdownDescription: "How many seconds WeChat Pay's clock is ahead of this machine's; negative when it is behind. " +
					"WeChat Pay refuses requests when the difference is more than 300.",
			},
			"request_id": text("`Request-ID` of the answer, which WeChat Pay's support asks for. Null when the answer has none."),
		},
	}
}

// Configure implements datasource.DataSourceWithConfigure.
func (d *connectionDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.data = providerdata.From(req.ProviderData, &resp.Diagnostics)
}

// Read implements datasource.DataSource.
func (d *connectionDataSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	defer framework.RecoverPanic("testing the connection", &resp.Diagnostics)
	if !d.data.Ready(&resp.Diagnostics) {
		return
	}
	answer, err := d.data.Client.Echo(ctx)
	if err != nil {
		d.data.ReportError(err, explain(err, d.data.BrandMode), "data.wechatpay_connection", &resp.Diagnostics)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, newModel(answer, d.data.MchID))...)
}
