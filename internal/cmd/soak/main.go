// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Soak applies a large roster by a real Terraform while WeChat Pay fails in every way that it
// may, before and after the work, at random but repeatably: the seed is printed. Terraform and
// the provider may be killed on the way, with a local state or with one that a server keeps.
// However often Terraform has to be run, in the end the state and WeChat Pay agree about every
// member, there is one card for each, and nothing personal was printed or logged. Its exit code
// is 0 only when all of that holds.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/cmd/cmdmain"
)

func main() { cmdmain.Run(run) }

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("soak", flag.ContinueOnError)
	flags.SetOutput(stderr)
	members := flags.Int("members", 2000, "how many members")
	rate := flags.Float64("fault-rate", 0.1, "the probability that a request fails, from 0 to 1")
	seed := flags.Uint64("seed", 0, "seed of the random numbers; 0: a new one")
	by := flags.String("by", byPhone, "how members are imported: "+byPhone+", "+byOpenID+" or "+byBoth+" (every second has an openid)")
	perModule := flags.Int("per-module", defaultPerModule, "how many members one root module has; what Terraform does for a for_each grows with the square of it")
	kills := flags.Int("kills", 0, "how many applies to kill at a random point, one for each root module at most")
	backend := flags.String("backend", backendLocal, "where states are: "+backendLocal+", "+backendHTTP+" (Terraform writes it every 20 s) or "+backendBoth+" by turns")
	if err := flags.Parse(args); err != nil {
		return err
	}
	switch {
	case flags.NArg() > 0:
		return fmt.Errorf("unknown argument %q", flags.Arg(0))
	case *members < 1 || *members > maxMembers || *perModule < 1:
		return fmt.Errorf("-members is from 1 to %d, and -per-module at least 1", maxMembers)
	case *rate < 0 || *rate > 1:
		return errors.New("-fault-rate is from 0 to 1")
	case !slices.Contains([]string{byPhone, byOpenID, byBoth}, *by):
		return fmt.Errorf("-by is %s, %s or %s", byPhone, byOpenID, byBoth)
	case !slices.Contains([]string{backendLocal, backendHTTP, backendBoth}, *backend):
		return fmt.Errorf("-backend is %s, %s or %s", backendLocal, backendHTTP, backendBoth)
	case *kills < 0 || *kills > (*members+*perModule-1) / *perModule:
		return errors.New("-kills is at most the number of root modules: -members divided by -per-module")
	}
	if *seed == 0 {
		*seed = rand.Uint64() //nolint:gosec // repeatable randomness, not a secret
	}
	s := &soak{
		members: *members, perModule: *perModule, by: *by, rate: *rate, seed: *seed,
		kills: *kills, backend: *backend, output: stdout,
	}
	return s.run(ctx)
}
