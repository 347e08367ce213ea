// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var (
	action = regexp.MustCompile(`uses: (\S+)`)
	pinned = regexp.MustCompile(`^[\w.-]+/[\w./-]+@[0-9a-f]{40}$`)
)

// jobs are the texts of a pipeline's jobs, by name. indent is what stands before a job's name.
func jobs(t *testing.T, file, indent string) map[string]string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(example, file))
	if err != nil {
		t.Fatal(err)
	}
	text := string(content)
	places := regexp.MustCompile("(?m)^"+indent+"([a-z]+):$").FindAllStringSubmatchIndex(text, -1)
	found := map[string]string{}
	for i, place := range places {
		end := len(text)
		if i+1 < len(places) {
			end = places[i+1][0]
		}
		found[text[place[2]:place[3]]] = text[place[0]:end]
	}
	return found
}

func TestTheWorkflowKeepsSecretsFromForksAndBuilds(t *testing.T) {
	t.Parallel()
	content, err := os.ReadFile(filepath.Join(example, "github-actions.yml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, use := range action.FindAllStringSubmatch(string(content), -1) {
		if !pinned.MatchString(use[1]) {
			t.Errorf("%s is not pinned by commit", use[1])
		}
	}
	if regexp.MustCompile(`(?m)^\s*pull_request_target:`).MatchString(string(content)) {
		t.Error("pull_request_target gives forks the secrets")
	}
	all := jobs(t, "github-actions.yml", "  ")
	for name, want := range map[string]struct{ key, writes bool }{
		"fork": {}, "provider": {}, "plan": {key: true}, "comment": {writes: true}, "apply": {key: true}, "report": {writes: true},
	} {
		text, ok := all[name]
		if !ok {
			t.Errorf("there is no job %s", name)
			continue
		}
		if got := strings.Contains(text, "secrets."); got != want.key {
			t.Errorf("job %s has secrets: %v", name, got)
		}
		if got := strings.Contains(text, "environment: "); got != want.key {
			t.Errorf("job %s has an environment: %v", name, got)
		}
		if got := strings.Contains(text, ": write"); got != want.writes {
			t.Errorf("job %s has a token that may write: %v", name, got)
		}
	}
	const same = "github.event.pull_request.head.repo.full_name == github.repository"
	if !strings.Contains(all["plan"], "if: github.event_name == 'pull_request' && "+same) || !strings.Contains(all["provider"], same) {
		t.Error("a fork's pull request is planned")
	}
	if !strings.Contains(all["fork"], "full_name != github.repository") || !strings.Contains(all["fork"], "exit 1") {
		t.Error("a fork's pull request does not fail")
	}
	if strings.Contains(all["comment"], "path: branch") || !strings.Contains(all["comment"], "base.sha") {
		t.Error("the job that may write runs what the branch has")
	}
	// A job that waits for another one only is skipped with it, and an old comment would stay.
	for name, want := range map[string]string{
		"comment": "if: ${{ !cancelled() && github.event_name == 'pull_request' && " + same + " }}\n    needs: [provider, plan]\n",
		"report":  "if: ${{ !cancelled() && github.event_name == 'push' }}\n    needs: [provider, apply]\n",
	} {
		if !strings.Contains(all[name], want) {
			t.Errorf("job %s does not run after a build that failed: it has no %s", name, want)
		}
	}
}

// What a pipeline runs is named by a commit or a digest, and fails as long as nobody has put it there.
func TestThePipelinesPinWhatTheyRun(t *testing.T) {
	t.Parallel()
	zeros := strings.Repeat("0", 40)
	for file, want := range map[string][]string{
		"github-actions.yml": {`ref: "` + zeros + `" # fails until you put the commit that you reviewed here`},
		"gitlab-ci.yml":      {`PROVIDER_COMMIT: "` + zeros + `" # fails until you put the commit that you reviewed here`, "GO_IMAGE: golang:1.26.0@sha256:" + zeros, "TOOLS_IMAGE: registry.example.com/terraform-wechatpay@sha256:" + zeros},
	} {
		content, err := os.ReadFile(filepath.Join(example, file))
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range want {
			if !strings.Contains(string(content), text) {
				t.Errorf("%s has no %s", file, text)
			}
		}
		for _, image := range regexp.MustCompile(`(?m)^\s+image: (\S+)`).FindAllStringSubmatch(string(content), -1) {
			if image[1] != "$TOOLS_IMAGE" && image[1] != "$GO_IMAGE" {
				t.Errorf("%s runs %s, which is not pinned", file, image[1])
			}
		}
		if regexp.MustCompile(`(?m)(ref|COMMIT): main\b`).Match(content) {
			t.Errorf("%s builds what a branch has", file)
		}
	}
}

// Everybody may write a note that begins as the review does, and a merge request may have many notes.
func TestTheNoteOfGitLabIsFoundAmongOthers(t *testing.T) {
	t.Parallel()
	_, block, _ := strings.Cut(jobs(t, "gitlab-ci.yml", "")["note"], "    - |\n")
	const me, other = 7, 8
	note := func(id, author int, body string) object {
		return object{"id": id, "author": object{"id": author}, "body": body}
	}
	const marker = "<!-- wechatpay-member-card-review -->\n### Member cards"
	many := []object{note(1, other, marker), note(2, me, "something else")}
	for i := range 140 {
		many = append(many, note(100+i, other, "a remark"))
	}
	for name, test := range map[string]struct {
		notes []object
		want  string
	}{
		"no notes":                    {[]object{}, "a new note"},
		"only others' notes":          {many[:1], "a new note"},
		"an own note":                 {[]object{note(1, other, marker), note(3, me, marker)}, "change of note 3"},
		"an own note after many":      {append(slices.Clone(many), note(900, me, marker)), "change of note 900"},
		"many notes, none of its own": {many, "a new note"},
		"exactly a page of others":    {many[:100], "a new note"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			environ, err := linkJQ(folder, os.Environ())
			if err != nil {
				t.Fatal(err)
			}
			files := map[string]string{"curl": curlOfGitLab, "user": encode(t, object{"id": me}), "review.md": "a review"}
			for page := range 3 {
				notes := test.notes[min(len(test.notes), 100*page):min(len(test.notes), 100*page+100)]
				files["page"+strconv.Itoa(page+1)] = encode(t, notes)
			}
			for file, content := range files {
				if err := os.WriteFile(filepath.Join(folder, file), []byte(content), 0o700); err != nil {
					t.Fatal(err)
				}
			}
			cmd := exec.CommandContext(t.Context(), "bash", "-eo", "pipefail", "-c", block)
			cmd.Dir = folder
			cmd.Env = slices.Concat(environ, []string{"CI_API_V4_URL=API", "CI_PROJECT_ID=1", "CI_MERGE_REQUEST_IID=2", "GITLAB_TOKEN=x"})
			if output, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, output)
			}
			written, err := os.ReadFile(filepath.Join(folder, "written"))
			if got := strings.TrimSpace(string(written)); err != nil || got != test.want {
				t.Errorf("it wrote %q, want %q (%v)", got, test.want, err)
			}
		})
	}
}

