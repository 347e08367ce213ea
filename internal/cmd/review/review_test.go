// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/acctest"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/mockserver"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/sandbox"
	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/terraformcli"
)

// compareWith is the variable that has the path of a real jq, with which every run of the stand-in
// is compared.
const compareWith = "REVIEW_TEST_JQ"

func TestMain(m *testing.M) {
	if calledAsJQ() {
		if other := os.Getenv(compareWith); other != "" {
			os.Exit(compareJQ(other))
		}
		os.Exit(runJQ())
	}
	// Under the race detector a process sleeps for a second before it exits, for goroutines that have
	// something to report. The stand-in, which runs hundreds of times, has none.
	if err := os.Setenv("GORACE", "atexit_sleep_ms=0 "+os.Getenv("GORACE")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	acctest.Main(m)
}

// compareJQ runs the stand-in and a real jq, and fails where they differ.
func compareJQ(other string) int {
	self := exec.Command(os.Args[0], os.Args[1:]...) //nolint:noctx // it ends by itself
	self.Env = append(os.Environ(), compareWith+"=")
	ours, err := self.Output()
	theirs, otherErr := exec.Command(other, os.Args[1:]...).Output() //nolint:noctx // it ends by itself
	if err != nil || otherErr != nil || !bytes.Equal(ours, theirs) {
		fmt.Fprintf(os.Stderr, "the two jq differ: %v, %v\n%s\n---\n%s\n", err, otherErr, ours, theirs)
		return 1
	}
	_, _ = os.Stdout.Write(ours)
	return 0
}

// jqSetting has the stand-in compared with the jq of this machine, if there is one.
func jqSetting(t *testing.T) string {
	t.Helper()
	installedJQ, err := exec.LookPath(jqName)
	if err != nil {
		t.Log("no jq on PATH: the program runs by gojq only")
	}
	return compareWith + "=" + installedJQ
}

// env is a configuration with a mock of its own.
type env struct {
	*terraformcli.Workspace
	t         *testing.T
	cli       *terraformcli.CLI
	mock      *mockserver.Server
	forbidden map[string]string
}

func start(t *testing.T, options mockserver.Options) *env {
	t.Helper()
	t.Parallel()
	s, w := acctest.Workspace(t, options)
	w.Setenv("WECHATPAY_REQUESTS_PER_SECOND", sandbox.Unlimited)
	w.Setenv("WECHATPAY_CHECK_TEMPLATES", "false")
	w.Setenv("WECHATPAY_MAX_RETRIES", "0")
	return &env{w, t, s.CLI, s.Mock, map[string]string{}}
}

func (e *env) write(name, content string) {
	e.t.Helper()
	if err := e.WriteFile(name, content); err != nil {
		e.t.Fatal(err)
	}
}

// configure writes main.tf, and initialises the folder the first time.
func (e *env) configure(content string) {
	e.t.Helper()
	e.write("main.tf", e.cli.Address().RequiredProviders()+content)
	if _, err := os.Stat(filepath.Join(e.Dir(), ".terraform")); err != nil {
		if _, err := e.Init(e.t.Context()); err != nil {
			e.t.Fatal(err)
		}
	}
}

// vars writes the values of variables.
func (e *env) vars(values map[string]any) {
	e.t.Helper()
	content, err := json.Marshal(values)
	if err != nil {
		e.t.Fatal(err)
	}
	e.write("terraform.tfvars.json", string(content))
}

func (e *env) apply() {
	e.t.Helper()
	if _, err := e.Apply(e.t.Context()); err != nil {
		e.t.Fatal(err)
	}
}

// personal has the review searched for a value that must not be there.
func (e *env) personal(name, value string) { e.forbidden[name] = value }

// review runs the script, and makes sure that nothing personal is in what it left.
func (e *env) review(mode string, settings ...string) *reviewed {
	e.t.Helper()
	result, err := runReview(e.t.Context(), e.Workspace, e.cli.Terraform(), e.t.TempDir(), mode, append(settings, jqSetting(e.t))...)
	if err != nil {
		e.t.Fatal(err)
	}
	for _, card := range e.mock.Cards() {
		e.personal("the phone number of "+card.UserCardCode, card.PhoneNumber)
		e.personal("the openid of "+card.UserCardCode, card.OpenID)
	}
	for _, leak := range sandbox.Leaks(result.markdown, e.forbidden) {
		e.t.Errorf("the review has %s:\n%s", leak, result.markdown)
	}
	for name, secret := range e.forbidden {
		if !strings.HasPrefix(name, "the openid") && secret != "" && strings.Contains(result.log, secret) {
			e.t.Errorf("the log has %s:\n%s", name, result.log)
		}
	}
	if n := len([]rune(result.markdown)); n >= 60_000 {
		e.t.Errorf("the review has %d characters", n)
	}
	return result
}

// has fails the test unless the review has all texts.
func (e *env) has(result *reviewed, texts ...string) {
	e.t.Helper()
	for _, text := range texts {
		if !strings.Contains(result.markdown, text) {
			e.t.Errorf("the review has no %q:\n%s\n%s", text, result.markdown, result.log)
		}
	}
}

func (e *env) hasNot(result *reviewed, texts ...string) {
	e.t.Helper()
	for _, text := range texts {
		if strings.Contains(result.markdown, text) {
			e.t.Errorf("the review has %q:\n%s", text, result.markdown)
		}
	}
}

// rows are the rows of the first table, without the head.
func (r *reviewed) rows() []string {
	var rows []string
	for line := range strings.Lines(r.markdown) {
		switch {
		case strings.HasPrefix(line, "|"):
			rows = append(rows, strings.TrimSpace(line))
		case len(rows) > 0:
			return rows[2:]
		}
	}
	if len(rows) > 0 {
		return rows[2:]
	}
	return nil
}

func phone(n int) string { return strconv.Itoa(13800138000 + n) }

// everyKind is a configuration with a resource for each kind of change.
const everyKind = `
variable "m" { type = map(map(object({ code = string, phone = string, level = string }))) }
variable "ids" { type = map(string) }
`

func memberBlock(kind, policy string) string {
	return fmt.Sprintf(`
resource "wechatpay_member_card_import" %[1]q {
  for_each               = var.m[%[1]q]
  card_id                = %[3]q
  user_card_code         = each.value.code
  phone_number           = each.value.phone
  level                  = each.value.level
  deletion_policy        = %[2]q
  valid_date_information = { type = "PERMANENT" }
}
`, kind, policy, mockserver.TemplatePermanent)
}

type member struct {
	Code  string `json:"code"`
	Phone string `json:"phone"`
	Level string `json:"level"`
}

func TestCountsAreThoseOfThePlan(t *testing.T) {
	for _, n := range []int{0, 1, 2, 3, 300} {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			e := start(t, mockserver.Options{})
			kinds := []string{"created", "levels", "phones", "invalidated", "kept", "replaced", "replaced_kept", "taken", "forgotten", "unverified"}
			before, after := map[string]map[string]member{}, map[string]map[string]member{}
			ids := map[string]string{}
			number := 0
			for _, kind := range kinds {
				before[kind], after[kind] = map[string]member{}, map[string]member{}
				for i := range n {
					number++
					code := fmt.Sprintf("%s-%04d", strings.ReplaceAll(kind, "_", "-"), i)
					m := member{code, phone(number), "银卡会员"}
					old, changed := m, m
					before[kind][code], after[kind][code] = old, changed
					switch kind {
					case "created":
						delete(before[kind], code)
					case "levels":
						changed.Level = "金卡会员"
					case "phones": // the mask stays as it is
						changed.Phone = "1381111" + changed.Phone[7:]
					case "invalidated", "kept", "forgotten":
						delete(after[kind], code)
					case "replaced", "replaced_kept":
						changed.Code += "-NEW"
						changed.Phone = "139" + changed.Phone[3:]
					case "taken", "unverified":
						if err := e.mock.PutCard(mockserver.Card{
							BrandID: mockserver.DefaultBrandID, CardID: mockserver.TemplatePermanent, UserCardCode: code,
							PhoneNumber: m.Phone, Level: m.Level, OpenID: e.mock.OpenID(m.Phone),
							ValidDate: mockserver.ValidDate{Type: mockserver.ValidPermanent}, State: mockserver.StateEffective,
						}); err != nil {
							t.Fatal(err)
						}
						if kind == "taken" {
							delete(before[kind], code)
							ids[code] = strings.Join([]string{mockserver.DefaultBrandID, mockserver.TemplatePermanent, code, e.mock.OpenID(m.Phone)}, "/")
						}
					}
					if _, ok := after[kind][code]; ok {
						after[kind][code] = changed
					}
					e.personal("the new phone number of "+code, changed.Phone)
				}
			}
			blocks := func(withForgotten bool) string {
				text := everyKind
				for _, kind := range kinds {
					switch kind {
					case "invalidated", "replaced":
						text += memberBlock(kind, "invalidate")
					case "forgotten":
						if withForgotten {
							text += memberBlock(kind, "invalidate")
						} else {
							text += "removed {\n  from = wechatpay_member_card_import.forgotten\n  lifecycle { destroy = false }\n}\n"
						}
					default:
						text += memberBlock(kind, "abandon")
					}
				}
				return text
			}
			e.configure(blocks(true))
			// Many members are copies of one, in the state and at WeChat Pay: making each by an apply takes minutes.
			first := map[string]map[string]member{}
			for kind, members := range before {
				first[kind] = map[string]member{}
				for code, m := range members {
					if n <= 3 || strings.HasSuffix(code, "-0000") {
						first[kind][code] = m
					}
				}
			}
			e.vars(map[string]any{"m": first, "ids": map[string]string{}})
			e.apply()
			if n > 3 {
				e.multiply(before)
			}
			e.vars(map[string]any{"m": after, "ids": ids})
			e.configure(blocks(false) + "import {\n  for_each = var.ids\n  to = wechatpay_member_card_import.taken[each.key]\n  id = each.value\n}\n")
			e.Setenv("TF_CLI_ARGS_plan", "-refresh=false")
			result := e.review("plan", "REVIEW_RATE=5")
			if result.exitCode != 0 {
				t.Errorf("exit code %d: %s", result.exitCode, result.log)
			}
			if n == 0 {
				e.has(result, "### Member cards: no changes\n")
				e.hasNot(result, "|", "⛔", "\n- ")
				return
			}
			e.has(result, fmt.Sprintf("### Member cards: %d permanently invalidated, %d no longer managed, %d changed, %d taken into Terraform, %d imported\n", 2*n, 3*n, 2*n, n, 3*n),
				fmt.Sprintf("⛔ **%d cards will be permanently invalidated.**", 2*n),
				fmt.Sprintf("- %d cards stay at WeChat Pay and are no longer managed.", 3*n))
			if n == 1 {
				e.has(result, "- 1 member is unverified:")
			} else {
				e.has(result, fmt.Sprintf("- %d members are unverified:", n))
			}
			// Every card that ends is named at the top, in order.
			_, named, _ := strings.Cut(result.markdown, ">\n> ")
			named, _, _ = strings.Cut(named, "\n")
			var want []string
			for _, kind := range []string{"invalidated", "replaced"} {
				for i := range n {
					want = append(want, fmt.Sprintf("`%s-%04d`", kind, i))
				}
			}
			if named != strings.Join(want, ", ") {
				t.Errorf("the cards that end are named %s, want %s", named, want)
			}
			// 5 calls at 5 a second: n imports, 2n changes, n + n invalidations, 2n imports of replacements.
			e.has(result, fmt.Sprintf("%d requests at 5 a second.", 7*n))
			rows := result.rows()
			if n == 300 {
				if len(rows) < 300 || !strings.Contains(result.markdown, fmt.Sprintf("**%d more rows do not fit here.**", 10*n-n-len(rows))) {
					t.Errorf("%d of %d rows\n%s", len(rows), 9*n, result.markdown)
				}
			} else if len(rows) != 9*n {
				t.Errorf("%d rows, want %d:\n%s", len(rows), 9*n, result.markdown)
			}
			for i, row := range rows[:min(2*n, len(rows))] {
				if !strings.Contains(row, "permanently invalidated") {
					t.Errorf("row %d is %s", i, row)
				}
			}
			if n == 1 {
				if got := strings.Join(rows, "\n"); got != wantRows {
					t.Errorf("the rows are\n%s\nwant\n%s", got, wantRows)
				}
				chinese := e.review("plan", "REVIEW_LANGUAGE=zh", "REVIEW_RATE=5")
				e.has(chinese, "### 会员卡：2 张永久作废，3 张不再受管理，2 张修改，1 张纳入管理，3 张导入\n", "⛔ **2 张会员卡将被永久作废。**",
					"- 3 张会员卡仍留在微信支付，不再受管理。", "- 1 位会员未核实：", "7 次请求，每秒 5 次。")
			}
		})
	}
}

