// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/phonenumber"
)

type normalizePhone struct{}

var _ function.Function = normalizePhone{}

func newNormalizePhone() function.Function { return recovering{normalizePhone{}} }

// Metadata implements function.Function.
func (normalizePhone) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "normalize_phone"
}

// Definition implements function.Function.
func (normalizePhone) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Normalizes a phone number to the form that WeChat Pay takes",
		MarkdownDescription: "Normalizes a phone number that people typed to the form that WeChat Pay, and the attribute `phone_number`, take: " +
			"eleven digits for a mobile number of mainland China (`+86 138-0013-8000` gives `13800138000`), " +
			"`+`, country code and number for another country (`00852 9123 4567` gives `+85291234567`).\n\n" +
			"Accepted are full-width digits and a full-width plus, spaces of any width, hyphens, dashes, dots and parentheses, and `+86`, `0086` or `86` before a mainland number. " +
			"A number of another country must begin with `+` or `00` and its country code, and must be possible there. " +
			"Invisible characters that are pasted along are dropped, but for those that make digits show in another order.\n\n" +
			"Everything else is an error: a landline of the mainland, a zero before the number, an extension, letters, two numbers in one text, `1.38E+10`. " +
			"The error shows the number masked (`138****8000`); but Terraform itself adds what the argument's variables hold, so mark a variable that holds a phone number as `sensitive`. Whether a number exists, or has a WeChat account, only WeChat Pay knows.",
		Parameters: []function.Parameter{
			function.StringParameter{
				Name:                "text",
				MarkdownDescription: "One phone number as it was typed, pasted or exported. Null is an error.",
			},
		},
		Return: function.StringReturn{},
	}
}

// Run implements function.Function.
func (normalizePhone) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text string
	if resp.Error = req.Arguments.Get(ctx, &text); resp.Error != nil {
		return
	}
	normalized, err := phonenumber.Normalize(text)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, normalized)
}
