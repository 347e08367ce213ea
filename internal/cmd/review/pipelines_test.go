// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"os"
	"path/filepath"
	"regexp"
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
	content, err := os.ReadFile(filepath.Join("..", "..", "..", "examples", "pull-request", file))
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
	content, err := os.ReadFile(filepath.Join("..", "..", "..", "examples", "pull-request", "github-actions.yml"))
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
}

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
