// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package tfdriver

import (
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var personType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
	"name":   tftypes.String,
	"age":    tftypes.Number,
	"size":   tftypes.Number,
	"member": tftypes.Bool,
	"tags":   tftypes.List{ElementType: tftypes.String},
	"hues":   tftypes.Set{ElementType: tftypes.String},
	"fields": tftypes.Map{ElementType: tftypes.List{ElementType: tftypes.String}},
	"home":   tftypes.Object{AttributeTypes: map[string]tftypes.Type{"city": tftypes.String, "street": tftypes.String}},
}}

func TestValuesGoThereAndBack(t *testing.T) {
	t.Parallel()
	v, err := toValue(personType, map[string]any{
		"name": "李", "age": 30, "size": 1.75, "member": true, "tags": []string{"b", "a"}, "hues": []any{"red", "blue"},
		"fields": map[string][]string{"x": {"1", "2"}}, "home": map[string]any{"city": Unknown},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"name": "李", "age": int64(30), "size": 1.75, "member": true, "tags": []any{"b", "a"}, "hues": []any{"blue", "red"},
		"fields": map[string]any{"x": []any{"1", "2"}}, "home": map[string]any{"city": Unknown, "street": nil},
	}
	if got := fromValue(v); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	for path, want := range map[string]any{"name": "李", "tags.1": "a", "home.city": Unknown, "fields.x.0": "1", "home.street": nil, "tags.7": nil, "name.x": nil, "nothing": nil} {
		if got := lookUp(fromValue(v), path); got != want {
			t.Errorf("%s is %v, not %v", path, got, want)
		}
	}
}

func TestNullAndUnknown(t *testing.T) {
	t.Parallel()
	for _, typ := range []tftypes.Type{tftypes.String, personType, tftypes.List{ElementType: tftypes.String}} {
		if v, err := toValue(typ, nil); err != nil || !v.IsNull() || fromValue(v) != nil {
			t.Errorf("nil is no null of %s", typ)
		}
		if v, err := toValue(typ, Unknown); err != nil || v.IsKnown() || fromValue(v) != Unknown {
			t.Errorf("Unknown is not unknown of %s", typ)
		}
	}
}

func TestValuesOfTheWrongShapeAreRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		value any
		says  string
	}{
		"attribute that is not there": {map[string]any{"nick": "x"}, "nick"},
		"number for text":             {map[string]any{"name": 1}, "name"},
		"text for number":             {map[string]any{"age": "30"}, "age"},
		"text for list":               {map[string]any{"tags": "a"}, "tags"},
		"text for object":             {map[string]any{"home": "here"}, "home"},
		"wrong element":               {map[string]any{"tags": []any{"a", 2}}, "element 1"},
		"wrong nested attribute":      {map[string]any{"home": map[string]any{"town": "x"}}, "town"},
	} {
		if _, err := toValue(personType, c.value); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDynamicValues(t *testing.T) {
	t.Parallel()
	v, err := toValue(tftypes.DynamicPseudoType, map[string]any{"a": []any{"x", 1, true}})
	if err != nil {
		t.Fatal(err)
	}
	if want := map[string]any{"a": []any{"x", int64(1), true}}; !reflect.DeepEqual(fromValue(v), want) {
		t.Errorf("got %v", fromValue(v))
	}
}

func TestPathsAreSpeltAsInAConfiguration(t *testing.T) {
	t.Parallel()
	path := tftypes.NewAttributePath().WithAttributeName("a").WithAttributeName("b").WithElementKeyString("k").WithElementKeyInt(2).
		WithElementKeyValue(tftypes.NewValue(tftypes.String, "v"))
	if got, want := pathText(path), `a.b["k"][2]["v"]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if pathText(nil) != "" {
		t.Error("no path is spelt")
	}
}