// curlOfGitLab stands in for curl: it reads pages of notes, and writes down what would be written.
const curlOfGitLab = `#!/usr/bin/env bash
address=${*: -1}
case $address in
API/user) cat user ;;
*/notes\?*)
  while [[ ${1:---output} != --output ]]; do shift; done
  cp "page${address##*page=}" "$2"
  ;;
*/notes/*) echo "change of note ${address##*/}" >>written ;;
*/notes) echo "a new note" >>written ;;
esac
`

func TestThePipelineOfGitLabKeepsSecretsFromForksAndBuilds(t *testing.T) {
	t.Parallel()
	all := jobs(t, "gitlab-ci.yml", "")
	for name, environment := range map[string]string{
		"provider": "", "fork": "", "plan": "members-plan", "note": "members-note", "apply": "members-production", "report": "members-note",
	} {
		text, ok := all[name]
		if !ok {
			t.Errorf("there is no job %s", name)
			continue
		}
		if environment == "" && strings.Contains(text, "environment:") || !strings.Contains(text, environment) {
			t.Errorf("job %s is not in the environment %q", name, environment)
		}
		if strings.Contains(text, "GITLAB_TOKEN") != (environment == "members-note") {
			t.Errorf("job %s has the wrong token", name)
		}
		if strings.Contains(text, "merge_request_event") && strings.Contains(text, "CI_MERGE_REQUEST_SOURCE_PROJECT_ID == $CI_PROJECT_ID") == (name == "fork") {
			t.Errorf("job %s runs for the wrong merge requests", name)
		}
	}
}
