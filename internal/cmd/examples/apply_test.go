// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/sandbox"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/terraformcli"
)

// These tests apply the examples against the mock, as their README files say it is done.

func TestMain(m *testing.M) {
	acctest.Main(m)
	if os.Getenv("TF_ACC") != "" {
		if dir, err := built(); err == nil {
			_ = os.RemoveAll(dir)
		}
	}
}

// applied is an example under way, with a mock of its own.
type applied struct {
	*terraformcli.Workspace
	t    *testing.T
	mock *mockserver.Server
}

// start copies an example into a workspace and initialises it there.
func start(t *testing.T, folder string, options mockserver.Options) *applied {
	t.Helper()
	return startVariant(t, example{folder: folder}, options)
}

func startVariant(t *testing.T, e example, options mockserver.Options) *applied {
	t.Helper()
	t.Parallel()
	box, w := acctest.Workspace(t, options)
	terraform, err := commandOf(t.Context(), box.CLI)
	if err != nil {
		t.Fatal(err)
	}
	if why := terraform.unsupported(e); why != "" {
		t.Skip(why)
	}
	w.Setenv("WECHATPAY_REQUESTS_PER_SECOND", sandbox.Unlimited)
	if e.root, err = sandbox.ModuleFile(t.Context(), "examples"); err != nil {
		t.Fatal(err)
	}
	if err := w.CopyFrom(os.DirFS(filepath.Join(e.root, e.folder))); err != nil {
		t.Fatal(err)
	}
	if err := e.complete(w, box.CLI.Address()); err != nil {
		t.Fatal(err)
	}
	a := &applied{w, t, box.Mock}
	_, err = w.Init(t.Context())
	a.must("init", err)
	return a
}

func (a *applied) must(what string, err error) {
	a.t.Helper()
	if err != nil {
		a.t.Fatalf("%s: %v", what, err)
	}
}

func (a *applied) write(name, content string) {
	a.t.Helper()
	a.must(name, a.WriteFile(name, content))
}

func (a *applied) read(name string) string {
	a.t.Helper()
	content, err := os.ReadFile(filepath.Join(a.Dir(), name))
	a.must(name, err)
	return string(content)
}

// apply applies, and makes sure that nothing is left to do.
func (a *applied) apply() *terraformcli.Result {
	a.t.Helper()
	result, err := a.Apply(a.t.Context())
	a.must("apply", err)
	changes, again, err := a.Plan(a.t.Context())
	a.must("the second plan", err)
	if changes {
		a.t.Errorf("the second plan is not empty:\n%s", again.Stdout)
	}
	return result
}

// plan is what a plan would do, by address; what stays as it is is left out.
func (a *applied) plan() (map[string]tfjson.Actions, *terraformcli.Result) {
	a.t.Helper()
	_, result, err := a.Plan(a.t.Context(), "-out=tfplan")
	a.must("plan", err)
	saved, err := a.SavedPlan(a.t.Context(), "tfplan")
	a.must("show", err)
	actions := map[string]tfjson.Actions{}
	for _, change := range saved.ResourceChanges {
		if !change.Change.Actions.NoOp() || change.Change.Importing != nil || change.PreviousAddress != "" {
			actions[change.Address] = change.Change.Actions
		}
	}
	return actions, result
}

func (a *applied) card(cardID, code string) mockserver.Card {
	a.t.Helper()
	card, ok := a.mock.Card(mockserver.DefaultBrandID, cardID, code)
	if !ok {
		a.t.Fatalf("WeChat Pay has no card %s", code)
	}
	return card
}

func (a *applied) cards(want int) {
	a.t.Helper()
	if got := len(a.mock.Cards()); got != want {
		a.t.Errorf("WeChat Pay holds %d cards, want %d", got, want)
	}
}

