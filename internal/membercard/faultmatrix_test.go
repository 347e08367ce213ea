// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/provider"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// This file is the matrix of everything that can go wrong on the way to WeChat Pay, times
// every call, times "once" and "as long as it lasts". What must come of a cell follows from
// few rules: expect, below. faults_test.go has the rows, and makes them happen;
// failuresdoc_test.go tells users the same rules in a guide.

// site is a place in the provider that makes a call.
type site string

const (
	siteImport     site = "import"     // creating a member
	siteAttach     site = "attach"     // the modify call that follows an import, for attach
	siteModify     site = "modify"     // changing a member
	siteInvalidate site = "invalidate" // destroying a member whose policy is invalidate
	siteRefresh    site = "refresh"    // reading a member's card before planning
	siteCard       site = "card"       // data source of a card
	siteCards      site = "cards"      // data source of a user's cards
	siteTemplate   site = "template"   // data source of a template
	siteLookUp     site = "look-up"    // looking a template up while planning
)

func sites() []site {
	return []site{siteImport, siteAttach, siteModify, siteInvalidate, siteRefresh, siteCard, siteCards, siteTemplate, siteLookUp}
}

// operation is the call that the site makes.
func (s site) operation() mockserver.Operation {
	switch s {
	case siteImport:
		return mockserver.OperationImportByPhone
	case siteAttach, siteModify:
		return mockserver.OperationModify
	case siteInvalidate:
		return mockserver.OperationInvalidate
	case siteRefresh, siteCard:
		return mockserver.OperationGet
	case siteCards:
		return mockserver.OperationList
	default:
		return mockserver.OperationTemplate
	}
}

// writes reports whether the site's call changes anything at WeChat Pay.
func (s site) writes() bool {
	return s == siteImport || s == siteAttach || s == siteModify || s == siteInvalidate
}

// retries is max_retries in the matrix.
const retries = 1

// stored is what Terraform holds of the member.
type stored string

const (
	storedNothing    stored = "no member"
	storedMember     stored = "the member, as configured, with its openid"
	storedUnverified stored = "the member, adopted unverified, without an openid"
	storedBefore     stored = "the member as it was"
)

// kept is what WeChat Pay holds of the member.
type kept string

const (
	keptNothing kept = "no card"
	keptBefore  kept = "the card as it was"
	keptAsMeant kept = "the card as it should be"
	keptInvalid kept = "the card, invalidated"
)

// expectation is what must come of a cell.
type expectation struct {
	// calls are the requests of the site's own call, those that got lost on the way included;
	// looks are readings of the card that follow them.
	calls, looks int
	// proofs are readings of the template, by which the client finds out whether answers verify.
	proofs int
	// summary is the diagnostic's, an error's unless warns; empty: there is none.
	summary string
	warns   bool
	at      string
	// unknown is whether the diagnostic says that the call may have been carried out.
	unknown bool
	// stored and kept are what both sides hold then. Data sources and plans have neither.
	stored stored
	kept   kept
	// nextStored and nextKept are what they hold after the next apply, when the fault is over.
	nextStored stored
	nextKept   kept
}

// expect says what must come of a fault at a site: a fault that lasts, or one that hits
// the first request alone.
func (s site) expect(f fault, lasts bool) expectation {
	e := expectation{calls: 1}
	if f.again {
		e.calls += retries
	}
	// over: another try of the same call finds all well.
	over := f.again && !lasts
	if !over {
		e.summary, e.at, e.unknown = string(f.says), f.about(s), f.unknown && s.writes()
	}
	if f.says == saysNoSuchCard && s == siteImport {
		e.summary = string(saysNoSuchTemplate)
	}
	if f.says == saysNoSuchCard && s == siteCards {
		e.summary = string(saysNoSuchUser)
	}
	if e.summary != "" && (s == siteCards || s == siteTemplate) {
		switch f.says {
		case saysTemplateNotOfBrand:
			if s == siteTemplate {
				break
			}
			fallthrough
		case saysPhoneImported, saysPhoneOrCodeExists, saysNoWeChatAccount:
			e.summary = string(saysRequestRefused)
		}
	}
	switch s {
	case siteImport:
		e.imported(f, over)
	case siteAttach:
		e.completed(f, over)
	case siteModify:
		e.modified(f, over)
	case siteInvalidate:
		e.invalidated(f, over)
	case siteRefresh:
		e.stateAfterRead(f)
	case siteTemplate:
		if f.says == saysNoSuchCard {
			e.summary, e.at = "WeChat Pay knows no such card template", "card_id"
		}
	case siteLookUp:
		e.lookedUp(f)
	}
	return e
}

