// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// chapter is a call as the guide speaks of it.
type chapter struct {
	site         site
	title, intro string
}

func chapters() []chapter {
	return []chapter{
		{siteImport, "Importing a member", "The openid in the answer cannot be had again, so nothing is left to chance here: a member is never imported twice, and never forgotten."},
		{siteAttach, "Sending `attach` after an import", "The import call takes no `attach`, so a modify call follows it. Its failure is a warning: the member is imported and in the state."},
		{siteModify, "Changing a member", "One modify call carries what changed. It can safely be sent twice."},
		{siteInvalidate, "Destroying a member with `deletion_policy = \"invalidate\"`", "Where an answer is lost or is a refusal, the card is read: when it is invalid, all is as it should be."},
		{siteRefresh, "Refreshing a member", "Terraform reads every member whose openid is known before it plans."},
		{siteLookUp, "Looking up the card template while planning", "A plan must not need more than an apply does, so a look-up that fails is a warning. `check_templates = false` leaves it out."},
		{siteCard, "Data sources", "`wechatpay_member_card`, `wechatpay_member_cards` and `wechatpay_member_card_template` read, and store nothing when they fail."},
	}
}

// row is a line of a chapter's table; faults of which the same is to be told share one.
type row struct{ faults, tries, over, sees, state, todo string }

// TestFailuresGuide keeps the guide for users at what TestFaultMatrix checks.
func TestFailuresGuide(t *testing.T) {
	t.Parallel()
	file := filepath.Join("..", "..", "templates", "guides", "failures.md.tmpl")
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	// The index of errors before the generated part is written by hand.
	page := strings.ReplaceAll(string(content), "\r\n", "\n")
	before, rest, begins := strings.Cut(page, generatedBegin)
	_, after, ends := strings.Cut(rest, generatedEnd)
	if !begins || !ends {
		t.Fatalf("%s does not say where its generated part begins and ends", file)
	}
	golden(t, file, before+generatedBegin+failuresGuide()+generatedEnd+after)
}

// What stands around the generated part of the guide.
const (
	generatedBegin = "<!-- Written by: go test ./internal/membercard -run TestFailuresGuide -update -->\n"
	generatedEnd   = "\n<!-- end of the generated part -->\n"
)

func failuresGuide() string {
	var b strings.Builder
	b.WriteString(`
## When WeChat Pay or the network fails

Every line of these tables is a test that runs with each change of the provider, against a WeChat Pay
mock that fails in that way, once and for as long as it lasts.

Two things hold everywhere:

- **No failure of a call taints a member**, so that Terraform never replaces one because of it.
- **Applying again is always right.** It does what is left, and nothing twice.

"Tried again" means up to ` + "`max_retries`" + ` times (default 4), slower each time, with a new signature and the
same ciphertext. Where a host cannot be reached at all, the backup host is tried at once. HTTP 429 slows
all members of the run down, and a ` + "`Retry-After`" + ` is obeyed. A redirect is never followed.

A *lost answer* is one after which nobody can know whether WeChat Pay did the work: a cut connection, no
answer in time, HTTP 202 or 5xx, an answer that cannot be read, or one whose signature does not verify.
WeChat Pay now and then signs wrongly on purpose, to test that callers verify.
`)
	for _, c := range chapters() {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n", c.title, c.intro)
		b.WriteString("| What goes wrong | Tried again | When a later try succeeds | When it lasts, you see | State and WeChat Pay then | What to do |\n|---|---|---|---|---|---|\n")
		for _, r := range rows(c.site) {
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", r.faults, r.tries, r.over, r.sees, r.state, r.todo)
		}
	}
	b.WriteString(`
## After Ctrl-C

An import, change or invalidation that is on its way is awaited to the end of its attempt, and its answer
is stored. Nothing new is sent: no second try, no ` + "`attach`" + `, and no member that was waiting for its turn. The
next apply goes on from there. A second Ctrl-C is Terraform's own: it drops everything at once.

## A member without an openid

` + "\"Already exists\"" + ` carries no openid, so a member whose answer was lost is *adopted unverified*: the state
has it, and the provider cannot read, change or invalidate it. Set its ` + "`openid`" + `, which WeChat Pay's
notifications and your own records know, and the next apply reads, verifies and completes it in place.
`)
	return b.String()
}

// rows are a chapter's lines, in the order of the faults.
func rows(s site) []row {
	var rows []row
	groups := map[row]*nameGroup{}
	for _, f := range faults() {
		r := tell(s, f)
		if groups[r] == nil {
			rows = append(rows, r)
			groups[r] = &nameGroup{}
		}
		groups[r].add(f)
	}
	for i, r := range rows {
		rows[i].faults = groups[r].String()
	}
	return rows
}

