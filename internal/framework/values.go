// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package framework

import (
	"maps"
	"math/big"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Known reports whether v is neither null nor unknown.
func Known(v attr.Value) bool { return !v.IsNull() && !v.IsUnknown() }

// WhollyKnown reports whether neither m nor anything in it is unknown, and m is not null.
func WhollyKnown(m types.Map) bool {
	if !Known(m) {
		return false
	}
	for _, v := range m.Elements() {
		if v.IsUnknown() {
			return false
		}
		for _, element := range Elements(v) {
			if element.IsUnknown() {
				return false
			}
		}
	}
	return true
}

// Text returns the value of s, and "" for null and unknown.
func Text(s types.String) string { return s.ValueString() }

// TextOf is Text for an attribute of any type, and "" where it is not a string.
func TextOf(v attr.Value) string {
	s, _ := v.(types.String)
	return s.ValueString()
}

// ObjectOf returns v as an object, which is null where v is none.
func ObjectOf(v attr.Value) types.Object {
	o, _ := v.(types.Object)
	return o
}

// Optional returns null for "": WeChat Pay leaves out what an object does not have.
func Optional(s string) types.String {
	if s == "" {
		return types.StringNull()
	}
	return types.StringValue(s)
}

// Number returns n as a number attribute.
func Number(n int64) types.Number { return types.NumberValue(new(big.Float).SetInt64(n)) }

// Int returns the value of a number attribute, and 0 for null and unknown. The attribute's
// rule makes sure that it is a whole number.
func Int(n types.Number) int64 {
	if !Known(n) {
		return 0
	}
	i, _ := n.ValueBigFloat().Int64()
	return i
}

// Elements returns the elements of a list, and none of any other value.
func Elements(v attr.Value) []attr.Value {
	list, ok := v.(types.List)
	if !ok {
		return nil
	}
	return list.Elements()
}

// TextMap returns the known elements of a map of strings.
func TextMap(m types.Map) map[string]string {
	out := make(map[string]string, len(m.Elements()))
	for name, v := range m.Elements() {
		if s, ok := v.(types.String); ok && Known(s) {
			out[name] = s.ValueString()
		}
	}
	return out
}

// TextListMap returns the known elements of a map of lists of strings.
func TextListMap(m types.Map) map[string][]string {
	out := make(map[string][]string, len(m.Elements()))
	for name, v := range m.Elements() {
		if list, ok := v.(types.List); ok && Known(list) {
			out[name] = TextList(list)
		}
	}
	return out
}

// TextList returns the known elements of a list of strings.
func TextList(list types.List) []string {
	out := []string{}
	for _, e := range list.Elements() {
		if s, ok := e.(types.String); ok && Known(s) {
			out = append(out, s.ValueString())
		}
	}
	return out
}

// SameSet reports whether a and b have the same elements in any order.
func SameSet(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// SortedKeys returns the keys of m in order.
func SortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
