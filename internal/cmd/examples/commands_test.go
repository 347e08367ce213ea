// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/sandbox"
)

// These tests find every command on every page: in blocks of any shell, in tables and in sentences. Each is
// run, or notRun says why it is not.

var (
	shellFence = regexp.MustCompile("(?ms)^[ \t]*```(console|powershell|bat|shell|bash|sh)\n(.*?)^[ \t]*```$")
	anyFence   = regexp.MustCompile("(?ms)^[ \t]*```.*?^[ \t]*```$")
	codeSpan   = regexp.MustCompile("`([^`]+)`")
	variables  = regexp.MustCompile(`^([A-Z_]+=\S* )+`)
	// aCommand is a program with arguments, perhaps behind variables.
	aCommand = regexp.MustCompile(`^([A-Z_]+=\S* )*(terraform|tofu|make|go|openssl|git|gh|gpg|curl|rm|cp|source|export|set|vault|docker|sha256sum|bash|jq|sed|cd|\./\S+) \S`)
)

// placeholders are what sentences write for the value of an argument.
var placeholders = strings.NewReplacer("DIR=folder", "DIR=/srv/terraform/mirror", "DIR=目录", "DIR=/srv/terraform/mirror",
	"push FILE", "push errored.tfstate", "push 文件名", "push errored.tfstate")

// pageCommand is a command on a page: its text, and whether it stands in a block that TestTheCommandsOfEveryPageRun runs.
type pageCommand struct {
	text  string
	isRun bool
}

// everyCommand are the commands of a page.
func everyCommand(page string) []pageCommand {
	var commands []pageCommand
	for _, fence := range shellFence.FindAllStringSubmatch(page, -1) {
		for _, command := range commandsOf(fence[2]) {
			commands = append(commands, pageCommand{command, fence[1] == "console" && notRunReason(command) == ""})
		}
	}
	for _, span := range codeSpan.FindAllStringSubmatch(anyFence.ReplaceAllString(page, ""), -1) {
		if text := strings.Join(strings.Fields(span[1]), " "); aCommand.MatchString(text) {
			commands = append(commands, pageCommand{text: text})
		}
	}
	return commands
}

func TestEveryCommandOfThePagesIsRunOrListed(t *testing.T) {
	t.Parallel()
	root, err := sandbox.ModuleFile(t.Context(), ".")
	if err != nil {
		t.Fatal(err)
	}
	all := pages(t, root)
	var run []string
	for _, page := range all {
		for _, command := range everyCommand(page) {
			if command.isRun {
				run = append(run, command.text)
			}
		}
	}
	for _, s := range sessions {
		run = append(run, strings.Split(s.before+"\n"+s.after, "\n")...)
	}
	for i := range run {
		run[i] = variables.ReplaceAllString(run[i], "")
	}
	listed := map[string]bool{}
	for name, page := range all {
		for _, command := range everyCommand(page) {
			text := variables.ReplaceAllString(placeholders.Replace(command.text), "")
			// A sentence may name the beginning of a command that is run.
			if command.isRun || slices.ContainsFunc(run, func(r string) bool { return r == text || strings.HasPrefix(r, text+" ") }) {
				continue
			}
			found := false
			for beginning := range notRun {
				if strings.HasPrefix(text, beginning) {
					listed[beginning], found = true, true
				}
			}
			if !found {
				t.Errorf("%s: no test runs %q, and notRun does not say why", name, command.text)
			}
		}
	}
	for beginning, why := range notRun {
		if !listed[beginning] {
			t.Errorf("no page has a command %q that is not run any more, of which notRun says: %s", beginning, why)
		}
	}
}

// The commands for files that are no PEM key make one of them.
func TestTheOpenSSLCommandsOfThePagesMakeAKey(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("openssl"); err != nil {
		t.Skip("there is no openssl command on PATH")
	}
	root, err := sandbox.ModuleFile(t.Context(), ".")
	if err != nil {
		t.Fatal(err)
	}
	all := pages(t, root)
	for _, name := range []string{"docs/guides/credentials-and-keys.md", "docs/guides/credentials-and-keys-zh.md"} {
		commands := 0
		for _, command := range everyCommand(all[name]) {
			if !strings.HasPrefix(command.text, "openssl ") {
				continue
			}
			commands++
			t.Run(name+" "+command.text, func(t *testing.T) { runOpenSSL(t, command.text) })
		}
		if commands < 4 {
			t.Errorf("%s has only %d commands of openssl", name, commands)
		}
	}
}

// runOpenSSL runs a command in a folder that has the file it is for.
func runOpenSSL(t *testing.T, text string) {
	t.Helper()
	keys := acctest.Keys(t)
	dir := t.TempDir()
	openssl := func(args ...string) string {
		t.Helper()
		command := exec.CommandContext(t.Context(), "openssl", args...)
		command.Dir = dir
		var stderr bytes.Buffer
		command.Stderr = &stderr
		output, err := command.Output()
		if err != nil {
			t.Fatalf("openssl %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
		}
		return string(output)
	}
	der, err := x509.MarshalPKCS8PrivateKey(keys.MerchantKey)
	if err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string][]byte{
		"der":                der,
		"key":                pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}),
		"apiclient_cert.pem": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: keys.MerchantCertificate.Raw}),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	args := strings.Fields(text)[1:]
	var file string
	switch {
	case slices.Contains(args, "x509"):
		if got, want := strings.TrimSpace(openssl(args...)), "serial="+mockserver.SerialNumber(keys.MerchantCertificate); got != want {
			t.Errorf("it prints %q, want %q", got, want)
		}
		return
	case slices.Contains(args, "pkcs12"):
		openssl("pkcs12", "-export", "-inkey", "key", "-in", "apiclient_cert.pem", "-out", "apiclient_cert.p12", "-passout", "pass:1900000109")
		args = append(args, "-passin", "pass:1900000109")
	case slices.Contains(args, "DER"):
		file = "der"
	default: // the key has a passphrase
		openssl("pkcs8", "-topk8", "-in", "key", "-out", "encrypted", "-passout", "pass:passphrase")
		file, args = "encrypted", append(args, "-passin", "pass:passphrase")
	}
	for i := range args {
		if args[i] == "FILE" {
			args[i] = file
		}
	}
	openssl(args...)
	made, err := os.ReadFile(filepath.Join(dir, "apiclient_key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(made)
	if block == nil {
		t.Fatal("it makes no PEM file")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	if made, ok := key.(*rsa.PrivateKey); !ok || !made.Equal(keys.MerchantKey) {
		t.Error("it makes another key")
	}
}
