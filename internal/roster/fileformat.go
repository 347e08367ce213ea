// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package roster

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"
)

// This file names files that are no roster by what they begin with, and says what to do.

const (
	saveAs      = `save it as .xlsx (for decode_roster_file) or as "CSV UTF-8"`
	exportAs    = `export it as .xlsx (for decode_roster_file) or as "CSV UTF-8"`
	decryptIt   = "decrypt it first, for instance in the step of the pipeline before Terraform"
	isTextOnly  = "decode_roster reads text only: use decode_roster_file(filebase64(…), …)"
	zipMagic    = "PK\x03\x04"
	oleMagic    = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"
	headerBytes = 512 // how much of a file is looked at to name it
)

// fileMark is how a kind of file begins, and what to say of it.
type fileMark struct{ begins, is, advice string }

func binaryMarks() []fileMark {
	return []fileMark{
		{"%PDF-", "a PDF", exportAs + " from the program that made it"},
		{"PK\x05\x06", "an empty zip archive", "give the workbook itself"},
		{"7z\xBC\xAF\x27\x1C", "a 7z archive", "unpack it"},
		{"Rar!\x1A\x07", "a RAR archive", "unpack it"},
		{"\x1F\x8B", "a gzip file", "unpack it"},
		{"\x89PNG", "a picture", "give the sheet itself"},
		{"\xFF\xD8\xFF", "a picture", "give the sheet itself"},
		{"GIF8", "a picture", "give the sheet itself"},
		{"SQLite format 3\x00", "an SQLite database", `export the table as "CSV UTF-8"`},
		{"PAR1", "a Parquet file", `export it as "CSV UTF-8"`},
		{"\x00GITCRYPT\x00", "encrypted by git-crypt", "run git-crypt unlock before Terraform"},
	}
}

func textMarks() []fileMark {
	return []fileMark{
		{"version https://git-lfs.github.com/spec/", "a pointer of Git LFS and not the file itself", "run git lfs pull before Terraform (in GitHub Actions: checkout with lfs: true)"},
		{"<!doctype html", "an HTML page, which some systems export with the ending .xls", "open it in a spreadsheet program and " + saveAs},
		{"<html", "an HTML page, which some systems export with the ending .xls", "open it in a spreadsheet program and " + saveAs},
		{"<table", "an HTML page, which some systems export with the ending .xls", "open it in a spreadsheet program and " + saveAs},
		{"<?xml", "an XML file", "open it in a spreadsheet program and " + saveAs},
		{"mime-version:", "a web archive or a mail", "open it in a spreadsheet program and " + saveAs},
		{"{\\rtf", "a text document (RTF)", "copy the table into a spreadsheet and " + saveAs},
		{"{", "JSON", "decode it with jsondecode"},
		{"[{", "JSON", "decode it with jsondecode"},
		{"-----begin ", "encrypted or encoded (PEM or PGP)", decryptIt},
		{"age-encryption.org/", "encrypted by age", decryptIt},
		{"$ansible_vault;", "encrypted by Ansible Vault", decryptIt},
		{"uesdb", "base64 of a workbook or an archive", "give it to decode_roster_file, without file() or base64encode() around it"},
		{"0m8r4kg", "base64 of an .xls of Excel 97 to 2003", saveAs},
	}
}

// sylk is how a SYLK file begins: its second line tells it from a header such as ID;Phone;Level.
var sylk = regexp.MustCompile(`^ID;P[^\r\n]*[\r\n]+(?:P;[A-Z]|O;|B;[XY]|F;[A-Z]|C;[XY]|NN;)`)

// textFault says why a text as a whole is no roster, "" when it may be one.
func textFault(text string) string {
	begin := text[:min(len(text), headerBytes)]
	switch {
	case strings.HasPrefix(begin, zipMagic), strings.HasPrefix(begin, oleMagic):
		return isTextOnly
	case strings.Contains(text, "\x00"):
		return `the text contains NUL characters, as the format that Excel calls "Unicode Text" (UTF-16) does: ` +
			`use decode_roster_file(filebase64(…), …), which reads it, or save the roster as "CSV UTF-8"`
	case !utf8.ValidString(text):
		return `the text is not UTF-8: use decode_roster_file(filebase64(…), …), which reads GBK and UTF-16, or save the roster as "CSV UTF-8"`
	}
	if sylk.MatchString(begin) {
		return "this is a SYLK file (.slk): open it in a spreadsheet program and " + saveAs
	}
	lower := strings.ToLower(trim(begin))
	for _, mark := range textMarks() {
		if strings.HasPrefix(lower, mark.begins) {
			return "this is " + mark.is + ": " + mark.advice
		}
	}
	if !strings.ContainsAny(lower, "\r\n,;\t") {
		for _, ending := range []string{".csv", ".tsv", ".txt", ".xlsx", ".xls", ".et"} {
			if strings.HasSuffix(lower, ending) {
				return "this is a path and not the roster itself: use file(…) with decode_roster, and filebase64(…) with decode_roster_file"
			}
		}
	}
	return ""
}

// binaryFault says what a file is that is neither a workbook nor text, "" for other files.
func binaryFault(content []byte) string {
	for _, mark := range binaryMarks() {
		if bytes.HasPrefix(content, []byte(mark.begins)) {
			return "the file is " + mark.is + ": " + mark.advice
		}
	}
	if bytes.HasPrefix(content, []byte(oleMagic)) {
		return compoundFault(content)
	}
	return ""
}

// compoundFault names a file in the container that Office used before .xlsx, and that it still
// uses around an encrypted workbook. Its folder has names in UTF-16.
func compoundFault(content []byte) string {
	has := func(name string) bool {
		wide := make([]byte, 0, 2*len(name))
		for _, c := range []byte(name) {
			wide = append(wide, c, 0)
		}
		return bytes.Contains(content, wide)
	}
	switch {
	case has("EncryptedPackage"):
		return "the workbook is protected by a password: save it without one"
	case has("Workbook"), has("Book"):
		return "the file is an .xls of Excel 97 to 2003, or an .et of WPS: " + saveAs
	case has("WordDocument"):
		return "the file is a document of Word: copy the table into a spreadsheet and " + saveAs
	}
	return "the file is of Office before 2007: " + saveAs
}

// isWorkbook reports whether content is a zip archive, as .xlsx workbooks are. openWorkbook
// says what other archives are.
func isWorkbook(content []byte) bool { return bytes.HasPrefix(content, []byte(zipMagic)) }
