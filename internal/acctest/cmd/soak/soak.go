// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest/terraformcli"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest/trial"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
)

// mostApplies is how often Terraform may be run until the roster is in: with its retries the
// provider should seldom need a second.
const mostApplies = 10

const firstPhone = 13900000000

const configuration = `terraform {
  required_providers {
    wechatpay = {
      source = "wechatpay-iac/wechatpay"
    }
  }
}

provider "wechatpay" {}

resource "wechatpay_member_card_import" "member" {
  count = %d

  card_id        = %q
  user_card_code = "VIP-${count.index}"
  phone_number   = tostring(%d + count.index)
  level          = "金卡会员"

  valid_date_information = {
    type = "PERMANENT"
  }
}
`

// soak is one run.
type soak struct {
	members int
	faults  float64
	seed    uint64
	output  io.Writer

	trial     *trial.Trial
	workspace *terraformcli.Workspace
	printed   []string
}

func (s *soak) run(ctx context.Context) (err error) {
	fmt.Fprintf(s.output, "%d members, %.0f%% of requests go wrong, seed %d\n", s.members, 100*s.faults, s.seed)
	if s.trial, err = trial.Start(ctx, mockserver.Options{}); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.trial.Close()) }()
	if s.workspace, err = s.trial.Workspace("soak"); err != nil {
		return err
	}
	s.workspace.Setenv("WECHATPAY_REQUESTS_PER_SECOND", "1000")
	s.workspace.Setenv("WECHATPAY_REQUEST_TIMEOUT", "5s")
	if err := s.workspace.WriteFile("main.tf", fmt.Sprintf(configuration, s.members, mockserver.TemplatePermanent, firstPhone)); err != nil {
		return err
	}
	if _, err := s.workspace.Init(ctx); err != nil {
		return err
	}
	s.workspace.Trace(true)
	s.injectFaults()
	if err := s.applyUntilDone(ctx); err != nil {
		return err
	}
	s.trial.Mock.ClearFaults()
	return s.check(ctx)
}

// injectFaults shares the probability out among the ways to fail.
func (s *soak) injectFaults() {
	kinds := []mockserver.Fault{
		{Kind: mockserver.FaultStatus, Status: http.StatusInternalServerError, Code: "SYSTEM_ERROR"},
		{Kind: mockserver.FaultStatus, Status: http.StatusBadGateway, Body: []byte("<html>502</html>")},
		{Kind: mockserver.FaultStatus, Status: http.StatusTooManyRequests, Code: mockserver.FrequencyLimited},
		{Kind: mockserver.FaultAccepted},
		{Kind: mockserver.FaultCutConnection},
		{Kind: mockserver.FaultBadSignature},
		{Kind: mockserver.FaultProbeSignature},
		{Kind: mockserver.FaultTruncated},
		{Kind: mockserver.FaultMalformedJSON},
		{Kind: mockserver.FaultStatus, Status: http.StatusServiceUnavailable, AfterWork: true},
		{Kind: mockserver.FaultCutConnection, AfterWork: true},
		{Kind: mockserver.FaultBadSignature, AfterWork: true},
		{Kind: mockserver.FaultProbeSignature, AfterWork: true},
		{Kind: mockserver.FaultTruncated, AfterWork: true},
	}
	for i, fault := range kinds {
		fault.Count = -1
		fault.Probability = s.faults / float64(len(kinds))
		fault.Seed = s.seed + uint64(i)
		s.trial.Mock.Inject(fault)
	}
}

func (s *soak) applyUntilDone(ctx context.Context) error {
	for i := range mostApplies {
		started := time.Now()
		result, err := s.workspace.Apply(ctx)
		if keepErr := s.keep(result); keepErr != nil {
			return keepErr
		}
		if _, failed := errors.AsType[*terraformcli.ExitError](err); err != nil && (!failed || ctx.Err() != nil) {
			return err
		}
		fmt.Fprintf(s.output, "apply %d: exit code %d after %.1fs, %d cards, %d requests so far\n",
			i+1, result.ExitCode, time.Since(started).Seconds(), len(s.trial.Mock.Cards()), len(s.trial.Mock.Requests()))
		if err == nil {
			return nil
		}
	}
	return fmt.Errorf("the roster is not in after %d applies", mostApplies)
}

// keep keeps what a command printed and logged.
func (s *soak) keep(result *terraformcli.Result) error {
	log, err := os.ReadFile(result.TracePath)
	s.printed = append(s.printed, result.Stdout, result.Stderr, string(log))
	return err
}

// check compares what is in the end with what should be.
func (s *soak) check(ctx context.Context) error {
	changes, result, err := s.workspace.Plan(ctx)
	if err != nil {
		return err
	}
	if err := s.keep(result); err != nil {
		return err
	}
	var errs []error
	if changes {
		errs = append(errs, errors.New("something is left to do:\n"+result.Stdout))
	}
	errs = append(errs, s.checkCards()...)
	adopted, err := s.checkState(ctx)
	errs = append(errs, err, s.checkOutput())
	if err := errors.Join(errs...); err != nil {
		return err
	}
	fmt.Fprintf(s.output, "every member has one card, with the right phone number; %d were taken over after their answer got lost\n", adopted)
	return nil
}

func (s *soak) checkCards() (errs []error) {
	held := map[string]mockserver.Card{}
	for _, card := range s.trial.Mock.Cards() {
		held[card.UserCardCode] = card
	}
	if len(held) != s.members {
		errs = append(errs, fmt.Errorf("WeChat Pay holds %d cards of %d", len(held), s.members))
	}
	for i := range s.members {
		code := "VIP-" + strconv.Itoa(i)
		if held[code].PhoneNumber != strconv.Itoa(firstPhone+i) {
			errs = append(errs, fmt.Errorf("%s has not the phone number of the roster", code))
		}
	}
	return errs
}

func (s *soak) checkState(ctx context.Context) (adopted int, _ error) {
	s.workspace.Trace(false)
	state, err := s.workspace.State(ctx)
	if err != nil {
		return 0, err
	}
	if state.Values == nil || len(state.Values.RootModule.Resources) != s.members {
		return 0, errors.New("not every member is in the state")
	}
	for _, r := range state.Values.RootModule.Resources {
		if r.AttributeValues["adopted"] == true {
			adopted++
		}
	}
	return adopted, nil
}

func (s *soak) checkOutput() error {
	secrets := map[string]string{"the private key": s.trial.Mock.Credentials().PrivateKeyPEM}
	for i := range s.members {
		secrets["a phone number"+strconv.Itoa(i)] = strconv.Itoa(firstPhone + i)
	}
	for _, text := range s.printed {
		if found := trial.Leaks(text, secrets); len(found) > 0 {
			return fmt.Errorf("%d secrets were printed or logged", len(found))
		}
	}
	return nil
}
