// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
)

// A key is read from a file however its editor ended lines, and whatever the path is.
func TestKeyFilesAsEditorsLeaveThem(t *testing.T) {
	t.Parallel()
	pem := testPEMs().private
	for name, content := range map[string]string{
		"LF": pem, "CRLF": strings.ReplaceAll(pem, "\n", "\r\n"), "CR": strings.ReplaceAll(pem, "\n", "\r"),
		"byte-order mark": "\ufeff" + pem, "blank lines around": "\n\n" + pem + "\r\n\n", "no line end": strings.TrimSpace(pem),
		"another certificate before": testPEMs().certificate + pem, "indented": strings.ReplaceAll("\n"+pem, "\n", "\n    "),
		strings.Repeat("a long path/", 40): pem,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), filepath.FromSlash(name), "key.pem")
			if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			src := completeEnv().sources(t)
			src.readFile = readFile
			s, diags := resolve(model{PrivateKeyPath: str(path)}, src)
			if len(diags) > 0 || !s.complete || s.client.PrivateKey == nil {
				t.Errorf("not read: %v", diags)
			}
		})
	}
}

// What cannot be a key's file is refused at the path, which is not repeated.
func TestKeyFilesThatAreNone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	var little, big strings.Builder
	for _, unit := range utf16.Encode([]rune("\ufeff" + testPEMs().private)) {
		high, low := byte(unit>>8), byte(unit)
		little.Write([]byte{low, high})
		big.Write([]byte{high, low})
	}
	for name, c := range map[string]struct{ path, says string }{
		"missing":           {filepath.Join(dir, "missing.pem"), "cannot be read"},
		"a directory":       {dir, "cannot be read"},
		"below a file":      {filepath.Join(write("file", "x"), "key.pem"), "cannot be read"},
		"no name at all":    {strings.Repeat("n", 5000), "cannot be read"},
		"empty":             {write("empty.pem", ""), "is empty"},
		"blank":             {write("blank.pem", "\n \n"), "neither PEM text"},
		"too large":         {write("large.pem", strings.Repeat("\n", maxFileBytes)+testPEMs().private), "larger than 1 MiB"},
		"UTF-16LE":          {write("little.pem", little.String()), "UTF-16"},
		"UTF-16BE":          {write("big.pem", big.String()), "UTF-16"},
		"with a line break": {"key\n.pem", "the content of a file, not its path"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			src := completeEnv().sources(t)
			src.readFile = readFile
			s, diags := resolve(model{PrivateKeyPath: str(c.path)}, src)
			expect(t, diags, []string{c.path}, at("private_key_path", c.says, "WECHATPAY_PRIVATE_KEY_PATH"))
			if s.complete {
				t.Error("the client would be built")
			}
		})
	}
	t.Run("just not too large", func(t *testing.T) {
		t.Parallel()
		pem := testPEMs().private
		src := completeEnv().sources(t)
		src.readFile = readFile
		path := write("just.pem", strings.Repeat("\n", maxFileBytes-len(pem))+pem)
		if _, diags := resolve(model{PrivateKeyPath: str(path)}, src); len(diags) > 0 {
			t.Error(diags)
		}
	})
}
