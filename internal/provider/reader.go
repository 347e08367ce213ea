// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/big"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/journal"
)

// maxFileBytes is more than any key or certificate needs. The limit prevents that a device
// or a wrong file fills the memory.
const maxFileBytes = 1 << 20

// sources are where values come from, apart from the configuration.
type sources struct {
	// getenv reads an environment variable. When it is nil, only the configuration is
	// checked: no variable and no file is read, and absent values are not missing.
	getenv   func(name string) string
	readFile func(name string) ([]byte, error)
	// openJournal opens or creates a journal, as journal.Open does.
	openJournal func(path string, key *rsa.PrivateKey) (*journal.Journal, error)
	now         func() time.Time
}

// state says what is known about a value.
type state int

const (
	// absent: neither in the configuration nor in the environment.
	absent state = iota
	// pending: unknown while planning, or not looked up.
	pending
	// refused: given, but wrong; its diagnostic has been added.
	refused
	// given: known, and no check has failed so far.
	given
)

// input is one value before it is parsed.
type input struct {
	attribute       string
	text            string
	state           state
	fromEnvironment bool
}

// reader looks up values and collects the diagnostics, so that all mistakes in a provider
// block are reported together.
type reader struct {
	src   sources
	mode  merchantMode
	diags diag.Diagnostics
}

// variable is the name of an attribute's environment variable.
func variable(attribute string) string { return "WECHATPAY_" + strings.ToUpper(attribute) }

// static reports whether only the configuration is checked.
func (r *reader) static() bool { return r.src.getenv == nil }

// find looks up a value in the configuration, or else in the environment.
func (r *reader) find(attribute string, configured attr.Value) input {
	switch {
	case configured.IsUnknown():
		return input{attribute: attribute, state: pending}
	case !configured.IsNull():
		return r.checkText(input{attribute: attribute, text: cleanValue(textOf(configured)), state: given})
	case r.static():
		return input{attribute: attribute, state: pending}
	}
	if text := cleanValue(r.src.getenv(variable(attribute))); text != "" {
		return r.checkText(input{attribute: attribute, text: text, state: given, fromEnvironment: true})
	}
	return input{attribute: attribute, state: absent}
}

// findPair looks up a value that is given inline or as the path of a file. When one of the
// two is configured, neither environment variable is read.
func (r *reader) findPair(inline string, configuredInline, configuredPath types.String) input {
	filePath := inline + "_path"
	switch {
	case configuredInline.IsNull() && configuredPath.IsNull():
		return r.findPairInEnvironment(inline, filePath)
	case configuredPath.IsNull():
		return r.find(inline, configuredInline)
	case configuredInline.IsNull():
		return r.find(filePath, configuredPath)
	case configuredInline.IsUnknown() || configuredPath.IsUnknown():
		// One of the two may still be null.
		return input{attribute: inline, state: pending}
	}
	r.error(inline, "Conflicting "+inline+" and "+filePath, fmt.Sprintf(
		"Both %[1]s and %[2]s are set in the provider block. Keep one of them. "+
			"(The environment variables %[3]s and %[4]s are not read when one of them is set there.)",
		inline, filePath, variable(inline), variable(filePath)))
	return input{attribute: inline, state: refused}
}

func (r *reader) findPairInEnvironment(inline, filePath string) input {
	a, b := r.find(inline, types.StringNull()), r.find(filePath, types.StringNull())
	switch {
	case a.state == given && b.state == given:
		r.error(inline, "Conflicting "+variable(inline)+" and "+variable(filePath), fmt.Sprintf(
			"Both environment variables %s and %s are set. Unset one of them, or set %s or %s in the provider block, which wins over both.",
			variable(inline), variable(filePath), inline, filePath))
		return input{attribute: inline, state: refused}
	case b.state == given:
		return b
	default:
		return a
	}
}

// content returns the text of a pair's value: the value itself, or the content of the file.
func (r *reader) content(in input) input {
	if in.state != given || !strings.HasSuffix(in.attribute, "_path") {
		return in
	}
	inline := strings.TrimSuffix(in.attribute, "_path")
	if isContent(in.text) {
		return r.refuse(in, fmt.Sprintf(
			"The value is the content of a file, not its path. Set it as %s (environment variable %s) instead.", inline, variable(inline)))
	}
	if in = r.checkPath(in); in.state != given {
		return in
	}
	data, err := r.src.readFile(in.text)
	switch {
	case err != nil:
		// The path is not repeated: it may be a secret that was given by mistake.
		return r.refuse(in, fmt.Sprintf("The file cannot be read: %s. A relative path starts in the directory that Terraform runs in. "+
			"If the value is the content itself and not a path, set it as %s (environment variable %s).", fileErrorText(err), inline, variable(inline)))
	case len(data) == 0:
		return r.refuse(in, "The file is empty.")
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		return r.refuse(in, "The file is UTF-16 text, as Windows PowerShell writes with \">\". Save it as UTF-8 or ASCII.")
	}
	in.text = string(data)
	return in
}

