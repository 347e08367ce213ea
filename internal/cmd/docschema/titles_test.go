// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The guide of failures begins with an index of errors by their titles. A person who searches it
// for what Terraform printed finds it there.
func TestEveryTitleOfAnErrorIsInTheIndex(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..", "..")
	page, err := os.ReadFile(filepath.Join(root, "templates", "guides", "failures.md.tmpl"))
	if err != nil {
		t.Fatal(err)
	}
	index, _, ok := strings.Cut(string(page), "<!-- end of the index -->")
	if !ok {
		t.Fatal("the guide does not say where its index ends")
	}
	titles := titlesOf(t, filepath.Join(root, "internal"))
	if len(titles) < 80 {
		t.Fatalf("found only %d titles: %q", len(titles), titles)
	}
	for _, title := range titles {
		if !strings.Contains(index, title) {
			t.Errorf("templates/guides/failures.md.tmpl does not have %q", title)
		}
	}
}

// The index has no title that no code has.
func TestTheIndexHasNoOtherTitles(t *testing.T) {
	t.Parallel()
	root := filepath.Join("..", "..", "..")
	page, err := os.ReadFile(filepath.Join(root, "templates", "guides", "failures.md.tmpl"))
	if err != nil {
		t.Fatal(err)
	}
	index, _, ok := strings.Cut(string(page), "\n### Errors of Terraform itself\n")
	if !ok {
		t.Fatal("the guide does not say where the provider's own errors end")
	}
	titles, texts := titlesOf(t, filepath.Join(root, "internal")), textsOf(t, filepath.Join(root, "internal"))
	count := 0
	for line := range strings.Lines(index) {
		cell, isRow := strings.CutPrefix(line, "| ")
		cell, _, _ = strings.Cut(cell, " | ")
		if !isRow || cell == "title" {
			continue
		}
		for title := range strings.SplitSeq(cell, "<br>") {
			count++
			// Some titles reach a diagnostic by a constant or a function.
			if !texts[title] && !slices.ContainsFunc(titles, func(own string) bool { return strings.Contains(title, own) }) {
				t.Errorf("templates/guides/failures.md.tmpl has %q, which no code has", title)
			}
		}
	}
	if count < 80 {
		t.Errorf("found only %d titles in the guide", count)
	}
}

// notTold are the folders whose messages no user of the provider reads.
var notTold = []string{"acctest", "cmd", "mockserver", "sandbox", "terraformcli", "tfdriver"}

// titlesOf are the literal beginnings of the summaries of diagnostics in the code under root.
func titlesOf(t *testing.T, root string) []string {
	t.Helper()
	var titles []string
	walk(t, root, func(n ast.Node) bool {
		if literal, ok := n.(*ast.CompositeLit); ok && isFunctionDefinition(literal) {
			return false
		}
		if summary := summaryOf(n); summary != nil {
			titles = append(titles, literals(summary)...)
		}
		return true
	})
	slices.Sort(titles)
	return slices.Compact(titles)
}

// textsOf are all texts that are written out in the code under root.
func textsOf(t *testing.T, root string) map[string]bool {
	t.Helper()
	texts := map[string]bool{}
	walk(t, root, func(n ast.Node) bool {
		if literal, ok := n.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			if text, err := strconv.Unquote(literal.Value); err == nil {
				texts[text] = true
			}
		}
		return true
	})
	return texts
}

// walk visits the code under root whose messages a user can read.
func walk(t *testing.T, root string, visit func(ast.Node) bool) {
	t.Helper()
	err := filepath.WalkDir(root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.Contains(notTold, entry.Name()) {
			return fs.SkipDir
		}
		if filepath.Ext(file) != ".go" || strings.HasSuffix(file, "_test.go") {
			return nil
		}
		syntax, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(syntax, visit)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// isFunctionDefinition reports whether a literal describes a provider's function, which has a summary, too.
func isFunctionDefinition(literal *ast.CompositeLit) bool {
	selector, ok := literal.Type.(*ast.SelectorExpr)
	return ok && selector.Sel.Name == "Definition"
}

// summaryOf is the expression of a diagnostic's summary, where n makes a diagnostic.
func summaryOf(n ast.Node) ast.Expr {
	switch n := n.(type) {
	case *ast.CallExpr:
		name := ""
		switch f := n.Fun.(type) {
		case *ast.SelectorExpr:
			name = f.Sel.Name
		case *ast.Ident:
			name = f.Name
		}
		place, ok := map[string]int{"AddError": 0, "AddWarning": 0, "AddAttributeError": 1, "AddAttributeWarning": 1, "At": 1, "Detailf": 1, "refuse": 0, "refused": 0, "error": 1, "missing": 0}[name]
		if ok && len(n.Args) >= place+2 {
			return n.Args[place]
		}
	case *ast.KeyValueExpr:
		if key, ok := n.Key.(*ast.Ident); ok && key.Name == "Summary" {
			return n.Value
		}
	case *ast.AssignStmt:
		if selector, ok := n.Lhs[0].(*ast.SelectorExpr); ok && selector.Sel.Name == "Summary" {
			return n.Rhs[0]
		}
	}
	return nil
}

// literals are the texts that are written out in an expression, without their blanks around.
func literals(e ast.Expr) []string {
	var texts []string
	ast.Inspect(e, func(n ast.Node) bool {
		literal, ok := n.(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			return true
		}
		text, err := strconv.Unquote(literal.Value)
		text = strings.Trim(text, " :,")
		if before, _, found := strings.Cut(text, "%"); found {
			text = strings.TrimSpace(before)
		}
		if err == nil && len(text) > 5 {
			texts = append(texts, text)
		}
		return true
	})
	return texts
}