const wantRows = "| `invalidated-0000` | **permanently invalidated** | `银卡会员` | `138****8004` |\n" +
	"| `replaced-0000` | **permanently invalidated**, replaced by `replaced-0000-NEW` | `银卡会员` | `138****8006` → `139****8006` |\n" +
	"| `replaced-kept-0000` | the old card stays at WeChat Pay, unmanaged, replaced by `replaced-kept-0000-NEW` | `银卡会员` | `138****8007` → `139****8007` |\n" +
	"| `forgotten-0000` | no longer managed; the card stays at WeChat Pay | `银卡会员` | `138****8009` |\n" +
	"| `kept-0000` | no longer managed; the card stays at WeChat Pay | `银卡会员` | `138****8005` |\n" +
	"| `levels-0000` | changed: level | `银卡会员` → `金卡会员` | `138****8002` |\n" +
	"| `phones-0000` | changed: phone number | `银卡会员` | `138****8003` (another number) |\n" +
	"| `taken-0000` | taken into Terraform | `银卡会员` | `138****8008` |\n" +
	"| `created-0000` | imported by phone number | `银卡会员` | `138****8001` |"

// multiply puts members into the state, as copies of the one that each resource has, and their cards
// into the mock.
func (e *env) multiply(members map[string]map[string]member) {
	e.t.Helper()
	content, err := os.ReadFile(filepath.Join(e.Dir(), "terraform.tfstate"))
	if err != nil {
		e.t.Fatal(err)
	}
	var state map[string]any
	if err := json.Unmarshal(content, &state); err != nil {
		e.t.Fatal(err)
	}
	for _, resource := range state["resources"].([]any) {
		resource := resource.(map[string]any)
		instances := resource["instances"].([]any)
		instance := instances[0].(map[string]any)
		delete(instance, "private") // it tells one resource from another
		attributes := instance["attributes"].(map[string]any)
		text, err := json.Marshal(instance)
		if err != nil {
			e.t.Fatal(err)
		}
		code, number := attributes["user_card_code"].(string), attributes["phone_number"].(string)
		card, ok := e.mock.Card(mockserver.DefaultBrandID, mockserver.TemplatePermanent, code)
		if !ok {
			e.t.Fatalf("no card %s", code)
		}
		for _, m := range members[resource["name"].(string)] {
			if m.Code == code {
				continue
			}
			replaced := strings.NewReplacer(code, m.Code, number, m.Phone, e.mock.OpenID(number), e.mock.OpenID(m.Phone),
				number[:3]+"****"+number[7:], m.Phone[:3]+"****"+m.Phone[7:]).Replace(string(text))
			var copied any
			if err := json.Unmarshal([]byte(replaced), &copied); err != nil {
				e.t.Fatal(err)
			}
			instances = append(instances, copied)
			if _, ok := e.mock.Card(mockserver.DefaultBrandID, mockserver.TemplatePermanent, m.Code); ok {
				continue
			}
			card.UserCardCode, card.PhoneNumber, card.OpenID = m.Code, m.Phone, e.mock.OpenID(m.Phone)
			if err := e.mock.PutCard(card); err != nil {
				e.t.Fatal(err)
			}
		}
		resource["instances"] = instances
	}
	if content, err = json.Marshal(state); err != nil {
		e.t.Fatal(err)
	}
	e.write("terraform.tfstate", string(content))
}

