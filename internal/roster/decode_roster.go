// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// The positions of decode_roster's arguments, which its errors name.
const (
	argumentText    = 0
	argumentColumns = 1
)

type decodeRoster struct{}

var _ function.Function = decodeRoster{}

func newDecodeRoster() function.Function { return decodeRoster{} }

// Metadata implements function.Function.
func (decodeRoster) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "decode_roster"
}

// Definition implements function.Function.
func (decodeRoster) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Decodes a roster of members out of a spreadsheet's text",
		MarkdownDescription: "Decodes a roster that was saved from a spreadsheet into a map for `for_each`: one object for each member, keyed by its `user_card_code`.\n\n" +
			"Each object has the attributes `user_card_code`, `phone_number`, `openid`, `level`, `card_color`, `card_picture_url`, `pickup_time` and `attach` (strings, " +
			"null when the column or the value is not there) and `line` (a number: where in the text the member's row begins, the header's line counted).\n\n" +
			"**What is read.** CSV with commas or semicolons, or text with tabs, told apart by the header: UTF-8 with or without a byte-order mark, lines that end in LF, CRLF or CR, " +
			"values in quotation marks with separators, quotation marks (doubled) and line breaks in them. Save as *CSV UTF-8*: " +
			"a file in GBK (plain *CSV* of a Chinese Excel) or UTF-16 (*Unicode Text*) is refused by Terraform's own `file` function, before this one sees it; " +
			"where it cannot be saved anew, `textdecodebase64(filebase64(\"roster.csv\"), \"GBK\")` (or `\"UTF-16LE\"`) in place of `file` reads it. " +
			"Blank rows, and rows of nothing but separators, are passed over. A header without rows gives an empty map.\n\n" +
			"**The header** is the first row that is not blank. Each column must be an attribute's name (upper or lower case) or a key of `columns`; only `user_card_code` must be there. " +
			"A column that is neither is an error, so that a misspelt one is not lost. Columns without a name must be empty.\n\n" +
			"**Values** lose the space around them, full-width and no-break space included. Phone numbers are normalised as `provider::wechatpay::normalize_phone` does. " +
			"All other values are handed out as they are: the resource checks them.\n\n" +
			"**Format the columns of codes and phone numbers as text** before typing or pasting them. Else a spreadsheet takes them for quantities: `1.38E+10` is found and refused, " +
			"but leading zeros that are gone, or digits after the fifteenth that became zeros, cannot be seen.\n\n" +
			"**Errors.** One error lists everything that is wrong, by line: a column that is missing, unknown or there twice, an empty code, a code or a phone number that is there twice " +
			"(phone numbers are compared normalised), a phone number that is none, a code or a phone number that became `1.38E+10`, a code that is written as a formula (`=\"0001\"`), a row with more or fewer columns than the header, quotation marks that do not pair up. " +
			"It shows phone numbers masked (`138****8000`) and no other value of a row. Terraform itself adds to an error what the variables and locals in its arguments hold: " +
			"call `file` right here, so that this is a path, or pass `sensitive(…)`.\n\n" +
			"The result contains phone numbers in the clear. Terraform hides them where they reach a sensitive attribute, as `phone_number` of the resource is, but not in an `output` that is not marked `sensitive`. " +
			"`for_each` takes no sensitive map: read the roster with `file`, or, where the text is sensitive, see Terraform's `nonsensitive`.",
		Parameters: []function.Parameter{
			function.StringParameter{
				Name:                "text",
				MarkdownDescription: "The roster itself, not its path: `file(\"${path.module}/roster.csv\")`.",
			},
			function.MapParameter{
				Name:        "columns",
				ElementType: types.StringType,
				MarkdownDescription: "Which attribute each header means, where it is not the attribute's own name: `{ \"会员卡号\" = \"user_card_code\", \"手机号\" = \"phone_number\" }`. " +
					"Headers are compared exactly, but for space around them. A header that the roster does not have is an error. `{}` when the headers are the attributes' names.",
			},
		},
		Return: function.MapReturn{ElementType: memberType()},
	}
}

// Run implements function.Function.
func (decodeRoster) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text string
	var given map[string]types.String
	if resp.Error = req.Arguments.Get(ctx, &text, &given); resp.Error != nil {
		return
	}
	columns := make(map[string]string, len(given))
	for header, attribute := range given {
		if attribute.IsUnknown() {
			resp.Error = resp.Result.Set(ctx, types.MapUnknown(memberType()))
			return
		}
		columns[header] = attribute.ValueString() // a null is no attribute, and is refused as such
	}

	members, err := decode(text, columns)
	if err != nil {
		argument := int64(argumentText)
		if found := problems(nil); errors.As(err, &found) && found.onlyColumns() {
			argument = argumentColumns
		}
		resp.Error = function.NewArgumentFuncError(argument, err.Error())
		return
	}
	result, diags := memberMap(members)
	if resp.Error = function.FuncErrorFromDiags(ctx, diags); resp.Error != nil {
		return
	}
	resp.Error = resp.Result.Set(ctx, result)
}