// checkPath refuses what people take for a path. Files are not read without the environment,
// as in `terraform validate`.
func (r *reader) checkPath(in input) input {
	switch {
	case in.state != given:
	case strings.HasPrefix(in.text, "~"):
		return r.refuse(in, "Terraform does not replace \"~\" by the home directory. Give the whole path, or write pathexpand(\"~/…\") in the provider block.")
	case pathVariable.MatchString(in.text):
		return r.refuse(in, "The path has the name of a variable in it, which Terraform does not replace. Give the whole path, or write pathexpand(\"~/…\") in the provider block.")
	case strings.HasPrefix(in.text, "file:"):
		return r.refuse(in, "The value is a URL. Give the path of the file, without file://.")
	case r.static():
		in.state = pending
	}
	return in
}

// checkText refuses what no attribute can mean. (An empty environment variable counts as unset.)
func (r *reader) checkText(in input) input {
	switch {
	case in.text == "":
		return r.refuse(in, "The value is empty. Leave the attribute out to use the environment variable or the default.")
	case shellExpression.MatchString(in.text):
		return r.refuse(in, "The value is the name of a variable or a command, which the shell or the CI system did not replace by its content.")
	default:
		return in
	}
}

// refuse adds the diagnostic of a wrong value. The message says what would be right and
// never repeats the value.
func (r *reader) refuse(in input, message string) input {
	origin := fmt.Sprintf("The value is set in the provider block; without it the environment variable %s would be used.", variable(in.attribute))
	if in.fromEnvironment {
		origin = fmt.Sprintf("The value comes from the environment variable %s.", variable(in.attribute))
	}
	r.error(in.attribute, "Invalid "+in.attribute, message+"\n\n"+origin)
	in.state, in.text = refused, ""
	return in
}

// missing adds the diagnostic of a required value that is absent. The message says what to set.
func (r *reader) missing(attribute, message string) {
	r.error(attribute, "Missing "+attribute, message)
}

func (r *reader) error(attribute, summary, detail string) {
	r.diags.AddAttributeError(path.Root(attribute), summary, detail)
}

// optional parses a value that has a default. It returns the default for a value
// that is absent, pending or refused.
func optional[T any](r *reader, attribute string, configured attr.Value, fallback T, parse func(text string) (T, string)) (T, state) {
	in := r.find(attribute, configured)
	if in.state != given {
		return fallback, in.state
	}
	value, message := parse(in.text)
	if message != "" {
		return fallback, r.refuse(in, message).state
	}
	return value, given
}

// required parses a text that must be given. What describes the value to a person.
func required(r *reader, attribute string, configured attr.Value, what string, parse func(text string) (string, string)) (string, state) {
	value, st := optional(r, attribute, configured, "", parse)
	if st == absent && r.mode.isUnknown() {
		return "", pending
	}
	if st == absent {
		r.missing(attribute, fmt.Sprintf("Set %s in the provider block, or the environment variable %s, to %s.", attribute, variable(attribute), what))
		return "", refused
	}
	return value, st
}

// textOf returns a configured value as the text that an environment variable would have, so
// that one function parses both.
func textOf(v attr.Value) string {
	switch v := v.(type) {
	case types.String:
		return v.ValueString()
	case types.Number:
		return textOfNumber(v.ValueBigFloat())
	case types.Bool:
		return strconv.FormatBool(v.ValueBool())
	default:
		return ""
	}
}

// textOfNumber is exact, so that a number too large for a machine type fails its own check.
func textOfNumber(n *big.Float) string {
	if whole, accuracy := n.Int64(); accuracy == big.Exact {
		return strconv.FormatInt(whole, 10)
	}
	return n.Text('g', -1)
}

// isContent reports whether text, which should be a path, is the content of a file.
func isContent(text string) bool {
	if strings.ContainsFunc(text, unicode.IsControl) || pemBegin.MatchString(text) {
		return true
	}
	return len(readBase64(text)) > 0
}

// readFile reads a file of maxFileBytes or less.
func readFile(name string) ([]byte, error) {
	f, err := os.Open(name) //nolint:gosec // the user names the file
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFileBytes+1))
	if err == nil && len(data) > maxFileBytes {
		err = errFileTooLarge
	}
	return data, err
}

var errFileTooLarge = errors.New("it is larger than 1 MiB, and no key or certificate is that large")

// fileErrorText says why a file cannot be read, without its name.
func fileErrorText(err error) string {
	if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
		return pathErr.Err.Error()
	}
	return err.Error()
}
