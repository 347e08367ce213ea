// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package tfdriver

import (
	"fmt"
	"math/big"
	"reflect"
	"sort"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// This file converts between Go values and Terraform's.

type sentinel string

// Unknown stands for a value that is known only after apply.
const Unknown = sentinel("(unknown)")

// toValue converts v to typ. Nil is null, Unknown unknown; an object's attributes that v
// does not name are null. A tftypes.Value is taken as it is.
func toValue(typ tftypes.Type, v any) (tftypes.Value, error) {
	switch v := v.(type) {
	case nil:
		return tftypes.NewValue(typ, nil), nil
	case sentinel:
		return tftypes.NewValue(typ, tftypes.UnknownValue), nil
	case tftypes.Value:
		return v, nil
	}
	switch typ := typ.(type) {
	case tftypes.Object:
		return toObject(typ, v)
	case tftypes.Map:
		elements, err := toElements(v, func(string) (tftypes.Type, bool) { return typ.ElementType, true })
		return newValue(typ, elements, err)
	case tftypes.List:
		elements, err := toList(typ.ElementType, v)
		return newValue(typ, elements, err)
	case tftypes.Set:
		elements, err := toList(typ.ElementType, v)
		return newValue(typ, elements, err)
	}
	rv := reflect.ValueOf(v)
	switch {
	case typ.Is(tftypes.DynamicPseudoType):
		return toDynamic(v)
	case typ.Is(tftypes.String) && rv.Kind() == reflect.String:
		return tftypes.NewValue(typ, rv.String()), nil
	case typ.Is(tftypes.Bool) && rv.Kind() == reflect.Bool:
		return tftypes.NewValue(typ, rv.Bool()), nil
	case typ.Is(tftypes.Number) && rv.CanInt():
		return tftypes.NewValue(typ, rv.Int()), nil
	case typ.Is(tftypes.Number) && rv.CanFloat():
		return tftypes.NewValue(typ, rv.Float()), nil
	}
	return tftypes.Value{}, fmt.Errorf("a Go %T is no %s", v, typ)
}

func newValue(typ tftypes.Type, elements any, err error) (tftypes.Value, error) {
	if err != nil {
		return tftypes.Value{}, err
	}
	return tftypes.NewValue(typ, elements), nil
}

func toObject(typ tftypes.Object, v any) (tftypes.Value, error) {
	elements, err := toElements(v, func(name string) (tftypes.Type, bool) {
		t, ok := typ.AttributeTypes[name]
		return t, ok
	})
	if err != nil {
		return tftypes.Value{}, err
	}
	for name, t := range typ.AttributeTypes {
		if _, ok := elements[name]; !ok {
			elements[name] = tftypes.NewValue(t, nil)
		}
	}
	return tftypes.NewValue(typ, elements), nil
}

func toElements(v any, typeOf func(name string) (tftypes.Type, bool)) (map[string]tftypes.Value, error) {
	rv := reflect.ValueOf(v)
	if rv.Kind() != reflect.Map || rv.Type().Key().Kind() != reflect.String {
		return nil, fmt.Errorf("a Go %T has no names", v)
	}
	elements := make(map[string]tftypes.Value, rv.Len())
	for _, key := range rv.MapKeys() {
		name := key.String()
		typ, ok := typeOf(name)
		if !ok {
			return nil, fmt.Errorf("there is no attribute %s", name)
		}
		element, err := toValue(typ, rv.MapIndex(key).Interface())
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		elements[name] = element
	}
	return elements, nil
}

func toList(element tftypes.Type, v any) ([]tftypes.Value, error) {
	rv := reflect.ValueOf(v)
	if rv.Kind() != reflect.Slice {
		return nil, fmt.Errorf("a Go %T has no elements", v)
	}
	elements := make([]tftypes.Value, 0, rv.Len())
	for i := range rv.Len() {
		e, err := toValue(element, rv.Index(i).Interface())
		if err != nil {
			return nil, fmt.Errorf("element %d: %w", i, err)
		}
		elements = append(elements, e)
	}
	return elements, nil
}

// toDynamic converts v to the type that Terraform would give it: an object for a map, a
// tuple for a slice.
func toDynamic(v any) (tftypes.Value, error) {
	rv := reflect.ValueOf(v)
	switch {
	case rv.Kind() == reflect.String:
		return toValue(tftypes.String, v)
	case rv.Kind() == reflect.Bool:
		return toValue(tftypes.Bool, v)
	case rv.CanInt() || rv.CanFloat():
		return toValue(tftypes.Number, v)
	case rv.Kind() == reflect.Map:
		elements, err := toElements(v, func(string) (tftypes.Type, bool) { return tftypes.DynamicPseudoType, true })
		if err != nil {
			return tftypes.Value{}, err
		}
		types := make(map[string]tftypes.Type, len(elements))
		for name, e := range elements {
			types[name] = e.Type()
		}
		return tftypes.NewValue(tftypes.Object{AttributeTypes: types}, elements), nil
	case rv.Kind() == reflect.Slice:
		elements, err := toList(tftypes.DynamicPseudoType, v)
		if err != nil {
			return tftypes.Value{}, err
		}
		types := make([]tftypes.Type, 0, len(elements))
		for _, e := range elements {
			types = append(types, e.Type())
		}
		return tftypes.NewValue(tftypes.Tuple{ElementTypes: types}, elements), nil
	}
	return tftypes.Value{}, fmt.Errorf("a Go %T has no Terraform type", v)
}

// fromValue is the reverse of toValue: nil for null, Unknown for unknown, int64 for whole
// numbers and float64 for others, []any for lists, sets and tuples, map[string]any for maps
// and objects. The elements of a set are in an order that does not change.
func fromValue(v tftypes.Value) any {
	switch {
	case v.Type() == nil || v.IsNull():
		return nil
	case !v.IsKnown():
		return Unknown
	}
	if elements, ok := elementsOf(v); ok {
		out := make(map[string]any, len(elements))
		for name, e := range elements {
			out[name] = fromValue(e)
		}
		return out
	}
	if elements, ok := listOf(v); ok {
		out := make([]any, 0, len(elements))
		for _, e := range elements {
			out = append(out, fromValue(e))
		}
		if v.Type().Is(tftypes.Set{}) {
			sort.SliceStable(out, func(i, j int) bool { return fmt.Sprint(out[i]) < fmt.Sprint(out[j]) })
		}
		return out
	}
	switch {
	case v.Type().Is(tftypes.String):
		var s string
		must(v.As(&s))
		return s
	case v.Type().Is(tftypes.Bool):
		var b bool
		must(v.As(&b))
		return b
	default:
		var n big.Float
		must(v.As(&n))
		if i, accuracy := n.Int64(); accuracy == big.Exact {
			return i
		}
		f, _ := n.Float64()
		return f
	}
}

// elementsOf are the named elements of a known object or map.
func elementsOf(v tftypes.Value) (map[string]tftypes.Value, bool) {
	if v.Type() == nil || v.IsNull() || !v.IsKnown() || !v.Type().Is(tftypes.Object{}) && !v.Type().Is(tftypes.Map{}) {
		return nil, false
	}
	var elements map[string]tftypes.Value
	must(v.As(&elements))
	return elements, true
}

// listOf are the elements of a known list, set or tuple.
func listOf(v tftypes.Value) ([]tftypes.Value, bool) {
	if v.Type() == nil || v.IsNull() || !v.IsKnown() ||
		!v.Type().Is(tftypes.List{}) && !v.Type().Is(tftypes.Set{}) && !v.Type().Is(tftypes.Tuple{}) {
		return nil, false
	}
	var elements []tftypes.Value
	must(v.As(&elements))
	return elements, true
}

// must stops at an error that only a mistake in this package can cause.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

// lookUp finds a value by a dotted path: names of attributes and keys of maps, numbers of
// list elements. It finds nil where there is nothing.
func lookUp(v any, path string) any {
	for name := range strings.SplitSeq(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[name]
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(x) {
				return nil
			}
			v = x[i]
		default:
			return nil
		}
	}
	return v
}
