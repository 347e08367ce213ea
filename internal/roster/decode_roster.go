// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/function"
)

type decodeRoster struct{}

var _ function.Function = decodeRoster{}

func newDecodeRoster() function.Function { return recovering{decodeRoster{}} }

// Metadata implements function.Function.
func (decodeRoster) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "decode_roster"
}

// Definition implements function.Function.
func (decodeRoster) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Decodes a roster of members out of a spreadsheet's text",
		MarkdownDescription: "Decodes a roster that was saved from a spreadsheet into a map for `for_each`: one object for each member, keyed by its `user_card_code`. " +
			"`provider::wechatpay::decode_roster_file` does the same for an .xlsx workbook and for text in GBK or UTF-16.\n\n" +
			"Each object has the attributes `user_card_code`, `phone_number`, `openid`, `level`, `card_color`, `card_picture_url`, `pickup_time` and `attach` (strings, " +
			"null when the column or the value is not there) and `line` (a number: where in the text the member's row begins, the header's line counted).\n\n" +
			"**What is read.** CSV with commas or semicolons, or text with tabs, told apart by the header or by a first line such as `sep=;`: UTF-8 with or without a byte-order mark, " +
			"lines that end in LF, CRLF or CR, values in quotation marks with separators, quotation marks (doubled) and line breaks in them. Save as *CSV UTF-8*. " +
			"Of a file in GBK (plain *CSV* of a Chinese Excel) or UTF-16 (*Unicode Text*), Terraform says `Call to function \"file\" failed: contents of \"roster.csv\" are not valid UTF-8; " +
			"use the filebase64 function …`: use `decode_roster_file(filebase64(\"roster.csv\"), …)` then. " +
			"Blank rows, and rows of nothing but separators, are skipped. A header without rows gives an empty map. A roster has 200,000 rows at most.\n\n" +
			"**The header** is the first row that is not blank. Each column must be a key of `columns`, an attribute's name, or one of the headers below; " +
			"only `user_card_code` must be there, and any other column may be missing. Headers are compared without regard to width, case and blanks, and to a mark such as `*` or `（必填）` behind them. " +
			"A column that is none of these is an error, so that a misspelt one is not lost; `\"\"` in `columns` says that it is not needed. Columns without a name must be empty.\n\n" +
			usualHeadersTable() + "\n" +
			"备注 (notes) is not read as `attach`: say so in `columns` when WeChat Pay may have the notes.\n\n" +
			"**Values** lose the space around them, full-width and no-break space included. Phone numbers are normalized as `provider::wechatpay::normalize_phone` does. " +
			"A `pickup_time` may be RFC 3339, or a date that begins with its year (`2015-05-20`, `2015/5/20 下午1:29`, `2015年5月20日 星期三`), which is China's unless a zone follows (`+08`, `UTC`). " +
			"Dates before 2010 and after 2099 are refused: programs write them where there is none (`1970-01-01`), and a time of receipt cannot be changed. " +
			"What spreadsheets, database clients and people leave behind is read where its meaning is certain:\n\n" +
			"| in the roster | is read as |\n|---|---|\n" +
			"| `'0001`, `=\"0001\"`, a backtick before a value (as in WeChat Pay's bills) | `0001`, as text |\n" +
			"| `ＶＩＰ－１` as a code, full-width letters in an openid or a colour, blanks of other widths in a level | half-width characters |\n" +
			"| `NULL`, `(null)`, `\\N`, `None`, `NaN`, `N/A`, `-`, `/`, `无`, `暂无`, `未填` and similar | no value |\n" +
			"| invisible characters around a value | nothing |\n\n" +
			"and refused, by its line, where it is not: in any column an error value (`#N/A`, `####`), a formula, text that was damaged by a wrong encoding, and what WeChat Pay refuses (a code with Chinese or blanks, a level of more than 10 characters, a colour that is not `#RRGGBB`); in a code, a level or an openid also `1.38E+10`, `1001.0`, `1,001`, `50%`, `TRUE`, a date, " +
			"a placeholder (`同上`, `待定`), quotation marks around a value, an invisible character or a line break inside it, HTML, neither a letter nor a digit; an openid that is a number or has fewer than ten characters. Refused as rows are those that begin with `#`, `//`, `;` or `--` " +
			"(commented out), conflict marks of git, quoted lines of a mail, footers (`合计`, `制表人：…`, `(20 rows)`), lines of dashes, the header again, and a value of several lines that has a row in it. " +
			"All else is returned as it is: the resource checks it.\n\n" +
			"**Format the columns of codes and phone numbers as text** before typing or pasting them. Otherwise a spreadsheet takes them for quantities: `1.38E+10` is found and refused, " +
			"but leading zeros that are gone, or digits after the fifteenth that became zeros, cannot be seen.\n\n" +
			"**Errors.** One error lists everything that is wrong in the first twenty bad rows, by line and card code, and counts the others: besides the above a column that is missing, unknown or there twice, an empty code, " +
			"a code, an openid or a phone number that is there twice (phone numbers are compared normalized), a phone number that is none, a row with more or fewer columns than the header, quotation marks that do not pair up; " +
			"and where the header seems to be, when rows with a title or notes stand above it. " +
			"It shows phone numbers masked (`138****8000`), card codes of at most ten digits, and no other value of a row. Terraform itself adds to an error what the variables and locals in its arguments hold: " +
			"call `file` right here, so that this is a path, or pass `sensitive(…)`.\n\n" +
			"The result contains phone numbers in the clear. Terraform hides them where they reach a sensitive attribute, as `phone_number` of the resource is, but not in an `output` that is not marked `sensitive`. " +
			"`for_each` takes no sensitive map: read the roster with `file`, or, where the text is sensitive, see Terraform's `nonsensitive`.",
		Parameters: []function.Parameter{
			function.StringParameter{
				Name:                "text",
				MarkdownDescription: "The roster itself, not its path: `file(\"${path.module}/roster.csv\")`.",
			},
			columnsParameter(),
		},
		Return: function.MapReturn{ElementType: memberType()},
	}
}

// Run implements function.Function.
func (decodeRoster) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	runDecoder(ctx, req, resp, decodeText)
}

// usualHeadersTable lists the headers that need no entry in columns.
func usualHeadersTable() string {
	var b strings.Builder
	b.WriteString("| attribute | headers, besides its own name |\n|---|---|\n")
	usual := usualHeaders()
	for _, attribute := range attributes() {
		if headers := usual[attribute]; len(headers) > 0 {
			b.WriteString("| `" + attribute + "` | " + strings.Join(headers, ", ") + " |\n")
		}
	}
	return b.String()
}
