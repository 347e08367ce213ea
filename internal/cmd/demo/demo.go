// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/sandbox"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/terraformcli"
)

// documentedRate is what WeChat Pay allows one merchant number, in requests per second.
const documentedRate = 5

// demo is one run.
type demo struct {
	*screen
	sandbox   *sandbox.Sandbox
	workspace *terraformcli.Workspace
	roster    []member
	printed   []string // what Terraform printed and logged, to be searched for secrets
	began     time.Time
	built     time.Time
}

// run prints every step to output. It returns an error if a command fails or a check does not hold.
func run(ctx context.Context, output io.Writer, colored bool) (err error) {
	d := &demo{screen: newScreen(output, colored), began: time.Now()}
	folder, err := sandbox.ModuleFile(ctx, filepath.Join("examples", "roster"))
	if err != nil {
		return err
	}
	if d.roster, err = readRoster(filepath.Join(folder, "members.csv")); err != nil {
		return err
	}

	d.heading("A mock of WeChat Pay, and a build of the provider",
		"The mock has new keys, checks every signature, decrypts what it is sent with its own",
		"implementation, and refuses a sixth request within a second, as WeChat Pay does.",
		"Building the provider may take a minute the first time ...")
	d.sandbox, err = sandbox.Start(ctx, mockserver.Options{RequestsPerSecond: documentedRate})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.sandbox.Close()) }()
	if d.workspace, err = d.sandbox.Workspace("demo"); err != nil {
		return err
	}
	d.built = time.Now()
	if err := d.workspace.CopyFrom(os.DirFS(folder)); err != nil {
		return err
	}
	d.workspace.Trace(true)
	d.line("WeChat Pay mock   %s", d.sandbox.Mock.URL())
	d.line("roster            examples/roster/members.csv, %d members", len(d.roster))
	d.line("provider          built in %.0f s, in a filesystem mirror of its own", d.built.Sub(d.began).Seconds())

	for _, step := range []func(context.Context) error{
		d.initialise, d.plan, d.apply, d.compare, d.planAgain, d.destroy, d.searchForSecrets,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return d.conclude()
}

func (d *demo) initialise(ctx context.Context) error {
	d.heading("terraform init", "Terraform finds the provider in the mirror, as it would in the Registry.")
	result, err := d.workspace.Init(ctx)
	return d.show(result, err, firstParagraphs)
}

func (d *demo) plan(ctx context.Context) error {
	d.heading("terraform plan", "What a reviewer sees: who is added, and nobody's phone number.")
	changes, result, err := d.workspace.Plan(ctx, "-out=tfplan")
	if err := d.show(result, err, abridge); err != nil {
		return err
	}
	d.check(changes && strings.Contains(result.Stdout, fmt.Sprintf("Plan: %d to add, 0 to change, 0 to destroy", len(d.roster))),
		"the plan adds %d members and changes nothing else", len(d.roster))
	d.check(len(d.sandbox.Mock.Cards()) == 0, "planning imported nobody")
	return nil
}

func (d *demo) apply(ctx context.Context) error {
	d.heading("terraform apply",
		"Each member is one signed request with an encrypted phone number, at most 5 in a second.")
	d.workspace.ShowOutput(d.progress())
	result, err := d.workspace.Apply(ctx, "tfplan")
	d.workspace.ShowOutput(nil)
	return d.show(result, err, outputs)
}

func (d *demo) compare(context.Context) error {
	d.heading("What WeChat Pay holds now", "Phone numbers as the mock decrypted them, beside the roster's.")
	requests := d.sandbox.Mock.Requests()
	held := map[string]mockserver.Card{}
	for _, card := range d.sandbox.Mock.Cards() {
		held[card.UserCardCode] = card
	}
	equal := 0
	for _, m := range d.roster {
		card := held[m.code]
		mark := "differs"
		if card.PhoneNumber == m.phone && card.Level == m.level && card.State == mockserver.StateEffective && card.OpenID != "" {
			equal++
			mark = "equal"
		}
		d.line("%-10s %-8s %s  %s", m.code, card.Level, mask(card.PhoneNumber), mark)
	}
	d.line("")
	d.check(len(held) == len(d.roster), "WeChat Pay holds %d cards", len(held))
	d.check(equal == len(d.roster), "%d of %d have the roster's phone number and level", equal, len(d.roster))

	got := countRequests(requests)
	d.check(got.imports == len(d.roster) && got.others == 0, "each member took one accepted request")
	if got.limited > 0 {
		d.note("the mock refused %d requests because too many came within a second (429); the provider sent them again", got.limited)
	}
	return nil
}