const oneResource = `
variable "members" { type = map(object({ code = string, phone = string, level = string })) }
resource "wechatpay_member_card_import" "member" {
  for_each               = var.members
  card_id                = "` + mockserver.TemplatePermanent + `"
  user_card_code         = each.value.code
  phone_number           = each.value.phone
  level                  = each.value.level
  deletion_policy        = "invalidate"
  valid_date_information = { type = "PERMANENT" }
}
`

func TestAllRowsOfThreeHundredChangesFit(t *testing.T) {
	e := start(t, mockserver.Options{})
	e.configure(oneResource)
	members := map[string]member{}
	for i := range 300 {
		code := fmt.Sprintf("VIP-2026-%04d", i)
		members[code] = member{code, phone(i), "钻石会员"}
	}
	e.vars(map[string]any{"members": map[string]member{"VIP-2026-0000": members["VIP-2026-0000"]}})
	e.apply()
	e.multiply(map[string]map[string]member{"member": members})
	for code, m := range members {
		m.Level, m.Phone = "金卡会员", "139"+m.Phone[3:]
		members[code] = m
		e.personal("the new phone number of "+code, m.Phone)
	}
	delete(members, "VIP-2026-0299")
	e.vars(map[string]any{"members": members})
	e.Setenv("TF_CLI_ARGS_plan", "-refresh=false")
	result := e.review("plan")
	rows := result.rows()
	if len(rows) != 300 || !strings.HasPrefix(rows[0], "| `VIP-2026-0299` | **permanently invalidated**") || rows[1] !=
		"| `VIP-2026-0000` | changed: level, phone number | `钻石会员` → `金卡会员` | `138****8000` → `139****8000` |" {
		t.Errorf("%d rows:\n%s", len(rows), result.markdown)
	}
}

