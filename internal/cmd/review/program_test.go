// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"cmp"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// These tests give review.jq what the Terraform of other tests cannot make.

type object = map[string]any

// input is what review.jq gets. Language and status are English and 0 where they are empty.
type input struct {
	plan                         any
	log, state, language, status string
}

// program runs review.jq in English on a plan and a log.
func program(t *testing.T, mode string, plan any, log string) string {
	t.Helper()
	return input{plan: plan, log: log}.program(t, mode)
}

// program runs review.jq.
func (in input) program(t *testing.T, mode string) string {
	t.Helper()
	text, ok := in.plan.(string)
	if !ok {
		text = encode(t, in.plan)
	}
	folder := t.TempDir()
	for name, content := range map[string]string{"plan": text, "log": in.log, "state": in.state} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	environ, err := linkJQ(folder, os.Environ())
	if err != nil {
		t.Fatal(err)
	}
	file, err := filepath.Abs(filepath.Join(example, "review.jq"))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), filepath.Join(folder, jqName), "-nr", "-f", file, "--arg", "mode", mode, "--arg", "language", cmp.Or(in.language, "en"),
		"--arg", "status", cmp.Or(in.status, "0"), "--arg", "rate", "5", "--arg", "commit", "", "--rawfile", "plan", "plan", "--rawfile", "log", "log", "--rawfile", "state", "state")
	cmd.Dir = folder
	cmd.Env = append(slices.Clone(environ), jqSetting(t))
	output, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return string(output)
}

// encode is a value as JSON.
func encode(t *testing.T, value any) string {
	t.Helper()
	content, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// diagnostic is a line of the log.
func diagnostic(t *testing.T, of object) string {
	t.Helper()
	return encode(t, object{"type": "diagnostic", "diagnostic": of}) + "\n"
}

// completed is the line of the log that reports a change.
func completed(t *testing.T, address, action string) string {
	t.Helper()
	return encode(t, object{"type": "apply_complete", "hook": object{"resource": object{"addr": address}, "action": action}}) + "\n"
}

// stateWith is a state that holds members, by address.
func stateWith(t *testing.T, members map[string]object) string {
	t.Helper()
	resources := []object{}
	for address, values := range members {
		resources = append(resources, object{"address": address, "mode": "managed", "type": memberType, "values": values})
	}
	return encode(t, object{"format_version": "1.0", "values": object{"root_module": object{"resources": resources}}})
}

const memberType = "wechatpay_member_card_import"

// at is the address of a member.
func at(key string) string { return memberType + `.m["` + key + `"]` }

// card is a member as a plan or a state shows it. Values that follow replace those of every member.
func card(code string, values ...object) object {
	c := object{
		"brand_id": "1004", "card_id": "T1", "user_card_code": code, "openid": "oGckw19OzKOAgx_cDYJ3fkI_8nO_",
		"phone_number": "13800138000", "phone_number_masked": "138****8000", "level": "x", "user_card_state": "EFFECTIVE",
	}
	for _, of := range values {
		maps.Copy(c, of)
	}
	return c
}

var invalidate = object{"deletion_policy": "invalidate"}

// contains fails the test unless a review has all texts.
func contains(t *testing.T, review string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(review, text) {
			t.Errorf("the review has no %q:\n%s", text, review)
		}
	}
}

func lacks(t *testing.T, review string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(review, text) {
			t.Errorf("the review has %q:\n%s", text, review)
		}
	}
}

// planned is a plan with changes of resources.
func planned(changes ...object) object {
	return object{"format_version": "1.2", "terraform_version": "1.14.0", "planned_values": object{}, "complete": true, "resource_changes": changes}
}

func change(kind, address string, actions []string, before, after any) object {
	return object{"address": address, "mode": "managed", "type": kind, "change": object{"actions": actions, "before": before, "after": after, "after_unknown": object{}}}
}

