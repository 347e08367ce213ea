// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"context"
	"encoding/base64"

	"github.com/hashicorp/terraform-plugin-framework/function"
)

type decodeRosterFile struct{}

var _ function.Function = decodeRosterFile{}

func newDecodeRosterFile() function.Function { return recovering{decodeRosterFile{}} }

// Metadata implements function.Function.
func (decodeRosterFile) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "decode_roster_file"
}

// Definition implements function.Function.
func (decodeRosterFile) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Decodes a roster of members out of an .xlsx workbook, or of text in any usual encoding",
		MarkdownDescription: "Decodes a roster file into a map for `for_each`: the same map, by the same rules and with the same errors as `provider::wechatpay::decode_roster`, whose page describes them.\n\n" +
			"**What is read.** An .xlsx (or .xlsm) workbook, or CSV and text with tabs in UTF-8, UTF-16, GBK or GB18030, told apart by the content and not by the file's name. " +
			"Anything else (.xls, .xlsb, .et, .ods, .numbers, PDF, an archive, an encrypted file, a pointer of Git LFS) is an error that names it and says what to do. Big5 is not read.\n\n" +
			"**Of a workbook** the first sheet that is not hidden and has rows is read; `line` is the sheet's row.\n\n" +
			"- A number keeps all its digits, however the sheet shows it (`1.38E+10` in a cell is 13800138000), and gets the leading zeros of a format such as `0000`. Refused are a number of more than 15 digits, " +
			"since spreadsheets lose the last of them, one with decimal places as a code, level or openid, and one that its format shows with other text (`\"VIP-\"0000`, `0%`).\n" +
			"- A date becomes RFC 3339 where the attribute is `pickup_time`: midnight in China (`+08:00`) when it has no time of the day. In another column it is refused: spreadsheets make dates of codes such as `1-2`.\n" +
			"- A formula counts as the result that was saved with it. One without a saved result is refused, and so is a 0 in a workbook whose formulas nobody has calculated yet.\n" +
			"- A hidden or filtered row is refused, because nobody who looks at the sheet sees that member, and so is a hidden column that is read. So is a member with a cell that is merged with others.\n\n" +
			"A workbook that unpacks to more than 256 MiB is refused. One of 5,000 members is decoded in less than two seconds, and one of 50,000 costs less than 300 MB of memory.\n\n" +
			"Git shows no differences of a workbook: reviewers see the plan only. Where they should see rows, keep the roster as CSV.",
		Parameters: []function.Parameter{
			function.StringParameter{
				Name:                "content_base64",
				MarkdownDescription: "The file's bytes in base64: `filebase64(\"${path.module}/members.xlsx\")`.",
			},
			columnsParameter(),
		},
		Return: function.MapReturn{ElementType: memberType()},
	}
}

// Run implements function.Function.
func (decodeRosterFile) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	runDecoder(ctx, req, resp, func(encoded string, columns map[string]string) ([]member, error) {
		content, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			errs := &rosterError{}
			errs.add(1, "the argument is not base64: use filebase64(…), or decode_roster(file(…), …) for text")
			return nil, errs.orNil()
		}
		return decodeFile(content, columns)
	})
}