func TestValuesCannotBreakTheTable(t *testing.T) {
	e := start(t, mockserver.Options{})
	e.configure(oneResource)
	e.vars(map[string]any{"members": map[string]member{
		"a": {"A|`B`*_\\|", phone(0), "a|b`*_<b>\\"},
		"b": {"13800138001", phone(1), "@all #1 ~x"},
		"c": {"+86138-0013-8002", phone(2), "[x](y://z)"},
		"d": {"91234567", "+85291234567", "9123 4567"},
		"e": {"138.0013.8003", phone(3), "x"},
		"f": {"(138)00138004", phone(4), "x"},
		"g": {"1-3-8-0-0-1-3-8-0-0-5", phone(5), "x"},
		"h": {"138|0013|8006", phone(6), "x"},
		"i": {"852.9123.4568", "+85291234568", "(9123)4568"},
	}})
	e.personal("a foreign number", "91234567")
	for _, number := range []string{
		phone(1), phone(2), "138-0013-8002", "9123 4567", "+85291234567", "138.0013.8003", "00138004", "1-3-8-0-0-1-3-8-0-0-5",
		"138|0013|8006", "0013&#124;8006", "9123.4568", "9123)4568",
	} {
		e.personal(number, number)
	}
	for _, language := range []string{"en", "zh"} {
		result := e.review("plan", "REVIEW_LANGUAGE="+language)
		rows := result.rows()
		if len(rows) != 9 {
			t.Fatalf("%d rows:\n%s\n%s", len(rows), result.markdown, result.log)
		}
		for _, row := range rows {
			if n := strings.Count(row, "|"); n != 5 {
				t.Errorf("%d cells: %s", n-1, row)
			}
		}
		e.has(result, "<code>A&#124;&#96;B&#96;&#42;&#95;&#92;&#124;</code>", "`138****8001`", "`+86138****8002`", "`912****4567`", "`138****8003`", "`(138****8004`", "`138****8005`", "`138****8006`", "`852****4568`", "`(912****4568`", "`@all #1 ~x`", "`[x](y://z)`")
		e.hasNot(result, "<b>", "a|b")
	}
	applied := e.review("apply")
	e.has(applied, "### Member cards after the apply: 9 imported\n")
}