func TestWhatIsNoPlanIsNeverTakenForOne(t *testing.T) {
	t.Parallel()
	errored := planned()
	errored["errored"] = true
	for name, plan := range map[string]any{
		"nothing": "", "text": "No changes. Your infrastructure matches the configuration.", "half": `{"format_version":"1.2","planned_`,
		"a list": "[]", "a state": object{"format_version": "1.0", "terraform_version": "1.14.0"}, "an errored plan": errored,
	} {
		if got := program(t, "plan", plan, "Error: something\n{}\n{broken"); !strings.Contains(got, "### Member cards: the plan failed\n") {
			t.Errorf("%s is reviewed as\n%s", name, got)
		}
	}
}

func TestTemplatesPicturesAndActionsAreNamed(t *testing.T) {
	t.Parallel()
	template := func(policy string) object { return object{"card_title": "VIP|卡", "deletion_policy": policy} }
	plan := planned(
		change("wechatpay_member_card_template", "wechatpay_member_card_template.vip", []string{"delete", "create"}, template("invalidate"), template("invalidate")),
		change("wechatpay_member_card_template", "wechatpay_member_card_template.old", []string{"delete"}, template("abandon"), nil),
		change("wechatpay_image", "wechatpay_image.front", []string{"create"}, nil, object{}),
	)
	plan["action_invocations"] = []object{{
		"address": "action.wechatpay_member_card_invalidate.end", "type": "wechatpay_member_card_invalidate", "config_values": object{"user_card_code": "VIP-0009"},
	}}
	plan["complete"] = false
	got := program(t, "plan", plan, "")
	for _, want := range []string{
		"### Member cards: 1 permanently invalidated, 1 card template permanently invalidated, and more will follow\n",
		"⛔ **1 card will be permanently invalidated by an action.** This cannot be undone. Tell these members first.\n>\n> `VIP-0009`",
		"⛔ **1 card template will be permanently invalidated.**", "<code>VIP&#124;卡</code>: created and removed", "<code>VIP&#124;卡</code>: removed; it stays at WeChat Pay\n",
		"- Picture `wechatpay_image.front`: created", "This plan is not complete",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the review has no %q:\n%s", want, got)
		}
	}
}

func TestLineEndsAndInvisibleCharactersStayOnOneLine(t *testing.T) {
	t.Parallel()
	got := program(t, "plan", planned(change("wechatpay_member_card_import", "wechatpay_member_card_import.a", []string{"create"}, nil, object{
		"user_card_code": "VIP\u202e-1", "level": "a\r\n/approve\n\n| b |\u2028c", "phone_number_masked": "138****8000", "phone_number": "13800138000",
	})), "")
	if want := "| `VIP -1` | imported by phone number | <code>a&#8629;&#47;approve&#8629;&#8629;&#124; b &#124; c</code> | `138****8000` |"; !strings.Contains(got, want) &&
		!strings.Contains(got, strings.ReplaceAll(want, "&#8629;", "↵")) {
		t.Errorf("the review has no %s:\n%s", want, got)
	}
}

// An error of something else than the provider may hold anything: only its title and place are shown.
func TestErrorsOfOthersAreNamedOnly(t *testing.T) {
	t.Parallel()
	place := object{"filename": "main.tf", "start": object{"line": 7}}
	log := diagnostic(t, object{"severity": "error", "summary": "Check failed", "detail": "张三 lives here", "range": place}) +
		diagnostic(t, object{"severity": "error", "summary": "The card exists", "address": `wechatpay_member_card_import.m["VIP-1"]`, "range": place,
			"detail": "Import 1004/pbLatjvWOibDc5-TBnbUk1pD12o0/VIP-1/oGckw19OzKOAgx_cDYJ3fkI_8nO_ of 13800138000."}) +
		diagnostic(t, object{"severity": "error", "summary": "Error acquiring the state lock", "detail": "locked by ci"})
	got := program(t, "plan", "", log)
	for _, want := range []string{
		"**3 errors**", "- `main.tf`, line 7: `Check failed`", "- `VIP-1`: `The card exists`\n  - `Import 1004/pbLatjvWOibDc5-TBnbUk1pD12o0/VIP-1/*** of 138****8000.`",
		"- `Error acquiring the state lock`\n  - `locked by ci`",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the review has no %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, "张三") {
		t.Errorf("the review has the words of another's error:\n%s", got)
	}
	if logged := program(t, "log", "", log); !strings.Contains(logged, "oGckw19OzKOAgx_cDYJ3fkI_8nO_ of 138****8000") {
		t.Errorf("the log has not what imports the card again:\n%s", logged)
	}
}