// nameGroup names the faults of one line.
type nameGroup struct{ plain, before, after []string }

func (g *nameGroup) add(f fault) {
	if name, ok := strings.CutSuffix(f.name, ", before the work"); ok {
		g.before = append(g.before, name)
	} else if name, ok := strings.CutSuffix(f.name, ", after the work"); ok {
		g.after = append(g.after, name)
	} else {
		g.plain = append(g.plain, f.name)
	}
}

func (g *nameGroup) String() string {
	both := func(name string) bool { return slices.Contains(g.before, name) && slices.Contains(g.after, name) }
	var parts []string
	list := func(when string, names []string) {
		if len(names) > 0 {
			parts = append(parts, when+strings.Join(names, "; "))
		}
	}
	var always []string
	for _, name := range g.before {
		if both(name) {
			always = append(always, name)
		}
	}
	list("", append(slices.Clone(g.plain), always...))
	list("*Before the work was done:* ", slices.DeleteFunc(slices.Clone(g.before), both))
	list("*After the work was done:* ", slices.DeleteFunc(slices.Clone(g.after), both))
	return strings.Join(parts, "<br>")
}

// tell is what a fault's line says besides its name.
func tell(s site, f fault) row {
	lasts := s.expect(f, true)
	r := row{tries: "no", over: "—", sees: seen(lasts), state: "—", todo: todo(s, f, lasts)}
	if f.again {
		r.tries, r.over = "yes", seen(s.expect(f, false))
	}
	if lasts.stored != "" {
		kept := string(lasts.kept)
		// The mock has it otherwise, but WeChat Pay does not lie.
		if s == siteImport && f.exists() {
			kept = "the card that exists"
		} else if f.says == saysNoSuchCard && s != siteImport {
			kept = "no such card"
		}
		r.state = fmt.Sprintf("The state: %s. WeChat Pay: %s.", lasts.stored, kept)
	}
	return r
}

func seen(e expectation) string {
	if e.summary == "" {
		return "nothing"
	}
	severity := "error"
	if e.warns {
		severity = "warning"
	}
	at := ""
	if e.at != "" {
		at = fmt.Sprintf(" at `%s`", e.at)
	}
	if e.at != "" && strings.HasSuffix(e.summary, string(saysValueRefused)) {
		at = " at the attribute"
	}
	return fmt.Sprintf("%s%s: %s", severity, at, e.summary)
}

// todo is the advice for a fault that lasts.
func todo(s site, f fault, e expectation) string {
	switch {
	case e.summary == "" && e.stored == storedNothing && s == siteRefresh:
		return "Nothing: the member is gone, and the next plan makes it anew."
	case e.summary == "":
		return "Nothing."
	case e.nextStored == storedUnverified && e.stored == storedUnverified && f.exists():
		return "Set `openid` to have the card verified, or correct the phone number or the code."
	case e.nextStored == storedUnverified && e.stored == storedUnverified:
		return "Set `openid` to have the card verified."
	}
	again := "apply again"
	if !s.writes() && s != siteRefresh {
		again = "run it again"
	}
	advice := map[summary]string{
		saysUnreachable:        "Check network, proxy and `endpoint`, then " + again + ".",
		saysNotFinished:        "Later, " + again + ".",
		saysUnusable:           "Later, " + again + "; if it stays, give the Request-ID to WeChat Pay's support.",
		saysUnverified:         "Check `public_key_id` and the key, and this machine's clock, then " + again + ".",
		saysRedirect:           "Check `endpoint`, and whether a portal or proxy stands in between.",
		saysProblem:            "Later, " + again + "; if it stays, give the Request-ID to WeChat Pay's support.",
		saysRate:               "Let no other pipeline of the merchant run at the same time, then " + again + ".",
		saysNotAllowed:         "Have the product opened for the merchant number, and the brand's authorisation checked.",
		saysSignatureRefused:   "Check `mchid`, `certificate_serial_no`, the private key and the clock.",
		saysRequestRefused:     "Read WeChat Pay's own words in the message.",
		saysWordless:           "Check `endpoint`, and whether a proxy or firewall stands in between.",
		saysValueRefused:       "Correct the attribute.",
		saysTemplateNotOfBrand: "Check `card_id` and `brand_id`.",
		saysNoWeChatAccount:    "Ask the member for the number that WeChat knows.",
		saysPhoneImported:      "Give the member another phone number.",
		saysPhoneOrCodeExists:  "Give the member another phone number.",
		saysNoSuchCard:         "Check the ids.",
	}[f.says]
	if s == siteImport && f.worked {
		advice += " The next apply takes the member over, unverified."
	}
	return advice
}