// imported: a member is in the state or WeChat Pay has no card of it, unless nobody can
// know; and then the next apply takes the card over. There is never more than one card.
func (e *expectation) imported(f fault, over bool) {
	made := storedMember
	if f.worked {
		made = storedUnverified
	}
	if f.worked && !over {
		// The second try is refused: the member exists.
		switch f.says {
		case saysUnverified:
			if strings.HasPrefix(f.name, "no signature") {
				// The refusal needs no signature, and reading the template proves the connection. The
				// card is still not adopted: its own answer could not be verified.
				e.summary, e.proofs = string(saysUnproven), 1
				e.at, e.unknown = "", false
			}
		case saysUnusable:
			if f.huge {
				// The refusal's words are not read, and its status is all that is left of it.
				e.summary = string(saysWordless)
			}
		}
	}
	switch {
	case f.worked && over && f.says == saysUnverified:
		// An answer to this very import could not be verified before any other had been.
		e.summary, e.at, e.unknown = string(saysUnproven), "", false
		e.stored, e.kept = storedNothing, keptAsMeant
		e.nextStored, e.nextKept = storedUnverified, keptAsMeant
	case f.exists():
		// The fault's lie is believed: that is what "already exists" without an openid means.
		e.takenOver()
		e.stored, e.kept = storedUnverified, keptNothing
		e.nextStored, e.nextKept = e.stored, e.kept
	case over:
		if f.worked {
			e.takenOver()
		}
		e.stored, e.kept = made, keptAsMeant
		e.nextStored, e.nextKept = e.stored, e.kept
	default:
		e.stored, e.kept = storedNothing, keptNothing
		if f.worked {
			e.kept = keptAsMeant
		}
		e.nextStored, e.nextKept = made, keptAsMeant
	}
}

func (e *expectation) takenOver() {
	e.summary, e.warns, e.at, e.unknown = "The member was adopted unverified", true, "openid", false
}

// completed: the import was answered, so whatever becomes of attach is a warning, and the
// next apply sends what is left of it.
func (e *expectation) completed(f fault, over bool) {
	e.stored, e.kept = storedMember, keptAsMeant
	e.nextStored, e.nextKept = storedMember, keptAsMeant
	if over {
		return
	}
	e.warns, e.summary = true, "The member is there, but not complete: "+e.summary
	if !f.worked {
		e.kept = keptBefore
	}
}

// modified: an error leaves the state as it was, and the next plan shows what is left.
func (e *expectation) modified(f fault, over bool) {
	e.stored, e.kept = storedMember, keptAsMeant
	e.nextStored, e.nextKept = storedMember, keptAsMeant
	if over {
		return
	}
	e.stored = storedBefore
	if !f.worked {
		e.kept = keptBefore
	}
}

// invalidated: whatever the answers, a card that proves to be invalid is as it should be.
func (e *expectation) invalidated(f fault, over bool) {
	none := func() { e.summary, e.at, e.unknown = "", "", false }
	e.stored, e.kept = storedNothing, keptInvalid
	e.nextStored, e.nextKept = storedNothing, keptInvalid
	switch {
	case f.says == saysNoSuchCard:
		// A card that is gone cannot be invalidated, and need not be.
		none()
		e.kept, e.nextKept = keptBefore, keptBefore
	case over && !f.worked:
	case f.worked:
		// The second try meets a card that is invalid, which WeChat Pay refuses.
		none()
		e.looks = 1
	default:
		e.looks = 1
		e.stored, e.kept = storedBefore, keptBefore
	}
	if !over && (f.says == saysUnverified || f.says == saysSignatureRefused) {
		// Nothing more is sent, so nobody knows what became of the card.
		e.summary, e.at, e.unknown = string(f.says), f.about(siteInvalidate), f.unknown
		e.looks, e.stored = 0, storedBefore
	}
}

