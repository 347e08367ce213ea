// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package tfdriver

import (
	"reflect"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// thing is a schema with each kind of attribute that matters to a proposal.
func thing() *tfprotov6.SchemaBlock {
	nested := func(nesting tfprotov6.SchemaObjectNestingMode) *tfprotov6.SchemaObject {
		return &tfprotov6.SchemaObject{Nesting: nesting, Attributes: []*tfprotov6.SchemaAttribute{
			{Name: "given", Type: tftypes.String, Optional: true},
			{Name: "either", Type: tftypes.String, Optional: true, Computed: true},
		}}
	}
	return &tfprotov6.SchemaBlock{Attributes: []*tfprotov6.SchemaAttribute{
		{Name: "given", Type: tftypes.String, Optional: true},
		{Name: "either", Type: tftypes.String, Optional: true, Computed: true},
		{Name: "made", Type: tftypes.String, Computed: true},
		{Name: "secret", Type: tftypes.String, Optional: true, WriteOnly: true},
		{Name: "object", NestedType: nested(tfprotov6.SchemaObjectNestingModeSingle), Optional: true},
		{Name: "computed_object", NestedType: nested(tfprotov6.SchemaObjectNestingModeSingle), Optional: true, Computed: true},
		{Name: "list", NestedType: nested(tfprotov6.SchemaObjectNestingModeList), Optional: true},
		{Name: "map", Type: tftypes.Map{ElementType: tftypes.String}, Optional: true},
		{Name: "set", Type: tftypes.Set{ElementType: tftypes.String}, Optional: true},
	}}
}

type values = map[string]any

func thingValue(t *testing.T, v any) tftypes.Value {
	t.Helper()
	value, err := toValue(thing().ValueType(), v)
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// without leaves out what is null, all the way down.
func without(v any) any {
	m, ok := v.(map[string]any)
	if !ok {
		return v
	}
	out := values{}
	for name, e := range m {
		if e != nil {
			out[name] = without(e)
		}
	}
	return out
}

func TestProposal(t *testing.T) {
	t.Parallel()
	full := values{"given": "old", "either": "old"}
	for name, c := range map[string]struct{ prior, config, want any }{
		"a new one is what is configured": {nil, values{"given": "x"}, values{"given": "x"}},
		"what is computed stays":          {values{"either": "e", "made": "m"}, values{"given": "x"}, values{"given": "x", "either": "e", "made": "m"}},
		"what is configured wins":         {values{"either": "e"}, values{"either": "x"}, values{"either": "x"}},
		"what is removed goes":            {values{"given": "g", "either": "e"}, values{}, values{"either": "e"}},
		"unknown stays unknown":           {values{"either": "e"}, values{"either": Unknown, "object": Unknown}, values{"either": Unknown, "object": Unknown}},
		"in an object, too":               {values{"object": full}, values{"object": values{"given": "x"}}, values{"object": values{"given": "x", "either": "old"}}},
		"an object that is removed goes":  {values{"object": full}, values{}, values{}},
		"a computed object stays":         {values{"computed_object": full}, values{}, values{"computed_object": full}},
		"a computed object that is configured": {values{"computed_object": full}, values{"computed_object": values{"given": "x"}},
			values{"computed_object": values{"given": "x", "either": "old"}}},
		"an object that is new": {values{}, values{"object": values{"given": "x"}}, values{"object": values{"given": "x"}}},
		"lists by index": {values{"list": []any{full}}, values{"list": []any{values{"given": "x"}, values{"given": "y"}}},
			values{"list": []any{values{"given": "x", "either": "old"}, values{"given": "y", "either": nil}}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := proposeNew(thing(), thingValue(t, c.prior), thingValue(t, c.config))
			if !reflect.DeepEqual(without(fromValue(got)), without(c.want)) {
				t.Errorf("got  %v\nwant %v", without(fromValue(got)), c.want)
			}
		})
	}
	if got := proposeNew(thing(), thingValue(t, values{"made": "m"}), thingValue(t, nil)); !got.IsNull() {
		t.Errorf("for a destroy %v is proposed", got)
	}
}

func paths(violations []violation) []string {
	var out []string
	for _, v := range violations {
		out = append(out, pathText(v.path))
	}
	slices.Sort(out)
	return out
}

func TestPlansThatTerraformRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		prior, config, planned any
		want                   []string
	}{
		"as configured":                         {nil, values{"given": "x"}, values{"given": "x", "made": Unknown, "either": "default"}, nil},
		"the prior one for the configured one":  {values{"given": "X"}, values{"given": "x"}, values{"given": "X"}, nil},
		"another one than configured":           {nil, values{"given": "x"}, values{"given": "X"}, []string{"given"}},
		"another one than configured, computed": {values{"either": "e"}, values{"either": "x"}, values{"either": "y"}, []string{"either"}},
		"unknown for configured":                {nil, values{"given": "x"}, values{"given": Unknown}, []string{"given"}},
		"known for unknown":                     {nil, values{"given": Unknown}, values{"given": "x"}, []string{"given"}},
		"kept though removed":                   {values{"given": "g"}, values{}, values{"given": "g"}, []string{"given"}},
		"write-only value":                      {nil, values{"secret": "s"}, values{"secret": "s"}, []string{"secret"}},
		"write-only value left out":             {nil, values{"secret": "s"}, values{}, nil},
		"object removed":                        {values{"object": values{}}, values{"object": values{}}, values{}, []string{"object"}},
		"object made up":                        {nil, values{}, values{"object": values{}}, []string{"object"}},
		"computed object made up":               {nil, values{}, values{"computed_object": values{"given": "x"}}, nil},
		"in an object: computed":                {nil, values{"object": values{"given": "x"}}, values{"object": values{"given": "x", "either": Unknown}}, nil},
		"in an object: another than configured": {nil, values{"object": values{"given": "x"}}, values{"object": values{"given": "y"}}, []string{"object.given"}},
		"in an object: made up":                 {nil, values{"object": values{"either": "x"}}, values{"object": values{"either": "x", "given": "y"}}, []string{"object.given"}},
		"unknown for an object":                 {nil, values{"object": values{}}, values{"object": Unknown}, []string{"object"}},
		"in a list":                             {nil, values{"list": []any{values{"given": "x"}}}, values{"list": []any{values{"given": "y"}}}, []string{"list[0].given"}},
		"an element made up":                    {nil, values{"list": []any{}}, values{"list": []any{values{}}}, []string{"list"}},
		"nothing at all":                        {nil, values{}, nil, []string{""}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := paths(checkPlan(thing(), thingValue(t, c.prior), thingValue(t, c.config), thingValue(t, c.planned)))
			if !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestResultsThatTerraformRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		planned, actual any
		want            []string
	}{
		"as planned":               {values{"given": "x"}, values{"given": "x"}, nil},
		"unknown filled in":        {values{"made": Unknown, "object": Unknown}, values{"made": "m", "object": nil}, nil},
		"unknown in a set":         {values{"set": []any{Unknown}}, values{"set": []any{"x"}}, nil},
		"another value":            {values{"given": "x"}, values{"given": "y"}, []string{"given"}},
		"vanished":                 {values{"given": "x"}, values{}, []string{"given"}},
		"appeared":                 {values{}, values{"made": "m"}, []string{"made"}},
		"in an object":             {values{"object": values{"given": "x"}}, values{"object": values{"given": "y"}}, []string{"object.given"}},
		"an element more":          {values{"list": []any{values{}}}, values{"list": []any{values{}, values{}}}, []string{"list"}},
		"another element":          {values{"list": []any{values{"given": "x"}}}, values{"list": []any{values{"given": "y"}}}, []string{"list[0].given"}},
		"another key":              {values{"map": values{"a": "x"}}, values{"map": values{"b": "x"}}, []string{"map"}},
		"another element of a set": {values{"set": []any{"x"}}, values{"set": []any{"y"}}, []string{"set"}},
		"unknown again":            {values{"given": "x"}, values{"given": Unknown}, []string{"given"}},
		"gone altogether":          {values{"given": "x"}, nil, []string{""}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := paths(checkCompletion(thingValue(t, c.planned), thingValue(t, c.actual))); !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestOnlyChangesForceAReplacement(t *testing.T) {
	t.Parallel()
	prior := thingValue(t, values{"given": "x", "either": "e", "made": "m", "object": values{"given": "x"}})
	planned := thingValue(t, values{"given": "x", "either": "f", "made": Unknown})
	var asked []*tftypes.AttributePath
	for _, name := range []string{"given", "either", "made", "secret"} {
		asked = append(asked, tftypes.NewAttributePath().WithAttributeName(name))
	}
	asked = append(asked, tftypes.NewAttributePath().WithAttributeName("object").WithAttributeName("given"))
	if got, want := changedPaths(asked, prior, planned), []string{"either", "made", "object.given"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