// A brand calls with its own credentials, and a service provider may stand beside it. What the
// environment has for the service provider only is ignored.
func TestABrandAndAServiceProviderInOneConfiguration(t *testing.T) {
	a := start(t, "brand", mockserver.Options{})
	brand, provider := sandbox.Brand(a.mock), a.mock.Credentials()
	delete(brand, "merchant_mode") // the example's own
	brand["private_key_path"], brand["public_key_path"] = "", ""
	sandbox.SetVariables(a.Workspace, brand)
	a.apply()
	a.cards(2)

	a.write("apiclient_key.pem", provider.PrivateKeyPEM)
	a.write("pub_key.pem", provider.PublicKeyPEM)
	a.write("service_provider.tf", fmt.Sprintf(`
provider "wechatpay" {
  alias                 = "service_provider"
  merchant_mode         = "service_provider"
  mchid                 = %q
  certificate_serial_no = %q
  private_key_path      = "apiclient_key.pem"
  public_key_id         = %q
  public_key_path       = "pub_key.pem"
}

resource "wechatpay_member_card_import" "by_phone" {
  provider       = wechatpay.service_provider
  card_id        = var.card_id
  user_card_code = "VIP-0003"
  phone_number   = "13800138005"
}
`, provider.MchID, provider.CertificateSerialNo, provider.PublicKeyID))
	a.apply()
	a.cards(3)
	schemes := map[string]string{}
	for _, r := range a.mock.Requests() {
		scheme, _, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if r.Method == http.MethodPost {
			schemes[string(r.Operation)] = scheme
		}
	}
	want := map[string]string{"import-by-openid": "WECHATPAY-BRAND-SHA256-RSA2048", "import-by-phone": "WECHATPAY2-SHA256-RSA2048"}
	if !maps.Equal(schemes, want) {
		t.Errorf("schemes %v, want %v", schemes, want)
	}
}

// The state is lost, and the journal is not: the next apply finds every openid in it.
func TestALostStateComesBackFromTheJournal(t *testing.T) {
	a := start(t, "roster", mockserver.Options{})
	a.Setenv("WECHATPAY_JOURNAL_PATH", "members.journal")
	a.apply()
	cards := len(a.mock.Cards())
	content := a.read("members.journal")
	if lines := strings.Count(content, "\n"); lines != cards+1 {
		t.Errorf("the journal has %d lines for %d members", lines, cards)
	}
	a.must("losing the state", os.Remove(filepath.Join(a.Dir(), "terraform.tfstate")))
	a.apply()
	a.cards(cards)
	state := a.read("terraform.tfstate")
	if got := strings.Count(state, `"adopted": true`); got != cards {
		t.Errorf("%d of %d members were adopted", got, cards)
	}
	if strings.Contains(state, `"openid": null`) {
		t.Error("an openid is lost")
	}
	for _, card := range a.mock.Cards() {
		if strings.Contains(content, card.OpenID) || strings.Contains(content, card.UserCardCode) || strings.Contains(content, card.PhoneNumber) {
			t.Error("the journal shows a member")
		}
	}
}

func TestStaffCardsLastFromTheDayOfJoiningAndEndWithTheLine(t *testing.T) {
	a := start(t, "staff-cards", mockserver.Options{})
	a.apply()
	a.cards(5)
	card := a.card(mockserver.TemplateFixTerm, "STAFF-1001")
	if card.PhoneNumber != "13800138000" || card.Level != "店长" || card.Attach != "南山店" || card.ValidDate.Days != 3650 ||
		card.PickupTime.UTC().Format("2006-01-02T15:04Z") != "2024-03-01T01:00Z" {
		t.Errorf("the first of the file is %+v", card)
	}

	lines := strings.SplitAfter(a.read("staff.csv"), "\n")
	a.write("staff.csv", strings.Join(slices.Delete(lines, 1, 2), ""))
	actions, planned := a.plan()
	if len(actions) != 1 || !actions[`wechatpay_member_card_import.staff["STAFF-1001"]`].Delete() {
		t.Errorf("removing a line plans %v", actions)
	}
	if !strings.Contains(planned.Stdout, "cannot be undone") {
		t.Errorf("the plan does not warn:\n%s", planned.Stdout)
	}
	a.apply()
	if card := a.card(mockserver.TemplateFixTerm, "STAFF-1001"); card.State != mockserver.StateInvalid || card.InvalidReason != "离职" {
		t.Errorf("the card of who left is %s (%s)", card.State, card.InvalidReason)
	}
	if card := a.card(mockserver.TemplateFixTerm, "STAFF-1002"); card.State != mockserver.StateEffective {
		t.Errorf("the card of who stayed is %s", card.State)
	}
}

