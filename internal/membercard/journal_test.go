// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package membercard_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/tfdriver"
)

// journaled is a mock with one card that a run with a journal has imported, and the journal's file.
// The state of that run is lost.
func journaled(t *testing.T) (m *mockserver.Server, file string) {
	t.Helper()
	m = acctest.StartMock(t, mockserver.Options{})
	file = filepath.Join(t.TempDir(), "journal")
	process(t, m, file).MustRun(tfdriver.State{}, plain(nil))
	m.ResetRequests()
	return m, file
}

// process is a run with a journal; without one where file is empty.
func process(t *testing.T, m *mockserver.Server, file string) *tfdriver.Resource {
	t.Helper()
	block := map[string]any{"check_templates": false}
	if file != "" {
		block["journal_path"] = file
	}
	return acctest.NewProcess(t, m, block).Resource(resourceType)
}

// A journal that cannot be read may have the openid: adopting unverified would lose it.
func TestJournalThatCannotBeReadIsAnError(t *testing.T) {
	t.Parallel()
	m, file := journaled(t)
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	damaged := append([]byte(nil), content...)
	damaged[len(damaged)-30] ^= 1
	if err := os.WriteFile(file, damaged, 0o600); err != nil {
		t.Fatal(err)
	}
	state, diags := process(t, m, file).Run(tfdriver.State{}, plain(nil))
	if state.Exists() || !diags.Errors().Contains("The journal could not be read") {
		t.Errorf("want an error and no member, got:\n%s", diags)
	}
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if state := process(t, m, file).MustRun(tfdriver.State{}, plain(nil)); state.Get("openid") != m.OpenID(samplePhone) {
		t.Errorf("the openid is %v", state.Get("openid"))
	}
}

// A plan goes on without a journal that cannot be read, and says so once: nothing is lost by it.
func TestPlanWithAJournalThatCannotBeRead(t *testing.T) {
	t.Parallel()
	m, file := journaled(t)
	unverified := process(t, m, "").MustRun(tfdriver.State{}, plain(nil))
	with := process(t, m, file)
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		plan := with.Plan(unverified, plain(nil))
		if plan.Action != tfdriver.NoOp || plan.Diagnostics.HasErrors() || len(plan.Diagnostics.Warnings()) != 1-i {
			t.Errorf("plan %d is %q:\n%s", i+1, plan.Action, plan.Diagnostics)
		}
	}
}

// A member that a run without the journal adopted unverified is verified by a run that has it.
func TestUnverifiedMemberIsVerifiedFromTheJournal(t *testing.T) {
	t.Parallel()
	m, file := journaled(t)
	unverified := process(t, m, "").MustRun(tfdriver.State{}, plain(nil))
	if unverified.Get("openid") != nil {
		t.Fatal("the openid is known")
	}
	m.ResetRequests()
	with := process(t, m, file)
	plan := with.Plan(unverified, plain(nil))
	if plan.Action != tfdriver.Update || plan.Get("openid") != m.OpenID(samplePhone) || len(plan.Diagnostics) > 0 {
		t.Fatalf("the plan is %q with the openid %v:\n%s", plan.Action, plan.Get("openid"), plan.Diagnostics)
	}
	verified, diags := with.Apply(plan)
	if len(diags) > 0 || verified.Get("openid") != m.OpenID(samplePhone) || verified.Get("user_card_state") != "EFFECTIVE" {
		t.Errorf("the state is %v:\n%s", verified.Values(), diags)
	}
	if err := countRequests(m, calls(readCall)); err != nil {
		t.Error(err)
	}
	if plan := process(t, m, file).Plan(verified, plain(nil)); plan.Action != tfdriver.NoOp {
		t.Errorf("the next plan is %q", plan.Action)
	}
	// Without the journal the member stays as it is.
	if plan := process(t, m, "").Plan(unverified, plain(nil)); plan.Action != tfdriver.NoOp || len(plan.Diagnostics) > 0 {
		t.Errorf("without the journal: %q\n%s", plan.Action, plan.Diagnostics)
	}
	// A change needs no openid in the configuration now.
	changed := process(t, m, file).MustRun(unverified, plain(map[string]any{"level": "钻石会员"}))
	if changed.Get("level") != "钻石会员" || changed.Get("openid") != m.OpenID(samplePhone) {
		t.Errorf("the changed state is %v", changed.Values())
	}
}

// The journal's openid is not believed: the card is read first.
func TestJournalThatDoesNotFitAnUnverifiedMember(t *testing.T) {
	t.Parallel()
	m, file := journaled(t)
	unverified := process(t, m, "").MustRun(tfdriver.State{}, plain(nil))
	m.DeleteCard(mockserver.DefaultBrandID, mockserver.TemplatePermanent, sampleCode)
	state, diags := process(t, m, file).Run(unverified, plain(nil))
	if state.Get("openid") != nil || !diags.Errors().Contains("the user with the openid from the journal has no such card") {
		t.Errorf("the openid is %v:\n%s", state.Get("openid"), diags)
	}
}