func TestAFailedPlanIsPublished(t *testing.T) {
	e := start(t, mockserver.Options{})
	main, err := os.ReadFile(filepath.Join(example, "main.tf"))
	if err != nil {
		t.Fatal(err)
	}
	e.write("members.csv", "user_card_code,phone_number,level\nVIP-0001,13800138000,x\nVIP-0002,1380013800,y\nVIP-0003,13800138000,z\n")
	e.write("main.tf", string(main))
	if _, err := e.Init(t.Context()); err != nil {
		t.Fatal(err)
	}
	e.personal("the phone number of a line", "13800138000")
	e.personal("the wrong phone number", "1380013800")
	result := e.review("plan")
	if result.exitCode != 1 {
		t.Errorf("exit code %d", result.exitCode)
	}
	e.has(result, "### Member cards: the plan failed\n", "**1 error**", "the roster has 2 errors", "  - `line 3: phone_number", "  - `line 4: phone_number 138****8000")
	e.hasNot(result, "outputs", "|")
	e.has(e.review("plan", "REVIEW_LANGUAGE=zh"), "### 会员卡：计划失败\n", "**1 个错误**", "  - `line 3: phone_number")
	e.has(e.review("apply"), "### Member cards after the apply: the plan failed\n")
	// Of many wrong lines the first are shown.
	roster := "user_card_code,phone_number,level\n"
	for i := range 57 {
		roster += fmt.Sprintf("VIP-%04d,1380013,x\n", i)
	}
	e.write("members.csv", roster)
	many := e.review("plan")
	e.has(many, "`57 rows of the roster have errors, these are the first 20`\n  - `line 2: ", "\n  - `37 more rows have errors.`")
	e.hasNot(many, "Error in function call", "Invalid function argument")
	e.has(e.review("plan", "REVIEW_LANGUAGE=zh"), "`名单有 57 行有错误，以下是前 20 行`\n  - `line 2: ")
	// So is a file that Terraform does not read.
	e.write("members.csv", "user_card_code,phone_number,level\nVIP-0001,13800138000,\xbb\xe1\xd4\xb1\n")
	e.has(e.review("plan"), "`members.csv` is not UTF-8. Save it as CSV UTF-8, or read it with `decode_roster_file`.\n")
	e.write("members.csv", "user_card_code,phone_number,level\nVIP-0001,1380013,x\n")
	e.has(e.review("plan"), "`the roster has 1 error`\n  - `line 2: ")
	// An error of a member names its code.
	e.configure(oneResource)
	e.vars(map[string]any{"members": map[string]member{"VIP-1": {"VIP-1", phone(0), "x"}, "VIP 2": {"VIP 2", phone(1), "y"}}})
	e.has(e.review("plan"), "### Member cards: the plan failed\n", "- `VIP 2`: `Invalid value of user_card_code`")
	// Terraform that is no Terraform: no plan at all.
	nothing := e.review("plan", "TERRAFORM=true")
	e.has(nothing, "### Member cards: the plan failed\n", "Terraform named no error.")
	failed := e.review("plan", "TERRAFORM=false")
	e.has(failed, "### Member cards: the plan failed\n")
	if failed.exitCode == 0 {
		t.Error("a Terraform that fails is no failure")
	}
	e.has(e.review("none"), "### Member cards: no review could be made\n")
}

