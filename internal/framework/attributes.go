// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package framework

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// This file reads and writes a model without reflection. The framework's own Get and Set compile a
// regular expression for each field each time: a fifth of the time of a plan.

// Field is one attribute of a model.
type Field interface {
	read(ctx context.Context, raw tftypes.Value) error
	write(ctx context.Context) (tftypes.Value, error)
}

type field[T attr.Value] struct{ value *T }

// FieldOf is the attribute that value points to.
func FieldOf[T attr.Value](value *T) Field { return field[T]{value} }

func (f field[T]) read(ctx context.Context, raw tftypes.Value) error {
	read, err := (*f.value).Type(ctx).ValueFromTerraform(ctx, raw)
	if err != nil {
		return err
	}
	value, ok := read.(T)
	if !ok {
		return fmt.Errorf("it is read as %T", read)
	}
	*f.value = value
	return nil
}

func (f field[T]) write(ctx context.Context) (tftypes.Value, error) {
	return (*f.value).ToTerraformValue(ctx)
}

// ReadFields fills an empty model, all of whose fields are null, from the value of a configuration,
// a plan or a state. Null objects must know their attributes.
func ReadFields(ctx context.Context, raw tftypes.Value, fields map[string]Field, diags *diag.Diagnostics) {
	var values map[string]tftypes.Value
	if err := raw.As(&values); err != nil {
		diags.AddError("The provider has a bug", fmt.Sprintf("A value from Terraform is not an object (%T). Please report it.", err))
		return
	}
	for name, f := range fields {
		value, ok := values[name]
		if ok && value.IsNull() {
			continue // as the field is; most attributes of most members are
		}
		// Errors are not repeated: they may have a value in them.
		if err := f.read(ctx, value); !ok || err != nil {
			diags.AddError("The provider has a bug", fmt.Sprintf("The attribute %s has another type than its schema. Please report it.", name))
			return
		}
	}
}

// WriteFields is the value of a state, a plan or an identity with a model's fields. raw is any
// value of the same schema.
func WriteFields(ctx context.Context, raw tftypes.Value, fields map[string]Field, diags *diag.Diagnostics) tftypes.Value {
	values := make(map[string]tftypes.Value, len(fields))
	for name, f := range fields {
		value, err := f.write(ctx)
		if err != nil {
			diags.AddError("The provider has a bug", fmt.Sprintf("The attribute %s cannot be stored. Please report it.", name))
			return raw
		}
		values[name] = value
	}
	if err := tftypes.ValidateValue(raw.Type(), values); err != nil {
		diags.AddError("The provider has a bug", "A model does not fit its schema. Please report it.")
		return raw
	}
	return tftypes.NewValue(raw.Type(), values)
}