func TestAWorkbookKeepsAllDigitsOfItsPhoneNumbers(t *testing.T) {
	a := start(t, "xlsx-roster", mockserver.Options{})
	a.apply()
	a.cards(8)
	if card := a.card(mockserver.TemplatePermanent, "VIP-0008"); card.PhoneNumber != "13800138007" || card.Level != "银卡会员" || card.Attach != "" {
		t.Errorf("the last of the workbook is %+v", card)
	}
}

func TestOneRosterIsImportedByOpenIDAndByPhoneNumber(t *testing.T) {
	a := start(t, "mixed-roster", mockserver.Options{})
	a.apply()
	a.cards(4)
	sent := map[mockserver.Operation]int{}
	for _, r := range a.mock.Requests() {
		sent[r.Operation]++
	}
	if sent[mockserver.OperationImportByOpenID] != 2 || sent[mockserver.OperationImportByPhone] != 2 {
		t.Errorf("sent %v", sent)
	}
	if card := a.card(mockserver.TemplatePermanent, "VIP-0001"); card.OpenID != "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" || card.PhoneNumber != "" {
		t.Errorf("the first of the roster is %+v", card)
	}
	if card := a.card(mockserver.TemplatePermanent, "VIP-0004"); card.PhoneNumber != "13800138003" {
		t.Errorf("the last of the roster is %+v", card)
	}
}