func TestMembersThatWereNotSentAreNamed(t *testing.T) {
	t.Parallel()
	member := func(code string) object {
		return change("wechatpay_member_card_import", "wechatpay_member_card_import.m[\""+code+"\"]", []string{"create"}, nil, object{"user_card_code": code, "phone_number_masked": "138****8000"})
	}
	got := program(t, "apply", planned(member("VIP-2"), member("VIP-1")), "")
	for _, want := range []string{"2 not sent\n", "**2 members were not sent**; apply again: `VIP-1`, `VIP-2`", "The state could not be read"} {
		if !strings.Contains(got, want) {
			t.Errorf("the review has no %q:\n%s", want, got)
		}
	}
}

func TestTheHeadingSaysWhatTheReviewSays(t *testing.T) {
	t.Parallel()
	action := object{"address": "action.wechatpay_member_card_invalidate.end", "type": "wechatpay_member_card_invalidate", "config_values": object{"user_card_code": "VIP-0009"}}
	template := change("wechatpay_member_card_template", "wechatpay_member_card_template.x", []string{"delete"}, object{"card_title": "VIP", "deletion_policy": "invalidate"}, nil)
	picture := change("wechatpay_image", "wechatpay_image.x", []string{"delete"}, object{}, nil)
	member := change(memberType, at("VIP-1"), []string{"delete"}, card("VIP-1", invalidate), nil)
	for name, test := range map[string]struct {
		changes          []object
		action, deferred bool
		english, chinese string
	}{
		"only an action":              {action: true, english: "1 permanently invalidated", chinese: "1 张永久作废"},
		"an action and a member":      {changes: []object{member}, action: true, english: "2 permanently invalidated", chinese: "2 张永久作废"},
		"only a card template":        {changes: []object{template}, english: "1 card template permanently invalidated", chinese: "1 个模板永久作废"},
		"a picture":                   {changes: []object{picture}, english: "no member changes", chinese: "会员没有变化"},
		"nothing that is known":       {deferred: true, english: "no changes, and more will follow", chinese: "没有变化，之后还有变化"},
		"a member, and more to come":  {changes: []object{member}, deferred: true, english: "1 permanently invalidated, and more will follow", chinese: "1 张永久作废，之后还有变化"},
		"a picture, and more to come": {changes: []object{picture}, deferred: true, english: "no member changes, and more will follow", chinese: "会员没有变化，之后还有变化"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plan := planned(test.changes...)
			plan["complete"] = !test.deferred
			if test.action {
				plan["action_invocations"] = []object{action}
			}
			contains(t, program(t, "plan", plan, ""), "### Member cards: "+test.english+"\n")
			contains(t, input{plan: plan, language: "zh"}.program(t, "plan"), "### 会员卡："+test.chinese+"\n")
		})
	}
}

