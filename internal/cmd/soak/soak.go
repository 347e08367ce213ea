// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"strconv"
	"sync"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/sandbox"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/terraformcli"
)

const (
	// maxApplies is how often Terraform may be run on a root module until nothing is left.
	maxApplies = 15
	// defaultPerModule is how many members one root module has.
	defaultPerModule = 100
	// parallelism is how many members Terraform works on at a time in each root module.
	parallelism = "50"
)

// soak is one run.
type soak struct {
	members, perModule int
	by                 string
	rate               float64
	seed               uint64
	kills              int
	backend            string
	output             io.Writer

	sandbox *sandbox.Sandbox
	modules []*module
	search  *search

	mu      sync.Mutex
	applies int
	failed  int
	killed  int
	broken  int // states that a kill left unreadable
}

func (s *soak) run(ctx context.Context) (err error) {
	fmt.Fprintf(s.output, "%d members by %s, %.0f%% of requests fail, %d kills, %s state, seed %d\n",
		s.members, s.by, 100*s.rate, s.kills, s.backend, s.seed)
	if s.sandbox, err = sandbox.Start(ctx, mockserver.Options{}); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.sandbox.Close()) }()
	s.search = newSearch(s.sandbox.Mock.Credentials().PrivateKeyPEM)
	states, err := startStateServer()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, states.Close()) }()
	chance := rand.New(rand.NewPCG(s.seed, 1)) //nolint:gosec // repeatable randomness, not a secret
	roster := newRoster(s.members, s.by, s.sandbox.Mock.OpenID)
	for from := 0; from < len(roster); from += s.perModule {
		number, address := len(s.modules), ""
		if s.backend == backendHTTP || s.backend == backendBoth && number%2 == 1 {
			address = states.address(number)
		}
		m, err := newModule(s.sandbox, roster[from:min(from+s.perModule, len(roster))], address)
		if err != nil {
			return err
		}
		if number < s.kills {
			m.killAfter = 1 + chance.IntN(max(1, len(m.roster)*4/5))
			// As fast as WeChat Pay allows, so that no more calls are on their way than for people.
			m.workspace.Setenv("WECHATPAY_REQUESTS_PER_SECOND", strconv.Itoa(sandbox.DocumentedRate))
			m.killDelay = time.Duration(chance.Int64N(int64(time.Second / sandbox.DocumentedRate)))
		}
		s.modules = append(s.modules, m)
	}

	began := time.Now()
	inject(s.sandbox.Mock, s.rate, s.seed)
	if err := s.inEveryModule(ctx, s.applyUntilDone); err != nil {
		return err
	}
	s.progress("every member is imported", began)
	first, err := s.compare(ctx)
	if err != nil {
		return err
	}
	// Members whose answer was lost: WeChat Pay's notifications and the merchant's own records
	// know their openid, and with it Terraform reads and verifies them.
	if err := s.inEveryModule(ctx, s.verify); err != nil {
		return err
	}
	s.progress("unverified members are verified", began)
	s.sandbox.Mock.ClearFaults()
	requests, faulted := len(s.sandbox.Mock.Requests()), s.faulted()
	if err := s.inEveryModule(ctx, s.nothingLeft); err != nil {
		return err
	}
	second, err := s.compare(ctx)
	if err != nil {
		return err
	}
	s.progress("nothing is left to do", began)
	fmt.Fprintf(s.output, "%.1f%% of the requests failed\n", 100*float64(faulted)/float64(requests))
	return s.report(first, second, time.Since(began))
}