// counts are the requests of an apply by their outcome.
type counts struct {
	// imports were accepted.
	imports int
	// limited were refused with 429 and sent again: a slow machine bunches requests.
	limited int
	// others should not have happened.
	others int
}

func countRequests(requests []mockserver.Request) (c counts) {
	for _, r := range requests {
		switch {
		case r.Status == http.StatusTooManyRequests:
			c.limited++
		case r.Status == http.StatusOK && r.Operation == mockserver.OperationImportByPhone:
			c.imports++
		case r.Status != http.StatusOK || r.Operation != mockserver.OperationTemplate:
			c.others++
		}
	}
	return c
}

func (d *demo) planAgain(ctx context.Context) error {
	d.heading("terraform plan, again", "Terraform reads every card back; nothing may be left to do.")
	changes, result, err := d.workspace.Plan(ctx)
	if err := d.show(result, err, withoutRefreshing); err != nil {
		return err
	}
	d.check(!changes, "the second plan is empty")
	return nil
}

func (d *demo) searchForSecrets(context.Context) error {
	d.heading("What Terraform printed and logged",
		"Output, errors and TRACE logs of every command are searched for phone numbers, keys and signatures.")
	secrets := d.secrets()
	var found []string
	size := 0
	for _, text := range d.printed {
		size += len(text)
		found = append(found, sandbox.Leaks(text, secrets)...)
	}
	d.check(len(found) == 0, "none of %d secrets is in %d KiB of output: phone numbers, keys, ciphertexts, signatures%s",
		len(secrets), size/1024, list(found))
	return nil
}

// secrets are what may occur nowhere but in the state and on the wire, by name.
func (d *demo) secrets() map[string]string {
	secrets := map[string]string{"the private key": d.sandbox.Mock.Credentials().PrivateKeyPEM}
	for _, m := range d.roster {
		secrets["the phone number of "+m.code] = m.phone
	}
	for i, r := range d.sandbox.Mock.Requests() {
		var body struct {
			PhoneNumber string `json:"phone_number"`
		}
		if err := json.Unmarshal(r.Body, &body); err == nil && body.PhoneNumber != "" {
			secrets[fmt.Sprintf("the ciphertext of request %d", i)] = body.PhoneNumber
		}
		if _, rest, ok := strings.Cut(r.Header.Get("Authorization"), `signature="`); ok {
			signature, _, _ := strings.Cut(rest, `"`)
			secrets[fmt.Sprintf("the signature of request %d", i)] = signature
		}
	}
	return secrets
}

func (d *demo) destroy(ctx context.Context) error {
	d.heading("terraform destroy",
		"By default it forgets the members and does not touch their cards (deletion_policy = \"abandon\").")
	result, err := d.workspace.Destroy(ctx)
	if err := d.show(result, err, lastLine); err != nil {
		return err
	}
	d.check(len(d.sandbox.Mock.Cards()) == len(d.roster), "the %d cards live on at WeChat Pay", len(d.roster))
	return nil
}

func (d *demo) conclude() error {
	d.line("")
	if len(d.failed) > 0 {
		return errors.New(strings.Join(d.failed, "; "))
	}
	d.line("%s", d.pass.Sprintf("All %d checks hold: %d members imported, every phone number as in the roster.", d.checks, len(d.roster)))
	d.line("It took %.0f seconds to build the provider, and %.0f for everything else. Nothing is left behind.",
		d.built.Sub(d.began).Seconds(), time.Since(d.built).Seconds())
	d.line("")
	d.line("%s", d.title.Sprint("What to look at next"))
	d.line("examples/roster                          the configuration and the roster of this demo")
	d.line("go run ./internal/cmd/wechatpay-mock     the mock, to try a configuration of your own")
	d.line("docs/guides/getting-started.md           the same with your own merchant number")
	d.line("docs/guides/getting-started-zh.md        从这里开始（中文）")
	return nil
}

// show prints a command's output in the given form, and keeps it with its log.
func (d *demo) show(result *terraformcli.Result, err error, form func(string) string) error {
	if err != nil {
		return err
	}
	for line := range strings.Lines(form(result.Stdout)) {
		d.line("%s", strings.TrimRight(line, "\n"))
	}
	d.printed = append(d.printed, result.Stdout, result.Stderr)
	log, err := os.ReadFile(result.TracePath)
	d.printed = append(d.printed, string(log))
	return err
}