func TestRowsSayWhatHappensToAMember(t *testing.T) {
	t.Parallel()
	update := func(before, after object) object {
		return change(memberType, at("a"), []string{"update"}, before, after)
	}
	replace := func(after object, actions ...string) object {
		return change(memberType, at("a"), actions, card("R1"), after)
	}
	unknown := func(of object, names ...string) object {
		for _, name := range names {
			of["change"].(object)["after_unknown"].(object)[name] = true
		}
		return of
	}
	create := func(values ...object) object {
		return change(memberType, at("a"), []string{"create"}, nil, card("VIP-1", values...))
	}
	none := object{"openid": nil, "phone_number": nil, "phone_number_masked": nil}
	for name, test := range map[string]struct {
		change           object
		english, chinese string
	}{
		"another template": {
			replace(card("R1", object{"card_id": "T2"}), "delete", "create"),
			"| `R1` | `1004/T1` → `1004/T2` | the old card stays at WeChat Pay, unmanaged, replaced by a card under the template `1004/T2` |",
			"替换为模板 `1004/T2` 下的卡 |",
		},
		"another template, not known yet": {
			unknown(replace(card("R1", object{"card_id": nil}), "delete", "create"), "card_id"),
			"replaced by a card under the template known after the apply |", "替换为模板 执行后才知道 下的卡 |",
		},
		"the same code":                      {replace(card("R1"), "delete", "create"), "| `R1` | the old card stays at WeChat Pay, unmanaged, replaced by a card under the same code |", "替换为同一卡号的新卡 |"},
		"another code":                       {replace(card("R2"), "create", "forget"), "| `R1` | the old card stays at WeChat Pay, unmanaged, replaced by `R2` |", "替换为 `R2` |"},
		"a code not known":                   {unknown(replace(card("R2", object{"user_card_code": nil}), "delete", "create"), "user_card_code"), "replaced by a code that is known after the apply |", "替换为执行后才知道的卡号 |"},
		"only forgotten":                     {change(memberType, at("a"), []string{"forget"}, card("R1"), nil), "| `R1` | no longer managed; the card stays at WeChat Pay |", "不再受管理，卡仍留在微信支付 |"},
		"a policy":                           {update(card("P"), card("P", invalidate)), "| `P` | changed (deletion policy: `abandon` → `invalidate`) |", "| 修改（移除时的处理：`abandon` → `invalidate`） |"},
		"a policy and others":                {update(card("P", invalidate), card("P", object{"level": "y"})), "| changed: level (deletion policy: `invalidate` → `abandon`) |", "| 修改：等级（移除时的处理：`invalidate` → `abandon`） |"},
		"on_existing":                        {update(card("P"), card("P", object{"on_existing": "error"})), "| changed: on existing |", "| 修改：已存在时的处理 |"},
		"by openid":                          {create(), "| imported by openid |", "| 按 openid 导入 |"},
		"by phone number":                    {unknown(create(object{"openid": nil}), "openid"), "| imported by phone number |", "| 按手机号导入 |"},
		"by a number that is written only":   {unknown(create(none, object{"phone_number_wo_version": 1}), "openid"), "| imported by phone number |", "| 按手机号导入 |"},
		"by an openid that is not known yet": {unknown(create(none), "openid"), "| imported by openid |", "| 按 openid 导入 |"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plan := planned(test.change)
			contains(t, program(t, "plan", plan, ""), test.english)
			contains(t, input{plan: plan, language: "zh"}.program(t, "plan"), test.chinese)
		})
	}
}

func TestAPolicyThatWillInvalidateIsAFact(t *testing.T) {
	t.Parallel()
	changes := []object{}
	for _, code := range []string{"P1", "P2"} {
		changes = append(changes, change(memberType, at(code), []string{"update"}, card(code), card(code, invalidate)))
	}
	contains(t, program(t, "plan", planned(changes[0]), ""), "- 1 card will be permanently invalidated from now on when its line is removed.\n")
	contains(t, program(t, "plan", planned(changes...), ""), "- 2 cards will be permanently invalidated from now on when their line is removed.\n")
	contains(t, input{plan: planned(changes...), language: "zh"}.program(t, "plan"), "- 从现在起，2 位会员的行一旦删除，卡将永久作废。\n")
	back := change(memberType, at("P"), []string{"update"}, card("P", invalidate), card("P"))
	lacks(t, program(t, "plan", planned(back), ""), "from now on")
}

