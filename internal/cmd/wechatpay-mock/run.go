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

// keptRequests bounds what a mock that runs for days remembers.
const keptRequests = 1000

type settings struct {
	addr, keys, data, envFile, brandID string
	rate                               float64
	log                                bool
}

// run serves until ctx is done. It prints the environment to stdout when it is
// ready, and its log to stderr.
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
		defer func() { _ = os.RemoveAll(dir) }() // Nothing more to be done about it.
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
	flags.StringVar(&set.addr, "addr", "127.0.0.1:0", "loopback `address` to listen on; port 0: any free one")
	flags.StringVar(&set.keys, "keys", "", "`directory` of the keys, made there on the first run; without it they last as long as the program")
	flags.StringVar(&set.data, "data", "", "JSON `file` with templates, unbound_phone_numbers and cards")
	flags.StringVar(&set.envFile, "env-file", "", "`file` to write the environment to as well")
	flags.StringVar(&set.brandID, "brand", "", "brand `id`; by default the first template's, or "+mockserver.DefaultBrandID)
	flags.Float64Var(&set.rate, "rate", 0, "requests accepted in any second, as WeChat Pay holds 5; 0: no limit")
	flags.BoolVar(&set.log, "log", false, "log a line a request to stderr")
	if err := flags.Parse(args); err != nil {
		return set, err
	}
	if flags.NArg() > 0 {
		return set, fmt.Errorf("%q is not expected: flags only", flags.Arg(0))
	}
	return set, nil
}

func (set *settings) options(stderr io.Writer) (mockserver.Options, error) {
	options := mockserver.Options{Addr: set.addr, RequestsPerSecond: set.rate, KeepRequests: keptRequests}
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

// environment is shell text: what the provider reads, and comments.
func (set *settings) environment(server *mockserver.Server) string {
	credentials := server.Credentials()
	var b strings.Builder
	for _, variable := range [][2]string{
		{"WECHATPAY_MCHID", credentials.MchID},
		{"WECHATPAY_CERTIFICATE_SERIAL_NO", credentials.CertificateSerialNo},
		{"WECHATPAY_PRIVATE_KEY_PATH", filepath.Join(set.keys, mockserver.MerchantKeyFile)},
		{"WECHATPAY_PUBLIC_KEY_ID", credentials.PublicKeyID},
		{"WECHATPAY_PUBLIC_KEY_PATH", filepath.Join(set.keys, mockserver.PublicKeyFile)},
		{"WECHATPAY_ENDPOINT", server.URL()},
		{"WECHATPAY_BRAND_ID", set.brandID},
	} {
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

// oneLine keeps a value in the comment that it stands in.
func oneLine(text string) string {
	return strings.Join(strings.Fields(text), " ")
}
