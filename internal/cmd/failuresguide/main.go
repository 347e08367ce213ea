// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

// Failuresguide writes the tables of package failures into the guide about them, between two
// marks. The text around them is written by hand.
package main

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/failures"
)

const (
	begin = "<!-- tables: begin (written by internal/cmd/failuresguide) -->\n"
	end   = "<!-- tables: end -->\n"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: failuresguide FILE")
		os.Exit(2)
	}
	if err := update(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func update(file string) error {
	old, err := os.ReadFile(file) //nolint:gosec // the file of the command line
	if err != nil {
		return err
	}
	guide, err := replaceTables(string(old), tables(failures.Tables()))
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return os.WriteFile(file, []byte(guide), 0o644) //nolint:gosec // a page of the documentation
}

// replaceTables puts text between the marks of a guide.
func replaceTables(guide, text string) (string, error) {
	head, rest, okBegin := strings.Cut(guide, begin)
	_, tail, okEnd := strings.Cut(rest, end)
	if !okBegin || !okEnd {
		return "", errors.New("the guide has no marks for the tables")
	}
	return head + begin + text + end + tail, nil
}

func tables(all []failures.Table) string {
	var b strings.Builder
	for _, t := range all {
		fmt.Fprintf(&b, "\n## %s\n\n", t.Title)
		if t.Intro != "" {
			fmt.Fprintf(&b, "%s\n\n", t.Intro)
		}
		b.WriteString("| What goes wrong | Tried again | When a later try succeeds | When it lasts, you see | State and WeChat Pay then | What to do |\n|---|---|---|---|---|---|\n")
		for _, r := range t.Rows {
			retried, once := "no", "—"
			if r.Tries > 1 {
				retried, once = "yes", seen(r.Once)
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", names(r.Faults), retried, once, seen(r.Lasts), held(r.Lasts), r.Advice)
		}
	}
	b.WriteString("\n")
	return b.String()
}

// seen is what a person sees of an outcome.
func seen(o failures.Outcome) string {
	severity, summary := "error", o.Error
	if summary == "" {
		severity, summary = "warning", o.Warning
	}
	if summary == "" {
		return "nothing"
	}
	if o.At != "" {
		severity += fmt.Sprintf(" at `%s`", o.At)
	}
	return severity + ": " + summary
}

func held(o failures.Outcome) string {
	if o.Stored == "" {
		return "—"
	}
	return fmt.Sprintf("The state: %s. WeChat Pay: %s.", o.Stored, o.Held)
}

// names lists faults; where both moments of one fault are in the list, it is named once.
func names(faults []failures.Fault) string {
	const before, after = failures.Before, failures.After
	has := map[failures.Fault]bool{}
	for _, f := range faults {
		has[f] = true
	}
	var always, early, late []string
	for _, f := range faults {
		if name, ok := strings.CutSuffix(string(f), before); ok {
			if has[failures.Fault(name+after)] {
				always = append(always, name)
			} else {
				early = append(early, name)
			}
		} else if name, ok := strings.CutSuffix(string(f), after); ok {
			if !has[failures.Fault(name+before)] {
				late = append(late, name)
			}
		} else {
			always = append(always, string(f))
		}
	}
	var parts []string
	for _, part := range []struct {
		when  string
		names []string
	}{{"", always}, {"*Before the work was done:* ", early}, {"*After the work was done:* ", late}} {
		if len(part.names) > 0 {
			parts = append(parts, part.when+strings.Join(part.names, "; "))
		}
	}
	return strings.Join(parts, "<br>")
}