func TestRequestsAreThoseThatAreSent(t *testing.T) {
	t.Parallel()
	template := func(actions []string, before, after object) object {
		return change("wechatpay_member_card_template", "wechatpay_member_card_template.x", actions, before, after)
	}
	picture := func(action string) object {
		return change("wechatpay_image", "wechatpay_image.x", []string{action}, object{}, object{})
	}
	imports := change(memberType, at("i"), []string{"no-op"}, card("i"), card("i"))
	imports["change"].(object)["importing"] = object{"id": "x"}
	invalid := object{"deletion_policy": "invalidate", "state": "CARD_INVALID"}
	for name, test := range map[string]struct {
		changes []object
		want    string
		not     []string
	}{
		"a picture that is only forgotten": {changes: []object{picture("delete")}, not: []string{"request"}},
		"a picture that is uploaded":       {changes: []object{picture("create")}, want: "1 request at"},
		"a template and a picture that go": {changes: []object{template([]string{"delete"}, object{"deletion_policy": "invalidate"}, nil), picture("delete")}, want: "1 request at"},
		"a template that is left":          {changes: []object{template([]string{"delete"}, object{}, nil)}, not: []string{"request"}},
		"a template that is invalid":       {changes: []object{template([]string{"delete"}, invalid, nil)}, not: []string{"request", "permanently"}},
		"a template that is replaced":      {changes: []object{template([]string{"delete", "create"}, object{"deletion_policy": "invalidate"}, object{})}, want: "3 requests at"},
		"an import into the state is read": {changes: []object{imports, change(memberType, at("c"), []string{"create"}, nil, card("c"))}, want: "Before that it reads the card that exists already"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := program(t, "plan", planned(test.changes...), "")
			contains(t, got, test.want)
			lacks(t, got, test.not...)
		})
	}
}

// Nothing that a failed plan leaves but its errors: the codes are those of the addresses.
func TestAFailedPlanNamesCodesAndCauses(t *testing.T) {
	t.Parallel()
	place := object{"filename": "main.tf", "start": object{"line": 7}}
	ofFile := object{
		"severity": "error", "summary": "Invalid function argument", "range": place, "snippet": object{"function_call": object{"called_as": "file"}},
		"detail": `Invalid value for "path" parameter: contents of "./members.csv" are not valid UTF-8; use the filebase64 function to obtain the Base64 encoded contents or the other file functions (e.g. filemd5, filesha256) to obtain file hashing results instead.`,
	}
	ofMember := func(address string) object {
		return object{"severity": "error", "summary": "Invalid value of user_card_code", "detail": "x", "address": address}
	}
	for name, test := range map[string]struct {
		of               object
		english, chinese string
	}{
		"a code":                         {ofMember(at("VIP-1")), "- `VIP-1`: `Invalid", "- `VIP-1`：值不正确"},
		"a code with a quotation mark":   {ofMember(at(`V\"1`)), "- `V\"1`: `Invalid", "- `V\"1`："},
		"a code in a module with a key":  {ofMember(`module.a["b"].` + at(`V\"1`)), "- `V\"1`: `Invalid", "- `V\"1`："},
		"a code that looks like a place": {ofMember(at(`a[\"b\"]`)), "- `a[\"b\"]`: `Invalid", "- `a[\"b\"]`："},
		"a module with a key, no code":   {ofMember(`module.a["b"].` + memberType + ".m"), "- `module.a[\"b\"]." + memberType + ".m`: `Invalid", "`："},
		"a file in GBK":                  {ofFile, "- `main.tf`, line 7: `members.csv` is not UTF-8. Save it as CSV UTF-8, or read it with `decode_roster_file`.\n", "- `main.tf`，第 7 行：`members.csv` 不是 UTF-8：请另存为 CSV UTF-8，或用 `decode_roster_file` 读取。\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log := diagnostic(t, test.of)
			contains(t, program(t, "plan", "", log), test.english)
			contains(t, input{log: log, language: "zh"}.program(t, "plan"), test.chinese)
		})
	}
}

// Titles stand in review.jq. One that the provider does not have any more is in no index of errors, either.
func TestTitlesAreThoseOfTheIndexOfErrors(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile(filepath.Join(example, "review.jq"))
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", "guides", "failures.md"))
	if err != nil {
		t.Fatal(err)
	}
	index, _, ok := strings.Cut(string(page), "<!-- end of the index -->")
	if !ok {
		t.Fatal("the guide does not say where its index ends")
	}
	for _, list := range []string{"saidAbove: [", "titleNames: {"} {
		_, text, _ := strings.Cut(string(content), "def "+list+"\n")
		text, _, _ = strings.Cut(text, ";\n")
		titles := regexp.MustCompile(`(?m)^  "([^"]+)"`).FindAllStringSubmatch(text, -1)
		if len(titles) < 5 {
			t.Errorf("%s has %d titles", list, len(titles))
		}
		for _, title := range titles {
			if !strings.Contains(index, title[1]) {
				t.Errorf("the index of errors has no title %q", title[1])
			}
		}
	}
}