// refreshed: only WeChat Pay's own "no such card" takes a member out of the state.
func (e *expectation) stateAfterRead(f fault) {
	e.stored, e.kept = storedBefore, keptAsMeant
	e.nextStored, e.nextKept = storedBefore, keptAsMeant
	if f.says == saysNoSuchCard {
		e.summary, e.at, e.warns = "The member's card does not exist any more", "", true
		e.stored, e.nextStored = storedNothing, storedUnverified
	}
}

// lookedUp: a look-up that fails is a warning, and one that finds no such template an error.
func (e *expectation) lookedUp(f fault) {
	switch {
	case f.says == saysNoSuchCard || f.says == saysTemplateNotOfBrand:
		e.summary, e.at = string(saysTemplateNotOfBrand), "card_id"
	case e.summary != "" && (f.says == saysUnverified || f.says == saysSignatureRefused):
		e.summary = "The card template could not be looked up: " + e.summary
	case e.summary != "":
		e.warns, e.summary, e.at = true, "The card template could not be looked up: "+e.summary, "card_id"
	}
}

func TestFaultMatrix(t *testing.T) {
	t.Parallel()
	for _, s := range sites() {
		t.Run(string(s), func(t *testing.T) {
			t.Parallel()
			for _, f := range faults() {
				for variant, lasts := range variants(f) {
					t.Run(f.name+", "+variant, func(t *testing.T) {
						t.Parallel()
						newCell(t, s, f).run(lasts)
					})
				}
			}
		})
	}
}

// variants are how long a fault lasts. Where it is final after one try, that does not matter.
func variants(f fault) map[string]bool {
	if !f.again {
		return map[string]bool{"for ever": true}
	}
	return map[string]bool{"once": false, "for ever": true}
}

// cell is one fault at one site.
type cell struct {
	t *testing.T
	s site
	f fault
	m *mockserver.Server
	l *line
	p *tfdriver.Process
	r *tfdriver.Resource
}

func newCell(t *testing.T, s site, f fault) *cell {
	t.Helper()
	m := acctest.StartMock(t, mockserver.Options{})
	l := newLine()
	t.Cleanup(l.close)
	options := []provider.Option{provider.WithTransport(l)}
	if f.now != nil {
		options = append(options, provider.WithClock(f.now))
	}
	p := acctest.NewProcess(t, m, map[string]any{"max_retries": retries, "check_templates": s == siteLookUp}, options...)
	return &cell{t: t, s: s, f: f, m: m, l: l, p: p, r: p.Resource(resourceType)}
}

// config is the member as the site wants it in the end.
func (c *cell) config() map[string]any {
	switch c.s {
	case siteAttach:
		return plain(map[string]any{"attach": "门店"})
	case siteModify:
		return plain(map[string]any{"level": "钻石会员"})
	case siteInvalidate:
		return plain(map[string]any{"deletion_policy": "invalidate"})
	default:
		return plain(nil)
	}
}

func (c *cell) run(lasts bool) {
	c.t.Helper()
	want := c.s.expect(c.f, lasts)
	act, again := c.prepare()

	c.l.forget()
	c.f.inject(c.m, c.l, c.s, lasts)
	began := time.Now()
	state, diags := act()
	if took := time.Since(began); took < c.f.pause {
		c.t.Errorf("Retry-After was not obeyed: done after %v", took)
	}
	c.checkRequests(want)
	c.checkDiagnostics(want, diags)
	c.checkBoth(state, want.stored, want.kept)

	c.m.ClearFaults()
	c.l.mend()
	c.p.NewRun()
	state, diags = again(state)
	if diags.HasErrors() {
		c.t.Errorf("the next apply fails although the fault is over:\n%s", diags)
	}
	c.checkBoth(state, want.nextStored, want.nextKept)
	if c.s.writes() || c.s == siteRefresh {
		c.checkNothingLeft(state)
	}
	c.checkImports()
}

