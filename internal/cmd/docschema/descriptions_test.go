// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"slices"
	"strings"
	"testing"
)

func TestEmptyAndStubDescriptionsAreRefused(t *testing.T) {
	t.Parallel()
	err := checkDescriptions([]byte(`{
		"provider": {"version": 0, "block": {"description": "Does what it says.", "attributes": {
			"good": {"type": "string", "description": "What it is and what happens when it changes."}
		}}},
		"resource_schemas": {"x_y": {"version": 0, "block": {"description": "One of many things.", "attributes": {
			"none": {"type": "string"},
			"stub": {"type": "string", "description": "The stub."},
			"note": {"type": "string", "description": "no sentence at all"},
			"object": {"nested_type": {"nesting_mode": "single", "attributes": {"inner": {"type": "string"}}}}
		}}}},
		"functions": {"f": {"return_type": "string", "description": "Returns what it is given.", "parameters": [{"name": "p", "type": "string"}]}}
	}`))
	if err == nil {
		t.Fatal("nothing is refused")
	}
	want := []string{
		"function f has no summary",
		"function f, parameter p has no description",
		"resource x_y.none has no description",
		`resource x_y.note: the description "no sentence at all" is no sentence`,
		"resource x_y.object has no description",
		"resource x_y.object.inner has no description",
		`resource x_y.stub: "The stub." describes nothing`,
	}
	if got := strings.Split(err.Error(), "\n"); !slices.Equal(got, want) {
		t.Errorf("got:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
