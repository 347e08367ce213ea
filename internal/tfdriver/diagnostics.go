// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package tfdriver

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Severity says whether a diagnostic is an error or a warning.
type Severity string

// The severities.
const (
	SeverityError   Severity = "error"
	SeverityWarning Severity = "warning"
)

// Diagnostic is one message to the user.
type Diagnostic struct {
	Severity Severity
	Summary  string
	Detail   string
	// Path is the attribute that it is about, spelt as in a configuration
	// (`user_information.common_fields["USER_FORM_FLAG_NAME"]`); empty when there is none.
	Path string
}

// String is the diagnostic in one text.
func (d Diagnostic) String() string {
	return fmt.Sprintf("%s: %s: %s: %s", d.Severity, d.Path, d.Summary, d.Detail)
}

// Diagnostics are messages in the order in which they came.
type Diagnostics []Diagnostic

// Errors are the errors among them.
func (ds Diagnostics) Errors() Diagnostics { return ds.of(SeverityError) }

// Warnings are the warnings among them.
func (ds Diagnostics) Warnings() Diagnostics { return ds.of(SeverityWarning) }

// HasErrors reports whether there is an error.
func (ds Diagnostics) HasErrors() bool { return len(ds.Errors()) > 0 }

// At are those about the attribute path.
func (ds Diagnostics) At(path string) Diagnostics {
	var out Diagnostics
	for _, d := range ds {
		if d.Path == path {
			out = append(out, d)
		}
	}
	return out
}

// Contains reports whether any of them has text in its summary or detail.
func (ds Diagnostics) Contains(text string) bool {
	for _, d := range ds {
		if strings.Contains(d.Summary, text) || strings.Contains(d.Detail, text) {
			return true
		}
	}
	return false
}

// String is all of them, each on lines of its own.
func (ds Diagnostics) String() string {
	lines := make([]string, 0, len(ds))
	for _, d := range ds {
		lines = append(lines, d.String())
	}
	return strings.Join(lines, "\n")
}

func (ds Diagnostics) of(severity Severity) Diagnostics {
	var out Diagnostics
	for _, d := range ds {
		if d.Severity == severity {
			out = append(out, d)
		}
	}
	return out
}

func diagnostics(received []*tfprotov6.Diagnostic) Diagnostics {
	var out Diagnostics
	for _, d := range received {
		severity := SeverityError
		if d.Severity == tfprotov6.DiagnosticSeverityWarning {
			severity = SeverityWarning
		}
		out = append(out, Diagnostic{Severity: severity, Summary: d.Summary, Detail: d.Detail, Path: pathText(d.Attribute)})
	}
	return out
}

// pathText spells a path as it is written in a configuration.
func pathText(path *tftypes.AttributePath) string {
	if path == nil {
		return ""
	}
	var b strings.Builder
	for _, step := range path.Steps() {
		switch step := step.(type) {
		case tftypes.AttributeName:
			if b.Len() > 0 {
				b.WriteByte('.')
			}
			b.WriteString(string(step))
		case tftypes.ElementKeyString:
			fmt.Fprintf(&b, "[%q]", string(step))
		case tftypes.ElementKeyInt:
			fmt.Fprintf(&b, "[%d]", int64(step))
		case tftypes.ElementKeyValue:
			fmt.Fprintf(&b, "[%v]", elementText(tftypes.Value(step)))
		}
	}
	return b.String()
}

func elementText(v tftypes.Value) any {
	switch x := fromValue(v).(type) {
	case string:
		return fmt.Sprintf("%q", x)
	case *big.Float:
		return x.String()
	default:
		return x
	}
}
