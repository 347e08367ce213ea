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

// proposeNested correlates the objects of lists by index and those of maps by key. Objects
// of sets have nothing to correlate by and are taken as configured.
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
	case tfprotov6.SchemaObjectNestingModeMap:
		configured, ok := elementsOf(config)
		if !ok {
			return config
		}
		before, _ := elementsOf(prior)
		for key, v := range configured {
			if p, ok := before[key]; ok {
				configured[key] = proposeObject(object.Attributes, p, v)
			}
		}
		return tftypes.NewValue(config.Type(), configured)
	default:
		return config
	}
}

// problem is where and how a provider broke the contract. No text repeats a value, which
// may be sensitive.
type problem struct {
	path *tftypes.AttributePath
	text string
}

// checkPlan says what Terraform would refuse in a plan: a planned value must be the
// configured one, or the prior one where both are there; what is not configured must be
// null unless it is computed; write-only values must be null.
func checkPlan(block *tfprotov6.SchemaBlock, prior, config, planned tftypes.Value) []problem {
	root := tftypes.NewAttributePath()
	if planned.IsNull() {
		return []problem{{root, "planned for absence but the configuration wants existence"}}
	}
	return checkPlannedObject(root, block.Attributes, prior, config, planned)
}

func checkPlannedObject(path *tftypes.AttributePath, attributes []*tfprotov6.SchemaAttribute, prior, config, planned tftypes.Value) []problem {
	before, _ := elementsOf(prior)
	configured, _ := elementsOf(config)
	after, _ := elementsOf(planned)
	var problems []problem
	for _, a := range attributes {
		null := tftypes.NewValue(a.ValueType(), nil)
		value := func(of map[string]tftypes.Value) tftypes.Value {
			if v, ok := of[a.Name]; ok {
				return v
			}
			return null
		}
		problems = append(problems, checkPlannedValue(path.WithAttributeName(a.Name), a, value(before), value(configured), value(after))...)
	}
	return problems
}

func checkPlannedValue(path *tftypes.AttributePath, a *tfprotov6.SchemaAttribute, prior, config, planned tftypes.Value) []problem {
	switch {
	case a.WriteOnly:
		if !planned.IsNull() {
			return []problem{{path, "the planned value of a write-only attribute is not null"}}
		}
		return nil
	case planned.Equal(config), planned.Equal(prior) && !prior.IsNull() && !config.IsNull():
		return nil
	case a.Computed && (!a.Optional || config.IsNull()):
		return nil
	case config.IsNull():
		return []problem{{path, "a value is planned for an attribute that is neither configured nor computed"}}
	case a.NestedType != nil && a.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeSet:
		return nil
	case a.NestedType != nil:
		return checkPlannedNested(path, a.NestedType, prior, config, planned)
	}
	return []problem{{path, "the planned value is neither the configured one nor the prior one"}}
}

func checkPlannedNested(path *tftypes.AttributePath, object *tfprotov6.SchemaObject, prior, config, planned tftypes.Value) []problem {
	switch {
	case planned.IsNull():
		return []problem{{path, "planned for absence but the configuration wants existence"}}
	case !config.IsKnown():
		return []problem{{path, "a known value is planned for an unknown one"}}
	case !planned.IsKnown():
		return []problem{{path, "an unknown value is planned for a configured one"}}
	}
	if object.Nesting == tfprotov6.SchemaObjectNestingModeSingle {
		return checkPlannedObject(path, object.Attributes, prior, config, planned)
	}
	var problems []problem
	if configured, ok := listOf(config); ok {
		after, _ := listOf(planned)
		before, _ := listOf(prior)
		if len(after) != len(configured) {
			return []problem{{path, fmt.Sprintf("%d elements are planned and %d configured", len(after), len(configured))}}
		}
		for i := range configured {
			p := tftypes.NewValue(configured[i].Type(), nil)
			if i < len(before) {
				p = before[i]
			}
			problems = append(problems, checkPlannedObject(path.WithElementKeyInt(i), object.Attributes, p, configured[i], after[i])...)
		}
		return problems
	}
	configured, _ := elementsOf(config)
	after, _ := elementsOf(planned)
	before, _ := elementsOf(prior)
	if !sameKeys(after, configured) {
		return []problem{{path, "other keys are planned than configured"}}
	}
	for key, c := range configured {
		p, ok := before[key]
		if !ok {
			p = tftypes.NewValue(c.Type(), nil)
		}
		problems = append(problems, checkPlannedObject(path.WithElementKeyString(key), object.Attributes, p, c, after[key])...)
	}
	return problems
}

// checkCompletion says where actual is not planned with its unknown values filled in.
func checkCompletion(planned, actual tftypes.Value) []problem {
	return complete(tftypes.NewAttributePath(), planned, actual)
}

func complete(path *tftypes.AttributePath, planned, actual tftypes.Value) []problem {
	switch {
	case !planned.IsKnown():
		return nil
	case planned.IsNull() && actual.IsNull():
		return nil
	case planned.IsNull():
		return []problem{{path, "was absent, but is now present"}}
	case actual.IsNull():
		return []problem{{path, "was present, but is now absent"}}
	case !actual.IsKnown():
		return []problem{{path, "was known, but is now unknown"}}
	}
	if want, ok := elementsOf(planned); ok {
		got, _ := elementsOf(actual)
		if !sameKeys(want, got) {
			return []problem{{path, "other keys have appeared or vanished"}}
		}
		var problems []problem
		for name, w := range want {
			step := path.WithAttributeName(name)
			if planned.Type().Is(tftypes.Map{}) {
				step = path.WithElementKeyString(name)
			}
			problems = append(problems, complete(step, w, got[name])...)
		}
		return problems
	}
	if want, ok := listOf(planned); ok && !planned.Type().Is(tftypes.Set{}) {
		got, _ := listOf(actual)
		if len(want) != len(got) {
			return []problem{{path, fmt.Sprintf("had %d elements, but has now %d", len(want), len(got))}}
		}
		var problems []problem
		for i := range want {
			problems = append(problems, complete(path.WithElementKeyInt(i), want[i], got[i])...)
		}
		return problems
	}
	if !planned.IsFullyKnown() || planned.Equal(actual) {
		return nil
	}
	return []problem{{path, "has another value than planned"}}
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

func unknownPaths(v tftypes.Value) []problem {
	var problems []problem
	must(tftypes.Walk(v, func(path *tftypes.AttributePath, v tftypes.Value) (bool, error) {
		if !v.IsKnown() {
			problems = append(problems, problem{path, "is still unknown after apply"})
			return false, nil
		}
		return true, nil
	}))
	return problems
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