func TestAPlanWithoutMembers(t *testing.T) {
	e := start(t, mockserver.Options{})
	e.configure("output \"x\" { value = 1 }\n")
	e.has(e.review("plan"), "### Member cards: only outputs change\n")
	e.configure("resource \"terraform_data\" \"x\" {}\n")
	e.has(e.review("plan"), "### Member cards: no member changes\n", "- 1 change of other resources is not shown here.")
}

func TestTheRateOfTheConfigurationCounts(t *testing.T) {
	e := start(t, mockserver.Options{})
	members := map[string]member{}
	for i := range 30 {
		members[strconv.Itoa(i)] = member{"VIP-" + strconv.Itoa(i), phone(i), "x"}
	}
	e.vars(map[string]any{"members": members})
	for block, want := range map[string]string{
		"":                                   "about 6 seconds: 30 requests at 5 a second.",
		"requests_per_second = 0.25":         "about 2 minutes: 30 requests at 0.25 a second.",
		"requests_per_second = var.per_time": "about 10 seconds: 30 requests at 3 a second.",
	} {
		e.configure(oneResource + "variable \"per_time\" { default = 3 }\nprovider \"wechatpay\" {\n" + block + "\n}\n")
		e.has(e.review("plan", "REVIEW_RATE=5"), want)
	}
}

