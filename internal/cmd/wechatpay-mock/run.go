// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

// keptRequests limits the memory of a mock that runs for days.
const keptRequests = 1000

type settings struct {
	addr, keys, data, envFile, brandID, mode string
	rate                                     float64
	log, noImportByPhone, noPermission       bool
}

// The values of -mode, as WECHATPAY_MERCHANT_MODE has them.
const (
	modeServiceProvider = "service_provider"
	modeBrand           = "brand"
)

// run serves until ctx is done. When it is ready it says on stderr what to do, and
// prints the environment to stdout. Its log goes to stderr.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	set, err := parseFlags(args, stderr)
	if err != nil {
		return err
	}
	options, err := set.options(stderr)
	if err != nil {
		return err
	}
	if set.keys == "" {
		dir, err := os.MkdirTemp("", "wechatpay-mock-")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(dir) }() // Keys of a mock that is gone protect nothing.
		set.keys = dir
	}
	if set.keys, err = filepath.Abs(set.keys); err != nil {
		return err
	}
	if options.Keys, err = mockserver.LoadKeys(set.keys); err != nil {
		return err
	}
	server, err := mockserver.Start(options)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	environment := set.environment(server)
	if set.envFile != "" {
		if err := os.WriteFile(set.envFile, []byte(environment), 0o600); err != nil {
			return err
		}
	}
	// The environment comes last: a program that reads it may call at once, and the log
	// goes to stderr too.
	if _, err := io.WriteString(stderr, set.welcome(server)); err != nil {
		return err
	}
	if _, err := io.WriteString(stdout, environment); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

func parseFlags(args []string, stderr io.Writer) (settings, error) {
	var set settings
	flags := flag.NewFlagSet("wechatpay-mock", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&set.addr, "addr", "127.0.0.1:0", "loopback `address` to listen on; port 0 means any free one")
	flags.StringVar(&set.keys, "keys", "", "`directory` of the keys, made there on the first run; without it they are deleted at the end")
	flags.StringVar(&set.data, "data", "", "JSON `file` with templates, unbound_phone_numbers and cards")
	flags.StringVar(&set.envFile, "env-file", "", "`file` to write the environment to as well")
	flags.StringVar(&set.brandID, "brand", "", "brand `id`; by default the first template's, or "+mockserver.DefaultBrandID)
	flags.StringVar(&set.mode, "mode", modeServiceProvider, "`caller` to print the environment for: "+modeServiceProvider+" or "+modeBrand+"; both can call")
	flags.Float64Var(&set.rate, "rate", 0, "requests accepted in any second; WeChat Pay's limit is 5; 0 means no limit")
	flags.BoolVar(&set.noImportByPhone, "no-import-by-phone", false, "answer that import by phone number is not open")
	flags.BoolVar(&set.noPermission, "no-permission", false, "answer that the merchant has no permission for member cards")
	flags.BoolVar(&set.log, "log", false, "log a line for each request to stderr")
	if err := flags.Parse(args); err != nil {
		return set, err
	}
	if flags.NArg() > 0 {
		return set, fmt.Errorf("%q is not expected: flags only", flags.Arg(0))
	}
	if set.mode != modeServiceProvider && set.mode != modeBrand {
		return set, fmt.Errorf("-mode %q: it is %s or %s", set.mode, modeServiceProvider, modeBrand)
	}
	return set, nil
}

func (set *settings) options(stderr io.Writer) (mockserver.Options, error) {
	options := mockserver.Options{Addr: set.addr, RequestsPerSecond: set.rate, KeepRequests: keptRequests,
		ImportByPhoneNotOpen: set.noImportByPhone, NoPermission: set.noPermission}
	if set.log {
		options.Log = stderr
	}
	if set.data != "" {
		file, err := os.Open(set.data)
		if err != nil {
			return options, err
		}
		defer func() { _ = file.Close() }() // It was only read.
		data, err := mockserver.ReadData(file)
		if err != nil {
			return options, fmt.Errorf("%s: %w", set.data, err)
		}
		options.AppID, options.Templates = data.AppID, data.Templates
		options.UnboundPhones, options.Cards = data.UnboundPhones, data.Cards
	}
	if set.brandID == "" && len(options.Templates) > 0 {
		set.brandID = options.Templates[0].BrandID
	}
	if set.brandID == "" {
		set.brandID = mockserver.DefaultBrandID
	}
	options.BrandID = set.brandID
	return options, nil
}

// variables are the environment variables that the provider reads, with their
// values.
func (set *settings) variables(server *mockserver.Server) [][2]string {
	common := [][2]string{{"WECHATPAY_ENDPOINT", server.URL()}, {"WECHATPAY_BRAND_ID", set.brandID}}
	if set.mode == modeBrand {
		credentials := server.BrandCredentials()
		return append([][2]string{
			{"WECHATPAY_MERCHANT_MODE", modeBrand},
			{"WECHATPAY_CERTIFICATE_SERIAL_NO", credentials.CertificateSerialNo},
			{"WECHATPAY_PRIVATE_KEY_PATH", filepath.Join(set.keys, mockserver.BrandKeyFile)},
			{"WECHATPAY_PUBLIC_KEY_ID", credentials.PublicKeyID},
			{"WECHATPAY_PUBLIC_KEY_PATH", filepath.Join(set.keys, mockserver.BrandPublicKeyFile)},
		}, common...)
	}
	credentials := server.Credentials()
	return append([][2]string{
		{"WECHATPAY_MERCHANT_MODE", modeServiceProvider},
		{"WECHATPAY_MCHID", credentials.MchID},
		{"WECHATPAY_CERTIFICATE_SERIAL_NO", credentials.CertificateSerialNo},
		{"WECHATPAY_PRIVATE_KEY_PATH", filepath.Join(set.keys, mockserver.MerchantKeyFile)},
		{"WECHATPAY_PUBLIC_KEY_ID", credentials.PublicKeyID},
		{"WECHATPAY_PUBLIC_KEY_PATH", filepath.Join(set.keys, mockserver.PublicKeyFile)},
	}, common...)
}

// welcome says that the mock listens, what to do next, and how to stop it.
func (set *settings) welcome(server *mockserver.Server) string {
	next := "Set these variables in another terminal, and run terraform there."
	if set.envFile != "" {
		next = "In another terminal run: source " + shellQuote(set.envFile) + "\nThen run terraform there."
	}
	return fmt.Sprintf(`A mock of WeChat Pay listens on %s. Nothing here is real.
It runs until you press Ctrl-C.
What it has received, how to change it and how to make it fail: %s
%s

`, server.URL(), server.AdminURL(), next)
}

// environment is text for a shell: the variables, and comments.
func (set *settings) environment(server *mockserver.Server) string {
	var b strings.Builder
	for _, variable := range set.variables(server) {
		fmt.Fprintf(&b, "export %s=%s\n", variable[0], shellQuote(variable[1]))
	}
	fmt.Fprintf(&b, "# administration: %s\n", server.AdminURL())
	for _, t := range server.Templates() {
		fmt.Fprintf(&b, "# template %s of brand %s: %s %s\n", oneLine(t.CardID), oneLine(t.BrandID), t.ValidDate.Type, t.State)
	}
	return b.String()
}

func shellQuote(text string) string {
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// oneLine removes line ends from a value, so that it stays within its comment.
func oneLine(text string) string {
	return strings.Join(strings.Fields(text), " ")
}