// prepare brings the world to where the site makes its call. act is what then fails; again
// is the next apply.
func (c *cell) prepare() (act func() (tfdriver.State, tfdriver.Diagnostics), again func(tfdriver.State) (tfdriver.State, tfdriver.Diagnostics)) {
	c.t.Helper()
	rerun := func(state tfdriver.State) (tfdriver.State, tfdriver.Diagnostics) { return c.r.Run(state, c.config()) }
	switch c.s {
	case siteImport, siteAttach:
		return func() (tfdriver.State, tfdriver.Diagnostics) { return c.r.Run(tfdriver.State{}, c.config()) }, rerun
	case siteModify:
		plan := c.r.Plan(c.r.MustRun(tfdriver.State{}, plain(nil)), c.config())
		return func() (tfdriver.State, tfdriver.Diagnostics) { return c.r.Apply(plan) }, rerun
	case siteInvalidate:
		plan := c.r.Plan(c.r.MustRun(tfdriver.State{}, c.config()), nil)
		return func() (tfdriver.State, tfdriver.Diagnostics) { return c.r.Apply(plan) },
			func(state tfdriver.State) (tfdriver.State, tfdriver.Diagnostics) { return c.r.Run(state, nil) }
	case siteRefresh:
		state := c.r.MustRun(tfdriver.State{}, c.config())
		return func() (tfdriver.State, tfdriver.Diagnostics) { return c.r.Read(state) }, rerun
	case siteLookUp:
		plan := func() (tfdriver.State, tfdriver.Diagnostics) {
			plan := c.r.Plan(tfdriver.State{}, c.config())
			if !plan.Diagnostics.HasErrors() && plan.Action != tfdriver.Create {
				c.t.Errorf("the plan is %q", plan.Action)
			}
			return tfdriver.State{}, plan.Diagnostics
		}
		return plan, func(tfdriver.State) (tfdriver.State, tfdriver.Diagnostics) { return plan() }
	default:
		read := c.dataSource()
		return read, func(tfdriver.State) (tfdriver.State, tfdriver.Diagnostics) { return read() }
	}
}

// dataSource reads the site's data source; without an error there must be a result.
func (c *cell) dataSource() func() (tfdriver.State, tfdriver.Diagnostics) {
	c.t.Helper()
	if err := c.m.PutCard(existingCard(nil)); err != nil {
		c.t.Fatal(err)
	}
	typeName, config, result := "wechatpay_member_card", map[string]any{
		"card_id": mockserver.TemplatePermanent, "user_card_code": sampleCode, "openid": c.m.OpenID(samplePhone),
	}, "user_card_state"
	switch c.s {
	case siteCards:
		typeName, config, result = "wechatpay_member_cards", map[string]any{"openid": c.m.OpenID(samplePhone)}, "cards"
	case siteTemplate:
		typeName, config, result = "wechatpay_member_card_template", map[string]any{"card_id": mockserver.TemplatePermanent}, "state"
	}
	return func() (tfdriver.State, tfdriver.Diagnostics) {
		values, diags := c.p.DataSource(typeName, config)
		got := values[result]
		if cards, ok := got.([]any); ok && len(cards) == 0 {
			got = nil
		}
		if (got == nil) != diags.HasErrors() {
			c.t.Errorf("%s is %v although there is this to say: %s", result, got, diags)
		}
		return tfdriver.State{}, diags
	}
}

func (c *cell) checkRequests(want expectation) {
	c.t.Helper()
	counts := map[mockserver.Operation]int{c.s.operation(): want.calls}
	if want.looks > 0 {
		counts[mockserver.OperationGet] += want.looks
	}
	if want.proofs > 0 {
		counts[mockserver.OperationTemplate] += want.proofs
	}
	if c.s == siteAttach {
		counts[mockserver.OperationImportByPhone] = 1
	}
	if got := c.l.tried(); fmt.Sprint(got) != fmt.Sprint(counts) {
		c.t.Errorf("requests were %v, want %v", got, counts)
	}
}

// mayHaveWorked is what an error says of a call that may have been carried out.
const mayHaveWorked = "may have been carried out"

func (c *cell) checkDiagnostics(want expectation, diags tfdriver.Diagnostics) {
	c.t.Helper()
	if want.summary == "" {
		if len(diags) > 0 {
			c.t.Errorf("there should be nothing to say, but there is:\n%s", diags)
		}
		return
	}
	severity := tfdriver.SeverityError
	if want.warns {
		severity = tfdriver.SeverityWarning
	}
	if len(diags) != 1 || diags[0].Severity != severity || diags[0].Summary != want.summary || diags[0].Path != want.at {
		c.t.Fatalf("want one %s %q at %q, got:\n%s", severity, want.summary, want.at, diags)
	}
	if got := diags.Contains(mayHaveWorked); got != want.unknown {
		c.t.Errorf("that it %s is said: %v, want %v:\n%s", mayHaveWorked, got, want.unknown, diags)
	}
	if strings.Contains(diags.String(), samplePhone) {
		c.t.Error("the phone number is printed")
	}
}

