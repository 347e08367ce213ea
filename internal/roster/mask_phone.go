// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/phonenumber"
)

type maskPhone struct{}

var _ function.Function = maskPhone{}

func newMaskPhone() function.Function { return recovering{maskPhone{}} }

// Metadata implements function.Function.
func (maskPhone) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "mask_phone"
}

// Definition implements function.Function.
func (maskPhone) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Masks a phone number so that it may be shown",
		MarkdownDescription: "Masks a phone number so that it may be shown in a review or a message, as the attribute `phone_number_masked` is: `13800138000` gives `138****8000`, `+85291234567` gives `+852****4567`.\n\n" +
			"A leading `+` stays. Of eleven or more digits the first three and the last four are shown, of three to ten the last two, of two or one none. " +
			"What is hidden is always four asterisks, however many digits there were, and nothing but digits is ever shown, so any text can be masked: it is never an error. " +
			"The empty text stays empty, null stays null.\n\n" +
			"The number is taken as it is written: use `provider::wechatpay::normalize_phone` first where `+86 138-0013-8000` and `13800138000` should look alike.\n\n" +
			"Of a sensitive argument the result is sensitive too: where the masked number is to be shown, wrap the call in Terraform's `nonsensitive`.",
		Parameters: []function.Parameter{
			function.StringParameter{
				Name:                "text",
				AllowNullValue:      true,
				MarkdownDescription: "The phone number. Null gives null (with OpenTofu an error), so that a member without one needs no care.",
			},
		},
		Return: function.StringReturn{},
	}
}

// Run implements function.Function.
func (maskPhone) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text types.String
	if resp.Error = req.Arguments.Get(ctx, &text); resp.Error != nil {
		return
	}
	if !text.IsNull() {
		text = types.StringValue(phonenumber.Mask(text.ValueString()))
	}
	resp.Error = resp.Result.Set(ctx, text)
}