func TestTheApplyNamesWhomToCall(t *testing.T) {
	e := start(t, mockserver.Options{
		UnboundPhones: []string{phone(1), phone(5)},
		Cards: []mockserver.Card{{
			BrandID: mockserver.DefaultBrandID, CardID: mockserver.TemplatePermanent, UserCardCode: "VIP-2", PhoneNumber: phone(2), Level: "x",
		}},
	})
	e.configure(oneResource)
	members := map[string]member{}
	for i := range 7 {
		code := "VIP-" + strconv.Itoa(i)
		members[code] = member{code, phone(i), "x"}
	}
	e.personal("a number without an account", phone(1))
	e.personal("a number without an account", phone(5))
	// A refusal that concerns the one member: one of all would keep those from being sent that wait.
	e.mock.Inject(mockserver.Fault{UserCardCode: "VIP-4", Count: -1, Status: 400, Code: "INVALID_REQUEST", Message: "请求不符合规则"})
	e.vars(map[string]any{"members": members})
	result := e.review("apply")
	if result.exitCode != 1 {
		t.Errorf("exit code %d", result.exitCode)
	}
	e.has(result, "### Member cards after the apply: the apply did not finish, 3 imported, 1 already there, 2 without a WeChat account, 1 failed\n", "**4 members need a person**")
	rows := result.rows()
	for i, want := range []string{"`VIP-1` | `138****8001` | Call:", "`VIP-2` | `138****8002` | Unverified:", "`VIP-4` | `138****8004` | Failed: `", "`VIP-5` | `138****8005` | Call:"} {
		if i >= len(rows) || !strings.HasPrefix(rows[i], "| "+want) {
			t.Errorf("row %d is not %s:\n%s", i, want, result.markdown)
		}
	}
	// Who is unverified is named again by every apply.
	again := e.review("apply", "REVIEW_LANGUAGE=zh")
	e.has(again, "### 会员卡执行结果：执行未完成，2 张没有绑定微信，1 张失败\n", "**4 位会员需要人工处理**", "未核实：")

	e.mock.ClearFaults()
	e.mock.SetPhoneBound(phone(1), true)
	delete(members, "VIP-5")
	delete(members, "VIP-0")
	m := members["VIP-3"]
	m.Level = "y"
	members["VIP-3"] = m
	e.vars(map[string]any{"members": members})
	e.has(e.review("apply"), "### Member cards after the apply: 2 imported, 1 changed, 1 permanently invalidated\n", "**1 member needs a person**", "| `VIP-2` |")
}

// The card that a replacement leaves behind is an own object of Terraform's, at the address of its successor.
func TestACardThatAReplacementCouldNotEndIsNamed(t *testing.T) {
	e := start(t, mockserver.Options{})
	e.configure(strings.Replace(oneResource, "valid_date_information", "lifecycle { create_before_destroy = true }\n  valid_date_information", 1))
	e.vars(map[string]any{"members": map[string]member{"a": {"VIP-1", phone(1), "x"}}})
	e.apply()
	e.personal("the new phone number", phone(2))
	e.vars(map[string]any{"members": map[string]member{"a": {"VIP-2", phone(2), "x"}}})
	e.mock.Inject(mockserver.Fault{Operation: mockserver.OperationInvalidate, Count: -1, Status: 400, Code: "INVALID_REQUEST", Message: "会员卡模版ID不属于该品牌"})
	e.has(e.review("apply"), "### Member cards after the apply: the apply did not finish, 1 imported, 1 failed\n", "**1 member needs a person**",
		"| `VIP-1` | `138****8001` | The old card: Failed: see the errors above |")
	e.mock.ClearFaults()
	e.has(e.review("plan"), "### Member cards: 1 permanently invalidated\n", "| `VIP-1` | **permanently invalidated** |")
	e.has(e.review("apply"), "### Member cards after the apply: 1 permanently invalidated\n")
}

