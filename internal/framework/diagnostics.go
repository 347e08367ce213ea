// Copyright (c) The terraform-provider-wechatpay authors
// SPDX-License-Identifier: MPL-2.0

package framework

import (
	"errors"
	"fmt"
	"runtime"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/wechatpay-iac/terraform-provider-wechatpay/internal/wechatpay"
)

// Diagnostic is one message for people, and the attribute that it is about. Terraform prints
// the lines of the configuration at that attribute: a message about a personal value has none.
type Diagnostic struct {
	// Attribute is empty where the message is about none.
	Attribute path.Path
	// Summary is a title without a full stop.
	Summary string
	// Detail says what happened and what to do.
	Detail string
}

// At returns a diagnostic about an attribute.
func At(attribute path.Path, summary, detail string) Diagnostic {
	return Diagnostic{attribute, summary, detail}
}

// Detailf returns a diagnostic about an attribute whose detail is formatted as by fmt.Sprintf.
func Detailf(attribute path.Path, summary, format string, args ...any) Diagnostic {
	return Diagnostic{attribute, summary, fmt.Sprintf(format, args...)}
}

// isGeneral reports whether d is about no attribute. (A path that was never set is not equal to path.Empty.)
func (d Diagnostic) isGeneral() bool { return len(d.Attribute.Steps()) == 0 }

// WithAPIDetails is d with WeChat Pay's message, the status and the request id, where err has them.
func (d Diagnostic) WithAPIDetails(err error) Diagnostic {
	if e, ok := errors.AsType[*wechatpay.Error](err); ok {
		d.Detail += APIErrorDetails(e)
	}
	return d
}

// ImportCommand is the command that imports what has an id into the state. The address is the
// person's to fill in.
func ImportCommand(id string) string {
	return "terraform import ADDRESS '" + strings.ReplaceAll(id, "'", `'\''`) + "'"
}

// AddError adds d as an error.
func (d Diagnostic) AddError(diags *diag.Diagnostics) {
	if d.isGeneral() {
		diags.AddError(d.Summary, d.Detail)
		return
	}
	diags.AddAttributeError(d.Attribute, d.Summary, d.Detail)
}

// AddWarning adds d as a warning.
func (d Diagnostic) AddWarning(diags *diag.Diagnostics) {
	if d.isGeneral() {
		diags.AddWarning(d.Summary, d.Detail)
		return
	}
	diags.AddAttributeWarning(d.Attribute, d.Summary, d.Detail)
}

// RecoverPanic turns a panic into an error that names the operation and the place in the
// code, and carries no value. Every operation defers it.
func RecoverPanic(operation string, diags *diag.Diagnostics) {
	if recover() != nil {
		PanicDiagnostic(operation).AddError(diags)
	}
}

// PanicDiagnostic is the message about a panic. It must be called by the deferred function that
// recovered from it, so that the place is still on the stack. The panic's value is not in it:
// that may be personal.
func PanicDiagnostic(operation string) Diagnostic {
	return Diagnostic{Summary: "The provider has a bug", Detail: fmt.Sprintf("%s stopped unexpectedly (panic%s). Please report this text. "+
		"A call that was under way may have been carried out: the next apply finds out.", Capitalize(operation), panicPlace())}
}

// panicPlace is the function and line of this module that panicked.
func panicPlace() string {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	panicked := false
	for {
		frame, more := frames.Next()
		// The frames before runtime.gopanic handle the panic.
		panicked = panicked || frame.Function == "runtime.gopanic"
		if panicked && strings.Contains(frame.Function, "terraform-provider-wechatpay/internal/") {
			name := frame.Function[strings.LastIndex(frame.Function, "/")+1:]
			return fmt.Sprintf(" in %s, line %d", name, frame.Line)
		}
		if !more {
			return ""
		}
	}
}

// Capitalize returns s with an upper-case first letter and without a full stop at its end.
func Capitalize(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + strings.TrimSuffix(s[size:], ".")
}