// inEveryModule calls do for every root module, a few at a time.
func (s *soak) inEveryModule(ctx context.Context, do func(context.Context, *module) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var (
		wg    sync.WaitGroup
		slots = make(chan struct{}, max(2, runtime.NumCPU()/2))
		errs  = make([]error, len(s.modules))
	)
	for i, m := range s.modules {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			if ctx.Err() == nil {
				if errs[i] = do(ctx, m); errs[i] != nil {
					cancel()
				}
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// applyUntilDone applies until Terraform has nothing to complain of.
func (s *soak) applyUntilDone(ctx context.Context, m *module) error {
	if m.fresh {
		if _, err := m.workspace.Init(ctx); err != nil {
			return err
		}
		m.fresh = false
	}
	for range maxApplies {
		if m.killAfter > 0 {
			if err := s.kill(ctx, m); err != nil {
				return err
			}
		}
		result, err := m.workspace.Apply(ctx, "-parallelism="+parallelism)
		if readErr := s.search.add(result); readErr != nil {
			return readErr
		}
		if _, failed := errors.AsType[*terraformcli.ExitError](err); err != nil && (!failed || ctx.Err() != nil) {
			return err
		}
		s.mu.Lock()
		s.applies++
		if err != nil {
			s.failed++
		}
		s.mu.Unlock()
		if err == nil {
			return nil
		}
	}
	return fmt.Errorf("a root module is not done after %d applies", maxApplies)
}

// verify gives the members without an openid theirs, and applies.
func (s *soak) verify(ctx context.Context, m *module) error {
	known, err := m.setOpenIDs(ctx, s.sandbox.Mock)
	if err != nil || known == 0 {
		return err
	}
	return s.applyUntilDone(ctx, m)
}

func (s *soak) nothingLeft(ctx context.Context, m *module) error {
	changes, result, err := m.workspace.Plan(ctx, "-parallelism="+parallelism)
	if readErr := s.search.add(result); readErr != nil {
		return readErr
	}
	if err != nil {
		return err
	}
	if changes {
		return errors.New("something is left to do:\n" + result.Stdout)
	}
	return nil
}

func (s *soak) progress(what string, began time.Time) {
	fmt.Fprintf(s.output, "%6.1f s  %s: %d applies (%d of them failed), %d requests, %d of them hit by a fault\n",
		time.Since(began).Seconds(), what, s.applies, s.failed, len(s.sandbox.Mock.Requests()), s.faulted())
}

func (s *soak) faulted() (n int) {
	for _, r := range s.sandbox.Mock.Requests() {
		if r.Fault != "" {
			n++
		}
	}
	return n
}

// report prints the result. It returns an error unless state and WeChat Pay agree.
func (s *soak) report(first, second *comparison, took time.Duration) error {
	requests := s.sandbox.Mock.Requests()
	s.search.ciphertexts(requests)
	leaked, searched, err := s.search.result()
	if err != nil {
		return err
	}
	forgotten := ""
	if s.kills > 0 && s.rate == 0 { // a fault may lose an openid before a kill can
		forgotten = fmt.Sprintf("; %d openids that Terraform knew before are lost", first.forgotten)
	}
	fmt.Fprintf(s.output, `
lost          %d
duplicated    %d
different     %d
leaked        %d (searched %.1f MiB of output and TRACE logs)
unverified    %d adopted without an openid, because their answer was lost or on its way when the provider was killed; %d after their openid was set
killed        %d applies, which left %d unreadable states%s
time          %.1f s
requests      %d for %d members
`, second.lost, second.duplicated, second.different, leaked, float64(searched)/(1<<20),
		first.unverified, second.unverified, s.killed, s.broken, forgotten, took.Seconds(), len(requests), s.members)
	// Without faults each openid was in an answer that the provider has read, and is in its journal
	// unless the kill came in between. With an openid in the roster none can be lost.
	if s.killed < s.kills {
		return fmt.Errorf("only %d of %d applies were killed before they ended", s.killed, s.kills)
	}
	if s.rate == 0 && first.forgotten > 0 || s.by == byOpenID && first.unverified > 0 {
		return errors.New("openids were lost: repeat it with the same -seed")
	}
	if first.lost+first.duplicated+second.lost+second.duplicated+second.different+second.unverified+leaked > 0 {
		return errors.New("state and WeChat Pay do not agree, or something leaked: repeat it with the same -seed")
	}
	fmt.Fprintln(s.output, "state and WeChat Pay agree about every member")
	return nil
}
