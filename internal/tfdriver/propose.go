// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package tfdriver

import (
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// This file is what Terraform proposes to a provider, and what it demands of its answers:
// the rules of https://github.com/hashicorp/terraform/blob/main/docs/resource-instance-change-lifecycle.md

// proposeNew is the state that Terraform proposes: what is configured or, where a computed
// attribute is not, what there was. Making the rest unknown is left to the provider.
// Blocks are taken as configured.
func proposeNew(block *tfprotov6.SchemaBlock, prior, config tftypes.Value) tftypes.Value {
	return proposeObject(block.Attributes, prior, config)
}

func proposeObject(attributes []*tfprotov6.SchemaAttribute, prior, config tftypes.Value) tftypes.Value {
	configured, ok := elementsOf(config)
	if !ok {
		return config
	}
	before, _ := elementsOf(prior)
	proposed := maps.Clone(configured)
	for _, a := range attributes {
		p, ok := before[a.Name]
		if !ok {
			p = tftypes.NewValue(a.ValueType(), nil)
		}
		switch c := configured[a.Name]; {
		case a.Computed && c.IsNull():
			proposed[a.Name] = p
		case a.NestedType != nil:
			proposed[a.Name] = proposeNested(a.NestedType, p, c)
		}
	}
	return tftypes.NewValue(config.Type(), proposed)
}

// proposeNested correlates the objects of lists by index. The provider has no maps and sets of objects.
func proposeNested(object *tfprotov6.SchemaObject, prior, config tftypes.Value) tftypes.Value {
	switch object.Nesting {
	case tfprotov6.SchemaObjectNestingModeSingle:
		return proposeObject(object.Attributes, prior, config)
	case tfprotov6.SchemaObjectNestingModeList:
		configured, ok := listOf(config)
		if !ok {
			return config
		}
		before, _ := listOf(prior)
		for i := range configured {
			if i < len(before) {
				configured[i] = proposeObject(object.Attributes, before[i], configured[i])
			}
		}
		return tftypes.NewValue(config.Type(), configured)
	default:
		panic(fmt.Sprintf("tfdriver cannot propose attributes of nesting %s yet", object.Nesting))
	}
}

// violation is where and how a provider broke the contract. No text repeats a value, which
// may be sensitive.
type violation struct {
	path *tftypes.AttributePath
	text string
}

// checkPlan says what Terraform would refuse in a plan: a planned value must be the
// configured one, or the prior one where both are there; what is not configured must be
// null unless it is computed; write-only values must be null.
func checkPlan(block *tfprotov6.SchemaBlock, prior, config, planned tftypes.Value) []violation {
	root := tftypes.NewAttributePath()
	if planned.IsNull() {
		return []violation{{root, "planned for absence but the configuration wants existence"}}
	}
	return checkPlannedObject(root, block.Attributes, prior, config, planned)
}

func checkPlannedObject(path *tftypes.AttributePath, attributes []*tfprotov6.SchemaAttribute, prior, config, planned tftypes.Value) []violation {
	before, _ := elementsOf(prior)
	configured, _ := elementsOf(config)
	after, _ := elementsOf(planned)
	var violations []violation
	for _, a := range attributes {
		null := tftypes.NewValue(a.ValueType(), nil)
		value := func(of map[string]tftypes.Value) tftypes.Value {
			if v, ok := of[a.Name]; ok {
				return v
			}
			return null
		}
		violations = append(violations, checkPlannedValue(path.WithAttributeName(a.Name), a, value(before), value(configured), value(after))...)
	}
	return violations
}

func checkPlannedValue(path *tftypes.AttributePath, a *tfprotov6.SchemaAttribute, prior, config, planned tftypes.Value) []violation {
	switch {
	case a.WriteOnly:
		if !planned.IsNull() {
			return []violation{{path, "the planned value of a write-only attribute is not null"}}
		}
		return nil
	case planned.Equal(config), planned.Equal(prior) && !prior.IsNull() && !config.IsNull():
		return nil
	case a.Computed && (!a.Optional || config.IsNull()):
		return nil
	case config.IsNull():
		return []violation{{path, "a value is planned for an attribute that is neither configured nor computed"}}
	case a.NestedType != nil:
		return checkPlannedNested(path, a.NestedType, prior, config, planned)
	}
	return []violation{{path, "the planned value is neither the configured one nor the prior one"}}
}

func checkPlannedNested(path *tftypes.AttributePath, object *tfprotov6.SchemaObject, prior, config, planned tftypes.Value) []violation {
	switch {
	case planned.IsNull():
		return []violation{{path, "planned for absence but the configuration wants existence"}}
	case !config.IsKnown():
		return []violation{{path, "a known value is planned for an unknown one"}}
	case !planned.IsKnown():
		return []violation{{path, "an unknown value is planned for a configured one"}}
	}
	if object.Nesting == tfprotov6.SchemaObjectNestingModeSingle {
		return checkPlannedObject(path, object.Attributes, prior, config, planned)
	}
	var violations []violation
	configured, _ := listOf(config)
	after, _ := listOf(planned)
	before, _ := listOf(prior)
	if len(after) != len(configured) {
		return []violation{{path, fmt.Sprintf("%d elements are planned and %d configured", len(after), len(configured))}}
	}
	for i := range configured {
		p := tftypes.NewValue(configured[i].Type(), nil)
		if i < len(before) {
			p = before[i]
		}
		violations = append(violations, checkPlannedObject(path.WithElementKeyInt(i), object.Attributes, p, configured[i], after[i])...)
	}
	return violations
}

// checkCompletion says where actual is not planned with its unknown values filled in.
func checkCompletion(planned, actual tftypes.Value) []violation {
	return complete(tftypes.NewAttributePath(), planned, actual)
}

func complete(path *tftypes.AttributePath, planned, actual tftypes.Value) []violation {
	switch {
	case !planned.IsKnown():
		return nil
	case planned.IsNull() && actual.IsNull():
		return nil
	case planned.IsNull():
		return []violation{{path, "was absent, but is now present"}}
	case actual.IsNull():
		return []violation{{path, "was present, but is now absent"}}
	case !actual.IsKnown():
		return []violation{{path, "was known, but is now unknown"}}
	}
	if want, ok := elementsOf(planned); ok {
		got, _ := elementsOf(actual)
		if !sameKeys(want, got) {
			return []violation{{path, "other keys have appeared or vanished"}}
		}
		var violations []violation
		for name, w := range want {
			step := path.WithAttributeName(name)
			if planned.Type().Is(tftypes.Map{}) {
				step = path.WithElementKeyString(name)
			}
			violations = append(violations, complete(step, w, got[name])...)
		}
		return violations
	}
	if want, ok := listOf(planned); ok && !planned.Type().Is(tftypes.Set{}) {
		got, _ := listOf(actual)
		if len(want) != len(got) {
			return []violation{{path, fmt.Sprintf("had %d elements, but has now %d", len(want), len(got))}}
		}
		var violations []violation
		for i := range want {
			violations = append(violations, complete(path.WithElementKeyInt(i), want[i], got[i])...)
		}
		return violations
	}
	if !planned.IsFullyKnown() || planned.Equal(actual) {
		return nil
	}
	return []violation{{path, "has another value than planned"}}
}

func sameKeys(a, b map[string]tftypes.Value) bool {
	if len(a) != len(b) {
		return false
	}
	for key := range a {
		if _, ok := b[key]; !ok {
			return false
		}
	}
	return true
}

// changedPaths are those paths of a provider's "requires replace" where something changes:
// Terraform ignores the others.
func changedPaths(paths []*tftypes.AttributePath, prior, planned tftypes.Value) []string {
	var changed []string
	for _, path := range paths {
		before, _, errBefore := tftypes.WalkAttributePath(prior, path)
		after, _, errAfter := tftypes.WalkAttributePath(planned, path)
		b, okBefore := before.(tftypes.Value)
		a, okAfter := after.(tftypes.Value)
		okBefore, okAfter = okBefore && errBefore == nil, okAfter && errAfter == nil
		if okBefore != okAfter || okBefore && (!a.IsFullyKnown() || !a.Equal(b)) {
			changed = append(changed, pathText(path))
		}
	}
	return changed
}

func unknownPaths(v tftypes.Value) []violation {
	var violations []violation
	must(tftypes.Walk(v, func(path *tftypes.AttributePath, v tftypes.Value) (bool, error) {
		if !v.IsKnown() {
			violations = append(violations, violation{path, "is still unknown after apply"})
			return false, nil
		}
		return true, nil
	}))
	return violations
}

func unknownAsNull(v tftypes.Value) tftypes.Value {
	known, err := tftypes.Transform(v, func(_ *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
		if !v.IsKnown() {
			return tftypes.NewValue(v.Type(), nil), nil
		}
		return v, nil
	})
	must(err)
	return known
}