// checkBoth compares what Terraform and WeChat Pay hold with what they should.
func (c *cell) checkBoth(state tfdriver.State, wantStored stored, wantKept kept) {
	c.t.Helper()
	if state.Tainted {
		c.t.Error("the member is tainted: the next apply would replace it")
	}
	if wantStored == "" {
		return
	}
	if got := c.storedAs(state, wantStored); got != wantStored {
		c.t.Errorf("the state holds %s, want %s: %v", got, wantStored, state.Values())
	}
	if got := c.keptAs(); got != wantKept {
		c.t.Errorf("WeChat Pay holds %s, want %s: %+v", got, wantKept, c.m.Cards())
	}
}

// storedAs names what state holds. Where both are the same, as when nothing was to be
// changed, the name that is wanted wins.
func (c *cell) storedAs(state tfdriver.State, want stored) stored {
	switch {
	case !state.Exists():
		return storedNothing
	case state.Get("openid") == nil && state.Get("adopted") == true && state.Get("user_card_state") == nil:
		return storedUnverified
	case state.Get("openid") != c.m.OpenID(samplePhone) || state.Get("adopted") != false || state.Get("user_card_state") != "EFFECTIVE":
		return "something else"
	}
	now := storedMember
	if c.s == siteModify && state.Get("level") == nil {
		now = storedBefore
	}
	if c.s != siteModify && want == storedBefore {
		now = storedBefore
	}
	return now
}

func (c *cell) keptAs() kept {
	cards := c.m.Cards()
	if len(cards) == 0 {
		return keptNothing
	}
	card := cards[0]
	wantLevel, _ := c.config()["level"].(string)
	wantAttach, _ := c.config()["attach"].(string)
	switch {
	case len(cards) > 1 || card.UserCardCode != sampleCode || card.PhoneNumber != samplePhone:
		return "something else"
	case card.State == mockserver.StateInvalid:
		return keptInvalid
	case card.Level != wantLevel || card.Attach != wantAttach || c.s == siteInvalidate:
		return keptBefore
	default:
		return keptAsMeant
	}
}

// checkNothingLeft: what both hold is what is configured, and the next plan is empty.
func (c *cell) checkNothingLeft(state tfdriver.State) {
	c.t.Helper()
	if c.s == siteInvalidate {
		return
	}
	c.p.NewRun()
	refreshed, diags := c.r.Read(state)
	if diags.HasErrors() {
		c.t.Fatalf("the next refresh fails:\n%s", diags)
	}
	if plan := c.r.Plan(refreshed, c.config()); plan.Action != tfdriver.NoOp {
		c.t.Errorf("the next plan is %q:\n%s", plan.Action, plan.Diagnostics)
	}
}

// checkImports: whatever happened, nobody was imported twice.
func (c *cell) checkImports() {
	c.t.Helper()
	done := 0
	for _, r := range c.m.Requests() {
		if r.Operation == mockserver.OperationImportByPhone && r.WorkDone {
			done++
		}
	}
	if done > 1 {
		c.t.Errorf("the member was imported %d times", done)
	}
}

// requestPath begins every call's path.
const requestPath = "/v3/brand/partner/card-member/"

// operationOf is the call that a request makes.
func operationOf(req *http.Request) mockserver.Operation {
	path := strings.TrimPrefix(req.URL.Path, requestPath)
	switch {
	case strings.HasPrefix(path, "cards/"):
		return mockserver.OperationTemplate
	case path == "user-cards":
		return mockserver.OperationList
	case strings.HasSuffix(path, "/import-by-phone"):
		return mockserver.OperationImportByPhone
	case strings.HasSuffix(path, "/invalidate"):
		return mockserver.OperationInvalidate
	case req.Method == http.MethodPatch:
		return mockserver.OperationModify
	default:
		return mockserver.OperationGet
	}
}