func TestPhoneNumbersAreMaskedInEveryForm(t *testing.T) {
	t.Parallel()
	for level, want := range map[string]string{
		"13800138000": "`138****8000`", "138.0013.8000": "`138****8000`", "(138)00138000": "`(138****8000`", "1 3 8 0 0 1 3 8 0 0 0": "`138****8000`",
		"13 800 138 000": "`138****8000`", "138 - 0013": "`138 - 0013`", "138·0013·8000": "`138****8000`", "138－0013－8000": "`138****8000`",
		"+86 (138) 0013–8000": "`+86138****8000`", "0086 138 0013 8000": "`0086138****8000`", "１３８００１３８０００": "`138****8000`", "138|0013|8000": "`138****8000`",
		"13800138000,13900139000,13700137000": "`138****8000,139****9000,137****7000`",
		"+852.9123.4567":                      "`+852****4567`", "+1 (212) 555-0100": "`+121****0100`", "9123-4567": "`912****4567`", "2026-11-25": "`2026-11-25`", "138001380001": "`138001380001`",
	} {
		plan := planned(change(memberType, at("a"), []string{"create"}, nil, card("a", object{"level": level, "phone_number": "+85291234567"})))
		contains(t, program(t, "plan", plan, ""), "| imported by openid | "+want+" |")
	}
}

// A reader finds in the guide what the review says.
func TestTheGuideHasTheWordsOfTheReview(t *testing.T) {
	t.Parallel()
	program, err := os.ReadFile(filepath.Join(example, "review.jq"))
	if err != nil {
		t.Fatal(err)
	}
	page, err := os.ReadFile(filepath.Join("..", "..", "..", "templates", "guides", "review.md"))
	if err != nil {
		t.Fatal(err)
	}
	english, chinese, _ := strings.Cut(string(page), "\n## 中文\n")
	for _, words := range [][2]string{
		{"permanently invalidated", "永久作废"},
		{"no changes", "没有变化"},
		{"no member changes", "会员没有变化"},
		{"only outputs change", "仅输出值有变化"},
		{"and more will follow", "之后还有变化"},
		{"This plan is not complete", "此计划不完整"},
		{"the plan failed", "计划失败"},
		{"no review could be made", "未能生成审阅内容"},
		{" no longer managed", "不再受管理"},
		{" will be permanently invalidated from now on when ", "的行一旦删除，卡将永久作废"},
		{" unverified", "位会员未核实"},
		{"address in Terraform", "只是在 Terraform 中换了地址"},
		{" is not UTF-8", " 不是 UTF-8"},
		{"no longer managed; the card stays at WeChat Pay", "不再受管理，卡仍留在微信支付"},
		{"removed; the card is invalid already", "移除（卡早已作废）"},
		{"replaced by", "替换为"},
		{"the old card stays at WeChat Pay, unmanaged", "旧卡仍留在微信支付，不再受管理"},
		{"another number", "换了号码"},
		{"imported by phone number", "按手机号导入"},
		{"imported by openid", "按 openid 导入"},
		{"taken into Terraform", "纳入 Terraform 管理"},
		{"as at WeChat Pay", "以微信支付为准"},
		{"known after the apply", "执行后才知道"},
		{"more rows do not fit here", "行在此放不下"},
		{"without a WeChat account", "没有绑定微信"},
		{"already there", "早已存在"},
		{"Unverified", "未核实"},
		{"Incomplete", "未完成"},
		{"failed and may have been carried out", "失败但可能已生效"},
		{"The old card", "旧卡"},
		{"not sent", "未发送"},
		{"invalidated by an action", "由 action 作废"},
		{"action failed", "action 失败"},
		{"action did not run", "action 未运行"},
		{"with an unknown outcome", "结果未知"},
		{"The state could not be read", "无法读取状态"},
	} {
		for i, part := range []string{english, chinese} {
			if !strings.Contains(string(program), words[i]) {
				t.Errorf("the review does not say %q any more", words[i])
			}
			if !strings.Contains(part, words[i]) {
				t.Errorf("the guide does not have %q", words[i])
			}
		}
	}
}
