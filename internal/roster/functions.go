// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Functions are the functions of this package, one constructor each.
func Functions() []func() function.Function {
	return []func() function.Function{
		newDecodeRoster,
		newDecodeRosterFile,
		newNormalizePhone,
		newMaskPhone,
	}
}

// recovering is a function whose panic becomes an error.
type recovering struct{ function.Function }

// Run implements function.Function. The error shows nothing of the panic's value, which may be
// part of a roster.
func (r recovering) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	defer func() {
		if recover() != nil {
			var metadata function.MetadataResponse
			r.Metadata(ctx, function.MetadataRequest{}, &metadata)
			resp.Error = function.NewFuncError("the provider has a bug: " + metadata.Name + " stopped in the middle. Nothing was sent to WeChat Pay. " +
				"Please report it, with a made-up argument that shows it.")
		}
	}()
	r.Function.Run(ctx, req, resp)
}

// The positions of the arguments of the functions that decode a roster, which their errors name.
const (
	argumentContent = 0
	argumentColumns = 1
)

// columnsParameter is the second parameter of the functions that decode a roster.
func columnsParameter() function.Parameter {
	return function.MapParameter{
		Name:        "columns",
		ElementType: types.StringType,
		MarkdownDescription: "Which attribute each header means, where it is neither the attribute's own name nor a usual Chinese header: `{ \"编号\" = \"user_card_code\", \"部门\" = \"\" }`. " +
			"`\"\"` or null says that a column is not needed. A header that the roster does not have is an error, unless it is not needed. An entry goes before a header's usual meaning. `{}` when no header needs one.",
	}
}

// runDecoder reads the arguments of a function that decodes a roster, and returns the members.
func runDecoder(ctx context.Context, req function.RunRequest, resp *function.RunResponse, decode func(content string, columns map[string]string) ([]member, error)) {
	var content string
	var given map[string]types.String
	if resp.Error = req.Arguments.Get(ctx, &content, &given); resp.Error != nil {
		return
	}
	columns := make(map[string]string, len(given))
	for header, attribute := range given {
		if attribute.IsUnknown() {
			resp.Error = resp.Result.Set(ctx, types.MapUnknown(memberType()))
			return
		}
		columns[header] = attribute.ValueString() // of null "": the column is not needed
	}
	members, err := decode(content, columns)
	if err != nil {
		argument := int64(argumentContent)
		if found := (*rosterError)(nil); errors.As(err, &found) && found.onlyColumns() {
			argument = argumentColumns
		}
		resp.Error = function.NewArgumentFuncError(argument, err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, memberMap(members))
}
