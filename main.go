// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Terraform-provider-wechatpay keeps the members of WeChat Pay brands.
// Terraform starts it; run by hand it says so and ends.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"runtime/debug"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/provider"
)

// version is set when a release is linked: -ldflags "-X main.version=1.2.3".
var version = "dev"

// garbagePercent is GOGC where the environment sets none. A provider keeps little and allocates much, for
// each of thousands of members: collected this rarely, a plan of a thousand members takes a seventh less time.
const garbagePercent = 400

// memoryLimit is GOMEMLIMIT where the environment sets none: from there on garbage is collected as often
// as needed. Without it a roster of 50,000 rows takes twice the memory.
const memoryLimit = 200 << 20

func main() {
	debugger := flag.Bool("debug", false, "serve for a debugger such as delve: print what to export, and stay until interrupted")
	flag.Parse()

	prepare()
	if !*debugger {
		turnOffUnwantedLogs()
	}
	err := providerserver.Serve(context.Background(), provider.New(buildVersion()), providerserver.ServeOpts{
		Address: provider.Address,
		Debug:   *debugger,
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// prepare sets what the whole process shares.
func prepare() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbagePercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	// net/http prints bytes of an answer that it did not expect to the standard logger, and in an
	// answer there may be a phone number. What this provider logs does not go through it.
	log.SetOutput(io.Discard)
}

// turnOffUnwantedLogs keeps the framework from building TRACE lines that Terraform throws away,
// because nobody set TF_LOG: they take a fifth of the time of a plan of 500 members. Terraform
// hands its environment to a provider. In a debugger's process it does not, so that logs stay on there.
func turnOffUnwantedLogs() {
	for _, entry := range os.Environ() {
		name, value, _ := strings.Cut(entry, "=")
		if value != "" && (name == "TF_LOG" || strings.HasPrefix(name, "TF_LOG_PROVIDER") || strings.HasPrefix(name, "TF_LOG_SDK")) {
			return
		}
	}
	for _, name := range []string{"TF_LOG_SDK", "TF_LOG_SDK_PROTO", "TF_LOG_SDK_FRAMEWORK", "TF_LOG_PROVIDER_" + strings.ToUpper(provider.TypeName)} {
		// Without it the lines are built as before.
		_ = os.Setenv(name, "OFF")
	}
}

// buildVersion is the linked version or, where there is none because `go install` built
// this, the module's.
func buildVersion() string {
	if version != "dev" {
		return version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" || info.Main.Version == "(devel)" {
		return version
	}
	return strings.TrimPrefix(info.Main.Version, "v")
}