func TestExistingMembersAreAdoptedByImportBlocks(t *testing.T) {
	data, err := os.Open(filepath.Join("..", "..", "..", "examples", "adopting-existing-members", "mock.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer data.Close()
	snapshot, err := mockserver.ReadData(data)
	if err != nil {
		t.Fatal(err)
	}
	a := start(t, "adopting-existing-members", mockserver.Options{Templates: snapshot.Templates, Cards: snapshot.Cards})
	_, planned := a.plan()
	if want := "Plan: 2 to import, 1 to add, 0 to change, 0 to destroy."; !strings.Contains(planned.Stdout, want) {
		t.Errorf("want %q:\n%s", want, planned.Stdout)
	}
	for _, r := range a.mock.Requests() {
		if r.Operation != mockserver.OperationGet && r.Operation != mockserver.OperationTemplate {
			t.Errorf("planning sent %s", r.Operation)
		}
	}
	a.mock.ResetRequests()
	result := a.apply()
	if !strings.Contains(result.Stdout, "2 imported, 1 added, 0 changed") {
		t.Errorf("apply says:\n%s", result.Stdout)
	}
	for _, r := range a.mock.Requests() {
		if r.Operation == mockserver.OperationModify {
			t.Error("an adopted card was changed")
		}
	}
	a.cards(3)
	state, err := a.State(t.Context())
	a.must("state", err)
	if got := fmt.Sprint(state.Values.Outputs["adopted"].Value); got != "[VIP-0001 VIP-0002]" {
		t.Errorf("adopted: %s", got)
	}
}

func TestSecretsAreStoredNowhere(t *testing.T) {
	a := start(t, "secrets", mockserver.Options{})
	phones := map[string]string{"VIP-0001": "13800138000", "VIP-0002": "13800138001", "VIP-0003": "13800138002"}
	a.Setenv("TF_VAR_phone_numbers", `{"VIP-0001":"13800138000","VIP-0002":"13800138001","VIP-0003":"13800138002"}`)
	a.Setenv("TF_VAR_private_key", a.mock.Credentials().PrivateKeyPEM)
	a.Setenv("WECHATPAY_PRIVATE_KEY", "")
	_, planned := a.plan()
	_, err := a.Apply(t.Context(), "tfplan")
	a.must("applying the saved plan", err)
	a.cards(3)
	for code, phone := range phones {
		if got := a.card(mockserver.TemplatePermanent, code).PhoneNumber; got != phone {
			t.Errorf("WeChat Pay has another phone number for %s", code)
		}
	}
	saved, err := a.Run(t.Context(), "show", "-json", "tfplan")
	a.must("show", err)
	for name, text := range map[string]string{
		"the state": a.read("terraform.tfstate"), "the plan": planned.Stdout, "the saved plan": saved.Stdout,
	} {
		if strings.Contains(text, "1380013800") || strings.Contains(text, "PRIVATE KEY") {
			t.Errorf("%s holds a secret", name)
		}
		if name == "the state" && !strings.Contains(text, "138****8000") {
			t.Errorf("%s does not hold the masked phone number", name)
		}
	}

	a.Setenv("TF_VAR_phone_numbers", `{"VIP-0001":"13800138009","VIP-0002":"13800138001","VIP-0003":"13800138002"}`)
	if actions, _ := a.plan(); len(actions) != 0 {
		t.Errorf("a changed phone number is seen without its version: %v", actions)
	}
	a.write("members.json", strings.Replace(a.read("members.json"), `"phone_version": 1`, `"phone_version": 2`, 1))
	a.apply()
	if got := a.card(mockserver.TemplatePermanent, "VIP-0001").PhoneNumber; got != "13800138009" {
		t.Error("the changed phone number did not arrive with its version")
	}
}

func TestThePullRequestExampleApplies(t *testing.T) {
	a := start(t, "pull-request", mockserver.Options{})
	a.apply()
	a.cards(3)
}

// A member who exists already and has no openid needs a person: the examples' output names the code, and
// nothing else.
func TestTheExamplesNameUnverifiedMembers(t *testing.T) {
	for folder, existing := range map[string]mockserver.Card{
		"roster":         {UserCardCode: "VIP-0002", PhoneNumber: "13800138001"},
		"pull-request":   {UserCardCode: "VIP-0002", PhoneNumber: "13800138001"},
		"xlsx-roster":    {UserCardCode: "VIP-0002", PhoneNumber: "13800138001"},
		"sharded-roster": {UserCardCode: "VIP-0002", PhoneNumber: "13800138001"},
		"mixed-roster":   {UserCardCode: "VIP-0004", PhoneNumber: "13800138003"},
		"staff-cards":    {UserCardCode: "STAFF-1002", PhoneNumber: "13800138001", CardID: mockserver.TemplateFixTerm},
	} {
		t.Run(folder, func(t *testing.T) {
			existing.BrandID = mockserver.DefaultBrandID
			if existing.CardID == "" {
				existing.CardID = mockserver.TemplatePermanent
			}
			a := start(t, folder, mockserver.Options{Cards: []mockserver.Card{existing}})
			_, err := a.Apply(t.Context())
			a.must("apply", err)
			state, err := a.State(t.Context())
			a.must("state", err)
			if got, want := fmt.Sprint(state.Values.Outputs["unverified"].Value), "["+existing.UserCardCode+"]"; got != want {
				t.Errorf("unverified is %s, want %s", got, want)
			}
		})
	}
}

func TestAModuleIsTestedWithoutCredentialsAndNetwork(t *testing.T) {
	a := start(t, "testing", mockserver.Options{})
	for _, name := range []string{"MCHID", "CERTIFICATE_SERIAL_NO", "PRIVATE_KEY", "PUBLIC_KEY_ID", "PUBLIC_KEY", "BRAND_ID", "ENDPOINT"} {
		a.Setenv("WECHATPAY_"+name, "")
	}
	result, err := a.Run(t.Context(), "test", "-no-color")
	a.must("test", err)
	if !strings.Contains(result.Stdout, "2 passed, 0 failed") {
		t.Errorf("terraform test says:\n%s", result.Stdout)
	}
	a.cards(0)
}

func TestShardsKeepTheirMembers(t *testing.T) {
	for _, by := range []string{"hash", "level"} {
		t.Run(by, func(t *testing.T) {
			a := start(t, "sharded-roster", mockserver.Options{})
			a.Setenv("TF_VAR_shard_by", by)
			a.apply()
			a.cards(60)

			header, rest, _ := strings.Cut(a.read("members.csv"), "\n")
			lines := strings.SplitAfter(rest, "\n")
			// One member leaves, three join (one of whom comes first in the file), and the others change places.
			slices.Reverse(lines)
			gone := "VIP-0031"
			lines = slices.DeleteFunc(lines, func(line string) bool { return strings.HasPrefix(line, gone) })
			a.write("members.csv", header+"\nA-1,13800138900,金卡会员\nVIP-9999,13800138901,银卡会员\n,,\n"+strings.Join(lines, "")+"VIP-0000,13800138902,钻石会员\n")
			actions, _ := a.plan()
			created, deleted := 0, 0
			for address, action := range actions {
				switch {
				case action.Create() && (strings.Contains(address, "A-1") || strings.Contains(address, "VIP-9999") || strings.Contains(address, "VIP-0000")):
					created++
				case action.Delete() && strings.Contains(address, gone):
					deleted++
				default:
					t.Errorf("%s: %v", address, action)
				}
			}
			if created != 3 || deleted != 1 {
				t.Errorf("three who join and one who leaves plan %v", actions)
			}
		})
	}
}

func TestShardsByHashAreOfLikeSize(t *testing.T) {
	a := start(t, "sharded-roster", mockserver.Options{})
	var csv strings.Builder
	csv.WriteString("user_card_code,phone_number\n")
	for i := range 2000 {
		fmt.Fprintf(&csv, "VIP-%05d,%d\n", i, 13800138000+i)
	}
	a.write("members.csv", csv.String())
	// How many members a shard has needs no members to be made.
	a.write("modules/sharded_members/shard/main.tf", "variable \"members\" {}\nvariable \"card_id\" {}\noutput \"members\" { value = {} }\noutput \"unverified\" { value = [] }\n")
	_, err := a.Apply(t.Context())
	a.must("apply", err)
	state, err := a.State(t.Context())
	a.must("state", err)
	sizes, ok := state.Values.Outputs["members_per_shard"].Value.(map[string]any)
	if !ok || len(sizes) != 20 {
		t.Fatalf("%d shards, want 20", len(sizes))
	}
	for shard, text := range sizes {
		size, err := strconv.Atoi(fmt.Sprint(text))
		if err != nil || size < 60 || size > 140 {
			t.Errorf("shard %s has %v of 2000 members, %v", shard, text, err)
		}
	}
}

func TestThePagesExamplesApply(t *testing.T) {
	member := memberOfThePages()
	for folder, test := range map[string]struct {
		variables map[string]string
		exists    []mockserver.Card
		cards     int
		output    string
	}{
		"resources/wechatpay_member_card_import": {
			variables: map[string]string{
				"card_id": mockserver.TemplatePermanent, "phone_number": "13800138000",
				"staff_card_id": mockserver.TemplateFixTerm, "staff_phone_number": "13800138001",
			},
			cards: 2,
		},
		"data-sources/wechatpay_member_card":  {exists: []mockserver.Card{member}, cards: 1, output: `"138****8000"`},
		"data-sources/wechatpay_member_cards": {exists: []mockserver.Card{member}, cards: 1, output: "/VIP-0001/oGckw19OzKOAgx_cDYJ3fkI_8nO_"},
		"data-sources/wechatpay_member_card_template": {
			variables: map[string]string{"phone_number": "13800138000"}, cards: 1,
		},
		"connection":                        {output: `"encryption_verified" = true`},
		"data-sources/wechatpay_connection": {output: `"encryption_verified" = true`},
		"functions/normalize_phone":         {output: `"+85291234567"`},
		"functions/mask_phone":              {output: `"+852****4567"`},
		"functions/decode_roster":           {variables: map[string]string{"card_id": mockserver.TemplatePermanent}, cards: 2},
		"functions/decode_roster_file":      {variables: map[string]string{"card_id": mockserver.TemplatePermanent}, cards: 2},
	} {
		t.Run(folder, func(t *testing.T) {
			a := start(t, filepath.FromSlash(folder), mockserver.Options{Cards: test.exists})
			for name, value := range test.variables {
				a.Setenv("TF_VAR_"+name, value)
			}
			if result := a.apply(); !strings.Contains(result.Stdout, test.output) {
				t.Errorf("want %s in\n%s", test.output, result.Stdout)
			}
			a.cards(test.cards)
		})
	}
}

// memberOfThePages is the member that the examples of the action and of the list name.
func memberOfThePages() mockserver.Card {
	return mockserver.Card{
		BrandID: mockserver.DefaultBrandID, CardID: mockserver.TemplatePermanent, UserCardCode: "VIP-0001",
		PhoneNumber: "13800138000", Level: "钻石会员",
	}
}

func TestThePagesActionEndsACard(t *testing.T) {
	folder := filepath.FromSlash("actions/wechatpay_member_card_invalidate")
	for _, variant := range []string{"", "action-before-destroy.tf"} {
		t.Run("action"+variant, func(t *testing.T) {
			a := startVariant(t, example{folder: folder, variant: variant}, mockserver.Options{Cards: []mockserver.Card{memberOfThePages()}})
			if variant == "" {
				_, err := a.Apply(t.Context(), "-invoke=action.wechatpay_member_card_invalidate.leaver")
				a.must("invoke", err)
			} else {
				a.apply()
				if card := a.card(mockserver.TemplatePermanent, "VIP-0001"); card.State != mockserver.StateEffective {
					t.Errorf("before the destroy the card is %s", card.State)
				}
				_, err := a.Destroy(t.Context())
				a.must("destroy", err)
			}
			if card := a.card(mockserver.TemplatePermanent, "VIP-0001"); card.State != mockserver.StateInvalid || card.InvalidReason != "客户要求注销" {
				t.Errorf("the card is %s (%s)", card.State, card.InvalidReason)
			}
		})
	}
}

func TestThePagesListsFindWhatThereIs(t *testing.T) {
	for folder, want := range map[string]string{
		"list-resources/wechatpay_member_card_import":   "user_card_code=VIP-0001",
		"list-resources/wechatpay_member_card_template": "card_id=" + mockserver.TemplatePermanent,
	} {
		t.Run(folder, func(t *testing.T) {
			a := start(t, filepath.FromSlash(folder), mockserver.Options{Cards: []mockserver.Card{memberOfThePages()}})
			result, err := a.Run(t.Context(), "query", "-no-color")
			a.must("query", err)
			if !strings.Contains(result.Stdout, want) || strings.Contains(result.Stdout, "1380013800") {
				t.Errorf("want %s and no phone number in\n%s", want, result.Stdout)
			}
		})
	}
}

// What people copy out of the READMEs and guides works as it stands there.
func TestTheReadmesRostersApply(t *testing.T) {
	for _, page := range []string{"README.md", "README.zh-CN.md", "docs/guides/getting-started.md", "docs/guides/getting-started-zh.md"} {
		t.Run(page, func(t *testing.T) {
			a := start(t, "roster", mockserver.Options{})
			content, err := os.ReadFile(filepath.Join("..", "..", "..", filepath.FromSlash(page)))
			a.must(page, err)
			a.write("members.csv", fenced(t, string(content), "csv"))
			a.write("main.tf", fenced(t, string(content), "terraform"))
			_, err = a.Run(t.Context(), "fmt", "-check", "-diff")
			a.must("fmt", err)
			a.apply()
			a.cards(2)
			for code, phone := range map[string]string{"VIP-0001": "13800138000", "VIP-0002": "13800138001"} {
				if card := a.card(mockserver.TemplatePermanent, code); card.PhoneNumber != phone || card.Level == "" {
					t.Errorf("%s has level %q and a phone number that ends in %s", code, card.Level, card.PhoneNumber[len(card.PhoneNumber)-4:])
				}
			}
		})
	}
}

// fenced is the first block of code in a language of a page.
func fenced(t *testing.T, page, language string) string {
	t.Helper()
	_, block, found := strings.Cut(page, "\n```"+language+"\n")
	block, _, ended := strings.Cut(block, "\n```")
	if !found || !ended {
		t.Fatalf("no block of %s", language)
	}
	return block + "\n"
}

func TestThePagesExampleOfAnImportImports(t *testing.T) {
	a := start(t, filepath.FromSlash("resources/wechatpay_member_card_import"), mockserver.Options{Cards: []mockserver.Card{{
		BrandID: mockserver.DefaultBrandID, CardID: mockserver.TemplatePermanent, UserCardCode: "VIP-0001",
		PhoneNumber: "13800138000", Level: "钻石会员",
	}}})
	for name, value := range map[string]string{
		"card_id": mockserver.TemplatePermanent, "phone_number": "13800138000",
		"staff_card_id": mockserver.TemplateFixTerm, "staff_phone_number": "13800138001",
	} {
		a.Setenv("TF_VAR_"+name, value)
	}
	const way = "import-by-string-id.tf"
	block, err := os.ReadFile(filepath.Join("..", "..", "..", "examples", "resources", "wechatpay_member_card_import", way))
	a.must(way, err)
	a.write(way, string(block))
	actions, planned := a.plan()
	if !strings.Contains(planned.Stdout, "Plan: 1 to import, 1 to add, 0 to change, 0 to destroy.") {
		t.Errorf("it plans %v:\n%s", actions, planned.Stdout)
	}
	// The command of import.sh names the same member.
	_, id, _ := strings.Cut(string(block), `id = "`)
	id, _, _ = strings.Cut(id, `"`)
	if !strings.Contains(a.read("import.sh"), "'"+id+"'") {
		t.Errorf("import.sh does not import %s", id)
	}
}

// From an empty WeChat Pay one apply makes picture, template and members, with one request each.
// A destroy is refused, and tells what stays and what ends before it does anything.
func TestAMembershipFromNothing(t *testing.T) {
	a := start(t, "from-nothing", mockserver.Options{Templates: []mockserver.Template{}, PicturesMustBeUploaded: true})
	a.apply()
	a.cards(20)
	counts := map[mockserver.Operation]int{}
	for _, r := range a.mock.Requests() {
		if r.Method == http.MethodPost {
			counts[r.Operation]++
		}
	}
	if want := fmt.Sprint(map[mockserver.Operation]int{
		mockserver.OperationUploadImage: 1, mockserver.OperationCreateTemplate: 1,
		mockserver.OperationImportByPhone: 15, mockserver.OperationImportByOpenID: 5,
	}); fmt.Sprint(counts) != want {
		t.Errorf("requests %v, want %v", counts, want)
	}
	template := a.mock.Templates()[0]
	card := a.card(template.CardID, "VIP-0002")
	if got := fmt.Sprint(card.CustomFields); !strings.Contains(got, "福田店") {
		t.Errorf("the second of the roster has filled in %s", got)
	}

	a.mock.ResetRequests()
	configuration := a.read("main.tf")
	a.write("main.tf", strings.Replace(configuration, "九折", "八折", 1))
	actions, _ := a.plan()
	if len(actions) != 1 || !actions["wechatpay_member_card_template.vip"].Update() {
		t.Errorf("another benefit plans %v", actions)
	}
	if n := a.mock.RequestCounts()[mockserver.OperationTemplate]; n != 1 {
		t.Errorf("a plan reads the template %d times", n)
	}
	a.apply()

	if _, err := a.Destroy(t.Context()); err == nil || !strings.Contains(err.Error(), "protected from being destroyed") {
		t.Errorf("destroy: %v", err)
	}
	a.cards(20)
	a.write("main.tf", strings.Replace(a.read("main.tf"), `code_type        = "QR_CODE"`, "code_type        = \"QR_CODE\"\n  deletion_policy  = \"invalidate\"", 1))
	a.apply()
	_, planned, err := a.Plan(t.Context(), "-destroy")
	a.must("plan -destroy", err)
	for _, want := range []string{"permanently invalidated", "WeChat Pay keeps the picture"} {
		if !strings.Contains(planned.Stdout, want) {
			t.Errorf("the plan does not say %q:\n%s", want, planned.Stdout)
		}
	}
	_, err = a.Destroy(t.Context())
	a.must("destroy", err)
	if template, _ = a.mock.Template(template.CardID); template.State != mockserver.TemplateStateInvalid {
		t.Errorf("the template is %s", template.State)
	}
}