func TestAMemberThatIsLeftIncompleteIsNamed(t *testing.T) {
	e := start(t, mockserver.Options{})
	e.configure(strings.Replace(oneResource, "deletion_policy ", "attach = \"x\"\n  deletion_policy ", 1))
	e.mock.Inject(mockserver.Fault{Operation: mockserver.OperationModify, Status: 400, Code: "PARAM_ERROR", Message: "参数错误"})
	e.vars(map[string]any{"members": map[string]member{"a": {"VIP-1", phone(1), "x"}}})
	e.has(e.review("apply"), "1 imported\n", "| `VIP-1` | `138****8001` | Incomplete:")
}

// A program that prints a phone number, as a mistake in review.jq would, publishes only that there is no review.
func TestTheScriptPublishesNoPhoneNumber(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	script, err := os.ReadFile(filepath.Join(example, "review.sh"))
	if err != nil {
		t.Fatal(err)
	}
	environ, err := linkJQ(dir, os.Environ())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"mainland": "x 13800138000", "abroad": "+85291234567", "with hyphens": "138-0013-8000", "with spaces": "(138 0013 8000)", "with dots": "138.0013.8000",
		"in brackets": "(138)00138000", "each digit apart": "1 3 8 0 0 1 3 8 0 0 0", "with Chinese hyphens": "138－0013－8000", "as code": "<code>138&#124;0013&#124;8000</code>",
		"abroad, with dots": "+852.9123.4567",
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			program := fmt.Sprintf("if $mode == \"plan\" then %q else \"nothing\" end", text)
			for file, content := range map[string]string{"review.sh": string(script), "review.jq": program} {
				if err := os.WriteFile(filepath.Join(folder, file), []byte(content), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			cmd := exec.CommandContext(t.Context(), "bash", "review.sh", "plan", "review.md")
			cmd.Dir = folder
			cmd.Env = append(slices.Clone(environ), "TERRAFORM=true")
			output, err := cmd.CombinedOutput()
			review, readErr := os.ReadFile(filepath.Join(folder, "review.md"))
			if err == nil || readErr != nil || string(review) != "nothing\n" || strings.Contains(string(output), text) {
				t.Errorf("%v, %v: %s\n%s", err, readErr, review, output)
			}
		})
	}
}

func TestThePicturesAreOfThisTree(t *testing.T) {
	e := start(t, storyOptions())
	drawn, err := drawAll(t.Context(), &sandbox.Sandbox{Mock: e.mock, CLI: e.cli})
	if err != nil {
		t.Fatal(err)
	}
	for file, got := range drawn {
		want, err := os.ReadFile(filepath.Join(example, file))
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s is not what this tree draws: run go run ./internal/cmd/review", file)
		}
		for _, card := range e.mock.Cards() {
			if strings.Contains(got, card.PhoneNumber) || card.OpenID != "" && strings.Contains(got, card.OpenID) {
				t.Errorf("%s has personal values of %s", file, card.UserCardCode)
			}
		}
	}
}

func TestOneCauseIsNamedOnceAfterAnApply(t *testing.T) {
	e := start(t, mockserver.Options{})
	e.configure(oneResource)
	members := map[string]member{}
	for i := range 5 {
		members[strconv.Itoa(i)] = member{"VIP-" + strconv.Itoa(i), phone(i), "x"}
	}
	e.vars(map[string]any{"members": members})
	e.mock.Inject(mockserver.Fault{Operation: mockserver.OperationImportByPhone, Count: -1, Status: 403, Code: "NO_AUTH", Message: "商户号无权限"})
	result := e.review("apply")
	e.has(result, "### Member cards after the apply: the apply did not finish, 1 failed, 4 not sent\n", "**1 member needs a person**", "**4 members were not sent**; apply again: ")
	if rows := result.rows(); len(rows) != 1 || !strings.Contains(rows[0], "Failed: `The merchant has no permission") {
		t.Errorf("the cause is not named once:\n%s", result.markdown)
	}
}
