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
	"path/filepath"
	"strings"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/sandbox"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/terraformcli"
)

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
	folder, err := sandbox.ModuleFile(ctx, filepath.Join("examples", "from-nothing"))
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
	d.sandbox, err = sandbox.Start(ctx, mockserver.Options{
		RequestsPerSecond: sandbox.DocumentedRate, Templates: []mockserver.Template{}, PicturesMustBeUploaded: true,
	})
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
	d.line("configuration     examples/from-nothing: a picture, a card template, %d members", len(d.roster))
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
	d.heading("terraform plan", "What a reviewer sees: what is made, who is added, and nobody's phone number.")
	changes, result, err := d.workspace.Plan(ctx, "-out=tfplan")
	if err := d.show(result, err, abridge); err != nil {
		return err
	}
	d.check(changes && strings.Contains(result.Stdout, fmt.Sprintf("Plan: %d to add, 0 to change, 0 to destroy", len(d.roster)+2)),
		"the plan adds a picture, a card template and %d members, and changes nothing else", len(d.roster))
	d.check(len(d.sandbox.Mock.Cards())+len(d.sandbox.Mock.Templates()) == 0, "planning made nothing")
	return nil
}

func (d *demo) apply(ctx context.Context) error {
	d.heading("terraform apply",
		"Each member is one signed request with an encrypted phone number, at most 5 in a second:",
		"by openid where the roster has one, by phone number otherwise.")
	d.workspace.ShowOutput(d.progress())
	result, err := d.workspace.Apply(ctx, "tfplan")
	d.workspace.ShowOutput(nil)
	return d.show(result, err, outputs)
}

func (d *demo) compare(context.Context) error {
	d.heading("What WeChat Pay holds now", "Phone numbers as the mock decrypted them, beside the roster's.")
	held := map[string]mockserver.Card{}
	for _, card := range d.sandbox.Mock.Cards() {
		held[card.UserCardCode] = card
	}
	equal := 0
	want := counts{pictures: 1, templates: 1}
	for _, m := range d.roster {
		card, result, by := held[m.code], "differs", "phone number"
		if m.agrees(card) {
			equal++
			result = "equal"
		}
		if m.openID != "" {
			by = "openid"
			want.byOpenID++
		} else {
			want.byPhone++
		}
		d.line("%-10s %-8s %s  %-5s  by %s", m.code, card.Level, mask(card.PhoneNumber), result, by)
	}
	d.line("")
	d.check(len(d.sandbox.Mock.Templates()) == 1, "WeChat Pay holds one card template")
	d.check(len(held) == len(d.roster), "WeChat Pay holds %d cards", len(held))
	d.check(equal == len(d.roster), "%d of %d have the roster's phone number, openid, level and store", equal, len(d.roster))

	got := countRequests(d.sandbox.Mock.Requests())
	limited := got.limited
	got.limited = 0
	d.check(got == want, "one accepted request each: a picture, a template, %d members by openid, %d by phone number", got.byOpenID, got.byPhone)
	if limited > 0 {
		d.note("requests refused because too many came within a second (429), and sent again by the provider: %d", limited)
	}
	return nil
}

// agrees reports whether the card that WeChat Pay holds is the member's.
func (m *member) agrees(card mockserver.Card) bool {
	return card.PhoneNumber == m.phone && card.Level == m.level && card.State == mockserver.StateEffective &&
		card.OpenID != "" && (m.openID == "" || card.OpenID == m.openID) && strings.Contains(fmt.Sprint(card.CustomFields), m.store)
}

// counts are the requests of an apply.
type counts struct {
	// These were accepted.
	pictures, templates, byPhone, byOpenID int
	// limited were refused with 429 and sent again: a slow machine bunches requests.
	limited int
	// others should not have happened. Reading templates is not among them.
	others int
}

func countRequests(requests []mockserver.Request) (c counts) {
	for _, r := range requests {
		switch {
		case r.Status == http.StatusTooManyRequests:
			c.limited++
		case r.Status != http.StatusOK:
			c.others++
		default:
			switch r.Operation {
			case mockserver.OperationUploadImage:
				c.pictures++
			case mockserver.OperationCreateTemplate:
				c.templates++
			case mockserver.OperationImportByPhone:
				c.byPhone++
			case mockserver.OperationImportByOpenID:
				c.byOpenID++
			case mockserver.OperationTemplate, mockserver.OperationListTemplates:
			default:
				c.others++
			}
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
	secrets := sandbox.Sent(d.sandbox.Mock.Requests())
	secrets["the private key"] = d.sandbox.Mock.Credentials().PrivateKeyPEM
	for _, m := range d.roster {
		secrets["the phone number of "+m.code] = m.phone
	}
	return secrets
}

// abandonTemplate lets Terraform forget the template, which is protected by default.
const abandonTemplate = `resource "wechatpay_member_card_template" "vip" {
  deletion_policy = "abandon"
}
`

func (d *demo) destroy(ctx context.Context) error {
	d.heading("terraform destroy",
		"The template is protected (deletion_policy = \"prevent\" by default), because its members would stay behind.")
	result, err := d.workspace.Destroy(ctx)
	exit, ok := errors.AsType[*terraformcli.ExitError](err)
	if err != nil && !ok {
		return err
	}
	d.check(ok && strings.Contains(exit.Result.Stderr, "protected from being destroyed"), "destroying is refused")
	if err := d.show(result, nil, nothing); err != nil {
		return err
	}

	d.line("")
	d.line("With deletion_policy = \"abandon\" Terraform forgets it, and the members, and leaves them at WeChat Pay.")
	d.line("")
	if err := d.workspace.WriteFile("policy_override.tf", abandonTemplate); err != nil {
		return err
	}
	result, err = d.workspace.Apply(ctx)
	if err := d.show(result, err, nothing); err != nil {
		return err
	}
	result, err = d.workspace.Destroy(ctx)
	if err := d.show(result, err, lastLine); err != nil {
		return err
	}
	d.check(len(d.sandbox.Mock.Cards()) == len(d.roster) && len(d.sandbox.Mock.Templates()) == 1,
		"the template and the %d cards live on at WeChat Pay", len(d.roster))
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
	d.line("examples/from-nothing                    the configuration and the roster of this demo")
	d.line("go run ./internal/cmd/wechatpay-mock     the mock, to try a configuration of your own")
	d.line("docs/guides/getting-started.md           step by step, and then with your own merchant number")
	d.line("docs/guides/getting-started-zh.md        一步一步来，再换成自己的商户号（中文）")
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
